"""Cards of the settings for the office's card: added at a branch, and given out by the office."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.pages.setting_card import SettingCard
from ui.widgets import button, flow, label

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile


class OfficeCardIn(SettingCard):
    """At a branch: the card that lets only the office open what is sent."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(app, "The national office", "Its card lets only the office open what you send.")
        self.card_words = label("", select=True)
        self.add(self.card_words)
        self.add(flow([button("Add the office's card…", self._choose)]))
        self.finish()

    def show_words(self, words: str) -> None:
        """The six words of the card that is here; "" for none."""
        self.card_words.setText(f"The card is here. Its six words: {words}" if words else "The card is not here yet.")

    def _choose(self) -> None:
        path = dialogs.open_file(self, "The office's card", "The office's card (*.officecard);;All files (*)")
        if path is not None:
            self.take(path)

    def take(self, path: Path, *, confirmed: bool = False) -> None:
        """Add the card in a file; another one than is known only when its words were compared."""

        def work(profile: Profile) -> str:
            from desktop_app.services.contacts import add_office_card

            return add_office_card(profile, path, confirmed).words

        def done(words: str) -> None:
            self.say(f"Added. Its six words are: {words}. Ring the office once and compare them.", True)
            self.app.changed()

        def failed(problem: Exception) -> None:
            if isinstance(problem, WorldError) and problem.code == "E-OTHERCARD":
                answer = dialogs.choose(
                    self, problem.what, [problem.safe, problem.do], ["The words are the same", "Leave it"]
                )
                if answer == 0:
                    self.take(path, confirmed=True)
            elif isinstance(problem, WorldError):
                self.say(str(problem), False)
            else:
                dialogs.show_error(self, problem)

        self.app.runner.db(work, done, failed)


class OfficeCardOut(SettingCard):
    """At the office: the card every branch is given, and the words that are read out with it."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(app, "The office's card", "Give it to every branch; read the six words out by telephone.")
        self.card_words = label("", "big", select=True)
        self.add(self.card_words)
        self.add(flow([button("Save the card…", self._save)]))
        self.finish()

    def show_words(self, words: str) -> None:
        """The six words of the card."""
        self.card_words.setText(words)

    def _save(self) -> None:
        path = dialogs.save_file(self, "Save the office's card", "National office.officecard", "Card (*.officecard)")
        if path is None:
            return

        def work(profile: Profile) -> str:
            from desktop_app.services.contacts import office_card

            return office_card(profile, path).words

        self.work(work, lambda words: self.say(f"Saved. Its six words: {words}.", True), "Saving…")
