"""The few building blocks every page is made of, so that pages say what they show and not how it is drawn.

All labels are plain text: nothing a person typed is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.forms.flow import FlowLayout, LinesLayout
from ui.forms.plain_tip import plain_tip

# The unlock page is made of these, so what it calls names no enumeration of `Qt` (see ui/app.py): it takes names as well.


def label(text: str = "", kind: str = "", *, wrap: bool = True, select: bool = False) -> QLabel:
    """A line or paragraph of plain words in one of the theme's kinds; `select`: it can be copied."""
    made = QLabel(text)
    made.setProperty("textFormat", "PlainText")
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
        made.setProperty("textInteractionFlags", "TextSelectableByMouse|TextSelectableByKeyboard")
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


def flow(widgets: Iterable[QWidget] = (), spacing: int = 8, kind: type[LinesLayout] = FlowLayout) -> QWidget:
    """A row that wraps when the window is narrow."""
    holder = QWidget()
    layout = kind(holder, across=spacing, down=spacing)
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

    def rows(self) -> QVBoxLayout:
        """A column at the end, for rows that come and go."""
        made = QVBoxLayout()
        made.setSpacing(4)
        self.body.addLayout(made)
        return made


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
        layout.addWidget(flow([self.stop], kind=LinesLayout))
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


def set_name(widget: QWidget, words: str) -> None:
    """What a screen reader says before the value: a combo box would otherwise say only its current choice."""
    widget.setAccessibleName(words)
    if not widget.toolTip():
        widget.setToolTip(plain_tip(words))
