"""Calls carried to the window's thread, and whether whoever is to be called is still there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal


def alive(callback: Callable[..., Any] | None) -> bool:
    """False when `callback` belongs to a Qt object that has been deleted meanwhile, or to the helper of such a page.

    A helper that is no Qt object itself keeps its page as ``_page``.
    """
    owner = getattr(callback, "__self__", None)
    if not isinstance(owner, QObject):
        owner = getattr(owner, "_page", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)


class Post(QObject):
    """Carries a call from any thread to the thread this object lives on (the window's)."""

    call = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        # Only other threads emit it, so the connection is a queued one without being told (see ui/app.py on `Qt`).
        self.call.connect(self._run)

    def send(self, what: Callable[[], None]) -> None:
        """Call `what` there, soon."""
        # At the very end of the program the window may be gone while the worker still answers: nobody is left to tell.
        if shiboken6.isValid(self):
            with contextlib.suppress(RuntimeError):
                self.call.emit(what)

    def _run(self, what: Callable[[], None]) -> None:
        what()
