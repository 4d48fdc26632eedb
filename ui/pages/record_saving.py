"""Saving a record as it is written: within five seconds of typing, at once on Ctrl+S and when the page is left.

Leaving never asks (record.md: draft). What cannot be saved stays on the screen and is tried again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from ui.context import AppContext

if TYPE_CHECKING:
    from desktop_app.forms.definition import FormDefinition
    from desktop_app.services.recording import Content, OpenRecord
    from ui.forms.form_page import FormPage

SAVE_SOON_MS, SAVE_LATEST_MS = 1200, 4000


class SavedPage(QWidget):
    """A page that writes the draft of one record. `saved`: it was written."""

    saved = Signal()

    def __init__(self, app: AppContext, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app = app
        self.record_id = record_id
        self.form: FormPage | None = None
        self.opened: OpenRecord | None = None
        self._dirty = False
        self._saving = False
        self._soon = self._timer(SAVE_SOON_MS, self.flush)
        self._latest = self._timer(SAVE_LATEST_MS, self.flush)
        app.flush_with(self)

    def _timer(self, wait: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait)
        timer.timeout.connect(act)
        return timer

    # what the page says --------------------------------------------------------------------------------------------

    def current_content(self) -> Content:
        """What the record says on the screen now."""
        raise NotImplementedError

    def form_filled(self) -> FormDefinition:
        """The version of the form on the screen: what a draft written now was filled with."""
        assert self.form is not None
        return self.form.session.form

    def show_standing(self) -> None:
        """The head, after the first draft."""
        raise NotImplementedError

    def show_not_saved(self, problem: Exception) -> None:
        """Say that it could not be saved, with the way to try again."""
        raise NotImplementedError

    # saving ----------------------------------------------------------------------------------------------------------

    def save_later(self) -> None:
        """Something was typed: written after a pause, and in any case soon."""
        self._dirty = True
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()

    def stop_saving(self) -> None:
        """What is on the screen is written, or thrown away, in another way."""
        self._soon.stop()
        self._latest.stop()
        self._dirty = False

    def flush(self) -> None:
        """Queue the draft now if anything was typed since the last one."""
        if not self._dirty or self.form is None:
            return
        self.stop_saving()
        self._saving = True
        from desktop_app.services.unsaved import Typed

        typed = Typed(self.record_id, self.current_content(), self.form_filled().package)
        self.app.drafts.write(self.record_id, typed, self._was_saved, self._not_saved)

    def _was_saved(self, _record_id: str) -> None:
        self.app.saved(datetime.now().astimezone())
        if self.opened is not None and not self.opened.has_draft:
            self.opened = replace(self.opened, has_draft=True)
            self.show_standing()
        self.app.changed(self.record_id)
        self._saving = False
        self.saved.emit()

    def _not_saved(self, problem: Exception) -> None:
        self._saving = False
        self._dirty = True
        self._latest.start()
        self.show_not_saved(problem)

    def do_save(self) -> None:
        """Ctrl+S: write now, for reassurance."""
        self._dirty = self.form is not None
        self.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)
