"""Counts of one to four people are nowhere in a shareable report, nor what gives one away; nothing else is held back."""

from __future__ import annotations

from dataclasses import replace

import pytest
import samples

from desktop_app.forms.direction import counts_people
from desktop_app.records.revision import Stamp
from desktop_app.records.state import Candidate, TwoVersions
from desktop_app.reports import charts, readback, registry
from desktop_app.reports.audience import prepare
from desktop_app.reports.model import ReportItem
from desktop_app.reports.suppression import FEWER, suppressed, suppressed_raw

# By hand: the only questions of all forms whose numbers are people.
PEOPLE = {
    "c2_first_requests_made", "c2_first_requests_refused", "wait_people", "c2_learners_affected", "staff_fte",
    "attendance", "attendance_number", "briefing_copies",
}  # fmt: skip


def told(made: str, refused: str, **more: str) -> ReportItem:
    item = samples.evidence(2, permission="quote")
    item.answers["access_and_consequences"] |= {  # type: ignore[index]
        "c2_first_requests_made": made, "c2_first_requests_refused": refused, **more,
    }  # fmt: skip
    return item


def shown(item: ReportItem, audience: str = "shareable") -> dict[str, str]:
    (reading,) = prepare(samples.given("record", (item,), audience=audience)).readings
    return {answer.name: answer.words for answer in reading.answers}


def test_only_people_are_counted_as_people() -> None:
    asked = {q.name for form in samples.FORMS for q in samples.form(form).questions if counts_people(q)}
    assert asked == PEOPLE


@pytest.mark.parametrize(("value", "words"), [
    ("0", "0"), ("1", FEWER), ("4", FEWER), ("4.0", FEWER), ("0.6", FEWER), ("5", "5"), ("40", "40"),
    ("from_5_to_9", "5 to 9"), ("under_5", "Fewer than 5"),
])  # fmt: skip
def test_one_to_four_are_fewer_than_five(value: str, words: str) -> None:
    assert suppressed(value, words if words != FEWER else value) == words


@pytest.mark.parametrize(("typed", "words"), [
    ("3 pupils", FEWER), ("one or two", FEWER), ("a couple", FEWER), ("2 of 40", FEWER), ("about 40", "about 40"),
    ("a dozen or so", "a dozen or so"), ("12-14", "12-14"), ("1,200", "1,200"),
])  # fmt: skip
def test_what_was_typed_instead_of_a_number_is_treated_alike(typed: str, words: str) -> None:
    assert suppressed_raw(typed) == words


def test_a_pair_that_gives_the_rest_away_loses_its_second() -> None:
    assert shown(told("12", "9"))["c2_first_requests_refused"].startswith("not shown")
    assert shown(told("12", "9"))["c2_first_requests_made"] == "12"
    assert shown(told("12", "7"))["c2_first_requests_refused"] == "7"
    assert shown(told("12", "12"))["c2_first_requests_refused"] == "12", "the rest is nobody"
    assert shown(told("12", "2"))["c2_first_requests_refused"] == FEWER
    assert shown(told("12", "9"), "union")["c2_first_requests_refused"] == "9"
    published = told("12", "9")
    published.answers["about"]["source_kind"] = "council_paper"  # type: ignore[index]
    assert shown(published)["c2_first_requests_refused"] == "9"


def test_two_versions_are_both_held_back() -> None:
    item = told("12", "7")
    stamp = Stamp("2026-01-01T00:00:00Z", 0, 1)
    both = tuple(Candidate(value, "r1:a", "d", "Leeds", stamp) for value in ("3", "4"))
    pair = TwoVersions("access_and_consequences/c2_first_requests_refused", both)
    (reading,) = prepare(samples.given("record", (replace(item, two_versions=(pair,)),), audience="shareable")).readings
    answer = reading.get("c2_first_requests_refused")
    assert answer is not None and answer.versions == (FEWER, FEWER)


def test_nothing_but_people_is_held_back() -> None:
    """Places, hours, weeks, money and records of one to four stand in every shareable report as they were entered."""
    item = told("12", "7", c2_places_now="3")
    read = readback.plain(
        readback.text_of(registry.render_bytes(samples.given("record", (item,), audience="shareable"))[0])
    )
    assert "howmanyplacesdoestheauthorityfundnow3" in read
    full = samples.complete("evidence")
    del full.answers["talks_with_dfe"]  # type: ignore[attr-defined]
    about = full.answers["about"]
    about["topics"] = about["topics"].replace("talks_with_dfe", "")
    both = [shown(full, audience) for audience in ("union", "shareable")]
    numbers = {q.name for q in samples.form("evidence").questions if q.kind in ("integer", "decimal")} - PEOPLE
    assert {name: both[0][name] for name in numbers & set(both[0])} == {
        name: both[1].get(name) for name in numbers & set(both[0])
    }


def test_suppressed_bars_have_one_length_whatever_they_hide() -> None:
    widths = []
    for others in (9, 900):
        chart = charts.bars([charts.Bar("A", others), charts.Bar("B", None)], what="Category")
        svg = charts.to_svg(chart).decode()
        widths.append(svg.count("<line") + svg.count("<path"))
        assert "fewer than 5" in svg
    assert widths[0] == widths[1], "as many hatch lines beside 9 as beside 900"
