"""What differs by system: mail, opening files and folders, synced folders, signs of locking and sleep."""

from __future__ import annotations

import sys

from desktop_app.platform.interface import LockSignal, MailRoute, Platform, try_start

__all__ = ["LockSignal", "MailRoute", "Platform", "current"]


def current() -> Platform:
    """The system this runs on; any other Unix is treated as Linux."""
    if sys.platform == "win32":
        from desktop_app.platform.windows import WindowsPlatform

        return WindowsPlatform()
    elif sys.platform == "darwin":
        from desktop_app.platform.macos import MacPlatform

        return MacPlatform(try_start=try_start)
    else:
        from desktop_app.platform.linux import LinuxPlatform

        return LinuxPlatform(try_start=try_start)
