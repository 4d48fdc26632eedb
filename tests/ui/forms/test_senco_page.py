"""A SENCO meeting in its page: notes by keyboard, off the record, permission, read back, records, a line taken out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.services import meetings, recording
from desktop_app.services.profile import Profile
from desktop_app.storage import drafts
from ui import dialogs
from ui.pages.senco_meeting import BEFORE, SencoMeetingPage
from ui.pages.senco_parts import due_date
from ui.pages.senco_take_out import TakeOutDialog

ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
ABOUT = {"about": {"title": "SENCO network", "place": "Online", "authorities": "383"}}


class Typist:
    """The keyboard alone: every key goes to whatever has the focus."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def key(self, key: Qt.Key, how: Qt.KeyboardModifier = NONE) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self._qtbot.keyClick(focus, key, how)

    def words(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self._qtbot.keyClicks(focus, text)

    def line(self, text: str) -> None:
        self.words(text)
        self.key(Qt.Key.Key_Return)


@pytest.fixture
def typist(qtbot: QtBot) -> Typist:
    return Typist(qtbot)


@pytest.fixture
def page(qtbot: QtBot, records: Any, show: Callable[..., QWidget]) -> SencoMeetingPage:
    found = records.ask(lambda profile: meetings.start_meeting(profile, ABOUT))
    made = SencoMeetingPage(records.app, found)
    with qtbot.waitSignal(made.loaded):
        show(made, 1060, 700)
    records.settle()
    made.setFocus()
    return made


def lines(page: SencoMeetingPage) -> list[Any]:
    assert page.board is not None
    return page.board.lines.all()


def test_lines_are_written_numbered_and_marked_by_keyboard_alone(page: SencoMeetingPage, typist: Typist) -> None:
    typist.line("Visits down from six to two.")
    typist.words("Two assistants left.")
    typist.key(Qt.Key.Key_E, ALT)
    typist.key(Qt.Key.Key_4)
    typist.key(Qt.Key.Key_Return)
    typist.key(Qt.Key.Key_Down, ALT)
    typist.words("Bring the request forms.")
    typist.key(Qt.Key.Key_A, ALT)
    typist.key(Qt.Key.Key_Down)
    typist.key(Qt.Key.Key_Return)
    typist.words("3 dec")
    typist.key(Qt.Key.Key_Return)
    first, second, third = lines(page)
    assert (first.number, first.text, first.topic, first.mark) == (1, "Visits down from six to two.", "experiences", "")
    assert (second.mark, second.category, second.topic) == ("evidence", "wider_pressures", "experiences")
    assert (third.number, third.mark, third.topic) == (3, "action", "pressures")
    assert third.action_role == "national_executive_member"
    assert third.action_due.endswith("-12-03")
    assert page.make_button.text() == "Make 2 records"


def test_nothing_is_shareable_until_it_is_agreed(page: SencoMeetingPage, typist: Typist) -> None:
    typist.line("Most have half a day a week.")
    assert lines(page)[0].permission == "not_agreed_yet"
    typist.key(Qt.Key.Key_P, ALT)  # after Enter the keys go to the line just written
    typist.key(Qt.Key.Key_1)
    assert lines(page)[0].permission == "quote"


def test_the_line_being_typed_is_in_the_draft_before_enter(
    page: SencoMeetingPage, typist: Typist, records: Any
) -> None:
    typist.words("Half a sen")
    page.flush()
    records.settle()
    content = records.ask(lambda p: recording.open_record(p, page.record_id)).content
    assert [line.text for line in meetings.lines(content)] == ["Half a sen"]


def test_off_the_record_is_gone_from_the_draft_and_from_undo(
    page: SencoMeetingPage, typist: Typist, records: Any, qtbot: QtBot
) -> None:
    typist.line("This may stay.")
    typist.words("Planted words nobody may keep")
    page.flush()
    records.settle()
    with qtbot.waitSignal(page.saved):
        typist.key(Qt.Key.Key_O, ALT)

    def kept(profile: Profile) -> str:
        draft = drafts.load(profile.store, page.record_id)
        assert draft is not None
        return json.dumps(draft.content)

    assert "Planted" not in records.ask(kept)
    for _ in range(5):
        typist.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Planted" not in json.dumps(page.current_content().answers)
    assert [line.text for line in lines(page)] == ["This may stay."]
    assert page.board is not None
    assert page.board.entry.toPlainText() == ""
    assert page.board.entry.hasFocus()


def test_a_written_line_is_changed_where_it_stands(page: SencoMeetingPage, typist: Typist) -> None:
    typist.line("Visits down from six.")
    typist.line("Another point.")
    typist.key(Qt.Key.Key_Up)
    typist.key(Qt.Key.Key_Up)
    typist.key(Qt.Key.Key_Return)
    typist.line(" To two.")
    assert [line.text for line in lines(page)] == ["Visits down from six. To two.", "Another point."]
    typist.line("A third.")
    assert [line.number for line in lines(page)] == [1, 2, 3]


def test_undo_takes_back_a_mark_and_then_the_line(page: SencoMeetingPage, typist: Typist) -> None:
    typist.line("One point.")
    typist.key(Qt.Key.Key_E, ALT)
    typist.key(Qt.Key.Key_1)
    assert lines(page)[0].mark == "evidence"
    typist.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert lines(page)[0].mark == ""
    typist.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    typist.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not any(line.text for line in lines(page))
    assert page.board is not None
    assert page.board.rows() == []


def test_ctrl_enter_makes_the_marked_lines_records_linked_both_ways(
    page: SencoMeetingPage, typist: Typist, records: Any, qtbot: QtBot
) -> None:
    typist.words("Speech therapy: wait until spring.")
    typist.key(Qt.Key.Key_E, ALT)
    typist.key(Qt.Key.Key_2)
    typist.key(Qt.Key.Key_Return)
    with qtbot.waitSignal(page.records_made) as made:
        typist.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (record,) = made.args[0]
    opened = records.ask(lambda p: recording.open_record(p, record))
    assert opened.content.answers["about"]["summary"] == "Speech therapy: wait until spring."
    assert opened.content.answers["about"]["permission"] == "not_agreed_yet"
    assert opened.content.links[0].record == page.record_id
    records.settle()
    assert page.board is not None
    assert "record made" in page.board.rows()[0].accessibleName()
    assert page.board.entry.hasFocus(), "the talk goes on"
    assert not page.make_button.isEnabled(), "the same line is not made twice"


def test_line_fourteen_can_be_taken_out_afterwards_with_what_was_made_of_it(
    page: SencoMeetingPage, typist: Typist, records: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for point in ("One.", "Two."):
        typist.words(point)
        typist.key(Qt.Key.Key_E, ALT)
        typist.key(Qt.Key.Key_7)
        typist.key(Qt.Key.Key_Return)
    with qtbot.waitSignal(page.records_made) as made:
        page.make_records()
    records.settle()
    seen: list[str] = []

    def answer(dialog: QDialog) -> int:
        assert isinstance(dialog, TakeOutDialog)
        qtbot.addWidget(dialog)
        qtbot.keyClicks(dialog.number, "1")
        seen.append(dialog.words.text())
        dialog.take_button.click()
        return dialog.result()

    monkeypatch.setattr(dialogs, "run", answer)
    with qtbot.waitSignal(page.loaded):
        page.ask_take_out()
    records.settle()
    assert seen == ["“One.”"]
    assert [(line.number, line.text) for line in lines(page)] == [(2, "Two.")], "the other numbers do not move"
    with pytest.raises(Exception, match="not here"):
        records.ask(lambda p: recording.open_record(p, made.args[0][0]))


def test_the_notice_is_read_out_at_a_time(page: SencoMeetingPage, qtbot: QtBot, typist: Typist) -> None:
    page.tabs.setCurrentIndex(BEFORE)
    assert page.before is not None
    assert "not for the record" in page.before.words.text()
    assert page.before.read_button.text().startswith("Read out at ")
    said = page.before.read_button.text().removeprefix("Read out at ")
    page.before.read_button.setFocus()
    typist.key(Qt.Key.Key_Space)
    about = page.current_content().answers["about"]
    assert about["notice_read_out"] == "yes"
    assert about["notice_read_at"].startswith(said)
    assert page.board is not None
    assert page.board.entry.hasFocus(), "and on to the notes"


def test_day_and_time_stand_at_the_head(page: SencoMeetingPage) -> None:
    page.form.set_answer("/data/about/title", "")  # type: ignore[union-attr]
    page.form.set_answer("/data/about/held_on", "2026-11-19")  # type: ignore[union-attr]
    page.form.set_answer("/data/about/starts_at", "16:00:00.000")  # type: ignore[union-attr]
    assert page.title_words() == "Thursday 19 November 2026, 16:00"


def test_who_came_is_counted_by_sector_and_said(page: SencoMeetingPage, qtbot: QtBot) -> None:
    page.tabs.setCurrentIndex(BEFORE)
    assert page.before is not None
    qtbot.keyClicks(page.before.boxes["mainstream_primary"], "7")
    qtbot.keyClicks(page.before.boxes["special_school"], "1")
    assert "8 SENCOs: 7 primary, 1 special" in page.head.subtitle.text()
    rows = page.current_content().answers["about"]["attendance"]
    assert sorted((row["attendance_sector"], row["attendance_number"]) for row in rows) == [
        ("mainstream_primary", "7"),
        ("special_school", "1"),
    ]
    page.before.boxes["special_school"].selectAll()
    qtbot.keyClick(page.before.boxes["special_school"], Qt.Key.Key_Delete)
    assert len(page.current_content().answers["about"]["attendance"]) == 1


def test_notes_are_read_back_in_large_type_and_checked(page: SencoMeetingPage, typist: Typist, qtbot: QtBot) -> None:
    typist.line("Visits down from six to two.")
    page.show_read_back()
    (words,) = [w for w in page.read_back.findChildren(QLabel) if "Visits down" in w.text()]
    assert words.font().pointSizeF() > 1.4 * page.font().pointSizeF()
    page.read_back.checked_button.click()
    assert page.current_content().answers["afterwards"]["checked_by_those_present"] == "yes"
    assert page.stack.currentWidget() is page.board


@pytest.mark.parametrize(
    ("text", "due"),
    [("3 dec", "2026-12-03"), ("1 february", "2027-02-01"), ("3 12 2027", "2027-12-03"), ("soon", ""), ("", "")],
)
def test_a_day_and_a_month_mean_the_next_time(text: str, due: str) -> None:
    assert due_date(text, date(2026, 11, 22)) == due


def test_lines_stand_under_their_items_and_go_on_counting(page: SencoMeetingPage, typist: Typist, qtbot: QtBot) -> None:
    assert page.board is not None
    for number in range(40):
        page.board.lines.add(["experiences", "pressures", "plan", "working_well"][number % 4], f"Point {number}")
    typist.line("The last point.")
    assert len(lines(page)) == 41
    assert lines(page)[-1].number == 41
