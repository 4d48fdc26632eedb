"""A box whose words outlive it: what is typed and not kept is there again when the box is next shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, QTimer
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from ui.context import AppContext

KEEP_MS = 1000  # after the last key, as on a record's page


class HalfWritten(QObject):
    """Keeps what stands in `box` while it is typed, under the name `place` (`services.half_written`)."""

    def __init__(self, app: AppContext, box: QPlainTextEdit | QLineEdit, place: str) -> None:
        super().__init__(box)
        self._app, self._box, self._place = app, box, place
        self._said = ""
        self._soon = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._soon.timeout.connect(self._keep)
        box.textChanged.connect(self._soon.start)
        app.flush_with(self)

    def begin(self, said: str = "") -> None:
        """Show `said`, which is kept elsewhere; what was typed here and not kept comes back in its place."""
        self.flush()
        with QSignalBlocker(self._box):
            self._put(said)
        self._said = self._text()
        place = self._place

        def read(profile: Profile) -> str:
            from desktop_app.services import half_written

            return half_written.find(profile, place)

        if self._app.runner.is_open:
            self._app.runner.db(read, self._back)

    def gone(self) -> None:
        """What stands in the box was kept, or is not wanted."""
        self._said = self._text()
        self._keep()

    def flush(self) -> None:
        """Locking, closing or another page: not a second later."""
        if self._soon.isActive():
            self._keep()

    def _back(self, text: str) -> None:
        if text and self._text() == self._said:
            self._put(text)
            self._soon.stop()

    def _keep(self) -> None:
        self._soon.stop()
        text, place = self._text(), self._place
        left = text if text.strip() and text != self._said else ""

        def keep(profile: Profile) -> None:
            from desktop_app.services import half_written

            half_written.keep(profile, place, left)

        if self._app.runner.is_open:
            # On a full disk the words are still in the box, and are tried again with the next key.
            self._app.runner.db(keep, failed=lambda _problem: None, priority="draft")

    def _text(self) -> str:
        return self._box.text() if isinstance(self._box, QLineEdit) else self._box.toPlainText()

    def _put(self, text: str) -> None:
        if isinstance(self._box, QLineEdit):
            self._box.setText(text)
        else:
            self._box.setPlainText(text)
