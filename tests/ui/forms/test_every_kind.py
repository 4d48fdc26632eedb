"""Every kind of question and appearance of ODK forms on the page: each can be answered, and the answer is the right text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.xlsform import compile_xlsform
from ui.forms.choice_editors import CheckEditor, RadioEditor
from ui.forms.date_editor import DateEditor
from ui.forms.drop_down import CheckDropDownEditor, DropDownEditor
from ui.forms.editors import editor_class, make_editor
from ui.forms.file_editor import FileEditor
from ui.forms.form_page import FormPage
from ui.forms.other_editors import ByHandEditor, NoteEditor, RangeEditor, RankEditor, TimeEditor, TriggerEditor
from ui.forms.scale_editors import AddressEditor, CounterEditor, DigitsEditor, RatingEditor, scale
from ui.forms.sections import is_shown
from ui.forms.table_head import TableHeadEditor
from ui.forms.text_editors import MultilineEditor, NumberEditor, OneLineEditor

EDITORS = {
    "d1": DateEditor, "d2": DateEditor, "d3": DateEditor, "i1": NumberEditor, "i2": CounterEditor, "dec": NumberEditor,
    "t1": DigitsEditor, "t2": OneLineEditor, "t3": AddressEditor, "t4": MultilineEditor, "r1": RangeEditor,
    "r2": RatingEditor, "r3": RangeEditor, "tm": TimeEditor, "dt": TimeEditor, "s1": RadioEditor, "s2": DropDownEditor,
    "s3": RadioEditor, "s4": RadioEditor, "s5": CheckEditor, "s7": CheckDropDownEditor, "rk": RankEditor, "ack": TriggerEditor,
    "q1": RadioEditor, "lab": TableHeadEditor, "l1": RadioEditor, "im": FileEditor, "au": FileEditor, "vi": FileEditor,
    "fi": FileEditor, "gp": ByHandEditor, "bc": ByHandEditor, "n1": NoteEditor,
}  # fmt: skip


@pytest.fixture(scope="module")
def every_kind() -> FormDefinition:
    return compile_xlsform(Path(__file__).parent / "every_kind.md")


def test_every_kind_has_its_editor(every_kind: FormDefinition) -> None:
    found = {q.name: editor_class(q, q.choices) for q in every_kind.questions if q.name in EDITORS}
    assert found == EDITORS


@pytest.fixture
def page(open_form: Callable[..., FormPage], every_kind: FormDefinition) -> FormPage:
    return open_form(every_kind)


def row(page: FormPage, name: str) -> object:
    path = next(q.path for q in page.session.form.questions if q.name == name)
    assert page.go_to(path)
    found = page.view.row(path)
    assert found is not None
    return found


def value(page: FormPage, name: str) -> str:
    return page.session.node(next(q.path for q in page.session.form.questions if q.name == name)).value


def test_a_counter_goes_up_and_down_and_can_be_typed(page: FormPage, qtbot: QtBot) -> None:
    editor = row(page, "i2").editor  # type: ignore[attr-defined]
    editor.buttons[1].click()
    editor.buttons[1].click()
    assert value(page, "i2") == "2"
    editor.buttons[0].click()
    assert (value(page, "i2"), editor.field.text()) == ("1", "1")
    editor.field.clear()
    qtbot.keyClicks(editor.field, "40")
    assert value(page, "i2") == "40"
    assert editor.buttons[1].accessibleName() == "One more: Counter"


def test_a_rating_is_one_of_its_numbers(page: FormPage) -> None:
    editor = row(page, "r2").editor  # type: ignore[attr-defined]
    assert list(editor.lines) == ["1", "2", "3", "4", "5"]
    editor.lines["4"].button.click()
    assert value(page, "r2") == "4"
    assert editor.lines["4"].button.accessibleName() == "4 of 5"
    editor.clear_button.click()
    assert value(page, "r2") == ""


def test_thousands_are_shown_apart_and_stored_plain(page: FormPage) -> None:
    editor = row(page, "i1").editor  # type: ignore[attr-defined]
    page.session.set("/data/one/i1", "1234567")
    editor.show_node(page.session.node("/data/one/i1"))
    assert editor.field.text() == "1,234,567"
    assert value(page, "i1") == "1234567"


def test_digits_keep_their_noughts(page: FormPage, qtbot: QtBot) -> None:
    editor = row(page, "t1").editor  # type: ignore[attr-defined]
    qtbot.keyClicks(editor.field, "00070")
    assert value(page, "t1") == "00070"


def test_what_is_masked_is_not_shown(page: FormPage) -> None:
    assert row(page, "t2").editor.field.echoMode() == QLineEdit.EchoMode.Password  # type: ignore[attr-defined]


def test_month_and_year_and_a_year_are_dates(page: FormPage, qtbot: QtBot) -> None:
    month = row(page, "d2").editor  # type: ignore[attr-defined]
    qtbot.keyClicks(month.boxes[1], "mar")
    qtbot.keyClicks(month.boxes[2], "2025")
    assert value(page, "d2") == "2025-03-01"
    year = row(page, "d3").editor  # type: ignore[attr-defined]
    qtbot.keyClicks(year.boxes[2], "2024")
    assert value(page, "d3") == "2024-01-01"


def shown_words(editor: object) -> list[str]:
    return [line.words.text() for line in editor.lines.values() if line.words.isVisible()]  # type: ignore[attr-defined]


def test_a_table_says_its_choices_once_over_its_columns(page: FormPage, every_kind: FormDefinition) -> None:
    head = next(q for q in every_kind.questions if q.name.startswith("reserved_name"))
    assert is_shown(head)
    rows = [row(page, name) for name in ("q1", "q2", "q3")]
    QApplication.processEvents()
    above = page.view.row(head.path)
    assert isinstance(above.editor, TableHeadEditor)  # type: ignore[union-attr]
    said = {label.text(): label for label in above.editor.findChildren(QLabel) if label.isVisible()}  # type: ignore[union-attr]
    assert list(said) == ["Yes", "Partly", "No"]
    rows[1].editor.lines["partly"].button.click()  # type: ignore[attr-defined]
    QApplication.processEvents()
    assert value(page, "q2") == "partly"
    for each in rows:
        assert shown_words(each.editor) == []  # type: ignore[attr-defined]
        for line in each.editor.lines.values():  # type: ignore[attr-defined]
            heard, label = line.button.accessibleName(), said[line.words.text()]
            assert heard == label.text()
            assert line.mapToGlobal(QPoint()).x() == label.mapToGlobal(QPoint()).x(), "under its word"


def test_without_room_every_row_says_its_choices(
    page: FormPage, every_kind: FormDefinition, show: Callable[..., QWidget], qtbot: QtBot
) -> None:
    question = next(q for q in every_kind.questions if q.name == "l1")
    editor = make_editor(question, question.path, question.choices)
    editor.show_node(page.session.node(question.path), question.choices)
    show(editor, 400, 300)
    qtbot.waitUntil(lambda: shown_words(editor) == [])
    assert len({line.y() for line in editor.lines.values()}) == 1  # type: ignore[attr-defined]
    editor.resize(140, 300)
    qtbot.waitUntil(lambda: shown_words(editor) == ["Yes", "Partly", "No"])
    assert len({line.y() for line in editor.lines.values()}) == 3  # type: ignore[attr-defined]
    editor.resize(400, 300)
    qtbot.waitUntil(lambda: shown_words(editor) == [])


def test_columns_are_as_many_as_the_form_says(page: FormPage) -> None:
    lines = list(row(page, "s4").editor.lines.values())  # type: ignore[attr-defined]
    columns = lines[0].parentWidget().layout()
    for width, across in ((1060, 3), (500, 3), (260, 2), (120, 1)):
        assert columns.columns_in(width) == across
        columns.setGeometry(QRect(0, 0, width, 400))
        assert len({line.x() for line in lines}) == across
        assert len({line.width() for line in lines}) == 1
        assert all(line.geometry().right() < width for line in lines)


def test_likert_has_every_button_over_its_words(page: FormPage) -> None:
    editor = row(page, "s1").editor  # type: ignore[attr-defined]
    QApplication.processEvents()
    for line in editor.lines.values():
        assert line.words.y() >= line.button.geometry().bottom()
    assert len({line.y() for line in editor.lines.values()}) == 1


def test_several_are_ticked_in_a_drop_down_with_the_keyboard(page: FormPage, qtbot: QtBot) -> None:
    editor = row(page, "s7").editor  # type: ignore[attr-defined]
    assert isinstance(editor, CheckDropDownEditor)
    box = editor.field
    assert "Nothing chosen" in box.accessibleDescription()
    qtbot.keyClick(box, Qt.Key.Key_X)
    assert value(page, "s7") == "", "a letter chooses nothing in a closed box"
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: box.view().isVisible())
    qtbot.keyClick(box.view(), Qt.Key.Key_Space)
    qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    qtbot.keyClick(box.view(), Qt.Key.Key_Down)
    qtbot.keyClick(box.view(), Qt.Key.Key_Return)
    assert box.view().isVisible(), "it stays open for the next tick"
    assert value(page, "s7") == "a c"
    qtbot.keyClick(box.view(), Qt.Key.Key_Space)
    assert value(page, "s7") == "a"
    qtbot.mouseClick(
        box.view().viewport(), Qt.MouseButton.LeftButton, pos=box.view().visualRect(box.lines.index(5, 0)).center()
    )
    assert value(page, "s7") == "a f"
    qtbot.keyClick(box.view(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not box.view().isVisible())
    assert box.words() == "2 chosen: Autism; Hearing"
    assert "2 chosen: Autism; Hearing" in box.accessibleDescription()
    assert box.accessibleName() == "Minimal multi"
    page.undo()
    assert value(page, "s7") == "a"
    editor.clear_button.click()
    assert value(page, "s7") == ""


def test_what_is_wanted_of_a_file_is_said(page: FormPage) -> None:
    words = {name: row(page, name).editor.add_button.text() for name in ("im", "sig", "au", "vi", "fi")}  # type: ignore[attr-defined]
    assert words == {
        "im": "Add a picture…", "sig": "Add a picture of the signature…", "au": "Add a sound recording…",
        "vi": "Add a film…", "fi": "Add a file…",
    }  # fmt: skip
    picture = row(page, "im").editor  # type: ignore[attr-defined]
    page.set_answer("/data/three/im", "plan.png")
    assert picture.add_button.text() == "Use another picture…"
    assert picture.add_button.accessibleName() == "Use another picture: Picture"


@pytest.mark.parametrize(
    ("start", "end", "step", "values"),
    [("0", "1", "0.25", ["0", "0.25", "0.5", "0.75", "1"]), ("5", "1", "-2", ["5", "3", "1"]), ("1", "100", "1", []),
     ("1", "x", "1", []), ("1", "5", "0", []), ("1", "1e999999", "1", [])],
)  # fmt: skip
def test_scales(every_kind: FormDefinition, start: str, end: str, step: str, values: list[str]) -> None:
    from dataclasses import replace

    question = next(q for q in every_kind.questions if q.name == "r2")
    assert scale(replace(question, parameters={"start": start, "end": end, "step": step})) == values
