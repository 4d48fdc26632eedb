"""Linux: freedesktop programs, D-Bus names, and Thunderbird where it is the mail program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_app.platform import synced
from desktop_app.platform.interface import LockSignal, MailRoute, Start, ask, start
from desktop_app.platform.mail import attached, by_hand, compose_argument, mailto, write_draft

LOGIN, SAVER = "org.freedesktop.login1", "ScreenSaver"
LOCK_SIGNALS = (
    LockSignal("dbus-system", "PrepareForSleep", LOGIN, "/org/freedesktop/login1", f"{LOGIN}.Manager", value=1),
    # Of any session: one lock too many is better than one too few.
    LockSignal("dbus-system", "Lock", LOGIN, interface=f"{LOGIN}.Session"),
    # KDE, GNOME, Cinnamon and MATE; their paths differ from one release to the next.
    *(
        LockSignal("dbus-session", "ActiveChanged", f"{desktop}.{SAVER}", interface=f"{desktop}.{SAVER}", value=1)
        for desktop in ("org.freedesktop", "org.gnome", "org.cinnamon", "org.mate")
    ),
)


class LinuxPlatform:
    """The programs it starts can be replaced, which is how its choices are tested."""

    name = "linux"
    lock_signals = LOCK_SIGNALS

    def __init__(
        self,
        start: Start = start,
        ask: Callable[[Sequence[str]], str] = ask,
        which: Callable[[str], str | None] = shutil.which,
        try_start: Start | None = None,
    ) -> None:
        self._start = start
        self._try = try_start or start
        self._ask = ask
        self._which = which

    def mail_program(self) -> str:
        """The desktop file that answers mailto, for example `thunderbird.desktop`; empty when none is set."""
        return self._ask(["xdg-settings", "get", "default-url-scheme-handler", "mailto"])

    def open_mail(self, to: str, subject: str, body: str, attachment: Path) -> MailRoute:
        program = self.mail_program().lower()
        whole = attachment.absolute()
        if "thunderbird" in program:
            # A sandboxed one (flatpak: org.mozilla.Thunderbird, snap: thunderbird_thunderbird) cannot see the path.
            boxed = program.startswith("org.mozilla") or "_" in program
            plain = self._which("thunderbird")
            if not boxed and plain:
                if self._try([plain, "-compose", compose_argument(to, subject, body, whole)]):
                    return attached("compose")
            elif self._try(["xdg-open", str(write_draft(to, subject, body, whole))]):
                return attached("draft")
        elif program and self._which("xdg-email"):
            command = ["xdg-email", "--utf8", "--subject", subject, "--body", body, "--attach", str(whole)]
            command += [to] if to else []
            if self._try(command):
                return attached("xdg-email")
        self.open_folder(whole)
        opened = bool(program) and self._try(["xdg-open", mailto(to, subject, body)])
        return by_hand(whole, message_opened=opened)

    def open_folder(self, path: Path) -> bool:
        folder = path if path.is_dir() else path.parent
        return self._start(["xdg-open", str(folder)])

    def open_file(self, path: Path) -> bool:
        return self._start(["xdg-open", str(path)])

    def is_synced(self, path: Path) -> str | None:
        mounts = Path("/proc/self/mounts")
        text = mounts.read_text("utf-8", errors="replace") if mounts.exists() else ""
        return synced.by_name_or_mark(path, Path(os.path.expanduser("~"))) or synced.network_drive(path, text)
