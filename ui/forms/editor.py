"""What every editor is: a widget that shows one answer and says when it was changed.

An editor knows nothing of the record it stands in. It is given a `Question` and shown a `Node`; it emits `edited` with
the instance path and the canonical text of the answer - or, where what was typed is not understood, the words as typed
(`FormSession.set` keeps those; record.md: ``typed``). Nothing a person types is refused or corrected while they type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question
    from desktop_app.forms.session import Node

_UNDO_KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class Editor(QWidget):
    """One question's answer on screen.

    `edited(path, text)` fires on every change by the person, never on `show_node`. `left(path)` fires when the keyboard
    leaves it: the time to show an error. `single_field` says whether a label can point at one widget.
    """

    edited = Signal(str, str)
    left = Signal(str)
    single_field: ClassVar[bool] = True

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.path = path
        self.explained = ""
        self._showing = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)

    # for the page ------------------------------------------------------------------------------------------------

    def fields(self) -> list[QWidget]:
        """The widgets that take the keyboard, in Tab order; the first is where a link to this question leads."""
        raise NotImplementedError

    def show_node(self, node: Node, choices: Sequence[Choice] = ()) -> None:
        """Show the node's answer (what was typed, where that is not understood) without saying `edited`."""
        self._showing = True
        try:
            self._show(node.typed if node.typed is not None else node.value, choices)
            self._set_readonly(node.readonly)
        finally:
            self._showing = False

    def describe(self, name: str, description: str, error: str) -> None:
        """Tell a screen reader what is asked, the hint, and what is wrong; mark the fields when something is."""
        description = " ".join(words for words in (description, self.explained) if words)
        spoken = f"Error: {error} {description}".strip() if error else description
        for field in self.fields():
            if not field.property("own_name"):
                field.setAccessibleName(name)
            field.setAccessibleDescription(spoken)
            mark_wrong(field, bool(error))

    def focus(self) -> None:
        """Bring the keyboard here."""
        for field in self.fields():
            if field.isEnabled() and field.focusPolicy() != Qt.FocusPolicy.NoFocus:
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def explain(self, words: str) -> None:
        """A line under the field that says how it is answered, and is spoken with it."""
        self.explained = words
        self.column.addWidget(muted(words))

    # for the editors ---------------------------------------------------------------------------------------------

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        raise NotImplementedError

    def _set_readonly(self, readonly: bool) -> None:
        for field in self.fields():
            if hasattr(field, "setReadOnly"):
                field.setReadOnly(readonly)
            else:
                field.setEnabled(not readonly)

    def _say(self, text: str) -> None:
        if not self._showing:
            self.edited.emit(self.path, text)

    def _watch(self, field: QWidget) -> None:
        """Have `left` fire when the keyboard leaves `field`, and leave Ctrl+Z and Ctrl+Y to the whole record."""
        field.installEventFilter(self)

    def _is_inside(self, focus: QWidget | None) -> bool:
        """From the day to the month is not leaving: nobody is told of an error in what they have not finished."""
        return focus is not None and self.isAncestorOf(focus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and not self._is_inside(QApplication.focusWidget()):
            self.left.emit(self.path)
        elif isinstance(event, QKeyEvent) and any(event.matches(key) for key in _UNDO_KEYS):
            # A text field's own undo would answer first; ignoring the key lets the record's undo have it.
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def mark_wrong(field: QWidget, wrong: bool) -> None:
    """Give a field the style sheet's mark for an error (a thicker border), or take it away."""
    if bool(field.property("wrong")) != wrong:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)


def muted(text: str = "") -> QLabel:
    """A line of secondary words that wraps; hidden while it is empty."""
    label = QLabel(text)
    label.setProperty("kind", "muted")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    # Never shown here: a label without a parent would flash up as a window of its own.
    if not text:
        label.hide()
    return label


def say(label: QLabel, text: str) -> None:
    """Set a line's words; an empty line takes no room."""
    label.setText(text)
    show_if(label, bool(text))


def show_if(widget: QWidget, wanted: bool) -> None:
    """Show or hide a part that may not stand in its parent yet (shown then, it would be a window of its own)."""
    if not wanted:
        widget.hide()
    elif widget.parentWidget() is not None:
        widget.show()
    else:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
