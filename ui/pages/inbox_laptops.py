"""Branches' laptops at the office: six words are compared by telephone, what waited for that is added, or one is stopped."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from ui import dialogs
from ui.widgets import Card, button, clear, flow, hline, label, pill
from ui.words import number_of

if TYPE_CHECKING:
    from desktop_app.services.contacts import KnownLaptop
    from desktop_app.services.outcomes import Import as Made
    from desktop_app.services.outcomes import Step
    from desktop_app.services.profile import Profile
    from ui.pages.inbox import InboxPage

_STATE_WORDS = {
    "waiting": ("Waiting until we have spoken", "warn"),
    "accepted": ("Accepted", "good"),
    "stopped": ("No longer accepted", "bad"),
}
LEFT_OFF = "Adding what waited was ended, because the records were locked. Each file is here whole, or still waits."


class InboxLaptops:
    """Works for the Inbox; `waiting` holds the laptops nobody has spoken to yet, `known` the others."""

    def __init__(self, page: InboxPage) -> None:
        self._page = page
        self._app = page.app
        self.waiting = Card("Waiting until we have spoken to the branch")
        self._waiting_rows = self.waiting.rows()
        self.known = Card("Laptops")
        self._known_rows = self.known.rows()

    def show(self, laptops: list[KnownLaptop]) -> None:
        """Fill both cards; the second is hidden while it would be empty."""
        waiting = [each for each in laptops if each.state == "waiting"]
        clear(self._waiting_rows)
        for place, laptop in enumerate(waiting):
            if place:
                self._waiting_rows.addWidget(hline())
            self._waiting_row(laptop)
        if not waiting:
            self._waiting_rows.addWidget(label("Nobody waits.", "muted"))
        clear(self._known_rows)
        others = [each for each in laptops if each.state in ("accepted", "stopped")]
        for laptop in others:
            self._known_row(laptop)
        self.known.setVisible(bool(others))

    def _waiting_row(self, laptop: KnownLaptop) -> None:
        self._waiting_rows.addWidget(label(f"{laptop.name} · {laptop.branch}", "h3"))
        files = f"{number_of(laptop.waiting, 'file')} waiting. " if laptop.waiting else ""
        self._waiting_rows.addWidget(
            label(f"{files}Ring the branch on a number you know, and compare these six words:", "muted")
        )
        self._waiting_rows.addWidget(label(laptop.words, "big", select=True))
        self._waiting_rows.addWidget(
            flow(
                [
                    button("The words are the same: accept", lambda: self.accept(laptop.id), "primary"),
                    button("They are not", lambda: self.stop(laptop)),
                ]
            )
        )

    def _known_row(self, laptop: KnownLaptop) -> None:
        words, kind = _STATE_WORDS[laptop.state]
        self._known_rows.addWidget(
            flow([label(f"{laptop.name} · {laptop.branch}", "h3", wrap=False), pill(words, kind)])
        )
        if laptop.state == "accepted":
            stop = button("Stop accepting this laptop", lambda: self.stop(laptop), "link")
            links = [stop]
            if laptop.agreed:  # the others can only be told that the paper is their way in
                links.append(button("Help it back in…", lambda: self.help_back_in(laptop), "link"))
            self._known_rows.addWidget(flow(links, spacing=14))
        else:
            again = button("Accept it after all", lambda: self.accept(laptop.id), "link")
            self._known_rows.addWidget(flow([again]))

    def accept(self, device: str) -> None:
        """The six words were compared by telephone: accept, and add what waited."""

        def steps(profile: Profile) -> Generator[Step, None, Made]:
            from desktop_app.services import receiving

            return receiving.accept_device_steps(profile, device)

        self._take_in(
            steps, "Accepted. ", "The laptop was not accepted, because the records were locked. Accept it again."
        )

    def add_waiting(self) -> None:
        """Go on with files of accepted laptops that are still kept aside."""

        def steps(profile: Profile) -> Generator[Step, None, Made]:
            from desktop_app.services import receiving

            return receiving.take_in_waiting_steps(profile)

        self._take_in(steps, "", LEFT_OFF)

    def _take_in(self, steps: Callable[[Profile], Generator[Step, None, Made]], before: str, not_begun: str) -> None:
        """Add what waited, a little at a time. Locking ends it between two steps; what is left can be added at any time."""
        app = self._app
        begun: list[bool] = []
        self._page.busy.start("Adding what waited…")

        def work(profile: Profile) -> Generator[tuple[int, int], None, int]:
            made = steps(profile)
            while True:
                try:
                    step = next(made)
                except StopIteration as end:
                    return len(end.value.files)
                begun.append(True)  # from here on the laptop is accepted
                yield 100 * step.file + 100 * step.change // max(step.changes, 1), 100 * max(step.files, 1)

        def done(files: int) -> None:
            self._page.busy.end()
            self._app.changed()
            self._page.refresh()
            self._app.toast(f"{before}{number_of(files, 'file')} added.")

        def stopped() -> None:
            if begun:
                app.say_when_open(LEFT_OFF, lambda: app.open_page("inbox", add_waiting=True), "Add what waited")
            else:
                app.say_when_open(not_begun, lambda: app.open_page("inbox"), "Show")

        task = app.runner.db(work, done, self._page.failed, priority="bulk", progress=self._page.progress)
        task.stopped = stopped
        task.too_late = lambda files: app.say_when_open(f"{before}{number_of(files, 'file')} added.")

    def stop(self, laptop: KnownLaptop) -> None:
        """Its next files are kept aside; what it sent before stays."""

        def work(profile: Profile) -> None:
            from desktop_app.services import receiving

            receiving.stop_device(profile, laptop.id)

        def done(_nothing: None) -> None:
            self._page.refresh()
            self._app.toast(f"Files of {laptop.name} are no longer accepted.", lambda: self.accept(laptop.id))

        self._app.runner.db(work, done)

    def help_back_in(self, laptop: KnownLaptop) -> None:
        """The branch forgot its passphrase, and had agreed that the office may help."""
        from ui.pages.help_back_in import HelpBackIn

        dialogs.run(HelpBackIn(self._app, laptop, self._page))
