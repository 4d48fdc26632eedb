"""Choosing among what stands on the page: radio buttons and check boxes. Longer lists: `drop_down`, `type_ahead`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui.forms.choice_line import ChoiceLine, Words
from ui.forms.columns import ColumnsLayout
from ui.forms.editor import Editor, muted, say
from ui.forms.flow import FlowLayout
from ui.forms.sections import is_table_row
from ui.theme import set_kind

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

# A scale such as "Yes, Partly, No, Don't know" stands on one line; anything wordier, one under another.
_MOST_ACROSS, _LONGEST_ACROSS = 5, 16
_WIDEST_COLUMN = 240  # pixels; a longer choice wraps
_COLUMNS = re.compile(r"columns-(\d{1,2})")


def stand_across(choices: Sequence[Choice]) -> bool:
    """Whether these choices are few and short enough to stand side by side."""
    return len(choices) <= _MOST_ACROSS and all(len(choice.label) <= _LONGEST_ACROSS for choice in choices)


def scale_columns(box: QWidget, words: Sequence[str], fits: Callable[[bool], None]) -> ColumnsLayout:
    """The columns of a scale; those of all rows of a table, and of its head, agree."""

    def least() -> int:
        metrics = box.fontMetrics()
        return max((metrics.horizontalAdvance(word) for words_ in words for word in words_.split()), default=0) + 10

    return ColumnsLayout(box, len(words), least, across=4, all_or_one=True, fits=fits)


def clear_width(widget: QWidget) -> int:
    """Pixels kept at the end of a table's row for the way to clear its answer."""
    return widget.fontMetrics().horizontalAdvance("Clear") + 18


class _LineChoices(Editor):
    """What radio buttons and check boxes have in common: lines made from the choices, remade when these change."""

    single_field = False

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self._choices: tuple[Choice, ...] = ()
        self.lines: dict[str, ChoiceLine] = {}
        self._unlisted: list[str] = []
        self._box: QWidget | None = None
        self._spoken = ("", "", "")
        self.notice = muted()
        self.column.addWidget(self.notice)

    def fields(self) -> list[QWidget]:
        return [line.button for line in self.lines.values()]

    def describe(self, name: str, description: str, error: str) -> None:
        self._spoken = (name, description, error)
        if self._box is not None:
            # The group carries the question; each button is named by its own words.
            self._box.setAccessibleName(name)
            self._box.setAccessibleDescription(f"Error: {error} {description}".strip() if error else description)
        spoken = f"{name}. Error: {error}" if error else name
        for line in self.lines.values():
            line.button.setAccessibleDescription(spoken)

    def _set_readonly(self, readonly: bool) -> None:
        for line in self.lines.values():
            line.setEnabled(not readonly)

    def _make(self, choices: Sequence[Choice]) -> None:
        if tuple(choices) == self._choices and self._box is not None:
            return
        self._choices = tuple(choices)
        had_focus = any(line.button.hasFocus() for line in self.lines.values())
        if self._box is not None:
            self._box.setParent(None)
            self._box.deleteLater()
        self.lines = {}
        self._box = box = QWidget()
        for choice in choices:
            line = ChoiceLine(self._button(choice), choice.label, box)
            self._watch(line.button)
            self.lines[choice.name] = line
        inside = self._layout_for(box, choices)
        for line in self.lines.values():
            inside.addWidget(line)
        self.column.insertWidget(0, box)
        self._finish(box, inside)
        self.describe(*self._spoken)
        if had_focus:
            self.focus()

    def _layout_for(self, box: QWidget, choices: Sequence[Choice]) -> QLayout:
        """How the choices stand: as the appearance says (ODK XForms spec: appearances), or as reads best."""
        looks = self.question.appearance.split()
        if "likert" in looks or is_table_row(self.question):
            return self._scale(box, Words.UNDER if "likert" in looks else Words.NOWHERE)
        number = next((int(found.group(1)) for look in looks if (found := _COLUMNS.fullmatch(look))), 0)
        if number:
            return ColumnsLayout(box, number, self._longest_word)
        if "columns" in looks or "list" in looks:
            return ColumnsLayout(box, 0, self._longest_choice)
        packed = any(look.startswith(("columns", "horizontal")) for look in looks)
        if packed or (self.question.kind == "select_one" and stand_across(choices)):
            for line in self.lines.values():
                line.words.setWordWrap(False)
            return FlowLayout(box, across=18, down=2)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        return inside

    def _scale(self, box: QWidget, place: Words) -> QLayout:
        """All choices on one line in columns of one width, or - where their words have no room - under one another."""

        def fits(fit: bool) -> None:
            for line in self.lines.values():
                line.put_words(place if fit else Words.BESIDE)

        return scale_columns(box, [choice.label for choice in self._choices], fits)

    def _longest_word(self) -> int:
        return max((line.least_width() for line in self.lines.values()), default=0)

    def _longest_choice(self) -> int:
        return max((min(line.natural_width(), _WIDEST_COLUMN) for line in self.lines.values()), default=0)

    def _button(self, choice: Choice) -> QAbstractButton:
        raise NotImplementedError

    def _finish(self, box: QWidget, inside: QLayout) -> None:
        """What comes with the choices, which stand in `box`."""

    def _say_unlisted(self) -> None:
        # An answer whose choice is gone from the list is never dropped without a word.
        words = ", ".join(f"“{name}”" for name in self._unlisted)
        say(self.notice, f"Also answered: {words} (no longer one of the choices)" if words else "")


