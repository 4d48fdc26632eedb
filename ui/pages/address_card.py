"""A card of the settings: where this branch wants the office's replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from desktop_app.errors import WorldError
from ui.context import AppContext
from ui.theme import set_kind
from ui.widgets import Card, button, flow, label, set_name

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile


class AddressCard(Card):
    """At a branch: an address of the union's, which travels inside the next file and is seen by the office only."""

    def __init__(self, app: AppContext) -> None:
        super().__init__("Replies by e-mail")
        self.app = app
        self.add(
            label(
                "Where the office shall write to you. Use your union account, not your employer's. It travels sealed in "
                "your next file, and only the office reads it.",
                "muted",
            )
        )
        self.address = QLineEdit()
        self.address.setPlaceholderText("name@example.org")
        self.address.setMaxLength(200)
        set_name(self.address, "E-mail address for replies")
        self.address.returnPressed.connect(self.keep)
        self.add(label("E-mail address for replies", "h3"))
        self.add(self.address)
        self.add(flow([button("Keep the address", self.keep)]))
        self.says = label("")
        self.says.hide()
        self.add(self.says)

    def show_address(self, address: str) -> None:
        """What is kept now; what is being typed stays."""
        if not self.address.isModified():
            self.address.setText(address)

    def keep(self) -> None:
        """Keep what was typed; nothing typed takes the address away."""
        text = self.address.text()

        def work(profile: Profile) -> None:
            from desktop_app.services import addresses

            addresses.set_own(profile, text)

        def done(_none: None) -> None:
            self.address.setModified(False)
            self._say("Kept. It goes to the office with your next file." if text.strip() else "Taken away.", "good")

        def failed(problem: Exception) -> None:
            if not isinstance(problem, WorldError):
                raise problem
            self._say(str(problem), "error")
            self.address.setFocus()

        self.app.runner.db(work, done, failed)

    def _say(self, words: str, kind: str) -> None:
        self.says.setText(words)
        set_kind(self.says, kind)
        self.says.show()
