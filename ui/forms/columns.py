"""Choices in columns of one width: so many as the form asks for, as long as their longest word has room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

from ui.forms.flow import FlowLayout


class ColumnsLayout(FlowLayout):
    """`columns` items on each line (0: as many as fit), all as wide as each other, line after line.

    Where a column would be narrower than `least` pixels there are fewer of them; with `all_or_one` there is then just
    one. `fits(True or False)` is told which, before anything is placed.
    """

    def __init__(
        self,
        parent: QWidget | None,
        columns: int,
        least: Callable[[], int],
        *,
        across: int = 12,
        all_or_one: bool = False,
        fits: Callable[[bool], None] | None = None,
    ) -> None:
        super().__init__(parent, across=across, down=2)
        self._columns = columns
        self._least = least
        self._all_or_one = all_or_one
        self._fits = fits

    def columns_in(self, width: int) -> int:
        """How many columns stand side by side in so many pixels."""
        least = max(1, self._least())
        room = max(1, (width + self._across) // (least + self._across))
        wanted = self._columns or self.count()
        if room >= wanted:
            return max(1, wanted)
        return 1 if self._all_or_one else room

    def setGeometry(self, rect: QRect) -> None:
        if self._fits is not None:
            self._fits(self.columns_in(rect.width()) > 1 or self.count() == 1)
        super().setGeometry(rect)

    def sizeHint(self) -> QSize:
        wanted = self._columns or self.count()
        high = max((item.sizeHint().height() for item in self._shown()), default=0)
        return QSize(wanted * (self._least() + self._across), high)

    def _place(self, rect: QRect, *, move: bool) -> int:
        shown = self._shown()
        columns = self.columns_in(rect.width())
        width = (rect.width() - (columns - 1) * self._across) // columns
        y = rect.y()
        for start in range(0, len(shown), columns):
            line = shown[start : start + columns]
            heights = [i.heightForWidth(width) if i.hasHeightForWidth() else i.sizeHint().height() for i in line]
            high = max(heights)
            if move:
                for place, item in enumerate(line):
                    x = rect.x() + place * (width + self._across)
                    item.setGeometry(QRect(QPoint(x, y), QSize(width, high)))
            y += high + self._down
        return max(0, y - self._down - rect.y()) if shown else 0
