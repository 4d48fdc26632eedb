"""Leaving: the file for a successor, and wiping this computer. Both wait until the office has everything, or it is said
twice."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page, bring_into_sight
from ui.setup.strength import StrengthLine
from ui.theme import set_kind
from ui.widgets import Busy, Card, button, flow, label
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.services.leaving import Lacking
    from desktop_app.services.profile import Profile

WORD = "WIPE"


class LeavingPage(Page):
    """`lacking` says what the office does not have; while there is any, two ticks are asked for."""

    help_topic = "rights"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Leaving", "Hand your records over to a successor, or wipe this computer.")
        self.app = app
        self.lacking: Lacking | None = None
        self.add_action(button("Back", lambda: app.open_page("data_protection")))
        self.busy = Busy()
        self.add(self.busy)
        state = Card("Has anybody else all this?" if app.is_office else "Does the national office have everything?")
        self.state = label("")
        state.add(self.state)
        self.titles = label("", "muted")
        state.add(self.titles)
        lacks = "nobody else has it" if app.is_office else "the office does not have it"
        self.once = QCheckBox(f"Go on although {lacks}")
        self.twice = QCheckBox("I have understood that it may be lost for good")
        for box in (self.once, self.twice):
            box.toggled.connect(self._arrange)
            state.add(box)
        if not app.is_office:
            self.send = button("Send to the office", lambda: app.open_page("send"))
            state.add(flow([self.send]))
        else:
            state.add(flow([button("Make a backup", lambda: app.open_page("settings", part="backup"))]))
        self.add(state)
        self.add(Columns(self._make_hand_over(), self._make_wipe(), (1, 1), narrow=720))

    def _make_hand_over(self) -> Card:
        card = Card("Hand over to a successor")
        card.add(
            label(
                "One encrypted file with everything in it. Your successor opens it on the new computer with the passphrase "
                "you choose here. Tell it by telephone, never beside the file.",
                "muted",
            )
        )
        self.own = _secret(card, "Your passphrase")
        self.new = _secret(card, "A passphrase for the file")
        self.strength = StrengthLine(self.app, self.new)
        self.strength.suggested.connect(lambda: self.again.clear())
        card.add(self.strength)
        self.again = _secret(card, "The same again")
        self.hand = button("Make the file…", self.hand_over, "primary")
        card.add(flow([self.hand]))
        self.hand_says = label("", select=True)
        self.hand_says.hide()
        card.add(self.hand_says)
        return card

    def _make_wipe(self) -> Card:
        card = Card("Wipe this computer")
        card.add(
            label(
                "Removes your records, their keys and the backups beside them from this computer. There is no undo. Backups "
                "on other drives, and files and PDFs you saved, stay: delete those by hand.",
                "muted",
            )
        )
        named = label(f"Type {WORD} to wipe this computer", "h3")
        self.typed = QLineEdit()
        self.typed.setAccessibleName(f"Type {WORD} to wipe this computer")
        self.typed.textChanged.connect(self._arrange)
        named.setBuddy(self.typed)
        card.add(named)
        card.add(self.typed)
        self.wipe_button = button("Wipe this computer", self.wipe)
        card.add(flow([self.wipe_button]))
        self.wipe_says = label("", "error")
        self.wipe_says.hide()
        card.add(self.wipe_says)
        return card

    def refresh(self) -> None:
        def read(profile: Profile) -> Generator[None, None, Lacking]:
            from desktop_app.services import leaving

            return leaving.lacking_steps(profile)

        self.app.runner.db(read, self.show_data, priority="bulk")

    def show_data(self, found: Lacking) -> None:
        self.lacking = found
        if self.app.is_office and found.anything:
            self.state.setText(
                f"No: {number_of(found.records, 'record')} would be lost here, what branches sent among them. Make a backup on "
                "another drive first, or a file for your successor, and see it opened."
            )
        elif found.records:
            only = f", {found.branch_only:,} of them kept in this branch only" if found.branch_only else ""
            self.state.setText(f"No: {number_of(found.records, 'record')} would not be with the office{only}.")
        elif found.orders:
            self.state.setText("Not quite: an order to delete, or an answer, has not arrived there yet.")
        else:
            self.state.setText("Yes. Everything here has arrived there, and the office has said so.")
        set_kind(self.state, "warn" if found.anything else "good")
        more = f" and {found.records - len(found.titles):,} more" if found.records > len(found.titles) else ""
        self.titles.setText(", ".join(found.titles) + more)
        self.titles.setVisible(bool(found.titles))
        for box in (self.once, self.twice):
            box.setVisible(found.anything)
        if not self.app.is_office:
            self.send.setVisible(found.anything)
        self._arrange()

    @property
    def said(self) -> int:
        """How often it was said to go on all the same."""
        return int(self.once.isChecked()) + int(self.twice.isChecked())

    def _arrange(self) -> None:
        may = self.lacking is not None and (not self.lacking.anything or self.said == 2)
        self.hand.setEnabled(may)
        self.wipe_button.setEnabled(may and self.typed.text().strip().casefold() == WORD.casefold())

    def hand_over(self) -> None:
        """Choose where, and write the file."""
        if self.new.text() != self.again.text():
            self._say(self.hand_says, "The two passphrases for the file are not the same.", "error")
            return
        path = dialogs.save_file(
            self, "The file for your successor", "For my successor.branchbackup", "Backup (*.branchbackup)"
        )
        if path is not None:
            self._hand_over(path)

    def _hand_over(self, path: Path) -> None:
        own, new, said, app = self.own.text(), self.new.text(), self.said, self.app
        self.app.flush()
        self.busy.start("Making the file, and opening it once…")

        def work(profile: Profile) -> Generator[None, None, str]:
            from desktop_app.services import leaving

            return leaving.hand_over_steps(profile, path, own, new, said=said)

        def done(spare_key: str) -> None:
            self.busy.end()
            for field in (self.own, self.new, self.again):
                field.clear()
            self.strength.hide_words()
            self._say(
                self.hand_says,
                f"Made and read back: {path.name}. The spare key that belongs to it, for your successor's paper: {spare_key}",
                "good",
            )

        def failed(problem: Exception) -> None:
            self._failed(self.hand_says, problem)

        app.if_locked(
            app.runner.db(work, done, failed, priority="bulk"),
            f"“{path.name}” was not made, because the records were locked. Nothing was changed. Make it again.",
            "leaving",
            too_late=f"“{path.name}” was made as the records were locked, and its spare key was not seen. Make it again.",
        )

    def wipe(self) -> None:
        """Close the records and remove them; the window starts anew."""
        self.app.flush()
        said = self.said
        self.busy.start("Wiping…")

        def work(profile: Profile) -> None:
            from desktop_app.services import leaving

            leaving.wipe(profile, said=said)

        self.app.runner.db(
            work,
            lambda _nothing: self.app.start_anew(),
            lambda problem: self._failed(self.wipe_says, problem),
            priority="bulk",
        )

    def _failed(self, where: object, problem: Exception) -> None:
        self.busy.end()
        if isinstance(problem, WorldError):
            self._say(where, str(problem), "error")
        else:
            dialogs.show_error(self, problem)

    def _say(self, where: object, words: str, kind: str) -> None:
        where.setText(words)  # type: ignore[attr-defined]
        set_kind(where, kind)  # type: ignore[arg-type]
        where.show()  # type: ignore[attr-defined]
        bring_into_sight(where)  # type: ignore[arg-type]


def _secret(card: Card, words: str) -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setAccessibleName(words)
    named = label(words, "h3")
    named.setBuddy(made)
    card.add(named)
    card.add(made)
    return made
