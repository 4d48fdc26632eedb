"""At the office: help a branch that forgot its passphrase, with two of the three parts of the rescue key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.pages.two_parts import TwoParts
from ui.theme import set_kind
from ui.toast import announce
from ui.widgets import Busy, button, flow, label

if TYPE_CHECKING:
    from desktop_app.services.contacts import KnownLaptop
    from desktop_app.services.profile import Profile
    from desktop_app.services.rescue import Help


class HelpBackIn(QDialog):
    """Two parts are typed; a file is written for the branch, and eight groups are shown to read out once."""

    def __init__(self, app: AppContext, laptop: KnownLaptop, parent: QWidget) -> None:
        super().__init__(parent)
        self.app, self.laptop = app, laptop
        self.setWindowTitle("Help it back in - Branch Evidence")
        self.setMinimumWidth(min(600, parent.window().width() - 40))
        self.setAccessibleName(f"Help {laptop.branch} back in")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(8)
        column.addWidget(label(f"Help {laptop.branch} back in", "h2"))
        column.addWidget(
            label(
                "Ring the branch first, on a number you know: be sure who is asking. Two people bring their parts of the rescue "
                "key. A file goes to the branch by e-mail; the eight groups only by telephone. The records stay where they are.",
                "muted",
            )
        )
        self.parts = TwoParts()
        column.addWidget(self.parts)
        self.busy = Busy()
        column.addWidget(self.busy)
        self.said = label("", "error")
        self.said.hide()
        column.addWidget(self.said)
        self.groups = label("", "mono", select=True)
        self.groups.hide()
        column.addWidget(self.groups)
        self.go = button("Make the file…", self.make, "primary")
        self.close_button = button("Close", self.reject)
        column.addWidget(flow([self.go, self.close_button]))

    def make(self) -> None:
        folder = dialogs.choose_folder(self, "Where to put the file for the branch")
        if folder is None:
            return
        parts = self.parts.given()
        device = self.laptop.id

        def work(profile: Profile) -> Help:
            from desktop_app.services import rescue

            return rescue.help_branch(profile, device, parts, folder)

        self.busy.start("Making the file…")
        self.app.runner.db(work, self._made, self._failed)

    def _made(self, made: Help) -> None:
        self.busy.end()
        self.parts.clear()
        self._say(f"Send {made.path.name} to the branch. Read these eight groups out; they are shown this once:", "good")
        self.groups.setText(made.groups)
        self.groups.setAccessibleName(f"The eight groups: {' '.join(made.groups)}")
        self.groups.show()
        dialogs.fit(self)

    def _failed(self, problem: Exception) -> None:
        self.busy.end()
        if isinstance(problem, WorldError):
            self._say(str(problem), "error")
        else:
            dialogs.show_error(self, problem)

    def _say(self, words: str, kind: str) -> None:
        self.said.setText(words)
        set_kind(self.said, kind)
        self.said.show()
        announce(self.said, words)
