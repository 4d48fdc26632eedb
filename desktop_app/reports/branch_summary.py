"""The branch's evidence for its committee: what came in, what is a concern, meetings held, what was secured."""

from __future__ import annotations

from desktop_app.reports import charts, counts, style
from desktop_app.reports.answers import print_answer
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.coverage import served
from desktop_app.reports.parts import (
    asked_of_branches,
    attendance,
    caveat,
    concern_table,
    day,
    figure_of,
    nothing_yet,
    record_list,
)
from desktop_app.reports.testimony import print_testimony, print_words, side
from desktop_app.reports.view import CONFIDENTIAL, Reading
from desktop_app.reports.waits import waits_part

KIND = "branch_summary"


def build(prepared: Prepared, story: Story) -> str:
    readings = prepared.of("evidence")
    meetings = prepared.of("senco_meeting", "meeting")
    name = prepared.given.branch or "The branch"
    story.title(
        name,
        f"Summary of the branch’s evidence, {day(prepared.given.made)}."
        + (f" {prepared.given.chosen}." if prepared.given.chosen else ""),
    )
    story.key_figures(
        [
            figure_of(len(readings), "report received", "reports received"),
            KeyFigure(str(sum(map(counts.has_concern, readings))), "with a concern"),
            figure_of(counts.sources(readings), "source", "different sources"),
            figure_of(len(meetings), "meeting held", "meetings held"),
        ]
    )
    if readings:
        story.section("What the reports are about")
        bars = counts.category_bars(readings)
        if any(bar.value for bar in bars):
            story.chart(charts.bars(bars, what="Category", part_name="with a concern"))
        caveat(story, prepared, readings)
        months = counts.by_month(readings)
        if len(months) > 1:
            story.section("When", room=190)
            story.chart(charts.months(months))
        waits = counts.waits(readings)
        if waits:
            story.section("Waits", room=200)
            waits_part(story, waits)
        tallies = counts.tallies(readings)
        if tallies:
            story.section("What is said under each question")
            concern_table(story, tallies)
        _staff(story, readings)
    else:
        nothing_yet(prepared, story, "No evidence", "Write down what you hear with Ctrl+N, or jot it down with Ctrl+J.")
    _meetings(story, meetings)
    asked_of_branches(prepared, story, KIND)
    if readings or meetings:
        record_list(story, [*readings, *meetings])
    return name


def _staff(story: Story, readings: list[Reading]) -> None:
    """The accounts themselves, by category."""
    printed: set[str] = set()
    for name, label, listed in counts.categories(readings):
        fresh = [r for r in listed if r.item.record not in printed or r.section(name)]
        if not fresh:
            continue
        story.section(counts.short(label), room=130)
        for reading in fresh:
            print_testimony(story, reading, name, narrative=reading.item.record not in printed, authority=True)
            printed.add(reading.item.record)
    rest = [r for r in readings if r.item.record not in printed and r.topics != [CONFIDENTIAL]]
    if rest:
        story.section("Not sorted into a category", room=130)
        for reading in rest:
            print_testimony(story, reading, authority=True)


def _meetings(story: Story, meetings: list[Reading]) -> None:
    if not meetings:
        return
    wanted = served(KIND)
    story.section("Meetings")
    rows = []
    for m in meetings:
        came = m.words("attendance") or attendance(m) or ("Not said" if m.rows("attendance") is None else "Not shown")
        rows.append([m.item.title, m.words("body") or m.item.form.title, m.when, came])
    story.table(("Meeting", "Body", "When", "Who came"), rows, widths=(170, style.WIDTH - 370, 110, 90))
    for meeting in meetings:
        answers = [
            a
            for a in meeting.answers
            if (meeting.form, a.name) in wanted and a.section == "what_was_secured" and not a.aside
        ]
        if answers or meeting.get("notes"):
            story.heading(meeting.item.title, side=side(meeting), indent=style.SIDE)
            print_words(story, meeting, "notes")
            for answer in answers:
                print_answer(story, answer)
