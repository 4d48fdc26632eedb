"""Choosing: radio buttons, check boxes, and a drop-down for the middling lists. Long lists are in `type_ahead`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ui.forms.editor import ChoiceLine, Editor, muted, say
from ui.forms.flow import FlowLayout
from ui.theme import set_kind

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

# A scale such as "Yes, Partly, No, Don't know" stands on one line; anything wordier, one under another.
_MOST_ACROSS, _LONGEST_ACROSS = 5, 16
_WIDEST_COLUMN = 280  # pixels; a longer choice takes its own room


def stand_across(choices: Sequence[Choice]) -> bool:
    """Whether these choices are few and short enough to stand side by side."""
    return len(choices) <= _MOST_ACROSS and all(len(choice.label) <= _LONGEST_ACROSS for choice in choices)


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
        self._across = False
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
        looks = self.question.appearance.split()
        columns = any(look.startswith(("columns", "horizontal", "likert", "list")) for look in looks)
        self._across = columns or (self.question.kind == "select_one" and stand_across(choices))
        inside: QLayout
        if self._across:
            inside = FlowLayout(box, across=18, down=2)
        else:
            inside = QVBoxLayout(box)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(0)
        for choice in choices:
            line = ChoiceLine(self._button(choice), choice.label, box)
            line.words.setWordWrap(not self._across)
            self._watch(line.button)
            self.lines[choice.name] = line
            inside.addWidget(line)
        if any(look.startswith(("columns", "list")) for look in looks) and "columns-pack" not in looks:
            # Under one another in columns, and in a table under those of the row above.
            widest = max((line.natural_width() for line in self.lines.values()), default=0)
            for line in self.lines.values():
                line.setMinimumWidth(min(widest, _WIDEST_COLUMN))
        self._finish(inside)
        self.column.insertWidget(0, box)
        self.describe(*self._spoken)
        if had_focus:
            self.focus()

    def _button(self, choice: Choice) -> QAbstractButton:
        raise NotImplementedError

    def _finish(self, inside: QLayout) -> None:
        """A last widget after the choices."""

    def _say_unlisted(self) -> None:
        # An answer whose choice is gone from the list is never dropped without a word.
        words = ", ".join(f"“{name}”" for name in self._unlisted)
        say(self.notice, f"Also answered: {words} (no longer one of the choices)" if words else "")


class RadioEditor(_LineChoices):
    """One of a few. None is chosen beforehand; "Clear answer", Delete and Backspace take the choice back."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        self._group: QButtonGroup | None = None
        self.clear_button = QPushButton("Clear answer")
        super().__init__(question, path, parent)
        set_kind(self.clear_button, "link")
        self.clear_button.clicked.connect(self._clear)

    def describe(self, name: str, description: str, error: str) -> None:
        super().describe(name, description, error)
        self.clear_button.setAccessibleName(f"Clear answer: {name}")

    def _button(self, choice: Choice) -> QAbstractButton:
        return QRadioButton()

    def _finish(self, inside: QLayout) -> None:
        old, self._group = self._group, QButtonGroup(self)
        if old is not None:
            old.deleteLater()
        for name, line in self.lines.items():
            self._group.addButton(line.button)
            line.button.clicked.connect(lambda _on=False, name=name: self._picked(name))
        self.clear_button.setParent(self._box)
        if isinstance(inside, QVBoxLayout):
            inside.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            inside.addWidget(self.clear_button)
        self.clear_button.hide()

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


class _CalmCombo(QComboBox):
    """A drop-down the wheel does not change: scrolling the page must not alter an answer."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class DropDownEditor(Editor):
    """One of a longer list. Nothing chosen shows "Choose one"; "Clear answer" takes the choice back."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self._choices: tuple[Choice, ...] = ()
        self.field = _CalmCombo()
        self.field.setPlaceholderText("Choose one")
        self.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.field.setMinimumContentsLength(12)
        self.field.setMaxVisibleItems(14)
        self.field.activated.connect(self._picked)
        self._watch(self.field)
        self.clear_button = QPushButton("Clear answer")
        set_kind(self.clear_button, "link")
        self.clear_button.clicked.connect(self._clear)
        self.field.setMaximumWidth(self.fontMetrics().horizontalAdvance("n") * 48)
        self.column.addWidget(self.field)
        self.column.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.notice = muted()
        self.column.addWidget(self.notice)

    def fields(self) -> list[QWidget]:
        return [self.field]

    def describe(self, name: str, description: str, error: str) -> None:
        # A combo box would otherwise be announced by its current item alone.
        super().describe(name, description, error)
        self.clear_button.setAccessibleName(f"Clear answer: {name}")

    def _picked(self, index: int) -> None:
        self.clear_button.setVisible(index >= 0)
        self._say(self.field.itemData(index) or "")

    def _clear(self) -> None:
        self.field.setCurrentIndex(-1)
        self.clear_button.hide()
        self.field.setFocus()
        self._say("")

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self.field.clear()
            for choice in choices:
                self.field.addItem(choice.label, choice.name)
        index = self.field.findData(text) if text else -1
        self.field.setCurrentIndex(index)
        self.clear_button.setVisible(index >= 0)
        say(self.notice, f"Also answered: “{text}” (no longer one of the choices)" if text and index < 0 else "")
