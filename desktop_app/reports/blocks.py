"""The parts reports are made of. A `Story` collects them in reading order; each knows its tag, space and width.

Every ``str`` given is a person's text and is escaped here through `text.rich`; nothing given is ever cut: long text
runs on in paragraphs, long tables a page at a time, long cells in continuation rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer

from desktop_app.reports import style, text
from desktop_app.reports.charts import ACROSS, Chart, by_year
from desktop_app.reports.paper import LINE, LabelledLine, TickRow, ruled, tick_columns
from desktop_app.reports.righttoleft import flowing, paragraph
from desktop_app.reports.structure import Node
from desktop_app.reports.tables import Columns, Rows
from desktop_app.reports.tagged import (
    Beside,
    Decoration,
    TaggedDrawing,
    TaggedParagraph,
)

SHORT = 200.0
"""Height of a table that stays on the page of its figure, in points; a longer one may begin there and go on."""
BATCH = 64
"""Flowables that wait for one another before they are laid out."""


@dataclass(frozen=True)
class KeyFigure:
    """A number, or "fewer than 5", and what it counts."""

    value: str
    label: str


class _Flow(list[Flowable]):
    """Flowables that are laid out, and so forgotten, as soon as some have come together."""

    def __init__(self, take: Callable[[list[Flowable]], None] | None) -> None:
        super().__init__()
        self._take = take

    def append(self, flowable: Flowable) -> None:
        super().append(flowable)
        # A heading waits for what it is the heading of: a figure needs more room than it knew of.
        if self._take is not None and len(self) >= BATCH and not _opens(flowable):
            self._take(self)


def _opens(flowable: Flowable) -> bool:
    return isinstance(flowable, CondPageBreak) or bool(getattr(flowable, "outline", None))


def _leads(flowable: Flowable) -> bool:
    """True for what may not stand at the foot of a page without what follows it."""
    return _opens(flowable) or isinstance(flowable, (Beside, Spacer)) or getattr(flowable, "between", False)


def _takes(flowable: Flowable) -> float:
    _, height = flowable.wrap(style.WIDTH, 10_000)
    return float(height + flowable.getSpaceBefore() + flowable.getSpaceAfter())


class Story:
    """A report's content in reading order. ``take`` lays it out as it comes; without it all is kept in ``flow``."""

    def __init__(self, take: Callable[[list[Flowable]], None] | None = None) -> None:
        style.fonts()
        self.flow: list[Flowable] = _Flow(take)
        self._level = -1

    # -- headings ------------------------------------------------------------------------------------------------

    def title(self, words: str, lede: str = "") -> None:
        """The report's name, once; ``lede`` says in a sentence what it is."""
        self._heading(words, "title", 0)
        if lede:
            self.para(lede, "lede")

    def section(self, words: str, room: float = 96.0) -> None:
        """A section heading with some lines under it; what needs more room says so itself, and takes it along."""
        self.need(room)
        self._heading(words, "h2", 1)

    def heading(self, words: str, *, side: Sequence[str] = (), indent: float = 0.0, room: float = 70.0) -> None:
        """A heading within a section, with references in the margin column beside it."""
        self.need(room)
        if side:
            self.beside(side, drop=1.5, before=style.STYLES["h3"].spaceBefore)
        self._heading(words, "h3", 2, indent)

    def _heading(self, words: str, name: str, level: int, indent: float = 0.0) -> None:
        # No level may be skipped (ISO 14289-1 7.4.2): a heading without a section above it is one itself.
        self._level = min(level, self._level + 1)
        shown = words if isinstance(words, text.Rich) else text.one_line(words, 400)
        flowable = paragraph(shown, name, Node(f"H{self._level + 1}", None), indent=indent)
        flowable.outline = (text.one_line(flowable.getPlainText() or words, 90), self._level)
        self.flow.append(flowable)

    # -- text ----------------------------------------------------------------------------------------------------

    def para(self, words: str, name: str = "body", *, indent: float = 0.0, links: bool = False) -> None:
        """One paragraph; long or many-paragraph text belongs in `prose`, and goes there."""
        if not isinstance(words, text.Rich) and (len(words) > text.PARAGRAPH_LIMIT or "\n\n" in words):
            self.prose(words, name, indent=indent, links=links)
        elif words:
            self.flow.append(paragraph(words, name, Node("P", None), indent=indent, links=links))

    def prose(self, words: str, name: str = "body", *, indent: float = 0.0, links: bool = True) -> None:
        """A person's text of any length, in as many paragraphs as it takes; markup is one paragraph."""
        for piece in [words] if isinstance(words, text.Rich) else text.pieces(words):
            self.para(piece, name, indent=indent, links=links)

    def beside(self, lines: Sequence[str], *, drop: float = 0.0, before: float = 0.0) -> None:
        """References in the margin column, beside the next part; the first strong, the others quiet.

        ``before`` is the space above that part, which there is none of at the head of a page.
        """
        made = [
            paragraph(text.one_line(line, 90), "side" if number == 0 else "side_soft", Node("P", None))
            for number, line in enumerate(lines)
            if line
        ]
        self.flow.append(Beside(made, style.SIDE - 10, drop, before))

    def note(self, words: str) -> None:
        """A quiet panel: how to read what stands here."""
        self.space(10)
        made = text.rich(words)
        panel = style.derived("note", 0, made.shaped).clone("panel")
        panel.backColor, panel.borderPadding = style.PANEL, (9, 12, 10, 12)
        panel.leftIndent = panel.rightIndent = 12
        self.flow.append(flowing(made, panel, Node("P", None)))
        self.space(16)

    def bullets(self, items: Iterable[str], *, indent: float = 0.0, mark: str = "•", name: str = "body") -> None:
        """A list."""
        listed = Node("L", None, attributes=b"<</O/List/ListNumbering/Disc>>")
        for words in items:
            self._list_item(listed, mark, words, name, indent, 14.0)

    def numbered(self, items: Iterable[str], *, indent: float = 0.0, name: str = "body", start: int = 1) -> None:
        """A numbered list."""
        listed = Node("L", None, attributes=b"<</O/List/ListNumbering/Decimal>>")
        for number, words in enumerate(items, start):
            self._list_item(listed, f"{number}.", words, name, indent, 22.0)

    def _list_item(self, listed: Node, mark: str, words: str, name: str, indent: float, room: float) -> None:
        item = Node("LI", listed)
        label, body = Node("Lbl", item), Node("LBody", item)
        parts = [words] if isinstance(words, text.Rich) else (text.pieces(words) or [""])
        self.need(36)
        self.flow.append(Beside([paragraph(mark, name, label, indent=indent)], indent + room))
        for part in parts:
            self.flow.append(paragraph(part, name, Node("P", body), indent=indent + room, links=True))

    def list_row(self, mark: str, lines: Sequence[str], *, indent: float = 0.0) -> None:
        """One numbered entry of several lines: a row of a form's repeat."""
        item = Node("LI", Node("L", None))
        label, body = Node("Lbl", item), Node("LBody", item)
        self.need(32)
        self.flow.append(Beside([paragraph(mark, "cell", label, indent=indent)], indent + 20))
        for words in lines:
            for part in [words] if isinstance(words, text.Rich) else text.pieces(words):
                self.flow.append(paragraph(part, "cell", Node("P", body), indent=indent + 20, links=True))
        self.space(5)

    def line(self, number: str, words: str, *, under: Sequence[str] = (), listed: Node) -> None:
        """A numbered line of notes: the number in the margin column, the words, and quiet lines under them."""
        self.need(44)
        item = Node("LI", listed)
        label, body = Node("Lbl", item), Node("LBody", item)
        self.flow.append(Beside([paragraph(number, "side", label)], style.SIDE - 10, 1.5))
        for part in text.pieces(words) or [""]:
            self.flow.append(paragraph(part, "body", Node("P", body), indent=style.SIDE, links=True))
        for said in under:
            self.flow.append(paragraph(said, "meta", Node("P", body), indent=style.SIDE))
        self.space(3)

    # -- facts ---------------------------------------------------------------------------------------------------

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Short facts in two columns: a table whose first column heads its rows."""
        pairs = [(name, value) for name, value in pairs if value]
        if pairs:
            self.table(("About", ""), pairs, widths=(150.0, style.WIDTH - 150.0), row_heads=True, plain=True)

    def key_figures(self, figures: Sequence[KeyFigure]) -> None:
        """Up to four figures in a row between two rules, as a list."""
        if figures:
            self.rule(1.6, style.ACCENT, before=2, after=8)
            self.flow.append(_KeyFigures(figures))
            self.rule(0.6, style.RULE, before=8, after=8)

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        widths: Sequence[float] = (),
        numbers: Iterable[int] = (),
        row_heads: bool = False,
        plain: bool = False,
    ) -> None:
        """A table of any length, its rows read as they are needed; nothing when there is no row.

        ``numbers``: the columns set right; ``plain``: a list of pairs, no header row.
        """
        waiting = iter(rows)
        first = next(waiting, None)
        if first is None:
            return
        widths = tuple(widths) or (style.WIDTH / len(head),) * len(head)
        columns = Columns(tuple(head), widths, frozenset(numbers), row_heads, plain)
        table = Rows(columns, chain([first], waiting))
        self.need(table.beginning())
        self.flow.append(table)
        self.space(10)

    def chart(self, chart: Chart, *, table: bool = True) -> None:
        """A figure with its alternative text and, under it on the same page if they fit, the numbers it shows."""
        lying = chart.lying and len(chart.head) == 2
        years = by_year(chart)
        lines = 2 * math.ceil(len(chart.rows) / ACROSS) if lying else len(chart.rows) + 1
        if years is not None:
            lines = len(years[1]) + 1
        under = 24.0 * lines + 20 if table and chart.rows else 0.0
        self.need(chart.drawing.height + 20 + (under if under <= SHORT else 80))
        self.flow.append(TaggedDrawing(chart.drawing, Node("Figure", None, alt=chart.alt)))
        if table and years is not None:
            head, rows = years
            slot = (style.WIDTH - 45) / (len(head) - 1)
            widths = (45.0, *[slot] * (len(head) - 1))
            self.table(head, rows, widths=widths, numbers=range(1, len(head)), row_heads=True)
        elif table and chart.rows and lying:
            self._lying_table(chart)
        elif table and chart.rows:
            rest = [74.0] * (len(chart.head) - 1)
            self.table(chart.head, chart.rows, widths=(168.0, *rest), numbers=range(1, len(chart.head)), row_heads=True)

    def _lying_table(self, chart: Chart) -> None:
        """A long row of pairs, such as months, set across the page: a column each, some to a line."""
        first, second = chart.head
        slot = (style.WIDTH - 60) / ACROSS
        for start in range(0, len(chart.rows), ACROSS):
            some = chart.rows[start : start + ACROSS]
            head = (first, *(label for label, _ in some))
            row = (second, *(value for _, value in some))
            numbers = range(1, len(head))
            self.table(head, [row], widths=(60.0, *[slot] * len(some)), numbers=numbers, row_heads=True)

    def figure(self, drawing: Drawing, alt: str) -> None:
        """A drawing with its alternative text."""
        self.need(drawing.height + 8)
        self.flow.append(TaggedDrawing(drawing, Node("Figure", None, alt=alt)))

    # -- paper ---------------------------------------------------------------------------------------------------

    def write_here(self, lines: int = 3, *, indent: float = 0.0) -> None:
        """Empty ruled lines to write on; they may break over pages."""
        for _ in range(lines):
            self.flow.append(Decoration(LINE, ruled(indent), style.WIDTH))
        self.space(8)

    def write_after(self, label: str, name: str = "small", *, indent: float = 0.0) -> None:
        """One line to write on, after its label; a long label stands above it."""
        self.flow.append(LabelledLine(paragraph(label, name, Node("P", None)), indent))

    def tick_boxes(self, words: Sequence[str], *, indent: float = 0.0) -> None:
        """Boxes to tick, in as many columns as their words leave room for, as a list."""
        listed = Node("L", None)
        columns = tick_columns(words, style.WIDTH - indent)
        for start in range(0, len(words), columns):
            cells = []
            for word in words[start : start + columns]:
                item = Node("LI", listed)
                cells.append((Node("Lbl", item), paragraph(word, "cell", Node("LBody", item))))
            self.flow.append(TickRow(cells, indent, columns))
        self.space(4)

    def rule(self, weight: float = 0.6, colour: Any = style.RULE, *, before: float = 6, after: float = 6) -> None:
        """A line across the column."""

        def draw(canvas: Any, _height: float) -> None:
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(weight)
            canvas.line(0, after, style.WIDTH, after)

        self.flow.append(Decoration(before + after + weight, draw, style.WIDTH, between=True))

    def need(self, height: float) -> None:
        """Go to the next page unless this much room is left; headings right above go along."""
        room, above = height, len(self.flow) - 1
        while above >= 0 and _leads(self.flow[above]):
            if isinstance(self.flow[above], CondPageBreak):
                self.flow[above].height = max(self.flow[above].height, room)
            else:
                room += _takes(self.flow[above])
            above -= 1
        self.flow.append(CondPageBreak(height))

    def space(self, height: float) -> None:
        self.flow.append(Spacer(1, height))

    def new_page(self) -> None:
        self.flow.append(PageBreak())


class _KeyFigures(Flowable):  # type: ignore[misc]
    """Figures side by side, read one after another."""

    def __init__(self, figures: Sequence[KeyFigure]) -> None:
        super().__init__()
        listed = Node("L", None)
        self.columns: list[list[TaggedParagraph]] = []
        for figure in figures:
            body = Node("LBody", Node("LI", listed))
            wide = stringWidth(text.drawable(figure.value), style.BOLD, 21) > style.WIDTH / 4 - 10
            self.columns.append(
                [
                    paragraph(figure.value, "figure_words" if wide else "figure", Node("P", body)),
                    paragraph(figure.label, "figure_label", Node("P", body)),
                ]
            )

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.slot = width / max(len(self.columns), 4)
        self.height = 0.0
        for top, under in self.columns:
            _, first = top.wrap(self.slot - 10, 400)
            _, second = under.wrap(self.slot - 14, 400)
            self.height = max(self.height, max(first, 25.0) + second)
        return width, self.height

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        for number, (top, under) in enumerate(self.columns):
            left = x + number * self.slot
            _, first = top.wrapOn(canvas, self.slot - 10, 400)
            _, second = under.wrapOn(canvas, self.slot - 14, 400)
            down = y + self.height - max(first, 25.0)
            top.drawOn(canvas, left, down)
            under.drawOn(canvas, left, down - second)
