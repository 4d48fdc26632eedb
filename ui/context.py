"""What every page is given: the runner, the theme, who is using the program, and the few things a page may ask of the window.

A page never looks for the main window; it calls the context, and the window listens to the context's signals. So a page
can be built alone in a test with a context and nothing else.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from ui.drafts import Drafts
from ui.preferences import Preferences
from ui.runner import TaskRunner
from ui.theme import Theme

if TYPE_CHECKING:
    from desktop_app.paths import ProfilePaths
    from desktop_app.platform import Platform
    from desktop_app.services.profile import Me
    from ui.models.first_pages import FirstPages
    from ui.tasks import Task


@dataclass(frozen=True)
class Toast:
    """A sentence at the foot of the window, with one thing to press (undo instead of "Are you sure?"), rarely a second."""

    message: str
    undo: Callable[[], None] | None = None
    button: str = "Undo"
    also: tuple[str, Callable[[], None]] | None = None


class AppContext(QObject):
    """One a window. `me` is None while the records are locked.

    Asking the window: `open_record`, `open_page`, `toast`, `saved`, `lock`. Hearing from it: the signals.
    """

    records_changed = Signal(object)  # frozenset[str] of record ids that changed; empty: more than can be named
    me_changed = Signal()  # unlocked, locked, or settings about the person changed
    page_wanted = Signal(str, dict)  # a screen's name in ui/navigation.py, options for its `show_page`
    record_wanted = Signal(str)  # a record id
    toast_wanted = Signal(object)  # a Toast
    was_saved = Signal(object)  # datetime of the last draft written
    lock_wanted = Signal()
    anew_wanted = Signal()

    def __init__(
        self, runner: TaskRunner, theme: Theme, paths: ProfilePaths, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.runner = runner
        self.drafts = Drafts(runner, paths, self)
        self.theme = theme
        self.paths = paths
        self._me: Me | None = None
        self.preferences = Preferences()
        self._platform: Platform | None = None
        self._first_pages: FirstPages | None = None
        self._flushers: list[tuple[weakref.ref[QObject], str]] = []
        self._to_say: list[Toast] = []

    # who ---------------------------------------------------------------------------------------------------------

    @property
    def me(self) -> Me | None:
        """Who set these records up (role, branch, name, authorities, practice), or None while locked."""
        return self._me

    def set_me(self, me: Me | None) -> None:
        self._me = me
        self.me_changed.emit()

    @property
    def is_office(self) -> bool:
        return self._me is not None and self._me.role == "office"

    @property
    def is_practice(self) -> bool:
        return self._me is not None and bool(self._me.practice)

    @property
    def platform(self) -> Platform:
        """Mail, folders and files as this system does them; made-up records get one that does nothing."""
        if self._platform is None:
            from desktop_app import platform

            self._platform = platform.current()
        return self._platform

    @platform.setter
    def platform(self, value: Platform) -> None:
        self._platform = value

    @property
    def first_pages(self) -> FirstPages:
        """The first rows of lists, read before they are asked for."""
        if self._first_pages is None:
            from ui.models.first_pages import FirstPages

            self._first_pages = FirstPages(self)
        return self._first_pages

    # asking the window -------------------------------------------------------------------------------------------

    def open_record(self, record_id: str) -> None:
        """Show one record: its list in the sidebar lights up and its page is shown."""
        self.record_wanted.emit(record_id)

    def open_page(self, name: str, **options: Any) -> None:
        """Show a screen by its name in `ui/navigation.py`; `options` reach the page's `show_page(**options)`."""
        self.page_wanted.emit(name, options)

    def toast(
        self,
        message: str,
        undo: Callable[[], None] | None = None,
        button: str = "Undo",
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Say one thing that happened; with `undo`, offer to take it back. `also`: words of a second button, its deed."""
        self.toast_wanted.emit(Toast(message, undo, button, also))

    def say_when_open(self, message: str, act: Callable[[], None] | None = None, button: str = "") -> None:
        """As `toast`; while the records are locked, at the next unlocking: nobody is told of them before."""
        if self._me is not None:
            self.toast(message, act, button)
        else:
            self._to_say.append(Toast(message, act, button))

    def if_locked(self, task: Task, words: str, page: str = "", *, too_late: str = "", **options: Any) -> Task:
        """Say `words` at the next unlocking if locking keeps `task` from its end, with a way to `page`; answers the task.

        `too_late`: what to say when it had come to its end, and only its answer found nobody.
        """

        def say(what: str) -> None:
            if task.cut.is_set():
                self.say_when_open(what, (lambda: self.open_page(page, **options)) if page else None, "Show")

        task.stopped = lambda: say(words)
        if too_late:
            task.too_late = lambda _answer: say(too_late)
        return task

    def what_to_say(self) -> list[Toast]:
        """What `say_when_open` kept while the records were locked; said once."""
        said, self._to_say = self._to_say, []
        return said

    def saved(self, when: datetime) -> None:
        """A draft was written: the status line says "Saved 14:02"."""
        self.was_saved.emit(when)

    def changed(self, *record_ids: str) -> None:
        """Tell every page that these records changed (none named: anything may have)."""
        self.records_changed.emit(frozenset(record_ids))

    def lock(self) -> None:
        """Save what is being typed, close the records and ask for the passphrase again."""
        self.lock_wanted.emit()

    def start_anew(self) -> None:
        """The records are gone from this computer: show first run."""
        self.anew_wanted.emit()

    def moved(self, paths: ProfilePaths) -> None:
        """The records lie in another folder now, and are closed: ask for the passphrase there."""
        self.paths = paths
        self.drafts.records_in(paths)
        self.anew_wanted.emit()

    # nothing typed is lost ---------------------------------------------------------------------------------------

    def flush_with(self, page: QObject, method: str = "flush") -> None:
        """Before locking, closing, sending or leaving, `page.<method>()` is called: it queues its draft at once.

        The page is held weakly; a deleted page is forgotten.
        """
        self._flushers.append((weakref.ref(page), method))

    def flush(self) -> None:
        """Let every page queue what has been typed and not yet written."""
        living = []
        for reference, method in self._flushers:
            page = reference()
            if page is not None and shiboken6.isValid(page):
                living.append((reference, method))
                getattr(page, method)()
        self._flushers = living
