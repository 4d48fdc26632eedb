"""Settings: the look, locking, who you are, the keys, the office, backups, and what is on this computer.

Each card is a module of its own; here they stand in their order and are shown what is kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QLineEdit, QWidget

from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Page
from ui.pages.address_card import AddressCard
from ui.pages.backup_card import BackupCard
from ui.pages.key_cards import OfficeHelpCard, PassphraseCard, SpareKeyCard
from ui.pages.look_cards import LockCard, LookCard, SpellingCard
from ui.pages.office_cards import OfficeCardIn, OfficeCardOut
from ui.pages.policy_card import PolicyReading, PolicyWriting
from ui.pages.report_copies import outside_words
from ui.pages.rescue_key_card import RescueKeyCard
from ui.pages.you_card import YouCard
from ui.widgets import Card, button, flow, label
from ui.words import number_of, size

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

C = TypeVar("C", bound=Card)


class SettingsPage(Page):
    """Every change takes effect at once; what can go wrong says so beside itself."""

    help_topic = "settings"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Settings")
        self.limit_width(720)
        self.app = app
        self.cards: dict[str, Card] = {}
        self.look = self._put("look", LookCard(app))
        self._put("spelling", SpellingCard(app))
        self.lock = self._put("lock", LockCard(app))
        self.card: OfficeCardIn | OfficeCardOut
        if not app.is_practice:
            self.you = self._put("me", YouCard(app))
            self._put("passphrase", PassphraseCard(app))
            self.spare = self._put("spare", SpareKeyCard(app))
        if app.is_office:
            self.policy = self._put("policy", PolicyWriting(app))
            self.card = self._put("card", OfficeCardOut(app))
            self.rescue = self._put("rescue", RescueKeyCard(app))
        elif not app.is_practice:
            self.card = self._put("card", OfficeCardIn(app))
            self.address = self._put("address", AddressCard(app))
            self.help = self._put("help", OfficeHelpCard(app))
            self.policy = self._put("policy", PolicyReading())
        self._make_forms()
        self.backup = self._put("backup", BackupCard(app))
        self._make_about()

    # what the window calls ---------------------------------------------------------------------------------------

    def show_page(self, part: str = "", spare: str = "", **_options: object) -> None:
        """`part`: a card to bring into sight (``spare``, ``card``, ``backup`` …).

        `spare`: the records were just opened with these groups; a new passphrase may be set with them.
        """
        self.refresh()
        card = self.cards.get(part)
        if card is not None:
            self.scroll.ensureWidgetVisible(card, 0, 0)
            first = card.findChild(QLineEdit) or card.findChild(QWidget)
            if spare and isinstance(card, PassphraseCard):
                card.with_spare(spare)
            elif first is not None:
                first.setFocus()

    def refresh(self) -> None:
        self.app.runner.db(_read, self._show)

    def do_save(self) -> None:
        self.app.toast("Settings are kept as you change them.")

    def _put(self, name: str, card: C) -> C:
        self.cards[name] = card
        self.add(card)
        return card

    def _make_forms(self) -> None:
        card = self._put("forms", Card("Forms"))
        words = (
            "Change questions in Excel, try them here, and publish them to every branch."
            if self.app.is_office
            else "Which forms are here, and what the office changed in them."
        )
        card.add(label(words, "muted"))
        card.add(flow([button("See the forms", lambda: self.app.open_page("forms"))]))

    def _make_about(self) -> None:
        from desktop_app import __version__

        card = self._put("about", Card("About"))
        card.add(label(f"Branch Evidence {__version__}. It never uses the internet.", select=True))
        self.here = label("", "muted", select=True)
        card.add(self.here)
        card.add(flow([button("Show the folder of your records", self._show_folder, "link")]))
        self.outside = button("", lambda: self.app.open_page("reports", part="copies"), "link")
        self.outside.hide()
        card.add(flow([self.outside]))

    def _show_folder(self) -> None:
        self.app.platform.open_folder(self.app.paths.folder)

    def _show(self, found: dict[str, Any]) -> None:
        if not self.app.is_practice:
            self.you.show_me(found["me"])
            self.spare.show_state(*found["spare"], two=found["two_groups"])
            self.card.show_words(found["card_words"])
            self.policy.show_policy(found["policy"], found["in_force"])
            if self.app.is_office:
                self.rescue.show_state(found["rescue"])
            else:
                self.help.show_state(found["office_may"])
                self.address.show_address(found["address"])
        self.backup.show_kept(*found["kept"])
        self.outside.setVisible(found["outside"] > 0)
        self.outside.setText(f"{outside_words(found['outside'], pdfs=found['outside_pdfs'])}: look at them")
        self.here.setText(
            f"{number_of(found['records'], 'record')}, {size(found['bytes'])}, encrypted, in {self.app.paths.folder}"
        )


def _read(profile: Profile) -> dict[str, Any]:
    from desktop_app.services import addresses, copies, keeping, meetings, office, office_keys, rescue
    from desktop_app.services.contacts import office_of
    from desktop_app.storage import listing
    from desktop_app.storage.projection import Filters

    card = office_of(profile)
    return {
        "me": profile.me,
        "kept": (keeping.last_backup(profile), keeping.second_place_state(profile)),
        "spare": rescue.due(profile),
        "two_groups": rescue.can_ask_two(profile),
        "office_may": not profile.me.practice and rescue.office_may_unlock(profile),
        "rescue": office_keys.state(profile) if profile.me.role == "office" else None,
        "card_words": card.words if card else "",
        "policy": office.policy(profile.store),
        "in_force": replace(office.in_force(profile.store), notice=meetings.notice(profile)),
        "records": listing.count(profile.store, Filters()),
        "bytes": profile.paths.database.stat().st_size,
        "outside": len(copies.outside(profile)),
        "address": addresses.own(profile),
        "outside_pdfs": all(one.is_pdf for one in copies.outside(profile)),
    }
