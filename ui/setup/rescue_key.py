"""The office's rescue key as it is given out: three parts for three places, printed or saved, and looked at once.

Shown once and kept nowhere on this computer; closing the box without having tried them leaves a reminder for a week.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from ui.setup.steps import Answers, Step
from ui.widgets import Card, button, flow, label

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

    from ui.context import AppContext

WHAT_FOR = (
    "With it the office can help a branch that has forgotten its passphrase and agreed to be helped, and read any file sent "
    "to it. It comes in three parts: any two are enough, and one alone is worthless. They are shown once and are not kept "
    "on this computer. Print them, and put them in three places with three people."
)
ACROSS = 3


class RescueParts(QWidget):
    """The three parts, and a word of each of two of them asked back. `ready`: Return was pressed in the last field."""

    ready = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.parts: tuple[str, ...] = ()
        self._asked: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (1, 0))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._grids: list[QGridLayout] = []
        for number in range(1, 4):
            card = Card(f"Part {number} of 3")
            holder = QWidget()
            grid = QGridLayout(holder)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(2)
            self._grids.append(grid)
            card.add(holder)
            column.addWidget(card)
        self.print_button = button("Print, a page for each part", self._print)
        column.addWidget(flow([self.print_button, button("Save on another drive", self._save)]))
        self.said = label("", "good")
        self.said.hide()
        column.addWidget(self.said)
        self.fields: list[QLineEdit] = []
        self._asking = []
        for _ in range(2):
            words, entry = label("", "h3"), QLineEdit()
            words.setBuddy(entry)
            entry.setFixedWidth(200)
            group = QVBoxLayout()
            group.setSpacing(4)
            group.addWidget(words)
            group.addWidget(entry, 0, Qt.AlignmentFlag.AlignLeft)
            column.addLayout(group)
            self.fields.append(entry)
            self._asking.append(words)
        self.fields[1].returnPressed.connect(self.ready)

    def take(self, parts: Sequence[str]) -> None:
        """The parts that were just made."""
        self.parts = tuple(parts)
        for grid, part in zip(self._grids, self.parts, strict=True):
            for place, word in enumerate(part.split()):
                shown = label(f"{place + 1:>2}  {word}", "mono", wrap=False, select=True)
                shown.setMinimumWidth(40)
                grid.addWidget(shown, place // ACROSS, place % ACROSS)
        first, second = sorted(secrets.SystemRandom().sample(range(3), 2))
        self._asked = ((first, _some_word()), (second, _some_word()))
        for (part_no, word_no), words, entry in zip(self._asked, self._asking, self.fields, strict=True):
            said = f"To check the paper: word {word_no + 1} of part {part_no + 1}"
            words.setText(said)
            entry.setAccessibleName(said)
            entry.clear()

    def problem(self) -> tuple[str, QWidget] | None:
        """Which of the two words is not the one on the paper, and its field."""
        for (part, word), entry in zip(self._asked, self.fields, strict=True):
            if entry.text().strip().lower() != self.parts[part].split()[word]:
                return f"That is not word {word + 1} of part {part + 1}. Compare it with the paper.", entry
        return None

    def forget(self) -> None:
        """Take the words off the screen and out of memory."""
        self.parts = ()
        for grid in self._grids:
            while (item := grid.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()

    def _sheet(self) -> QTextDocument:
        from ui.setup import sheet

        return sheet.rescue_document(self.parts)

    def _print(self) -> None:
        from ui.setup import sheet

        if sheet.print_it(self, self._sheet()):
            self._say("Printed. Give each page to another person, for another place.")

    def _save(self) -> None:
        from ui.setup import sheet

        path = sheet.save_it(self, self._sheet(), "Save the rescue key on another drive", "rescue-key.pdf")
        if path is not None:
            self._say(f"Saved in {path}, all three parts: print it, part the pages, and delete the file.")

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.show()


def _some_word() -> int:
    """Not one of the first four: they name the key, and all parts begin with them (SLIP-39)."""
    return 4 + secrets.randbelow(29)


class RecoveryStep(Step):
    """First run at the office. `put_off` tells whether the check was left for a week."""

    def __init__(self, app: AppContext, answers: Answers) -> None:
        super().__init__(app, answers)
        self.put_off = False
        self.heading("The office's rescue key", WHAT_FOR)
        self.ceremony = RescueParts()
        self.ceremony.ready.connect(self.try_forward)
        self.column.addWidget(self.ceremony)
        self.buttons("Check and continue", back="")
        self.later = button("Ask me again within a week", self._later, "link")
        self.column.addWidget(flow([self.later]))

    @property
    def parts(self) -> tuple[str, ...]:
        """The three parts while they are shown."""
        return self.ceremony.parts

    def take(self, secret: str) -> None:
        """The key that was just made; nothing for a branch, which has none."""
        if secret:
            from desktop_app.records import shares

            self.ceremony.take(shares.split(secret))

    def enter(self) -> None:
        self.ceremony.print_button.setFocus()

    def problem(self) -> tuple[str, QWidget] | None:
        found = self.ceremony.problem()
        if found is None:
            self.put_off = False
            self.ceremony.forget()
        return found

    def _later(self) -> None:
        self.put_off = True
        self.ceremony.forget()
        self.forward.emit()
