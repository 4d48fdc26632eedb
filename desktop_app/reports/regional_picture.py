"""The region: by authority, by trust, and special and mainstream schools apart."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.errors import NotFound
from desktop_app.records.authorities import REGIONS, Authority, all_authorities, by_code
from desktop_app.reports import charts, counts, style
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.parts import (
    asked_of_branches,
    branches_figure,
    caveat,
    figure_of,
    nothing,
    nothing_yet,
    number_of,
    record_list,
    schools_table,
)
from desktop_app.reports.view import Reading, authority_name

DRAWN = 20
"""Authorities in the drawing: so many fit a page with its heading."""
_MAINSTREAM = ("mainstream_primary", "mainstream_secondary", "resource_centre", "early_years", "post_16")
_SPECIAL = ("special_school", "pupil_referral_unit", "alternative_provision", "hospital_education")


def build(prepared: Prepared, story: Story) -> str:
    """The region is the option ``region``, else that of the records."""
    readings = prepared.of("evidence")
    region = str(prepared.given.options.get("region", "")) or _region(readings)
    name = REGIONS.get(region, "") or "Regions"
    story.title(name, "What is reported, by authority and by trust; special and mainstream schools apart.")
    if region:
        readings = [r for r in readings if region in _regions(r)]
    reported = {code for reading in readings for code in reading.item.authorities if _inside(code, region)}
    story.key_figures(
        [
            figure_of(len(readings), "report received", "reports received"),
            KeyFigure(str(sum(map(counts.has_concern, readings))), "with a concern"),
            figure_of(len(reported), "authority reported on", "authorities reported on"),
            branches_figure(readings),
        ]
    )
    if not readings:
        what = f"No evidence about {name}" if region else "No evidence"
        nothing_yet(prepared, story, what, "Write down with Ctrl+N what is said of an authority in it.")
    _authorities(prepared, story, readings, region)
    if readings:
        caveat(story, prepared, readings)
        _schools(story, readings)
        schools_table(story, readings)
        _said_to_be_about(story, readings)
        _trusts(story, readings)
    _plans(story, prepared, region)
    _meetings(story, prepared)
    asked_of_branches(prepared, story, "regional_picture")
    if readings:
        record_list(story, readings)
    return name


def _authority(code: str) -> Authority | None:
    try:
        return by_code(code)
    except NotFound:
        return None


def _inside(code: str, region: str) -> bool:
    """True for an authority of the region; every one is where no region is chosen."""
    known = _authority(code)
    return not region or (known is not None and known.region == region)


def _regions(reading: Reading) -> set[str]:
    found = {known.region for known in map(_authority, reading.item.authorities) if known}
    return found | set(reading.value("region").split())


def _region(readings: Iterable[Reading]) -> str:
    found = {region for r in readings for region in _regions(r)}
    return found.pop() if len(found) == 1 else ""


def _authorities(prepared: Prepared, story: Story, readings: list[Reading], region: str) -> None:
    by_authority: dict[str, list[Reading]] = {}
    for reading in readings:
        for code in reading.item.authorities:
            by_authority.setdefault(code, []).append(reading)
    codes = [a.code for a in all_authorities() if a.region == region] if region else sorted(by_authority)
    codes += [code for code in by_authority if code not in codes and not region]
    if not codes:
        return
    story.section("By authority")
    ordered = sorted(codes, key=lambda c: (-len(by_authority.get(c, ())), authority_name(c)))
    bars = [
        charts.Bar(authority_name(c), len(by_authority[c]), sum(map(counts.has_concern, by_authority[c])))
        for c in ordered
        if c in by_authority
    ]
    if bars:
        story.chart(charts.bars(bars[:DRAWN], what="Authority", part_name="with a concern"), table=False)
    if len(bars) > DRAWN:
        story.para(f"Drawn are the {DRAWN} with most reports; all {len(bars)} are in the table.", "small")
    rows = []
    for code in ordered:
        known = _authority(code)
        listed = by_authority.get(code, [])
        programme = ""
        if known and known.programme:
            programme = known.round or known.programme + ("" if known.confirmed else " (not confirmed)")
        rows.append(
            [
                authority_name(code),
                programme,
                str(len(listed)),
                str(sum(map(counts.has_concern, listed))),
                str(len(counts.branches(listed))),
            ]
        )
    story.table(
        ("Authority", "Programme", "Reports", "With a concern", "Branches"),
        rows,
        widths=(150, style.WIDTH - 150 - 60 - 86 - 62, 60, 86, 62),
        numbers=(2, 3, 4),
        row_heads=True,
    )
    silent = sum(code not in by_authority for code in codes)
    if silent:
        story.para(
            f"{number_of(silent, 'authority has', 'authorities have')} no report. Silence does not mean that all is"
            " well.",
            "small",
        )
    story.para(
        "Programme: SV Safety Valve, DBV Delivering Better Value, from the list of authorities in this program; each "
        "entry there has its source and date.",
        "small",
    )


def _said_to_be_about(story: Story, readings: list[Reading]) -> None:
    """What the reports themselves say they are about: area, region, programme."""
    found: dict[tuple[str, str], int] = {}
    for reading in readings:
        for name, label in (("area", "Area"), ("region", "Region"), ("programme", "Programme or plan")):
            answer = reading.get(name)
            if answer is None or not answer.counted or answer.versions:
                continue
            labels = {choice.name: choice.label for choice in answer.question.choices}
            for value in answer.value.split():
                key = label, labels.get(value, value)
                found[key] = found.get(key, 0) + 1
    if found:
        story.section("What the reports say they are about")
        rows = [[label, words, str(count)] for (label, words), count in sorted(found.items())]
        story.table(("About", "Said", "Reports"), rows, widths=(120, 200, 74), numbers=(2,))


def _kind_of(reading: Reading) -> set[str]:
    types = set(reading.value("school_type").split())
    return {name for name, group in (("special", _SPECIAL), ("mainstream", _MAINSTREAM)) if types & set(group)}


def _schools(story: Story, readings: list[Reading]) -> None:
    story.section("Special and mainstream schools", room=170)
    groups = (
        ("Mainstream schools and settings", [r for r in readings if "mainstream" in _kind_of(r)]),
        ("Special schools and alternative provision", [r for r in readings if "special" in _kind_of(r)]),
        ("Type of school not said, or a service", [r for r in readings if not _kind_of(r)]),
    )
    told = False
    for label, listed in groups:
        rows = []
        for name, category, found in counts.categories(listed):
            if found:
                concerned = sum(
                    any(
                        a.section == name and a.verdict == "concern" and a.counted and not a.versions for a in r.answers
                    )
                    for r in found
                )
                rows.append([counts.short(category), str(len(found)), str(concerned)])
        if rows:
            told = True
            story.heading(label, room=100)
            story.space(3)
            story.table(
                ("Category", "Reports", "With a concern"),
                rows,
                widths=(style.WIDTH - 160, 70, 90),
                numbers=(1, 2),
                row_heads=True,
            )
    if not told:
        nothing(story, "No report has been sorted into categories yet.")


def _trusts(story: Story, readings: list[Reading]) -> None:
    by_trust: dict[str, list[Reading]] = {}
    for reading in readings:
        trust = reading.words("trust").strip()
        if trust:
            by_trust.setdefault(trust, []).append(reading)
    story.section("By multi-academy trust")
    if not by_trust:
        nothing(story, "No trust is named in these reports.")
        return
    rows = [
        [
            name,
            str(len(listed)),
            str(sum(map(counts.has_concern, listed))),
            ", ".join(dict.fromkeys(authority_name(c) for r in listed for c in r.item.authorities)),
        ]
        for name, listed in sorted(by_trust.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    story.table(
        ("Trust", "Reports", "With a concern", "Authorities"),
        rows,
        widths=(190, 60, 86, style.WIDTH - 336),
        numbers=(1, 2),
    )


def _plans(story: Story, prepared: Prepared, region: str) -> None:
    plans = [
        p
        for p in prepared.of("plan")
        if not region or any(known and known.region == region for known in map(_authority, p.item.authorities))
    ]
    if not plans:
        return
    story.section("Plans")
    rows = [
        [
            ", ".join(map(authority_name, p.item.authorities)),
            p.item.title,
            p.words("plan_status"),
            p.words("deficit"),
            p.item.reference,
        ]
        for p in plans
    ]
    story.table(
        ("Authority", "Plan", "Stage", "Deficit", "Record"),
        rows,
        widths=(96, style.WIDTH - 96 - 100 - 84 - 66, 100, 84, 66),
    )


def _meetings(story: Story, prepared: Prepared) -> None:
    rows = [[m.item.title, m.when, m.words("discussed")] for m in prepared.of("meeting") if m.words("discussed")]
    if rows:
        story.section("Discussed at meetings")
        story.table(("Meeting", "When", "Discussed"), rows, widths=(190, 110, style.WIDTH - 300))
