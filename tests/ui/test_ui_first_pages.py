"""A list opens with its rows, and never with rows that are no longer so: in the real window, on real records."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from desktop_app.storage.projection import Filters
from ui.models.record_table import FIRST

EVIDENCE_LIST = Filters(form="evidence")


def begin(profile: Any, answers: dict[str, Any], title: str) -> str:
    from desktop_app.services import recording

    named = {**answers, "about": {**answers["about"], "title": title}}
    return recording.add_record(profile, "evidence", named, [], "ready").id


def titles(page: Any) -> list[str]:
    model = page.panel.model
    return [model.row(n).title for n in range(model.rowCount())]


def ready(desk: Any) -> None:
    """Wait until the first rows of the evidence list were read while nobody waited."""
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.app.first_pages.take(EVIDENCE_LIST, FIRST) is not None)


@pytest.fixture
def two(desk: Any, evidence: dict[str, Any]) -> list[str]:
    ids = [desk.db(lambda profile, t=title: begin(profile, evidence, t)) for title in ("The first", "The second")]
    ready(desk)
    return ids


def test_a_list_opens_with_its_rows_before_anything_else_happens(desk: Any, two: list[str]) -> None:
    page = desk.window.frame.open_page("evidence", {})
    assert titles(page) == ["The second", "The first"]
    assert page.panel.table.isVisibleTo(page)
    desk.settle()
    assert titles(page) == ["The second", "The first"]
    assert page.panel.count.text() == "2 records"


def test_right_after_a_save_the_newest_row_is_there_and_no_older_list_before(
    desk: Any, two: list[str], evidence: dict[str, Any]
) -> None:
    desk.app.runner.db(lambda profile: begin(profile, evidence, "The third"))
    page = desk.window.frame.open_page("evidence", {})  # the save waits its turn still
    assert titles(page) == []
    seen: list[list[str]] = []
    page.panel.model.loaded.connect(lambda: seen.append(titles(page)))
    desk.settle()
    assert seen[0] == titles(page) == ["The third", "The second", "The first"]


def test_what_was_read_ahead_is_out_of_date_with_any_writing_announced_or_not(
    desk: Any, two: list[str], evidence: dict[str, Any]
) -> None:
    desk.db(lambda profile: begin(profile, evidence, "Nobody was told"))
    assert desk.app.first_pages.take(EVIDENCE_LIST, FIRST) is None
    page = desk.window.frame.open_page("evidence", {})
    assert titles(page) == []
    desk.settle()
    assert titles(page)[0] == "Nobody was told"


def test_long_work_that_writes_between_its_steps_puts_it_out_of_date(
    desk: Any, two: list[str], evidence: dict[str, Any]
) -> None:
    going = []

    def work(profile: Any) -> Generator[None, None, None]:
        yield
        begin(profile, evidence, "In the middle")
        going.append(True)
        while going:
            yield

    desk.app.runner.db(work, priority="bulk")
    desk.qtbot.waitUntil(lambda: bool(going))
    desk.qtbot.waitUntil(lambda: desk.app.first_pages.take(EVIDENCE_LIST, FIRST) is None)
    page = desk.window.frame.open_page("evidence", {})
    desk.qtbot.waitUntil(lambda: bool(titles(page)))
    assert titles(page)[0] == "In the middle"
    going.clear()
    desk.settle()


def test_a_list_opened_again_is_as_it_is_now(desk: Any, two: list[str], evidence: dict[str, Any]) -> None:
    desk.page("evidence")
    desk.page("home")
    desk.db(lambda profile: begin(profile, evidence, "Meanwhile"))
    ready(desk)
    page = desk.window.frame.open_page("evidence", {})
    assert titles(page)[0] == "Meanwhile"
    desk.settle()


def test_the_last_filter_of_a_list_is_read_ahead_too(desk: Any, two: list[str]) -> None:
    page = desk.page("evidence", filters={"standing": "ready"})
    assert titles(page) == ["The second", "The first"]
    desk.page("home")
    asked = Filters(form="evidence", standing="ready")
    desk.qtbot.waitUntil(lambda: desk.app.first_pages.take(asked, FIRST) is not None)
    none = desk.window.frame.open_page("evidence", {"filters": {"standing": "draft"}})
    desk.settle()
    assert titles(none) == []


def test_words_are_not_looked_for_unasked(desk: Any, two: list[str]) -> None:
    """Looking for words brings the index up to date, which is writing."""
    desk.page("evidence", filters={"words": "first"})
    desk.page("home")
    ready(desk)
    assert desk.app.first_pages.take(Filters(form="evidence", words="first"), FIRST) is None


def test_locking_forgets_the_rows(desk: Any, two: list[str]) -> None:
    pages = desk.app.first_pages
    desk.window.lock()
    assert pages.take(EVIDENCE_LIST, FIRST) is None
    assert not pages._kept
    desk.settle()
    assert not pages._kept
