"""A folder that another program copies elsewhere: nothing is set up in it, and records found in it are moved out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.paths import ProfilePaths, followed
from desktop_app.services import recording
from ui.setup.unlock import UnlockPage
from ui.setup.wizard import SetupPage


def words_on(page: Any) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_in_a_copied_folder_the_doors_are_shut_and_it_is_said_why(desk_on: Callable[..., Any], tmp_path: Path) -> None:
    page = desk_on(ProfilePaths(tmp_path / "Dropbox" / "records")).window.stack.currentWidget()
    assert isinstance(page, SetupPage)
    assert not page.branch.isEnabled() and not page.office.isEnabled()
    assert page.practice.isEnabled()
    assert "copied elsewhere by Dropbox" in words_on(page)
    assert "the usual one is" in words_on(page)


def test_records_in_a_copied_folder_are_moved_out_with_one_press(
    desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    old = desk.app.paths.folder
    monkeypatch.setattr(desk.platform, "is_synced", lambda path: "Dropbox" if path == old else None)
    record = desk.db(lambda profile: recording.jot(profile, "Kept."))
    home = desk.page("home")
    assert "copied elsewhere by Dropbox" in words_on(home)
    home.move_out.click()
    desk.settle()
    assert isinstance(desk.window.stack.currentWidget(), UnlockPage)
    new = followed(old)
    assert new != old and new.is_relative_to(tmp_path / "own")
    assert str(new) in words_on(desk.window.stack.currentWidget())
    assert not ProfilePaths(old).exists() and not ProfilePaths(old).database.exists()
    desk.unlock()
    assert desk.db(lambda profile: recording.open_record(profile, record).title)
    assert "copied elsewhere" not in words_on(desk.page("home"))


def test_where_there_is_no_better_folder_it_is_only_said(desk: Any) -> None:
    desk.platform.synced_as = "OneDrive"
    assert "Leave this folder out of the copying." in words_on(desk.page("home"))
