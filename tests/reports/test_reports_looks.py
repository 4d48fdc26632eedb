"""What a reader would be annoyed by: headings with nothing under them, form-speak, markup, lists without end."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pikepdf
import pytest
import samples

from desktop_app.records.authorities import all_authorities
from desktop_app.records.revision import Stamp
from desktop_app.records.state import Candidate, TwoVersions
from desktop_app.reports import charts, readback, registry
from desktop_app.reports.audience import prepare
from desktop_app.reports.model import ReportItem
from desktop_app.reports.style import WIDTH

KINDS = [kind for kind, report in registry.REPORTS.items() if not report.paper]


def made(kind: str, items: tuple[ReportItem, ...], audience: str = "union", **options: object) -> bytes:
    report = registry.REPORTS[kind]
    chosen = tuple(item for item in items if item.form.id in report.forms)
    given = samples.given(kind, chosen, audience=audience, options={"authority": "886", **options})
    return registry.render_bytes(given)[0]


def words(data: bytes) -> str:
    return " ".join(readback.text_of(data).split())


def blocks(data: bytes) -> list[str]:
    """The roles of the parts of a report, in reading order."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot.K
        top = root[0] if isinstance(root, pikepdf.Array) else root
        return [str(part.S)[1:] for part in top.K if isinstance(part, pikepdf.Dictionary) and "/S" in part]


def many() -> tuple[ReportItem, ...]:
    """A testimony of each of forty branches about forty authorities, over three years."""
    found = []
    for number, authority in enumerate(all_authorities()[:40], 1):
        item = samples.evidence(number, authority=authority.code)
        day = f"{2024 + number % 3}-{1 + number % 11:02d}-14"
        found.append(replace(item, branch=f"Branch of {authority.short_name}", when_from=day))
    return tuple(found)


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_has_nothing_under_it(kind: str) -> None:
    for audience in ("union", "shareable"):
        for items in (samples.ordinary(), samples.ugly(), ()):
            roles = blocks(made(kind, items[:6] if kind == "record" else items, audience))
            last = "lines to write on" if kind in ("branch_agenda_item", "forum_question_sheet") else "end"
            bare = [pair for pair in zip(roles, [*roles[1:], last], strict=True) if pair[0] in ("H2", "H3")]
            # A section may begin with the heading of its first part; nothing else may follow a heading directly.
            assert not {("H2", "H2"), ("H3", "H3"), ("H3", "H2"), ("H2", "end"), ("H3", "end"), ("H2", "H1")} & set(
                bare
            )


@pytest.mark.parametrize("kind", KINDS)
def test_a_reports_own_markup_is_never_read(kind: str) -> None:
    for audience in ("union", "shareable"):
        read = words(made(kind, samples.ordinary(), audience))
        assert not re.search(r"</?(b|i|font|br|link|onDraw)\b", read)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not registry.REPORTS[kind].bare])
def test_an_empty_report_says_how_to_begin(kind: str) -> None:
    """Or is a sheet to fill in. A shareable one says what has to be agreed, when there is something to agree."""
    read = words(made(kind, ()))
    if kind not in (
        "feedback_specialist_services",
        "feedback_health_care",
        "branch_agenda_item",
        "forum_question_sheet",
    ):
        assert "Ctrl+" in read or "Choose a record" in read or "needs first-hand reports" in read or "will give" in read
    if kind in ("authority_dossier", "branch_summary", "national_briefing", "regional_picture", "points_to_raise"):
        closed = (samples.evidence(2, permission="not_agreed_yet"),)
        assert "may be shared yet. What may be shared is agreed record by record" in words(
            made(kind, closed, "shareable")
        )


def test_what_the_union_does_next_is_not_in_a_paper_for_the_authority() -> None:
    for kind in ("points_to_raise", "record"):
        inside = words(made(kind, (samples.evidence(1),)))
        outside = words(made(kind, (samples.evidence(1),), "shareable"))
        assert "likely to be unlawful" in inside and "Tell the national office" in inside
        assert "likely to be unlawful" in outside and "national office" not in outside


def test_a_practice_nobody_has_decided_about_is_not_called_unlawful() -> None:
    stamp = Stamp("2026-01-01T00:00:00Z", 0, 1)
    both = tuple(Candidate(value, "r1:a", "d", "Leeds", stamp) for value in ("yes", "no"))
    pair = TwoVersions("access_and_consequences/c2_refuses_first_assessment", both)
    item = samples.evidence(1)
    assert "unlawful" in words(made("record", (item,)))
    assert "unlawful" not in words(made("record", (replace(item, two_versions=(pair,)),)))


