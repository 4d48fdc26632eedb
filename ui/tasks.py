"""What is asked of the window's helpers: whom its answer goes to, and what becomes of it when it is no longer wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Literal

from ui.spawned import Spawned

Priority = Literal["draft", "read", "bulk"]


class Task:
    """Something asked for. `cancel()`: it is not begun if it has not begun, and its answer is dropped in any case.

    `stopped`: called on the window's thread when that kept it from being begun, or from coming to its end. `too_late`:
    called with the answer, instead of `done`, when it had come to its end all the same.
    """

    ends_at_locking = False

    def __init__(self, done: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None) -> None:
        self.done = done
        self.failed = failed
        self.stopped: Callable[[], None] | None = None
        self.too_late: Callable[[Any], None] | None = None
        self.cancelled = threading.Event()
        self.cut = threading.Event()
        self.finished = False
        self.urgent = False

    def cancel(self) -> None:
        self.cancelled.set()

    def cut_short(self) -> None:
        """As `cancel`; and what is being done ends where it stands, not at its next step."""
        self.cut.set()
        self.cancel()


class RecordsTask(Task):
    """Work with the records open."""

    def __init__(
        self, done: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None, rank: Priority
    ) -> None:
        super().__init__(done, failed)
        self.rank = rank
        self.ends_at_locking = rank == "bulk"


class ProcessTask(Task):
    """Work in a process of its own."""

    ends_at_locking = True  # it was given words of the records

    def __init__(
        self, done: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None, child: Spawned
    ) -> None:
        super().__init__(done, failed)
        self.child = child

    def cancel(self) -> None:
        super().cancel()
        self.child.end()
