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
LINES = 20
"""Lines somebody broke in one cell."""
WIDE, LEAST = 100.0, 60
"""A narrower cell holds fewer, in proportion to its width (points), but never fewer than the second."""
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


@dataclass(frozen=True)
class _Row:
    """A row ready to be drawn; ``ends`` False when its words go on in the next one."""

    cells: list[TaggedParagraph]
    height: float
    ends: bool = True


class Rows(Flowable):  # type: ignore[misc]
    """The table as a flowable: takes as many rows as there is room for, and goes on after the page break."""

    def __init__(self, columns: Columns, rows: Iterable[Sequence[str]]) -> None:
        super().__init__()
        self.columns = columns
        self.tagger = TableTagger(Node("Table", None), columns.row_heads)
        self._rows: Iterator[tuple[Sequence[str], bool]] = (
            (part, level == 0)
            for row in rows
            for parts in (row_parts(row, self.columns),)
            for level, part in zip(range(len(parts) - 1, -1, -1), parts, strict=True)
        )
        self._ready: list[_Row] = []
        self._started = False

    def _row(self, at: int) -> _Row | None:
        """The row ``at`` places from the next to be drawn; None past the end."""
        while len(self._ready) <= at:
            found = next(self._rows, None)
            if found is None:
                return None
            cells = [self._cell(column, words) for column, words in enumerate(found[0])]
            self._ready.append(_Row(cells, self._height(cells), found[1]))
        return self._ready[at]

    def beginning(self) -> float:
        """The height of the head and the first row: what a heading above must have room for."""
        head, first = self._head(), self._row(0)
        return (head.height if head else 0.0) + (first.height if first else 0.0)

    def _cell(self, column: int, words: str, head: bool = False) -> TaggedParagraph:
        right = column in self.columns.numbers
        if head:
            return cell(words, "cell_head_number" if right else "cell_head")
        return cell(words, "cell_number" if right else "cell", quiet=self.columns.row_heads and column == 0)

    def _height(self, cells: Sequence[TaggedParagraph]) -> float:
        tallest = max(one.wrap(self.columns.inside(column), 10_000)[1] for column, one in enumerate(cells))
        return float(tallest) + ABOVE + BELOW

    def _head(self) -> _Row | None:
        if self.columns.plain:
            return None
        cells = [self._cell(column, words, head=True) for column, words in enumerate(self.columns.head)]
        return _Row(cells, self._height(cells))

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        head = self._head()
        need = head.height if head else 0.0
        at = 0
        while (row := self._row(at)) is not None:
            need += row.height
            at += 1
            if need > height:
                break
        self.height = need if self._row(0) is not None else 0.0
        return sum(self.columns.widths), self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        head = self._head()
        room = height - (head.height if head else 0.0)
        taken = 0
        while (row := self._row(taken)) is not None and row.height <= room:
            room -= row.height
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
            [row.cells for row in rows],
            colWidths=self.columns.widths,
            rowHeights=[row.height for row in rows],
            repeatRows=1 if head else 0,
            hAlign="LEFT",
            style=_look(rows, head is not None, self._started),
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


def row_parts(row: Sequence[str], columns: Columns) -> list[list[str]]:
    """A row, and continuation rows for cells that are too long for one."""
    limits = [min(CELL_LIMIT, max(LEAST, int(columns.inside(at) * CELL_LIMIT / WIDE))) for at in range(len(row))]
    row = [text.plain(words) if _tall(words) else words for words in row]
    if all(len(words) <= limit and words.count("\n") < LINES for words, limit in zip(row, limits, strict=True)):
        return [list(row)]
    cut = [
        [words] if isinstance(words, text.Rich) else (list(_cell_parts(words, limit)) or [""])
        for words, limit in zip(row, limits, strict=True)
    ]
    deepest = max(len(parts) for parts in cut)
    return [[parts[level] if level < len(parts) else "" for parts in cut] for level in range(deepest)]


def _tall(words: str) -> bool:
    """True for markup that no row can hold: it gives up its looks to go on in the next row."""
    return isinstance(words, text.Rich) and (len(words) > 2 * CELL_LIMIT or words.count("<br/>") >= LINES)


def _cell_parts(words: str, limit: int) -> Iterator[str]:
    for piece in text.pieces(words, limit):
        lines = piece.split("\n")
        for start in range(0, len(lines), LINES):
            yield "\n".join(lines[start : start + LINES])


def cell(words: str, name: str, *, quiet: bool = False) -> TaggedParagraph:
    """The words of one cell; ``quiet`` is the softer colour of a row's head."""
    made = text.rich(words)
    if quiet:
        made = text.coloured(made, style.SOFT.hexval().replace("0x", "#"))
    return flowing(made, style.derived(name, 0, made.shaped))


def _look(rows: Sequence[_Row], head: bool, continued: bool) -> TableStyle:
    commands: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("LEFTPADDING", (1, 0), (-1, -1), BETWEEN),
        ("RIGHTPADDING", (0, 0), (-1, -1), BETWEEN),
        ("TOPPADDING", (0, 0), (-1, -1), ABOVE),
        ("BOTTOMPADDING", (0, 0), (-1, -1), BELOW),
    ]
    last = len(rows) - 1
    commands += [
        ("LINEBELOW", (0, at), (-1, at), 0.5, style.RULE) for at, row in enumerate(rows) if row.ends or at == last
    ]
    if head:
        commands.append(("LINEBELOW", (0, 0), (-1, 0), 0.9, style.FIRM))
    elif not continued:
        commands.append(("LINEABOVE", (0, 0), (-1, 0), 0.5, style.RULE))
    return TableStyle(commands)
