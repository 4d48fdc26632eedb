"""Two cards beside the file for the office: what the office says by telephone, and what cannot wait for the next file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.half_written import HalfWritten
from ui.theme import set_kind
from ui.widgets import Card, button, flow, label

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile


class PhoneCard(Card):
    """The characters the office reads out when it has a file (packs.md "Receipts are facts")."""

    def __init__(self, app: AppContext) -> None:
        super().__init__("The office rang?")
        self.app = app
        self.add(label("Type the characters the office read out when it had your file.", "muted"))
        self.code = QLineEdit()
        self.code.setMaxLength(14)
        self.code.setAccessibleName("Characters read out by the office")
        self.code.returnPressed.connect(self.check)
        self.add(self.code)
        self.add(flow([button("Check", self.check)]))
        self.said = label("")
        self.said.hide()
        self.add(self.said)

    def check(self) -> None:
        """Whether the characters stand for a file made here."""
        code = self.code.text().strip()
        if not code:
            self.code.setFocus()
            return

        def work(profile: Profile) -> int:
            from desktop_app.services import sending

            return sending.confirm_by_phone(profile, code)

        def done(number: int) -> None:
            self._say(f"The office has file {number} (by phone).", "good")
            self.code.clear()
            self.app.changed()

        def refused(problem: Exception) -> None:
            if isinstance(problem, WorldError):
                self._say(str(problem), "error")
            else:
                dialogs.show_error(self, problem)

        self.app.runner.db(work, done, refused)

    def _say(self, words: str, kind: str) -> None:
        self.said.setText(words)
        set_kind(self.said, kind)
        self.said.show()


class TellNowCard(Card):
    """A box for what cannot wait. `wanted(words)`: make a file of only these."""

    wanted = Signal(str)

    def __init__(self, app: AppContext) -> None:
        super().__init__("Tell the office now")
        self.add(label("Talks with the Department, or anything that cannot wait. It is kept confidential.", "muted"))
        self.words = QPlainTextEdit()
        self.words.setAccessibleName("What you heard")
        self.words.setTabChangesFocus(True)
        self.words.setMaximumHeight(90)
        self._half_written = HalfWritten(app, self.words, "tell now")
        self._half_written.begin()
        self.add(self.words)
        self.add(flow([button("Make a file of only this", self.tell)]))

    def tell(self) -> None:
        """Ask for the file, if anything was written."""
        text = self.words.toPlainText().strip()
        if text:
            self.wanted.emit(text)
        else:
            self.words.setFocus()

    def told(self) -> None:
        """It is in a file: the box is free."""
        self.words.clear()
        self._half_written.gone()
