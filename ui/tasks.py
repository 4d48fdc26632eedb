"""The window's helpers off its own thread: one database worker, and spawned processes for heavy work.

The window never touches SQLite (architecture.md, decision 6). `TaskRunner` owns a plain Python thread which opens, keeps
and closes the person's records; what the window wants is queued as a function of them, most urgent first: a draft goes
before a read, a read before bulk. Answers come back as queued signals, so `done` and `failed` always run on the window's
thread, and never after the widget that asked is gone.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
from collections.abc import Callable, Generator
from inspect import isgenerator
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.errors import Cancelled, StoreError
from desktop_app.wanted import watched
from ui.child import child_main

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

T = TypeVar("T")
Priority = Literal["draft", "read", "bulk"]
_RANK: dict[str, int] = {"open": 0, "draft": 1, "read": 2, "bulk": 3, "close": 9}
REST_MS = 400
"""How long what was asked for on a page, and is quick as a rule, may go on after locking."""


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


def _alive(callback: Callable[..., Any] | None) -> bool:
    """False when `callback` belongs to a Qt object that has been deleted meanwhile, or to the helper of such a page.

    A helper that is no Qt object itself keeps its page as ``_page``.
    """
    owner = getattr(callback, "__self__", None)
    if not isinstance(owner, QObject):
        owner = getattr(owner, "_page", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)


class _Post(QObject):
    """Carries a call from any thread to the thread this object lives on (the window's)."""

    call = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        # Only other threads emit it, so the connection is a queued one without being told (see ui/app.py on `Qt`).
        self.call.connect(self._run)

    def _run(self, what: Callable[[], None]) -> None:
        what()


class TaskRunner(QObject):
    """The database worker's queue, and processes. Make one; call `shut_down()` before the program ends.

    `unhandled` receives every exception nobody asked to hear about (the window shows it).
    """

    busy_changed = Signal(bool)
    opening = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.unhandled: Callable[[Exception], None] = _raise
        self._post = _Post()
        self._wake = threading.Condition()
        self._queue: list[tuple[int, int, Task, Callable[[], Any]]] = []
        self._count = itertools.count()
        self._outstanding = 0
        self._urgent = 0
        self._changes: object = None
        self._profile: Profile | None = None
        self._opens = 0
        self._children: set[_Child] = set()
        self._tasks: set[Task] = set()
        self._stopping = self._left = False
        self._thread = threading.Thread(target=self._work, name="records", daemon=True)
        self._thread.start()

    # what the window calls ---------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """True while any task asked for has not been answered."""
        return self._outstanding > 0

    @property
    def settled(self) -> bool:
        """True when everything asked of the records has been answered, long work in the background left aside."""
        return self._urgent == 0

    @property
    def changes(self) -> object:
        """What `Profile.changes` was when the worker ended its last step; None while no records are open."""
        return self._changes

    @property
    def is_open(self) -> bool:
        """True between a successful `open` and the next `close`."""
        return self._profile is not None

    def open(
        self,
        opener: Callable[[], tuple[Profile, T]],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        first: Callable[[], object] | None = None,
    ) -> Task:
        """Run `opener` on the worker; keep the records it returns, and give `done` what it says about them.

        The records open so far are closed before; if `first` raises, they stay open.
        """
        self._opens += 1
        self._left = False
        self.opening.emit()

        def work() -> T:
            if first is not None:
                first()
            self._drop_profile()
            self._profile, said = opener()
            return said

        return self._put("open", work, done, failed)

    def leave(self) -> None:
        """Locking: whatever is done for a page ends, so that the key is not kept for it; `close` comes after.

        Bulk work and processes end where they stand: a transaction is undone, a file half written is taken away. What is
        quick as a rule comes to its end, or ends as well after `REST_MS`. Drafts, and what needs no records, go on.
        """
        self._left = True
        self._cut_short(lambda task: task.ends_at_locking)
        QTimer.singleShot(REST_MS, self, self._end_the_rest)

    def _end_the_rest(self) -> None:
        if self._left:
            self._cut_short(lambda task: isinstance(task, _RecordsTask) and task.rank != "draft")

    def _cut_short(self, which: Callable[[Task], bool]) -> None:
        for task in list(self._tasks):
            if which(task):
                task.cut_short()

    def close(self, done: Callable[[Any], None] | None = None) -> Task:
        """Close the records once everything asked for before, drafts included, is done (lock, or the end)."""
        opens = self._opens

        def work() -> None:
            # Opening overtakes: what is open by now may be what was unlocked since.
            if self._opens == opens:
                self._drop_profile()

        return self._put("close", work, done, None)

    def db(
        self,
        fn: Callable[[Profile], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        priority: Priority = "read",
        progress: Callable[[Any], None] | None = None,
    ) -> Task:
        """Run `fn` with the open records on the worker.

        `fn` may return a generator: it is then run a step at a time, more urgent tasks going in between (so a bulk task
        yields at least every 30 ms); what it yields goes to `progress`, what it returns to `done`.
        """

        def work() -> Any:
            if self._profile is None:
                raise StoreError(
                    "Your records are locked.", safe="Nothing was changed.", do="Unlock them and try again."
                )
            return fn(self._profile)

        return self._put(priority, work, done, failed, progress, _RecordsTask(done, failed, priority))

    def wait_for_drafts(self) -> None:
        """Stand still until the worker has come past every draft queued so far, at most twenty seconds."""
        past = threading.Event()
        self._put("draft", past.set, None, None)
        past.wait(timeout=20)

    def call(
        self,
        fn: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        priority: Priority = "read",
    ) -> Task:
        """Run something that needs no records on the worker's thread (strength of a passphrase, a file's first look)."""
        return self._put(priority, fn, done, failed)

    def aside(
        self,
        fn: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Task:
        """Run something that waits for another program on a thread of its own: neither records nor locking wait with it."""
        task = Task(done, failed)
        self._begin(task)

        def run() -> None:
            try:
                value = fn()
            except Exception as problem:  # noqa: BLE001 - as on the worker: the window sorts them
                self._fail(task, problem)
            else:
                self._answer(task, task.done, value)

        threading.Thread(target=run, name="aside", daemon=True).start()
        return task

    def process(
        self,
        fn: Callable[..., T],
        args: tuple[Any, ...] = (),
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        progress: Callable[[Any], None] | None = None,
    ) -> Task:
        """Run `fn(*args)` in a spawned process (work over half a second on the processor).

        `fn` and `args` must be picklable; with `progress`, `fn` is also given a keyword `progress` to call.
        Cancelling ends the process.
        """
        child = _Child(fn, args, progress is not None)
        task = _ProcessTask(done, failed, child)
        self._begin(task)
        self._children.add(child)

        def watch() -> None:
            for kind, value in child.messages():
                if kind == "progress":
                    self._answer(task, progress, value, last=False)
                elif kind == "done":
                    self._answer(task, task.done, value)
                else:
                    self._fail(task, value)

        threading.Thread(target=watch, name="process-watch", daemon=True).start()
        return task

    def shut_down(self) -> None:
        """Finish what was asked for, close the records and end the thread. Processes still running are ended."""
        for child in list(self._children):
            child.end()
        if self._thread.is_alive():
            self._put("close", self._drop_profile, None, None)
            with self._wake:
                self._stopping = True
                self._wake.notify()
            self._thread.join(timeout=30)

    # the worker --------------------------------------------------------------------------------------------------

    def _put(
        self,
        rank: str,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
        progress: Callable[[Any], None] | None = None,
        task: Task | None = None,
    ) -> Task:
        task = task or Task(done, failed)
        task.urgent = rank != "bulk"
        self._urgent += task.urgent
        self._begin(task)
        if self._left and task.ends_at_locking:
            task.cut_short()
        with self._wake:
            heapq.heappush(self._queue, (_RANK[rank], next(self._count), task, _Steps(work, progress)))
            self._wake.notify()
        return task

    def _work(self) -> None:
        while True:
            with self._wake:
                while not self._queue:
                    if self._stopping:
                        return
                    self._wake.wait()
                rank, place, task, steps = heapq.heappop(self._queue)
            if task.cancelled.is_set():
                steps.stop()  # type: ignore[attr-defined]
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
                self._answer(task, steps.progress, value, last=False)  # type: ignore[attr-defined]
                with self._wake:
                    heapq.heappush(self._queue, (rank, place, task, steps))
            else:
                self._answer(task, task.done, value)

    def _note_changes(self) -> None:
        self._changes = None if self._profile is None else self._profile.changes

    def _drop_profile(self) -> None:
        if self._profile is not None:
            profile, self._profile = self._profile, None
            profile.close()

    # answers -----------------------------------------------------------------------------------------------------

    def _begin(self, task: Task) -> None:
        self._tasks.add(task)
        self._outstanding += 1
        if self._outstanding == 1:
            self.busy_changed.emit(True)

    def _end(self, task: Task) -> None:
        task.finished = True
        self._tasks.discard(task)
        self._urgent -= task.urgent
        if isinstance(task, _ProcessTask):
            self._children.discard(task.child)
        self._outstanding -= 1
        if self._outstanding == 0:
            self.busy_changed.emit(False)

    def _answer(self, task: Task, callback: Callable[[Any], None] | None, value: Any, *, last: bool = True) -> None:
        def deliver() -> None:
            if last:
                self._end(task)
            wanted = not task.cancelled.is_set()
            told = callback if wanted else task.too_late if last else None
            if told is not None and _alive(told):
                told(value)

        self._send(deliver)

    def _fail(self, task: Task, problem: Exception) -> None:
        def deliver() -> None:
            self._end(task)
            if task.cancelled.is_set() or isinstance(problem, Cancelled):
                if task.stopped is not None and _alive(task.stopped):
                    task.stopped()
                return
            if task.failed is None:
                self.unhandled(problem)
            elif _alive(task.failed):
                task.failed(problem)

        self._send(deliver)

    def _send(self, deliver: Callable[[], None]) -> None:
        # At the very end of the program the window may be gone while the worker still answers: nobody is left to tell.
        if shiboken6.isValid(self._post):
            with contextlib.suppress(RuntimeError):
                self._post.call.emit(deliver)


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


class _RecordsTask(Task):
    """Work with the records open."""

    def __init__(
        self, done: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None, rank: Priority
    ) -> None:
        super().__init__(done, failed)
        self.rank = rank
        self.ends_at_locking = rank == "bulk"


class _ProcessTask(Task):
    ends_at_locking = True  # it was given words of the records

    def __init__(
        self, done: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None, child: _Child
    ) -> None:
        super().__init__(done, failed)
        self.child = child

    def cancel(self) -> None:
        super().cancel()
        self.child.end()


class _Child:
    """One spawned process and the pipe it speaks through."""

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], with_progress: bool) -> None:
        # Not before the window shows: it costs a tenth of the start, and the first child comes much later.
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=child_main, args=(theirs, fn, args, with_progress), daemon=True)
        self._ended = False
        self._process.start()
        theirs.close()

    def messages(self) -> Generator[tuple[str, Any], None, None]:
        """What the child says, ending with exactly one ("done", value) or ("failed", exception)."""
        try:
            while True:
                kind, value = self._ours.recv()
                yield kind, value
                if kind != "progress":
                    break
        except (EOFError, OSError):
            yield "failed", Cancelled() if self._ended else RuntimeError("a helper process ended without an answer")
        finally:
            self._ours.close()
            self._process.join(timeout=5)

    def end(self) -> None:
        self._ended = True
        if self._process.is_alive():
            self._process.terminate()


def _raise(problem: Exception) -> None:
    raise problem
