"""England as equal tiles, one an authority: how much was received, and where an agreement meets silence.

Colour is never alone: the number stands in the tile's words, silence has an outline, and the list beside the map says
the same to a screen reader. The arrow keys walk over the tiles.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.paths import resource
from ui.context import AppContext

STEPS = (1, 3, 8, 20)  # from how many records a tile takes the next darker tint


@dataclass(frozen=True)
class Tile:
    """What a tile shows. `quiet`: there is an agreement, and nothing came for long."""

    code: str
    name: str
    records: int
    quiet: bool
    words: str


def places() -> dict[str, tuple[int, int, str]]:
    """Column, row (0 north) and three letters of each authority, by code."""
    with resource("reference", "authority_tiles.csv").open(encoding="utf-8-sig", newline="") as reading:
        return {row["code"]: (int(row["column"]), int(row["row"]), row["label"]) for row in csv.DictReader(reading)}


class TileMap(QWidget):
    """`opened(code)` when a tile is pressed."""

    opened = Signal(str)
    pointed = Signal(str)  # the words of the tile that has the keyboard or the mouse

    def __init__(self, app: AppContext) -> None:
        super().__init__()
        self.app = app
        self._places = places()
        self._tiles: dict[str, Tile] = {}
        self._at = min(self._places, key=lambda code: (self._places[code][1], self._places[code][0]))
        self._columns = max(column for column, _row, _label in self._places.values()) + 1
        self._rows = max(row for _column, row, _label in self._places.values()) + 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Map of authorities")
        app.theme.changed.connect(self.update)

    def show_tiles(self, tiles: Mapping[str, Tile]) -> None:
        self._tiles = dict(tiles)
        self._speak()
        self.update()

    def current(self) -> str:
        """The code of the tile with the keyboard."""
        return self._at

    def sizeHint(self) -> QSize:
        return QSize(380, 380 * self._rows // self._columns)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)

    def heightForWidth(self, width: int) -> int:
        return min(width, 460) * self._rows // self._columns

    def hasHeightForWidth(self) -> bool:
        return True

    def _side(self) -> float:
        return min(self.width() / self._columns, self.height() / self._rows)

    def _rect(self, code: str) -> QRectF:
        column, row, _label = self._places[code]
        side = self._side()
        left = (self.width() - side * self._columns) / 2
        return QRectF(left + column * side + 1, row * side + 1, side - 2, side - 2)

    def code_at(self, point: QPoint) -> str:
        """Which authority's tile is there; empty for none."""
        return next((code for code in self._places if self._rect(code).contains(point.toPointF())), "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self.app.theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(max(8, int(self._side() * 0.36)))
        painter.setFont(font)
        accent, ground = QColor(colours.accent), QColor(colours.plain_tint)
        for code, (_column, _row, letters) in self._places.items():
            tile = self._tiles.get(code)
            step = sum((tile.records if tile else 0) >= least for least in STEPS)
            share = (0.0, 0.22, 0.42, 0.68, 1.0)[step]
            rect = self._rect(code)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_mix(ground, accent, share))
            painter.drawRoundedRect(rect, 3, 3)
            if tile is not None and tile.quiet:
                painter.setPen(QPen(QColor(colours.warn), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 3, 3)
            if self.hasFocus() and code == self._at:
                painter.setPen(QPen(QColor(colours.focus), 3))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(rect, 3, 3)
            painter.setPen(QColor(colours.on_accent if share > 0.5 else colours.text))
            if self._side() >= 20:
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letters)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        code = self.code_at(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if code else Qt.CursorShape.ArrowCursor)
        if code:
            self.pointed.emit(self._words(code))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        code = self.code_at(event.position().toPoint())
        if code:
            self._at = code
            self._speak()
            self.opened.emit(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if event.key() in steps:
            self._walk(*steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._at)
        else:
            super().keyPressEvent(event)

    def _walk(self, across: int, down: int) -> None:
        column, row, _label = self._places[self._at]

        def cost(code: str) -> float:
            there = self._places[code]
            ahead = (there[0] - column) * across + (there[1] - row) * down
            aside = abs((there[0] - column) * down) + abs((there[1] - row) * across)
            return ahead + 3 * aside if ahead > 0 else float("inf")

        best = min(self._places, key=cost)
        if cost(best) < float("inf"):
            self._at = best
            self._speak()
            self.update()

    def _words(self, code: str) -> str:
        tile = self._tiles.get(code)
        return tile.words if tile else ""

    def _speak(self) -> None:
        words = self._words(self._at)
        self.setAccessibleDescription(words)
        self.pointed.emit(words)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            code = self.code_at(event.pos())
            QToolTip.showText(event.globalPos(), self._words(code) if code else "", self)
            return True
        return super().event(event)


def _mix(one: QColor, other: QColor, share: float) -> QColor:
    return QColor(
        round(one.red() + (other.red() - one.red()) * share),
        round(one.green() + (other.green() - one.green()) * share),
        round(one.blue() + (other.blue() - one.blue()) * share),
    )
