"""The head of a record page: what it is, where it stands, what can be done; one line where there is little height."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.forms.breakable import breakable
from ui.forms.flow import FlowLayout
from ui.theme import set_kind
from ui.toast import ElidedLabel
from ui.widgets import label, pill

_PILLS = {
    "ready": "accent",
    "in_file": "accent",
    "said_emailed": "accent",
    "office_has_it": "good",
    "office_has_it_by_phone": "good",
    "office_asks": "warn",
    "changed": "warn",
    "two_versions": "warn",
}


class RecordHead(QWidget):
    """Title at the left, standing and buttons at the right; under the title where they would squeeze it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.crumb = label("", "muted")
        self.title = label("", "h1")
        self.short_title = ElidedLabel("", "h2")
        self.subtitle = label("", "muted")
        for part in (self.crumb, self.title, self.short_title, self.subtitle):
            words.addWidget(part)
        self.short_title.hide()
        self.subtitle.hide()
        row.addLayout(words, 1)
        holder = QWidget()
        self._actions = FlowLayout(holder, across=8, down=6)
        self.standing = pill("")
        self._actions.addWidget(self.standing)
        self._holder = holder
        row.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        self._spare: list[QPushButton] = []

    def add_button(self, button: QPushButton, *, spare: bool = False) -> None:
        """Put a button at the end. `spare`: it goes where there is no room (its deed is also in the menu)."""
        self._actions.addWidget(button)
        if spare:
            self.spare(button)

    def spare(self, button: QPushButton) -> None:
        """This button goes where there is no room: its deed is also in the menu."""
        self._spare.append(button)

    def say_title(self, words: str) -> None:
        self.title.setText(breakable(words))
        self.title.setAccessibleName(words)
        self.short_title.set_full(words)
        self._give_room()

    def say_subtitle(self, words: str) -> None:
        """A line under the title; "" takes it away."""
        self.subtitle.setText(breakable(words))
        self._arrange()

    def say_standing(self, words: str, code: str) -> None:
        """Where the record stands, in record.md's words."""
        self.standing.setText(words)
        kind = _PILLS.get(code, "")
        set_kind(self.standing, f"pill-{kind}" if kind else "pill")
        self.standing.setAccessibleName(f"Standing: {words}")
        self._give_room()

    def set_compact(self, compact: bool) -> None:
        """One line for the whole head, or room to breathe."""
        if compact != self._compact:
            self._compact = compact
            self._arrange()

    def _arrange(self) -> None:
        self.crumb.setVisible(not self._compact)
        self.title.setVisible(not self._compact)
        self.short_title.setVisible(self._compact)
        self.subtitle.setVisible(bool(self.subtitle.text()) and not self._compact)
        for button in self._spare:
            button.setVisible(not self._compact)
        self._give_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def _give_room(self) -> None:
        """The title has a row of its own where the buttons would leave it less than half."""
        title = self.short_title if self._compact else self.title
        wanted = title.fontMetrics().horizontalAdvance(self.short_title.full()) + 8
        left = self.width() - self._actions.sizeHint().width() - self._row.spacing()
        under = left < min(wanted, self.width() // 2)
        way = QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
        if way != self._row.direction():
            self._row.setDirection(way)
            self._row.setSpacing(4 if under else 10)
            self._row.setAlignment(self._holder, Qt.AlignmentFlag(0) if under else Qt.AlignmentFlag.AlignTop)
