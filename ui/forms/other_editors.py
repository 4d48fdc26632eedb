"""The rarer kinds: a note, a tick to go on, a scale, an order, and places typed by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.forms.answers import understood
from ui.forms.choice_line import ChoiceLine
from ui.forms.editor import Editor
from ui.forms.text_editors import NumberEditor, OneLineEditor
from ui.theme import set_kind

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

_BY_HAND = {
    "geopoint": "Latitude and longitude, for example 53.80 -1.55. This program does not find places itself.",
    "geotrace": "Points as latitude and longitude, divided by semicolons. This program does not find places itself.",
    "geoshape": "Points as latitude and longitude, divided by semicolons. This program does not find places itself.",
    "barcode": "Type the number under the barcode: a laptop cannot scan it.",
}


class NoteEditor(Editor):
    """Words to read; takes no answer."""

    single_field = False

    def fields(self) -> list[QWidget]:
        return []

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        self.setVisible(False)


class ByHandEditor(OneLineEditor):
    """What a telephone would measure or scan, typed; a line says how."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.explain(_BY_HAND.get(question.kind, ""))


class TimeEditor(OneLineEditor):
    """A time of day, or a date with one: "16:05", "4.05 pm"."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.field.textEdited.disconnect()
        self.field.textEdited.connect(self._changed)
        if question.kind == "time":
            self.field.setMaximumWidth(160)

    def _changed(self, text: str) -> None:
        found = understood(self.question.kind, text).value
        self._say(text if found is None else found)

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        written = self.field.text()
        if written.strip() and understood(self.question.kind, written).value == text:
            return
        super()._show(_without_seconds(text), choices)


def _without_seconds(text: str) -> str:
    """ "16:05:00.000Z" as "16:05"; what is no such time as it is."""
    return re.sub(r"(\d\d:\d\d):\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?$", r"\1", text)


class TriggerEditor(Editor):
    """A tick that something was read or done ("OK" in the answer, as ODK has it)."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self.field = QCheckBox()
        self.field.clicked.connect(lambda on: self._say("OK" if on else ""))
        self._watch(self.field)
        self.column.addWidget(ChoiceLine(self.field, "Yes, done"))

    def fields(self) -> list[QWidget]:
        return [self.field]

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        self.field.setChecked(bool(text))


class RangeEditor(NumberEditor):
    """A number between two ends, typed: the ends are said, so nobody has to aim with a slider."""

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        start, end = question.parameters.get("start", ""), question.parameters.get("end", "")
        if start and end:
            self.explain(f"From {start} to {end}.")


class RankEditor(Editor):
    """Putting choices in order: each line has "up" and "down", and the first touch makes the whole order the answer."""

    single_field = False

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        self._order: list[str] = []
        self._labels: dict[str, str] = {}
        self._box = QWidget()
        self._rows = QVBoxLayout(self._box)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._buttons: list[QPushButton] = []
        self.column.addWidget(self._box)

    def fields(self) -> list[QWidget]:
        return list(self._buttons)

    def describe(self, name: str, description: str, error: str) -> None:
        self._box.setAccessibleName(name)
        for button in self._buttons:
            button.setAccessibleDescription(f"{name}. Error: {error}" if error else name)

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        self._labels = {choice.name: choice.label for choice in choices}
        given = [name for name in text.split() if name in self._labels]
        self._order = given + [name for name in self._labels if name not in given]
        self._draw()

    def _draw(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._buttons = []
        for place, name in enumerate(self._order):
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            words = QLabel(f"{place + 1}. {self._labels[name]}")
            words.setWordWrap(True)
            words.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(words, 1)
            for arrow, step in (("up", -1), ("down", 1)):
                button = QPushButton(arrow.capitalize())
                set_kind(button, "link")
                button.setProperty("own_name", True)
                button.setAccessibleName(f"Move {self._labels[name]} {arrow}")
                button.setEnabled(0 <= place + step < len(self._order))
                button.clicked.connect(lambda _on=False, place=place, step=step: self._move(place, step))
                self._watch(button)
                self._buttons.append(button)
                row.addWidget(button)
            self._rows.addWidget(line)

    def _move(self, place: int, step: int) -> None:
        order = self._order
        order[place], order[place + step] = order[place + step], order[place]
        self._draw()
        self._say(" ".join(order))
