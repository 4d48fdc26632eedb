"""Answers that are typed: one line, several lines, numbers and money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from desktop_app.forms.answers import Understood, understood
from desktop_app.forms.plain import plain_number
from desktop_app.forms.wording import pounds
from ui.forms import spelling
from ui.forms.editor import Editor, muted, say

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

_FEWEST_LINES, _MOST_LINES = 3, 14


class OneLineEditor(Editor):
    """Words on one line."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.field = QLineEdit()
        self.field.textEdited.connect(self._say)
        self._watch(self.field)
        self.column.addWidget(self.field)
        if "masked" in question.appearance.split():
            self.field.setEchoMode(QLineEdit.EchoMode.Password)

    def fields(self) -> list[QWidget]:
        return [self.field]

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        if self.field.text() != text:
            at = self.field.cursorPosition()
            self.field.setText(text)
            self.field.setCursorPosition(min(at, len(text)))


class GrowingText(QPlainTextEdit):
    """A box of at least three lines that grows with what is in it, up to fourteen; beyond that it scrolls inside.

    `marks` are stretches (start, end) shown as likely personal data: a ground and an underline, never colour alone.
    """

    cursor_moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lines = 0
        self.fewest_lines = _FEWEST_LINES
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.cursorPositionChanged.connect(self.cursor_moved)
        self._grow()

    def set_marks(self, marks: Sequence[tuple[int, int]], ground: str, line: str) -> None:
        selections = []
        for start, end in marks:
            selection = QTextEdit.ExtraSelection()
            form = QTextCharFormat()
            form.setBackground(QColor(ground))
            form.setUnderlineColor(QColor(line))
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            cursor = QTextCursor(self.document())
            cursor.setPosition(min(start, self.document().characterCount() - 1))
            cursor.setPosition(min(end, self.document().characterCount() - 1), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor  # type: ignore[attr-defined]
            selection.format = form  # type: ignore[attr-defined]
            selections.append(selection)
        self.setExtraSelections(selections)

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._lines = 0
            self._grow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A box that shows all its lines leaves the wheel to the page.
        if self.verticalScrollBar().maximum() == 0:
            event.ignore()
        else:
            super().wheelEvent(event)

    def set_fewest_lines(self, lines: int) -> None:
        """How high the box is while there is little in it."""
        self.fewest_lines = lines
        self._grow()

    def _grow(self, *_size: object) -> None:
        lines = max(self.fewest_lines, min(_MOST_LINES, round(self.document().size().height())))
        frame = 2 * self.frameWidth() + 2 * round(self.document().documentMargin()) + 2
        height = lines * self.fontMetrics().lineSpacing() + frame
        if lines != self._lines or height != self.height():
            self._lines = lines
            self.setFixedHeight(height)


class MultilineEditor(Editor):
    """Words on as many lines as they need."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.field = GrowingText()
        self._said = ""
        self.field.textChanged.connect(self._changed)
        self._watch(self.field)
        self.spelling = spelling.attach(self.field)
        self.column.addWidget(self.field)

    def fields(self) -> list[QWidget]:
        return [self.field]

    def _changed(self) -> None:
        text = self.field.toPlainText()
        if text != self._said:  # an underline that comes or goes is no change of the answer
            self._said = text
            self._say(text)

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        if self.field.toPlainText() != text:
            at = self.field.textCursor().position()
            self.field.setPlainText(text)
            cursor = self.field.textCursor()
            cursor.setPosition(min(at, len(text)))
            self.field.setTextCursor(cursor)


class NumberEditor(Editor):
    """A number; money with a pound sign. Takes "1,200", "1.2m", "£40k" and says what was understood."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.money = "money" in question.be.get("role", "").split()
        self._grouped = "thousands-sep" in question.appearance.split()
        self.field = QLineEdit()
        self.field.textEdited.connect(self._changed)
        self._watch(self.field)
        self._said = muted()
        row = QHBoxLayout()
        row.setSpacing(8)
        if self.money:
            row.addWidget(QLabel("£"))
        row.addWidget(self.field)
        unit = question.be.get("unit", "")
        if unit:
            after = QLabel(unit)
            after.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(after)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self._said)
        self._size_field()

    def fields(self) -> list[QWidget]:
        return [self.field]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_field()

    def _size_field(self) -> None:
        # As wide as the answer is likely to be (GOV.UK text input), and no narrower than a thumb.
        letters = 14 if self.money else 9
        self.field.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * letters + 24)
        self.field.setMinimumWidth(72)

    def _changed(self, text: str) -> None:
        self._say(self._canonical(text))

    def _understood(self, text: str) -> Understood:
        return understood(self.question.kind, text, money=self.money)

    def _canonical(self, text: str) -> str:
        found = self._understood(text)
        differs = bool(text.strip()) and found.value is not None and found.said not in ("", text.strip())
        say(self._said, f"Understood as {found.said}" if differs else "")
        return text if found.value is None else found.value

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        text = plain_number(text)
        written = self.field.text()
        if written == text or (written.strip() and self._understood(written).value == text):
            return  # what the person typed already means this: "£1.2m" stays as they wrote it
        self.field.setText(pounds(text).replace("£", "") if self.money or self._grouped else text)
        self._canonical(self.field.text())
