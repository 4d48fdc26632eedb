"""Two versions in the window, by keyboard alone: nothing chosen beforehand, all decided before any is used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel

from desktop_app.services import recording
from desktop_app.services.content import Content
from desktop_app.storage import revisions
from ui import dialogs
from ui.pages.record_history import british_time
from ui.pages.record_versions import VersionsDialog


def parted(profile: Any, evidence: dict[str, Any]) -> str:
    """A record changed in two places: its title, its story, and whether it stands."""
    record = recording.add_record(profile, "evidence", evidence, state="ready").id
    state = revisions.state(profile.store, record)
    content = Content.of_state(state)
    here = content.with_answer("about/title", "Three of nine refused").with_answer("about/summary", "He said three of nine.")
    there = content.with_answer("about/title", "Four of nine refused").with_answer("about/summary", "He said four of nine.")
    recording.make_revision(profile, record, state.form, here, parents=state.heads)
    recording.make_revision(profile, record, state.form, there, parents=state.heads)
    recording.refresh(profile, record)
    return record


def test_the_page_names_what_nobody_has_decided(desk: Any, evidence: dict[str, Any]) -> None:
    record = desk.db(lambda profile: parted(profile, evidence))
    desk.app.open_record(record)
    desk.settle()
    page = desk.window.frame.page("evidence").record
    said = " ".join(words.text() for words in page.findChildren(QLabel) if words.objectName() == "notice-text")
    assert "The page shows the later one of “" in said and "“What short title should this have in lists?”" in said


@pytest.fixture
def boxes(desk: Any, monkeypatch: pytest.MonkeyPatch) -> list[QDialog]:
    """The box is shown as it is, and left to the test's keyboard."""
    shown: list[QDialog] = []

    def run(dialog: QDialog) -> int:
        shown.append(dialog)
        dialog.show()
        dialog.activateWindow()
        desk.qtbot.waitUntil(dialog.isActiveWindow)
        by_keyboard(desk, dialog)
        return dialog.result()

    monkeypatch.setattr(dialogs, "run", run)
    return shown


