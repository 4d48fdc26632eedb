"""One question on the page: its words and reference, the hint, the editor, and what is wrong with the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.forms.breakable import breakable
from ui.forms.editor import Editor, muted, say
from ui.forms.editors import make_editor
from ui.forms.sections import is_table_head, is_table_row
from ui.forms.text_editors import MultilineEditor
from ui.theme import Theme, set_kind

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice
    from desktop_app.forms.session import Node


_TABLE_LETTERS, _ANY = 48, 16_777_215
_KNOWN_REF = re.compile(r"[A-Z]?\d")


def kept_as_typed(kind: str, raw: str) -> str:
    """What is said of an answer that is not (or not yet) a value of its kind; the summary says the same."""
    until = {"date": "has a day, a month and a year", "integer": "is a whole number", "decimal": "is a number"}
    return f"“{raw}” is kept as typed. It is not counted until it {until.get(kind, 'is complete')}."


class QuestionRow(QWidget):
    """Shows a node and its choices; keeps the error to itself until the keyboard has left the question.

    `hiding_answered(keep)`: what the person wants with answers that this answer hides (record.md: ``aside``).
    """

    hiding_answered = Signal(bool)

    def __init__(self, theme: Theme, node: Node, choices: Sequence[Choice], about: str = "") -> None:
        """`about`: the question this one asks more about, for those who hear it without seeing what stands above."""
        super().__init__()
        self._theme = theme
        self._about = about
        self.node = node
        self.error = ""
        self._error_allowed = bool(node.typed)
        self._said: object = None
        self._shown: object = None  # what the row shows, None where the person has typed since
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.hint = muted()
        self.error_line = QLabel()
        self.error_line.setProperty("kind", "error")
        self.error_line.setTextFormat(Qt.TextFormat.PlainText)
        self.error_line.setWordWrap(True)
        self.error_line.hide()
        self.editor: Editor = make_editor(node.question, node.path, choices or node.question.choices)
        self.editor.left.connect(self._left)
        self.aside_line = muted()
        self._across: QBoxLayout | None = None
        above = column
        if is_table_head(node.question) or is_table_row(node.question):
            self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            column.addLayout(self._across)
            above = QVBoxLayout()
            self._across.addLayout(above, 1)
        above.addWidget(self.title)
        above.addWidget(self.hint)
        above.addWidget(self.error_line)
        if self._across is not None:
            above.addStretch(1)
        (self._across or column).addWidget(self.editor)
        column.addWidget(self.aside_line)
        self._column = column
        self._notice: QFrame | None = None
        if self.editor.single_field and (fields := self.editor.fields()):
            self.title.setBuddy(fields[-1])
        theme.changed.connect(self._draw_title)
        self.show_node(node, choices)

    @property
    def path(self) -> str:
        return self.editor.path

    @property
    def ref(self) -> str:
        """The reference people know, such as 2.1.1 or F2; not the names of rows of our own ("ABOUT1")."""
        ref = self.node.question.be.get("ref", "")
        return ref if _KNOWN_REF.match(ref) else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._across is not None:
            # A row of a table: words at the left, choices at the right under those of the head, where there is room.
            width = event.size().width()
            wide = width >= _TABLE_LETTERS * self.fontMetrics().horizontalAdvance("n")
            directions = QBoxLayout.Direction
            self._across.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
            self.editor.setMinimumWidth(width * 3 // 5 if wide else 0)
            self.editor.setMaximumWidth(width * 3 // 5 if wide else _ANY)

    def show_node(self, node: Node, choices: Sequence[Choice], *, error: str = "", kept_in: bool = False) -> None:
        """Show the node as it is now. `error` is what the summary would say of it."""
        wanted = (node, tuple(choices), error, kept_in)
        if wanted == self._shown:
            return  # drawing a question anew costs a few milliseconds, and most do not change
        self._shown = wanted
        self.node = node
        self.editor.path = node.path
        self._draw_title()
        hint = node.hint
        if not hint and node.question.kind == "select_multiple" and len(choices) > 1:
            hint = "Select all that apply"
        say(self.hint, hint)
        self.editor.show_node(node, choices)
        say(self.aside_line, "Kept in, though the answer above no longer asks for it." if kept_in else "")
        self.show_error(error if node.typed or node.value or self._error_allowed else "")

    def typed_into(self, node: Node, error: str) -> None:
        """The answer changed by what the person is typing: the editor is left as it is."""
        self.node = node
        self._shown = None
        self.show_error(error)

    def show_error(self, error: str) -> None:
        """Say what is wrong in the words the summary uses; "" takes it away."""
        self.error = error
        visible = error if self._error_allowed else ""
        said = (visible, self.node.label, self.hint.text(), self.node.typed, self.node.message)
        if said == self._said:
            return
        self._said = said
        say(self.error_line, breakable(visible))
        doubt = self.node.typed is not None and not self.node.message
        set_kind(self.error_line, "warn" if doubt else "error")
        self.error_line.setAccessibleName(f"Error: {visible}" if visible else "")
        ref = f" ({self.ref})" if self.ref else ""
        about = f"About: {self._about}" if self._about else ""
        described = " ".join(words for words in (about, self.hint.text()) if words)
        self.editor.describe(f"{self.node.label}{ref}", described, visible)

    def demand(self, error: str) -> None:
        """Show the error now, whether or not the person has been here (after "Mark as ready")."""
        self._error_allowed = True
        self.show_error(error)

    def mark_personal(self, marks: Sequence[tuple[int, int]]) -> None:
        """Underline likely personal data in the answer."""
        if isinstance(self.editor, MultilineEditor):
            colours = self._theme.colours
            self.editor.field.set_marks(marks, colours.warn_tint, colours.warn)

    def ask_about_hidden(self, labels: Sequence[str]) -> None:
        """Say that filled answers are hidden by this one, and ask: keep them in, or put them aside."""
        self.stop_asking()
        if not labels:
            return
        notice = QFrame()
        notice.setProperty("kind", "notice")
        inside = QVBoxLayout(notice)
        inside.setContentsMargins(12, 8, 12, 8)
        many = len(labels) > 1
        listed = "; ".join(labels[:3]) + (f"; and {len(labels) - 3} more" if len(labels) > 3 else "")
        words = QLabel(
            f"This hides {len(labels)} filled answer{'s' if many else ''}: {listed}. "
            f"{'They are' if many else 'It is'} put aside: nothing is lost, but lists, reports and counts leave "
            f"{'them' if many else 'it'} out."
        )
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        inside.addWidget(words)
        row = QHBoxLayout()
        for text, keep in (("Keep them in" if many else "Keep it in", True), ("Put aside", False)):
            button = QPushButton(text)
            button.clicked.connect(lambda _on=False, keep=keep: self._answered(keep))
            row.addWidget(button)
        row.addStretch(1)
        inside.addLayout(row)
        notice.setAccessibleName(words.text())
        self._notice = notice
        self._column.addWidget(notice)

    def stop_asking(self) -> None:
        """Take the question about hidden answers away."""
        if self._notice is not None:
            self._column.removeWidget(self._notice)
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None

    def add_below(self, widget: QWidget) -> None:
        """Put something under the answer that goes with it."""
        self._column.addWidget(widget)

    def focus(self) -> None:
        self.editor.focus()

    def _answered(self, keep: bool) -> None:
        self.stop_asking()
        self.focus()
        self.hiding_answered.emit(keep)

    def _left(self) -> None:
        if not self._error_allowed:
            self._error_allowed = True
            self.show_error(self.error)

    def _draw_title(self) -> None:
        kind = self.node.question.kind
        head = is_table_head(self.node.question)
        said = self.node.label or ("" if head else self.node.question.name)
        label = escape(breakable(said)).replace("\n", "<br>")
        words = label if kind == "note" else f"<b>{label}</b>"
        colour = self._theme.colours.muted
        if self.ref:
            words += f"&nbsp; <span style='color:{colour}'>{escape(self.ref)}</span>"
        if self.node.required:
            words += f"&nbsp; <span style='color:{colour}'>(needed)</span>"
        self.title.setText(words)


def heading(text: str, kind: str = "h2") -> QLabel:
    """A heading inside a section."""
    label = QLabel(breakable(text))
    set_kind(label, kind)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
