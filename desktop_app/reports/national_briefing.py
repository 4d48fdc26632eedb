"""The national briefing: every figure with the records and branches it rests on."""

from __future__ import annotations

from desktop_app.errors import NotFound
from desktop_app.records.authorities import REGIONS, all_authorities, by_code
from desktop_app.reports import charts, counts, style, text
from desktop_app.reports.audience import Prepared
from desktop_app.reports.authority_dossier import PROGRAMMES
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.coverage import served
from desktop_app.reports.parts import (
    branches_figure,
    caveat,
    day,
    figure_of,
    nothing_yet,
    number_of,
    record_list,
    schools_table,
)
from desktop_app.reports.testimony import STRENGTH, print_testimony
from desktop_app.reports.view import Reading, authority_name, paper_number, spoken
from desktop_app.reports.waits import waits_part

KIND = "national_briefing"
BEST = 8
"""Accounts printed in full under each category; the others are in the list of records."""


def build(prepared: Prepared, story: Story) -> str:
    readings = prepared.of("evidence")
    authorities = {code for r in readings for code in r.item.authorities}
    story.title(
        "National briefing",
        "What branches report about Safety Valve, Delivering Better Value and local SEND reform "
        f"plans. As at {day(prepared.given.made)}." + (f" {prepared.given.chosen}." if prepared.given.chosen else ""),
    )
    story.key_figures(
        [
            figure_of(len(readings), "report received", "reports received"),
            KeyFigure(str(sum(map(counts.has_concern, readings))), "with a concern"),
            KeyFigure(str(len(authorities)), f"of {len(all_authorities())} authorities reported on"),
            branches_figure(readings),
        ]
    )
    if not readings:
        nothing_yet(prepared, story, "No evidence", "Add the files that branches have sent, with Ctrl+I.")
        return "National briefing"
    story.section("What the reports are about")
    story.chart(charts.bars(counts.category_bars(readings), what="Category", part_name="with a concern"))
    caveat(story, prepared, readings)
    _strength(story, readings)
    months = counts.by_month(readings)
    if len(months) > 1:
        story.section("When", room=190)
        story.chart(charts.months(months))
    _places(story, readings)
    waits = counts.waits(readings)
    if waits:
        story.section("Waits", room=200)
        waits_part(story, waits)
    schools_table(story, readings)
    _questions(story, readings)
    _accounts(prepared, story, readings)
    record_list(story, readings)
    return "National briefing"


def _strength(story: Story, readings: list[Reading]) -> None:
    rows = []
    for name, words in (*STRENGTH.items(), ("", "not said")):
        listed = [r for r in readings if r.value("strength") == name]
        if listed:
            quotable = sum(r.value("permission") == "quote" for r in listed)
            rows.append(
                [words.capitalize(), str(len(listed)), str(sum(map(counts.has_concern, listed))), str(quotable)]
            )
    story.section("How well it is known")
    story.table(
        ("How directly", "Reports", "With a concern", "May be quoted"),
        rows,
        widths=(168, 74, 90, 90),
        numbers=(1, 2, 3),
        row_heads=True,
    )
    story.para(
        f"{number_of(counts.sources(readings), 'different source', 'different sources')}: two reports that cite one"
        " document count as one source.",
        "small",
    )


