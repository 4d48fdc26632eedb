"""Settings of the office, the rescue key: when it was tried last, two parts tried now, and new keys made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui import dialogs
from ui.context import AppContext
from ui.pages.two_parts import TwoParts
from ui.setup.rescue_key import RescueParts
from ui.theme import set_kind
from ui.toast import announce
from ui.widgets import Busy, Card, button, flow, label
from ui.words import long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.office_keys import Drilled, NewKeys, RescueState
    from desktop_app.services.profile import Profile

WHAT = (
    "Three parts on paper in three places; two of them help a branch back in that forgot its passphrase and had agreed. Four "
    "times a year two people bring their parts, to see that they still can be found and read."
)


class RescueKeyCard(Card):
    """What is known of the key, which is not here, and what can be done with it."""

    def __init__(self, app: AppContext) -> None:
        super().__init__("The rescue key")
        self.app = app
        self.add(label(WHAT, "muted"))
        self.now = label("")
        self.add(self.now)
        self.add(flow([button("Try two parts…", self.try_parts, "primary")]))
        self.add(
            label(
                "A part is lost, or was seen by somebody? Make a new rescue key; the old parts then open only what is old. If "
                "this computer itself may have been read, change all keys. Branches get the new ones with your replies.",
                "muted",
            )
        )
        self.add(
            flow(
                [
                    button("Make a new rescue key…", lambda: self.make_new(rescue_only=True)),
                    button("Change all keys of the office…", lambda: self.make_new(rescue_only=False)),
                ]
            )
        )

    def show_state(self, state: RescueState) -> None:
        """What was read."""
        said = [f"Last tried on {long_date(state.checked)}." if state.checked else "Two parts have not been tried yet."]
        if state.due:
            said.append(f"To be tried by {long_date(state.due)}.")
        said.append(
            f"{number_of(state.branches, 'branch', 'branches')} agreed that the office may help."
            if state.branches
            else "No branch has agreed yet that the office may help."
        )
        if state.earlier:
            said.append(
                f"{number_of(state.earlier, 'of them was', 'of them were')} last heard of with an earlier key: keep its parts."
            )
        self.now.setText(" ".join(said))

    def try_parts(self) -> None:
        """The drill."""
        dialogs.run(DrillBox(self.app, self))
        self.refresh()

    def make_new(self, *, rescue_only: bool) -> None:
        """A change of keys, with the parts given out at once."""
        box = NewKeysBox(self.app, self, rescue_only=rescue_only)
        dialogs.run(box)
        if self.app.me is not None:
            self.refresh()
        elif box.ceremony_begun:
            self.app.say_when_open(UNSEEN, lambda: self.app.open_page("settings", part="rescue"), "Show")

    def refresh(self) -> None:
        def read(profile: Profile) -> RescueState:
            from desktop_app.services import office_keys

            return office_keys.state(profile)

        self.app.runner.db(read, self.show_state)


UNSEEN = (
    "A new rescue key was made just before the records were locked. If its three parts are not on paper yet, make another: "
    "they are shown only once."
)


class _Box(QDialog):
    def __init__(self, app: AppContext, parent: QWidget, title: str, words: str) -> None:
        super().__init__(parent)
        self.app = app
        self.setWindowTitle(f"{title} - Branch Evidence")
        self.setAccessibleName(title)
        self.setMinimumWidth(min(600, parent.window().width() - 40))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 18)
        self.column.setSpacing(8)
        self.column.addWidget(label(title, "h2"))
        self.intro = label(words, "muted")
        self.column.addWidget(self.intro)
        self.busy = Busy()
        self.said = label("", "error", select=True)
        self.said.hide()

    def work(
        self, what: Callable[[Profile], Any], done: Callable[[Any], None], words: str, *, too_late: str = ""
    ) -> None:
        self.busy.start(words)

        def finished(value: Any) -> None:
            self.busy.end()
            done(value)

        def failed(problem: Exception) -> None:
            self.busy.end()
            if isinstance(problem, WorldError):
                self.say(str(problem), "error")
            else:
                dialogs.show_error(self, problem)

        self.app.if_locked(
            self.app.runner.db(what, finished, failed, priority="bulk"),
            f"“{words.rstrip('…')}” was ended, because the records were locked. Nothing was changed: begin again.",
            "settings",
            too_late=too_late,
            part="rescue",
        )

    def say(self, words: str, kind: str) -> None:
        self.said.setText(words)
        set_kind(self.said, kind)
        self.said.show()
        dialogs.grow(self)
        announce(self.said, words)


class DrillBox(_Box):
    """Two parts are typed; nothing is unlocked by it."""

    def __init__(self, app: AppContext, parent: QWidget) -> None:
        super().__init__(
            app, parent, "Try two parts of the rescue key",
            "Two people type the words of their parts. Nothing is unlocked, and the words are forgotten at once.",
        )  # fmt: skip
        self.parts = TwoParts()
        self.column.addWidget(self.parts)
        self.column.addWidget(self.busy)
        self.column.addWidget(self.said)
        self.go = button("Try them", self.attempt, "primary")
        self.column.addWidget(flow([self.go, button("Close", self.reject)]))

    def attempt(self) -> None:
        given = self.parts.given()

        def work(profile: Profile) -> Drilled:
            from desktop_app.services import office_keys

            return office_keys.drill(profile, given)

        self.work(work, self._done, "Trying them…")

    def _done(self, found: Drilled) -> None:
        self.parts.clear()
        if not found.current:
            self.say("They are right, but of an earlier key. Keep them, and bring two parts of the newest.", "warn")
            return
        opened = number_of(found.of, "branch", "branches")
        what = f"They open what {opened} left here." if found.of else "No branch has left anything here to be opened yet."
        self.say(f"They are right. {what} You are asked again on {long_date(found.due)}.", "good")
        self.app.changed()


class NewKeysBox(_Box):
    """First what it means, then the three parts, then a word of two of them back."""

    def __init__(self, app: AppContext, parent: QWidget, *, rescue_only: bool) -> None:
        title = "Make a new rescue key" if rescue_only else "Change all keys of the office"
        super().__init__(
            app, parent, title,
            "Everything that was sent is read as before, and the six words of the office stay the same. Branches take the new "
            "keys with your next reply. Keep the old parts until every branch has sent a file since: with them the office can "
            "still help the others.",
        )  # fmt: skip
        self.rescue_only = rescue_only
        self.ceremony_begun = False
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.ceremony = RescueParts()
        self.area.setWidget(self.ceremony)
        self.area.hide()
        self.column.addWidget(self.area, 1)
        self.column.addWidget(self.busy)
        self.column.addWidget(self.said)
        self.go = button("Make the new keys", self.make, "primary")
        self.check_button = button("Check and close", self.check, "primary")
        self.check_button.hide()
        self.close_button = button("Leave it", self.reject)
        self.column.addWidget(flow([self.go, self.check_button, self.close_button]))
        self.check_button.setDefault(True)  # now that it is in the box: Return in a field would else press its first button

    def make(self) -> None:
        rescue_only = self.rescue_only
        self.go.setEnabled(False)

        def work(profile: Profile) -> NewKeys:
            from desktop_app.services import office_keys

            return office_keys.renew(profile, rescue_only=rescue_only)

        self.work(work, self._made, "Making new keys…", too_late=UNSEEN)

    def _made(self, made: NewKeys) -> None:
        self.ceremony_begun = True
        self.ceremony.take(made.parts)
        self.go.hide()
        self.intro.setText("These are the parts of the new key. They are shown this once.")
        self.area.show()
        self.check_button.show()
        self.close_button.setText("Check within a week")
        self.resize(max(self.width(), 640), min(640, self.screen().availableSize().height() - 80))
        self.ceremony.print_button.setFocus()
        self.app.changed()

    def check(self) -> None:
        problem = self.ceremony.problem()
        if problem is not None:
            words, where = problem
            self.say(words, "error")
            where.setFocus()
            return

        def work(profile: Profile) -> None:
            from desktop_app.services import office_keys

            office_keys.parts_checked(profile)

        self.work(work, lambda _nothing: self.accept(), "Keeping it…")

    def done(self, result: int) -> None:
        self.ceremony.forget()
        super().done(result)
