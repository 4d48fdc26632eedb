"""Putting a backup back from the page that asks for the passphrase: how old each is, what came, what is missing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from desktop_app.paths import ProfilePaths
from desktop_app.records import shares
from desktop_app.services import erasing, keeping, leaving, receiving, recording, rescue, sending
from desktop_app.services.contacts import adding_card, office_card
from desktop_app.storage.spare_key import new_spare_key_text
from ui import dialogs
from ui.setup.restore import RestoreBox
from ui.setup.ways_in import OFFICE, SPARE

WORDS = "plain words for tests only"


def test_damaged_records_are_put_back_from_the_page_that_asks_for_the_passphrase(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any], no_unexpected_dialogs: list[QDialog]
) -> None:
    created = make_profile("branch", "Leeds")
    record = recording.add_record(created.profile, "evidence", {"about": {"summary": "In the backup."}}, state="ready").id
    keeping.keep_safe(created.profile)
    paths = created.profile.paths
    created.profile.close()
    paths.database.write_bytes(b"\1" * 50_000)
    desk = desk_on(paths)
    page = desk.window.stack.currentWidget()
    page.field.setText(WORDS)
    page.go.click()
    desk.settle()
    assert "damaged" in page.wrong.text()
    page.restore.click()
    box = no_unexpected_dialogs[-1]
    assert isinstance(box, RestoreBox)
    box.show()
    assert "today" in box.list.item(0).text()
    box.field.setText("not this one")
    box.go.click()
    desk.settle()
    assert "not right" in box.wrong.text()
    box.field.setText(WORDS)
    box.go.click()
    desk.settle()
    assert "1 record and 0 drafts" in box.words.text()
    assert "written after this backup" in box.words.text()
    assert "records-damaged-" in box.words.text()
    box.go.click()
    desk.settle()
    assert desk.window.frame is not None
    assert desk.db(lambda profile: recording.open_record(profile, record).title)


def test_settings_say_when_the_last_backup_was_made(desk: Any) -> None:
    page = desk.page("settings")
    desk.settle()
    assert "There is none yet" in page.backup.kept.text()
    desk.window._back_up()
    desk.settle()
    desk.page("home")
    page = desk.page("settings")
    desk.settle()
    assert "The last one is of" in page.backup.kept.text()


def test_settings_say_whether_copies_reach_their_second_place(desk: Any, tmp_path: Path, monkeypatch: Any) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_a: stick)
    card = desk.page("settings").backup
    card.second_place()
    desk.settle()
    assert "is copied to" in card.said.text()
    stick.rename(tmp_path / "out")
    desk.page("home")
    page = desk.page("settings")
    desk.settle()
    assert "which is not there now. The last copy went there on" in page.backup.kept.text()


def _restore_box(desk: Any, shown: list[QDialog], press: str = "restore") -> RestoreBox:
    getattr(desk.window.stack.currentWidget(), press).click()
    box = shown[-1]
    assert isinstance(box, RestoreBox)
    box.show()
    return box


def test_the_spare_key_puts_a_backup_back_and_its_errors_are_told_apart(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any], no_unexpected_dialogs: list[QDialog]
) -> None:
    created = make_profile("branch", "Leeds")
    gone = recording.add_record(created.profile, "evidence", {"about": {"summary": "To go."}}, state="ready").id
    keeping.keep_safe(created.profile)
    paths = created.profile.paths
    kept = paths.folder.parent / "kept.branchbackup"
    keeping.backup(created.profile, kept)
    erasing.erase(created.profile, gone, "mistake")
    created.profile.close()
    paths.database.write_bytes(b"\1" * 50_000)
    desk = desk_on(paths)
    box = _restore_box(desk, no_unexpected_dialogs)
    dialogs_open_file(box, kept, desk)
    box.ways.choices[SPARE].click()
    groups = created.spare_key.split("-")
    for typed, told in (
        (created.spare_key.replace(groups[2], groups[2][::-1]), "typing error in group 3"),
        (new_spare_key_text(), "typed correctly, but it does not belong"),
    ):
        box.field.setText(typed)
        box.go.click()
        desk.settle()
        assert told in box.wrong.text()
    box.field.setText(created.spare_key.lower().replace("-", " "))
    desk.qtbot.keyClick(box.field, Qt.Key.Key_Return)
    desk.settle()
    assert "1 record that had been deleted for good since then was deleted again" in box.words.text()
    desk.qtbot.keyClick(box.go, Qt.Key.Key_Return)
    desk.settle()
    assert desk.window.frame is not None
    assert desk.db(lambda profile: erasing.is_deleted(profile, gone))
    assert desk.db(lambda profile: recording.list_records(profile, recording.Filters()).rows) == []


def dialogs_open_file(box: RestoreBox, path: Any, desk: Any) -> None:
    real, dialogs.open_file = dialogs.open_file, lambda *_a: path
    try:
        (box.elsewhere if str(path).endswith("backup") else box.ways.file_button).click()
    finally:
        dialogs.open_file = real
    desk.settle()


def test_the_offices_file_and_groups_put_a_backup_back_on_a_new_computer(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any], no_unexpected_dialogs: list[QDialog], tmp_path: Path
) -> None:
    """The laptop, the passphrase and the paper are gone; the backup on the stick and the office's agreement are not."""
    office = make_profile("office", "Policy team")
    card = tmp_path / "office.officecard"
    office_card(office.profile, card)
    branch = make_profile("branch", "Leeds", prepare=adding_card(card.read_bytes()))
    rescue.allow_office(branch.profile, WORDS)
    record = recording.add_record(branch.profile, "evidence", {"about": {"summary": "On the stick."}}, state="ready").id
    (pack,) = sending.send(branch.profile, tmp_path / "out").packs
    receiving.receive(office.profile, [pack.path])
    receiving.accept_device(office.profile, branch.device)
    stick = tmp_path / "stick.branchbackup"
    keeping.backup(branch.profile, stick)
    branch.profile.close()
    (tmp_path / "b").mkdir()
    made = rescue.help_branch(office.profile, branch.device, shares.split(office.recovery_identity)[:2], tmp_path)
    other = rescue.help_branch(office.profile, branch.device, shares.split(office.recovery_identity)[1:], tmp_path / "b")

    desk = desk_on(ProfilePaths(tmp_path / "new computer"))
    box = _restore_box(desk, no_unexpected_dialogs)
    box.go.click()
    assert "Type the passphrase" in box.wrong.text()
    dialogs_open_file(box, stick, desk)
    assert "today" in box.list.item(0).text()
    box.ways.choices[OFFICE].click()
    box.field.setText(made.groups)
    box.go.click()
    assert "Choose the file the office sent" in box.wrong.text()
    dialogs_open_file(box, card, desk)
    box.go.click()
    desk.settle()
    assert "not a file the office made" in box.wrong.text()
    dialogs_open_file(box, other.path, desk)
    box.go.click()
    desk.settle()
    assert "do not belong to this file" in box.wrong.text()
    dialogs_open_file(box, made.path, desk)
    box.go.click()
    desk.settle()
    assert "1 record" in box.words.text()
    box.go.click()
    desk.settle()
    assert desk.db(lambda profile: recording.open_record(profile, record).title)
    settings = desk.window.frame.page("settings")
    assert settings.cards["passphrase"].old.text() == made.groups, "a new passphrase is the next step"


