"""Copy for Word: every report as HTML, whole and by the same rules as the PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import samples

from desktop_app.reports import readback, registry
from desktop_app.reports.model import Decision

VOID = {"br", "meta"}


class Nesting(HTMLParser):
    """Every element is closed by its own end tag, and no person's text becomes one."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("kind", list(registry.REPORTS))
def test_every_report_is_rich_text_too(kind: str) -> None:
    report = registry.REPORTS[kind]
    items = tuple(item for item in (*samples.ordinary()[:12], *samples.ugly()[:6]) if item.form.id in report.forms)
    given = samples.given(kind, items, options={"authority": "886", "spare_key": "ABCD-EFGH", "name": samples.UGLY})
    page = registry.render_rich(given)
    checked = Nesting()
    checked.feed(page)
    assert checked.open == [] and "h1" in checked.seen
    assert not checked.seen & {"img", "font", "ondraw", "link", "script", "a"}
    words = readback.words_of_html(page)
    assert report.title in words and report.head(given) in words


def test_references_and_tables_are_in_it() -> None:
    items = samples.ordinary()
    page = registry.render_rich(samples.given("authority_dossier", items, options={"authority": "886"}))
    assert items[0].reference in page and '<th scope="col"' in page


@pytest.mark.parametrize("kind", list(registry.REPORTS))
def test_what_word_would_make_of_it(kind: str) -> None:
    """For whom it is stands first; tables do not run into one; no entry has a bullet and a mark of its own."""
    report = registry.REPORTS[kind]
    items = tuple(item for item in samples.ordinary() if item.form.id in report.forms)
    page = registry.render_rich(samples.given(kind, items, options={"authority": "886", "spare_key": "ABCD-EFGH"}))
    assert page.index(report.paper or "For the union only") < page.index("<h1")
    assert not re.search(r"</table>\s*<table", page)
    assert not re.search(r"<li[^>]*>(☐|<b>\d+</b> Point)", page)
    assert not re.search(r"<i></i>|<b></b>|<p></p>|<li></li>", page)


def test_no_word_pushes_a_table_off_the_page() -> None:
    """A table that holds people's words has its width and its columns' in hundredths of the page."""
    long = replace(samples.action(1), title="A " + "W" * 90)
    page = registry.render_rich(samples.given("action_list", (long, *(samples.action(n) for n in range(4)))))
    tables = re.findall(r"<table([^>]*)>(.*?)</tr>", page, re.DOTALL)
    assert tables
    for shape, first in tables:
        assert 'width="100%"' in shape and "table-layout:fixed" in shape
        assert 98 <= sum(map(int, re.findall(r'width="(\d+)%"', first))) <= 102
    assert max(len(word) for word in re.findall(r"W+", page)) <= 24
    assert readback.plain("W" * 90) in readback.plain(readback.words_of_html(page)), (
        "breaks hide nothing from the check"
    )


def test_words_from_right_to_left_say_so() -> None:
    told = samples.evidence(2, words="قالت المعلمة إن الأطفال ينتظرون أكثر من ثلاثين أسبوعا.")
    page = registry.render_rich(samples.given("branch_summary", (told,)))
    assert re.search(r'<p dir="rtl">[^<]*قالت', page) and '<p dir="rtl">Of' not in page


def test_what_is_not_agreed_is_not_in_it() -> None:
    secret = "The zanzibar quartz lamplighter came in the spring of the year."
    closed = samples.evidence(3, permission="not_agreed_yet", words=secret)
    told = samples.evidence(2, words="Zebedee waited a year for nothing at all.")
    given = samples.given("authority_dossier", (closed, told), audience="shareable", options={"authority": "886"})
    page = registry.render_rich(replace(given, decisions=(Decision("Zebedee", "replace", "Pupil A"),)))
    assert "zanzibar" not in page and "Zebedee" not in page and "Pupil A waited a year" in page
