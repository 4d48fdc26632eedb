"""What is filled in by hand: ruled lines, a line after its label, boxes to tick in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from desktop_app.reports import style, text
from desktop_app.reports.structure import Node
from desktop_app.reports.tagged import TaggedParagraph

LINE = 24.0
"""Height of a line to write on: a hand needs some eight millimetres."""
BOX, GAP = 10.0, 18.0
MOST_COLUMNS = 5


def ruled(indent: float) -> Any:
    """Draws one line to write on."""

    def draw(canvas: Any, _height: float) -> None:
        _rule(canvas, indent, style.WIDTH, 2)

    return draw


def _rule(canvas: Any, left: float, right: float, y: float) -> None:
    canvas.setStrokeColor(style.FIRM)
    canvas.setLineWidth(0.5)
    canvas.line(left, y, right, y)


def tick_columns(words: Sequence[str], width: float) -> int:
    """How many choices stand side by side: as many as the longest leaves room for."""
    size = style.STYLES["cell"].fontSize
    longest = max((stringWidth(text.drawable(word, 200), style.REGULAR, size) for word in words), default=0.0)
    return max(1, min(MOST_COLUMNS, len(words), int(width / (longest + GAP + 12))))


class LabelledLine(Flowable):  # type: ignore[misc]
    """A label, and from its end to the edge a line to write on; below it where the label is long."""

    def __init__(self, label: TaggedParagraph, indent: float) -> None:
        super().__init__()
        self.label = label
        self.indent = indent

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        drawn = self.label.style
        words = stringWidth(text.drawable(self.label.getPlainText(), 300), drawn.fontName, drawn.fontSize)
        self._beside = words < (width - self.indent) * 0.65
        self._start = self.indent + (words + 8 if self._beside else 0)
        _, self._tall = self.label.wrap(width - self.indent, 400)
        self.height = LINE if self._beside else LINE + self._tall - 2
        return width, self.height

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        _, tall = self.label.wrapOn(canvas, style.WIDTH - self.indent, 400)
        self.label.drawOn(canvas, x + self.indent, y if self._beside else y + self.height - tall)
        canvas.artifact()
        canvas.saveState()
        _rule(canvas, x + self._start, x + style.WIDTH, y + 2)
        canvas.restoreState()
        canvas.end()


class TickRow(Flowable):  # type: ignore[misc]
    """Some boxes to tick with their words, side by side: (the box's element, the words)."""

    def __init__(self, cells: Sequence[tuple[Node, TaggedParagraph]], indent: float, columns: int) -> None:
        super().__init__()
        self.cells = cells
        self.indent = indent
        self.columns = columns

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.slot = (width - self.indent) / self.columns
        self.height = max(cell.wrap(self.slot - GAP - 6, 400)[1] for _, cell in self.cells) + 4
        return width, self.height

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        for number, (label, cell) in enumerate(self.cells):
            left = x + self.indent + number * self.slot
            _, tall = cell.wrapOn(canvas, self.slot - GAP - 6, 400)
            canvas.begin(label)
            canvas.saveState()
            canvas.setStrokeColor(style.INK)
            canvas.setLineWidth(0.8)
            canvas.rect(left, y + self.height - 13, BOX, BOX, stroke=1, fill=0)
            canvas.restoreState()
            canvas.end()
            cell.drawOn(canvas, left + GAP, y + self.height - tall - 1)
