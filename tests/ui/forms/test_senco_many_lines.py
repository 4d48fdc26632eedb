"""A long meeting: lines come on the screen a few at a time, and what did not change is not made anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from ui.pages.senco_drawn import AT_ONCE, DrawnLines
from ui.pages.senco_lines import NoteLine

MANY = 120


def line(number: int, text: str = "", mark: str = "") -> NoteLine:
    return NoteLine(
        row=f"row{number}", path=f"/data/notes/lines[{number}]", number=number, text=text or f"Line {number} says so",
        topic="t", mark=mark, category="", permission="quote", action_role="", action_due="",
    )  # fmt: skip


@pytest.fixture
def drawn(qtbot: QtBot) -> DrawnLines:
    made = DrawnLines({}, {}, lambda: None)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def seen(drawn: DrawnLines) -> list[int]:
    """The numbers as they stand under each other on the screen."""
    rows = sorted(drawn.rows(), key=lambda row: row.mapTo(drawn, QPoint(0, 0)).y())
    return [row.line.number for row in rows]


def settled(drawn: DrawnLines, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: len(drawn.rows()) == count and not drawn._later.isActive())
    drawn.layout().activate()


def test_the_newest_are_there_at_once_and_the_others_follow_above(drawn: DrawnLines, qtbot: QtBot) -> None:
    lines = [line(n) for n in range(1, MANY + 1)]
    drawn.show_lines(lines)
    assert [row.line.number for row in drawn.rows()] == list(range(MANY - AT_ONCE + 1, MANY + 1))
    settled(drawn, qtbot, MANY)
    assert seen(drawn) == [row.line.number for row in drawn.rows()] == list(range(1, MANY + 1))
    assert [rule.isHidden() for rule in drawn._rules] == [True] + [False] * (MANY - 1)


def test_one_more_line_makes_one_more_row(drawn: DrawnLines, qtbot: QtBot) -> None:
    lines = [line(n) for n in range(1, MANY + 1)]
    drawn.show_lines(lines)
    settled(drawn, qtbot, MANY)
    before = drawn.rows()
    drawn.show_lines([*lines, line(MANY + 1)])
    assert drawn.rows()[:-1] == before
    assert drawn.rows()[-2].nextInFocusChain() is drawn.rows()[-1], "the Tab key follows"


def test_a_line_changed_or_gone_leaves_the_others_and_the_keyboard(drawn: DrawnLines, qtbot: QtBot) -> None:
    lines = [line(n) for n in range(1, 21)]
    drawn.show_lines(lines)
    before = {row.line.row: row for row in drawn.rows()}
    drawn.activateWindow()
    qtbot.waitUntil(drawn.isActiveWindow)
    before["row9"].setFocus()
    marked = replace(lines[8], mark="evidence")
    moved = [replace(one, path=f"{one.path}x") for one in lines[10:]]
    drawn.show_lines([*lines[:4], *lines[5:8], marked, lines[9], *moved])
    after = drawn.rows()
    assert [row.line.number for row in after] == [n for n in range(1, 21) if n != 5]
    assert [row.line.row for row in after if row is not before[row.line.row]] == ["row9"]
    assert all(row.line in moved for row in after if row.line.number > 10), "each knows where it stands now"
    assert next(row for row in after if row.line.row == "row9").hasFocus()


def test_another_item_before_all_was_drawn(drawn: DrawnLines, qtbot: QtBot) -> None:
    drawn.show_lines([line(n) for n in range(1, MANY + 1)])
    other = [line(n) for n in range(500, 503)]
    drawn.show_lines(other)
    settled(drawn, qtbot, 3)
    assert seen(drawn) == [500, 501, 502]
    drawn.show_lines([])
    assert drawn.rows() == []


def test_lines_that_come_in_the_middle_of_drawing(drawn: DrawnLines, qtbot: QtBot) -> None:
    lines = [line(n) for n in range(1, MANY + 1)]
    drawn.show_lines(lines)
    drawn._draw_more()
    drawn.show_lines([*lines, line(MANY + 1)])
    settled(drawn, qtbot, MANY + 1)
    assert seen(drawn) == list(range(1, MANY + 2))
