"""A paragraph with words that run from right to left: Arabic, Urdu, Hebrew, alone or among others.

ReportLab sets words in the order they are typed. Here lines are broken in that order and each line is then put into the
order it is read in (`bidi`); a paragraph that begins from the right stands at the right. Runs are drawn in the order
they are read aloud, each with its real letters, which shaping would otherwise lose.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import shapeStr

from desktop_app.reports import bidi, style, text
from desktop_app.reports.structure import Node
from desktop_app.reports.tagged import STRUCTURE_LINK, TaggedParagraph

_SCRIPT = frozenset(style.SCRIPT_FONTS.values())


@dataclass(frozen=True)
class Run:
    """Letters of one font and direction in a line: where it begins, how wide it is, as drawn, and as it is read."""

    x: float
    width: float
    drawn: str
    read: str
    frag: Any
    right_to_left: bool

    @property
    def link(self) -> int | None:
        """The number of the link it belongs to within its paragraph."""
        return getattr(self.frag, "be_link", None)


@dataclass(frozen=True)
class Line:
    """A line's runs in reading order; its width; True when it stands at the right."""

    runs: tuple[Run, ...]
    width: float
    right: bool


class BidiParagraph(TaggedParagraph):
    """A `TaggedParagraph` whose lines are put into order by direction."""

    _lines: list[Line] | None = None
    _broken_for = -1.0

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        drawn = self.style
        room = max(width - drawn.leftIndent - drawn.rightIndent, 12.0)
        if self._lines is None or (self._broken_for != room and self._broken_for >= 0):
            self._lines = list(_lines(_letters(self.frags), room))
            self._broken_for = room
        self.width = width
        self.height = drawn.leading * max(len(self._lines), 1)
        return width, self.height

    def split(self, width: float, height: float) -> list[Any]:
        self.wrap(width, height)
        assert self._lines is not None
        count = int(height // self.style.leading)
        # Neither a first nor a last line alone.
        if count < min(2, len(self._lines)):
            return []
        if count >= len(self._lines):
            return [self]
        if len(self._lines) - count == 1:
            count -= 1
        if count < 1:
            return []
        parts = []
        for number, some in enumerate((self._lines[:count], self._lines[count:])):
            part = copy.copy(self)
            part._lines, part._broken_for = some, -1.0
            part.outline = self.outline if number == 0 else None
            part.__dict__.pop("_postponed", None)  # ReportLab's note that the whole was put off to this page
            parts.append(part)
        return parts

    def draw(self) -> None:
        assert self._lines is not None
        canvas, drawn = self.canv, self.style
        left, right = drawn.leftIndent, self.width - drawn.rightIndent
        if drawn.backColor is not None:
            above, outer, below, inner = drawn.borderPadding
            if self.links:
                canvas.artifact()
            canvas.saveState()
            canvas.setFillColor(drawn.backColor)
            canvas.rect(left - inner, -below, right - left + inner + outer, self.height + above + below, 0, 1)
            canvas.restoreState()
            if self.links:
                canvas.end()
        y = self.height - drawn.leading + (drawn.leading - drawn.fontSize) / 2 + drawn.fontSize * 0.22
        for line in self._lines:
            at_right = line.right or drawn.alignment == TA_RIGHT
            start = right - line.width if at_right else left
            for link, group in groupby(line.runs, key=lambda run: run.link):
                runs = list(group)
                if self.links:  # else the whole paragraph is one content (`drawOn`)
                    self.current_link = link
                    canvas.begin(self.mark_node())
                for run in runs:
                    self._draw_run(canvas, start + run.x, y, run)
                if self.links:
                    canvas.end()
                if self.links and link is not None:
                    low, high = min(run.x for run in runs), max(run.x + run.width for run in runs)
                    under, over = y - 0.25 * drawn.fontSize, y + 0.9 * drawn.fontSize
                    canvas.linkURL(f"lk:{link}", (start + low, under, start + high, over), relative=1)
            y -= drawn.leading
        self.current_link = None

    def _draw_run(self, canvas: Any, x: float, y: float, run: Run) -> None:
        frag = run.frag
        words = canvas.beginText(x, y)
        words.setFont(frag.fontName, frag.fontSize)
        words.setFillColor(frag.textColor)
        spoken = frag.fontName in _SCRIPT or run.right_to_left
        if spoken:
            language = style.LANGUAGES.get(frag.fontName, "")
            digits = run.read.encode("utf-16-be", "replace").hex().upper()
            tongue = f"/Lang({language})" if language else ""
            words._code.append(f"/Span <<{tongue}/ActualText <FEFF{digits}>>> BDC")
        words.textOut(_shaped(run.drawn, frag) if frag.fontName in _SCRIPT else run.drawn)
        if spoken:
            words._code.append("EMC")
        canvas.drawText(words)


def flowing(made: text.Rich, look: Any, node: Node | None = None) -> TaggedParagraph:
    """A paragraph of markup in a style; of the kind that its directions need."""
    if not made.bidi:
        return TaggedParagraph(text.numbered(made), look, node)
    return BidiParagraph(text.numbered(made), look, node)


def paragraph(words: str, name: str, node: Node | None, *, indent: float = 0.0, links: bool = False) -> TaggedParagraph:
    """One paragraph in a named style; ``links`` makes web addresses in a person's text into links."""
    made = text.rich(words, links=links)
    flowable = flowing(made, style.derived(name, indent, made.shaped), node)
    flowable.links = [(address, Node("Link", node)) for address in made.links]
    return flowable


def _shaped(letters: str, frag: Any) -> Any:
    return shapeStr(letters, frag.fontName, frag.fontSize, force=True)


def _width(letters: str, frag: Any) -> float:
    if frag.fontName in _SCRIPT and letters.strip():
        advance = sum(data.x_advance for data in _shaped(letters, frag).__shapeData__)
        return float(advance * frag.fontSize) / 1000
    return float(stringWidth(letters, frag.fontName, frag.fontSize))


def _letters(frags: list[Any]) -> list[list[tuple[str, Any]]]:
    """(letter, its markup) in the order typed, a list for each line that a person broke themselves."""
    found: list[list[tuple[str, Any]]] = [[]]
    link: int | None = None
    for frag in frags:
        if hasattr(frag, "cbDefn"):
            if frag.cbDefn.name == STRUCTURE_LINK:
                link = None if frag.cbDefn.label == "end" else int(frag.cbDefn.label)
            continue
        frag.be_link = link
        if getattr(frag, "lineBreak", False):
            found.append([])
        found[-1].extend((letter, frag) for letter in frag.text)
    return found


def _lines(blocks: list[list[tuple[str, Any]]], room: float) -> Iterator[Line]:
    for letters in blocks:
        typed = "".join(letter for letter, _ in letters)
        base = bidi.base_level(typed)
        levels = bidi.levels(typed, base)
        if not typed.strip():
            yield Line((), 0.0, bool(base))
            continue
        start = 0
        while start < len(typed):
            end, following = _fitting(letters, typed, start, room)
            yield _line(letters[start:end], levels[start:end], base)
            start = following


def _fitting(letters: list[tuple[str, Any]], typed: str, start: int, room: float) -> tuple[int, int]:
    """Where the line that begins at ``start`` ends, and where the next begins: broken at spaces if there are any."""
    at, used = start, 0.0
    while at < len(typed):
        end = typed.find(" ", at)
        end = len(typed) if end < 0 else end
        wide = _measure(letters[at:end])
        if used + wide > room:
            break
        used += wide + (_width(" ", letters[end][1]) if end < len(typed) else 0.0)
        at = end + 1
    if at > start:
        return min(at - 1, len(typed)), min(at, len(typed))
    # One word is wider than the line: as many of its letters as fit.
    end = start + 1
    while end < len(typed) and typed[end] != " " and _measure(letters[start : end + 1]) <= room:
        end += 1
    return end, end


def _pieces(letters: list[tuple[str, Any]]) -> Iterator[tuple[int, int]]:
    """(start, end) of the stretches of one markup."""
    start = 0
    for at in range(1, len(letters) + 1):
        if at == len(letters) or letters[at][1] is not letters[start][1]:
            yield start, at
            start = at


def _measure(letters: list[tuple[str, Any]]) -> float:
    return sum(
        _width("".join(letter for letter, _ in letters[start:end]), letters[start][1])
        for start, end in _pieces(letters)
    )


def _line(letters: list[tuple[str, Any]], levels: list[int], base: int) -> Line:
    typed = "".join(letter for letter, _ in letters)
    order = bidi.visual(levels, base, typed)
    runs: list[tuple[int, Run]] = []
    x, at = 0.0, 0
    while at < len(order):
        place = order[at]
        level, frag = levels[place], letters[place][1]
        step = -1 if level % 2 else 1
        end = at + 1
        while (
            end < len(order)
            and order[end] == order[end - 1] + step
            and levels[order[end]] == level
            and letters[order[end]][1] is frag
        ):
            end += 1
        first, last = sorted((place, order[end - 1]))
        read = typed[first : last + 1]
        drawn = read
        if level % 2 and frag.fontName not in _SCRIPT:  # shaping turns its own runs round
            drawn = "".join(bidi.mirrored(letter) for letter in reversed(read))
        wide = _width(drawn, frag)
        runs.append((first, Run(x, wide, drawn, read, frag, bool(level % 2))))
        x += wide
        at = end
    runs.sort(key=lambda pair: pair[0])
    return Line(tuple(run for _, run in runs), x, bool(base))
