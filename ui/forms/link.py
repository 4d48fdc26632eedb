"""Words that lead somewhere."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.forms.breakable import breakable


class Link(QPushButton):
    """Words that lead to a question; they wrap, where a button's would be cut. Painted, so that any height will do."""

    _PAD = 4

    def __init__(self, words: str, parent: QWidget | None = None, *, widest: int = 240) -> None:
        """``widest``: how wide it would like to be at the most, in logical pixels, before its words wrap."""
        super().__init__(breakable(words), parent)
        self._widest = widest
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        box = QRect(0, 0, max(20, width - 2 * self._PAD), 100_000)
        words = self.fontMetrics().boundingRect(box, int(Qt.TextFlag.TextWordWrap), self.text())
        return words.height() + 2 * self._PAD

    def sizeHint(self) -> QSize:
        one_line = self.fontMetrics().horizontalAdvance(self.text()) + 2 * self._PAD + 2
        return QSize(min(one_line, self._widest), self.fontMetrics().height() + 2 * self._PAD)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().height() + 2 * self._PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        inside = self.rect().adjusted(1, 1, -1, -1)
        if self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 2))
            painter.drawRoundedRect(inside, 5, 5)
        elif self.underMouse():
            painter.fillRect(inside, palette.color(QPalette.ColorRole.Midlight))
        font = self.font()
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Link))
        words = self.rect().adjusted(self._PAD, self._PAD, -self._PAD, -self._PAD)
        painter.drawText(words, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter), self.text())
