"""A chart in the window: the drawing of the PDFs in the window's colours, its sentence for a screen reader, its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.forms.plain_tip import plain_tip
from ui.widgets import label

if TYPE_CHECKING:
    from desktop_app.services.figures import Figure
    from ui.theme import Colours, Theme

_LIGHT_BARS = {False: "#9ccbc6", True: "#2f6f69"}


def coloured(svg: bytes, colours: Colours) -> bytes:
    """The drawing with its named colours put in."""
    dark = colours.ground < "#808080"
    named = {
        "ink": colours.text,
        "soft": colours.muted,
        "rule": colours.line,
        "firm": colours.field_line,
        "accent": colours.accent,
        "track": colours.plain_tint,
        "light": _LIGHT_BARS[dark],
        "white": colours.card,
    }
    for name, value in named.items():
        svg = svg.replace(b"{%s}" % name.encode(), value.encode())
    return svg


class Drawing(QWidget):
    """The drawing alone, as wide as there is room, never larger than it was drawn by half."""

    def __init__(self, figure: Figure, theme: Theme) -> None:
        super().__init__()
        self._figure, self._theme = figure, theme
        self._renderer = QSvgRenderer(self)
        self.setAccessibleName(figure.title)
        self.setAccessibleDescription(figure.alt)
        self.setToolTip(plain_tip(figure.title))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._colour)
        self._colour()

    def _colour(self) -> None:
        self._renderer.load(coloured(self._figure.svg, self._theme.colours))
        self._renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self.update()

    def _natural(self) -> QSize:
        return self._renderer.defaultSize()

    def sizeHint(self) -> QSize:
        return QSize(self._natural().width(), self.heightForWidth(self._natural().width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        natural = self._natural()
        width = min(width, natural.width() * 3 // 2)
        return max(40, round(natural.height() * width / max(natural.width(), 1)) + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        natural = self._natural()
        scale = min((self.width() - 8) / max(natural.width(), 1), 1.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, QRectF(4, 4, natural.width() * scale, natural.height() * scale))
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.colours.focus), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class ChartView(QWidget):
    """A figure: its title, the drawing, the numbers it shows."""

    def __init__(self, figure: Figure, theme: Theme) -> None:
        super().__init__()
        self.figure = figure
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 10)
        column.setSpacing(6)
        column.addWidget(label(figure.title, "h3"))
        self.drawing = Drawing(figure, theme)
        column.addWidget(self.drawing)
        if figure.note:
            column.addWidget(label(figure.note, "muted"))
        self.table = QWidget()
        self.table.setAccessibleName(f"{figure.title}: the numbers")
        grid = QGridLayout(self.table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(2)
        for across, words in enumerate(figure.head):
            grid.addWidget(self._cell(words, across, "muted"), 0, across)
        for down, row in enumerate(figure.rows, 1):
            for across, words in enumerate(row):
                grid.addWidget(self._cell(words, across, ""), down, across)
        grid.setColumnStretch(len(figure.head), 1)
        column.addWidget(self.table)

    @staticmethod
    def _cell(words: str, across: int, kind: str) -> QWidget:
        made = label(words, kind, wrap=False)
        made.setAlignment(Qt.AlignmentFlag.AlignRight if across else Qt.AlignmentFlag.AlignLeft)
        return made
