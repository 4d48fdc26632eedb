"""Every kind of question and appearance of ODK forms on the page: each can be answered, and the answer is the right text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.xlsform import compile_xlsform
from ui.forms.choice_editors import CheckEditor, DropDownEditor, RadioEditor
from ui.forms.date_editor import DateEditor
from ui.forms.editors import editor_class
from ui.forms.file_editor import FileEditor
from ui.forms.form_page import FormPage
from ui.forms.other_editors import ByHandEditor, NoteEditor, RangeEditor, RankEditor, TimeEditor, TriggerEditor
from ui.forms.scale_editors import AddressEditor, CounterEditor, DigitsEditor, RatingEditor, scale
from ui.forms.sections import is_shown
from ui.forms.text_editors import MultilineEditor, NumberEditor, OneLineEditor

EDITORS = {
    "d1": DateEditor, "d2": DateEditor, "d3": DateEditor, "i1": NumberEditor, "i2": CounterEditor, "dec": NumberEditor,
    "t1": DigitsEditor, "t2": OneLineEditor, "t3": AddressEditor, "t4": MultilineEditor, "r1": RangeEditor,
    "r2": RatingEditor, "r3": RangeEditor, "tm": TimeEditor, "dt": TimeEditor, "s1": RadioEditor, "s2": DropDownEditor,
    "s3": RadioEditor, "s4": RadioEditor, "s5": CheckEditor, "s7": CheckEditor, "rk": RankEditor, "ack": TriggerEditor,
    "q1": RadioEditor, "lab": NoteEditor, "l1": RadioEditor, "im": FileEditor, "au": FileEditor, "vi": FileEditor,
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


def test_the_head_of_a_table_takes_no_answer(page: FormPage, every_kind: FormDefinition) -> None:
    generated = next(q for q in every_kind.questions if q.name.startswith("reserved_name"))
    assert not is_shown(generated)
    rows = [row(page, name) for name in ("q1", "q2", "q3")]
    rows[1].editor.lines["partly"].button.click()  # type: ignore[attr-defined]
    assert value(page, "q2") == "partly"
    widths = {line.minimumWidth() for each in rows for line in each.editor.lines.values()}  # type: ignore[attr-defined]
    assert len(widths) == 1  # the choices of all rows stand under one another


@pytest.mark.parametrize(
    ("start", "end", "step", "values"),
    [("0", "1", "0.25", ["0", "0.25", "0.5", "0.75", "1"]), ("5", "1", "-2", ["5", "3", "1"]), ("1", "100", "1", []),
     ("1", "x", "1", []), ("1", "5", "0", []), ("1", "1e999999", "1", [])],
)  # fmt: skip
def test_scales(every_kind: FormDefinition, start: str, end: str, step: str, values: list[str]) -> None:
    from dataclasses import replace

    question = next(q for q in every_kind.questions if q.name == "r2")
    assert scale(replace(question, parameters={"start": start, "end": end, "step": step})) == values
