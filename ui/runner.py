"""The window's helpers off its own thread: one database worker, and spawned processes for heavy work.

The window never touches SQLite (architecture.md, decision 6). `TaskRunner` asks a `Worker`, a plain Python thread which
opens, keeps and closes the person's records, for functions of them. Answers come back as queued signals, so `done` and
`failed` always run on the window's thread, and never after the widget that asked is gone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.errors import Cancelled
from ui.post import Post, alive
from ui.spawned import Spawned
from ui.tasks import Priority, ProcessTask, RecordsTask, Task
from ui.worker import Worker

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

T = TypeVar("T")
REST_MS = 400
"""How long what was asked for on a page, and is quick as a rule, may go on after locking."""


class TaskRunner(QObject):
    """The database worker's queue, and processes. Make one; call `shut_down()` before the program ends.

    `unhandled` receives every exception nobody asked to hear about (the window shows it).
    """

    busy_changed = Signal(bool)
    opening = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.unhandled: Callable[[Exception], None] = _raise
        self._post = Post()
        self._outstanding = 0
        self._urgent = 0
        self._opens = 0
        self._children: set[Spawned] = set()
        self._tasks: set[Task] = set()
        self._left = False
        self._worker = Worker(self._answer, self._fail)

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
        return self._worker.changes

    @property
    def is_open(self) -> bool:
        """True between a successful `open` and the next `close`."""
        return self._worker.profile is not None

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
            return self._worker.hold(opener)

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
            self._cut_short(lambda task: isinstance(task, RecordsTask) and task.rank != "draft")

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
                self._worker.let_go()

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
        task = RecordsTask(done, failed, priority)
        return self._put(priority, lambda: self._worker.with_records(fn), done, failed, progress, task)

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
        child = Spawned(fn, args, progress is not None)
        task = ProcessTask(done, failed, child)
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
        if self._worker.running:
            self._put("close", self._worker.let_go, None, None)
            self._worker.end()

    # tasks, and their answers ------------------------------------------------------------------------------------

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
        self._worker.put(rank, task, work, progress)
        return task

    def _begin(self, task: Task) -> None:
        self._tasks.add(task)
        self._outstanding += 1
        if self._outstanding == 1:
            self.busy_changed.emit(True)

    def _end(self, task: Task) -> None:
        task.finished = True
        self._tasks.discard(task)
        self._urgent -= task.urgent
        if isinstance(task, ProcessTask):
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
            if told is not None and alive(told):
                told(value)

        self._post.send(deliver)

    def _fail(self, task: Task, problem: Exception) -> None:
        def deliver() -> None:
            self._end(task)
            if task.cancelled.is_set() or isinstance(problem, Cancelled):
                if task.stopped is not None and alive(task.stopped):
                    task.stopped()
                return
            if task.failed is None:
                self.unhandled(problem)
            elif alive(task.failed):
                task.failed(problem)

        self._post.send(deliver)


def _raise(problem: Exception) -> None:
    raise problem
