"""What was typed and is not on the disk yet, held in memory until it is, whatever becomes of the page it was typed on.

A page that lives on keeps its own words and tries again itself. But a full disk can meet the last draft of a page that is
going away (leaving it, closing): then the words wait here and are tried again every few seconds. Locking waits for
nothing: what could not be written is sealed, the records are closed and their key is dropped; the sealed words are put on
the disk as soon as it takes them, and into the records at the next unlocking.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.errors import NotFound, StoreError, WorldError
from ui.runner import TaskRunner

if TYPE_CHECKING:
    from desktop_app.paths import ProfilePaths
    from desktop_app.services.profile import Profile
    from desktop_app.services.unsaved import Typed

AGAIN_MS = 3000


class _Draft:
    """One draft on its way; `written` is set by the worker, so it can be read without waiting for the answer."""

    def __init__(
        self,
        typed: Typed,
        done: Callable[[str], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self.typed, self.done, self.failed = typed, done, failed
        self.queued = self.written = False
        self.problem: Exception | None = None

    def __call__(self, profile: Profile) -> str:
        answer = self.typed.save(profile)
        self.written = True
        return answer

    def has_page(self) -> bool:
        """True while the page that wrote it is there to hold its own words."""
        page = getattr(self.failed, "__self__", None)
        return isinstance(page, QObject) and shiboken6.isValid(page)


class Drafts(QObject):
    """`waiting_changed`: drafts without a page began to wait, failed again, were sealed, or are all on the disk."""

    waiting_changed = Signal()

    def __init__(self, runner: TaskRunner, paths: ProfilePaths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._paths = runner, paths
        self._drafts: dict[str, _Draft] = {}
        self._behind: set[str] = set()  # names whose words also lie sealed beside the records, and are older there
        self._sealed: bytes | None = None  # while locked: what is not on the disk in any form
        self._why: Exception | None = None
        self._sealing = self._is_beside = False
        self._locked = self._closing = False
        self.again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self.again.timeout.connect(self.try_again)
        runner.opening.connect(self._opening)

    def write(
        self,
        name: str,
        typed: Typed,
        done: Callable[[str], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Queue a draft. A later one of the same `name` stands for it; its content can be had back while it waits."""
        draft = _Draft(typed, done, failed)
        self._drafts[name] = draft
        self._queue(name, draft)

    @property
    def unsealed(self) -> bool:
        """True while readable words wait here: until they are sealed, the records must not be closed under them."""
        return bool(self._drafts)

    @property
    def names(self) -> frozenset[str]:
        """Under which names something waits."""
        return frozenset(self._drafts)

    @property
    def problem(self) -> Exception | None:
        """Why the first of those that no page holds is not on the disk, or None."""
        if self._sealed is not None:
            return self._why
        return next((draft.problem for draft in self._drafts.values() if draft.problem is not None), None)

    def kept(self, name: str) -> Any:
        """The content that waits under this name, newer than what is on the disk; None for nothing."""
        draft = self._drafts.get(name)
        return draft.typed.content if draft is not None and draft.problem is not None else None

    def take(self, name: str) -> bool:
        """A page shows what waits under this name and writes it itself from now on. False: nothing waits any more."""
        if self.kept(name) is None:
            return False
        del self._drafts[name]
        self.waiting_changed.emit()
        return True

    def try_again(self) -> None:
        """Queue once more whatever waits; what is sealed, to be put beside the records."""
        self.again.stop()
        if self._sealed is not None:
            self._keep_beside(self._sealed)
            return
        for name, draft in self._drafts.items():
            if draft.problem is not None and not draft.queued:
                self._queue(name, draft)

    def lock(self) -> None:
        """Close the records as soon as every draft is on the disk, or was tried and is sealed."""
        self._locked = self._closing = True
        self._close_if_tried()

    def unlocked(self, then: Callable[[], None]) -> None:
        """The records are open again: what was sealed goes into them, and `then` pages may live."""
        self._locked = self._closing = False
        sealed, self._sealed = self._sealed, None

        def back(waiting: dict[str, Typed]) -> None:
            for name, typed in waiting.items():
                draft = self._drafts[name] = _Draft(typed)
                draft.problem = self._why or StoreError("The disk took nothing.")
            self._behind |= waiting.keys()
            self.waiting_changed.emit()
            self.try_again()
            then()

        def take_in(profile: Profile) -> dict[str, Typed]:
            from desktop_app.services import unsaved

            return unsaved.take_in(profile, sealed)

        def stays(why: Exception) -> None:
            self._sealed = sealed
            self.again.start()
            self._runner.unhandled(why)
            then()

        if sealed is None and not self._paths.unsaved.exists():
            self.try_again()
            then()
        else:
            self._runner.db(take_in, back, stays, "draft")

    def records_in(self, paths: ProfilePaths) -> None:
        """The records were moved to another folder."""
        self._paths = paths

    def forget(self) -> None:
        """The records are gone, and what was typed for them with them."""
        self.again.stop()
        self._drafts.clear()
        self._behind.clear()
        self._sealed = None

    def unwritten(self) -> bool:
        """For the very end: wait for the worker to come past every draft, and say whether one is not on the disk,
        neither in the records nor sealed beside them."""
        if self._sealed is None:
            self.try_again()
            self._runner.wait_for_drafts()
            left = {name: draft.typed for name, draft in self._drafts.items() if not draft.written}
            if not left:
                return False
            self._seal(left)
        else:
            self._keep_beside(self._sealed)
        self._runner.wait_for_drafts()
        return not self._is_beside

    # -------------------------------------------------------------------------------------------------------------

    def _queue(self, name: str, draft: _Draft) -> None:
        draft.queued = True
        self._runner.db(
            draft, lambda answer: self._written(name, draft, answer), lambda why: self._failed(name, draft, why), "draft"
        )

    def _written(self, name: str, draft: _Draft, answer: str) -> None:
        had_waited = draft.problem is not None
        if self._drafts.get(name) is draft:
            del self._drafts[name]
        owner = getattr(draft.done, "__self__", None)
        if draft.done is not None and (not isinstance(owner, QObject) or shiboken6.isValid(owner)):
            draft.done(answer)
        if had_waited:
            self.waiting_changed.emit()
        if name in self._behind:
            self._behind.discard(name)
            if not self._behind:
                self._drop_beside()
        self._close_if_tried()

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
        else:
            draft.problem = why
            if not self._locked:
                self.again.start()
        self.waiting_changed.emit()
        self._close_if_tried()

    def _opening(self) -> None:
        # Whoever opens the records drops what is open first; a close asked for now would meet the new ones.
        self._closing = False

    def _close_if_tried(self) -> None:
        if not self._closing or self._sealing or any(draft.problem is None for draft in self._drafts.values()):
            return
        if not self._drafts:
            self._closing = False
            self._runner.close()
            return
        self.again.stop()
        self._seal({name: draft.typed for name, draft in self._drafts.items()})

    def _seal(self, waiting: dict[str, Typed]) -> None:
        """Seal these, and try to put them beside the records."""
        paths = self._paths

        def seal(profile: Profile) -> tuple[bytes, WorldError | None]:
            from desktop_app.services import unsaved

            sealed = unsaved.seal(profile, waiting)
            try:
                unsaved.keep_beside(paths, sealed)
            except WorldError as why:
                return sealed, _without_frames(why)
            self._is_beside = True
            return sealed, None

        self._sealing, self._is_beside = True, False
        self._runner.db(seal, lambda answer: self._seal_over(waiting, *answer), self._not_sealed, "draft")

    def _seal_over(self, waiting: dict[str, Typed], sealed: bytes, why: Exception | None) -> None:
        """The words are sealed: nothing readable of them stays, and the records close."""
        self._sealing = False
        if not self._locked:  # unlocked meanwhile, or not closed after all: they are still here and tried again
            self._behind |= waiting.keys()
            self.try_again()
            return
        for name in waiting:
            self._drafts.pop(name, None)
        self._behind.clear()
        if why is not None:
            self._sealed, self._why = sealed, why
            self.again.start()
        self.waiting_changed.emit()
        self._close_if_tried()

    def _not_sealed(self, why: Exception) -> None:
        self._sealing = False
        if not isinstance(why, StoreError):  # "locked": another way in closed them; asked again with the next lock
            self._runner.unhandled(why)

    def _keep_beside(self, sealed: bytes) -> None:
        paths = self._paths

        def keep() -> None:
            from desktop_app.services import unsaved

            unsaved.keep_beside(paths, sealed)
            self._is_beside = True

        self._is_beside = False
        self._runner.call(keep, lambda _nothing: self._kept_beside(sealed), lambda why: self._not_kept(sealed, why), "draft")

    def _kept_beside(self, sealed: bytes) -> None:
        if self._sealed is sealed:
            self._sealed = None
            self.waiting_changed.emit()

    def _not_kept(self, sealed: bytes, why: Exception) -> None:
        if self._sealed is sealed:
            self._why = why
            self.again.start()
            self.waiting_changed.emit()

    def _drop_beside(self) -> None:
        paths = self._paths

        def drop() -> None:
            from desktop_app.services import unsaved

            unsaved.drop(paths)

        # What cannot be removed now is known for what it is, and goes at the next unlocking.
        self._runner.call(drop, None, lambda _why: None, "bulk")


def _without_frames(why: WorldError) -> WorldError:
    """The sentence alone: an error that is kept would keep, by the frames it came through, the words it was about."""
    why.__traceback__ = why.__cause__ = why.__context__ = None
    return why
