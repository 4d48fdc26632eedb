"""What differs by system: mail, opening files and folders, synced folders, signs of locking and sleep."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop_app.platform.interface import LockSignal, MailRoute, Platform

__all__ = ["LockSignal", "MailRoute", "Platform", "current"]


def __getattr__(name: str) -> Any:
    """The interface when it is first asked for: `memory` is imported at the very start, where nothing else is wanted."""
    if name not in __all__:
        raise AttributeError(name)
    from desktop_app.platform import interface

    return getattr(interface, name)


def current() -> Platform:
    """The system this runs on; any other Unix is treated as Linux."""
    if sys.platform == "win32":
        from desktop_app.platform.windows import WindowsPlatform

        return WindowsPlatform()
    elif sys.platform == "darwin":
        from desktop_app.platform.interface import try_start
        from desktop_app.platform.macos import MacPlatform

        return MacPlatform(try_start=try_start)
    else:
        from desktop_app.platform.interface import try_start
        from desktop_app.platform.linux import LinuxPlatform

        return LinuxPlatform(try_start=try_start)
