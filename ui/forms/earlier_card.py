"""Answers to questions the form no longer asks, beside the questions: to read, never to lose (record.md: ``earlier``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.forms.breakable import breakable
from ui.forms.editor import muted
from ui.forms.question_row import heading
from ui.widgets import clear, label

if TYPE_CHECKING:
    from desktop_app.forms.earlier import Earlier


class EarlierCard(QFrame):
    """One line of the old question, one of the answer. Hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(4)
        self.entries: tuple[Earlier, ...] = ()
        self.hide()

    def show_entries(self, entries: Sequence[Earlier]) -> None:
        if tuple(entries) == self.entries:
            return
        self.entries = tuple(entries)
        clear(self._column)
        self._column.addWidget(heading("Asked by an earlier form", "h3"))
        for entry in entries:
            self._column.addWidget(muted(breakable(entry.label)))
            self._column.addWidget(label(breakable(entry.words), select=True))
        self.setAccessibleName("Answers to questions of an earlier form")
        self.setVisible(bool(entries))
