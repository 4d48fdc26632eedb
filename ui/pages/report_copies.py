"""PDFs outside the locked records: a card that lists them and deletes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from ui.context import AppContext
from ui.widgets import Card, button, clear, flow, hline, label, pill
from ui.words import long_date, number_of

if TYPE_CHECKING:
    from desktop_app.services.copies import Copy
    from desktop_app.services.profile import Profile

MOST = 30
AUDIENCES = {"union": ("For the union only", "warn"), "shareable": ("Shareable", "")}


def outside_words(count: int) -> str:
    """"3 PDFs lie outside your locked records"."""
    return f"{number_of(count, 'PDF lies', 'PDFs lie')} outside your locked records"


class CopiesCard(Card):
    """Hidden while there are none."""

    def __init__(self, app: AppContext) -> None:
        super().__init__("PDFs outside your locked records")
        self.app = app
        self.found: list[Copy] = []
        self.words = label("", "muted")
        self.add(self.words)
        self.all_mail = button("Delete the copies made for e-mail", self.delete_for_mail)
        self.add(flow([self.all_mail]))
        self.rows = QVBoxLayout()
        self.rows.setSpacing(4)
        self.body.addLayout(self.rows)
        self.hide()

    def refresh(self) -> None:
        self.app.runner.db(_outside, self._show)

    def delete_for_mail(self) -> None:
        self._delete([one.path for one in self.found if one.mail])

    def _show(self, found: list[Copy]) -> None:
        self.found = found
        clear(self.rows)
        self.setVisible(bool(found))
        self.all_mail.setVisible(any(one.mail for one in found))
        self.words.setText(
            f"{outside_words(len(found))}. Whoever uses this computer can open one that has no password. "
            "When an e-mail has gone, its copy is no longer needed."
        )
        for place, one in enumerate(found[:MOST]):
            if place:
                self.rows.addWidget(hline())
            self._row(one)
        if len(found) > MOST:
            self.rows.addWidget(label(f"and {len(found) - MOST:,} more", "muted"))

    def _row(self, one: Copy) -> None:
        words, kind = AUDIENCES.get(one.audience, ("A blank form", ""))
        if one.locked:
            words, kind = f"{words}, with a password", ""
        self.rows.addWidget(flow([label(one.title, "h3", wrap=False), pill(words, kind)]))
        made = "Made for e-mail" if one.mail else "Saved"
        why = f" · no password: {one.why_open}" if one.why_open else ""
        self.rows.addWidget(label(f"{made}, {long_date(one.utc)}{why}", "muted"))
        self.rows.addWidget(label(one.path, "muted", select=True))
        show = button("Show the folder", partial(self.app.platform.open_folder, one.file), "link")
        delete = button("Delete", partial(self._delete, [one.path]), "link")
        for made_button in (show, delete):
            made_button.setAccessibleName(f"{made_button.text()}: {one.file.name}")
        self.rows.addWidget(flow([show, delete]))

    def _delete(self, paths: list[str]) -> None:
        def work(profile: Profile) -> list[Copy]:
            from desktop_app.services import copies

            return copies.delete(profile, paths)

        def done(left: list[Copy]) -> None:
            gone = len(paths) - len(left)
            said = f"Deleted {number_of(gone, 'PDF')}. Your records are as they were." if gone else ""
            if left:
                names = ", ".join(one.file.name for one in left[:3])
                said = f"{said} Still open in another program, so not deleted: {names}.".strip()
            self.app.toast(said)
            self.app.changed()
            self.refresh()

        self.app.runner.db(work, done)


def _outside(profile: Profile) -> list[Copy]:
    from desktop_app.services import copies

    return copies.outside(profile)
