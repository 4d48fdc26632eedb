"""The records a record is linked with, in a line under its head: where its words come from, and what became of them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ui.forms.flow import FlowLayout
from ui.forms.link import Link
from ui.theme import set_kind
from ui.widgets import clear, label

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from desktop_app.services.sorting import Linked
    from ui.pages.record import RecordPage

_MOST_SHOWN = 3
_WORDS = {
    "from_line": "From the meeting",
    "from_passage": "From the note",
    "became": "Made of it",
    "note_on": "A private note about",
    "private_notes": "Private notes",
}
_LONGEST = 44
_WIDEST = 360  # logical pixels: a title stays on one line where there is room


class RecordLinks(QWidget):
    """Hidden while there is none. A click or Enter opens the other record."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__()
        self._page = page
        self._flow = FlowLayout(self, across=8, down=2)
        self.links: list[Link] = []
        self._low = False
        self._all = False
        self._found: list[Linked] = []
        menu = page.more_button.menu()
        self.menu = QMenu("Linked records", menu)
        menu.insertMenu(page.menu.history, self.menu)
        self.menu.menuAction().setVisible(False)
        self.hide()

    def load(self) -> None:
        """Look the links up, off the window's thread."""
        content = self._page.content
        assert content is not None
        record_id = self._page.record_id

        def fetch(profile: Profile) -> list[Linked]:
            from desktop_app.services import private_notes, sorting

            return [*sorting.linked(profile, content), *private_notes.notes_on(profile, record_id)]

        self._page.app.runner.db(fetch, self._show)

    def set_low(self, low: bool) -> None:
        """Little height: the line is spared, and the links are in the menu."""
        self._low = low
        self.menu.menuAction().setVisible(bool(self._found) and low)
        self.setVisible(bool(self._found) and not low)

    def _show(self, found: list[Linked]) -> None:
        self._found = found
        self.menu.clear()
        for one in found:
            action = self.menu.addAction(f"{_WORDS.get(one.rel, 'Linked with')}: {one.title}".replace("&", "&&"))
            action.triggered.connect(lambda _on=False, record=one.record: self._page.app.open_record(record))
        clear(self._flow)
        self.links = []
        said = ""
        for one in found if self._all else found[:_MOST_SHOWN]:
            words = _WORDS.get(one.rel, "Linked with")
            if words != said:
                before = label(f"{words}:", "muted", wrap=False)
                self._flow.addWidget(before)
                said = words
            link = Link(textwrap.shorten(one.title, _LONGEST, placeholder="…"), widest=_WIDEST)
            link.setAccessibleName(f"{words}: {one.title}. {one.standing}")
            link.setToolTip(f"{one.reference} · {one.standing}")
            link.clicked.connect(lambda _on=False, record=one.record: self._page.app.open_record(record))
            self.links.append(link)
            self._flow.addWidget(link)
        more = len(found) - len(self.links)
        if more:
            button = QPushButton(f"and {more} more")
            set_kind(button, "link")
            button.clicked.connect(self._show_all)
            self._flow.addWidget(button)
        self.set_low(self._low)

    def _show_all(self) -> None:
        self._all = True
        self._show(self._found)
        if len(self.links) > _MOST_SHOWN:
            self.links[_MOST_SHOWN].setFocus()
