"""The thread that holds a person's records open, and the queue of what it is asked to do, most urgent first.

A draft goes before a read, a read before bulk. Work that is a generator is done a step at a time, and what is more
urgent goes in between.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Generator
from inspect import isgenerator
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from desktop_app.errors import Cancelled, StoreError
from desktop_app.wanted import watched
from ui.tasks import Task

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

T = TypeVar("T")
_RANK: dict[str, int] = {"open": 0, "draft": 1, "read": 2, "bulk": 3, "close": 9}


class Answer(Protocol):
    """Takes what a task gave, on the worker's thread; `last` False for what it tells on its way."""

    def __call__(
        self, task: Task, callback: Callable[[Any], None] | None, value: Any, *, last: bool = True
    ) -> None: ...


class Worker:
    """Begins with being made; `end()` once nothing more will be asked.

    `changes`: what `Profile.changes` was when the last step ended; None while no records are open. `answer` and `fail`
    are called on this thread, `fail` with `Cancelled` for what was not begun.
    """

    def __init__(self, answer: Answer, fail: Callable[[Task, Exception], None]) -> None:
        self.profile: Profile | None = None
        self.changes: object = None
        self._answer = answer
        self._fail = fail
        self._wake = threading.Condition()
        self._queue: list[tuple[int, int, Task, _Steps]] = []
        self._count = itertools.count()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="records", daemon=True)
        self._thread.start()

    # called by any thread ----------------------------------------------------------------------------------------

    def put(
        self, rank: str, task: Task, work: Callable[[], Any], progress: Callable[[Any], None] | None = None
    ) -> None:
        """Queue `work` behind what is as urgent; `rank` is a `Priority`, or "open" (first), or "close" (last)."""
        with self._wake:
            heapq.heappush(self._queue, (_RANK[rank], next(self._count), task, _Steps(work, progress)))
            self._wake.notify()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def end(self) -> None:
        """Wait until all that was queued is done and the thread has ended, at most thirty seconds."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join(timeout=30)

    # called in work on the thread itself -------------------------------------------------------------------------

    def hold(self, opener: Callable[[], tuple[Profile, T]]) -> T:
        """Close the records open so far and keep those `opener` gives; returns what it says about them."""
        self.let_go()
        self.profile, said = opener()
        return said

    def let_go(self) -> None:
        """Close the records, if any are open."""
        if self.profile is not None:
            profile, self.profile = self.profile, None
            profile.close()

    def with_records(self, fn: Callable[[Profile], T]) -> T:
        """`fn` of the open records. Raises `StoreError` while they are locked."""
        if self.profile is None:
            raise StoreError("Your records are locked.", safe="Nothing was changed.", do="Unlock them and try again.")
        return fn(self.profile)

    # the thread --------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._wake:
                while not self._queue:
                    if self._stopping:
                        return
                    self._wake.wait()
                rank, place, task, steps = heapq.heappop(self._queue)
            if task.cancelled.is_set():
                steps.stop()
                self._fail(task, Cancelled())
                continue
            try:
                with watched(task.cut.is_set):
                    more, value = steps()
            except Exception as problem:  # noqa: BLE001 - a worker hands every error to the window, which sorts them
                self._note_changes()
                self._fail(task, problem)
                continue
            self._note_changes()
            if more:
                self._answer(task, steps.progress, value, last=False)
                with self._wake:
                    heapq.heappush(self._queue, (rank, place, task, steps))
            else:
                self._answer(task, task.done, value)

    def _note_changes(self) -> None:
        self.changes = None if self.profile is None else self.profile.changes


class _Steps:
    """A piece of work that may be a generator; each call does one step and says (is there more, what it gave)."""

    def __init__(self, work: Callable[[], Any], progress: Callable[[Any], None] | None) -> None:
        self._work = work
        self._running: Generator[Any, None, Any] | None = None
        self.progress = progress

    def __call__(self) -> tuple[bool, Any]:
        if self._running is None:
            value = self._work()
            if not isgenerator(value):
                return False, value
            self._running = value
        try:
            return True, next(self._running)
        except StopIteration as end:
            return False, end.value

    def stop(self) -> None:
        if self._running is not None:
            self._running.close()