def test_the_foot_counts_the_records_the_report_rests_on() -> None:
    told = samples.complete("evidence")
    items = (told, samples.evidence(1), samples.evidence(2))
    assert "on this computer · 1 record " in words(made("feedback_health_care", items))
    assert "on this computer · 3 records" in words(made("authority_dossier", items))
    assert "on this computer Page" in words(made("senco_agenda", (samples.senco_meeting(),)))


def test_a_wait_in_a_testimony_is_one_line() -> None:
    read = words(made("branch_summary", (samples.evidence(1),)))
    assert "Educational psychology · An assessment · 17 weeks · people: Fewer than 5 · as at: 1 November 2026" in read
    assert "Which service is the wait for?" not in read


def test_lines_of_a_meeting_keep_their_numbers_when_some_are_left_out() -> None:
    read = words(made("record", (samples.senco_meeting(6),), "shareable"))
    assert "Line number" not in read and "4. What is the point, in a few words: Point number 4:" in read


def test_forty_branches_behind_a_figure_are_named_and_fill_no_column() -> None:
    items = many()
    data = made("national_briefing", items)
    read = words(data)
    for item in items:
        assert item.branch in read
    pages = re.split(r"Page \d+ of \d+", read)[1:]  # the foot of a page is read before what stands on it
    assert all(len(sheet) > 500 for sheet in pages[:-1]), "no page holds a few words beside one tall cell"
    assert len(pages) < 20


def test_months_of_several_years_are_a_row_a_year() -> None:
    counted = [(f"{name} {year}", 1) for year in (2025, 2026) for name in charts.MONTHS][8:]
    head, rows = charts.by_year(charts.months(counted)) or ((), [])
    assert head == ("Year", *charts.MONTHS)
    assert rows == [("2025", *[""] * 8, *["1"] * 4), ("2026", *["1"] * 12)]
    assert charts.by_year(charts.months(counted[:7])) is None
    assert charts.by_year(charts.months([("2019", 3), ("2020", 4)])) is None
    assert charts.by_year(charts.bars([charts.Bar("A", 1)], what="A")) is None


@pytest.mark.parametrize("longest", [4.0, 19.0, 58.0, 104.25, 520.0, 5200.0])
def test_words_in_the_chart_of_waits_never_meet(longest: float) -> None:
    from reportlab.graphics.shapes import String
    from reportlab.pdfbase.pdfmetrics import stringWidth

    chart = charts.waits([charts.Wait("Mental health (CAMHS)", (1.0, longest)), charts.Wait("Physiotherapy", (3.0,))])
    boxes = []
    for part in chart.drawing.contents:
        if isinstance(part, String):
            wide = stringWidth(part.text, part.fontName, part.fontSize)
            left = part.x - {"start": 0, "middle": wide / 2, "end": wide}[part.textAnchor]
            boxes.append((part.text, left, left + wide, part.y, part.y + part.fontSize * 0.7))
    for at, (one, left, right, low, high) in enumerate(boxes):
        assert left > -1 and right < WIDTH + 1, one
        for other, *box in boxes[at + 1 :]:
            assert right <= box[0] or box[1] <= left or high <= box[2] or box[3] <= low, (one, other)
    assert charts.number(104.25) == "104.25"


def test_what_is_said_of_an_answer_is_not_on_the_empty_form() -> None:
    read = words(registry.render_bytes(samples.given("blank_form", options={"form": "evidence"}))[0])
    assert "More requests were turned down than were made" not in read
    assert "several of these practices are likely to be unlawful" in read


def test_a_long_line_is_told_once_in_the_minutes() -> None:
    long = "The school asked again and heard nothing. " * 60
    for kind in ("minutes", "action_list"):
        read = words(made(kind, (samples.senco_meeting(3, words=long),)))
        times = read.count("The school asked again and heard nothing.")
        assert times < (60 * 3 + 12 if kind == "minutes" else 3 * 12)
        assert "…" in read


def test_what_is_left_out_is_named_once() -> None:
    """The waits of a record whose words may not be quoted are no lines of a meeting."""
    item = samples.evidence(4, permission="use_without_quoting")
    (only,) = prepare(samples.given("record", (item,), audience="shareable")).withheld
    assert only.what == item.reference and "not quoted" in only.why


def test_only_authorities_of_the_region_are_counted_in_it() -> None:
    item = replace(samples.evidence(1), authorities=("886", "878"))
    given = samples.given("regional_picture", (item,), options={"region": "south_east"})
    assert "1 authority reported on" in words(registry.render_bytes(given)[0])
