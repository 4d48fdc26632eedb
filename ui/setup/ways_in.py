"""The three ways in: the passphrase, the spare key on paper, or a file from the office with the groups it reads out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from ui.widgets import button, flow, label

PASSPHRASE, SPARE, OFFICE = range(3)
_CHOICES = ("The passphrase", "The spare key on paper", "A file from the office, and the groups it reads out")
_ASKED = (
    "Passphrase",
    "Spare key: eight groups of five letters and digits",
    "The eight groups the office reads out",
)


@dataclass(frozen=True)
class Given:
    """What was typed: a passphrase, or groups, with the office's file where they belong to one."""

    passphrase: str | None = None
    spare_key: str | None = None
    office_file: bytes | None = None


class WaysIn(QWidget):
    """`entered`: Return was pressed in the field; `changed`: something else is typed or chosen; `rearranged`: more is shown."""

    entered = Signal()
    changed = Signal()
    rearranged = Signal()

    def __init__(self, ask_for_file: Callable[[], None]) -> None:
        super().__init__()
        self.way = PASSPHRASE
        self._office_file: bytes | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("What do you have?", "h3"))
        self._group = QButtonGroup(self)
        self.choices = []
        for way, words in enumerate(_CHOICES):
            choice = QRadioButton(words)
            choice.setAccessibleDescription("What do you have?")
            self._group.addButton(choice, way)
            column.addWidget(choice)
            self.choices.append(choice)
        self.choices[PASSPHRASE].setChecked(True)
        self.file_button = button("Choose the file from the office…", ask_for_file)
        self.file_words = label("", "muted")
        self.file_row = flow([self.file_button])
        column.addWidget(self.file_row)
        column.addWidget(self.file_words)
        self.asked = label(_ASKED[PASSPHRASE], "h3")
        column.addWidget(self.asked)
        self.field = QLineEdit()
        self.field.returnPressed.connect(self.entered)
        self.field.textEdited.connect(lambda _text: self.changed.emit())
        self.asked.setBuddy(self.field)
        column.addWidget(self.field)
        self._group.idToggled.connect(lambda way, on: self.choose(way) if on else None)
        self._arrange()

    def choose(self, way: int) -> None:
        """One of `PASSPHRASE`, `SPARE`, `OFFICE`; what was typed for another is forgotten."""
        if way == self.way:
            return
        self.way = way
        self.choices[way].setChecked(True)
        self.field.clear()
        self._arrange()
        self.changed.emit()
        self.rearranged.emit()

    def take_office_file(self, path: Path) -> None:
        """Read the file; what it is shows when it is used."""
        try:
            self._office_file = path.read_bytes()
            self.file_words.setText(f"Chosen: {path.name}")
            self.field.setFocus()
        except OSError as problem:
            self._office_file = None
            self.file_words.setText(f"This file cannot be read: {problem.strerror}. Your records are untouched.")
        self.file_words.show()
        self.changed.emit()
        self.rearranged.emit()

    def missing(self) -> str:
        """What is still to be given, in a sentence; empty when nothing is."""
        if self.way == OFFICE and self._office_file is None:
            return "Choose the file the office sent first."
        if not self.field.text().strip():
            return ("Type the passphrase.", "Type the spare key.", "Type the eight groups.")[self.way]
        return ""

    def given(self) -> Given:
        """What was typed, as it is used."""
        typed = self.field.text()
        if self.way == PASSPHRASE:
            return Given(passphrase=typed)
        return Given(spare_key=typed, office_file=self._office_file if self.way == OFFICE else None)

    def _arrange(self) -> None:
        secret = self.way == PASSPHRASE
        self.asked.setText(_ASKED[self.way])
        self.field.setAccessibleName(_ASKED[self.way])
        self.field.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)
        self.file_row.setVisible(self.way == OFFICE)
        self.file_words.setVisible(self.way == OFFICE and bool(self.file_words.text()))
