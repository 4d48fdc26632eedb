"""The first pages of lists, read while nobody waits, so that a list opens with its rows.

Asking the worker and hearing its answer takes about as long as painting the rows. So the first page of every list on the
sidebar, and of what was last asked of a list, is read when the worker has nothing to do, and read again after every
change. A page is given out only while it is what the records hold: nothing was written since (`TaskRunner.changes`), and
nothing that was asked for waits its turn. Else, and after locking, there is none, and the list asks as ever.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator
from dataclasses import dataclass
from time import thread_time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from desktop_app.storage.projection import Filters, Page
    from ui.context import AppContext
    from ui.tasks import Task

AT_MOST = 12  # lists kept: those of the sidebar, and what was asked of a few
SOON_MS = 150  # after a change
SHORT_SECONDS = 0.02  # of the processor: what takes longer to read is not read unasked, a draft would wait for it


@dataclass(frozen=True)
class Read:
    """Rows as they were read: how many were wanted, what the records held then, and the worker's own time for it."""

    page: Page
    wanted: int
    changes: object
    seconds: float = 0.0


def read(profile: Profile, filters: Filters, wanted: int, after: str | None = None) -> Read:
    """On the worker: up to so many rows after a key."""
    from desktop_app.services import recording

    began = thread_time()
    page = recording.search(profile, filters.words, filters, wanted, after)
    return Read(page, wanted, profile.changes, thread_time() - began)


class FirstPages(QObject):
    """Belongs to the window's context; forgets everything when the records are locked."""

    def __init__(self, app: AppContext) -> None:
        super().__init__(app)
        self._app = app
        self._kept: OrderedDict[Filters, Read | int] = OrderedDict()  # only how many are wanted, until it is read
        self._task: Task | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._read_ahead)
        app.runner.busy_changed.connect(self._busy)
        app.me_changed.connect(self._lock)

    def keep(self, *lists: Filters, wanted: int) -> None:
        """Have the first rows of these lists ready from now on."""
        for filters in lists:
            self._kept.setdefault(filters, wanted)
        self._busy(self._app.runner.busy)

    def put(self, filters: Filters, found: Read) -> None:
        """A list has read this itself; the next time it is there, if it can be read in passing."""
        if self._app.me is None or filters.words or found.seconds > SHORT_SECONDS:
            self._kept.pop(filters, None)
            return
        self._kept[filters] = found
        self._kept.move_to_end(filters)
        while len(self._kept) > AT_MOST:
            self._kept.popitem(last=False)

    def take(self, filters: Filters, wanted: int) -> Page | None:
        """The first rows as they are in the records now, at least so many where there are; `None` if that is not known."""
        found, runner = self._kept.get(filters), self._app.runner
        if not isinstance(found, Read) or not runner.settled or found.changes != runner.changes:
            return None
        return found.page if found.wanted >= wanted or found.page.next is None else None

    def _busy(self, busy: bool) -> None:
        if not busy and not self._soon.isActive() and self._stale():
            self._soon.start()

    def _stale(self) -> list[tuple[Filters, int]]:
        if self._app.me is None:
            return []
        now = self._app.runner.changes
        return [
            (filters, found.wanted if isinstance(found, Read) else found)
            for filters, found in self._kept.items()
            if not isinstance(found, Read) or found.changes != now
        ]

    def _read_ahead(self) -> None:
        stale = self._stale()
        if self._app.runner.busy or not stale:
            return  # what it does now ends with `_busy`

        def work(profile: Profile) -> Generator[tuple[Filters, Read], None, None]:
            for filters, wanted in stale:
                yield filters, read(profile, filters, wanted)

        # Nobody waits for it, so nobody need hear of a drive that is gone: the list that asks will say so.
        self._task = self._app.runner.db(
            work, None, lambda _problem: self._kept.clear(), priority="bulk", progress=lambda one: self.put(*one)
        )

    def _lock(self) -> None:
        if self._app.me is None:
            self._soon.stop()
            self._kept.clear()
            if self._task is not None:
                self._task.cancel()
                self._task = None
