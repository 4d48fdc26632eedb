"""A page of the program: its title, its actions, what it holds, and columns that stand under each other when narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.widgets import label

NARROW = 640  # a page narrower than this (logical pixels) puts its columns one under the other


def bring_into_sight(widget: QWidget) -> None:
    """Scroll what was just said into view, once the page has made room for it."""

    def scroll() -> None:
        above = widget.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and widget.isVisible():
            above.ensureWidgetVisible(widget, 0, 24)

    QTimer.singleShot(0, widget, scroll)


class Columns(QWidget):
    """Two parts side by side, or one under the other when there is no room; `turned(stacked)` when that changes."""

    turned = Signal(bool)

    def __init__(self, left: QWidget, right: QWidget, ratio: tuple[int, int] = (3, 2), narrow: int = NARROW) -> None:
        super().__init__()
        self._narrow = narrow
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(18)
        self._layout.addWidget(left, ratio[0], Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(right, ratio[1], Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= self._narrow
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if direction != self._layout.direction():
            self._layout.setDirection(direction)
            self.turned.emit(self.stacked())
        super().resizeEvent(event)

    def stacked(self) -> bool:
        """Whether one stands under the other."""
        return self._layout.direction() == QBoxLayout.Direction.TopToBottom

    def minimumSizeHint(self) -> QSize:
        # As narrow as the wider of the two, not as both together: it can stand them one under the other.
        inner = [self._layout.itemAt(n).minimumSize() for n in range(self._layout.count())]
        return QSize(max((size.width() for size in inner), default=0), max((s.height() for s in inner), default=0))


class Page(QWidget):
    """A screen: a heading with what can be done, and a body that scrolls up and down only.

    The window calls `show_page(**options)` each time the screen is opened and `refresh()` when records changed.
    """

    help_topic = "home"

    def __init__(self, title: str = "", subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "page")
        self._limit = 0
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self.scroll)
        self.inside = QWidget()
        self.inside.setProperty("kind", "page")
        self.scroll.setWidget(self.inside)
        self.column = QVBoxLayout(self.inside)
        self.column.setContentsMargins(32, 24, 32, 24)
        self.column.setSpacing(16)
        self.title = label(title, "h1")
        self.subtitle = label(subtitle, "muted")
        if not subtitle:
            self.subtitle.hide()
        words = QWidget()
        stacked = QVBoxLayout(words)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(4)
        stacked.addWidget(self.title)
        stacked.addWidget(self.subtitle)
        self.actions = QWidget()
        self._action_row = QHBoxLayout(self.actions)
        self._action_row.setContentsMargins(0, 0, 0, 0)
        self._action_row.setSpacing(10)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(12)
        self._head.addWidget(words, 1)
        self._head.addWidget(self.actions, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.column.addLayout(self._head)
        self.body = QVBoxLayout()
        self.body.setSpacing(16)
        self.column.addLayout(self.body)
        self.column.addStretch(1)
        if title:
            self.setAccessibleName(title)

    def say(self, title: str, subtitle: str = "") -> None:
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))
        self.setAccessibleName(title)

    def add_action(self, made: QPushButton) -> QPushButton:
        self._action_row.addWidget(made)
        return made

    def add(self, widget: QWidget) -> QWidget:
        self.body.addWidget(widget)
        return widget

    def limit_width(self, pixels: int) -> None:
        """Do not stretch short fields over a wide window."""
        self._limit = pixels

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = event.size().width()
        side = 32 if width >= 760 else 16
        spare = max(0, width - 2 * side - self._limit) if self._limit else 0
        self.column.setContentsMargins(side, 24 if width >= 760 else 14, side + spare, 20)
        room = width - 2 * side
        beside = room >= self.actions.sizeHint().width() + 300
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    # what the window asks of every screen -------------------------------------------------------------------------

    def show_page(self, **options: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Read again what the page shows."""