def press(desk: Any, key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    desk.qtbot.keyClick(focus, key)


def by_keyboard(desk: Any, dialog: QDialog) -> None:
    assert isinstance(dialog, VersionsDialog)
    first, second = dialog.cards
    assert not any(b.isChecked() for card in dialog.cards for b in card.buttons)
    assert ">Three</u>" in first.lines[0].words.text() or ">three</u>" in first.lines[0].words.text()
    assert ">four</u>" in first.lines[1].words.text().lower()
    assert first.buttons[0].hasFocus()
    press(desk, Qt.Key.Key_Space)
    assert first.buttons[0].isChecked() and not dialog.use_button.isEnabled()
    assert dialog.state.text() == "1 of 2 decided"
    for _ in range(12):  # the next card, whatever stands between
        press(desk, Qt.Key.Key_Tab)
        if QApplication.focusWidget() in second.buttons:
            break
    while QApplication.focusWidget() is not second.buttons[-1]:
        press(desk, Qt.Key.Key_Down)
    press(desk, Qt.Key.Key_Space)
    assert second.own is not None and second.own.isVisible() and second.own.hasFocus()
    second.own.selectAll()
    desk.qtbot.keyClicks(second.own, "She said three, he said four.")
    assert dialog.use_button.isEnabled()
    for _ in range(6):
        press(desk, Qt.Key.Key_Tab)
        if dialog.use_button.hasFocus():
            break
    press(desk, Qt.Key.Key_Space)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_two_versions_are_decided_by_keyboard(desk: Any, evidence: dict[str, Any], boxes: list[QDialog]) -> None:
    record = desk.db(lambda profile: parted(profile, evidence))
    home = desk.page("home")
    home.refresh()
    desk.settle()
    said = [button.text() or button.accessibleName() for button in home.findChildren(QAbstractButton)]
    assert any("two versions" in words.lower() for words in said), said
    desk.app.open_record(record)
    desk.settle()
    page = desk.window.frame.page("evidence").record
    page.deeds.choose_versions()
    desk.settle()
    assert len(boxes) == 1
    opened = desk.db(lambda profile: recording.open_record(profile, record))
    about = opened.content.answers["about"]
    titles = {about["title"], about["summary"]}
    assert "She said three, he said four." in titles
    assert titles & {"Three of nine refused", "He said three of nine."}
    assert opened.two_versions == ()


def test_everything_as_one_side_has_it(desk: Any, evidence: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    record = desk.db(lambda profile: parted(profile, evidence))
    from desktop_app.services.deciding import pairs

    found = desk.db(lambda profile: pairs(profile, record))
    told = everything_as(desk, record, found)
    assert list(told) == ["You, on this laptop, the earlier", "You, on this laptop, the later"]
    for place, chosen in enumerate(told.values()):
        assert chosen == [pair.sides[place].value for pair in found]


def everything_as(desk: Any, record: str, found: list[Any]) -> dict[str, list[Any]]:
    """What each button for one side's version of everything is called, and the values it chooses."""
    dialog = VersionsDialog(desk.app, record, found, desk.window)
    desk.qtbot.addWidget(dialog)
    begins = "Everything as: "
    told = {}
    for every in [b for b in dialog.findChildren(type(dialog.use_button)) if b.text().startswith(begins)]:
        every.click()
        assert dialog.use_button.isEnabled() and every.text()[len(begins) :] not in told
        told[every.text()[len(begins) :]] = [dialog.chosen[pair.leaf].value for pair in found]
    return told


def test_two_laptops_of_one_name_are_told_apart(desk: Any, evidence: dict[str, Any]) -> None:
    record = desk.db(lambda profile: parted(profile, evidence))
    from desktop_app.services.deciding import pairs

    found = desk.db(lambda profile: pairs(profile, record))
    first, second = "a1b2c3" + "0" * 26, "d4e5f6" + "0" * 26
    days = (datetime(2026, 11, 20, 9, 30, tzinfo=UTC), datetime(2026, 11, 21, 9, 30, tzinfo=UTC))

    def named(*whose: tuple[str, str], times: tuple[datetime, datetime] = days) -> list[str]:
        """The buttons where the sides are of these people and laptops; the second pair has them the other way round."""
        made = []
        for turned, pair in enumerate(found):
            told = list(zip(whose, times, strict=True))
            told = told[::-1] if turned else told
            sides = (
                replace(side, who=who, device=device, when=when)
                for side, ((who, device), when) in zip(pair.sides, told, strict=True)
            )
            made.append(replace(pair, sides=tuple(sides)))
        said = everything_as(desk, record, made)
        for place, chosen in enumerate(said.values()):
            assert chosen == [pair.sides[place if not turned else 1 - place].value for turned, pair in enumerate(made)]
        return list(said)

    assert named(("York", first), ("Leeds", second)) == ["York", "Leeds"]
    assert named(("York", first), ("York", second)) == [f"York, {british_time(day)}" for day in days]
    assert named(("York", first), ("York", second), times=(days[0], days[0])) == [
        f"York, {british_time(days[0])}, laptop {laptop[:6]}" for laptop in (first, second)
    ]


def test_words_under_something_else_outlive_locking_and_go_when_all_is_decided(
    desk: Any, evidence: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = desk.db(lambda profile: parted(profile, evidence))
    words = "Neither: she said five"
    shown: list[VersionsDialog] = []

    def run(dialog: VersionsDialog) -> int:
        shown.append(dialog)
        dialog.show()
        dialog.activateWindow()
        desk.qtbot.waitUntil(dialog.isActiveWindow)
        card = dialog.cards[0]
        if len(shown) == 1:
            card.buttons[-1].click()
            card.own.selectAll()
            desk.qtbot.keyClicks(card.own, words)
            desk.window.lock()
            return dialog.result()
        desk.qtbot.waitUntil(lambda: words in (card._typed(), dialog.cards[1]._typed()), timeout=20_000)
        assert card._typed() == words and card.own.isVisible()
        assert not dialog.chosen and not card.buttons[-1].isChecked(), "seen again, not chosen"
        assert not dialog.cards[1].own.isVisible()
        card.own.setFocus()
        desk.qtbot.keyClick(card.own, Qt.Key.Key_End)
        desk.qtbot.keyClicks(card.own, " of nine")
        assert card.buttons[-1].isChecked() and len(dialog.chosen) == 1
        dialog.cards[1].buttons[0].click()
        dialog.use_button.click()
        return dialog.result()

    def versions_of_it() -> None:
        desk.app.open_record(record)
        desk.settle()
        desk.window.frame.page("evidence").record.deeds.choose_versions()
        desk.settle()

    monkeypatch.setattr(dialogs, "run", run)
    versions_of_it()
    desk.settle()
    desk.unlock("plain words for tests only")
    desk.settle()
    versions_of_it()
    assert len(shown) == 2
    opened = desk.db(lambda profile: recording.open_record(profile, record))
    assert f"{words} of nine" in opened.content.answers["about"].values()
    left = desk.db(lambda profile: profile.store.rows("select name, value from settings where name like 'half%'"))
    assert left == [] and opened.two_versions == ()


def with_files(profile: Any, evidence: dict[str, Any], folder: Any) -> str:
    """A record whose two sides put another file of one name in its place."""
    from dataclasses import replace

    from desktop_app.services import attachments

    record = recording.add_record(profile, "evidence", evidence, state="ready").id
    state = revisions.state(profile.store, record)
    for words in ("mine", "of theirs, and longer"):
        (folder / "plan.txt").write_text(words)
        content = replace(Content.of_state(state), blobs=())
        content, _ = attachments.take_in(profile, content, folder / "plan.txt", shows_person="no", question="")
        recording.make_revision(profile, record, state.form, content, parents=state.heads)
    recording.refresh(profile, record)
    return record


def test_a_file_is_looked_at_and_chosen_by_keyboard(
    desk: Any, evidence: dict[str, Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app import platform

    record = desk.db(lambda profile: with_files(profile, evidence, tmp_path))
    monkeypatch.setattr(platform, "current", lambda: desk.platform)
    desk.app.open_record(record)
    desk.settle()
    page = desk.window.frame._pages["evidence"].record
    assert "two versions" in page.files._about(page.content.blobs[0])
    seen: list[str] = []

    def run(dialog: QDialog) -> int:
        assert isinstance(dialog, VersionsDialog)
        dialog.show()
        dialog.activateWindow()
        desk.qtbot.waitUntil(dialog.isActiveWindow)
        (card,) = dialog.cards
        seen.extend(line.button.accessibleName() for line in card.lines)
        for _ in range(4):
            press(desk, Qt.Key.Key_Tab)
            if "Look at" in (QApplication.focusWidget() or dialog).accessibleName():
                break
        press(desk, Qt.Key.Key_Space)
        desk.settle()
        press(desk, Qt.Key.Key_Backtab)
        press(desk, Qt.Key.Key_Down)
        press(desk, Qt.Key.Key_Space)
        assert card.buttons[1].isChecked()
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(dialogs, "run", run)
    page.deeds.choose_versions()
    desk.settle()
    assert [what for what, _ in desk.platform.asked].count("open_file") == 1
    assert seen[0].startswith("plan.txt (1 kB). You, on this laptop") and seen[2] == "Both: keep all of these files"
    opened = desk.db(lambda profile: recording.open_record(profile, record))
    assert [blob.len for blob in opened.content.blobs] == [21] and opened.two_versions == ()
    assert "two versions" not in page.files._about(page.content.blobs[0])
