"""What is said in passing: the message at the foot of the window, a line cut to its place, words for a screen reader."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from ui.forms.plain_tip import plain_tip
from ui.widgets import button, label


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
        self.setToolTip(plain_tip(self._full) if shown != self._full else "")


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
