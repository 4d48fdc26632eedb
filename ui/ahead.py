"""The screens made while nobody waits, one piece at a time, so that the first opening of each is as quick as the second.

To import a screen, make its widgets and style them takes up to a tenth of a second of the window's own thread. It is done
when nobody has touched a key or the mouse for `REST_MS`, and put off again by the next key: a piece under way is never
long enough to be felt. What is made reads nothing and shows nothing until it is opened.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.context import AppContext
    from ui.navigation import Screen

REST_MS = 1500
BETWEEN_MS = 60
# The pages of a record belong to no screen.
_BESIDES = ("ui.forms.editors", "ui.forms.form_page", "ui.pages.record", "ui.pages.senco_meeting")


class Ahead(QObject):
    """`place(page)` gives what is made its place among the screens; `take(name)` hands it over, once."""

    def __init__(
        self,
        app: AppContext,
        screens: tuple[Screen, ...],
        place: Callable[[QWidget], object],
        unwanted: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._place = place
        self._unwanted = unwanted
        self._bare: tuple[str, QWidget] | None = None  # made, and without its place as yet
        self._made: dict[str, QWidget] = {}
        self._taken: set[str] = set()
        self._pieces: deque[Callable[[], object]] = deque()
        for screen in screens:
            if not screen.under and screen.name != "home":
                self._pieces += [screen.prepare, lambda screen=screen: self._build(screen), self._keep]
        self._pieces += [lambda name=name: import_module(name) for name in _BESIDES]
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._next)
        self.wait()

    def wait(self) -> None:
        """Somebody is at work: begin, or go on, when they rest."""
        if self._pieces:
            self._timer.start(REST_MS)

    def take(self, name: str) -> QWidget | None:
        """The screen of this name if it is made; it will not be made any more if it is not."""
        if self._bare is not None and self._bare[0] == name:
            self._keep()
        self._taken.add(name)
        return self._made.pop(name, None)

    def _next(self) -> None:
        if self._unwanted():
            self.wait()
            return
        self._pieces.popleft()()
        if self._pieces:
            self._timer.start(BETWEEN_MS)

    def _build(self, screen: Screen) -> None:
        if screen.name not in self._taken:
            self._bare = screen.name, screen.build(self._app)

    def _keep(self) -> None:
        if self._bare is not None:
            (name, page), self._bare = self._bare, None
            self._place(page)
            self._made[name] = page
