"""Settings, the keys: the passphrase, the spare key on paper with its yearly check, and whether the office may help."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QVBoxLayout

from ui import dialogs
from ui.context import AppContext
from ui.pages.setting_card import SettingCard
from ui.setup.steps import MIN_PASSPHRASE, Answers
from ui.setup.strength import StrengthLine
from ui.widgets import button, flow, label
from ui.words import long_date

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

OPEN_WORDS = (
    "If you forget the passphrase and lose the paper, the office can then help you back in: two of its people bring two "
    "parts of a key from the safe. Whoever can do that could also read your records if they had your laptop. "
    "You can say no, and change your mind."
)


UNSEEN = (
    "A new spare key was made just before the records were locked, and the old sheet opens nothing now. If the new one is not "
    "on paper yet, make another."
)


class PassphraseCard(SettingCard):
    """A new passphrase, with the old one or, when that is forgotten, with the spare key."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(app, "Passphrase", "The records are not written again: only the lock is changed.")
        self.old = self.field("The passphrase now, or the eight groups of the spare key", secret=True)
        self.new = self.field("The new one", secret=True)
        self.strength = StrengthLine(app, self.new)
        self.add(self.strength)
        self.again = self.field("The new one again", secret=True)
        self.again.returnPressed.connect(self.change)
        self.strength.suggested.connect(self._suggested)
        self.add(flow([button("Change it", self.change)]))
        self.finish()

    def _suggested(self) -> None:
        self.again.clear()
        self.again.setFocus()

    def with_spare(self, spare: str) -> None:
        """The records were opened with the spare key: only the new passphrase is still to be typed."""
        self.old.setText(spare)
        self.say("Your records are open. Set a new passphrase now.", True)
        self.new.setFocus()

    def change(self) -> None:
        old, new = self.old.text(), self.new.text()
        if len(new.strip()) < MIN_PASSPHRASE:
            self.say(f"Use at least {MIN_PASSPHRASE} characters; four or five words are best.", False)
            self.new.setFocus()
            return
        if new != self.again.text():
            self.say("The two new ones are not the same.", False)
            self.again.setFocus()
            return

        def work(profile: Profile) -> None:
            from desktop_app.services import rescue

            rescue.change_passphrase(profile, old, new)

        def done(_nothing: None) -> None:
            for field in (self.old, self.new, self.again):
                field.clear()
            self.strength.hide_words()
            self.say("Changed. Use the new one from now on; your spare key on paper stays as it is.", True)

        self.work(work, done, "Changing the passphrase…", too_late="The passphrase was changed. Use the new one from now on.")