class RadioEditor(_LineChoices):
    """One of a few. None is chosen beforehand; "Clear answer", Delete and Backspace take the choice back."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        self._group: QButtonGroup | None = None
        self._line: QHBoxLayout | None = None
        self.clear_button = QPushButton("Clear answer")
        super().__init__(question, path, parent)
        set_kind(self.clear_button, "link")
        self.clear_button.clicked.connect(self._clear)

    def describe(self, name: str, description: str, error: str) -> None:
        super().describe(name, description, error)
        self.clear_button.setAccessibleName(f"Clear answer: {name}")

    def _button(self, choice: Choice) -> QAbstractButton:
        return QRadioButton()

    def _finish(self, box: QWidget, inside: QLayout) -> None:
        old, self._group = self._group, QButtonGroup(self)
        if old is not None:
            old.deleteLater()
        for name, line in self.lines.items():
            self._group.addButton(line.button)
            line.button.clicked.connect(lambda _on=False, name=name: self._picked(name))
        if is_table_row(self.question):
            self._beside(box)
        elif isinstance(inside, ColumnsLayout):
            self.column.insertWidget(1, self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self.clear_button.setParent(box)
            inside.addWidget(self.clear_button)
            if isinstance(inside, QVBoxLayout):
                inside.setAlignment(self.clear_button, Qt.AlignmentFlag.AlignLeft)
        self.clear_button.hide()

    def _beside(self, box: QWidget) -> None:
        """In a table the way to clear an answer keeps its room: rows do not jump when they are answered."""
        if self._line is None:
            self.clear_button.setText("Clear")
            room = self.clear_button.sizePolicy()
            room.setRetainSizeWhenHidden(True)
            self.clear_button.setSizePolicy(room)
            self.clear_button.setFixedWidth(clear_width(self))
            self._line = QHBoxLayout()
            self._line.setSpacing(0)
            self._line.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignTop)
            self.column.insertLayout(0, self._line)
        self._line.insertWidget(0, box, 1)

    def _picked(self, name: str) -> None:
        self._unlisted = []
        self._say_unlisted()
        self.clear_button.show()
        self._say(name)

    def _clear(self) -> None:
        self._tick("")
        self.focus()
        self._say("")

    def _tick(self, name: str) -> None:
        assert self._group is not None
        self._group.setExclusive(False)
        for key, line in self.lines.items():
            line.button.setChecked(key == name)
        self._group.setExclusive(True)
        self.clear_button.setVisible(name in self.lines)

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        self._make(choices)
        self._tick(text)
        self._unlisted = [text] if text and text not in self.lines else []
        self._say_unlisted()

    def _set_readonly(self, readonly: bool) -> None:
        super()._set_readonly(readonly)
        self.clear_button.setEnabled(not readonly)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
            and self._group is not None
            and self._group.checkedButton() is not None
        ):
            self._clear()
            return True
        return super().eventFilter(watched, event)


class CheckEditor(_LineChoices):
    """Any number of a few, in the order they were ticked. "Select all that apply" stands in the hint, once."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        self._ticked: list[str] = []
        super().__init__(question, path, parent)
        if is_table_row(question):
            self.setContentsMargins(0, 0, clear_width(self), 0)  # its columns stand under those of the head

    def _button(self, choice: Choice) -> QAbstractButton:
        button = QCheckBox()
        button.clicked.connect(lambda on, name=choice.name: self._toggled(name, on))
        return button

    def _toggled(self, name: str, on: bool) -> None:
        if on:
            self._ticked.append(name)
        elif name in self._ticked:
            self._ticked.remove(name)
        self._say(" ".join(self._ticked))

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        self._make(choices)
        self._ticked = text.split()
        for name, line in self.lines.items():
            line.button.setChecked(name in self._ticked)
        self._unlisted = [name for name in self._ticked if name not in self.lines]
        self._say_unlisted()
