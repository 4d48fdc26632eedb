"""The head of a record page: what it is, where it stands, what can be done; one line where there is little height."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.forms.breakable import breakable
from ui.forms.flow import FlowLayout
from ui.theme import set_kind
from ui.widgets import ElidedLabel, label, pill

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
    """Title at the left, standing and buttons at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._compact = False
        row = QHBoxLayout(self)
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
        row.addLayout(words, 1)
        holder = QWidget()
        self._actions = FlowLayout(holder, across=8, down=6)
        self.standing = pill("")
        self._actions.addWidget(self.standing)
        row.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        self._spare: list[QPushButton] = []

    def add_button(self, button: QPushButton, *, spare: bool = False) -> None:
        """Put a button at the end. `spare`: it goes where there is no room (its deed is also in the menu)."""
        self._actions.addWidget(button)
        if spare:
            self._spare.append(button)

    def say_title(self, words: str) -> None:
        self.title.setText(breakable(words))
        self.title.setAccessibleName(words)
        self.short_title.set_full(words)

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
