"""Putting a backup back from the page that asks for the passphrase: how old each is, what came, what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog

from desktop_app.services import keeping, recording
from ui.setup.restore import RestoreBox

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
    assert "There is none yet" in page.kept.text()
    desk.window._back_up()
    desk.settle()
    desk.page("home")
    page = desk.page("settings")
    desk.settle()
    assert "The last one is of" in page.kept.text()
