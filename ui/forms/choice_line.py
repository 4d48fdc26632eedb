"""A radio button or check box with its words, which wrap: Qt's own cut a long label off at the edge."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QLabel, QSizePolicy, QWidget


class Words(Enum):
    """Where the words of a choice stand."""

    BESIDE = "beside"
    UNDER = "under"  # likert: the button in the middle above them
    NOWHERE = "nowhere"  # in a table whose head says them; a screen reader hears them all the same


class ChoiceLine(QWidget):
    """One choice; a press anywhere on it is a press on its button."""

    def __init__(self, button: QAbstractButton, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = button
        button.setAccessibleName(words)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.words = QLabel(words)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(3)
        self._box.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addWidget(self.words, 1)
        self.words.setContentsMargins(0, 4, 0, 4)
        self.words.setMinimumHeight(button.sizeHint().height())
        self._place = Words.BESIDE

    def put_words(self, place: Words) -> None:
        """Put the words beside the button, under it, or nowhere."""
        if place is self._place:
            return
        self._place = place
        middle, top = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignTop
        beside = place is Words.BESIDE
        self._box.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom,
        )
        self._box.setAlignment(self.button, top if beside else middle | top)
        self.words.setAlignment(top | (Qt.AlignmentFlag.AlignLeft if beside else middle))
        self.words.setVisible(place is not Words.NOWHERE)

    def natural_width(self) -> int:
        """Pixels the line needs on one line."""
        words = self.words.fontMetrics().horizontalAdvance(self.words.text())
        return self.button.sizeHint().width() + words + 8

    def least_width(self) -> int:
        """Pixels the button and the longest word need."""
        metrics = self.words.fontMetrics()
        longest = max((metrics.horizontalAdvance(word) for word in self.words.text().split()), default=0)
        return self.button.sizeHint().width() + longest + 8

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.button.setFocus(Qt.FocusReason.MouseFocusReason)
            self.button.click()
        super().mouseReleaseEvent(event)
