"""The small parts of the notes page: a written line, the box for the next one, and the box for a due date."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.forms.answers import understood
from desktop_app.forms.wording import british_date
from ui.forms.breakable import breakable
from ui.forms.flow import FlowLayout
from ui.forms.text_editors import GrowingText
from ui.pages.senco_lines import CATEGORIES, NOT_AGREED, PERMISSIONS, NoteLine
from ui.theme import set_kind
from ui.widgets import label, pill

_UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class LineRow(QFrame):
    """A line that was written: number, words, what it becomes and what may be done with it. Enter or F2 changes it."""

    edit_wanted = Signal(str)
    focused = Signal(str)
    record_wanted = Signal(str)

    def __init__(self, line: NoteLine, roles: dict[str, str], made: str, parent: QWidget | None = None) -> None:
        """`made`: the record made of the line, or ""."""
        super().__init__(parent)
        self.line = line
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName("note-line")
        self._grid = row = QGridLayout(self)
        row.setContentsMargins(6, 8, 6, 8)
        row.setHorizontalSpacing(10)
        row.setColumnStretch(1, 1)
        self._under = False
        number = label(f"{line.number}", "muted", wrap=False)
        number.setMinimumWidth(number.fontMetrics().horizontalAdvance("000"))
        self.words = label(breakable(line.text))
        row.addWidget(number, 0, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 0, 1, Qt.AlignmentFlag.AlignTop)
        self._marks = marks = QWidget()
        self._flow = flow = FlowLayout(marks, across=6, down=4)
        self.open_button: QPushButton | None = None
        said = [mark_words(line, roles)] if line.mark in ("evidence", "action") else []
        if said:
            flow.addWidget(pill(said[0], "accent" if line.mark == "evidence" else "warn"))
        if made:
            said.append("record made")
            self.open_button = QPushButton("Record made")
            set_kind(self.open_button, "link")
            self.open_button.setAccessibleName(f"Open the record made of line {line.number}")
            self.open_button.clicked.connect(lambda: self.record_wanted.emit(made))
            flow.addWidget(self.open_button)
        if line.permission != NOT_AGREED or line.mark == "evidence":
            said.append(PERMISSIONS.get(line.permission, line.permission))
            flow.addWidget(label(said[-1], "muted", wrap=False))
        row.addWidget(marks, 0, 2, Qt.AlignmentFlag.AlignTop)
        if said:
            for words in (number, self.words):
                words.setContentsMargins(0, 4, 0, 0)  # on one line with the words in the mark
        else:
            marks.hide()
        self.setAccessibleName(f"Line {line.number}: {line.text}" + (f" ({', '.join(said)})" if said else ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width, least = event.size().width(), self._flow.minimumSize().width()
        under = least > width * 2 // 5
        if under != self._under:
            self._under = under
            self._grid.removeWidget(self._marks)
            self._grid.addWidget(self._marks, int(under), 1 if under else 2, Qt.AlignmentFlag.AlignTop)
        self._marks.setMaximumWidth(16_777_215 if under else width * 2 // 5)

    def minimumSizeHint(self) -> QSize:
        # The marks go under the words before they push anything out at the side.
        return QSize(min(220, super().minimumSizeHint().width()), super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and not event.modifiers():
            self.edit_wanted.emit(self.line.row)
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        set_kind(self, "card")
        self.focused.emit(self.line.row)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        set_kind(self, "")


def mark_words(line: NoteLine, roles: dict[str, str]) -> str:
    """ "Evidence · Access", "Action · SENCO network, 3 December" """
    if line.mark == "evidence":
        about = CATEGORIES.get(line.category, "")
        return f"Evidence · {about}" if about else "Evidence"
    parts = [roles.get(line.action_role, ""), british_date(line.action_due).removesuffix(f" {date.today().year}")]
    said = ", ".join(part for part in parts if part)
    return f"Action · {said}" if said else "Action"


class Entry(GrowingText):
    """The box one writes the next line in. Enter ends the line; Shift+Enter breaks it."""

    entered = Signal()
    up = Signal()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and any(event.matches(key) for key in _UNDO):
            event.ignore()  # undo is the whole record's
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Up and plain and self.textCursor().blockNumber() == 0:
            self.up.emit()
        else:
            super().keyPressEvent(event)


class DueBox(QFrame):
    """When an action is due: "3 dec" will do; Enter on an empty box leaves it open."""

    given = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        title = label("When is it due?", "h3")
        self.field = QLineEdit()
        self.field.setAccessibleName("When is it due?")
        self.field.setAccessibleDescription("For example, 3 dec. Enter when done.")
        title.setBuddy(self.field)
        self.said = label("For example, 3 dec. Leave it empty if there is no date yet.", "muted")
        column.addWidget(title)
        column.addWidget(self.field)
        column.addWidget(self.said)
        self.field.textEdited.connect(self._understand)
        self.field.returnPressed.connect(self._give)
        self.hide()

    def ask(self, due: str) -> None:
        self.field.setText(british_date(due))
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _understand(self, text: str) -> None:
        value = due_date(text, date.today())
        self.said.setText(british_date(value) if value else "Kept as typed." if text.strip() else "No date yet.")

    def _give(self) -> None:
        text = self.field.text().strip()
        self.hide()
        self.given.emit(due_date(text, date.today()) or text)


def due_date(text: str, today: date) -> str:
    """A date to come, as ISO; a day and month alone mean the next time they come round. "" when not understood."""
    if not text.strip():
        return ""
    found = understood("date", text).value
    if found:
        return found
    for year in (today.year, today.year + 1):
        found = understood("date", f"{text} {year}").value
        if found and date.fromisoformat(found) >= today:
            return found
    return ""
