"""A long report is stopped, whatever it is at: its process is gone, nothing of it lies anywhere, drafts were kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from desktop_app.reports.items import Items
from desktop_app.reports.model import ReportInput
from ui.pages import report_work

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reports"))
import samples

RECORDS = 250
PHASES = ("Looking for personal data…", "Drawing the pages…", "Finishing the file…", "Reading it back…", "its pieces")


def told(count: int) -> ReportInput:
    items = Items(samples.evidence(number, permission="quote") for number in range(1, count + 1))
    return samples.given("authority_dossier", items, audience="shareable", options={"authority": "886"})  # type: ignore[arg-type]


@pytest.mark.parametrize("phase", PHASES)
def test_a_report_is_stopped_in_every_phase(
    phase: str, desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setenv("TMPDIR", str(passing))
    before = sorted(tmp_path.iterdir())
    said: list[str] = []
    answers: list[Any] = []
    drafts: list[str] = []

    def heard(words: str | bytes) -> None:
        said.append(words if isinstance(words, str) else "its pieces")
        if said[-1] == phase and len(said) == said.index(phase) + 1:
            runner.db(lambda _profile: "kept", drafts.append, priority="draft")
            task.cancel()

    runner = desk.app.runner
    task = runner.process(report_work.draw, (told(RECORDS),), answers.append, answers.append, progress=heard)
    process = task.child._process
    desk.qtbot.waitUntil(lambda: drafts == ["kept"], timeout=120_000)
    desk.qtbot.waitUntil(lambda: not process.is_alive(), timeout=10_000)
    desk.settle()
    assert answers == [] and said.count(phase) == 1, "nobody hears of it any more"
    assert list(passing.iterdir()) == []
    assert sorted(tmp_path.iterdir()) == before and list(tmp_path.rglob("*.pdf")) == []


def test_gathering_stops_between_two_records_and_drafts_go_before_it(desk: Any, evidence: dict[str, Any]) -> None:
    from desktop_app.services import recording, reporting

    def add(profile: Any) -> None:
        for _ in range(6):
            recording.add_record(profile, "evidence", evidence, state="ready")

    desk.db(add)
    order: list[str] = []

    def step(at: tuple[int, int]) -> None:
        order.append(f"{at[0]} of {at[1]}")
        if at[0] == 2:
            runner.db(lambda _profile: "kept", order.append, priority="draft")
            task.cancel()

    runner = desk.app.runner
    task = runner.db(
        lambda profile: reporting.prepared(profile, "branch_summary"), lambda _given: order.append("read"), progress=step
    )
    desk.settle()
    assert order[:2] == ["1 of 6", "2 of 6"] and "kept" in order and "read" not in order
