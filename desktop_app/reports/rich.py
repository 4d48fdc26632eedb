"""A report as rich text: simple HTML that Word and a mail program paste with headings, tables and references whole.

`RichStory` takes the same calls as `Story`, so that every report is written once. Looks are left to the program it is
pasted into; only what carries meaning is kept: headings, lists, tables, the reference of each record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape, unescape
from typing import Any

from reportlab.graphics.shapes import Drawing

from desktop_app.reports import style, text
from desktop_app.reports.bidi import base_level, runs_right_to_left
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.charts import Chart, by_year
from desktop_app.reports.structure import Node

LETTERS = 24
_LONG_WORD = re.compile(rf"[^\s<>&;]{{{LETTERS + 8},}}")
_TAG = re.compile(r"<[^>]*>")
_MARKUP = re.compile(r"<(?!/?(?:b|i)>|br/>)[^>]*>")
_LOOKS = {"meta": "i", "small": "i", "label": "i", "quote": "i", "strong": "b", "figure_words": "b"}
"""What of a style carries meaning: quiet or spoken words in italics, strong ones bold."""


def html(words: str) -> str:
    """Words as HTML: a person's text escaped whole, a report's own markup reduced to bold, italic and line breaks."""
    if isinstance(words, text.Rich):
        return _MARKUP.sub("", words)
    return escape(text.clean(words), quote=False).replace("\n", "<br/>")


def _way(words: str) -> str:
    """The attribute of a part that is read from the right, as its first letter with a direction is."""
    plain = unescape(_TAG.sub("", words)) if isinstance(words, text.Rich) else words
    return ' dir="rtl"' if runs_right_to_left(plain) and base_level(plain) else ""


def _shape(widths: Sequence[float], columns: int) -> tuple[str, list[str]]:
    """The width of a table, and of its columns' first cells, in hundredths."""
    whole = sum(widths)
    if not whole:
        return "", [""] * columns
    across = min(100, round(100 * whole / style.WIDTH))
    each = [f' width="{round(100 * width / whole)}%"' for width in widths]
    return f' width="{across}%" style="table-layout:fixed"', each


def _breakable(markup: str) -> str:
    """Long words with places to break: Writer would give one a column of its length and push the others off the page.

    Addresses stay whole, so that they can be followed.
    """

    def broken(found: re.Match[str]) -> str:
        word = found[0]
        if "://" in word:
            return word
        return "\u200b".join(word[start : start + LETTERS] for start in range(0, len(word), LETTERS))

    return _LONG_WORD.sub(broken, markup)


class RichStory(Story):
    """Collects HTML instead of flowables; space, rules and page breaks mean nothing here."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._beside = ""

    def document(self, title: str, head: str) -> str:
        """The whole page; ``head`` says first of all what it is, for whom and of when."""
        self._close()
        body = "\n".join(self.parts)
        inside = f'<meta charset="utf-8"/><title>{escape(title)}</title>'
        return f'<!DOCTYPE html>\n<html lang="en-GB"><head>{inside}</head><body>\n<p>{html(head)}</p>\n{body}\n</body></html>\n'

    def _add(self, markup: str) -> None:
        self._close()
        self.parts.append(markup)

    def _close(self) -> None:
        if self._beside:
            reference, self._beside = self._beside, ""
            self.parts.append(f"<p><b>{reference}</b></p>")

    def _heading(self, words: str, name: str, level: int, indent: float = 0.0) -> None:
        self._level = min(level, self._level + 1)
        reference, self._beside = self._beside, ""
        tag = f"h{self._level + 1}"
        self._add(f"<{tag}{_way(words)}>{f'{reference}: ' if reference else ''}{html(words)}</{tag}>")

    def para(self, words: str, name: str = "body", *, indent: float = 0.0, links: bool = False) -> None:
        if not words:
            return
        reference, self._beside = self._beside, ""
        look = _LOOKS.get(name)
        shown = f"<{look}>{html(words)}</{look}>" if look else html(words)
        self._add(f"<p{_way(words)}>{f'<b>{reference}</b> ' if reference else ''}{shown}</p>")

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
        listed = "".join(f"<li{_way(words)}>{html(words)}</li>" for words in items)
        self._add(f"<{tag}>{listed}</{tag.split(' ')[0]}>")

    def list_row(self, mark: str, lines: Sequence[str], *, indent: float = 0.0) -> None:
        self._add(f"<p>{html(mark)} " + "<br/>".join(map(html, lines)) + "</p>")

    def line(self, number: str, words: str, *, under: Sequence[str] = (), listed: Node) -> None:
        # Numbers somebody may name stay typed: a list of the program it is pasted into would number anew.
        rest = "".join(f"<br/><i>{html(said)}</i>" for said in under)
        self._add(f"<p{_way(words)}><b>{html(number)}</b> {html(words)}{rest}</p>")

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        widths = (0.3 * style.WIDTH, 0.7 * style.WIDTH)
        self.table((), [pair for pair in pairs if pair[1]], widths=widths, row_heads=True, plain=True)

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
        shape, each = _shape(widths, len(head))
        if head and not plain:
            named = "".join(
                f'<th scope="col"{each[column]} align="{"right" if column in right else "left"}">{html(words)}</th>'
                for column, words in enumerate(head)
            )
            lines.append(f"<thead><tr>{named}</tr></thead>")  # repeated on each page of a long table
        for row in rows:
            first = not cells and (plain or not head)
            cells = []
            for column, words in enumerate(row):
                tag, more = ("th", ' scope="row"') if row_heads and column == 0 else ("td", "")
                align = ' align="right"' if column in right or _way(words) else ' align="left"'
                wide = each[column] if first and column < len(each) else ""
                cells.append(f'<{tag}{more}{wide}{align} valign="top"{_way(words)}>{_breakable(html(words))}</{tag}>')
            lines.append("<tr>" + "".join(cells) + "</tr>")
        if not cells:
            return
        if self.parts and self.parts[-1].endswith("</table>"):
            self._add("<p>&nbsp;</p>")  # two tables with nothing between them become one where they are pasted
        self._add(f'<table border="1" cellspacing="0" cellpadding="4"{shape}>' + "\n".join(lines) + "</table>")

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
        self._add(f"<p>{'<br/>'.join(f'☐ {html(word)}' for word in words)}</p>")

    def rule(self, weight: float = 0.6, colour: Any = None, *, before: float = 6, after: float = 6) -> None: ...

    def need(self, height: float) -> None: ...

    def space(self, height: float) -> None: ...

    def new_page(self) -> None: ...
