"""What was typed and is not on the disk yet, held in memory until it is, whatever becomes of the page it was typed on.

A page that lives on keeps its own words and tries again itself. But a full disk can meet the last draft of a page that is
going away (locking, leaving it, closing): then the words wait here, are tried again every few seconds, and the records
are not closed under them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.errors import NotFound, StoreError
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

AGAIN_MS = 3000


class _Draft:
    """One draft on its way; `written` is set by the worker, so it can be read without waiting for the answer."""

    def __init__(
        self,
        save: Callable[[Profile], Any],
        content: object,
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> None:
        self.save, self.content, self.done, self.failed = save, content, done, failed
        self.queued = self.written = False
        self.problem: Exception | None = None

    def __call__(self, profile: Profile) -> Any:
        answer = self.save(profile)
        self.written = True
        return answer

    def has_page(self) -> bool:
        """True while the page that wrote it is there to hold its own words."""
        page = getattr(self.failed, "__self__", None)
        return isinstance(page, QObject) and shiboken6.isValid(page)


class Drafts(QObject):
    """`waiting_changed`: drafts without a page began to wait, failed again, or were all written."""

    waiting_changed = Signal()

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._drafts: dict[str, _Draft] = {}
        self._locked = self._closing = False
        self.again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self.again.timeout.connect(self.try_again)
        runner.opening.connect(self._opening)

    def write(
        self,
        name: str,
        save: Callable[[Profile], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        content: object = None,
    ) -> None:
        """Queue a draft. A later one of the same `name` stands for it; `content` can be had back while it waits."""
        draft = _Draft(save, content, done, failed)
        self._drafts[name] = draft
        self._queue(name, draft)

    @property
    def waiting(self) -> bool:
        """True while a draft has failed and no page holds its words."""
        return bool(self.problem)

    @property
    def problem(self) -> Exception | None:
        """Why the first of them is not written, or None."""
        return next((draft.problem for draft in self._drafts.values() if draft.problem is not None), None)

    def kept(self, name: str) -> Any:
        """What waits under this name, newer than what is on the disk; None for nothing."""
        draft = self._drafts.get(name)
        return draft.content if draft is not None and draft.problem is not None else None

    def take(self, name: str) -> bool:
        """A page shows what waits under this name and writes it itself from now on. False: nothing waits any more."""
        if self.kept(name) is None:
            return False
        del self._drafts[name]
        self.waiting_changed.emit()
        return True

    def try_again(self) -> None:
        """Queue once more whatever waits."""
        self.again.stop()
        for name, draft in self._drafts.items():
            if draft.problem is not None and not draft.queued:
                self._queue(name, draft)

    def lock(self) -> None:
        """Close the records as soon as every draft is on the disk; with a good disk that is at once."""
        self._locked = self._closing = True
        self._close_if_written()

    def unlocked(self) -> None:
        """The records are open again: pages live, and what waits is tried."""
        self._locked = self._closing = False
        self.try_again()

    def forget(self) -> None:
        """The records are gone, and what was typed for them with them."""
        self.again.stop()
        self._drafts.clear()

    def unwritten(self) -> bool:
        """For the very end: wait for the worker to come past every draft, and say whether one is not on the disk."""
        self.try_again()
        self._runner.wait_for_drafts()
        return any(not draft.written for draft in self._drafts.values())

    # -------------------------------------------------------------------------------------------------------------

    def _queue(self, name: str, draft: _Draft) -> None:
        draft.queued = True
        self._runner.db(
            draft, lambda answer: self._written(name, draft, answer), lambda why: self._failed(name, draft, why), "draft"
        )

    def _written(self, name: str, draft: _Draft, answer: Any) -> None:
        had_waited = draft.problem is not None
        if self._drafts.get(name) is draft:
            del self._drafts[name]
        owner = getattr(draft.done, "__self__", None)
        if draft.done is not None and (not isinstance(owner, QObject) or shiboken6.isValid(owner)):
            draft.done(answer)
        if had_waited:
            self.waiting_changed.emit()
        self._close_if_written()

    def _failed(self, name: str, draft: _Draft, why: Exception) -> None:
        draft.queued = False
        if draft.failed is not None and draft.has_page() and not self._locked:
            draft.failed(why)
        # A page on its way out is deleted before this is decided; one that stays tries again by itself.
        QTimer.singleShot(0, self, lambda: self._keep(name, draft, why))

    def _keep(self, name: str, draft: _Draft, why: Exception) -> None:
        if self._drafts.get(name) is not draft:
            return
        if isinstance(why, NotFound) or (draft.has_page() and not self._locked):
            del self._drafts[name]
            self._close_if_written()
        else:
            # "Your records are locked" is not why: that came later.
            draft.problem = draft.problem if draft.problem and isinstance(why, StoreError) else why
            self.again.start()
        self.waiting_changed.emit()

    def _opening(self) -> None:
        # Whoever opens the records drops what is open first; a close asked for now would meet the new ones.
        self._closing = False

    def _close_if_written(self) -> None:
        if self._closing and not self._drafts:
            self._closing = False
            self._runner.close()
