"""Spelling on the record page: underlined after a pause, suggestions and "add to the dictionary" in the menu, off at will."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.platform.spelling import Dictionary, available, words_of
from desktop_app.services import meetings, recording
from desktop_app.services.own_words import own_words
from ui.forms import spelling
from ui.forms.text_editors import MultilineEditor
from ui.pages.jot import JotBox
from ui.pages.record import RecordPage
from ui.pages.senco_meeting import SencoMeetingPage

pytestmark = pytest.mark.skipif(not available(), reason="no spelling library on this kind of computer")


def test_british_words_are_known() -> None:
    dictionary = Dictionary(["Oakfeild"])
    known = ["colour", "organise", "behaviour", "don't", "don’t", "Leeds", "oakfeild"]
    assert [word for word in known if not dictionary.knows(word)] == []
    assert [word for word in ("color", "recieved", "teh") if dictionary.knows(word)] == []
    assert "received" in dictionary.suggest("recieved")


def test_what_is_no_word_is_not_looked_at() -> None:
    text = "The EHCP of Y4 cost £1,200 (see x@y.uk), isn’t it? a"
    assert [word for _place, word in words_of(text)] == ["The", "of", "cost", "see", "uk", "isn’t", "it"]
    assert words_of("naïve café")[1] == (6, "café")


@pytest.fixture
def box(records: Any, show: Any, qtbot: QtBot) -> Any:
    record = records.ask(lambda p: recording.jot(p, "They recieved nothing in colour"))
    page = RecordPage(records.app, record)
    show(page)
    qtbot.waitUntil(lambda: page.form is not None)
    records.settle()
    rows = page.form.view.rows()
    editor = next(row.editor for row in rows if isinstance(row.editor, MultilineEditor) and row.node.value)
    qtbot.waitUntil(lambda: editor.spelling.wrong_words() == ["recieved"], timeout=10_000)
    return page, editor


def menu_words(editor: MultilineEditor, place: int) -> dict[str, Any]:
    cursor = QTextCursor(editor.field.document())
    cursor.setPosition(place)
    return {action.text(): action for action in editor.spelling.menu(cursor).actions()}


def test_a_suggestion_replaces_the_word(box: Any, qtbot: QtBot) -> None:
    page, editor = box
    assert not page._dirty  # an underline is no change of the answer
    found = menu_words(editor, 8)
    found["received"].trigger()
    assert editor.field.toPlainText() == "They received nothing in colour"
    assert page._dirty
    qtbot.waitUntil(lambda: editor.spelling.wrong_words() == [])


def test_an_added_word_stays_right_and_is_kept_with_the_records(box: Any, records: Any, qtbot: QtBot) -> None:
    _page, editor = box
    menu_words(editor, 8)["Add “recieved” to the dictionary"].trigger()
    qtbot.waitUntil(lambda: editor.spelling.wrong_words() == [])
    records.settle()
    assert records.ask(own_words) == ["recieved"]
    assert "Add “recieved” to the dictionary" not in menu_words(editor, 8)


def test_it_can_be_switched_off_and_on(box: Any, records: Any, qtbot: QtBot) -> None:
    _page, editor = box
    spelling.switch(records.app, False)
    assert editor.spelling.wrong_words() == []
    spelling.switch(records.app, True)
    qtbot.waitUntil(lambda: editor.spelling.wrong_words() == ["recieved"])


def box_menu(field: QPlainTextEdit, underline: Any, word: str) -> dict[str, Any]:
    cursor = QTextCursor(field.document())
    cursor.setPosition(field.toPlainText().index(word) + 2)
    return {action.text(): action for action in underline.menu(cursor).actions()}


def test_notes_of_a_meeting_are_looked_at_as_well(records: Any, show: Any, qtbot: QtBot) -> None:
    record = records.ask(lambda p: meetings.start_meeting(p, {"about": {"title": "Network"}}))
    page = SencoMeetingPage(records.app, record)
    with qtbot.waitSignal(page.loaded):
        show(page)
    records.settle()
    entry, looked = page.board.entry, page.board.spelling
    qtbot.keyClicks(entry, "The councel recieved it. ")
    qtbot.waitUntil(lambda: looked.wrong_words() == ["councel", "recieved"], timeout=10_000)
    box_menu(entry, looked, "recieved")["received"].trigger()
    assert entry.toPlainText() == "The councel received it. "
    box_menu(entry, looked, "councel")["Add “councel” to the dictionary"].trigger()
    qtbot.waitUntil(lambda: looked.wrong_words() == [])
    records.settle()
    assert records.ask(own_words) == ["councel"]


class Window(QWidget):
    """What the box stands over."""


def test_a_jotting_is_looked_at_as_well(records: Any, show: Any, qtbot: QtBot) -> None:
    window = show(Window(), 900, 600)
    jot = JotBox.open_over(records.app, window)
    records.settle()
    qtbot.keyClicks(jot.box, "The councel recieved it. ")
    qtbot.waitUntil(lambda: jot.spelling.wrong_words() == ["councel", "recieved"], timeout=10_000)
    box_menu(jot.box, jot.spelling, "councel")["council"].trigger()
    assert jot.box.toPlainText() == "The council recieved it. "
    box_menu(jot.box, jot.spelling, "recieved")["Add “recieved” to the dictionary"].trigger()
    qtbot.waitUntil(lambda: jot.spelling.wrong_words() == [])
    records.settle()
    assert records.ask(own_words) == ["recieved"]
    jot.box.clear()
