"""Whether what this thread is doing is still wanted. Asked every few rows and chunks, so that locking ends any of it at once.

Whoever runs work for a person says how to tell (`watched`); where nobody does, as on the command line, all is wanted. What
is no longer wanted ends with `Cancelled` where it stands, which undoes the transaction it is in and takes away the file it
is writing: the same as if the program had died there, so nothing is half-done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from desktop_app.errors import Cancelled


class _Here(threading.local):
    unwanted: Callable[[], bool] | None = None


_here = _Here()


@contextmanager
def watched(unwanted: Callable[[], bool] | None) -> Iterator[None]:
    """Inside, this thread's work is given up as soon as ``unwanted`` answers True; ``None``: it runs to its end.

    ``None`` is also for the few things that must not stop half-way once begun, such as keys that take each other's place.
    """
    before, _here.unwanted = _here.unwanted, unwanted
    try:
        yield
    finally:
        _here.unwanted = before


def given_up() -> bool:
    """True when what this thread is doing is wanted no more. For callbacks that may not raise."""
    return _here.unwanted is not None and _here.unwanted()


def still_wanted() -> None:
    """Raises `Cancelled` when what this thread is doing is wanted no more."""
    if given_up():
        raise Cancelled
