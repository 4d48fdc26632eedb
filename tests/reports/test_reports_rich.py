"""Copy for Word: every report as HTML, whole and by the same rules as the PDF."""

from __future__ import annotations

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
    assert report.title in words and "For the union only" in words


def test_references_and_tables_are_in_it() -> None:
    items = samples.ordinary()
    page = registry.render_rich(samples.given("authority_dossier", items, options={"authority": "886"}))
    assert items[0].reference in page and '<th scope="col">' in page


def test_what_is_not_agreed_is_not_in_it() -> None:
    secret = "The zanzibar quartz lamplighter came in the spring of the year."
    closed = samples.evidence(3, permission="not_agreed_yet", words=secret)
    told = samples.evidence(2, words="Zebedee waited a year for nothing at all.")
    given = samples.given("authority_dossier", (closed, told), audience="shareable", options={"authority": "886"})
    page = registry.render_rich(replace(given, decisions=(Decision("Zebedee", "replace", "Pupil A"),)))
    assert "zanzibar" not in page and "Zebedee" not in page and "Pupil A waited a year" in page
