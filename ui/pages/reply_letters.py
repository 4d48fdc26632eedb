"""At the office: each reply that was made, to be e-mailed to its branch, and then the question whether it went."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui.context import AppContext
from ui.theme import set_kind
from ui.toast import announce
from ui.widgets import Card, button, clear, flow, hline, label, set_name
from ui.words import number_of

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.platform import MailRoute
    from desktop_app.services.addresses import ReplyLetter
    from desktop_app.services.profile import Profile

QUESTION = "Did the e-mail open with the file attached?"


class ReplyLetters(Card):
    """Hidden until replies were made."""

    def __init__(self, app: AppContext) -> None:
        super().__init__("E-mail the replies")
        self.app = app
        self.rows: list[_Reply] = []
        self.words = label("", "muted")
        self.add(self.words)
        self.list = QVBoxLayout()
        self.list.setSpacing(8)
        self.body.addLayout(self.list)
        self.add(flow([button("Done with these", self.hide)]))
        self.hide()

    def show_replies(self, paths: list[Path]) -> None:
        """Look up where each goes, and list them."""

        def find(profile: Profile) -> list[ReplyLetter]:
            from desktop_app.services import addresses

            return addresses.letters(profile, paths)

        self.app.runner.db(find, self._show)

    def _show(self, letters: list[ReplyLetter]) -> None:
        clear(self.list)
        self.rows = []
        for place, letter in enumerate(letters):
            if place:
                self.list.addWidget(hline())
            row = _Reply(self.app, letter)
            self.rows.append(row)
            self.list.addWidget(row)
        self.words.setText(
            f"{number_of(len(letters), 'reply', 'replies')} made. Use your union account. An address that a branch has not "
            "said can be typed; it is kept here, apart from the records."
        )
        self.setVisible(bool(letters))


class _Reply(QWidget):
    """One reply: the branch, its address, the way to write, and what became of it."""

    def __init__(self, app: AppContext, letter: ReplyLetter) -> None:
        super().__init__()
        self.app, self.letter = app, letter
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(letter.branch or letter.path.name, "h3"))
        self.to = QLineEdit(letter.to)
        self.to.setPlaceholderText("Not said yet: type the address")
        set_name(self.to, f"E-mail address of {letter.branch}")
        column.addWidget(self.to)
        self.write = button("Write to the branch", self.open_mail)
        show = button("Show the folder", partial(app.platform.open_folder, letter.path), "link")
        for one in (self.write, show):
            one.setAccessibleName(f"{one.text()}: {letter.branch}")
        column.addWidget(flow([self.write, show]))
        self.said = label("")
        self.said.hide()
        column.addWidget(self.said)
        self.yes = button("Yes", partial(self._ends, True))
        self.no = button("No", partial(self._ends, False))
        self.asks = flow([self.yes, self.no])
        self.asks.hide()
        column.addWidget(self.asks)

    def open_mail(self) -> None:
        """Keep the address, then open the person's mail program with the reply attached, as far as this system can."""
        to, letter, platform = self.to.text(), self.letter, self.app.platform

        def keep(profile: Profile) -> None:
            from desktop_app.services import addresses

            addresses.note(profile, letter.branch, to)

        def work() -> MailRoute:
            # Off the window's thread: asking the system for its mail program can take seconds.
            from desktop_app.services import mailing

            return mailing.open_letter(mailing.reply_letter(letter.path, branch=letter.branch, to=to.strip()), platform)

        def kept(_none: None) -> None:
            self.app.runner.aside(work, self._opened, self._failed)

        self.app.runner.db(keep, kept, self._failed)

    def _opened(self, route: MailRoute) -> None:
        self._say(f"{route.say} {QUESTION}", "")
        self.asks.show()
        self.yes.setFocus()

    def _ends(self, went: bool) -> None:
        self.asks.hide()
        if went:
            self._say("Good. Look at the receiver, then send it. The branch adds it and sees what you have.", "good")
            return
        self.app.platform.open_folder(self.letter.path)
        self._say(
            f"Then by hand: start an e-mail from your union account, and attach {self.letter.path.name} from the folder.", ""
        )
        self.write.setFocus()

    def _failed(self, problem: Exception) -> None:
        if not isinstance(problem, WorldError):
            raise problem
        self._say(str(problem), "error")
        self.to.setFocus()

    def _say(self, words: str, kind: str) -> None:
        self.said.setText(words)
        set_kind(self.said, kind)
        self.said.show()
        announce(self, words)
