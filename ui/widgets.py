"""The few building blocks every page is made of, so that pages say what they show and not how it is drawn.

All labels are plain text: nothing a person typed is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.forms.flow import FlowLayout

NARROW = 640  # a page narrower than this (logical pixels) puts its columns one under the other


def label(text: str = "", kind: str = "", *, wrap: bool = True, select: bool = False) -> QLabel:
    """A line or paragraph of plain words in one of the theme's kinds; `select`: it can be copied."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("kind", kind)
    if wrap:
        # A wrapped label may become as narrow as its longest word: nothing ever scrolls sideways.
        policy = made.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        made.setSizePolicy(policy)
        made.setMinimumWidth(40)
    if select:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def button(
    text: str, on_click: Callable[[], object] | None = None, kind: str = "", *, hint: str = "", name: str = ""
) -> QPushButton:
    """A push button. `hint` (a key, such as "Ctrl+N") goes into tool tip and description; `name` is spoken instead."""
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    if hint:
        made.setToolTip(f"{text} ({hint})")
        made.setAccessibleDescription(f"Key: {hint}")
    if name:
        made.setAccessibleName(name)
    made.setAutoDefault(True)  # Enter presses it, as Space does
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def pill(text: str, kind: str = "") -> QLabel:
    """A state in words. `kind`: "", "warn", "bad", "good" or "accent"."""
    made = label(text, f"pill-{kind}" if kind else "pill", wrap=False)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return made


def hline() -> QFrame:
    made = QFrame()
    made.setProperty("kind", "line")
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


def flow(widgets: Iterable[QWidget] = (), spacing: int = 8) -> QWidget:
    """A row that wraps when the window is narrow."""
    holder = QWidget()
    layout = FlowLayout(holder, across=spacing, down=spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return holder


class Card(QFrame):
    """A box with a heading; `body` takes what is in it."""

    def __init__(self, title: str = "", kind: str = "card", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(18, 14, 18, 16)
        self.body.setSpacing(8)
        self.heading = label(title, "h2")
        # Hidden where it is empty; never *shown* here: what has no parent yet would flash up as a window of its own.
        if not title:
            self.heading.hide()
        self.body.addWidget(self.heading)
        if title:
            self.setAccessibleName(title)

    def add(self, widget: QWidget) -> QWidget:
        self.body.addWidget(widget)
        return widget


def notice(text: str, kind: str = "notice", *actions: QPushButton) -> QFrame:
    """A tinted box with words and, below them, what can be done."""
    made = QFrame()
    made.setProperty("kind", kind)
    layout = QVBoxLayout(made)
    layout.setContentsMargins(14, 10, 14, 10)
    words = label(text)
    words.setObjectName("notice-text")
    layout.addWidget(words)
    if actions:
        layout.addWidget(flow(actions))
    return made


class Columns(QWidget):
    """Two parts side by side, or one under the other when there is no room."""

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
        super().resizeEvent(event)

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


class RowButton(QPushButton):
    """A row one can press: bold words, a muted line under them, a state at the right. Works with mouse and keyboard."""

    def __init__(
        self, title: str, sub: str = "", state: str = "", state_kind: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "row")
        self.setAutoDefault(True)  # Enter presses it, as Space does
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 9, 8, 9)
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.words = label(title, "h3")
        words.addWidget(self.words)
        self.sub = label(sub, "muted")
        if not sub:
            self.sub.hide()
        words.addWidget(self.sub)
        row.addLayout(words, 1)
        if state:
            row.addWidget(pill(state, state_kind), 0, Qt.AlignmentFlag.AlignVCenter)
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(", ".join(part for part in (title, sub, state) if part))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.layout().minimumSize().width(), self.layout().minimumSize().height())

    def heightForWidth(self, width: int) -> int:
        return self.layout().totalHeightForWidth(width)


class Door(RowButton):
    """One of the large choices at first run."""

    def __init__(self, title: str, sub: str, parent: QWidget | None = None) -> None:
        super().__init__(title, sub, parent=parent)
        self.setProperty("kind", "door")
        self.layout().setContentsMargins(18, 14, 18, 14)


class Busy(QWidget):
    """A moving bar with words and, when there is something to stop, a button: long work shows that it goes on."""

    cancelled = Signal()

    def __init__(self, text: str = "", *, can_cancel: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.words = label(text, "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.stop = button("Stop", self.cancelled.emit)
        if not can_cancel:
            self.stop.hide()
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        layout.addWidget(flow([self.stop]))
        self.hide()

    def start(self, text: str) -> None:
        self.words.setText(text)
        self.bar.setRange(0, 0)
        self.show()

    def progress(self, done: int, of: int) -> None:
        self.bar.setRange(0, max(of, 1))
        self.bar.setValue(done)

    def end(self) -> None:
        self.hide()


class ElidedLabel(QLabel):
    """One line that ends in … when it does not fit; the whole of it is in the tool tip and spoken."""

    def __init__(self, text: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if kind:
            self.setProperty("kind", kind)
        self.setMinimumWidth(24)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_full(text)

    def set_full(self, text: str) -> None:
        self._full = text
        self.setAccessibleName(text)
        self._fit()

    def full(self) -> str:
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(self.width(), 24))
        self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class ToastBar(QFrame):
    """One sentence over the foot of the window, with "Undo" where possible. It never takes the keyboard away."""

    def __init__(self, parent: QWidget) -> None:
        from PySide6.QtCore import QTimer

        super().__init__(parent)
        self.setObjectName("toast")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 10, 8)
        row.setSpacing(12)
        self.words = label("", wrap=True)
        row.addWidget(self.words, 1)
        self.act = button("Undo")
        self.act.clicked.connect(self._pressed)
        self.more = button("", self._more_pressed)
        self.more.hide()
        row.addWidget(self.more)
        row.addWidget(self.act)
        close = button("Close", self.hide, name="Close this message")
        row.addWidget(close)
        self._undo: Callable[[], None] | None = None
        self._also: Callable[[], None] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._time_over)
        self.hide()

    def show_toast(
        self,
        message: str,
        undo: Callable[[], None] | None,
        button_text: str,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        self.words.setText(message)
        self._undo = undo
        self.act.setText(button_text)
        self.act.setVisible(undo is not None)
        words, self._also = also or ("", None)
        self.more.setText(words)
        self.more.setVisible(also is not None)
        self.place()
        self.show()
        self.raise_()
        # Long enough to read and to reach the button; undo stays in sight longer (WCAG 2.2.1).
        self._timer.start(20000 if undo else 8000)
        announce(self, message)

    def place(self) -> None:
        """Sit at the foot of the parent, in the middle."""
        parent = self.parentWidget()
        width = min(640, parent.width() - 24)
        self.words.setMinimumWidth(0)
        self.resize(width, max(self.layout().totalHeightForWidth(width), self.sizeHint().height()))
        self.move(QPoint((parent.width() - width) // 2, parent.height() - self.height() - 12))

    def _more_pressed(self) -> None:
        also, self._also = self._also, None
        self.hide()
        if also is not None:
            also()

    def _pressed(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()

    def _time_over(self) -> None:
        if self.act.hasFocus() or self.underMouse():
            self._timer.start(4000)
        else:
            self.hide()


def announce(widget: QWidget, message: str) -> None:
    """Let a screen reader speak a message that takes no focus."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, message))


def set_name(widget: QWidget, words: str) -> None:
    """What a screen reader says before the value: a combo box would otherwise say only its current choice."""
    widget.setAccessibleName(words)
    if not widget.toolTip():
        widget.setToolTip(words)
