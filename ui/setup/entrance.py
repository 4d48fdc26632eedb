"""The calm middle column that first run and unlocking stand in."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from desktop_app.errors import WorldError
from ui.context import AppContext
from ui.widgets import label

NOT_SAVED = (
    "What you typed last could not be saved yet. It is kept in this window and tried again every few seconds: leave the "
    "window open."
)
W = TypeVar("W", bound=QWidget)


class Entrance(QWidget):
    """A column of at most 620 pixels in the middle of the window; it scrolls up and down when it must."""

    def __init__(self, app: AppContext) -> None:
        super().__init__()
        self.app = app
        self.setProperty("kind", "page")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setProperty("horizontalScrollBarPolicy", "ScrollBarAlwaysOff")
        self.area.setProperty("focusPolicy", "NoFocus")
        outer.addWidget(self.area)
        ground = QWidget()
        ground.setProperty("kind", "page")
        self.area.setWidget(ground)
        across = QHBoxLayout(ground)
        across.setContentsMargins(16, 0, 16, 0)
        across.addStretch(1)
        holder = QWidget()
        holder.setMaximumWidth(620)
        across.addWidget(holder, 100)
        across.addStretch(1)
        self.column = QVBoxLayout(holder)
        self.column.setContentsMargins(0, 16, 0, 16)
        self.column.setSpacing(12)
        # Some air above; the first to go where the window is low.
        self.column.addSpacerItem(QSpacerItem(0, 28, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum))
        self.column.addWidget(label("Branch Evidence", "muted"))
        # Where there is something to say about what was typed before locking; empty as a rule.
        self.unsaved = label("", "error")
        self.unsaved.setAccessibleName("What was typed last")
        self.unsaved.hide()
        self.column.addWidget(self.unsaved)
        app.drafts.waiting_changed.connect(self._say_unsaved)
        self._rest = QVBoxLayout()
        self._rest.setSpacing(12)
        self.column.addLayout(self._rest)
        self.column.addStretch(1)
        self._say_unsaved()

    def put(self, widget: W) -> W:
        self._rest.addWidget(widget)
        return widget

    def _say_unsaved(self) -> None:
        problem = self.app.drafts.problem
        if problem is not None:
            words = f"{NOT_SAVED} {problem}" if isinstance(problem, WorldError) else NOT_SAVED
        elif self.unsaved.isVisibleTo(self):
            words = "What you typed last is saved."
        else:
            return
        if words != self.unsaved.text():
            self.unsaved.setText(words)
            self.unsaved.show()
            from ui.toast import announce

            announce(self.unsaved, words)


class OneAtATime(QWidget):
    """Shows one of its pages and takes that page's own height: a stack would be as high as its highest."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._current: QWidget | None = None

    def addWidget(self, page: QWidget) -> None:
        self._layout.addWidget(page)
        if self._current is None:
            self._current = page
        else:
            page.hide()

    def removeWidget(self, page: QWidget) -> None:
        self._layout.removeWidget(page)

    def currentWidget(self) -> QWidget | None:
        return self._current

    def setCurrentWidget(self, page: QWidget) -> None:
        if self._current is not None:
            self._current.hide()
        self._current = page
        page.show()
