"""A layout that puts widgets side by side and goes on to the next line when there is no more room."""

from __future__ import annotations

from PySide6 import QtCore
from PySide6.QtCore import QMargins, QPoint, QRect, QSize
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class LinesLayout(QLayout):
    """Left to right, then down; every line as high as its highest item. The height follows the width given.

    For a column that ends in a stretch, as it would else take what room is left. It never names `Qt` (see ui/app.py).
    """

    def __init__(self, parent: QWidget | None = None, across: int = 16, down: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._across = across
        self._down = down
        self.setContentsMargins(QMargins())

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(item.sizeHint().width() for item in shown) + self._across * max(0, len(shown) - 1)
        height = max((item.sizeHint().height() for item in shown), default=0)
        return QSize(width, height)

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Place every item (items of one line about its middle); returns the height taken."""
        x, y = rect.x(), rect.y()
        line: list[tuple[QLayoutItem, int, QSize]] = []
        for item in self._shown():
            size = self._size(item, rect.width())
            if line and x + size.width() > rect.right() + 1:
                y += self._end_line(line, y, move=move) + self._down
                x, line = rect.x(), []
            line.append((item, x, size))
            x += size.width() + self._across
        return y + self._end_line(line, y, move=move) - rect.y()

    @staticmethod
    def _size(item: QLayoutItem, room: int) -> QSize:
        hint = item.sizeHint()
        width = min(hint.width(), max(room, item.minimumSize().width()))
        if not item.hasHeightForWidth():
            return QSize(width, hint.height())
        height = item.heightForWidth(width)
        return QSize(width, max(height, hint.height()) if width >= hint.width() else height)

    @staticmethod
    def _end_line(line: list[tuple[QLayoutItem, int, QSize]], y: int, *, move: bool) -> int:
        height = max((size.height() for _item, _x, size in line), default=0)
        if move:
            for item, x, size in line:
                item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
        return height


class FlowLayout(LinesLayout):
    """As `LinesLayout`, and takes no more height than it needs wherever it stands."""

    def expandingDirections(self) -> QtCore.Qt.Orientation:
        return QtCore.Qt.Orientation(0)
