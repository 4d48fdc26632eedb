"""A section of any length comes up in turns, and the window answers keys between them (architecture.md: 50 ms)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.xlsform import compile_xlsform
from ui.forms.form_page import FormPage
from ui.forms.section_view import SectionView

GROUPS, IN_EACH = 10, 50


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> FormDefinition:
    """Five hundred questions of four kinds, in ten sections, as large as the WHO's verbal autopsy."""
    kinds = ("text", "select_one yes_no", "integer", "date")
    rows = ["| survey |", "| | type | name | label | hint |"]
    for group in range(GROUPS):
        rows.append(f"| | begin_group | g{group} | Part {group + 1} | |")
        for at in range(IN_EACH):
            rows.append(f"| | {kinds[at % 4]} | q{group}_{at} | Question {at + 1} of part {group + 1}? | A hint. |")
        rows.append(f"| | end_group | g{group} | | |")
    rows += ["| choices |", "| | list_name | name | label |", "| | yes_no | yes | Yes |", "| | yes_no | no | No |"]
    rows += ["| settings |", "| | form_title | form_id | version |", "| | Large | large | 1 |"]
    path = tmp_path_factory.mktemp("large") / "large.md"
    path.write_text("\n".join(rows), encoding="utf-8")
    return compile_xlsform(path)


def test_five_hundred_questions_come_up_in_turns(
    open_form: Callable[..., FormPage], large: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(large)
    page.show_section(3)
    view: SectionView = page.view
    first = len(view.made_rows())
    assert 0 < first < IN_EACH, "the first turn makes what is seen first, not all"
    assert view.made_rows()[0].isAncestorOf(QApplication.focusWidget() or page)
    seen = [first]

    def all_made() -> bool:
        seen.append(len(view.made_rows()))
        return not view.unfinished

    view.grown.connect(all_made)
    qtbot.waitUntil(lambda: not view.unfinished, timeout=20_000)
    assert seen == sorted(seen)
    assert len(seen) > 4
    assert [row.path for row in view.made_rows()] == [f"/data/g3/q3_{at}" for at in range(IN_EACH)]


def test_tab_never_jumps_over_a_question_still_to_be_made(
    open_form: Callable[..., FormPage], large: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(large)
    page.show_section(5)
    last = page.view.made_rows()[-1]
    assert page.view.unfinished
    last.editor.fields()[-1].setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    rows = page.view.rows()
    after = rows[rows.index(last) + 1]
    assert after.isAncestorOf(QApplication.focusWidget() or page)


def test_a_late_question_comes_before_those_above_it_and_then_stays_where_it_is(
    open_form: Callable[..., FormPage], large: FormDefinition, qtbot: QtBot
) -> None:
    page = open_form(large)
    wanted = "/data/g7/q7_41"
    assert page.go_to(wanted)
    view: SectionView = page.view
    made = [row.path for row in view.made_rows()]
    assert made[0] == wanted, "nothing above it was made first"
    assert len(made) < IN_EACH // 2
    row = view.row(wanted)
    assert row is not None
    assert row.isAncestorOf(QApplication.focusWidget() or page)
    QApplication.processEvents()

    def top() -> int:
        return row.mapTo(view.viewport(), QPoint()).y()

    moved = {top()}
    view.grown.connect(lambda: moved.add(top()))
    qtbot.waitUntil(lambda: not view.unfinished, timeout=20_000)
    QApplication.processEvents()
    moved.add(top())
    assert [row.path for row in view.made_rows()] == [f"/data/g7/q7_{at}" for at in range(IN_EACH)]
    assert 0 <= top() < view.viewport().height() - row.height()
    assert max(moved) - min(moved) <= 2, "it would have jumped about under the eyes"


def test_a_late_question_of_the_section_shown_is_reached_without_making_the_rest(
    open_form: Callable[..., FormPage], large: FormDefinition
) -> None:
    page = open_form(large)
    page.show_section(2)
    assert page.view.unfinished
    assert page.go_to("/data/g2/q2_45")
    assert page.view.unfinished
    assert page.view.row("/data/g2/q2_45").isVisible()  # type: ignore[union-attr]


def test_undo_leaves_alone_what_did_not_change(
    open_form: Callable[..., FormPage], large: FormDefinition, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_form(large)
    page.set_answer("/data/g0/q0_0", "Something")
    drawn: list[str] = []
    for row in page.view.rows():
        show: Any = row.editor.show_node
        monkeypatch.setattr(row.editor, "show_node", lambda *a, s=show, r=row: (drawn.append(r.path), s(*a)))
    assert page.undo()
    assert drawn == ["/data/g0/q0_0"]
