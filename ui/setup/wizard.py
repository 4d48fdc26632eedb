"""First run: three doors, then - for real records - who you are, a passphrase, the office's card, a spare key on paper.

The records are made at once with the passphrase, so nothing is lost if the program is closed half-way: what is left (the
check of the spare key, the card) is asked for on Home.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop_app.errors import WorldError
from desktop_app.paths import usual_profile_dir
from ui import dialogs
from ui.context import AppContext
from ui.rows import Door
from ui.setup.entrance import Entrance, OneAtATime
from ui.setup.office_card import CardStep, LastStep
from ui.setup.rescue_key import RecoveryStep
from ui.setup.spare_key import SpareKeyStep
from ui.setup.steps import Answers, PassphraseStep, Step, WhoStep
from ui.widgets import Busy, button, flow, label, notice

if TYPE_CHECKING:
    from desktop_app.services.profile import Me, Profile


class SetupPage(Entrance):
    """Doors and steps. Calls `entered(me)` when the records are open and everything asked for was answered or put off."""

    def __init__(self, app: AppContext, entered: Callable[[Me], None]) -> None:
        super().__init__(app)
        self._entered = entered
        self.answers = Answers()
        self._me: Me | None = None
        self._steps: list[Step] = []
        self.stack = self.put(OneAtATime())
        self.doors = self._make_doors()
        self.stack.addWidget(self.doors)
        self.setFocusProxy(self.branch)
        self.busy = self.put(Busy())

    # the doors ---------------------------------------------------------------------------------------------------

    def _make_doors(self) -> QWidget:
        page = Step(self.app, self.answers)
        page.heading(
            "Welcome",
            "Evidence of what Safety Valve, Delivering Better Value and local SEND reform plans do to children and to "
            "the people who teach them. Everything stays on this computer until you send it.",
        )
        synced = self.app.platform.is_synced(self.app.paths.folder)
        if synced:
            page.column.addWidget(
                notice(
                    f"The folder {self.app.paths.folder} is copied elsewhere by {synced}. Records are damaged that way, so "
                    f"they are not set up there. Start the program with another folder; the usual one is "
                    f"{usual_profile_dir()}.",
                    "notice-bad",
                )
            )
        self.branch = Door("I work for a branch", "Record evidence, hold SENCO meetings, send to the national office.")
        self.office = Door("I work in the national office", "Receive what branches send, count it, brief with it.")
        self.practice = Door(
            "Look round with made-up records", "No passphrase, nothing kept, nothing can be sent. You can start again later."
        )
        self.branch.clicked.connect(lambda: self.start("branch"))
        self.office.clicked.connect(lambda: self.start("office"))
        self.practice.clicked.connect(self.look_round)
        for door in (self.branch, self.office, self.practice):
            page.column.addWidget(door)
            door.setEnabled(not synced or door is self.practice)
        self.restore = button("I have a backup, or a file from my predecessor", self._restore, "link")
        self.restore.setEnabled(not synced)
        page.column.addWidget(flow([self.restore]))
        page.column.addWidget(label(f"Your records will be kept in {self.app.paths.folder}", "muted", select=True))
        return page

    def _restore(self) -> None:
        """A new computer: the records of the old one, or of the predecessor, are put in their place here."""
        from ui.setup.restore import RestoreBox

        dialogs.run(RestoreBox(self.app, self._entered, self))

    def look_round(self) -> None:
        """Open practice records; a fake of the system's mail and folders goes with them."""
        paths = self.app.paths

        def opener() -> tuple[Profile, Me]:
            from desktop_app.services.practice import open_practice

            opened = open_practice(paths)
            return opened, opened.me

        def opened(me: Me) -> None:
            from desktop_app.platform.fake import FakePlatform

            self.app.platform = FakePlatform(has_mail=False)
            self._entered(me)

        self._wait("Making up some records…")
        self.app.runner.open(opener, opened, self._failed)

    # the steps ---------------------------------------------------------------------------------------------------

    def start(self, role: str) -> None:
        """Through a door: `role` is branch or office."""
        for step in self._steps:
            self.stack.removeWidget(step)
            step.deleteLater()
        self.answers.role = role
        self.who = WhoStep(self.app, self.answers)
        self.passphrase = PassphraseStep(self.app, self.answers)
        self.spare = SpareKeyStep(self.app, self.answers)
        self.last = LastStep(self.app, self.answers)
        self.recovery = RecoveryStep(self.app, self.answers)
        self.card = CardStep(self.app, self.answers)
        # The card comes before the records are made, so that going back from it loses nothing.
        before = [self.who, self.card, self.passphrase] if role == "branch" else [self.who, self.passphrase]
        after = [self.spare, self.last] if role == "branch" else [self.spare, self.recovery, self.last]
        self._steps = [*before, *after]
        for step in self._steps:
            self.stack.addWidget(step)
            step.forward.connect(self._forward)
            step.back.connect(self._back)
        self._show(self.who)

    def _show(self, step: QWidget) -> None:
        self.stack.setCurrentWidget(step)
        self.area.verticalScrollBar().setValue(0)
        if isinstance(step, Step):
            step.enter()

    def _forward(self) -> None:
        step = self.stack.currentWidget()
        if step is self.passphrase:
            self._create()
        elif step is self.last:
            self._finish()
        else:
            self._show(self._steps[self._steps.index(step) + 1])  # type: ignore[arg-type]

    def _back(self) -> None:
        place = self._steps.index(self.stack.currentWidget())  # type: ignore[arg-type]
        self._show(self._steps[place - 1] if place else self.doors)
        if not place:
            self.branch.setFocus()

    def _create(self) -> None:
        answers, paths = self.answers, self.app.paths

        def opener() -> tuple[Profile, tuple[Me, str, str]]:
            from desktop_app.services import office_keys, profile, rescue
            from desktop_app.services.contacts import adding_card

            made = profile.create(
                paths,
                role=answers.role,
                name=answers.name,
                passphrase=answers.passphrase,
                officer_role=answers.officer_role,
                authorities=answers.authorities,
                prepare=adding_card(answers.card),
            )
            rescue.after_set_up(
                made.profile, made.spare_key, answers.passphrase, office_may_unlock=answers.office_may_unlock
            )
            if made.recovery_identity:
                office_keys.parts_made(made.profile)
            return made.profile, (made.profile.me, made.spare_key, made.recovery_identity or "")

        self._wait("Setting up your records. The passphrase is made slow to guess, which takes a moment.")
        self.app.runner.open(opener, self._created, self._failed)

    def _created(self, made: tuple[Me, str, str]) -> None:
        self._go_on()
        self._me, spare_key, recovery = made
        self.passphrase.forget()
        self.spare.take(spare_key)
        self.recovery.take(recovery)
        self._show(self.spare)

    def _finish(self) -> None:
        (name, jotting), checked = self.answers.jotting, not self.spare.put_off
        parts_checked = self.answers.role == "office" and not self.recovery.put_off

        def finish(profile: Profile) -> None:
            from desktop_app.services import jottings, office_keys, rescue

            if checked:
                rescue.was_checked(profile)
            if parts_checked:
                office_keys.parts_checked(profile)
            if jotting:
                jottings.put(profile, name, jotting)

        me = self._me
        assert me is not None
        self.app.runner.db(finish, lambda _nothing: self._entered(me), self._failed)

    def _wait(self, words: str) -> None:
        self.stack.setEnabled(False)
        self.busy.start(words)

    def _go_on(self) -> None:
        self.stack.setEnabled(True)
        self.busy.end()

    def _failed(self, problem: Exception) -> None:
        self._go_on()
        current = self.stack.currentWidget()
        if isinstance(problem, WorldError) and isinstance(current, Step):
            current.wrong.setText(str(problem))
            current.wrong.show()
        else:
            dialogs.show_error(self, problem)
