"""Short withheld answers: a report that prints one is refused, one in which the program says the same itself is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import samples

from desktop_app.errors import ReportError
from desktop_app.reports import registry
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.model import ReportInput

SHORT = ("Ayo Reid", "Jaxon", "0114 4960", "two terms", "12", "Leeds")


class Leaking(registry.Report):
    """A report with the fault there must never be: it prints what was told, whoever it is for."""

    def build(self, prepared: Prepared, story: Story) -> str:
        title = super().build(prepared, story)
        for item in prepared.given.items:
            told = item.answers["about"]["summary"]
            story.para(f"It was said: {told}, which took weeks.")
        return title


def told(words: str, kind: str = "branch_summary") -> ReportInput:
    kept = samples.evidence(3, words="The school heard nothing in all that time.")
    items = (kept, samples.evidence(4, permission="background_only", words=words))
    return samples.given(kind, items, audience="shareable", branch="Leeds")


def leaking(monkeypatch: pytest.MonkeyPatch, kind: str = "branch_summary") -> None:
    good = registry.REPORTS[kind]
    monkeypatch.setitem(registry.REPORTS, kind, Leaking(good.kind, good.title, good.what, good.forms))  # type: ignore[misc]


@pytest.mark.parametrize("words", SHORT)
def test_a_report_that_prints_a_short_withheld_answer_is_refused(
    words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given, out = told(words), tmp_path / "report.pdf"
    registry.render(given, out)  # the program says 12, Leeds and more itself: no reason to refuse
    out.unlink()
    leaking(monkeypatch)
    with pytest.raises(ReportError) as refused:
        registry.render(given, out)
    assert refused.value.code == "E-WITHHELD" and words not in str(refused.value)
    assert list(tmp_path.iterdir()) == [], "no file was written"
    with pytest.raises(ReportError):
        registry.render_rich(given)


@pytest.mark.parametrize("kind", [one.kind for one in registry.REPORTS.values() if not one.paper and not one.one])
def test_no_report_is_refused_for_words_of_its_own(kind: str) -> None:
    """Withheld answers that are ordinary words of reports and forms, numbers, and names of choices."""
    ordinary = ("yes", "no", "Yes", "None", "report", "Evidence", "2026", "1", "10", "Page 1", "weeks", "Nobody", "Kent")
    items = [samples.evidence(n, permission="background_only", words=word) for n, word in enumerate(ordinary, 20)]
    lines = samples.senco_meeting(8, words="weeks")
    given = samples.given(kind, (*samples.ordinary(), *items, lines), audience="shareable", options={"authority": "886"})
    assert registry.render_bytes(given)[1]


def test_words_another_record_keeps_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    leaking(monkeypatch)
    given = told("Jaxon")
    kept = samples.evidence(5, words="The council named Jaxon in its own paper.")
    assert registry.render_bytes(replace(given, items=(*given.items, kept)))[1]
