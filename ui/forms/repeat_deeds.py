"""What can be done with the rows of a repeat: added, removed, moved, duplicated, each one step that undo takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.forms.row_words import is_untouched, row_id

if TYPE_CHECKING:
    from desktop_app.forms.session import FormSession
    from ui.forms.form_page import FormPage


class RepeatDeeds:
    """Works for one form page, over all its sessions."""

    def __init__(self, page: FormPage) -> None:
        self._page = page

    def add(self, repeat: str) -> None:
        """A new row at the end, open, with the keyboard in its first question; an untouched first row will do."""
        rows = self._page.session.children(repeat)
        if len(rows) == 1 and is_untouched(self._page.session, rows[0].path):
            self._page.set_open_row(repeat, row_id(self._page.session, rows[0]))
            return
        self._page.begin_step(repeat)
        path = self._page.session.add(repeat)
        self._changed(repeat, path)

    def remove(self, path: str, words: str) -> None:
        """Take a row out; the sentence at the foot offers to undo it."""
        repeat = path.rsplit("[", 1)[0]
        self._page.begin_step(path)
        self._page.session.remove(path)
        self._changed(repeat, "")
        self._page.undoable.emit(f"{words} removed.")

    def move(self, path: str, to: int) -> None:
        """Move a row to place `to`, counted from 1."""
        repeat = path.rsplit("[", 1)[0]
        self._page.begin_step(path)
        self._page.session.move(path, to)
        self._changed(repeat, f"{repeat}[{to}]")

    def duplicate(self, path: str) -> None:
        """A copy of a row right under it, open."""
        repeat, _, number = path.rstrip("]").rpartition("[")
        self._page.begin_step(path)
        new = self._page.session.add(repeat)
        _copy(self._page.session, path, new)
        place = int(number) + 1
        if new != f"{repeat}[{place}]":
            self._page.session.move(new, place)
        self._changed(repeat, f"{repeat}[{place}]")

    def _changed(self, repeat: str, opened: str) -> None:
        rows = self._page.session.children(repeat)
        row = next((row for row in rows if row.path == opened), None)
        self._page.rows_changed()
        self._page.set_open_row(repeat, row_id(self._page.session, row) if row is not None else "")


def _copy(session: FormSession, source: str, target: str) -> None:
    """Set every answer under `source` also under `target`, adding inner rows as they are needed."""
    for item in list(session.children(source)):
        there = target + item.path[len(source) :]
        if item.kind == "question":
            text = (item.node.typed or item.node.value) if item.node is not None else ""
            if text and item.node is not None and not item.node.readonly:
                session.set(there, text)
        elif item.kind == "repeat":
            have = len(session.children(there))
            for _ in range(have, len(session.children(item.path))):
                session.add(there)
            for row in list(session.children(item.path)):
                _copy(session, row.path, there + row.path[len(item.path) :])
        else:
            _copy(session, item.path, there)
