"""Tables of any length: their rows are read and laid out a page at a time, and are one Table to whoever hears them.

ReportLab's own table holds every row and takes more than its square in time; this one holds a page of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable, Table, TableStyle

from desktop_app.reports import style, text
from desktop_app.reports.righttoleft import flowing
from desktop_app.reports.structure import Node
from desktop_app.reports.tagged import TableTagger, TaggedParagraph

CELL_LIMIT = 700
"""Characters in one cell; more go on in a continuation row, so that no row is taller than a page."""
ABOVE, BELOW, BETWEEN = 4.0, 5.0, 6.0


@dataclass(frozen=True)
class Columns:
    """How a table looks: widths in points, which columns hold numbers, whether the first heads its row."""

    head: tuple[str, ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    row_heads: bool = False
    plain: bool = False

    def inside(self, column: int) -> float:
        """The width of a cell's words."""
        return self.widths[column] - BETWEEN * (1 if column == 0 else 2)


class Rows(Flowable):  # type: ignore[misc]
    """The table as a flowable: takes as many rows as there is room for, and goes on after the page break."""

    def __init__(self, columns: Columns, rows: Iterable[Sequence[str]]) -> None:
        super().__init__()
        self.columns = columns
        self.tagger = TableTagger(Node("Table", None), columns.row_heads)
        self._rows: Iterator[Sequence[str]] = (part for row in rows for part in row_parts(row))
        self._ready: list[tuple[list[TaggedParagraph], float]] = []
        self._started = False

    def _row(self, at: int) -> tuple[list[TaggedParagraph], float] | None:
        """The row ``at`` places from the next to be drawn, with its height; None past the end."""
        while len(self._ready) <= at:
            found = next(self._rows, None)
            if found is None:
                return None
            cells = [self._cell(column, words) for column, words in enumerate(found)]
            self._ready.append((cells, self._height(cells)))
        return self._ready[at]

    def _cell(self, column: int, words: str, head: bool = False) -> TaggedParagraph:
        right = column in self.columns.numbers
        if head:
            return cell(words, "cell_head_number" if right else "cell_head")
        return cell(words, "cell_number" if right else "cell", quiet=self.columns.row_heads and column == 0)

    def _height(self, cells: Sequence[TaggedParagraph]) -> float:
        tallest = max(one.wrap(self.columns.inside(column), 10_000)[1] for column, one in enumerate(cells))
        return float(tallest) + ABOVE + BELOW

    def _head(self) -> tuple[list[TaggedParagraph], float] | None:
        if self.columns.plain:
            return None
        cells = [self._cell(column, words, head=True) for column, words in enumerate(self.columns.head)]
        return cells, self._height(cells)

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        head = self._head()
        need = head[1] if head else 0.0
        at = 0
        while (row := self._row(at)) is not None:
            need += row[1]
            at += 1
            if need > height:
                break
        self.height = need if self._row(0) is not None else 0.0
        return sum(self.columns.widths), self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        head = self._head()
        room = height - (head[1] if head else 0.0)
        taken = 0
        while (row := self._row(taken)) is not None and row[1] <= room:
            room -= row[1]
            taken += 1
        if not taken:
            return []
        self.__dict__.pop("_postponed", None)  # ReportLab's note that this was put off to the page it now goes on
        return [self._take(taken), self]

    def _take(self, count: int) -> Table:
        """The next rows as a table of ReportLab's, under the table's head."""
        body, self._ready = self._ready[:count], self._ready[count:]
        head = self._head()
        rows = [head, *body] if head else body
        made = Table(
            [cells for cells, _ in rows],
            colWidths=self.columns.widths,
            rowHeights=[height for _, height in rows],
            repeatRows=1 if head else 0,
            hAlign="LEFT",
            style=_look(head is not None, self._started),
            renderCB=self.tagger,
        )
        self._started = True
        return made

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        if self._row(0) is None:
            return
        count = 0
        while self._row(count) is not None:
            count += 1
        table = self._take(count)
        table.wrapOn(canvas, sum(self.columns.widths), 10_000)
        table.drawOn(canvas, x, y)


def row_parts(row: Sequence[str]) -> list[list[str]]:
    """A row, and continuation rows for cells that are too long for one."""
    if all(len(words) <= CELL_LIMIT for words in row):
        return [list(row)]
    cut = [[words] if isinstance(words, text.Rich) else (text.pieces(words, CELL_LIMIT) or [""]) for words in row]
    deepest = max(len(parts) for parts in cut)
    return [[parts[level] if level < len(parts) else "" for parts in cut] for level in range(deepest)]


def cell(words: str, name: str, *, quiet: bool = False) -> TaggedParagraph:
    """The words of one cell; ``quiet`` is the softer colour of a row's head."""
    made = text.rich(words)
    if quiet:
        made = text.coloured(made, style.SOFT.hexval().replace("0x", "#"))
    return flowing(made, style.derived(name, 0, made.shaped))


def _look(head: bool, continued: bool) -> TableStyle:
    commands: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("LEFTPADDING", (1, 0), (-1, -1), BETWEEN),
        ("RIGHTPADDING", (0, 0), (-1, -1), BETWEEN),
        ("TOPPADDING", (0, 0), (-1, -1), ABOVE),
        ("BOTTOMPADDING", (0, 0), (-1, -1), BELOW),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, style.RULE),
    ]
    if head:
        commands.append(("LINEBELOW", (0, 0), (-1, 0), 0.9, style.FIRM))
    elif not continued:
        commands.append(("LINEABOVE", (0, 0), (-1, 0), 0.5, style.RULE))
    return TableStyle(commands)
