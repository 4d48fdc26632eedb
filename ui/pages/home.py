"""Home: what to carry on with, what is due, and how things stand between this computer and the other side."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.errors import NotFound
from desktop_app.paths import ProfilePaths
from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page
from ui.pages.home_data import HomeData, due_words, read, second_place_words
from ui.pages.report_copies import outside_words
from ui.rows import RowButton
from ui.widgets import Card, button, clear, flow, hline, label, notice
from ui.words import FORM_WORDS, PROGRAMMES, authority_names, long_date, number_of, standing_kind, weekday

if TYPE_CHECKING:
    from desktop_app.services.actions import Due
    from desktop_app.services.profile import Profile
    from desktop_app.storage.projection import Row


class HomePage(Page):
    """The next step is always in sight."""

    help_topic = "home"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__(greeting(datetime.now()))
        self.app = app
        if app.is_office:
            self.first_action = self.add_action(
                button("Add files", lambda: app.open_page("inbox", choose=True), "primary", hint="Ctrl+I")
            )
        else:
            self.add_action(button("Start a SENCO meeting", lambda: self._new("senco_meeting"), hint="Ctrl+M"))
            self.first_action = self.add_action(
                button("Record evidence", lambda: self._new("evidence"), "primary", hint="Ctrl+N")
            )
        self.nags = QVBoxLayout()
        self.nags.setSpacing(10)
        self.body.addLayout(self.nags)
        self.carry_on = Card("Carry on")
        self.actions_card = Card("To look at" if app.is_office else "Actions due")
        self.carry_rows, self.action_rows = QVBoxLayout(), QVBoxLayout()
        for rows, card in ((self.carry_rows, self.carry_on), (self.action_rows, self.actions_card)):
            rows.setSpacing(2)
            card.body.addLayout(rows)
        self.add(Columns(self.carry_on, self.actions_card, (4, 3)))
        self.between = Card("What is here" if app.is_office else "Between you and the national office")
        self.figures = QWidget()
        self.figures_row = QHBoxLayout(self.figures)
        self.figures_row.setContentsMargins(0, 0, 0, 0)
        self.figures_row.setSpacing(28)
        if app.is_office:
            self.between.add(self.figures)
        else:
            self.send = button("Send to the office", lambda: app.open_page("send"), hint="Ctrl+E")
            self.between.add(Columns(self.figures, flow([self.send]), (4, 1)))
        self.add(self.between)
        self._say_today()

    def refresh(self) -> None:
        self.app.runner.db(read, self.show_data)

    # what is shown -----------------------------------------------------------------------------------------------

    def show_data(self, found: HomeData) -> None:
        """Put what was read on the page."""
        focus = QApplication.focusWidget()
        lost = focus is None or focus is self or self.carry_on.isAncestorOf(focus)
        place = self.scroll.verticalScrollBar().value()
        self._say_today()
        self._show_nags(found)
        clear(self.carry_rows)
        rows = [*found.two_versions, *found.asked, *found.drafts]
        for place, row in enumerate(rows[:5]):
            if place:
                self.carry_rows.addWidget(hline())
            self.carry_rows.addWidget(self._row(row))
        if not rows:
            self.carry_rows.addWidget(
                label(
                    "Nothing is half-done."
                    if found.total
                    else "Nothing has been received yet."
                    if self.app.is_office
                    else "Nothing yet. Write down what you heard this week: Ctrl+J takes a quick note.",
                    "muted",
                )
            )
        clear(self.action_rows)
        if self.app.is_office:
            self._office_rows(found)
        else:
            self._show_actions(found.actions)
        clear(self.figures_row)
        if self.app.is_office:
            self._figure(found.total, "records here", {})
            self._figure(len(found.two_versions), "with two versions", {"standing": "two_versions"})
        else:
            self._figure(found.has, "received by the office", {"standing": "office_has_it"})
            self._figure(found.ready, "ready, not yet sent", {"standing": "ready"})
            self._figure(found.changed, "changed since the office's copy", {"standing": "changed"})
        if lost and self.isVisible():
            self._take_keyboard()
        # A row that goes while it has the keyboard hands it to the next one, and the page scrolls there.
        self.scroll.verticalScrollBar().setValue(place)

    def _take_keyboard(self) -> None:
        """So that the next key does something: what was being written, else the button that starts a record."""
        rows = [self.carry_rows.itemAt(place).widget() for place in range(self.carry_rows.count())]
        first = next((row for row in rows if isinstance(row, RowButton)), self.first_action)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_today(self) -> None:
        today = weekday(date.today())
        self.say(greeting(datetime.now()), f"{today}{_own_programmes(self.app)}")

    def _row(self, row: Row) -> RowButton:
        sub = " · ".join(
            part for part in (FORM_WORDS.get(row.form, ""), authority_names(row.authorities), _changed(row)) if part
        )
        made = RowButton(row.title, sub, row.standing_words or row.standing, standing_kind(row.standing))
        made.clicked.connect(lambda _on=False, record=row.id: self.app.open_record(record))
        return made

    def _show_actions(self, actions: list[Due]) -> None:
        for place, action in enumerate(actions):
            if place:
                self.action_rows.addWidget(hline())
            words, kind = due_words(action.due, date.today())
            made = RowButton(action.title, action.owner, words, kind)
            made.clicked.connect(lambda _on=False, record=action.record: self.app.open_record(record))
            self.action_rows.addWidget(made)
        if not actions:
            self.action_rows.addWidget(label("Nothing is due.", "muted"))

    def _office_rows(self, found: HomeData) -> None:
        if found.waiting_branches:
            made = RowButton(
                f"{number_of(found.waiting_branches, 'laptop')} waiting until we have spoken to the branch",
                "Ring, compare six words, accept.",
            )
            made.clicked.connect(lambda: self.app.open_page("inbox"))
            self.action_rows.addWidget(made)
        made = RowButton("Where is it quiet?", "Authorities with an agreement and nothing received")
        made.clicked.connect(lambda: self.app.open_page("overview"))
        self.action_rows.addWidget(made)

    def _figure(self, number: int, words: str, filters: dict[str, object]) -> None:
        """A number that opens its records."""
        made = RowButton("", words)
        made.words.setText(f"{number:,}")
        made.words.setProperty("kind", "figure")
        made.setAccessibleName(f"{number:,} {words}: show them")
        target = "records" if self.app.is_office else "evidence"
        made.clicked.connect(lambda: self.app.open_page(target, filters=filters))
        self.figures_row.addWidget(made, 1)

    def _show_place(self) -> None:
        """Records in a folder that another program copies: say so, and offer to move them out."""
        synced = self.app.platform.is_synced(self.app.paths.folder)
        if not synced or self.app.is_practice:
            return
        words = f"Your records lie in a folder that is copied elsewhere by {synced}. They can be damaged that way."
        from desktop_app.services.place import own_folder

        target = own_folder(self.app.paths, self.app.platform.is_synced)
        if target is None:
            self.nags.addWidget(notice(f"{words} Leave this folder out of the copying.", "notice-bad"))
        else:
            self.move_out = button("Move them out of it", lambda: self._move(target))
            self.nags.addWidget(notice(f"{words} They can be moved to {target}.", "notice-bad", self.move_out))

    def _move(self, target: Path) -> None:
        self.app.flush()
        paths = ProfilePaths(target)

        def work(profile: Profile) -> None:
            from desktop_app.services import place

            place.move(profile, paths)

        self.move_out.setEnabled(False)
        self.app.if_locked(
            self.app.runner.db(work, lambda _nothing: self.app.moved(paths), self._not_moved, priority="bulk"),
            "Your records were not moved, because they were locked. They are where they were.",
            "home",
        ).too_late = lambda _nothing: self.app.moved(paths)

    def _copied_seen(self) -> None:
        def told(profile: Profile) -> None:
            from desktop_app.services import this_laptop

            this_laptop.was_told(profile.store)

        self.app.runner.db(told, lambda _none: self.refresh())

    def _not_moved(self, problem: Exception) -> None:
        self.move_out.setEnabled(True)
        dialogs.show_error(self, problem)

    def _show_nags(self, found: HomeData) -> None:
        clear(self.nags)
        self._show_place()
        today = date.today().isoformat()
        if found.from_the_future:
            self.nags.addWidget(
                notice(
                    f"This computer says that today is {long_date(today)}, but something here is dated "
                    f"{long_date(found.from_the_future)}. This clock, or another laptop's, is wrong. Nothing is lost by it: no "
                    "date decides what is kept. Put the clock right in the settings of the computer."
                )
            )
        if found.copied:
            seen = button("I have seen this", self._copied_seen)
            self.nags.addWidget(
                notice(
                    "These records are a copy: put back from a backup, handed over, or copied with their folder. So that nothing "
                    "is mixed up, this laptop goes by a name of its own now. With your next file, ring the national office and "
                    f"compare the six words of this laptop: {found.copied}.",
                    "notice",
                    seen,
                )
            )
        if found.spare_due and not self.app.is_practice:
            late = found.spare_due < today
            words = (
                "A year has gone: can you still find your spare key on paper? Type two groups of it."
                if found.spare_ever
                else "Your spare key on paper has not been checked. Without it, a forgotten passphrase locks you out for good."
                if late
                else f"Check your spare key on paper by {long_date(found.spare_due)}."
            )
            go = button("Check it now", lambda: self.app.open_page("settings", part="spare"))
            self.nags.addWidget(notice(words, "notice", go))
        if found.rescue_due:
            go = button("Try them now", lambda: self.app.open_page("settings", part="rescue"))
            words = f"Two parts of the rescue key are to be tried by {long_date(found.rescue_due)}: two people, ten minutes."
            self.nags.addWidget(notice(words, "notice", go))
        if found.second_place is not None and not self.app.is_practice:
            go = button("Choose another place", lambda: self.app.open_page("settings", part="backup"))
            self.nags.addWidget(notice(second_place_words(found.second_place), "notice", go))
        if found.review:
            go = button("Look at them", lambda: self.app.open_page("review"))
            due = "1 record is" if found.review == 1 else f"{found.review:,} records are"
            self.nags.addWidget(notice(f"{due} due for review: keep, or delete?", "notice", go))
        if found.copies:
            go = button("Look at it" if found.copies == 1 else "Look at them", self._show_copies)
            self.nags.addWidget(notice(f"{outside_words(found.copies)}.", "notice", go))
        for title, summary in found.forms[:2]:
            go = button("See what has changed", lambda: self.app.open_page("forms"))
            go.setAccessibleName(f"See what has changed in {title}")
            self.nags.addWidget(notice(f"The office has changed the form “{title}”. {summary}", "notice", go))
        for waiting in found.waiting[:2]:
            go = button("Send it again", lambda: self.app.open_page("send"))
            self.nags.addWidget(
                notice(
                    f"File {waiting.number} has waited {waiting.days} days for an answer. Send it again (harmless).",
                    "notice",
                    go,
                )
            )
        if not found.has_card and found.ready:
            go = button("Add the office's card", lambda: self.app.open_page("settings", part="card"))
            self.nags.addWidget(
                notice("You have records ready to send, but not yet the office's card. Nothing is lost.", "notice", go)
            )

    def _show_copies(self) -> None:
        self.app.open_page("reports", part="copies")

    def _new(self, form: str) -> None:
        frame = getattr(self.window(), "frame", None)
        if frame is not None:
            frame.new_record(form)


def greeting(now: datetime) -> str:
    """ "Good afternoon" and the like."""
    if now.hour < 12:
        return "Good morning"
    return "Good afternoon" if now.hour < 18 else "Good evening"


def _changed(row: Row) -> str:
    return f"changed {long_date(row.changed_utc)}" if row.changed_utc else ""


def _own_programmes(app: AppContext) -> str:
    """ " · Kent: Safety Valve", with its doubt where there is one."""
    if app.me is None or app.is_office or not app.me.authorities:
        return ""
    from desktop_app.records.authorities import by_code

    said = []
    for code in app.me.authorities[:3]:
        try:
            found = by_code(code)
        except NotFound:
            continue
        if found.programme:
            doubt = "" if found.confirmed else " (one source only)"
            said.append(f"{found.short_name}: {PROGRAMMES.get(found.programme, found.programme)}{doubt}")
        else:
            said.append(f"{found.short_name}: no agreement on our list")
    return " · " + ", ".join(said) if said else ""
