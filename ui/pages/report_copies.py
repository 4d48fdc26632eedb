"""Files outside the locked records: a card that lists them and deletes them, and names those that were moved by hand."""

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


def outside_words(count: int, *, pdfs: bool = True) -> str:
    """"3 PDFs lie outside your locked records"; files, where not all of them are PDFs."""
    what = ("PDF lies", "PDFs lie") if pdfs else ("file lies", "files lie")
    return f"{number_of(count, *what)} outside your locked records"


class CopiesCard(Card):
    """Hidden while there are none."""

    def __init__(self, app: AppContext) -> None:
        super().__init__("Files outside your locked records")
        self.app = app
        self.found: list[Copy] = []
        self.words = label("", "muted")
        self.add(self.words)
        self.all_mail = button("Delete the copies made for e-mail", self.delete_for_mail)
        self.add(flow([self.all_mail]))
        self.rows = QVBoxLayout()
        self.rows.setSpacing(4)
        self.body.addLayout(self.rows)
        self.missing: list[Copy] = []
        self.missing_words = label("", "warn")
        self.known = button("I know where they are", self._forget, "link")
        self.known.setToolTip("They are named no more")
        self.add(self.missing_words)
        self.add(flow([self.known]))
        self.hide()

    def refresh(self) -> None:
        self.app.runner.db(_outside, self._show)

    def delete_for_mail(self) -> None:
        self._delete([one.path for one in self.found if one.mail])

    def _show(self, both: tuple[list[Copy], list[Copy]]) -> None:
        found, self.missing = both
        self.found = found
        clear(self.rows)
        self.setVisible(bool(found or self.missing))
        self.all_mail.setVisible(any(one.mail for one in found))
        self.words.setVisible(bool(found))
        self._say_missing()
        lie = outside_words(len(found), pdfs=all(one.is_pdf for one in found))
        self.words.setText(
            f"{lie}. Whoever uses this computer can open one that has no password. "
            "When an e-mail has gone, its copy is no longer needed."
        )
        for place, one in enumerate(found[:MOST]):
            if place:
                self.rows.addWidget(hline())
            self._row(one)
        if len(found) > MOST:
            self.rows.addWidget(label(f"and {len(found) - MOST:,} more", "muted"))

    def _say_missing(self) -> None:
        names = ", ".join(one.file.name for one in self.missing[:3])
        more = f" and {len(self.missing) - 3:,} more" if len(self.missing) > 3 else ""
        one = len(self.missing) == 1
        self.missing_words.setText(
            f"{number_of(len(self.missing), 'file is', 'files are')} no longer where this program wrote "
            f"{'it' if one else 'them'}: {names}{more}. Moved by hand, {'it' if one else 'they'} can still be read there."
        )
        self.known.setText("I know where it is" if one else "I know where they are")
        self.missing_words.setVisible(bool(self.missing))
        self.known.setVisible(bool(self.missing))

    def _forget(self) -> None:
        paths = [one.path for one in self.missing]

        def work(profile: Profile) -> None:
            from desktop_app.services import copies

            copies.forget(profile, paths)

        self.app.runner.db(work, lambda _none: self.refresh())

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
            pdfs = all(one.is_pdf for one in self.found if one.path in paths)
            said = f"Deleted {number_of(gone, 'PDF' if pdfs else 'file')}. Your records are as they were." if gone else ""
            if left:
                names = ", ".join(one.file.name for one in left[:3])
                said = f"{said} Still open in another program, so not deleted: {names}.".strip()
            self.app.toast(said)
            self.app.changed()
            self.refresh()

        self.app.runner.db(work, done)


def _outside(profile: Profile) -> tuple[list[Copy], list[Copy]]:
    from desktop_app.services import copies

    return copies.outside(profile), copies.missing(profile)