def test_a_successor_opens_the_file_at_first_run(
    desk_on: Callable[..., Any], make_profile: Callable[..., Any], no_unexpected_dialogs: list[QDialog], tmp_path: Path
) -> None:
    created = make_profile("branch", "Leeds")
    recording.add_record(created.profile, "evidence", {"about": {"summary": "To be carried on."}}, state="ready")
    stick = tmp_path / "for my successor.branchbackup"
    leaving.hand_over(created.profile, stick, WORDS, "four wholly other words", said=2)
    desk = desk_on(ProfilePaths(tmp_path / "the successor's"))
    box = _restore_box(desk, no_unexpected_dialogs)
    stick.write_bytes(stick.read_bytes()[:-3])
    dialogs_open_file(box, stick, desk)
    assert "damaged" in box.wrong.text()
    assert box.list.count() == 0
    stick.unlink()
    leaving.hand_over(created.profile, stick, WORDS, "four wholly other words", said=2)
    dialogs_open_file(box, stick, desk)
    box.field.setText(WORDS)
    box.go.click()
    desk.settle()
    assert "passphrase is not right" in box.wrong.text()
    assert not desk.app.paths.exists()
    box.field.setText("four wholly other words")
    box.go.click()
    desk.settle()
    assert "1 record" in box.words.text()
    box.go.click()
    desk.settle()
    assert desk.app.me.branch == "Leeds"


def test_reading_and_drafts_go_on_while_the_backup_at_the_start_is_made_and_locking_ends_it(desk: Any) -> None:
    from desktop_app.storage import blobs

    def fill(profile: Any) -> str:
        with profile.store.atomic():
            for number in range(4):
                blobs.put(profile.store, os.urandom(8_000_000), f"{number}.bin", "application/octet-stream")
        return str(recording.start(profile, "evidence", {"about": {"summary": "Being typed."}}))

    record = desk.db(fill)
    runner = desk.app.runner
    desk.window._back_up()
    (backup,) = [task for task in runner._tasks if task.ends_at_locking]
    order: list[str] = []

    def type_on(profile: Any) -> None:
        opened = recording.open_record(profile, record)
        recording.save_draft(profile, record, opened.content.with_answer("about/title", f"Typed {len(order)}"))

    for _ in range(3):
        runner.db(type_on, lambda _none: order.append("draft"), priority="draft")
        runner.db(lambda profile: recording.list_records(profile, recording.Filters()), lambda _page: order.append("read"))
    desk.qtbot.waitUntil(lambda: len(order) == 6, timeout=20_000)
    assert not backup.finished, "all of it was answered while the backup was being made"
    desk.window.lock()
    desk.qtbot.waitUntil(lambda: not runner.is_open, timeout=20_000)
    assert backup.cancelled.is_set()
    paths = desk.app.paths
    assert list(paths.backups.iterdir()) == [], "nothing of it is left"
    desk.unlock()
    desk.window._back_up()
    desk.settle()
    (made,) = paths.backups.iterdir()
    assert keeping.restore(made, paths.folder.parent / "tried") is None
