"""What several reports share: counts with their caveat, what they rest on, what is said where there is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from desktop_app.forms.wording import british_date
from desktop_app.reports import counts, style, text
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.coverage import suggested_actions
from desktop_app.reports.model import CAVEAT
from desktop_app.reports.suppression import total_of_people
from desktop_app.reports.view import MARK, Reading, authority_names, paper_number, spoken

NAMED = 6
"""Branches named in a sentence; of more their number is said."""
UNLAWFUL = "The union’s papers say that practices like this are likely to be unlawful. This is not legal advice."
TELL = " Tell the national office."


def day(moment: datetime) -> str:
    """A moment's date as "22 November 2026"."""
    return british_date(moment.date().isoformat())


def dots(parts: Iterable[str]) -> str:
    """Short facts in one line."""
    return " · ".join(part for part in parts if part)


def likely_unlawful(prepared: Prepared) -> str:
    """What is said of practices likely to be unlawful; whom to tell is for the union's own eyes."""
    return UNLAWFUL + ("" if prepared.shareable else TELL)


def caveat(story: Story, prepared: Prepared, readings: Sequence[Reading]) -> None:
    """How to read the counts; how many testimonies have two versions; what a shareable report leaves out."""
    said = [CAVEAT, behind(readings)]
    disputed = counts.two_versions(readings)
    if disputed:
        said.append(
            f"{number_of(disputed, 'report has', 'reports have')} two versions, marked {MARK}; answers with two "
            "versions are not counted."
        )
    if prepared.shareable:
        said.append(
            "Counts of people below five are shown as “fewer than 5”. Nothing that was not agreed for use "
            "is in this report."
        )
    else:
        said.append("Talks with the Department for Education are in no count.")
    story.note(" ".join(filter(None, said)))


def behind(readings: Sequence[Reading]) -> str:
    """What the figures rest on: the dates spoken of, and the branches, in a sentence."""
    spoken_of = between(*counts.span(readings))
    dated = f"speak of {spoken_of}" if spoken_of else ""
    branches = counts.branches(readings)
    listed = spoken(branches) if len(branches) <= NAMED else f"{len(branches)} branches"
    come = f"come from {listed}" if branches else ""
    return f"They {' and '.join(filter(None, (dated, come)))}." if dated or come else ""


def between(first: str, last: str) -> str:
    """Two ISO dates as a span: "1 September to 22 November 2026"; one date where they are the same."""
    start, end = british_date(first), british_date(last)
    if not start or not end or start == end:
        return start or end
    beginning, _, year = start.rpartition(" ")
    return f"{beginning if year == end.rpartition(' ')[2] else start} to {end}"


def number_of(count: int, one: str, many: str) -> str:
    """A number with its word in the singular or the plural."""
    return f"{count} {one if count == 1 else many}"


def figure_of(count: int, one: str, many: str) -> KeyFigure:
    """A figure with its words in the right number."""
    return KeyFigure(str(count), one if count == 1 else many)


def branches_figure(readings: Sequence[Reading]) -> KeyFigure:
    """How many branches the reports come from."""
    return figure_of(len(counts.branches(readings)), "branch", "branches")


def schools_table(story: Story, readings: Sequence[Reading]) -> None:
    """Testimonies by type of school, setting or service; one may be about several."""
    found: dict[str, tuple[str, list[Reading]]] = {}
    for reading in readings:
        answer = reading.get("school_type")
        if answer is None or not answer.counted or answer.versions:
            continue
        labels = {choice.name: choice.label for choice in answer.question.choices}
        for name in answer.value.split():
            found.setdefault(name, (labels.get(name, name), []))[1].append(reading)
    rows = [
        [label, str(len(listed)), str(sum(map(counts.has_concern, listed)))]
        for label, listed in sorted(found.values(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    if rows:
        story.section("By type of school, setting or service")
        story.table(("Type", "Reports", "With a concern"), rows, widths=(200, 74, 90), numbers=(1, 2), row_heads=True)


def concern_table(story: Story, tallies: Sequence[counts.Tally]) -> None:
    """What is said under each question: concerns first; with the union's number of the question."""
    rows = [
        [
            paper_number(tally.question),
            tally.question.label,
            *(str(tally.count(said) or "–") for said in ("concern", "partly", "reassure", "dont_know")),
        ]
        for tally in tallies
    ]
    story.table(
        ("No.", "Question", "Concern", "Partly", "Reassures", "Don’t know"),
        rows,
        widths=(46, style.WIDTH - 46 - 4 * 58, 58, 58, 58, 58),
        numbers=(2, 3, 4, 5),
    )


def asked_of_branches(prepared: Prepared, story: Story, kind: str) -> None:
    """What the union asks branches to do that this paper helps with: for the union's own eyes."""
    asked = [what for _, what, helps in suggested_actions() if kind in helps.split("|")]
    if asked and not prepared.shareable:
        story.section("What the union asks of branches", room=110)
        story.bullets(asked)


def nothing(story: Story, words: str) -> None:
    """Said where there is nothing to print, so that an empty report is still a report."""
    story.para(words, "body")


def nothing_yet(prepared: Prepared, story: Story, what: str, how: str) -> None:
    """In an empty report: that nothing of ``what`` is recorded and ``how`` to begin, or why nothing may be shared."""
    if prepared.shareable and prepared.given.items:
        story.para(
            f"{what} may be shared yet. What may be shared is agreed record by record, and in the notes of a meeting"
            " line by line: ask, and write the answer into the record."
        )
    else:
        story.para(f"{what} is recorded yet. {how}")


def attendance(meeting: Reading) -> str:
    """How many came to a SENCO meeting; nothing where the total would give one below five away."""
    rows = meeting.rows("attendance")
    numbers = [a for row in (rows.rows if rows else ()) for a in row if a.name == "attendance_number" and a.counted]
    return total_of_people([a.value for a in numbers], meeting.shared) if numbers else ""


def record_list(story: Story, readings: Sequence[Reading], *, heading: str = "Records behind this report") -> None:
    """The records every figure rests on; with their branch where it is not the same for all."""
    story.section(heading)
    if not readings:
        nothing(story, "No record.")
        return
    named = readings[0].shared or len(counts.branches(readings)) > 1
    story.table(
        ("Record", "Title", "When", "Authority", "Branch" if named else "Standing"),
        (_record_row(reading, named) for reading in readings),
        widths=(66, style.WIDTH - 66 - 90 - 88 - 82, 90, 88, 82),
    )


def _record_row(reading: Reading, named: bool) -> list[str]:
    item = reading.item
    few = len(item.authorities) < 5
    return [
        item.reference + (f" {MARK}" if item.two_versions else ""),
        text.one_line(item.title, 200),
        reading.when,
        authority_names(item.authorities) if few else f"{len(item.authorities)} authorities",
        item.branch if named else item.standing,
    ]
