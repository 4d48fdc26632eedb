"""First run, the spare key: seen once, on paper by one of three ways, two groups typed back - or put off for a week."""

from __future__ import annotations

import secrets
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from ui.context import AppContext
from ui.setup import sheet
from ui.setup.steps import Answers, Step
from ui.widgets import Card, button, flow, label

GROUPS = 8


class SpareKeyStep(Step):
    """Shows the spare key and asks two of its groups. `put_off` tells whether the check was left for a week."""

    def __init__(self, app: AppContext, answers: Answers) -> None:
        super().__init__(app, answers)
        self.put_off = False
        self._spare = ""
        self._groups: list[str] = []
        self._asked: tuple[int, int] = (2, 6)
        self.heading(
            "A spare key on paper",
            "If you forget the passphrase, these eight groups open your records. They are shown once. Print them, save "
            "them on another drive, or copy them by hand.",
        )
        self.card = Card()
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(10)
        holder = QWidget()
        holder.setLayout(self.grid)
        # Made with the page, so that its height is right when it is first shown.
        self.group_labels = [label(f"{n + 1}  XXXXX", "mono", wrap=False, select=True) for n in range(GROUPS)]
        for place, words in enumerate(self.group_labels):
            self.grid.addWidget(words, place // 2, place % 2)
        self.card.add(holder)
        self.column.addWidget(self.card)
        self.print_button = button("Print", self._print)
        self.column.addWidget(
            flow(
                [
                    self.print_button,
                    button("Save on another drive", self._save),
                    button("I copied it by hand", self._by_hand),
                ]
            )
        )
        self.done_words = label("", "good")
        self.done_words.hide()
        self.column.addWidget(self.done_words)
        self.first, self.second = QLineEdit(), QLineEdit()
        self.first_words, self.second_words = label("", "h3"), label("", "h3")
        for words, entry in ((self.first_words, self.first), (self.second_words, self.second)):
            words.setBuddy(entry)
            entry.setFixedWidth(200)
            entry.setMaxLength(12)
            group = QVBoxLayout()
            group.setSpacing(4)
            group.addWidget(words)
            # Aligned, or the short entry would make the layout count on wrapping the words above it as narrowly.
            group.addWidget(entry, 0, Qt.AlignmentFlag.AlignLeft)
            self.column.addLayout(group)
        self.second.returnPressed.connect(self.try_forward)
        self.buttons("Check and continue", back="")
        self.later = button("Ask me again within a week", self._later, "link")
        self.column.addWidget(flow([self.later]))

    def enter(self) -> None:
        self.print_button.setFocus()

    def take(self, spare_key: str) -> None:
        """The key that was just made."""
        self._spare = spare_key
        self._groups = spare_key.split("-")
        first = secrets.randbelow(4)
        self._asked = (first, 4 + secrets.randbelow(4))
        for place, group in enumerate(self._groups):
            self.group_labels[place].setText(f"{place + 1}  {group}")
            self.group_labels[place].setAccessibleName(f"Group {place + 1}: {' '.join(group)}")
        for words, entry, place in zip(
            (self.first_words, self.second_words), (self.first, self.second), self._asked, strict=True
        ):
            words.setText(f"To check the paper: type group {place + 1} from it")
            entry.setAccessibleName(f"Group {place + 1} of the spare key")
            entry.clear()

    def asked(self) -> tuple[int, int]:
        """Which two groups (1 to 8) are asked back."""
        return self._asked[0] + 1, self._asked[1] + 1

    def problem(self) -> tuple[str, QWidget] | None:
        for place, entry in zip(self._asked, (self.first, self.second), strict=True):
            if _letters(entry.text()) != self._groups[place]:
                return f"That is not group {place + 1}. Compare it with the paper.", entry
        self.put_off = False
        self._forget()
        return None

    def _later(self) -> None:
        self.put_off = True
        self._forget()
        self.forward.emit()

    def _forget(self) -> None:
        self._spare = ""

    def _print(self) -> None:
        if sheet.print_it(self, self._sheet()):
            self._say("Printed. Keep the sheet where you keep a passport.")

    def _save(self) -> None:
        path = sheet.save_it(self, self._sheet(), "Save the spare key on another drive", "spare-key.pdf")
        if path is None:
            return
        same_drive = path.anchor == self.app.paths.folder.anchor and _device(path) == _device(self.app.paths.folder)
        self._say(
            f"Saved in {path}. That is the same drive as your records: if the laptop goes, so does the key. "
            "A stick or a print is better."
            if same_drive
            else f"Saved in {path}."
        )

    def _by_hand(self) -> None:
        self._say("Good. Now type two groups from your paper.")
        self.first.setFocus()

    def _say(self, words: str) -> None:
        self.done_words.setText(words)
        self.done_words.show()

    def _sheet(self) -> QTextDocument:
        whose = "The national office" if self.answers.role == "office" else f"{self.answers.name} branch"
        return sheet.document("Spare key", self._spare, self.app.paths.folder, whose=whose)


def _letters(text: str) -> str:
    """What was typed, as the groups are written: capital letters, O for nought and I or L for one taken as meant."""
    plain = "".join(letter for letter in text.upper() if letter.isalnum())
    return plain.replace("O", "0").replace("I", "1").replace("L", "1")


def _device(path: Path) -> int:
    here = path
    while not here.exists() and here != here.parent:
        here = here.parent
    return here.stat().st_dev
