"""A jotting is sorted by keyboard, passage by passage, and linked records lead to one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.services import recording, sorting
from ui.forms.question_row import QuestionRow
from ui.forms.text_editors import GrowingText
from ui.pages.record import RecordPage
from ui.pages.senco_meeting import SencoMeetingPage

JOTTING = "Forms were refused twice.\nVisits are down from six to two."
PASSAGE = "Visits are down from six to two."
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def jotted(qtbot: QtBot, records: Any, show: Callable[..., QWidget]) -> RecordPage:
    page = RecordPage(records.app, records.ask(lambda profile: recording.jot(profile, JOTTING)))
    with qtbot.waitSignal(page.loaded):
        show(page, 1060, 700)
    records.settle()
    return page


def row(page: RecordPage, path: str) -> QuestionRow:
    assert page.form is not None
    found = page.form.view.row(path)
    assert found is not None
    return found


def select_passage(page: RecordPage) -> GrowingText:
    box = row(page, "/data/about/summary").editor.fields()[0]
    assert isinstance(box, GrowingText)
    box.setFocus()
    box.moveCursor(QTextCursor.MoveOperation.End)
    box.moveCursor(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
    return box


def test_a_passage_goes_into_its_section_by_two_keys_and_comes_back_by_undo(jotted: RecordPage, qtbot: QtBot) -> None:
    form, bar = jotted.form, jotted.sorting.bar
    assert form is not None and bar is not None
    assert bar.hint.isVisible() and not bar.chips.isVisible()
    box = select_passage(jotted)
    assert bar.chips.isVisible() and not bar.hint.isVisible()
    qtbot.keyClick(box, Qt.Key.Key_2, ALT)
    assert bar.question.list.hasFocus()
    assert PASSAGE in bar.question.title.text()
    qtbot.keyClick(bar.question.list, Qt.Key.Key_Return)
    assert box.hasFocus()
    assert form.session.node("/data/access_and_consequences/c2_other_ways").value == PASSAGE
    assert form.session.node("/data/about/topics").value == "access_and_consequences"
    assert form.session.node("/data/about/summary").value == JOTTING
    assert any(form.chooser.itemText(at).startswith("2.") for at in range(form.chooser.count()))
    jotted.undo()
    assert form.session.node("/data/about/topics").value == ""
    assert "c2_other_ways" not in str(form.session.answers())


def test_without_a_selection_the_paragraph_is_sorted(jotted: RecordPage, qtbot: QtBot) -> None:
    box = row(jotted, "/data/about/summary").editor.fields()[0]
    assert isinstance(box, GrowingText)
    box.setFocus()
    box.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.keyClick(box, Qt.Key.Key_1, ALT)
    assert jotted.sorting.bar is not None and jotted.form is not None
    qtbot.keyClick(jotted.sorting.bar.question.list, Qt.Key.Key_Escape)
    assert box.hasFocus()
    assert jotted.form.session.node("/data/about/topics").value == ""
    qtbot.keyClick(box, Qt.Key.Key_7, ALT)
    qtbot.keyClick(jotted.sorting.bar.question.list, Qt.Key.Key_1)
    assert jotted.form.session.node("/data/something_else/c7_other").value == "Forms were refused twice."


def test_a_passage_becomes_a_record_of_its_own_and_each_leads_to_the_other(
    jotted: RecordPage, records: Any, qtbot: QtBot, show: Callable[..., QWidget]
) -> None:
    wanted: list[str] = []
    records.app.record_wanted.connect(wanted.append)
    box = select_passage(jotted)
    qtbot.keyClick(box, Qt.Key.Key_2, ALT)
    assert jotted.sorting.bar is not None
    last = jotted.sorting.bar.question.list
    last.setCurrentRow(last.count() - 1)
    qtbot.keyClick(last, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(jotted.links.links) == 1)
    records.settle()
    (link,) = jotted.links.links
    link.click()
    (made,) = wanted
    assert records.ask(lambda p: recording.open_record(p, made)).content.answers["about"]["summary"] == PASSAGE
    other = RecordPage(records.app, made)
    with qtbot.waitSignal(other.loaded):
        show(other, 1060, 700)
    records.settle()
    (back,) = other.links.links
    assert "From the note" in back.accessibleName()
    back.click()
    assert wanted == [made, jotted.record_id]
    toast = records.toasts[-1]
    toast.undo()
    records.settle()
    QApplication.processEvents()
    records.settle()
    assert jotted.links.links == []
    assert records.ask(lambda p: recording.open_record(p, jotted.record_id)).content.links == ()


def test_a_line_leads_to_the_record_made_of_it_and_back(
    records: Any, qtbot: QtBot, show: Callable[..., QWidget]
) -> None:
    from desktop_app.services import meetings

    line = {"line_text": PASSAGE, "line_topic": "experiences", "line_mark": "evidence"}
    notes = {"about": {"title": "SENCOs in November"}, "notes": {"lines": [line]}}
    meeting = records.ask(lambda p: meetings.start_meeting(p, notes))
    (made,) = records.ask(lambda p: meetings.make_records(p, meeting))
    wanted: list[str] = []
    records.app.record_wanted.connect(wanted.append)
    page = SencoMeetingPage(records.app, meeting)
    with qtbot.waitSignal(page.loaded):
        show(page, 1060, 700)
    records.settle()
    assert page.board is not None
    (shown,) = page.board.rows()
    assert shown.open_button is not None
    shown.open_button.click()
    page.links.links[0].click()
    evidence = RecordPage(records.app, made)
    with qtbot.waitSignal(evidence.loaded):
        show(evidence, 1060, 700)
    records.settle()
    evidence.links.links[0].click()
    assert wanted == [made, made, meeting]


def test_what_else_names_its_question_where_it_stands_alone(records: Any) -> None:
    words = "Mrs Thompson said so."
    answers = {
        "about": {"summary": "x", "topics": "plan_and_targets"},
        "plan_and_targets": {"c1_staff_asked_views": "no", "c1_staff_asked_views_detail": words},
    }

    def found(profile: Any) -> list[str]:
        record = recording.start(profile, "evidence", answers)
        opened = recording.open_record(profile, record)
        return [one.label for one in recording.privacy_findings(opened.content, opened.form)]

    (label,) = records.ask(found)
    assert label.endswith("What else can you say about this?")
    assert len(label) > len("What else can you say about this?") + 20
    session = records.ask(
        lambda p: recording.session_for(recording.open_record(p, recording.start(p, "evidence", answers)), p.clock())
    )
    assert sorting.categories(session)[0].name == "plan_and_targets"
