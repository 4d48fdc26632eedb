"""Locking while files are being added: the key is dropped at once, nothing is half-done, and it is said afterwards."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.services import receiving, recording, sending, versions
from desktop_app.services.contacts import adding_card, office_card
from desktop_app.services.content import Content
from desktop_app.services.form_library import reference

MANY = 1500


@pytest.fixture
def large(desk_on: Callable[..., Any], make_profile: Callable[..., Any], tmp_path: Path) -> tuple[Any, Path, Path]:
    """The office's window, a small and a large file of a branch it accepted, neither added yet."""
    office = make_profile("office", "Policy team")
    card = tmp_path / "o.officecard"
    office_card(office.profile, card)
    branch = make_profile("branch", "Leeds", authorities=("383",), prepare=adding_card(card.read_bytes())).profile
    recording.add_record(branch, "evidence", {"about": {"summary": "The first."}}, [], "ready")
    (small,) = sending.send(branch, tmp_path / "small").packs
    receiving.receive(office.profile, [small.path])
    (known,) = [each for each in receiving.devices(office.profile) if each.branch == "Leeds"]
    form = reference(branch.forms.current("evidence"))
    with branch.store.atomic():
        for number in range(MANY):
            record = str(uuid.uuid4())
            told = Content({"about": {"summary": f"Story {number}: " + "refused and asked for again. " * 20}})
            versions.make_revision(branch, record, form, told, parents=())
            versions.refresh(branch, record)
    (made,) = sending.send(branch, tmp_path / "large").packs
    branch.close()
    receiving.accept_device(office.profile, known.id)
    recording.jot(office.profile, "One of our own")
    office.profile.close()
    desk = desk_on(office.profile.paths)
    desk.unlock()
    return desk, small.path, made.path


def records(profile: Any) -> int:
    return int(profile.store.one("select count(distinct record) from revisions")[0])


def look_and_add(desk: Any, paths: list[Path]) -> Any:
    inbox = desk.page("inbox")
    inbox.receive.look_at(paths)
    desk.settle()
    inbox.receive.add_button.click()
    return inbox.receive


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and "backup" not in path.name}


def test_locking_ends_the_adding_between_two_steps_and_it_is_said(
    large: tuple[Any, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import dialogs

    desk, _small, file = large
    monkeypatch.setattr(dialogs, "choose", lambda *_a: 0)  # more than usual: go on
    before, lying = desk.db(records), files_in(desk.app.paths.folder)
    receive = look_and_add(desk, [file])
    desk.qtbot.waitUntil(lambda: 0 < receive.busy.bar.value() < receive.busy.bar.maximum() * 0.8, timeout=30_000)
    desk.window.lock()
    assert not receive.isVisible()
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open, timeout=30_000)
    desk.unlock()
    assert desk.db(records) == before, "nothing of it is here"
    assert files_in(desk.app.paths.folder) == lying, "and nothing lies about"
    bar = desk.window.frame.toast_bar
    assert bar.isVisible()
    assert bar.words.text() == (
        f"“{file.name}” was not added, because the records were locked. Nothing of it is here. Add it again."
    )
    bar.act.click()
    desk.settle()
    again = desk.page("inbox").receive
    assert again.add_button.text() == "Add 1 file"
    again.add_button.click()
    desk.settle()
    assert desk.db(records) == before + MANY
    desk.window.lock()
    desk.unlock()
    assert not desk.window.frame.toast_bar.isVisible(), "it is said once, and not of what came to its end"


def test_of_several_files_those_before_stay_and_only_the_others_are_named(
    large: tuple[Any, Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from ui import dialogs

    desk, small, file = large
    monkeypatch.setattr(dialogs, "choose", lambda *_a: 0)
    third = tmp_path / "third.branchpack"
    shutil.copy(file, third)
    before = desk.db(records)
    receive = look_and_add(desk, [small, file, third])
    bar = receive.busy.bar
    desk.qtbot.waitUntil(lambda: bar.maximum() / 3 < bar.value() < bar.maximum() * 0.6, timeout=30_000)
    desk.window.lock()
    desk.unlock()
    assert desk.db(records) == before
    assert desk.window.frame.toast_bar.words.text() == (
        "2 files were not added, because the records were locked. Nothing of them is here. 1 file before went in. "
        "Add them again."
    )


def test_locking_ends_the_file_for_a_successor(desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.storage import blobs
    from ui import dialogs

    def fill(profile: Any) -> None:
        with profile.store.atomic():
            for number in range(3):
                blobs.put(profile.store, os.urandom(8_000_000), f"{number}.bin", "application/octet-stream")
        recording.jot(profile, "One of our own")

    desk.db(fill)
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(dialogs, "save_file", lambda *_a: stick / "f.branchbackup")
    page = desk.page("leaving")
    page.once.click()
    page.twice.click()
    page.own.setText("plain words for tests only")
    for field in (page.new, page.again):
        field.setText("four wholly other words")
    page.hand.click()
    desk.qtbot.waitUntil(lambda: bool(list(stick.iterdir())), timeout=30_000)
    read: list[int] = []
    desk.app.runner.db(records, read.append)
    desk.qtbot.waitUntil(lambda: bool(read), timeout=30_000)
    assert desk.app.runner.busy, "read while the file was being made"
    desk.window.lock()
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open, timeout=30_000)
    assert list(stick.iterdir()) == []
    desk.unlock()
    assert "“f.branchbackup” was not made, because the records were locked." in desk.window.frame.toast_bar.words.text()
