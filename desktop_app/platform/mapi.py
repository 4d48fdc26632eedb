"""One call of Windows' Simple MAPI: a message window with the file attached. Run in a process of its own."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_ulong, c_void_p, c_wchar_p, pointer
from pathlib import Path

# mapi.h, mapiwin.h
MAPI_LOGON_UI = 0x1
SHOWN, CLOSED, FAILED = 0, 1, 2
MAPI_DIALOG = 0x8
MAPI_TO = 1
NO_POSITION = 0xFFFFFFFF


class _Recipient(Structure):
    _fields_ = (
        ("ulReserved", c_ulong),
        ("ulRecipClass", c_ulong),
        ("lpszName", c_wchar_p),
        ("lpszAddress", c_wchar_p),
        ("ulEIDSize", c_ulong),
        ("lpEntryID", c_void_p),
    )


class _File(Structure):
    _fields_ = (
        ("ulReserved", c_ulong),
        ("flFlags", c_ulong),
        ("nPosition", c_ulong),
        ("lpszPathName", c_wchar_p),
        ("lpszFileName", c_wchar_p),
        ("lpFileType", c_void_p),
    )


class _Message(Structure):
    _fields_ = (
        ("ulReserved", c_ulong),
        ("lpszSubject", c_wchar_p),
        ("lpszNoteText", c_wchar_p),
        ("lpszMessageType", c_wchar_p),
        ("lpszDateReceived", c_wchar_p),
        ("lpszConversationID", c_wchar_p),
        ("flFlags", c_ulong),
        ("lpOriginator", POINTER(_Recipient)),
        ("nRecipCount", c_ulong),
        ("lpRecips", POINTER(_Recipient)),
        ("nFileCount", c_ulong),
        ("lpFiles", POINTER(_File)),
    )


def send_mail(to: str, subject: str, body: str, attachment: str, call: Callable[..., int] | None = None) -> int:
    """Open the message window (MAPI_DIALOG: the person sends). Returns MAPI's code: 0 shown, 1 closed by the person.

    MAPISendMailW and not the ANSI call, which fails with Outlook on Windows 10. ``call`` stands in for it elsewhere.
    """
    function = call or ctypes.CDLL("MAPI32.DLL").MAPISendMailW
    recipient = _Recipient(0, MAPI_TO, to, f"SMTP:{to}", 0, None)
    file = _File(0, 0, NO_POSITION, attachment, Path(attachment).name, None)
    message = _Message(0, subject, body, None, None, None, 0, None, 1, pointer(recipient), 1, pointer(file))
    if not to:
        message.nRecipCount = 0
    return int(function(0, 0, byref(message), MAPI_LOGON_UI | MAPI_DIALOG, 0))


def show_message(to: str, subject: str, body: str, attachment: str) -> None:
    """In a process of its own: ends with 0 when the message was shown, also when the person closed it again."""
    try:
        code = send_mail(to, subject, body, attachment)
    except (OSError, AttributeError):
        code = FAILED  # no such library, or one without the wide call
    sys.exit(0 if code in (SHOWN, CLOSED) else code)
