"""The ministers' brief is two pages, whatever is in the records; and says how much more there is."""

from __future__ import annotations

from dataclasses import replace

import pytest
import samples

from desktop_app.records.authorities import all_authorities
from desktop_app.reports import readback, registry
from desktop_app.reports.model import ReportItem


def everything(number: int, *, words: str = "") -> ReportItem:
    """Every question answered, each open one at length."""
    item = samples.complete("evidence")

    def longer(part: object) -> object:
        if isinstance(part, dict):
            return {name: longer(value) for name, value in part.items()}
        return f"{part} {words} {number}" if isinstance(part, str) and " said about " in part else part

    answers = longer(item.answers)
    assert isinstance(answers, dict)
    return replace(item, answers=answers, when_text=words)


def brief(*items: ReportItem) -> tuple[int, str]:
    data, pages, _ = registry.render_bytes(samples.given("ministers_brief", items))
    return pages, readback.plain(readback.text_of(data))


@pytest.mark.parametrize("words", ["", samples.LONG * 20, samples.UGLY])
@pytest.mark.parametrize("count", [1, 8, 70])
def test_it_is_two_pages_when_every_open_question_is_answered(words: str, count: int) -> None:
    codes = tuple(sorted(authority.code for authority in all_authorities()))
    items = [replace(everything(number, words=words), authorities=codes) for number in range(count)]
    pages, read = brief(*items)
    assert pages == 2
    assert readback.plain("What the union asks") in read and readback.plain("In the words of schools") in read
    assert readback.plain("answers that may be quoted: see the national briefing") in read


def test_few_records_are_told_whole_and_nothing_more_is_promised() -> None:
    pages, read = brief(*[samples.evidence(number) for number in range(1, 6)])
    assert pages <= 2
    assert readback.plain("see the national briefing") not in read
    assert all(readback.plain(f"Of {20 + number} requests sent since September") in read for number in range(1, 6))


def test_of_the_open_questions_those_that_most_answer_are_chosen() -> None:
    items = [everything(1), *[samples.evidence(number) for number in (1, 2, 4, 5, 7, 8)]]
    pages, read = brief(*items)
    assert pages == 2 and readback.plain("How well does that work in practice?") in read
