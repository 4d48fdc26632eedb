"""Making editors in turns, so that the window answers keys between them (architecture.md: 50 ms)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QLayout


class Turn:
    """How long making editors may go on, and which question comes first.

    `unfinished` says that something asked for was not made; who began the turn comes back for it.
    """

    def __init__(self) -> None:
        self._until = float("inf")
        self._first = ""
        self._over = False
        self.unfinished = False
        self.only_make = False

    def begin(self, seconds: float, *, only_make: bool = False, first: str = "") -> None:
        """From now on; `only_make` leaves what stands there as it is; `first`: the path made before all others."""
        self._until = time.perf_counter() + seconds
        self._first = first
        self._over = self.unfinished = False
        self.only_make = only_make

    def end(self) -> None:
        self._until = float("inf")
        self._first = ""
        self.only_make = False

    def may_make(self, path: str) -> bool:
        """Whether there is time to make the part at `path`; once there is not, none below it is made either."""
        if self._first:
            if path != self._first and not self._first.startswith((f"{path}/", f"{path}[")):
                self.unfinished = True  # it stands above what is wanted: later
                return False
            if path == self._first:
                self._first = ""
            return True
        if not self._over and time.perf_counter() < self._until:
            return True
        self._over = self.unfinished = True
        return False


@contextmanager
def laid_out_once(*layouts: QLayout) -> Iterator[None]:
    """Many parts come into `layouts` (inner ones first) and are laid out together afterwards, at once.

    Each part by itself would have all the others moved again.
    """
    for layout in layouts:
        layout.setEnabled(False)
    try:
        yield
    finally:
        for layout in layouts:
            layout.setEnabled(True)
            layout.invalidate()
            layout.activate()
