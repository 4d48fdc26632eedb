"""A report is read aloud in the order it is written in, and no heading stands alone at the foot of a page."""

from __future__ import annotations

import io
import re
from html import unescape

import pypdf
import pypdfium2
import pytest
import samples

from desktop_app.reports import charts, page, readback, registry, style
from desktop_app.reports.blocks import Story

_PART = re.compile(r"<(h[1-6]|p|li|td|th|blockquote)\b[^>]*>(.*?)</\1>", re.DOTALL)
BEGINNING = 24
"""Letters of a part that are looked for: a long one may go on over the page."""


def in_order(kind: str) -> tuple[list[str], str]:
    """The beginnings of headings, paragraphs, entries and cells as written for Word, and what a PDF reader extracts."""
    report = registry.REPORTS[kind]
    items = tuple(item for item in samples.ordinary() if item.form.id in report.forms)
    given = samples.given(kind, items[:1] if report.one else items, options={"authority": "886"})
    body = registry.render_rich(given).partition("<body>")[2]
    parts = [unescape(re.sub(r"<[^>]*>", " ", found[2])) for found in _PART.finditer(body)][:-1]
    data, _, _ = registry.render_bytes(given)
    with pypdf.PdfReader(io.BytesIO(data)) as reader:
        read = "\n".join(sheet.extract_text() for sheet in reader.pages)
    return [readback.plain(part)[:BEGINNING] for part in parts], readback.plain(read)


@pytest.mark.parametrize("kind", ["record", "minutes", "authority_dossier", "plan_assessment", "feedback_health_care"])
def test_headings_and_paragraphs_are_read_in_the_order_they_are_written(kind: str) -> None:
    parts, read = in_order(kind)
    wanted = [part for part in parts if len(part) >= 12]
    assert len(wanted) > 20
    at = 0
    for number, part in enumerate(wanted):
        found = read.find(part, at)
        assert found >= 0, f"{part} is not read after {wanted[max(0, number - 3) : number]}"
        at = found + len(part)


def test_a_figure_takes_its_heading_with_it() -> None:
    bars = charts.bars([charts.Bar(f"Bar {n}", n) for n in range(1, 9)], what="Bar")
    furniture = page.Furniture("Trial", "Shareable", "T", "", samples.MADE)
    for lines in range(40):
        layout = page.Layout(furniture)
        story = Story(layout.take)
        story.title("T")
        for _ in range(lines):
            story.para("A line.")
        story.section("The figure")
        story.chart(bars)
        layout.take(story.flow)
        with layout.close() as file, file.reader() as reader:
            data = reader.read()
        with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
            sheets = [sheet.get_textpage().get_text_bounded() for sheet in document]
        assert [("Bar 8" in sheet) for sheet in sheets if "The figure" in sheet] == [True], lines


def last_lines(data: bytes) -> list[tuple[int, str]]:
    """What stands lowest on each page above its foot, as (page, words)."""
    found = []
    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        for number, sheet in enumerate(document, 1):
            words = sheet.get_textpage()
            lines = [
                (bottom, words.get_text_bounded(left, bottom, right, top))
                for left, bottom, right, top in (words.get_rect(at) for at in range(words.count_rects()))
                if left > style.MARGIN - 2 and bottom > style.BOTTOM - 4
            ]
            found.append((number, min(lines)[1].strip() if lines else ""))
    return found


def headings(data: bytes) -> set[str]:
    with pypdf.PdfReader(io.BytesIO(data)) as reader:
        waiting, found = list(reader.outline), set()
        while waiting:
            entry = waiting.pop()
            if isinstance(entry, list):
                waiting += entry
            else:
                found.add(readback.plain(str(entry.title)))
    return found


@pytest.mark.parametrize("kind", [kind for kind, report in registry.REPORTS.items() if not report.paper])
def test_no_heading_stands_alone_at_the_foot_of_a_page(kind: str) -> None:
    report = registry.REPORTS[kind]
    for everything in (samples.ordinary(), samples.ugly()):
        items = tuple(item for item in everything if item.form.id in report.forms)
        for options in ({"authority": "886"}, {"authority": ""}):
            data, _, _ = registry.render_bytes(samples.given(kind, items[:1] if report.one else items, options=options))
            titles = headings(data)
            alone = [found for found in last_lines(data)[:-1] if readback.plain(found[1]) in titles - {""}]
            assert alone == []


def test_a_heading_waits_for_whatever_comes_next() -> None:
    """A heading, its references and the rule before what follows go to the next page together."""
    furniture = page.Furniture("Trial", "Shareable", "T", "", samples.MADE)
    for lines in range(34, 46):
        story = Story()
        story.title("T")
        for _ in range(lines):
            story.para("A line.")
        story.section("A section", room=40)
        story.need(100)
        story.rule()
        story.heading("A heading", side=["LEE-0001"], room=40)
        story.table(("Name", "Words"), [["one", "Words. " * 90]], widths=(60.0, 90.0))
        for number, words in last_lines(page.lay_out(story.flow, furniture)):
            assert words not in ("A section", "A heading", "LEE-0001"), (lines, number)
