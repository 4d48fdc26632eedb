"""A disk that is full at the very moment of locking or closing: the page goes, the key goes, the words do not."""

from __future__ import annotations

import errno
import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app import files
from desktop_app.services import profile as profiles
from desktop_app.services import recording
from desktop_app.storage import connection
from desktop_app.storage.unsaved import keep_reserve
from ui import dialogs
from ui.setup.unlock import UnlockPage

PASSPHRASE = "plain words for tests only"
WORDS = ("Typed last, and long enough to need room. " * 4000).strip()
PATIENCE = 20_000


class FullDisk(files.Disk):
    """Has room for so many bytes; what is deleted makes room."""

    def __init__(self) -> None:
        self.room = 10**12

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        if len(data) > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= len(data)
        return super().write(descriptor, data)

    def unlink(self, path: Path) -> None:
        size = path.stat().st_size
        super().unlink(path)
        self.room += size


@pytest.fixture(autouse=True)
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[FullDisk]:
    made = FullDisk()
    monkeypatch.setattr(files, "DISK", made)
    yield made
    made.room = 10**12


def fill_disk(desk: Any) -> None:
    """Neither SQLite nor the program's other files find further room from now on, as on a full disk."""

    def fill(profile: Any) -> int:
        [(pages,)] = profile.store.rows("pragma page_count")
        profile.store.conn.execute("pragma incremental_vacuum")
        profile.store.conn.execute(f"pragma max_page_count = {pages}")
        return int(pages)

    desk.pages = desk.db(fill)
    files.DISK.room = 0


def typed(desk: Any) -> str:
    """A record with words typed that are not saved yet, and no room for them."""
    record = desk.db(lambda profile: recording.jot(profile, "Begun"))
    desk.app.open_record(record)
    desk.settle()
    page = desk.window.frame._pages["evidence"].record
    fill_disk(desk)
    page.form.set_answer("/data/about/summary", WORDS)
    desk.app.drafts.again.setInterval(20)
    return str(record)


def summary(desk: Any, record: str) -> str:
    return str(desk.db(lambda profile: recording.open_record(profile, record).content.answers["about"]["summary"]))


def cover(desk: Any) -> UnlockPage:
    page = desk.window.stack.currentWidget()
    assert isinstance(page, UnlockPage)
    return page


def beside(desk: Any) -> Path:
    return Path(desk.app.paths.unsaved)


def locked(desk: Any, said: str) -> UnlockPage:
    """Lock; the page is gone at once, the key as soon as the words were tried and sealed."""
    desk.window.lock()
    assert desk.window.frame is None
    assert desk.window.stack.count() == 1
    page = cover(desk)
    desk.qtbot.waitUntil(lambda: said in page.unsaved.text(), timeout=PATIENCE)
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open and not desk.app.runner.busy, timeout=PATIENCE)
    assert WORDS[:20] not in page.unsaved.text()
    return page


def readable_drafts() -> list[object]:
    """What of the window's own still holds the words in a readable form."""
    from desktop_app.services.unsaved import Typed

    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, Typed) and WORDS[:20] in repr(one)]


def test_locking_on_a_full_disk_drops_the_key_and_seals_the_words_in_the_room_kept_for_them(desk: Any) -> None:
    keep_reserve(desk.app.paths)
    record = typed(desk)
    locked(desk, "is saved")
    assert b"Typed last" not in beside(desk).read_bytes()
    assert not desk.app.paths.reserve.exists(), "it made the room"
    assert readable_drafts() == []
    files.DISK.room = 10**12
    desk.unlock()
    assert not beside(desk).exists()
    assert summary(desk, record) == WORDS


def test_without_any_room_the_key_is_dropped_and_the_sealed_words_wait_in_memory(desk: Any) -> None:
    record = typed(desk)
    page = locked(desk, "kept in this window")
    assert "full" in page.unsaved.text()
    assert not beside(desk).exists()
    assert readable_drafts() == []
    files.DISK.room = 10**12
    desk.qtbot.waitUntil(beside(desk).exists, timeout=PATIENCE)
    desk.qtbot.waitUntil(lambda: page.unsaved.text() == "What you typed last is saved.", timeout=PATIENCE)
    desk.unlock()
    assert not beside(desk).exists()
    assert summary(desk, record) == WORDS


def test_unlocking_before_the_sealed_words_found_room_brings_them_back(desk: Any) -> None:
    record = typed(desk)
    locked(desk, "kept in this window")
    desk.unlock()  # opens anew: the limit of the test is gone with the old connection
    assert summary(desk, record) == WORDS
    assert not beside(desk).exists()


