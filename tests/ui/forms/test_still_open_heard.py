"""A question that must be answered and was not, as a screen reader is told of it: in the list and at its own field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_app.forms.xform import load_form
from desktop_app.services import recording
from desktop_app.services.profile import Profile
from ui.forms.link import Link
from ui.forms.question_row import QuestionRow
from ui.pages.record import RecordPage

FORM = """| survey |
| | type | name | label | required | required_message |
| | text | title | What is it called? | | |
| | {kind} | why | Why was that? | yes | Say why: readers will ask. |

| choices |
| | list_name | name | label |
| | reasons | a | One |
| | reasons | b | Two |

| settings |
| | form_title | form_id | version | instance_name |
| | Trial | trial | 1 | ${{title}} |
"""


def heard(widget: QWidget, what: QAccessible.Text) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(what)


def opened(records: Any, show: Any, qtbot: QtBot, tmp_path: Path, kind: str) -> tuple[RecordPage, QuestionRow]:
    """A record of a form with one question that must be answered, on its page, and that question."""
    path = tmp_path / "trial.md"
    path.write_text(FORM.format(kind=kind), encoding="utf-8")

    def begin(profile: Profile) -> str:
        profile.forms.use(load_form(path))
        return recording.start(profile, "trial", {"title": "A case"})

    page = RecordPage(records.app, records.ask(begin))
    with qtbot.waitSignal(page.loaded):
        show(page)
    records.settle()
    assert page.form is not None
    row = next(row for row in page.form.view.rows() if row.path == "/data/why")
    return page, row


@pytest.mark.parametrize("kind", ["text", "integer", "date", "select_one reasons", "select_multiple reasons"])
def test_an_unanswered_question_is_heard_in_the_list_and_at_its_field(
    records: Any, show: Any, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    page, row = opened(records, show, qtbot, tmp_path, kind)
    name, description = QAccessible.Text.Name, QAccessible.Text.Description

    def at_the_field() -> set[bool]:
        said = [heard(each, description) for each in row.editor.fields()]
        return {"Error: Say why: readers will ask." in each for each in said}

    assert at_the_field() == {False}, "nobody is told of an error before they have finished"
    with qtbot.waitSignal(page.checked):
        page.ready_button.click()
    assert heard(page.ready_view.title, name).endswith("1 still open")
    (link,) = page.ready_view.findChildren(Link)
    assert heard(link, name) == "Why was that?"
    assert QAccessible.queryAccessibleInterface(link).role() == QAccessible.Role.Button
    link.click()
    records.settle()
    assert any(each.hasFocus() for each in row.editor.fields())
    assert all("Why was that?" in heard(each, name) + heard(each, description) for each in row.editor.fields())
    assert at_the_field() == {True}
    assert heard(row.error_line, name) == "Error: Say why: readers will ask."
    page.form.survey()
    assert at_the_field() == {True}, "looking the record over leaves it said"
    page.form.answer("/data/title", "Another name")
    page.form.survey()
    assert at_the_field() == {True}, "and so does an answer elsewhere"
    page.form.answer("/data/why", {"text": "So.", "integer": "3", "date": "2026-09-01"}.get(kind, "a"))
    page.form.survey()
    assert True not in at_the_field()


def test_ready_all_the_same_takes_the_error_away(records: Any, show: Any, qtbot: QtBot, tmp_path: Path) -> None:
    page, row = opened(records, show, qtbot, tmp_path, "text")
    with qtbot.waitSignal(page.checked):
        page.ready_button.click()
    page.ready_view.reason.setText("Nothing more is known")
    with qtbot.waitSignal(page.marked):
        page.ready_view.mark_button.click()
    records.settle()
    row = next(row for row in page.form.view.rows() if row.path == "/data/why")
    assert "Error" not in heard(row.editor.fields()[0], QAccessible.Text.Description)
    assert not row.error_line.isVisible()
