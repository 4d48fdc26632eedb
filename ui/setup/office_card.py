"""First run, the office's card: now, with six words compared by telephone, or later; and the last page with a box to jot in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit

from desktop_app.errors import WorldError
from desktop_app.paths import resource
from ui import dialogs
from ui.context import AppContext
from ui.pages.jot import InHand
from ui.setup.steps import Answers, Step
from ui.widgets import Card, button, flow, label


class CardStep(Step):
    """Adds the office's card, or leaves it for later: nothing is lost but sending."""

    def __init__(self, app: AppContext, answers: Answers) -> None:
        super().__init__(app, answers)
        self.heading(
            "The national office's card",
            "A small file the office gives you, so that only the office can open what you send.",
        )
        self.card = Card("The six words")
        self.words = label("", "big", select=True)
        self.card.add(self.words)
        self.card.add(
            label(
                "Ring the office on a number you know and compare these words. If they are the same, the card is real.",
                "muted",
            )
        )
        self.card.hide()
        self.column.addWidget(self.card)
        self.pick = button("Choose the card…", self._choose)
        self.column.addWidget(flow([self.pick]))
        self.column.addWidget(self.wrong)
        self.yes = button("Yes, the words are the same", self._yes, "primary")
        self.yes.hide()
        self.later = button("Not yet: add it later under Settings", self._later)
        self.column.addWidget(flow([self.yes, self.later, button("Back", self.back.emit, "quiet")]))
        self._bytes: bytes | None = None

    def enter(self) -> None:
        built_in = sorted(resource("office").glob("*.officecard"))
        if built_in and self._bytes is None:
            self._show(built_in[0])
        (self.yes if self.yes.isVisible() else self.pick).setFocus()

    def _choose(self) -> None:
        path = dialogs.open_file(self, "The office's card", "The office's card (*.officecard);;All files (*)")
        if path is not None:
            self._show(path)

    def _show(self, path: Path) -> None:
        from desktop_app.exchange.cards import read_card

        try:
            data = path.read_bytes()
            card = read_card(data)
        except (WorldError, OSError) as problem:
            self.wrong.setText(str(problem))
            self.wrong.show()
            return
        self.wrong.hide()
        self._bytes = data
        self.card.heading.setText(card.name)
        self.card.heading.show()
        self.words.setText(card.words)
        self.card.show()
        self.yes.show()

    def _yes(self) -> None:
        self.answers.card = self._bytes
        self.forward.emit()

    def _later(self) -> None:
        self.answers.card = None
        self.forward.emit()


class LastStep(Step):
    """Everything is set up; if something is on the officer's mind, it can be written down at once."""

    def __init__(self, app: AppContext, answers: Answers) -> None:
        super().__init__(app, answers)
        self.heading("Ready", "Your records are set up and encrypted on this computer.")
        self.box = QPlainTextEdit()
        self.box.setMinimumHeight(110)
        self.box.setTabChangesFocus(True)
        if answers.role == "branch":
            self.field(
                "Is something on your mind? Write it down now",
                self.box,
                "It becomes a draft under Evidence. Roles and kinds of school, not names.",
            )
        self.in_hand = InHand(app, self.box)
        self.buttons("Start", back="")

    def enter(self) -> None:
        (self.box if self.answers.role == "branch" else self.go).setFocus()

    def problem(self) -> None:
        self.answers.jotting = (self.in_hand.name, self.box.toPlainText().strip())
        self.in_hand.gone()
