"""Each editor: what typing and choosing come to, what is shown again, and what a screen reader is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.forms.definition import Choice, FormDefinition, Question
from desktop_app.forms.session import FormSession
from ui.forms.choice_editors import CheckEditor, RadioEditor
from ui.forms.date_editor import DateEditor, into_boxes
from ui.forms.drop_down import DropDownEditor
from ui.forms.editor import Editor
from ui.forms.editors import make_editor
from ui.forms.text_editors import MultilineEditor, NumberEditor
from ui.forms.type_ahead import TypeAheadEditor, matching


class Bench:
    """One editor on a question of the small form, answering into a session as the page would."""

    def __init__(self, form: FormDefinition, path: str) -> None:
        self.session = FormSession(form, None, record="r1")
        self.path = path
        self.said: list[str] = []
        node = self.session.node(path)
        choices = self.session.choices(path) if node.question.kind.startswith("select") else []
        self.editor: Editor = make_editor(node.question, path, choices)
        self.editor.edited.connect(self._edited)
        self.show_again()

    def _edited(self, path: str, text: str) -> None:
        self.said.append(text)
        self.session.set(path, text)

    def show_again(self) -> None:
        node = self.session.node(self.path)
        choices = self.session.choices(self.path) if node.question.kind.startswith("select") else []
        self.editor.show_node(node, choices)

    def anew(self) -> Editor:
        """The same answer in an editor that has never been typed in."""
        node = self.session.node(self.path)
        choices = self.session.choices(self.path) if node.question.kind.startswith("select") else []
        made = make_editor(node.question, self.path, choices)
        made.show_node(node, choices)
        return made


@pytest.fixture
def bench(small: FormDefinition, qtbot: QtBot, show: Callable[..., QWidget]) -> Callable[[str], Bench]:
    def make(path: str) -> Bench:
        made = Bench(small, path)
        show(made.editor, 500, 300)
        return made

    return make


def field(editor: Editor) -> QLineEdit:
    found = editor.fields()[0]
    assert isinstance(found, QLineEdit)
    return found


@pytest.mark.parametrize(
    ("typed", "value", "shown_again"),
    [("£1.2m", "1200000", "1,200,000"), ("40k", "40000", "40,000"), ("1,250.50", "1250.5", "1,250.50")],
)
def test_money_is_taken_as_people_write_it(
    bench: Callable[[str], Bench], qtbot: QtBot, typed: str, value: str, shown_again: str
) -> None:
    money = bench("/data/about/money")
    qtbot.keyClicks(field(money.editor), typed)
    assert money.session.answers()["about"]["money"] == value
    money.show_again()
    assert field(money.editor).text() == typed, "what was typed stays while it is being typed"
    assert isinstance(money.editor, NumberEditor)
    assert "£" in money.editor._said.text(), "it says what was understood"
    assert field(money.anew()).text() == shown_again


def test_a_number_that_is_none_is_kept_as_typed(bench: Callable[[str], Bench], qtbot: QtBot) -> None:
    refused = bench("/data/about/refused")
    qtbot.keyClicks(field(refused.editor), "about 20")
    node = refused.session.node("/data/about/refused")
    assert (node.value, node.typed) == ("", "about 20")
    assert field(refused.anew()).text() == "about 20"


@pytest.mark.parametrize(
    ("boxes", "value", "typed"),
    [
        (("27", "3", "2025"), "2025-03-27", None),
        (("3", "jan", "2026"), "2026-01-03", None),
        (("", "March", "2024"), "", "March 2024"),
        (("31", "2", "2024"), "", "31 2 2024"),
    ],
)
def test_a_date_in_three_boxes(
    bench: Callable[[str], Bench], qtbot: QtBot, boxes: tuple[str, str, str], value: str, typed: str | None
) -> None:
    when = bench("/data/about/when")
    assert isinstance(when.editor, DateEditor)
    for box, text in zip(when.editor.boxes, boxes, strict=True):
        qtbot.keyClicks(box, text)
    node = when.session.node("/data/about/when")
    assert (node.value, node.typed) == (value, typed)
    again = when.anew()
    assert isinstance(again, DateEditor)
    if value:
        assert [box.text() for box in again.boxes][2] == boxes[2]
    else:
        assert " ".join(box.text() for box in again.boxes if box.text()) == typed


def test_a_whole_date_pasted_in_one_box_is_spread(bench: Callable[[str], Bench]) -> None:
    when = bench("/data/about/when")
    assert isinstance(when.editor, DateEditor)
    when.editor.boxes[0].setText("27/3/2025")
    when.editor.boxes[0].textEdited.emit("27/3/2025")
    assert [box.text() for box in when.editor.boxes] == ["27", "3", "2025"]
    assert when.said[-1] == "2025-03-27"


def test_words_that_are_no_date_are_not_lost() -> None:
    assert into_boxes("sometime in spring") == ("", "sometime in spring", "")
    assert into_boxes("2025-03-09") == ("9", "March", "2025")


def test_radio_buttons_start_with_none_and_can_be_cleared_by_keyboard(
    bench: Callable[[str], Bench], qtbot: QtBot
) -> None:
    limited = bench("/data/about/limited")
    assert isinstance(limited.editor, RadioEditor)
    assert not any(line.button.isChecked() for line in limited.editor.lines.values())
    partly = limited.editor.lines["partly"].button
    partly.setFocus()
    qtbot.keyClick(partly, Qt.Key.Key_Space)
    assert limited.said == ["partly"]
    assert limited.editor.clear_button.isVisible()
    qtbot.keyClick(partly, Qt.Key.Key_Delete)
    assert limited.said == ["partly", ""]
    assert not any(line.button.isChecked() for line in limited.editor.lines.values())


def test_check_boxes_keep_the_order_of_ticking(bench: Callable[[str], Bench]) -> None:
    ways = bench("/data/about/ways")
    assert isinstance(ways.editor, CheckEditor)
    ways.editor.lines["late"].button.click()
    ways.editor.lines["refused"].button.click()
    ways.editor.lines["late"].button.click()
    assert ways.said == ["late", "late refused", "refused"]


def test_a_long_label_wraps_and_is_not_cut(bench: Callable[[str], Bench], qtbot: QtBot) -> None:
    ways = bench("/data/about/ways")
    assert isinstance(ways.editor, CheckEditor)
    ways.editor.resize(220, 400)
    words = ways.editor.lines["refused"].words
    qtbot.waitUntil(lambda: words.width() < 220)
    assert words.height() >= words.heightForWidth(words.width())


def test_middling_lists_drop_down(bench: Callable[[str], Bench]) -> None:
    service = bench("/data/about/service")
    assert isinstance(service.editor, DropDownEditor)
    assert service.editor.field.currentIndex() == -1, "none is chosen beforehand"
    service.editor.field.setCurrentIndex(2)
    service.editor.field.activated.emit(2)
    assert service.said == ["s3"]
    service.editor.clear_button.click()
    assert service.said == ["s3", ""]


def test_a_choice_no_longer_offered_is_said(bench: Callable[[str], Bench]) -> None:
    limited = bench("/data/about/limited")
    node = limited.session.node("/data/about/limited")
    limited.editor.show_node(node.__class__(**{**vars(node), "value": "sometimes"}), limited.session.choices(node.path))
    assert isinstance(limited.editor, RadioEditor)
    assert "sometimes" in limited.editor.notice.text()


def test_hull_is_found_and_becomes_a_chip(evidence: FormDefinition, qtbot: QtBot, show: Callable[..., QWidget]) -> None:
    made = Bench(evidence, "/data/about/authorities")
    show(made.editor, 500, 300)
    assert isinstance(made.editor, TypeAheadEditor)
    made.editor.field.setFocus()
    qtbot.keyClicks(made.editor.field, "hull")
    offered = made.editor.field.list
    assert offered.isVisible()
    assert "Kingston upon Hull" in offered.item(0).text()
    qtbot.keyClick(made.editor.field, Qt.Key.Key_Return)
    assert made.said == ["810"]
    qtbot.keyClicks(made.editor.field, "st helens")
    qtbot.keyClick(made.editor.field, Qt.Key.Key_Return)
    assert made.said[-1] == "810 342"
    assert list(made.editor.chips) == ["810", "342"]
    qtbot.keyClick(made.editor.field, Qt.Key.Key_Backspace)
    assert made.editor.chips["342"].hasFocus()
    qtbot.keyClick(made.editor.chips["342"], Qt.Key.Key_Delete)
    assert made.said[-1] == "810"


def test_what_was_typed_and_not_chosen_is_said(
    evidence: FormDefinition, qtbot: QtBot, show: Callable[..., QWidget]
) -> None:
    made = Bench(evidence, "/data/about/authorities")
    show(made.editor, 500, 300)
    assert isinstance(made.editor, TypeAheadEditor)
    made.editor.field.setFocus()
    qtbot.keyClicks(made.editor.field, "nowhere at all")
    assert "No name" in made.editor._said.text()
    made.editor.field.clearFocus()
    assert "nowhere at all" in made.editor._said.text()
    assert made.said == []


def test_the_best_match_comes_first() -> None:
    choices = [
        Choice("1", "North Lincolnshire"),
        Choice("2", "Lincolnshire"),
        Choice("3", "East Riding", {"aliases": "Lin"}),
    ]
    assert [c.name for c in matching(choices, "linc", lambda _w: [])] == ["2", "1"]
    assert [c.name for c in matching(choices, "lin", lambda _w: [])] == ["2", "3", "1"]
    assert matching(choices, "ö", lambda _w: []) == []


def test_a_multiline_answer_grows_and_then_scrolls(bench: Callable[[str], Bench], qtbot: QtBot) -> None:
    story = bench("/data/about/story")
    assert isinstance(story.editor, MultilineEditor)
    box = story.editor.field
    small = box.height()
    box.setPlainText("line\n" * 10)
    qtbot.waitUntil(lambda: box.height() > small * 2)
    box.setPlainText("word " * 4000)
    qtbot.waitUntil(lambda: box.verticalScrollBar().maximum() > 0)
    assert box.height() < 24 * box.fontMetrics().lineSpacing()
    assert story.session.node("/data/about/story").value.count("word") == 4000


def test_a_time_is_taken_as_people_write_it(bench: Callable[[str], Bench], qtbot: QtBot) -> None:
    at = bench("/data/about/at")
    qtbot.keyClicks(field(at.editor), "16.05")
    assert at.session.node("/data/about/at").value.startswith("16:05")
    assert field(at.anew()).text() == "16:05"


_NAMES = ("story", "title", "limited", "refused", "money", "when", "ways", "service", "at", "paper")


@pytest.mark.parametrize("path", [f"/data/about/{name}" for name in _NAMES])
def test_every_field_tells_a_screen_reader_what_is_asked_and_what_is_wrong(
    bench: Callable[[str], Bench], path: str
) -> None:
    made = bench(path)
    made.editor.describe("How many were refused? (2.1.1)", "An estimate is fine.", "Enter 100 or less.")
    for widget in made.editor.fields():
        spoken = QAccessible.queryAccessibleInterface(widget)
        name = spoken.text(QAccessible.Text.Name)
        described = spoken.text(QAccessible.Text.Description)
        assert name.strip(), widget
        if isinstance(widget, QPushButton):
            continue
        assert "How many were refused?" in f"{name} {described}", widget
        assert "Error: Enter 100 or less." in described, widget


def test_a_kind_without_an_editor_of_its_own_is_answered_in_words(qtbot: QtBot) -> None:
    question = Question("/data/place", "place", "geopoint", label="Where?")
    editor = make_editor(question, "/data/place")
    qtbot.addWidget(editor)
    said: list[str] = []
    editor.edited.connect(lambda _path, text: said.append(text))
    qtbot.keyClicks(field(editor), "53.8 -1.55")
    assert said[-1] == "53.8 -1.55"