def test_unlocking_on_a_disk_that_is_still_full_shows_the_words_and_saves_them_when_there_is_room(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = typed(desk)
    locked(desk, "kept in this window")
    with monkeypatch.context() as still:
        still.setattr(connection, "PRAGMAS", (*connection.PRAGMAS, f"max_page_count={desk.pages}"))
        desk.app.drafts.again.setInterval(600_000)
        desk.unlock()
    desk.app.open_record(record)
    desk.settle()
    page = desk.window.frame._pages["evidence"].record
    assert page.form.session.answers()["about"]["summary"] == WORDS
    assert summary(desk, record) == "Begun"
    desk.db(lambda profile: profile.store.conn.execute("pragma max_page_count = 1000000").fetchall())
    page.do_save()
    desk.settle()
    assert summary(desk, record) == WORDS


def test_the_program_may_even_be_killed_while_the_words_lie_sealed_beside_the_records(desk: Any, desk_on: Any) -> None:
    keep_reserve(desk.app.paths)
    record = typed(desk)
    locked(desk, "is saved")
    files.DISK.room = 10**12
    opened = profiles.unlock(desk.app.paths, passphrase=PASSPHRASE)  # another start, which knows only the folder
    from desktop_app.services import unsaved

    assert unsaved.take_in(opened) == {}
    assert recording.open_record(opened, record).content.answers["about"]["summary"] == WORDS
    opened.close()
    assert not beside(desk).exists()


def test_a_wrong_passphrase_meanwhile_loses_nothing(desk: Any) -> None:
    record = typed(desk)
    page = locked(desk, "kept in this window")
    page.field.setText("not this one")
    page.unlock()
    desk.qtbot.waitUntil(lambda: page.wrong.isVisible(), timeout=PATIENCE)
    assert desk.window.frame is None
    files.DISK.room = 10**12
    desk.qtbot.waitUntil(beside(desk).exists, timeout=PATIENCE)
    desk.unlock()
    assert summary(desk, record) == WORDS


def test_a_jotting_on_a_full_disk_is_written_once_when_there_is_room(desk: Any) -> None:
    from ui.pages.jot import JotBox

    desk.app.drafts.again.setInterval(20)
    desk.window.run_action("jot")
    fill_disk(desk)
    desk.window.frame.findChild(JotBox).box.setPlainText(WORDS)
    locked(desk, "kept in this window")
    files.DISK.room = 10**12
    desk.qtbot.waitUntil(beside(desk).exists, timeout=PATIENCE)
    sealed = beside(desk).read_bytes()
    desk.unlock()
    beside(desk).write_bytes(sealed)  # as if the program had died before it could be removed
    desk.window.lock()
    desk.settle()
    desk.unlock()
    rows = desk.db(lambda profile: recording.list_records(profile, recording.Filters()).rows)
    assert len(rows) == 1
    assert not beside(desk).exists()


def test_a_jotting_half_kept_when_the_disk_filled_comes_back_once_and_whole(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first words were kept as they were typed; then the disk was full, and locking sealed all of them."""
    from ui.pages.jot import JotBox

    desk.app.drafts.again.setInterval(20)
    desk.window.run_action("jot")
    box = desk.window.frame.findChild(JotBox)
    box.box.setPlainText("Typed furst")
    box.in_hand._soon.timeout.emit()
    desk.settle()
    fill_disk(desk)
    box.box.setPlainText(WORDS)
    box.in_hand._soon.timeout.emit()
    desk.qtbot.waitUntil(lambda: not desk.app.runner.busy)
    locked(desk, "kept in this window")
    with monkeypatch.context() as still:  # as full as before: the words can go nowhere yet
        still.setattr(connection, "PRAGMAS", (*connection.PRAGMAS, f"max_page_count={desk.pages}"))
        desk.app.drafts.again.setInterval(600_000)
        desk.unlock()
    desk.db(lambda profile: profile.store.conn.execute("pragma max_page_count = 1000000").fetchall())
    files.DISK.room = 10**12
    for _ in range(2):
        desk.app.drafts.try_again()
        desk.settle()
        desk.window.lock()
        desk.settle()
        desk.unlock()
    rows = desk.db(lambda profile: recording.list_records(profile, recording.Filters()).rows)
    assert len(rows) == 1, [row.title for row in rows]
    assert summary(desk, rows[0].id) == WORDS
    assert not beside(desk).exists()


def test_sealed_words_that_rotted_are_set_aside_and_the_records_open(desk: Any) -> None:
    keep_reserve(desk.app.paths)
    typed(desk)
    locked(desk, "is saved")
    files.DISK.room = 10**12
    rotten = bytearray(beside(desk).read_bytes())
    rotten[len(rotten) // 2] ^= 1
    beside(desk).write_bytes(rotten)
    desk.unlock()
    assert desk.window.frame is not None
    assert not beside(desk).exists()
    assert beside(desk).with_name("unsaved-damaged.sealed").read_bytes() == rotten


def test_closing_on_a_full_disk_seals_the_words_for_the_next_start(desk: Any, desk_on: Any) -> None:
    keep_reserve(desk.app.paths)
    record = typed(desk)
    assert desk.window.close()
    assert beside(desk).exists()
    files.DISK.room = 10**12
    again = desk_on(desk.app.paths)
    again.unlock()
    assert summary(again, record) == WORDS
    assert not beside(desk).exists()


def test_closing_with_no_room_at_all_asks_before_typing_is_lost(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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
    files.DISK.room = 10**12
    desk.db(lambda profile: profile.store.conn.execute("pragma max_page_count = 1000000").fetchall())
    page = desk.window.frame._pages["evidence"].record
    page.flush()
    desk.settle()
    QApplication.processEvents()
    assert summary(desk, record) == WORDS
    assert desk.window.close()
    assert len(asked) == 1
    assert not beside(desk).exists()


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
    record = typed(desk)
    locked(desk, "kept in this window")
    files.DISK.room = 10**12
    opened = profiles.unlock(desk.app.paths, passphrase=PASSPHRASE)
    opened.store.conn.execute("delete from drafts where record = ?", (record,))
    opened.close()
    desk.unlock()
    assert desk.db(lambda profile: profile.store.rows("select record from drafts")) == []
