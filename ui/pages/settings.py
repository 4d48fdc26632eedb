"""Settings: the look, locking, who you are, the keys, the office, backups, and what is on this computer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs, preferences
from ui.authority_picker import AuthorityPicker
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Page
from ui.pages.address_card import AddressCard
from ui.pages.key_cards import OfficeHelpCard, PassphraseCard, SpareKeyCard
from ui.pages.policy_card import PolicyReading, PolicyWriting
from ui.pages.report_copies import outside_words
from ui.pages.rescue_key_card import RescueKeyCard
from ui.setup.steps import OFFICE_ROLES, OFFICER_ROLES
from ui.theme import set_kind
from ui.widgets import Busy, Card, button, flow, label, set_name
from ui.words import long_date, number_of, size

if TYPE_CHECKING:
    from desktop_app.services.profile import Me, Profile
    from ui.tasks import Task

C = TypeVar("C", bound=Card)
LOOKS = (("system", "As the computer"), ("light", "Light"), ("dark", "Dark"))
SIZES = ((1.0, "Normal"), (1.15, "Large"), (1.3, "Larger"), (1.5, "Largest"))
LOCKS = ((5, "5 minutes"), (10, "10 minutes"), (20, "20 minutes"), (60, "1 hour"))


class SettingsPage(Page):
    """Every change takes effect at once; what can go wrong says so beside itself."""

    help_topic = "settings"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Settings")
        self.limit_width(720)
        self.app = app
        self.cards: dict[str, Card] = {}
        self.busy = Busy()
        self._slow: Task | None = None
        self.busy.cancelled.connect(self._stop)
        self.add(self.busy)
        self._make_look()
        self._make_spelling()
        self._make_lock()
        if not app.is_practice:
            self._make_me()
            self._put("passphrase", PassphraseCard(app))
            self.spare = self._put("spare", SpareKeyCard(app))
        if app.is_office:
            self._make_policy()
            self._make_office_card_out()
            self.rescue = self._put("rescue", RescueKeyCard(app))
        elif not app.is_practice:
            self._make_card_in()
            self.address = self._put("address", AddressCard(app))
            self.help = self._put("help", OfficeHelpCard(app))
            self._make_policy()
        self._make_forms()
        self._make_backup()
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

    def _card(self, name: str, title: str, words: str = "") -> Card:
        card = Card(title)
        if words:
            card.add(label(words, "muted"))
        self.cards[name] = card
        self.add(card)
        return card

    def _put(self, name: str, card: C) -> C:
        self.cards[name] = card
        self.add(card)
        return card

    def _said(self, card: Card) -> Callable[[str, bool], None]:
        words = label("")
        words.hide()
        card.add(words)

        def say(text: str, good: bool) -> None:
            words.setText(text)
            set_kind(words, "good" if good else "error")
            words.setVisible(bool(text))

        return say

    # look and lock -----------------------------------------------------------------------------------------------

    def _make_look(self) -> None:
        card = self._card("look", "Look")
        self.look = _choice(card, "Light or dark", LOOKS, self.app.preferences.look)
        self.text_size = _choice(card, "Size of text", SIZES, self.app.preferences.text)
        self.look.currentIndexChanged.connect(self._look_changed)
        self.text_size.currentIndexChanged.connect(self._look_changed)

    def _make_spelling(self) -> None:
        from desktop_app.platform.spelling import UNAVAILABLE, available

        card = self._card("spelling", "Spelling")
        self.spelling = QCheckBox("Underline words that are not in the British English dictionary")
        self.spelling.setChecked(self.app.preferences.spelling and available())
        self.spelling.setEnabled(available())
        self.spelling.toggled.connect(self._spelling_changed)
        card.add(self.spelling)
        if not available():
            card.add(label(UNAVAILABLE, "muted"))

    def _spelling_changed(self, on: bool) -> None:
        from ui.forms import spelling

        spelling.switch(self.app, on)
        preferences.save(self.app.paths, self.app.preferences)

    def _look_changed(self) -> None:
        kept = self.app.preferences
        kept.look, kept.text = self.look.currentData(), float(self.text_size.currentData())
        self.app.theme.choose(kept.look, kept.text)  # type: ignore[arg-type]
        preferences.save(self.app.paths, kept)

    def _make_lock(self) -> None:
        card = self._card("lock", "Locking", "Ctrl+L locks at once. Otherwise your records lock after")
        self.lock_after = _choice(card, "Lock after", LOCKS, self.app.preferences.lock_minutes)
        self.lock_after.currentIndexChanged.connect(self._lock_changed)

    def _lock_changed(self) -> None:
        self.app.preferences.lock_minutes = int(self.lock_after.currentData())
        preferences.save(self.app.paths, self.app.preferences)

    # who ---------------------------------------------------------------------------------------------------------

    def _make_me(self) -> None:
        card = self._card("me", "You")
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        _field(card, "Name of this computer" if self.app.is_office else "Name of your branch on files", self.name)
        self.role = QComboBox()
        for code, words in OFFICE_ROLES if self.app.is_office else OFFICER_ROLES:
            self.role.addItem(words, code)
        _field(card, "Your team" if self.app.is_office else "Your role", self.role)
        self.authorities = AuthorityPicker("Your local authorities")
        if not self.app.is_office:
            _field(card, "Your local authorities", self.authorities)
        card.add(flow([button("Keep these", self._keep_me)]))

    def _keep_me(self) -> None:
        changes = {
            "name": self.name.text().strip() or (self.app.me.name if self.app.me else ""),
            "officer_role": self.role.currentData(),
            "authorities": self.authorities.codes(),
        }

        def work(profile: Profile) -> Me:
            profile.change_me(**changes)
            return profile.me

        def done(me: Me) -> None:
            self.app.set_me(me)
            self.app.toast("Kept.")

        self.app.runner.db(work, done)

    # the office --------------------------------------------------------------------------------------------------

    def _make_card_in(self) -> None:
        card = self._card("card", "The national office", "Its card lets only the office open what you send.")
        self.card_words = label("", select=True)
        card.add(self.card_words)
        card.add(flow([button("Add the office's card…", self._add_card)]))
        self.card_says = self._said(card)

    def _add_card(self) -> None:
        path = dialogs.open_file(self, "The office's card", "The office's card (*.officecard);;All files (*)")
        if path is not None:
            self._take_card(path, confirmed=False)

    def _take_card(self, path: Path, *, confirmed: bool) -> None:
        def work(profile: Profile) -> str:
            from desktop_app.services.contacts import add_office_card

            return add_office_card(profile, path, confirmed).words

        def done(words: str) -> None:
            self.card_says(f"Added. Its six words are: {words}. Ring the office once and compare them.", True)
            self.app.changed()

        def failed(problem: Exception) -> None:
            self.busy.end()
            if isinstance(problem, WorldError) and problem.code == "E-OTHERCARD":
                answer = dialogs.choose(
                    self, problem.what, [problem.safe, problem.do], ["The words are the same", "Leave it"]
                )
                if answer == 0:
                    self._take_card(path, confirmed=True)
            elif isinstance(problem, WorldError):
                self.card_says(str(problem), False)
            else:
                dialogs.show_error(self, problem)

        self.app.runner.db(work, done, failed)

    def _make_office_card_out(self) -> None:
        card = self._card("card", "The office's card", "Give it to every branch; read the six words out by telephone.")
        self.card_words = label("", "big", select=True)
        card.add(self.card_words)
        card.add(flow([button("Save the card…", self._save_card)]))
        self.card_says = self._said(card)

    def _save_card(self) -> None:
        path = dialogs.save_file(self, "Save the office's card", "National office.officecard", "Card (*.officecard)")
        if path is None:
            return

        def work(profile: Profile) -> str:
            from desktop_app.services.contacts import office_card

            return office_card(profile, path).words

        self._do(work, lambda words: self.card_says(f"Saved. Its six words: {words}.", True), self.card_says, "Saving…")

    def _make_policy(self) -> None:
        self.policy = PolicyWriting(self.app) if self.app.is_office else PolicyReading()
        self.cards["policy"] = self.policy
        self.add(self.policy)

    def _make_forms(self) -> None:
        words = (
            "Change questions in Excel, try them here, and publish them to every branch."
            if self.app.is_office
            else "Which forms are here, and what the office changed in them."
        )
        card = self._card("forms", "Forms", words)
        card.add(flow([button("See the forms", lambda: self.app.open_page("forms"))]))

    # backup and about --------------------------------------------------------------------------------------------

    def _make_backup(self) -> None:
        card = self._card(
            "backup", "Backup", "One encrypted file with everything in it. It is opened once to be sure before it counts."
        )
        card.add(flow([button("Make a backup…", self._backup), button("Look for damage", self._check)]))
        self.backup_says = self._said(card)
        self.kept = label("", "muted", select=True)
        card.add(self.kept)
        card.add(flow([button("Copy every backup to a second place…", self._second_place, "link")]))

    def _second_place(self) -> None:
        folder = dialogs.choose_folder(self, "A folder on another drive, for a copy of every backup")
        if folder is None:
            return

        def work(profile: Profile) -> object:
            from desktop_app.services import keeping

            keeping.set_second_place(profile, folder)
            return keeping.keep_safe_steps(profile, "now")

        def done(_written: list[Path]) -> None:
            self.backup_says(f"Every backup is copied to {folder} from now on, when that drive is there.", True)

        self._do(work, done, self.backup_says, "Making the first backup there, and opening it once…")

    def _show_kept(self, kept: tuple[str, Path | None]) -> None:
        made, place = kept
        words = "The program makes a backup by itself when you open your records and something changed. "
        words += f"The last one is of {long_date(made[:10])}." if made else "There is none yet."
        self.kept.setText(words + (f" A copy goes to {place}." if place else " Choose a second place for a copy."))

    def _backup(self) -> None:
        path = dialogs.save_file(
            self, "Make a backup", f"Branch Evidence {datetime.now():%Y-%m-%d}.branchbackup", "Backup (*.branchbackup)"
        )
        if path is None:
            return
        self.app.flush()

        def work(profile: Profile) -> object:
            from desktop_app.services import keeping

            return keeping.backup_steps(profile, path)

        def done(_nothing: None) -> None:
            self.backup_says(f"Backed up and read back: {path.name}.", True)

        self._do(work, done, self.backup_says, "Making the backup, and opening it once…", stops=True)

    def _check(self) -> None:
        def work(profile: Profile) -> object:
            from desktop_app.services import keeping

            return keeping.check_steps(profile)

        def done(found: list[str]) -> None:
            if found:
                self.backup_says(" ".join(found), False)
            else:
                self.backup_says("Everything is whole.", True)

        self._do(work, done, self.backup_says, "Reading everything once…", stops=True)

    def _make_about(self) -> None:
        from desktop_app import __version__

        card = self._card("about", "About")
        card.add(label(f"Branch Evidence {__version__}. It never uses the internet.", select=True))
        self.here = label("", "muted", select=True)
        card.add(self.here)
        card.add(flow([button("Show the folder of your records", self._show_folder, "link")]))
        self.outside = button("", lambda: self.app.open_page("reports", part="copies"), "link")
        self.outside.hide()
        card.add(flow([self.outside]))

    def _show_folder(self) -> None:
        self.app.platform.open_folder(self.app.paths.folder)

    # reading -----------------------------------------------------------------------------------------------------

    def _show(self, found: dict[str, Any]) -> None:
        me: Me = found["me"]
        if not self.app.is_practice:
            self.name.setText(me.name)
            place = self.role.findData(me.officer_role)
            if place < 0 and me.officer_role:
                self.role.addItem(me.officer_role, me.officer_role)
                place = self.role.count() - 1
            self.role.setCurrentIndex(max(0, place))
            self.authorities.set_codes(me.authorities)
            self.spare.show_state(*found["spare"], two=found["two_groups"])
            words = found["card_words"]
            if self.app.is_office:
                self.card_words.setText(words)
                self.rescue.show_state(found["rescue"])
            else:
                self.help.show_state(found["office_may"])
                self.address.show_address(found["address"])
                self.card_words.setText(
                    f"The card is here. Its six words: {words}" if words else "The card is not here yet."
                )
        if "backup" in self.cards:
            self._show_kept(found["kept"])
        if "policy" in self.cards:
            self.policy.show_policy(found["policy"], found["in_force"])
        self.outside.setVisible(found["outside"] > 0)
        self.outside.setText(f"{outside_words(found['outside'], pdfs=found['outside_pdfs'])}: look at them")
        self.here.setText(
            f"{number_of(found['records'], 'record')}, {size(found['bytes'])}, encrypted, in {self.app.paths.folder}"
        )

    def _do(
        self,
        work: Callable[[Profile], Any],
        done: Callable[[Any], None],
        say: Callable[[str, bool], None],
        words: str,
        *,
        stops: bool = False,
    ) -> None:
        """Run something slow with the bar on, and say beside its button how it went. ``stops``: it goes step by step."""
        self.busy.start(words)
        self.busy.stop.setVisible(stops)
        say("", True)

        def finished(value: Any) -> None:
            self.busy.end()
            done(value)

        def failed(problem: Exception) -> None:
            self.busy.end()
            if isinstance(problem, WorldError):
                say(str(problem), False)
            else:
                dialogs.show_error(self, problem)

        task = self.app.runner.db(work, finished, failed, priority="bulk")
        ended = f"“{words.rstrip('…')}” was ended, because the records were locked. Nothing is half-done: begin again."
        self.app.if_locked(task, ended, "settings")
        self._slow = task if stops else None

    def _stop(self) -> None:
        """What is slow ends at "Stop"."""
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None
            self.busy.end()


def _read(profile: Profile) -> dict[str, Any]:
    from desktop_app.services import addresses, copies, keeping, meetings, office, office_keys, rescue
    from desktop_app.services.contacts import office_of
    from desktop_app.storage import listing
    from desktop_app.storage.projection import Filters

    card = office_of(profile)
    return {
        "me": profile.me,
        "kept": (keeping.last_backup(profile), keeping.second_place(profile)),
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


def _field(card: Card, words: str, widget: QWidget) -> None:
    named = label(words, "h3")
    named.setBuddy(widget)
    widget.setAccessibleName(words)
    group = QVBoxLayout()
    group.setSpacing(4)
    group.addWidget(named)
    group.addWidget(widget)
    card.body.addLayout(group)


def _choice(card: Card, words: str, choices: Any, current: Any) -> QComboBox:
    box = QComboBox()
    for value, shown in choices:
        box.addItem(shown, value)
    set_name(box, words)
    place = next((n for n, (value, _shown) in enumerate(choices) if value == current), 0)
    box.setCurrentIndex(place)
    _field(card, words, box)
    return box


def _secret() -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


