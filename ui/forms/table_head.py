"""The head of a table of questions with the same choices: their words once, over the columns (ODK: ``table-list``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.forms.choice_editors import clear_width, scale_columns
from ui.forms.editor import Editor
from ui.theme import set_kind

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question


class TableHeadEditor(Editor):
    """Words to read; takes no answer. Each row says its choices to a screen reader itself."""

    single_field = False

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self._words: tuple[str, ...] | None = None
        self._box: QWidget | None = None
        self._line = QHBoxLayout()
        self._line.setSpacing(0)
        self._line.addSpacing(clear_width(self))
        self.column.addLayout(self._line)

    def fields(self) -> list[QWidget]:
        return []

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        words = tuple(choice.label for choice in choices)
        if words == self._words:
            return
        self._words = words
        if self._box is not None:
            self._box.setParent(None)
            self._box.deleteLater()
        self._box = box = QWidget()
        labels = [QLabel(label) for label in words]

        def fits(fit: bool) -> None:
            for label in labels:
                label.setVisible(fit)  # without room the rows say their choices themselves

        columns = scale_columns(box, words, fits)
        for label in labels:
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            set_kind(label, "muted")
            columns.addWidget(label)
        self._line.insertWidget(0, box, 1)
