"""The office's rescue key in the window: given out, tried, changed; and the branch that is helped back in with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton

from desktop_app.records import shares
from desktop_app.services import office_keys, receiving, recording, rescue, sending
from desktop_app.services.contacts import adding_card, office_card, office_of
from ui import dialogs
from ui.pages.help_back_in import HelpBackIn
from ui.pages.rescue_key_card import DrillBox, NewKeysBox

PASSPHRASE = "plain words for tests only"


@pytest.fixture
def world(make_profile: Callable[..., Any], desk_on: Callable[..., Any], tmp_path: Path) -> dict[str, Any]:
    """An office with its window, and two branches that have sent a file: Leeds agreed to be helped, Kent did not."""
    office = make_profile("office", "Policy team")
    card = tmp_path / "office.officecard"
    office_card(office.profile, card)
    made = {"office": office, "folder": tmp_path}
    for name, agreed in (("Leeds", True), ("Kent", False)):
        branch = make_profile("branch", name, prepare=adding_card(card.read_bytes()))
        if agreed:
            rescue.allow_office(branch.profile, PASSPHRASE)
        recording.add_record(branch.profile, "evidence", {"about": {"summary": "Told."}}, state="ready")
        (pack,) = sending.send(branch.profile, tmp_path / name).packs
        receiving.receive(office.profile, [pack.path])
        receiving.accept_device(office.profile, branch.device)
        made[name] = branch
    office.profile.close()
    made["desk"] = desk_on(office.profile.paths)
    made["desk"].unlock()
    return made


@pytest.fixture
def in_boxes(monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> Callable[[Callable[[Any], None]], None]:
    """What to do in the next box that opens, as a person would, before it is left."""

    def does(what: Callable[[Any], None]) -> None:
        def run(dialog: QDialog) -> int:
            dialog.show()
            dialog.activateWindow()
            qtbot.waitUntil(dialog.isActiveWindow)
            what(dialog)
            dialog.hide()
            return dialog.result()

        monkeypatch.setattr(dialogs, "run", run)

    return does


def type_parts(desk: Any, box: Any, parts: list[str]) -> None:
    """By keyboard: Tab goes from the first part to the second and on."""
    first, second = box.parts.fields
    first.setFocus()
    desk.qtbot.keyClicks(first, parts[0])
    desk.qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    desk.qtbot.keyClicks(second, parts[1].upper())


def test_only_laptops_that_agreed_can_be_helped_and_the_groups_open_the_branch(
    world: dict[str, Any], in_boxes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, folder, leeds = world["desk"], world["folder"], world["Leeds"]
    parts = shares.split(world["office"].recovery_identity)
    inbox = desk.page("inbox")
    desk.settle()
    offered = [b for b in inbox.findChildren(QPushButton) if b.text().startswith("Help it back in")]
    assert len(offered) == 1, "Kent did not agree, so nothing is offered for it"
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_a: folder)
    groups: list[str] = []

    def help_it(box: HelpBackIn) -> None:
        assert "Leeds" in box.accessibleName()
        type_parts(desk, box, [parts[0], parts[1].rpartition(" ")[0] + " academic"])
        box.go.click()
        desk.settle()
        assert "was not typed as it is printed" in box.said.text()
        box.parts.fields[1].setPlainText(parts[1])
        box.go.click()
        desk.settle()
        assert "Read these eight groups out" in box.said.text()
        assert box.parts.given() == ["", ""]
        groups.append(box.groups.text())

    in_boxes(help_it)
    offered[0].click()
    (file,) = folder.glob("*.branchrescue")
    paths = leeds.profile.paths
    leeds.profile.close()
    rescue.take_office_file(paths, file.read_bytes())
    from desktop_app.services.profile import unlock

    unlock(paths, spare_key=groups[0]).close()


def test_the_parts_are_tried_and_home_asks_for_it(world: dict[str, Any], in_boxes: Any) -> None:
    desk = world["desk"]
    parts = shares.split(world["office"].recovery_identity)
    desk.db(office_keys.parts_made)
    home = desk.page("home")
    home.refresh()
    desk.settle()
    nags = [words.text() for words in home.findChildren(type(home.title), "notice-text")]
    assert any("Two parts of the rescue key are to be tried" in words for words in nags)
    settings = desk.page("settings", part="rescue")
    assert "have not been tried yet" in settings.rescue.now.text()
    assert "1 branch agreed" in settings.rescue.now.text()

    def drill(box: DrillBox) -> None:
        type_parts(desk, box, [parts[0], parts[0]])
        box.go.click()
        desk.settle()
        assert "do not make a rescue key together" in box.said.text()
        box.parts.clear()
        type_parts(desk, box, parts[1:])
        desk.qtbot.keyClick(box.go, Qt.Key.Key_Return)
        desk.settle()
        assert "They are right. They open what 1 branch left here." in box.said.text()

    in_boxes(drill)
    settings.rescue.try_parts()
    desk.settle()
    assert "Last tried on" in settings.rescue.now.text()
    assert desk.db(lambda profile: office_keys.due(profile)) == ""
    assert desk.db(lambda profile: office_keys.due(profile, timedelta(days=92)))


def test_all_keys_are_changed_in_the_window_and_reach_the_branch_with_a_reply(
    world: dict[str, Any], in_boxes: Any
) -> None:
    desk, folder, leeds = world["desk"], world["folder"], world["Leeds"]
    settings = desk.page("settings", part="rescue")

    def change(box: NewKeysBox) -> None:
        box.go.click()
        desk.settle()
        parts = box.ceremony.parts
        assert [len(part.split()) for part in parts] == [33, 33, 33]
        box.check_button.click()
        assert "That is not word" in box.said.text()
        for (part, word), entry in zip(box.ceremony._asked, box.ceremony.fields, strict=True):
            entry.setFocus()
            desk.qtbot.keyClicks(entry, parts[part].split()[word].capitalize())
        desk.qtbot.keyClick(box.ceremony.fields[1], Qt.Key.Key_Return)
        desk.settle()
        assert box.result() == QDialog.DialogCode.Accepted
        assert box.ceremony.parts == (), "the words are off the screen and forgotten"

    in_boxes(change)
    settings.rescue.make_new(rescue_only=False)
    desk.settle()
    card = desk.db(office_of)
    assert card.number == 2
    (reply,) = [
        path for path in desk.db(lambda profile: receiving.reply_to_all(profile, folder / "r")) if "Leeds" in path.name
    ]
    receiving.receive(leeds.profile, [reply])
    assert office_of(leeds.profile) == card