class SpareKeyCard(SettingCard):
    """Is the paper still there? Two groups of it are asked; or a new key is made, and the old sheet opens nothing."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(
            app, "Spare key on paper", "It opens your records if you forget. Once a year, see whether you can still find it."
        )
        self.asked = tuple(sorted(random.sample(range(1, 9), 2)))
        self.all_groups = self.field("The eight groups")
        self.one = self.field(f"Group {self.asked[0]} of the spare key")
        self.two = self.field(f"Group {self.asked[1]} of the spare key")
        for entry in (self.one, self.two, self.all_groups):
            entry.returnPressed.connect(self.check)
        self.add(flow([button("Check it", self.check)]))
        self.add(label("Lost, or seen by somebody? Make a new one; the old sheet then opens nothing.", "muted"))
        self.passphrase = self.field("Your passphrase", secret=True)
        self.passphrase.returnPressed.connect(self.make_new)
        self.add(flow([button("Make a new spare key…", self.make_new)]))
        self.finish()
        self._two = True
        self.show_state("", False, two=True)

    def show_state(self, due: str, ever: bool, *, two: bool) -> None:
        """What was read: by when the paper is to be looked at, and whether two groups are enough to ask for."""
        self._two = two
        for entry, on in ((self.one, two), (self.two, two), (self.all_groups, not two)):
            entry.setVisible(on)
            for named in self.findChildren(type(self.said)):
                if named.buddy() is entry:
                    named.setVisible(on)
        if due and ever:
            self.say(f"It is a year since you looked. Type two groups of your spare key by {long_date(due)}.", False, seek=False)
        elif due:
            self.say(f"Not checked yet. Please do it by {long_date(due)}.", False, seek=False)

    def check(self) -> None:
        two = self._two
        groups = list(zip(self.asked, (self.one.text(), self.two.text()), strict=True))
        typed = self.all_groups.text()

        def work(profile: Profile) -> None:
            from desktop_app.services import rescue

            if two:
                rescue.check_two(profile, groups)
            else:
                rescue.check_all(profile, typed)

        def done(_nothing: None) -> None:
            for entry in (self.one, self.two, self.all_groups):
                entry.clear()
            self.say("It is right. Keep the paper where you keep a passport. You are asked again in a year.", True)
            self.app.changed()

        self.work(work, done, "Checking…")

    def make_new(self) -> None:
        passphrase = self.passphrase.text()

        def work(profile: Profile) -> str:
            from desktop_app.services import rescue

            return rescue.new_spare_key(profile, passphrase)

        def done(spare_key: str) -> None:
            self.passphrase.clear()
            self._show_new(spare_key)

        self.work(work, done, "Making a new spare key…", too_late=UNSEEN)

    def _show_new(self, spare_key: str) -> None:
        """The same page as at first run: print it, save it or copy it, and type two groups back."""
        from ui.setup.spare_key import SpareKeyStep

        dialog = QDialog(self)
        dialog.setWindowTitle("A new spare key - Branch Evidence")
        column = QVBoxLayout(dialog)
        column.setContentsMargins(24, 20, 24, 18)
        me = self.app.me
        step = SpareKeyStep(self.app, Answers(role=me.role if me else "branch", name=me.branch if me else ""))
        step.take(spare_key)
        step.forward.connect(dialog.accept)
        column.addWidget(step)
        step.go.setDefault(True)  # Return in a field checks; it would else print
        dialog.setMinimumWidth(560)
        step.enter()
        dialogs.run(dialog)
        if self.app.me is None:
            self.app.say_when_open(UNSEEN, lambda: self.app.open_page("settings", part="spare"), "Show")
            return
        checked = dialog.result() == QDialog.DialogCode.Accepted and not step.put_off

        def work(profile: Profile) -> None:
            from desktop_app.services import rescue

            if checked:
                rescue.was_checked(profile)

        def done(_nothing: None) -> None:
            self.say("The new spare key opens your records. The old sheet opens nothing now: tear it up.", True)
            self.app.changed()

        self.work(work, done, "Keeping it…")


class OfficeHelpCard(SettingCard):
    """Whether the national office may unlock these records if the officer forgets; said openly, and it can be declined."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(app, "Let the national office unlock my records if I forget", OPEN_WORDS)
        self.now = label("")
        self.add(self.now)
        self.passphrase = self.field("Your passphrase, to let it", secret=True)
        self.passphrase.returnPressed.connect(self.allow)
        self.allow_button = button("Let the office", self.allow)
        self.stop_button = button("Do not let it any more", self.stop)
        self.add(flow([self.allow_button, self.stop_button]))
        self.finish()

    def show_state(self, allowed: bool) -> None:
        self.now.setText("The office may, from the next file you send on." if allowed else "The office may not.")
        self.stop_button.setVisible(allowed)
        self.allow_button.setVisible(not allowed)
        self.passphrase.setVisible(not allowed)
        for named in self.findChildren(type(self.said)):
            if named.buddy() is self.passphrase:
                named.setVisible(not allowed)

    def allow(self) -> None:
        typed = self.passphrase.text()

        def work(profile: Profile) -> None:
            from desktop_app.services import rescue

            rescue.allow_office(profile, typed)

        def done(_nothing: None) -> None:
            self.passphrase.clear()
            self.show_state(True)
            self.say("Kept. The office learns it with the next file you send.", True)

        self.work(work, done, "Keeping it…")

    def stop(self) -> None:
        def work(profile: Profile) -> None:
            from desktop_app.services import rescue

            rescue.stop_office(profile)

        def done(_nothing: None) -> None:
            self.show_state(False)
            self.say("Kept. Send a file now: with it the office deletes what would have let it in.", True)

        self.work(work, done, "Keeping it…")
