"""Windows: the registry's mail program; an unsent draft for classic Outlook and Thunderbird, else Simple MAPI."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path

from desktop_app.platform import synced
from desktop_app.platform.interface import PATIENCE, LockSignal, MailRoute, Start, start
from desktop_app.platform.mail import attached, by_hand, mailto, write_draft
from desktop_app.platform.mapi import show_message

# WinUser.h, WtsApi32.h
LOCK_SIGNALS = (
    LockSignal("window-message", "WM_WTSSESSION_CHANGE", value=0x7, message=0x2B1),  # WTS_SESSION_LOCK
    LockSignal("window-message", "WM_POWERBROADCAST", value=0x4, message=0x218),  # PBT_APMSUSPEND
)
USER_CHOICE = r"Software\Microsoft\Windows\Shell\Associations\UrlAssociations\mailto\UserChoice"
EML_CHOICE = r"Software\Microsoft\Windows\CurrentVersion\Explorer\FileExts\.eml\UserChoice"
MAPI_DEFAULT = r"Software\Clients\Mail"


def read_message(address: int) -> tuple[int, int]:
    """The message and its wParam of the MSG at this address in memory (WinUser.h)."""
    from ctypes import wintypes

    told = wintypes.MSG.from_address(address)
    return int(told.message), int(told.wParam)


def hear_session(window: int) -> bool:
    """Have WM_WTSSESSION_CHANGE sent to this window; Windows sends WM_POWERBROADCAST unasked."""
    if sys.platform == "win32":
        import ctypes

        register = ctypes.WinDLL("wtsapi32").WTSRegisterSessionNotification
        register.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
        return bool(register(window, 0))  # NOTIFY_FOR_THIS_SESSION
    else:
        return False


def _registry(hive: str, key: str, value: str) -> str:
    """A text in the registry; empty when it is not there."""
    if sys.platform == "win32":
        import winreg

        root = winreg.HKEY_CURRENT_USER if hive == "user" else winreg.HKEY_LOCAL_MACHINE
        try:
            with winreg.OpenKey(root, key) as opened:
                return str(winreg.QueryValueEx(opened, value)[0])
        except OSError:
            return ""
    else:
        return ""


def mail_program() -> str:
    """The programme id that answers mailto, for example `Outlook.URL.mailto.15`; a packaged app's starts with AppX."""
    return _registry("user", USER_CHOICE, "ProgId")


def draft_program() -> str:
    """The programme id that opens an .eml, for example `Outlook.File.eml.15`; empty when nobody ever chose one."""
    return _registry("user", EML_CHOICE, "ProgId")


def mapi_program() -> str:
    """The mail program registered for Simple MAPI; new Outlook registers none of its own."""
    return _registry("user", MAPI_DEFAULT, "") or _registry("machine", MAPI_DEFAULT, "")


def start_file(target: str) -> bool:
    """Open a file or address as a double click would."""
    if sys.platform == "win32":
        try:
            os.startfile(target)
        except OSError:
            return False
        return True
    else:
        return False


def start_mapi(to: str, subject: str, body: str, attachment: Path, send: Callable[..., None] = show_message) -> bool:
    """MAPISendMailW in a process of its own: some programs do not return until the message is closed.

    False when it gave up within a few seconds; one that goes on is showing its message.
    """
    context = multiprocessing.get_context("spawn")
    helper = context.Process(target=send, args=(to, subject, body, str(attachment)), daemon=True)
    try:
        helper.start()
    except OSError:
        return False
    helper.join(PATIENCE)
    return helper.exitcode in (None, 0)


class WindowsPlatform:
    """What it asks of the system can be replaced, which is how its choices are tested on another one."""

    name = "windows"
    lock_signals = LOCK_SIGNALS

    def __init__(
        self,
        start: Start = start,
        start_file: Callable[[str], bool] = start_file,
        mail_program: Callable[[], str] = mail_program,
        mapi_program: Callable[[], str] = mapi_program,
        start_mapi: Callable[[str, str, str, Path], bool] = start_mapi,
        draft_program: Callable[[], str] = draft_program,
    ) -> None:
        self._start = start
        self._start_file = start_file
        self._mail_program = mail_program
        self._mapi_program = mapi_program
        self._start_mapi = start_mapi
        self._draft_program = draft_program

    def open_mail(self, to: str, subject: str, body: str, attachment: Path) -> MailRoute:
        program = self._mail_program().lower()
        whole = attachment.absolute()
        if self._opens_drafts(program) and self._start_file(str(write_draft(to, subject, body, whole))):
            return attached("draft")
        modern = program.startswith("appx")  # new Outlook and the Mail app: no drafts, and no MAPI of their own
        if not modern and self._mapi_program() and self._start_mapi(to, subject, body, whole):
            return attached("mapi")
        self.open_folder(whole)
        return by_hand(whole, message_opened=self._start_file(mailto(to, subject, body)))

    def _opens_drafts(self, program: str) -> bool:
        """Whether an unsent draft opens for editing: in classic Outlook and Thunderbird, if theirs is the .eml as well."""
        ours = ("outlook.", "thunderbird")
        opener = self._draft_program().lower()
        return program.startswith(ours) and (not opener or opener.startswith(ours))

    def open_folder(self, path: Path) -> bool:
        if path.is_dir():
            return self._start_file(str(path))
        # Two arguments: with one, quoted as a whole, Explorer shows the Documents folder.
        return self._start(["explorer", "/select,", str(path)])

    def open_file(self, path: Path) -> bool:
        return self._start_file(str(path))

    def is_synced(self, path: Path) -> str | None:
        if str(path).startswith("\\\\"):
            return "a network drive"
        return synced.by_environment(path, os.environ) or synced.by_name_or_mark(path, Path(os.path.expanduser("~")))
