"""The invitation to a SENCO meeting: to print, to paste into an e-mail, and as a file for calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ui import dialogs

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.services.profile import Profile
    from ui.pages.senco_meeting import SencoMeetingPage


class Invitation:
    """Works for the page of one meeting, which gives agenda, place and time."""

    def __init__(self, page: SencoMeetingPage) -> None:
        self._page = page

    def print(self) -> None:
        """The invitation to print or send, with agenda and notice."""
        self._page.flush()
        self._page.app.open_page("reports", ids=[self._page.record_id], kind="senco_invitation")

    def copy_text(self) -> None:
        """The invitation, with agenda and notice, on the clipboard for an e-mail."""
        self._page.flush()
        record_id = self._page.record_id

        def text(profile: Profile) -> str:
            from desktop_app.services import meetings

            return str(meetings.invitation_text(profile, record_id))

        def copy(words: str) -> None:
            QGuiApplication.clipboard().setText(words)
            self._page.app.toast("The invitation is copied. Paste it into an e-mail.")

        self._page.app.runner.db(text, copy, lambda problem: dialogs.show_error(self._page, problem))

    def save_calendar(self) -> None:
        """The meeting as a file for calendars."""
        self._page.flush()
        record_id = self._page.record_id

        def make(profile: Profile) -> bytes:
            from desktop_app.services import meetings

            return bytes(meetings.invitation_calendar(profile, record_id))

        def save(data: bytes) -> None:
            path = dialogs.save_file(self._page, "Save for calendars", "SENCO meeting.ics", "Calendar files (*.ics)")
            if path is not None:
                from desktop_app import files

                files.write_atomic(path, data, private=False)
                self._page.app.runner.db(lambda profile: _note(profile, path))
                self._page.app.toast(f"Saved as {path.name}.")

        self._page.app.runner.db(make, save, lambda problem: dialogs.show_error(self._page, problem))


def _note(profile: Profile, path: Path) -> None:
    """The file lies outside the locked records: the list of such files knows it."""
    from desktop_app.services import copies

    copies.note(profile, path, title="Invitation to a SENCO meeting", audience="union")
