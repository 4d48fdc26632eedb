"""macOS: Mail by a script that shows the message and never sends it, Thunderbird by -compose, otherwise by hand."""

from __future__ import annotations

import os
import plistlib
from collections.abc import Callable
from pathlib import Path

from desktop_app.platform import synced
from desktop_app.platform.interface import LockSignal, MailRoute, Start, start
from desktop_app.platform.mail import attached, by_hand, compose_argument, mailto

# Without a bridge to Cocoa neither NSWorkspaceWillSleepNotification nor com.apple.screenIsLocked can be heard: the records
# lock on waking, and a locked screen without sleep is left to the idle time.
LOCK_SIGNALS = (LockSignal("clock", "woke"),)
HANDLERS = "Library/Preferences/com.apple.LaunchServices/com.apple.launchservices.secure.plist"
# The texts come as arguments, so nothing in them can be read as script. Mail attaches late: a script must not send.
SCRIPT = """on run {recipientAddress, theSubject, theBody, thePath}
  tell application "Mail"
    set theMessage to make new outgoing message with properties {subject:theSubject, content:theBody, visible:true}
    tell theMessage
      if recipientAddress is not "" then make new to recipient with properties {address:recipientAddress}
      tell content to make new attachment with properties {file name:(POSIX file thePath)} at after last paragraph
    end tell
    activate
  end tell
end run"""


def mail_program(home: Path | None = None) -> str:
    """The bundle id that answers mailto; Mail's when nothing else was chosen."""
    handlers = (home or Path.home()) / HANDLERS
    try:
        with handlers.open("rb") as file:
            known = plistlib.load(file)
    except (OSError, plistlib.InvalidFileException, ValueError):
        return "com.apple.mail"
    for entry in known.get("LSHandlers", []):
        if entry.get("LSHandlerURLScheme") == "mailto":
            return str(entry.get("LSHandlerRoleAll", "com.apple.mail"))
    return "com.apple.mail"


class MacPlatform:
    """What it asks of the system can be replaced, which is how its choices are tested on another one."""

    name = "macos"
    lock_signals = LOCK_SIGNALS

    def __init__(
        self, start: Start = start, mail_program: Callable[[], str] = mail_program, try_start: Start | None = None
    ) -> None:
        self._start = start
        self._try = try_start or start
        self._mail_program = mail_program

    def open_mail(self, to: str, subject: str, body: str, attachment: Path) -> MailRoute:
        program = self._mail_program().lower()
        whole = attachment.absolute()
        if program == "com.apple.mail" and self._try(["osascript", "-e", SCRIPT, to, subject, body, str(whole)]):
            return attached("applescript")
        if program == "org.mozilla.thunderbird":
            compose = ["open", "-a", "Thunderbird", "--args", "-compose", compose_argument(to, subject, body, whole)]
            if self._try(compose):
                return attached("compose")
        self.open_folder(whole)
        return by_hand(whole, message_opened=self._try(["open", mailto(to, subject, body)]))

    def open_folder(self, path: Path) -> bool:
        return self._start(["open", str(path)] if path.is_dir() else ["open", "-R", str(path)])

    def open_file(self, path: Path) -> bool:
        return self._start(["open", str(path)])

    def is_synced(self, path: Path) -> str | None:
        home = Path(os.path.expanduser("~"))
        whole = path.expanduser().absolute()
        # "Desktop & Documents Folders" in iCloud leaves these two where they are and marks its own folder.
        cloud = home / "Library" / "Mobile Documents" / "com~apple~CloudDocs"
        for name in ("Desktop", "Documents"):
            if whole.is_relative_to(home / name) and (cloud / name).exists():
                return "iCloud Drive"
        return synced.by_name_or_mark(whole, home)
