"""A short numbered list to choose from by one key: a digit, or the arrows and Enter; Esc leaves it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget


class _List(QListWidget):
    key = Signal(QKeyEvent)
    focus_lost = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_0
        if 1 <= digit <= min(9, self.count()):
            self.setCurrentRow(digit - 1)
            self.itemActivated.emit(self.item(digit - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.itemActivated.emit(self.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self.focus_lost.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.focus_lost.emit()


class QuickChoice(QFrame):
    """`chosen(name)` once; `left()` when the person goes elsewhere. Hidden until `ask`."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setProperty("kind", "h3")
        self.title.setWordWrap(True)
        column.addWidget(self.title)
        self.list = _List()
        self.list.setProperty("kind", "rows")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.list.itemActivated.connect(self._picked)
        self.list.itemClicked.connect(self._picked)
        self.list.focus_lost.connect(self._leave)
        column.addWidget(self.list)
        self._asking = False
        self.hide()

    def ask(self, title: str, choices: Sequence[tuple[str, str]], current: str = "") -> None:
        """Offer (name, words) and take the keyboard."""
        self.title.setText(title)
        self.list.setAccessibleName(title)
        self.list.clear()
        for place, (name, words) in enumerate(choices):
            item = QListWidgetItem(f"{place + 1}  {words}" if place < 9 else f"    {words}")
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            self.list.addItem(item)
            if current and name == current:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        row = max(self.list.sizeHintForRow(0), self.fontMetrics().lineSpacing() + 6)
        self.list.setFixedHeight(row * min(10, len(choices)) + 6)
        self._asking = True
        self.show()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _picked(self, item: QListWidgetItem) -> None:
        if self._asking:
            self._asking = False
            self.hide()
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _leave(self) -> None:
        if self._asking:
            self._asking = False
            self.hide()
            self.left.emit()
