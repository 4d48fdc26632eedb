"""Charts as ReportLab drawings: one code for the PDF and, as SVG, for the window.

Each is readable in grey (dark, light, hatched - never hue alone), carries its figures as words and has its meaning as a
sentence (`Chart.alt`) and its numbers as a table (`Chart.head`, `Chart.rows`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Line, PolyLine, Rect, String
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop_app.reports import style
from desktop_app.reports.text import drawable

FEWER = "fewer than 5"
ACROSS = 7
"""Columns of figures across a page."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = re.compile(rf"({'|'.join(MONTHS)}) (\d+)")
STATUTORY = ((6, "6 weeks to decide"), (20, "20 weeks to a plan"))
"""Weeks from the request: The Special Educational Needs and Disability Regulations 2014, regulations 5 and 13."""


@dataclass(frozen=True)
class Chart:
    """A drawing, what it says in words, and its figures; ``lying`` when its table is best set across the page."""

    drawing: Drawing
    alt: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lying: bool = False


@dataclass(frozen=True)
class Bar:
    """One bar: ``value`` None is a suppressed count (hatched, fixed length); ``part`` is the concern within it."""

    label: str
    value: int | None
    part: int | None = None


def _words(
    x: float,
    y: float,
    text: str,
    *,
    size: float = 9.5,
    anchor: str = "start",
    bold: bool = False,
    colour: object = style.INK,
    width: float = 0.0,
) -> String:
    font = style.BOLD if bold else style.REGULAR
    text = drawable(text, 120)
    while width and len(text) > 2 and stringWidth(text, font, size) > width:
        text = text[:-2].rstrip() + "…"
    return String(x, y, text, fontName=font, fontSize=size, textAnchor=anchor, fillColor=colour)


def hatch(drawing: Drawing, x: float, y: float, width: float, height: float) -> None:
    """A hatched box: a count that is not shown."""
    drawing.add(Rect(x, y, width, height, fillColor=style.WHITE, strokeColor=style.SOFT, strokeWidth=0.6))
    step = 4.0
    offset = -height
    while offset < width:
        x1, x2 = x + max(offset, 0), x + min(offset + height, width)
        drawing.add(Line(x1, y + (x1 - x - offset), x2, y + (x2 - x - offset), strokeColor=style.SOFT, strokeWidth=0.6))
        offset += step


def bars(
    items: Sequence[Bar],
    *,
    what: str,
    unit: str = "reports",
    part_name: str = "",
    width: float = style.WIDTH,
    label_width: float = 168.0,
) -> Chart:
    """Horizontal bars, longest possible scale; with ``part_name`` the dark part is that share of each bar."""
    style.fonts()
    row, bar_height, tail = 21.0, 10.0, 74.0
    key_height = 20.0 if part_name else 0.0
    height = max(row * len(items) + key_height, row)
    drawing = Drawing(width, height)
    track = width - label_width - tail
    top = max([item.value or 0 for item in items] or [0]) or 1
    for index, item in enumerate(items):
        y = height - key_height - row * (index + 1) + (row - bar_height) / 2
        drawing.add(_words(0, y + 1.6, item.label, width=label_width - 10))
        drawing.add(Rect(label_width, y, track, bar_height, fillColor=style.TRACK, strokeColor=None))
        if item.value is None:
            hatch(drawing, label_width, y, 26, bar_height)
            shown = FEWER
        else:
            length = track * item.value / top
            dark = track * (item.part if item.part is not None else item.value) / top
            if length:
                fill = style.ACCENT if item.part is None else style.LIGHT
                drawing.add(Rect(label_width, y, length, bar_height, fillColor=fill, strokeColor=None))
            if item.part is not None and dark:
                drawing.add(Rect(label_width, y, dark, bar_height, fillColor=style.ACCENT, strokeColor=None))
            shown = str(item.value) if item.part is None or not item.value else f"{item.part} of {item.value}"
        drawing.add(_words(label_width + track + 10, y + 1.6, shown))
    if part_name:
        y = height - 12
        drawing.add(Rect(label_width, y, 9, 9, fillColor=style.ACCENT, strokeColor=None))
        drawing.add(_words(label_width + 14, y + 1, part_name, size=9, colour=style.SOFT))
        x = label_width + 30 + stringWidth(drawable(part_name), style.REGULAR, 9)
        drawing.add(Rect(x, y, 9, 9, fillColor=style.LIGHT, strokeColor=None))
        drawing.add(_words(x + 14, y + 1, f"other {unit}", size=9, colour=style.SOFT))
    return Chart(drawing, _bar_words(items, what, unit, part_name), *_bar_table(items, what, unit, part_name))


