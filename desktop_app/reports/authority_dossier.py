"""All that is recorded about one authority: key figures, charts, a time line, the testimonies, its plans."""

from __future__ import annotations

from desktop_app.errors import NotFound
from desktop_app.forms.wording import british_date
from desktop_app.records.authorities import by_code
from desktop_app.reports import charts, counts, style, text
from desktop_app.reports.answers import print_section
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.parts import (
    NAMED,
    between,
    branches_figure,
    caveat,
    concern_table,
    day,
    dots,
    figure_of,
    nothing_yet,
    number_of,
    record_list,
)
from desktop_app.reports.testimony import print_testimony, side
from desktop_app.reports.view import CONFIDENTIAL, Reading, authority_name, authority_names
from desktop_app.reports.waits import waits_part, waits_table

PROGRAMMES = {"SV": "Safety Valve", "DBV": "Delivering Better Value"}


def about(code: str) -> str:
    """What is known of the authority's programme, dated, with its source and whether it is confirmed."""
    try:
        known = by_code(code)
    except NotFound:
        return ""
    if not known.programme:
        return "In neither programme’s list."
    agreed = f", agreed {british_date(known.agreement_date)}" if known.agreement_date else ""
    round_words = f", round {known.round.removeprefix(known.programme).strip()}" if known.round else ""
    doubt = "" if known.confirmed else " This has not been confirmed."
    return (
        f"{PROGRAMMES.get(known.programme, known.programme)}{round_words}{agreed}. As at {british_date(known.as_at)}; "
        f"source: {known.source}.{doubt}"
    )


def build(prepared: Prepared, story: Story) -> str:
    """The authority is the option ``authority``, else the only one the records are about."""
    code = str(prepared.given.options.get("authority", "")) or _only(prepared)
    name = authority_name(code) if code else "Authorities"
    readings = prepared.of("evidence")
    story.title(name, _lede(prepared, readings))
    if code and about(code):
        story.para(about(code), "small", links=True)
    figures = [
        figure_of(len(readings), "report received", "reports received"),
        KeyFigure(str(sum(map(counts.has_concern, readings))), "with a concern"),
        figure_of(counts.sources(readings), "source", "different sources"),
    ]
    waits = counts.waits(readings)
    figures.append(_wait_figure(waits) or branches_figure(readings))
    story.key_figures(figures)
    if readings:
        _charts(prepared, story, readings, waits)
        _time_line(story, prepared)
        _categories(story, readings)
    else:
        nothing_yet(
            prepared, story, "No evidence", "Write down with Ctrl+N what schools and staff say of this authority."
        )
    _plans(story, prepared)
    _forum(story, prepared)
    if prepared.readings:
        record_list(story, [r for r in prepared.readings if not r.item.withdrawn])
    return name


def _only(prepared: Prepared) -> str:
    codes = {code for reading in prepared.readings for code in reading.item.authorities}
    return codes.pop() if len(codes) == 1 else ""


def _lede(prepared: Prepared, readings: list[Reading]) -> str:
    first, last = counts.span(readings)
    told = "What schools and staff have told us"
    if prepared.given.chosen:
        told = prepared.given.chosen
    return f"{told}, {between(first, last)}." if first != last else f"{told}. Made {day(prepared.given.made)}."


def _wait_figure(waits: list[charts.Wait]) -> KeyFigure | None:
    weeks = [week for wait in waits for week in wait.weeks]
    if not weeks:
        return None
    middle = charts.number(charts.median(weeks))
    count = number_of(len(weeks), "figure", "figures")
    return KeyFigure(f"{middle} weeks", f"middle of the waits reported ({count}); the law says 20 weeks to a plan")


def _charts(prepared: Prepared, story: Story, readings: list[Reading], waits: list[charts.Wait]) -> None:
    story.section("What the reports are about")
    bars = counts.category_bars(readings)
    if any(bar.value for bar in bars):
        story.chart(charts.bars(bars, what="Category", part_name="with a concern"))
        several = "One report may be in several categories. "
    else:
        several = "No report has been sorted into categories yet. "
    branches = counts.branches(readings)
    if len(branches) > NAMED:  # fewer are named in the panel below
        several += f"They come from {len(branches)} branches: {', '.join(branches)}."
    story.para(several, "small")
    caveat(story, prepared, readings)
    months = counts.by_month(readings)
    if len(months) > 1:
        story.section("When", room=190)
        story.chart(charts.months(months))
        undated = sum(not r.item.when_from for r in readings)
        if undated:
            story.para(f"{number_of(undated, 'report has', 'reports have')} no date that could be placed.", "small")
    if waits:
        story.section("Waits", room=200)
        waits_part(story, waits)
        waits_table(story, readings)
    tallies = counts.tallies(readings)
    if tallies:
        story.section("What is said under each question")
        concern_table(story, tallies)


def _time_line(story: Story, prepared: Prepared) -> None:
    dated = [r for r in prepared.readings if r.item.when_from and not r.item.withdrawn and r.form != "action"]
    if len(dated) < 2:
        return
    story.section("Time line")
    rows = (
        [r.dated, text.one_line(r.item.title, 240), dots((r.item.form.title, r.item.reference))]
        for r in sorted(dated, key=lambda r: (r.item.when_from, r.item.reference))
    )
    story.table(("When", "What", "Record"), rows, widths=(110, style.WIDTH - 250, 140), row_heads=True)


def _categories(story: Story, readings: list[Reading]) -> None:
    printed: set[str] = set()
    for name, label, listed in counts.categories(readings):
        if not listed:
            continue
        story.section(counts.short(label), room=130)
        for reading in listed:
            print_testimony(story, reading, name, narrative=reading.item.record not in printed, branch=True)
            printed.add(reading.item.record)
    rest = [r for r in readings if r.item.record not in printed and r.topics != [CONFIDENTIAL]]
    if rest:
        story.section("Not sorted into a category", room=130)
        for reading in rest:
            print_testimony(story, reading, branch=True)


def _plans(story: Story, prepared: Prepared) -> None:
    for reading in prepared.of("plan"):
        story.section(f"Plan: {reading.item.title}")
        story.beside(side(reading))
        story.para(
            dots((reading.words("plan_type"), reading.words("plan_status"), authority_names(reading.item.authorities))),
            "meta",
            indent=style.SIDE,
        )
        for section in reading.sections:
            if section.name != "facts":
                story.heading(section.label, indent=style.SIDE)
            print_section(story, section, skip=("title", "authority", "plan_type", "plan_status"))


def _forum(story: Story, prepared: Prepared) -> None:
    for reading in prepared.of("forum_questions"):
        story.section(f"Schools Forum: {reading.item.title}")
        story.beside(side(reading))
        story.para(dots((reading.when, reading.words("answered_how"))), "meta", indent=style.SIDE)
        for section in reading.sections:
            if section.name != "about":
                print_section(story, section)
        cited = reading.words("source_reference")
        if cited:
            story.para(f"Source: {cited}", "meta", indent=style.SIDE, links=True)