def _places(story: Story, readings: list[Reading]) -> None:
    regions: dict[str, set[str]] = {}
    programmes: dict[str, set[str]] = {}
    by_record = {r.item.record: r for r in readings}
    for reading in readings:
        named = set(reading.value("region").split())
        for code in reading.item.authorities:
            try:
                known = by_code(code)
            except NotFound:
                continue
            named.add(known.region)
            programmes.setdefault(PROGRAMMES.get(known.programme, "In neither list"), set()).add(reading.item.record)
        for region in named or ({"england"} if reading.value("area") == "england" else {"not_known"}):
            label = {"england": "All of England", "not_known": "Place not known"}.get(
                region, REGIONS.get(region, region)
            )
            regions.setdefault(label, set()).add(reading.item.record)

    def bars(groups: dict[str, set[str]]) -> list[charts.Bar]:
        made = []
        for label, records in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
            made.append(
                charts.Bar(label, len(records), sum(counts.has_concern(by_record[record]) for record in records))
            )
        return made

    story.section("By region", room=180)
    story.chart(charts.bars(bars(regions), what="Region", part_name="with a concern"))
    story.section("By programme", room=120)
    story.chart(charts.bars(bars(programmes), what="Programme of the authority", part_name="with a concern"))
    by_authority: dict[str, list[Reading]] = {}
    for reading in readings:
        for code in reading.item.authorities:
            by_authority.setdefault(code, []).append(reading)
    if by_authority:
        story.section("By authority")
        rows = [
            [
                authority_name(code),
                str(len(listed)),
                str(sum(map(counts.has_concern, listed))),
                ", ".join(counts.branches(listed)),
            ]
            for code, listed in sorted(by_authority.items(), key=lambda pair: (-len(pair[1]), authority_name(pair[0])))
        ]
        story.table(
            ("Authority", "Reports", "With a concern", "Branches behind the figure"),
            rows,
            widths=(150, 60, 86, style.WIDTH - 296),
            numbers=(1, 2),
            row_heads=True,
        )
        story.para(
            "A report about several authorities is counted once in the total and once under each of them.", "small"
        )


def _questions(story: Story, readings: list[Reading]) -> None:
    wanted = served(KIND)
    tallies = [t for t in counts.tallies(readings) if ("evidence", t.question.name) in wanted]
    if not tallies:
        return
    story.section("Question by question")
    rows = []
    for tally in tallies:
        rows.append(
            [
                paper_number(tally.question),
                tally.question.label,
                str(tally.count("concern")),
                str(tally.count("partly")),
                str(tally.count("reassure")),
                str(tally.count("dont_know")),
                str(len(counts.branches(tally.concerned))),
            ]
        )
    story.table(
        ("No.", "Question", "Concern", "Partly", "Reassures", "Don’t know", "Branches"),
        rows,
        widths=(44, style.WIDTH - 44 - 54 - 46 - 60 - 66 - 60, 54, 46, 60, 66, 60),
        numbers=(2, 3, 4, 5, 6),
    )
    named = [
        (paper_number(tally.question), tally.question.label, spoken(counts.branches(tally.concerned)))
        for tally in tallies
        if tally.concerned
    ]
    if named:
        story.para("Branches: those whose reports show the concern, named below.", "small")
        story.section("Branches behind each concern")
        story.table(
            ("No.", "Question", "Branches with the concern"),
            named,
            widths=(44, 180, style.WIDTH - 224),
        )


def _weight(reading: Reading) -> tuple[int, int, str]:
    order = {"first_hand": 0, "document": 1, "second_hand": 2}
    quotable = {"quote": 0, "use_without_quoting": 1}
    return order.get(reading.value("strength"), 3), quotable.get(reading.value("permission"), 2), reading.item.reference


def _accounts(prepared: Prepared, story: Story, readings: list[Reading]) -> None:
    printed: set[str] = set()
    for name, label, listed in counts.categories(readings):
        if not listed:
            continue
        story.section(counts.short(label), room=130)
        chosen = sorted(listed, key=_weight)[:BEST]
        for reading in chosen:
            print_testimony(
                story,
                reading,
                name,
                narrative=reading.item.record not in printed,
                branch=True,
                authority=True,
                permission=not prepared.shareable,
            )
            printed.add(reading.item.record)
        if len(listed) > len(chosen):
            rest = ", ".join(r.item.reference for r in sorted(listed, key=_weight)[BEST:])
            story.prose(text.clean(f"And {len(listed) - len(chosen)} more: {rest}."), "small")
