"""Somebody in front of the real window: what the stories have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.pages.record import RecordPage
from ui.pages.senco_meeting import SencoMeetingPage

PASSPHRASE = "plain words for tests only"
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Officer:
    """Someone with a keyboard and no mouse in front of the window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot
        self.problems: list[Exception] = []
        window.context.runner.unhandled = self.problems.append

    @property
    def focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window  # as Qt does with a key while nothing has the focus

    def key(self, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._qtbot.keyClick(self.focus, key, how)

    def types(self, words: str) -> None:
        self._qtbot.keyClicks(self.focus, words)

    def rests(self) -> None:
        """Until the program has answered everything."""
        for _ in range(3):
            self._qtbot.waitUntil(lambda: not self.window.context.runner.busy, timeout=20_000)
            QApplication.processEvents()
        assert self.problems == []

    def tabs_to(self, name: str) -> None:
        """Tab until what has the keyboard is spoken with these words."""
        seen = []
        for _ in range(120):
            focus = self.focus
            spoken = focus.accessibleName() or (focus.text() if isinstance(focus, QAbstractButton) else "")
            if name in f"{spoken} {focus.accessibleDescription()}":
                return
            seen.append(spoken)
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"no way by Tab to {name!r}: {seen}")

    def answers(self, question: str, words: str) -> None:
        self.tabs_to(question)
        self.types(words)

    def ticks(self, choice: str) -> None:
        self.tabs_to(choice)
        self.key(Qt.Key.Key_Space)

    def picks(self, question: str, choice: str) -> None:
        """From a drop-down, with the down arrow."""
        self.tabs_to(question)
        box = self.focus
        assert isinstance(box, QComboBox)
        for _ in range(box.count()):
            self.key(Qt.Key.Key_Down)
            if box.currentText() == choice:
                return
        raise AssertionError(f"{choice!r} is not in the list")

    def notes_evidence(self) -> None:
        """A line of the SENCO meeting, marked as evidence for the second category, to be quoted."""
        self.types("Visits by the educational psychologist are down from six a year to two.")
        self.key(Qt.Key.Key_E, ALT)
        self.key(Qt.Key.Key_2)
        self.key(Qt.Key.Key_P, ALT)
        self.key(Qt.Key.Key_1)
        self.key(Qt.Key.Key_Return)

    def notes_an_action_and_makes_records(self, page: SencoMeetingPage) -> list[str]:
        """One more line, an action with its day; then records are made of the two. Answers their ids."""
        self.types("Bring the request forms of both years.")
        self.key(Qt.Key.Key_A, ALT)
        self.key(Qt.Key.Key_8)
        self.types("3 dec")
        self.key(Qt.Key.Key_Return)
        with self._qtbot.waitSignal(page.records_made, timeout=10_000) as made:
            self.key(Qt.Key.Key_Return, CTRL)
        self.rests()
        (records,) = made.args
        assert len(records) == 2
        return list(records)

    def presses(self, words: str, within: QWidget | None = None) -> None:
        """Click the button that says this, with the mouse."""
        root = within or self.window
        found = [b for b in root.findChildren(QAbstractButton) if b.isVisible() and words in (b.text(), b.accessibleName())]
        assert found, f"no “{words}” among {[b.text() for b in root.findChildren(QAbstractButton) if b.isVisible()]}"
        self._qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)

    def offers(self, words: str) -> bool:
        """Whether a button that says this is in sight."""
        return any(b.text() == words and b.isVisible() for b in self.window.findChildren(QAbstractButton))

    def reads(self, within: QWidget | None = None) -> str:
        """Every word in sight."""
        root = within or self.window
        return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())

    def waits_to_read(self, words: str) -> None:
        self._qtbot.waitUntil(lambda: words in self.reads(), timeout=30_000)

    def asks(self, what: Callable[[Any], Any]) -> Any:
        found: list[Any] = []
        self.window.context.runner.db(what, found.append)
        self._qtbot.waitUntil(lambda: bool(found) or bool(self.problems), timeout=20_000)
        assert self.problems == []
        return found[0]

    def record_page(self, kind: type[RecordPage]) -> Any:
        self.rests()
        assert self.window.frame is not None
        page = self.window.frame.content.currentWidget().record
        assert isinstance(page, kind)
        self._qtbot.waitUntil(lambda: page.form is not None, timeout=20_000)
        self.rests()
        return page
