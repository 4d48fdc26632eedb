"""A report as rich text: simple HTML that Word and a mail program paste with headings, tables and references whole.

`RichStory` takes the same calls as `Story`, so that every report is written once. Looks are left to the program it is
pasted into; only what carries meaning is kept: headings, lists, tables, the reference of each record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from reportlab.graphics.shapes import Drawing

from desktop_app.reports import text
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.charts import Chart, by_year
from desktop_app.reports.structure import Node

_MARKUP = re.compile(r"<(?!/?(?:b|i)>|br/>)[^>]*>")
_QUIET = {"meta", "small", "label"}


def html(words: str) -> str:
    """Words as HTML: a person's text escaped whole, a report's own markup reduced to bold, italic and line breaks."""
    if isinstance(words, text.Rich):
        return _MARKUP.sub("", words)
    return escape(text.clean(words), quote=False).replace("\n", "<br/>")


class RichStory(Story):
    """Collects HTML instead of flowables; space, rules and page breaks mean nothing here."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._beside = ""
        self._open = False
        self._line_node: Node | None = None

    def document(self, title: str, foot: str) -> str:
        """The whole page; ``foot`` says what it is, for whom and of when."""
        self._close()
        body = "\n".join(self.parts)
        head = f'<meta charset="utf-8"/><title>{escape(title)}</title>'
        return f'<!DOCTYPE html>\n<html lang="en-GB"><head>{head}</head><body>\n{body}\n<p>{html(foot)}</p>\n</body></html>\n'

    def _add(self, markup: str) -> None:
        self._close()
        self.parts.append(markup)

    def _close(self) -> None:
        if self._beside:
            reference, self._beside = self._beside, ""
            self.parts.append(f"<p><b>{reference}</b></p>")
        if self._open:
            self._open = False
            self._line_node = None
            self.parts.append("</ul>")

    def _heading(self, words: str, name: str, level: int, indent: float = 0.0) -> None:
        self._level = min(level, self._level + 1)
        reference, self._beside = self._beside, ""
        tag = f"h{self._level + 1}"
        self._add(f"<{tag}>{f'{reference}: ' if reference else ''}{html(words)}</{tag}>")

    def para(self, words: str, name: str = "body", *, indent: float = 0.0, links: bool = False) -> None:
        if not words:
            return
        reference, self._beside = self._beside, ""
        shown = f"<i>{html(words)}</i>" if name in _QUIET else html(words)
        self._add(f"<p>{f'<b>{reference}</b> ' if reference else ''}{shown}</p>")

    def beside(self, lines: Sequence[str], *, drop: float = 0.0, before: float = 0.0) -> None:
        self._close()
        self._beside = html(" · ".join(line for line in lines if line))

    def note(self, words: str) -> None:
        self._add(f"<blockquote>{html(words)}</blockquote>")

    def bullets(self, items: Iterable[str], *, indent: float = 0.0, mark: str = "•", name: str = "body") -> None:
        self._list("ul", items)

    def numbered(self, items: Iterable[str], *, indent: float = 0.0, name: str = "body", start: int = 1) -> None:
        self._list(f'ol start="{start}"', items)

    def _list(self, tag: str, items: Iterable[str]) -> None:
        self._add(f"<{tag}>" + "".join(f"<li>{html(words)}</li>" for words in items) + f"</{tag.split(' ')[0]}>")

    def list_row(self, mark: str, lines: Sequence[str], *, indent: float = 0.0) -> None:
        self._add(f"<p>{html(mark)} " + "<br/>".join(map(html, lines)) + "</p>")

    def line(self, number: str, words: str, *, under: Sequence[str] = (), listed: Node) -> None:
        if self._line_node is not listed:
            self._close()
            self.parts.append("<ul>")
            self._open, self._line_node = True, listed
        rest = "".join(f"<br/><i>{html(said)}</i>" for said in under)
        self.parts.append(f"<li><b>{html(number)}</b> {html(words)}{rest}</li>")

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.table((), [pair for pair in pairs if pair[1]], row_heads=True, plain=True)

    def key_figures(self, figures: Sequence[KeyFigure]) -> None:
        self._list("ul", [text.join(" ", [text.bold(figure.value), figure.label]) for figure in figures])

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
        right = set(numbers)
        lines = []
        cells: list[str] = []
        if head and not plain:
            named = "".join(f'<th scope="col">{html(words)}</th>' for words in head)
            lines.append(f"<thead><tr>{named}</tr></thead>")  # repeated on each page of a long table
        for row in rows:
            cells = []
            for column, words in enumerate(row):
                tag, more = ("th", ' scope="row"') if row_heads and column == 0 else ("td", "")
                align = ' align="right"' if column in right else ' align="left"'
                cells.append(f"<{tag}{more}{align}>{html(words)}</{tag}>")
            lines.append("<tr>" + "".join(cells) + "</tr>")
        if not cells:
            return
        self._add('<table border="1" cellspacing="0" cellpadding="4">' + "\n".join(lines) + "</table>")

    def chart(self, chart: Chart, *, table: bool = True) -> None:
        """The numbers a chart shows; where it has none, what it says in words."""
        if chart.rows:
            head, rows = by_year(chart) or (chart.head, list(chart.rows))
            self.table(head, rows, numbers=range(1, len(head)), row_heads=True)
        else:
            self.para(chart.alt, "small")

    def figure(self, drawing: Drawing, alt: str) -> None:
        self.para(alt, "small")

    def write_here(self, lines: int = 3, *, indent: float = 0.0) -> None:
        self._add("<p>…</p>")

    def write_after(self, label: str, name: str = "small", *, indent: float = 0.0) -> None:
        self._add(f"<p>{html(label)} …</p>")

    def tick_boxes(self, words: Sequence[str], *, indent: float = 0.0) -> None:
        self._list("ul", [f"☐ {word}" for word in words])

    def rule(self, weight: float = 0.6, colour: Any = None, *, before: float = 6, after: float = 6) -> None: ...

    def need(self, height: float) -> None: ...

    def space(self, height: float) -> None: ...

    def new_page(self) -> None: ...
