"""A date in three boxes (GOV.UK date input). Takes "jan", "3", a pasted "27/3/2025", and "March 2024"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_app.forms.answers import understood
from desktop_app.forms.wording import british_date
from ui.forms.editor import Editor, muted, say
from ui.forms.flow import FlowLayout

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_BOXES = (("Day", 3), ("Month", 11), ("Year", 5))
_NUMERIC = re.compile(r"^\s*(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{2,4})\s*$")
_WORDED = re.compile(r"^\s*(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})\s*$")
_ISO = re.compile(r"^\s*(\d{4})-(\d{2})-(\d{2})")


def into_boxes(text: str) -> tuple[str, str, str]:
    """A date as stored or typed, for the three boxes; what cannot be divided goes to the middle one, whole."""
    if iso := _ISO.match(text):
        year, month, day = iso.groups()
        if 1 <= int(month) <= 12:
            return str(int(day)), _MONTHS[int(month) - 1], year
    if numeric := _NUMERIC.match(text):
        return numeric.group(1), numeric.group(2), numeric.group(3)
    if worded := _WORDED.match(text):
        return worded.group(1) or "", worded.group(2), worded.group(3)
    if re.fullmatch(r"\s*\d{4}\s*", text):
        return "", "", text.strip()
    return "", text.strip(), ""


class DateEditor(Editor):
    """Day, month and year. A full date is stored as ISO; anything less is kept as it was typed."""

    single_field = False

    def __init__(self, question: Question, path: str, parent: QWidget | None = None) -> None:
        super().__init__(question, path, parent)
        looks = question.appearance.split()
        wanted = {"Day", "Month", "Year"}
        if "year" in looks:
            wanted = {"Year"}
        elif "month-year" in looks:
            wanted = {"Month", "Year"}
        self._whole = len(wanted)
        self._wanted: list[bool] = [name in wanted for name, _letters in _BOXES]
        self.boxes: list[QLineEdit] = []
        beside = QWidget()
        row = FlowLayout(beside, across=10, down=4)
        for name, letters in _BOXES:
            box = QLineEdit()
            box.setProperty("own_name", True)
            box.setProperty("letters", letters)
            box.textEdited.connect(self._changed)
            if name not in wanted:
                box.hide()
            self._watch(box)
            self.boxes.append(box)
            if name in wanted:
                above = QLabel(name)
                above.setTextFormat(Qt.TextFormat.PlainText)
                above.setBuddy(box)
                above.setProperty("kind", "muted")
                both = QWidget()
                pair = QVBoxLayout(both)
                pair.setContentsMargins(0, 0, 0, 0)
                pair.setSpacing(2)
                pair.addWidget(above)
                pair.addWidget(box)
                row.addWidget(both)
        self.column.addWidget(beside)
        self._said = muted()
        self.column.addWidget(self._said)
        self._size_boxes()

    def fields(self) -> list[QWidget]:
        return [box for box, wanted in zip(self.boxes, self._wanted, strict=True) if wanted]

    def describe(self, name: str, description: str, error: str) -> None:
        super().describe(name, description, error)
        for box, (part, _letters) in zip(self.boxes, _BOXES, strict=True):
            box.setAccessibleName(f"{part}, {name}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_boxes()

    def _size_boxes(self) -> None:
        for box in self.boxes:
            box.setFixedWidth(self.fontMetrics().horizontalAdvance("n") * int(box.property("letters")) + 24)
            box.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def _changed(self, text: str) -> None:
        pasted = into_boxes(text)
        if sum(bool(part) for part in pasted) > 1:
            # A whole date put into one box is spread over the three.
            self._fill(pasted)
        self._say(self._canonical())

    def _typed(self) -> str:
        return " ".join(box.text().strip() for box in self.boxes if box.text().strip())

    def _canonical(self) -> str:
        text = self._typed()
        full = text
        if self._whole == 1 and re.fullmatch(r"\d{4}", text):
            full = f"1 January {text}"
        elif self._whole == 2 and all(box.text().strip() for box in self.boxes[1:]):
            full = f"1 {text}"
        found = understood("date", full) if full else None
        if found is None:
            say(self._said, "")
            return ""
        if found.value is None:
            say(self._said, "")
            return text
        exact = self._whole == 3 and british_date(found.value) != text
        say(self._said, british_date(found.value) if exact else "")
        return found.value

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        if self._typed() and self._canonical() == text:
            return
        self._fill(into_boxes(text) if text else ("", "", ""))
        self._canonical()

    def _fill(self, parts: tuple[str, str, str]) -> None:
        for box, part, wanted in zip(self.boxes, parts, self._wanted, strict=True):
            box.setText(part if wanted else "")
