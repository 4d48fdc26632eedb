"""I have lost my laptop, or a file went to the wrong person: whom to tell, the 72 hours, what was here in counts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QTimer
from PySide6.QtWidgets import QDateTimeEdit, QGridLayout, QVBoxLayout, QWidget

from ui import dialogs
from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page
from ui.theme import set_kind
from ui.widgets import Busy, Card, button, clear, label
from ui.words import long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.breach import WhatIsHere
    from desktop_app.services.office import Policy
    from desktop_app.services.profile import Profile

STEPS = (
    "Ring now. Do not wait until you know everything.",
    "Say when and where you last had it, whether it was locked, and where the spare key on paper and the passphrase were.",
    "Ask the national office to stop accepting that laptop.",
    "Write down whom you told, when, and what you were told.",
    "A file for the office opens only at the office and on the laptop that made it. A PDF protects itself only if it has a "
    "password.",
)


class LostLaptopPage(Page):
    """Nothing here sends anything; the sheet can be printed for the data protection officer."""

    help_topic = "lost-laptop"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__(
            "I have lost my laptop", "Or it was stolen, or a file went to the wrong person. There are 72 hours."
        )
        self.app = app
        self.add_action(button("Back", lambda: app.open_page("data_protection")))
        self.add_action(button("Save as PDF, to print…", self.save_sheet, "primary"))
        self.busy = Busy()
        self.add(self.busy)
        whom = Card("Whom to tell")
        self.officer = label("", "big", select=True)
        whom.add(self.officer)
        for number, step in enumerate(STEPS, 1):
            whom.add(label(f"{number}.  {step}"))
        clock = Card("The 72 hours")
        asked = label("When did you notice?", "h3")
        self.noticed = QDateTimeEdit(QDateTime.currentDateTime())
        self.noticed.setDisplayFormat("d MMMM yyyy, HH:mm")
        self.noticed.setMaximumDateTime(QDateTime.currentDateTime().addSecs(60))
        self.noticed.setCalendarPopup(True)
        self.noticed.setMinimumHeight(36)
        self.noticed.setAccessibleName("When did you notice?")
        asked.setBuddy(self.noticed)
        self.noticed.dateTimeChanged.connect(self._tell_time)
        self.until = label("", "figure")
        self.until_words = label("", "muted")
        for widget in (asked, self.noticed, self.until, self.until_words):
            clock.add(widget)
        clock.add(label("The data protection officer decides what must be reported; the law gives 72 hours for it.", "muted"))
        self.here = Card("What is on this computer, in counts")
        self.here_rows = QVBoxLayout()
        self.here.body.addLayout(self.here_rows)
        left, right = QWidget(), QWidget()
        for side, parts in ((left, (whom,)), (right, (clock, self.here))):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(16)
            for part in parts:
                column.addWidget(part)
        self.add(Columns(left, right, (1, 1), narrow=720))
        self._minute = QTimer(self, interval=30_000)
        self._minute.timeout.connect(self._tell_time)
        self._minute.start()
        self._tell_time()

    def refresh(self) -> None:
        def read(profile: Profile) -> tuple[Policy, WhatIsHere]:
            from desktop_app.services import breach, office

            return office.in_force(profile.store), breach.what_is_here(profile)

        self.app.runner.db(read, self.show_data, priority="bulk")

    def show_data(self, found: tuple[Policy, WhatIsHere]) -> None:
        policy, here = found
        self.officer.setText(policy.data_protection_officer)
        clear(self.here_rows)
        self.here_rows.addWidget(
            label(f"{number_of(here.records, 'record')}, encrypted, as at {long_date(here.as_at)}.", "muted")
        )
        for heading, lines in here.groups:
            self.here_rows.addWidget(label(heading, "h3"))
            holder = QWidget()
            grid = QGridLayout(holder)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setColumnStretch(0, 1)
            for row, (words, count) in enumerate(lines):
                number = label(f"{count:,}", "h3", wrap=False)
                number.setAccessibleName(f"{words}: {count:,}")
                grid.addWidget(label(words, "muted"), row, 0)
                grid.addWidget(number, row, 1)
            self.here_rows.addWidget(holder)

    def _moment(self) -> datetime:
        return datetime.fromtimestamp(self.noticed.dateTime().toSecsSinceEpoch()).astimezone()

    def _tell_time(self) -> None:
        from desktop_app.services.breach import time_left

        until, left = time_left(self._moment(), datetime.now().astimezone())
        hours = int(left.total_seconds() // 3600)
        if left.total_seconds() > 0:
            self.until.setText(number_of(hours, "hour") + " left")
            self.until_words.setText(f"They end on {long_date(until)} at {until:%H:%M}.")
            set_kind(self.until_words, "warn" if hours < 24 else "muted")
        else:
            self.until.setText("The 72 hours are over")
            self.until_words.setText(f"They ended on {long_date(until)} at {until:%H:%M}. Ring all the same, at once.")
            set_kind(self.until_words, "error")

    def save_sheet(self) -> None:
        """The page as a PDF for the data protection officer."""
        path = dialogs.save_file(self, "Save as PDF", "If this laptop is lost.pdf", "PDF (*.pdf)")
        if path is None:
            return
        noticed = self._moment()
        self.busy.start("Making the PDF…")

        def work(profile: Profile) -> None:
            from desktop_app.services import breach

            breach.laptop_sheet(profile, path, noticed)

        def done(_nothing: None) -> None:
            self.busy.end()
            self.app.toast("Saved.", lambda: self.app.platform.open_file(path), "Open it")

        def failed(problem: Exception) -> None:
            self.busy.end()
            dialogs.show_error(self, problem)

        task = self.app.runner.db(work, done, failed, priority="bulk")
        words = f"“{path.name}” was not made, because the records were locked. Save it again."
        self.app.if_locked(task, words, "lost_laptop", too_late=f"“{path.name}” was saved.")
