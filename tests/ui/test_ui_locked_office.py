"""Locking while the office accepts, replies or undoes: the key goes at once, nothing is half-done, and it goes on after."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop_app.services import receiving, recording, sending, versions
from desktop_app.services.contacts import adding_card, office_card
from desktop_app.services.content import Content
from desktop_app.services.form_library import reference
from desktop_app.storage import incoming, outgoing
from ui import dialogs

MANY = 1200
BRANCHES = 5


def press(root: QWidget, words: str) -> None:
    found = [b for b in root.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert found, f"no button “{words}”"
    found[0].click()


def words_on(root: QWidget) -> str:
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


def stories(branch: Any, many: int) -> None:
    form = reference(branch.forms.current("evidence"))
    with branch.store.atomic():
        for number in range(many):
            record = str(uuid.uuid4())
            told = Content({"about": {"summary": f"Story {number}: " + "refused and asked for again. " * 10}})
            versions.make_revision(branch, record, form, told, parents=())
            versions.refresh(branch, record)


@pytest.fixture
def office(make_profile: Callable[..., Any], tmp_path: Path) -> Any:
    """An office whose card lies in a file."""
    made = make_profile("office", "Policy team").profile
    office_card(made, tmp_path / "o.officecard")
    return made


@pytest.fixture
def branch_of(make_profile: Callable[..., Any], office: Any, tmp_path: Path) -> Callable[..., Any]:
    """A branch that sent a file with so many stories, which waits at the office; its profile."""

    def make(name: str, many: int) -> Any:
        prepare = adding_card((tmp_path / "o.officecard").read_bytes())
        branch = make_profile("branch", name, prepare=prepare).profile
        stories(branch, many)
        (pack,) = sending.send(branch, tmp_path / name).packs
        assert receiving.receive(office, [pack.path]).files[0].outcome == "waiting"
        return branch

    return make


def opened(desk_on: Callable[..., Any], office: Any) -> Any:
    office.close()
    desk = desk_on(office.paths)
    desk.unlock()
    desk.db(lambda profile: receiving.keeping.drained(receiving.keeping.before_adding(profile)))
    return desk


def records(profile: Any) -> int:
    return int(profile.store.one("select count(*) from projection")[0])


def under_way(desk: Any) -> bool:
    """A transaction is open at this very moment."""
    profile = desk.app.runner._worker.profile
    return profile is not None and profile.store._depth > 0


def lock_and_time(desk: Any) -> float:
    """Lock; answers how many seconds it was until the records were closed and the key dropped."""
    store = desk.app.runner._worker.profile.store
    start = time.perf_counter()
    desk.window.lock()
    assert desk.window.frame is None, "the page is gone at once"
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open, timeout=30_000)
    took = time.perf_counter() - start
    assert store._key == b"" and store.conn is None
    return took


def said(desk: Any) -> Any:
    bar = desk.window.frame.toast_bar
    assert bar.isVisible()
    return bar


def test_an_adding_that_is_being_undone_stays_whole(
    desk_on: Callable[..., Any], office: Any, branch_of: Callable[..., Any]
) -> None:
    branch = branch_of("Leeds", MANY)
    receiving.accept_device(office, branch.me.device)
    desk = opened(desk_on, office)
    idle = lock_and_time(desk)
    desk.unlock()
    inbox = desk.page("inbox")
    press(inbox.added, "Undo")
    desk.qtbot.waitUntil(lambda: under_way(desk), timeout=30_000)
    assert lock_and_time(desk) < idle + 1
    desk.unlock()
    assert desk.db(records) == MANY
    assert [made.undone_utc for made in desk.db(lambda profile: incoming.imports(profile.store))] == [None]
    bar = said(desk)
    assert bar.words.text() == (
        "The adding was not undone, because the records were locked. All of it is still here. Undo it again."
    )
    bar.act.click()
    desk.settle()
    press(desk.page("inbox").added, "Undo")
    desk.settle()
    assert desk.db(lambda profile: len(recording.list_records(profile, filters(), 10).rows)) == 0


def filters() -> Any:
    from desktop_app.storage.projection import Filters

    return Filters()


def test_accepting_ends_between_two_files_or_in_one_and_goes_on(
    desk_on: Callable[..., Any], office: Any, branch_of: Callable[..., Any], tmp_path: Path
) -> None:
    branch = branch_of("Leeds", 40)
    stories(branch, MANY)
    (second,) = sending.send(branch, tmp_path / "second").packs
    receiving.receive(office, [second.path])
    assert len(incoming.waiting(office.store)) == 2
    desk = opened(desk_on, office)
    idle = lock_and_time(desk)
    desk.unlock()
    inbox = desk.page("inbox")
    press(inbox, "The words are the same: accept")
    bar = inbox.busy.bar
    desk.qtbot.waitUntil(lambda: bar.maximum() > 1 and bar.value() > bar.maximum() * 0.55, timeout=60_000)
    assert lock_and_time(desk) < idle + 1
    desk.unlock()
    assert desk.db(records) == 40, "the first file is whole, of the second is nothing there"
    assert len(desk.db(lambda profile: receiving.can_be_added(profile))) == 1
    toast = said(desk)
    assert "Each file is here whole, or still waits" in toast.words.text()
    inbox = desk.page("inbox")
    assert "1 file of a laptop that you accepted is not added yet." in words_on(inbox.kept)
    toast.act.click()
    desk.settle()
    assert desk.db(records) == 40 + MANY
    inbox = desk.page("inbox")
    assert not inbox.kept.isVisible()


def test_locking_before_accepting_began_leaves_the_laptop_waiting(
    desk_on: Callable[..., Any], office: Any, branch_of: Callable[..., Any]
) -> None:
    branch_of("Leeds", 3)
    desk = opened(desk_on, office)
    inbox = desk.page("inbox")
    press(inbox, "The words are the same: accept")
    desk.window.lock()
    desk.qtbot.waitUntil(lambda: not desk.app.runner.is_open, timeout=30_000)
    desk.unlock()
    text = said(desk).words.text()
    if desk.db(records) == 0:
        assert "The laptop was not accepted, because the records were locked." in text or "still waits" in text
        inbox = desk.page("inbox")
        press(inbox, "The words are the same: accept" if "not accepted" in text else "Add what waited")
        desk.settle()
    else:
        assert text == "Accepted. 1 file added."
    assert desk.db(records) == 3


def test_replies_end_between_two_and_the_others_are_made_after_unlocking(
    desk_on: Callable[..., Any], office: Any, branch_of: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches = [branch_of(f"Branch {number}", 2) for number in range(BRANCHES)]
    for branch in branches:
        receiving.accept_device(office, branch.me.device)
    desk = opened(desk_on, office)
    idle = lock_and_time(desk)
    desk.unlock()
    folder = tmp_path / "replies"
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_a: folder)
    inbox = desk.page("inbox")
    inbox.replies.to_all()
    # A reply is noted once its file is there, and one not noted yet is taken away again: with three, two are noted.
    desk.qtbot.waitUntil(lambda: len(list(folder.glob("*.officepack"))) >= 3, timeout=30_000)
    assert lock_and_time(desk) < idle + 1
    desk.unlock()
    there = {path.name for path in folder.iterdir()}
    noted = desk.db(lambda profile: {Path(made.path).name for made in outgoing.packs(profile.store)})
    assert there == noted, "each is whole and noted; nothing half-written lies about"
    assert 2 <= len(there) < BRANCHES
    toast = said(desk)
    assert toast.words.text() == (
        f"{len(there)} replies were made in replies before the records were locked, each of them whole. "
        "Go on to make the others."
    )
    toast.act.click()
    desk.settle()
    inbox = desk.page("inbox")
    assert len(inbox.replies.letters.rows) == BRANCHES
    replies = sorted(folder.iterdir())
    assert len(replies) == BRANCHES
    for branch in branches:
        mine = [path for path in replies if branch.me.branch.replace(" ", "-") in path.name]
        assert [each.outcome for each in receiving.receive(branch, mine).files] == ["reply"]
