"""What differs from one system to another, as one interface; `current()` of this package gives the one that runs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Start = Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class MailRoute:
    """What was tried so that an e-mail opens with the file attached. No route tells whether it worked: ask the person.

    ``route`` is for Details only. ``attaches`` is true when the program asked was given the file; otherwise the folder
    was opened and ``say`` tells what to do by hand.
    """

    route: Literal["compose", "draft", "mapi", "xdg-email", "applescript", "mailto", "folder"]
    attaches: bool
    say: str


@dataclass(frozen=True)
class LockSignal:
    """A sign from the system that the screen is locked or the machine goes to sleep, on which the records lock.

    ``kind`` says how to listen: ``dbus-system`` or ``dbus-session`` (service, path, interface, name; an empty path is
    any; ``value`` 1: only when its one argument is true, None: it has no argument), ``window-message`` (``message`` and
    ``value``, its wParam) or ``clock`` (the wall clock went on while this program stood still: it is noticed on waking).
    """

    kind: Literal["dbus-system", "dbus-session", "window-message", "clock"]
    name: str
    service: str = ""
    path: str = ""
    interface: str = ""
    value: int | None = None
    message: int = 0


class Platform(Protocol):
    """One system. Nothing here raises for a missing program: the answer says what was possible."""

    @property
    def name(self) -> str:
        """``linux``, ``windows`` or ``macos``."""

    @property
    def lock_signals(self) -> tuple[LockSignal, ...]:
        """What to listen to."""

    def open_mail(self, to: str, subject: str, body: str, attachment: Path) -> MailRoute:
        """Open a message for the person to look at and send; never sends. ``attachment`` must stay where it is."""

    def open_folder(self, path: Path) -> bool:
        """Show a folder, or the folder of a file with the file marked. True when a program was started."""

    def open_file(self, path: Path) -> bool:
        """Open a file in its usual program. True when a program was started."""

    def is_synced(self, path: Path) -> str | None:
        """The name of the service that copies this folder elsewhere (or a network drive), None for a plain one.

        Records in a synced folder may be copied half-written; the setup refuses or warns.
        """


def start(command: Sequence[str]) -> bool:
    """Start a program and leave it to itself; False when it is not there."""
    try:
        subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True


ANSWER = 5.0
PATIENCE = 2.5
"""Seconds in which a program that cannot do what it was asked says so. One that goes on longer is showing its window."""


def try_start(command: Sequence[str]) -> bool:
    """Start a program and look whether it gives up at once: False when it is not there or ends with an error.

    Programs that hand over to a running one end soon and well; others stay, and are left to themselves. Not for the
    window's thread.
    """
    try:
        started = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return started.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True


def ask(command: Sequence[str]) -> str:
    """What a program prints, trimmed; empty when it is not there, fails or does not answer within `ANSWER` seconds."""
    try:
        done = subprocess.run(list(command), capture_output=True, text=True, timeout=ANSWER, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
