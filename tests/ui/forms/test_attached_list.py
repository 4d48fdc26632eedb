"""Many attachments come on the screen a few at a time; one more, or one less, leaves the others as they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.forms.attached_list import AT_ONCE, AttachedFile, AttachedList

MANY = 40


def files(*numbers: int) -> list[AttachedFile]:
    return [AttachedFile(f"sha{n}", f"minutes {n}.pdf", "12 KB") for n in numbers]


@pytest.fixture
def shown(qtbot: QtBot) -> AttachedList:
    made = AttachedList()
    qtbot.addWidget(made)
    made.resize(300, 400)
    made.show_files(files(*range(MANY)))
    made.show()
    return made


def names(shown: AttachedList) -> list[str]:
    return [line.name.accessibleName() for line in shown._lines]


def all_there(shown: AttachedList, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: len(shown._lines) == count and not shown._later.isActive())


def test_the_first_are_there_at_once_and_the_others_follow_in_order(shown: AttachedList, qtbot: QtBot) -> None:
    again = AttachedList()
    qtbot.addWidget(again)
    again.show_files(files(*range(MANY)))
    assert len(again._lines) == AT_ONCE
    all_there(shown, qtbot, MANY)
    assert names(shown) == [f"Open minutes {n}.pdf" for n in range(MANY)]
    passed, widget = [], shown._lines[0].name
    while len(passed) < 2 * MANY:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            passed.append(widget)
        widget = widget.nextInFocusChain()
    assert passed == [part for line in shown._lines for part in (line.name, line.remove)], "the Tab key goes down the list"


def test_one_more_makes_one_line_and_one_less_keeps_those_before(shown: AttachedList, qtbot: QtBot) -> None:
    all_there(shown, qtbot, MANY)
    before = list(shown._lines)
    shown.show_files(files(*range(MANY), 99))
    assert shown._lines[:-1] == before
    shown.show_files(files(*range(20), *range(21, MANY)))
    all_there(shown, qtbot, MANY - 1)
    assert shown._lines[:20] == before[:20]
    assert names(shown) == [f"Open minutes {n}.pdf" for n in range(MANY) if n != 20]
    shown.show_files([])
    assert shown._lines == [] and shown.isHidden()


def test_each_line_opens_and_removes_its_own_file(shown: AttachedList, qtbot: QtBot) -> None:
    all_there(shown, qtbot, MANY)
    asked: list[tuple[str, str]] = []
    shown.open_wanted.connect(lambda sha: asked.append(("open", sha)))
    shown.remove_wanted.connect(lambda sha: asked.append(("remove", sha)))
    qtbot.mouseClick(shown._lines[33].name, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(shown._lines[7].remove, Qt.MouseButton.LeftButton)
    assert asked == [("open", "sha33"), ("remove", "sha7")]
