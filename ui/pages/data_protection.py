"""Data protection: the doors to everything about a word, what is due for review, a lost laptop, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from ui.context import AppContext
from ui.navigation import Screen
from ui.page import Columns, Page
from ui.rows import RowButton
from ui.widgets import Card, button, clear, flow, label
from ui.words import long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

_DONE = {"exported": "given out", "deleted": "deleted for good", "kept": "looked at and kept"}


def read(profile: Profile) -> dict[str, Any]:
    """What the page shows, read in one go."""
    from desktop_app.services import erasing, office, retention, rights

    return {
        "policy": office.in_force(profile.store),
        "due": retention.count_due(profile),
        "noted": rights.noted(profile)[-6:],
        "deleted": [(erasing.reason_words(order.code), order.utc) for order in erasing.deleted(profile)[:6]],
    }


class DataProtectionPage(Page):
    """One place for the rights of people and for the day something goes wrong."""

    help_topic = "rights"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__("Data protection", "The rights of people, and what to do when something goes wrong.")
        self.app = app
        self.word = QLineEdit()
        self.word.setAccessibleName("A word, a name or a number")
        self.word.setPlaceholderText("A word, a name or a number")
        self.word.returnPressed.connect(self.find)
        find = Card("Everything about a word or a name")
        find.add(
            label("Someone asks what you hold about them. Earlier versions, drafts and names of files are looked at too.")
        )
        find.add(self.word)
        find.add(flow([button("Find everything", self.find, "primary")]))
        self.due = RowButton("Due for review", "")
        self.due.clicked.connect(lambda: app.open_page("review"))
        lost = RowButton("I have lost my laptop, or a file went to the wrong person", "Whom to tell, and the 72 hours")
        lost.clicked.connect(lambda: app.open_page("lost_laptop"))
        doors = Card("What to do")
        for door in (self.due, lost):
            doors.add(door)
        if not app.is_practice:
            leaving = RowButton("Hand over to a successor, or wipe this computer", "When you leave, or change laptops")
            leaving.clicked.connect(lambda: app.open_page("leaving"))
            doors.add(leaving)
        self.add(Columns(find, doors, (1, 1), narrow=720))
        self.officer = Card("Your data protection officer")
        self.officer_words = label("", select=True)
        self.notice = label("", "muted", select=True)
        self.officer.add(self.officer_words)
        self.officer.add(label("What people are told", "h3"))
        self.officer.add(self.notice)
        self.done = Card("What was done")
        self.done_rows = QVBoxLayout()
        self.done_rows.setSpacing(4)
        self.done.body.addLayout(self.done_rows)
        self.add(Columns(self.officer, self.done, (1, 1), narrow=720))
        self.setFocusProxy(self.word)

    def refresh(self) -> None:
        self.app.runner.db(read, self.show_data)

    def show_data(self, found: dict[str, Any]) -> None:
        due = found["due"]
        policy = found["policy"]
        months = number_of(policy.retention_months, "month")
        self.due.words.setText(f"{number_of(due, 'record')} due for review" if due else "Nothing is due for review")
        self.due.sub.setText(f"Looked at again after {months}: keep, or delete")
        self.due.sub.show()
        self.due.setAccessibleName(f"{self.due.words.text()}, {self.due.sub.text()}")
        self.officer_words.setText(policy.data_protection_officer)
        self.notice.setText(policy.privacy_notice)
        clear(self.done_rows)
        lines = [
            f"{long_date(each['utc'])}: {number_of(each['records'], 'record')} {_DONE.get(each['what'], each['what'])}"
            for each in reversed(found["noted"])
        ]
        lines += [f"{long_date(utc)}: order to delete, {reason.lower()}" for reason, utc in found["deleted"]]
        for line in lines:
            self.done_rows.addWidget(label(line, "muted", select=True))
        if not lines:
            self.done_rows.addWidget(label("Nothing yet. Only days and counts are noted here, never words.", "muted"))

    def find(self) -> None:
        words = self.word.text().strip()
        if words:
            self.app.open_page("everything_about", words=words)

    def do_find(self) -> None:
        self.word.setFocus()
        self.word.selectAll()
