"""Rows and doors to press: a title and a line under it, as one button that wraps its words."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.widgets import label, pill


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
