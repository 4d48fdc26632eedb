"""A disk that is full at the very moment of locking or closing: the page goes, the words do not."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app.services import recording
from ui import dialogs
from ui.setup.unlock import UnlockPage

WORDS = ("Typed last, and long enough to need room. " * 4000).strip()
PATIENCE = 20_000


def fill_disk(desk: Any) -> None:
    """SQLite itself finds no further page from now on, as on a full disk."""

    def fill(profile: Any) -> None:
        [(pages,)] = profile.store.rows("pragma page_count")
        profile.store.conn.execute("pragma incremental_vacuum")
        profile.store.conn.execute(f"pragma max_page_count = {pages}")

    desk.db(fill)


def make_room(desk: Any) -> None:
    desk.db(lambda profile: profile.store.conn.execute("pragma max_page_count = 1000000").fetchall())


def typed(desk: Any) -> Any:
    """A record with words typed that are not saved yet, and no room for them."""
    record = desk.db(lambda profile: recording.jot(profile, "Begun"))
    desk.app.open_record(record)
    desk.settle()
    page = desk.window.frame._pages["evidence"].record
    fill_disk(desk)
    page.form.set_answer("/data/about/summary", WORDS)
    desk.app.drafts.again.setInterval(20)
    return record


def summary(desk: Any, record: str) -> str:
    return str(desk.db(lambda profile: recording.open_record(profile, record).content.answers["about"]["summary"]))


def cover(desk: Any) -> UnlockPage:
    page = desk.window.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    return page


def lock_on_full_disk(desk: Any) -> str:
    record = typed(desk)
    desk.window.lock()
    # at once, before anything is answered
    assert desk.window.frame is None
    assert desk.window.stack.count() == 1
    page = cover(desk)
    desk.qtbot.waitUntil(lambda: page.unsaved.isVisible(), timeout=PATIENCE)
    assert "kept in this window" in page.unsaved.text()
    assert "full" in page.unsaved.text()
    assert WORDS[:20] not in page.unsaved.text()
    assert desk.app.runner.is_open
    return str(record)


def test_locking_on_a_full_disk_hides_the_page_and_keeps_the_words_until_they_are_written(desk: Any) -> None:
    record = lock_on_full_disk(desk)
    make_room(desk)
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open and not desk.app.runner.busy, timeout=PATIENCE)
    assert cover(desk).unsaved.text() == "What you typed last is saved."
    desk.unlock()
    assert summary(desk, record) == WORDS


def test_a_wrong_passphrase_meanwhile_does_not_close_the_records_under_the_words(desk: Any) -> None:
    record = lock_on_full_disk(desk)
    page = cover(desk)
    page.field.setText("not this one")
    page.unlock()
    desk.qtbot.waitUntil(lambda: page.wrong.isVisible(), timeout=PATIENCE)
    assert desk.app.runner.is_open
    assert desk.window.frame is None
    make_room(desk)
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open, timeout=PATIENCE)
    desk.unlock()
    assert summary(desk, record) == WORDS


def test_unlocking_before_there_is_room_shows_the_words_again(desk: Any) -> None:
    record = lock_on_full_disk(desk)
    desk.unlock()  # opens anew: the limit of the test is gone with the old connection, so the words are written first
    assert desk.app.runner.is_open
    desk.app.open_record(record)
    desk.settle()
    assert desk.window.frame._pages["evidence"].record.form.session.answers()["about"]["summary"] == WORDS
    assert summary(desk, record) == WORDS
    assert desk.app.runner.is_open


def test_a_jotting_on_a_full_disk_is_written_once_when_there_is_room(desk: Any) -> None:
    from ui.pages.jot import JotBox

    desk.app.drafts.again.setInterval(20)
    desk.window.run_action("jot")
    fill_disk(desk)
    desk.window.frame.findChild(JotBox).box.setPlainText(WORDS)
    desk.window.lock()
    page = cover(desk)
    desk.qtbot.waitUntil(lambda: page.unsaved.isVisible(), timeout=PATIENCE)
    make_room(desk)
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open and not desk.app.runner.busy, timeout=PATIENCE)
    desk.unlock()
    rows = desk.db(lambda profile: recording.list_records(profile, recording.Filters()).rows)
    assert len(rows) == 1


def test_closing_on_a_full_disk_asks_before_typing_is_lost(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    record = typed(desk)
    asked: list[str] = []

    def leave_open(_parent: Any, title: str, *_rest: Any) -> int:
        asked.append(title)
        return 0

    monkeypatch.setattr(dialogs, "choose", leave_open)
    assert not desk.window.close()
    assert asked == ["Not everything is saved"]
    assert desk.window.isVisible()
    assert desk.window.frame.isVisible()
    make_room(desk)
    page = desk.window.frame._pages["evidence"].record
    page.flush()
    desk.settle()
    QApplication.processEvents()
    assert summary(desk, record) == WORDS
    assert desk.window.close()
    assert len(asked) == 1


def test_unlocking_while_the_lock_still_waits_for_work_leaves_the_records_open(desk: Any) -> None:
    go_on = threading.Event()
    desk.app.runner.db(lambda _profile: go_on.wait(20))
    desk.window.lock()
    page = cover(desk)
    page.field.setText("plain words for tests only")
    page.unlock()
    go_on.set()
    desk.settle()
    assert desk.window.frame is not None
    assert desk.app.runner.is_open


def test_words_that_waited_do_not_bring_back_a_record_deleted_meanwhile(desk: Any) -> None:
    record = lock_on_full_disk(desk)
    desk.db(lambda profile: profile.store.conn.execute("delete from drafts where record = ?", (record,)).fetchall())
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open and not desk.app.runner.busy, timeout=PATIENCE)
    desk.unlock()
    assert desk.db(lambda profile: profile.store.rows("select record from drafts")) == []