def _bar_words(items: Sequence[Bar], what: str, unit: str, part_name: str) -> str:
    if not items:
        return f"{what}: nothing recorded."
    said = []
    for item in items[:20]:
        count = FEWER if item.value is None else str(item.value)
        share = f", of them {item.part} {part_name}" if part_name and item.part is not None else ""
        said.append(f"{item.label} {count}{share}")
    return f"Bar chart. {what}, in {unit}: {'; '.join(said)}."


def _bar_table(
    items: Sequence[Bar], what: str, unit: str, part_name: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    head: tuple[str, ...] = (what, unit.capitalize(), *([part_name.capitalize()] if part_name else []))
    rows = []
    for item in items:
        count = FEWER if item.value is None else str(item.value)
        rows.append((item.label, count, *([str(item.part if item.part is not None else "")] if part_name else [])))
    return head, tuple(rows)


def months(counts: Sequence[tuple[str, int]], *, what: str = "Reports by month", width: float = style.WIDTH) -> Chart:
    """Columns by month: (label such as "Nov 2026", reports). Labels are thinned when there are many."""
    style.fonts()
    height, base, top_room = 132.0, 30.0, 16.0
    drawing = Drawing(width, height)
    drawing.add(Line(0, base, width, base, strokeColor=style.FIRM, strokeWidth=0.8))
    top = max([count for _, count in counts] or [0]) or 1
    slot = width / max(len(counts), 1)
    every = max(1, math.ceil(46 / slot))
    column = min(slot * 0.62, 34.0)
    for index, (label, count) in enumerate(counts):
        middle = slot * (index + 0.5)
        if count:
            tall = (height - base - top_room) * count / top
            drawing.add(Rect(middle - column / 2, base, column, tall, fillColor=style.ACCENT, strokeColor=None))
            if slot > 12:
                drawing.add(_words(middle, base + tall + 4, str(count), size=9, anchor="middle"))
        if index % every == 0:
            drawing.add(_words(middle, base - 13, label, size=8.5, anchor="middle", colour=style.SOFT))
    spoken = "; ".join(f"{label} {count}" for label, count in counts if count) or "nothing recorded"
    rows = tuple((label, str(count)) for label, count in counts)
    unit = "Year" if counts and counts[0][0].isdigit() else "Month"
    return Chart(drawing, f"Column chart. {what}: {spoken}.", (unit, "Reports"), rows, lying=True)


def by_year(chart: Chart) -> tuple[tuple[str, ...], list[tuple[str, ...]]] | None:
    """The figures of `months` as a table of its own shape, a row a year and a column a month; None for other charts."""
    found = [_MONTH.fullmatch(label) for label, *_ in chart.rows]
    dated = [each for each in found if each is not None]
    if not chart.lying or len(dated) < len(found) or len(found) <= ACROSS:
        return None
    years: dict[str, dict[str, str]] = {}
    for each, (_, count) in zip(dated, chart.rows, strict=True):
        years.setdefault(each[2], {})[each[1]] = count
    return ("Year", *MONTHS), [(year, *(counts.get(name, "") for name in MONTHS)) for year, counts in years.items()]


@dataclass(frozen=True)
class Wait:
    """Weeks reported for one service: each report is one figure."""

    label: str
    weeks: tuple[float, ...]


def median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def number(value: float) -> str:
    """A figure as people write it: "27", "6.5", "104.25"."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def waits(
    items: Sequence[Wait], *, what: str = "Waits in weeks", width: float = style.WIDTH, label_width: float = 168.0
) -> Chart:
    """The reported waits against the statutory 6 and 20 weeks: a line from shortest to longest, the median marked."""
    style.fonts()
    row, head = 24.0, 20.0
    height = head + row * max(len(items), 1) + 18
    drawing = Drawing(width, height)
    tail = 88.0
    track = width - label_width - tail
    longest = max([20.0, *[max(item.weeks) for item in items if item.weeks]])
    step = next(weeks for weeks in (10, 20, 50, 100, 200, 500, 10**9) if longest <= 12 * weeks)
    most = math.ceil(longest / step) * step
    scale = track / most
    floor = 16.0
    for (weeks, words), side in zip(STATUTORY, ("end", "start"), strict=True):
        # The first says its words to the left of its line, the second to the right: they cannot meet.
        x = label_width + weeks * scale
        drawing.add(
            Line(x, floor, x, height - head + 4, strokeColor=style.INK, strokeWidth=0.9, strokeDashArray=(3, 2))
        )
        drawing.add(_words(x, height - 12, words, size=8.5, anchor=side))
    for tick in range(0, most + 1, step):
        drawing.add(_words(label_width + tick * scale, 3, str(tick), size=8.5, anchor="middle", colour=style.SOFT))
    drawing.add(_words(label_width + track + 10, 3, "weeks", size=8.5, colour=style.SOFT))
    drawing.add(Line(label_width, floor, label_width + track, floor, strokeColor=style.FIRM, strokeWidth=0.8))
    for index, item in enumerate(items):
        y = height - head - row * (index + 0.5)
        drawing.add(_words(0, y - 3, item.label, width=label_width - 10))
        if not item.weeks:
            continue
        low_x, high_x = label_width + min(item.weeks) * scale, label_width + max(item.weeks) * scale
        if high_x - low_x > 1:
            drawing.add(PolyLine([low_x, y, high_x, y], strokeColor=style.LIGHT, strokeWidth=7))
        x = label_width + median(item.weeks) * scale
        drawing.add(Rect(x - 3, y - 6.5, 6, 13, fillColor=style.ACCENT, strokeColor=None))
        text = f"{number(median(item.weeks))}" + (f"  ({len(item.weeks)} figures)" if len(item.weeks) > 1 else "")
        drawing.add(_words(label_width + track + 10, y - 3, text))
    rows = tuple(
        (item.label, str(len(item.weeks)), number(min(item.weeks)), number(median(item.weeks)), number(max(item.weeks)))
        for item in items
        if item.weeks
    )
    spoken = "; ".join(f"{r[0]}: {r[1]} figures, {r[2]} to {r[4]} weeks, middle figure {r[3]}" for r in rows)
    alt = (
        f"Chart of waits. {what} against the legal limits of 6 weeks to decide and 20 weeks to a plan."
        f" {spoken or 'Nothing recorded'}."
    )
    return Chart(drawing, alt, ("Service", "Figures", "Shortest", "Middle", "Longest"), rows)


COLOUR_NAMES = {
    "ink": style.INK,
    "soft": style.SOFT,
    "rule": style.RULE,
    "firm": style.FIRM,
    "accent": style.ACCENT,
    "track": style.TRACK,
    "light": style.LIGHT,
    "white": style.WHITE,
}
"""What stands for each colour in `to_svg`: the window puts its own in, light or dark."""
_RGB = re.compile(r"rgb\((\d+)%,(\d+)%,(\d+)%\)")
_CLIP = re.compile(r'<clipPath.*?</clipPath>|\s*style="clip-path: url\(#clip\)"', re.DOTALL)
_FAMILY = "font-family: 'Source Sans 3'"


def to_svg(chart: Chart) -> bytes:
    """The drawing as SVG for the window, its colours as names in braces (``{accent}``)."""
    from xml.sax.saxutils import escape

    from reportlab.graphics import renderSVG

    made: str = renderSVG.drawToString(chart.drawing)
    names = {tuple(int(100 * part) for part in colour.rgb()): name for name, colour in COLOUR_NAMES.items()}

    def named(found: re.Match[str]) -> str:
        return f"{{{names[tuple(map(int, found.groups()))]}}}"

    made = _CLIP.sub("", made[made.index("<svg") :])  # Qt would paint the clipping box
    made = _RGB.sub(named, made)
    made = made.replace(f"font-family: {style.BOLD}", f"{_FAMILY}; font-weight: bold")
    made = made.replace(f"font-family: {style.REGULAR}", _FAMILY)
    made = made.replace("<title>...</title>", f"<title>{escape(chart.head[0])}</title>")
    return made.replace("<desc>...</desc>", f"<desc>{escape(chart.alt)}</desc>").encode("utf-8")
