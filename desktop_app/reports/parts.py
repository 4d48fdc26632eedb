"""What several reports share: a testimony with its references, a section's answers, counts with their caveat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from desktop_app.forms.wording import british_date
from desktop_app.reports import charts, counts, style, text
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.coverage import suggested_actions
from desktop_app.reports.model import CAVEAT
from desktop_app.reports.view import MARK, Answer, Reading, Rows, Section, authority_names, paper_number, spoken

PERMISSION = {
    "quote": "may be quoted",
    "use_without_quoting": "may be used, not quoted",
    "background_only": "background only, not for sharing",
    "not_agreed_yet": "use not agreed yet",
    "": "permission not asked",
}
STRENGTH = {"first_hand": "first-hand", "second_hand": "second-hand", "document": "from a document"}
UNLAWFUL = (
    "The union’s papers say that practices like this are likely to be unlawful. Tell the national office. This is"
    " not legal advice."
)


def day(moment: datetime) -> str:
    """A moment's date as "22 November 2026"."""
    return british_date(moment.date().isoformat())


def dots(parts: Iterable[str]) -> str:
    """Short facts in one line."""
    return " · ".join(part for part in parts if part)


def source_line(
    reading: Reading, *, permission: bool = True, standing: bool = False, branch: bool = False, authority: bool = False
) -> str:
    """Where a testimony comes from: source, date, strength, what may be done with it."""
    internal = not reading.shared
    asked = permission and internal and reading.form == "evidence"
    given = PERMISSION.get(reading.value("permission"), "") if asked else ""
    return dots(
        (
            authority_names(reading.item.authorities) if authority else "",
            reading.words("source_kind"),
            reading.when,
            STRENGTH.get(reading.value("strength"), ""),
            given,
            reading.item.branch if branch else "",
            reading.item.standing if standing and internal else "",
        )
    )


def side(reading: Reading, refs: Sequence[str] = ()) -> list[str]:
    """The margin column of a testimony: its reference, and the union's question numbers it answers."""
    mark = f" {MARK}" if reading.item.two_versions else ""
    shown = ", ".join(dict.fromkeys(refs))
    return [f"{reading.item.reference}{mark}", shown]


def concern_word(answer: Answer) -> str:
    """The words after an answer: that it is a concern, put aside, or as typed."""
    if answer.aside:
        return "put aside: another answer hides this question; not counted"
    if answer.raw:
        return "as typed; not counted"
    return "a concern" if answer.verdict == "concern" and not answer.versions else ""


def answer_words(answer: Answer) -> text.Rich:
    """An answer in one line, with both values where two versions stand."""
    if answer.versions:
        both = " or ".join(f"“{value}”" for value in dict.fromkeys(answer.versions))
        return text.join("", [text.bold(f"{MARK} Two versions: "), both])
    said = concern_word(answer)
    words = text.rich(answer.words)
    if not said:
        return words
    colour = "#0b6b66" if said == "a concern" else "#4d545c"
    return text.join("", [words, text.coloured(f"  · {said}", colour)])


def print_answer(story: Story, answer: Answer, *, indent: float = style.SIDE, label: str = "") -> None:
    """A question and its answer; a person's long words in as many paragraphs as they take."""
    story.need(46)
    if answer.number and indent:
        story.beside(["", answer.number])
    story.para(label or answer.label, "label", indent=indent)
    if answer.is_text and not answer.versions and (len(answer.words) > 600 or "\n" in answer.words):
        story.prose(answer.words, "answer", indent=indent)
        if concern_word(answer):
            story.para(concern_word(answer).capitalize() + ".", "meta", indent=indent)
    else:
        story.para(answer_words(answer), "answer" if answer.detail is None else "answer_first", indent=indent)
    if answer.detail is not None:
        if answer.detail.aside or answer.detail.versions:
            story.para(answer_words(answer.detail), "answer", indent=indent)
        else:
            story.prose(answer.detail.words, "answer", indent=indent)


def print_rows(story: Story, rows: Rows, *, indent: float = style.SIDE, label: bool = True) -> None:
    """A repeat, row after row."""
    if label:
        story.need(60)
        story.beside(["", paper_number(rows.question)])
        story.para(rows.question.label, "label", indent=indent)
    for number, row in enumerate(rows.rows, 1):
        words = [
            text.join(": ", [text.coloured(_short(answer.label), "#4d545c"), answer_words(answer)]) for answer in row
        ]
        details = [answer.detail.words for answer in row if answer.detail is not None]
        story.list_row(f"{number}.", [*words, *details], indent=indent)
    story.space(6)


def _short(label: str) -> str:
    return label.rstrip("?").rstrip()


def print_section(story: Story, section: Section, *, skip: Sequence[str] = ()) -> None:
    """All that was answered in a section."""
    for entry in section.entries:
        if isinstance(entry, Rows):
            print_rows(story, entry)
        elif entry.name not in skip and entry.question.kind not in ("file", "image", "audio", "video"):
            print_answer(story, entry)


def print_testimony(
    story: Story,
    reading: Reading,
    section: str = "",
    *,
    narrative: bool = True,
    branch: bool = False,
    authority: bool = False,
    permission: bool = True,
) -> None:
    """One testimony: references beside, title, source, the story, and what it answers in one section."""
    found = reading.section(section) if section else None
    answers = [a for a in (found.answers() if found else ()) if not a.aside]
    refs = [a.number for a in answers if a.number]
    story.need(100)
    story.rule(0.5, before=9, after=5)
    story.heading(reading.item.title, side=side(reading, refs[:6]), indent=style.SIDE, room=84)
    story.para(
        source_line(reading, branch=branch, authority=authority, permission=permission), "meta", indent=style.SIDE
    )
    summary = reading.get("summary")
    repeats = summary is not None and not summary.versions and _same(summary.words, reading.item.title)
    if narrative and not repeats:
        print_words(story, reading, "summary")
    for answer in answers:
        if answer.narrative:
            story.prose(answer.words, "body", indent=style.SIDE)
            continue
        line = text.join(" ", [text.coloured(answer.label, "#4d545c"), answer_words(answer)])
        story.para(line, "body", indent=style.SIDE)
        if answer.detail is not None and not answer.detail.aside:
            story.prose(answer.detail.words, "body", indent=style.SIDE)
    for note in reading.notes:
        story.para(note, "meta", indent=style.SIDE)
    if narrative:
        story.para(dots((reading.words("school_type"), reading.words("programme"))), "meta", indent=style.SIDE)
    cited = reading.words("source_reference")
    if cited and narrative:
        story.para(f"Source: {cited}", "meta", indent=style.SIDE, links=True)


def _same(words: str, title: str) -> bool:
    """True when a title is the story itself (a title is made of the first words told where none was given)."""
    return " ".join(words.split()).rstrip(".") == " ".join(title.split()).rstrip(".")


def print_words(story: Story, reading: Reading, name: str) -> None:
    """A testimony's own words under a question, both where two versions stand."""
    answer = reading.get(name)
    if answer is None:
        return
    if answer.versions:
        for number, words in enumerate(dict.fromkeys(answer.versions), 1):
            story.para(f"{MARK} Version {number}", "meta", indent=style.SIDE)
            story.prose(words, "body", indent=style.SIDE)
    else:
        story.prose(answer.words, "body", indent=style.SIDE)


def caveat(story: Story, prepared: Prepared, readings: Sequence[Reading]) -> None:
    """How to read the counts; how many testimonies have two versions; what a shareable report leaves out."""
    said = [CAVEAT, behind(readings)]
    disputed = counts.two_versions(readings)
    if disputed:
        said.append(
            f"{_number(disputed, 'report has', 'reports have')} two versions, marked {MARK}; answers with two "
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
    first, last = (british_date(day) for day in counts.span(readings))
    dated = f"speak of {first}" + (f" to {last}" if last != first else "") if first else ""
    branches = counts.branches(readings)
    listed = spoken(branches) if len(branches) <= 6 else f"{len(branches)} branches"
    come = f"come from {listed}" if branches else ""
    return f"They {' and '.join(filter(None, (dated, come)))}." if dated or come else ""


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


number_of = _number


def branches_figure(readings: Sequence[Reading]) -> KeyFigure:
    """How many branches the reports come from."""
    count = len(counts.branches(readings))
    return KeyFigure(str(count), "branch" if count == 1 else "branches")


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


def waits_part(story: Story, found: Sequence[charts.Wait]) -> None:
    """Waits against the statutory weeks, with the table of `counts.waits`."""
    story.chart(charts.waits(found))
    story.para(
        "The law gives an authority 6 weeks from a request to decide whether to assess, and 20 weeks to issue a final"
        " plan (Special Educational Needs and Disability Regulations 2014). Those limits are for education, health and"
        " care needs assessments; they are drawn beside the other waits for comparison.",
        "small",
    )


def waits_table(story: Story, readings: Sequence[Reading]) -> None:
    """Every wait reported, one row each."""
    story.table(
        ("Service", "Waiting for", "Wait", "People", "As at", "Record"),
        _waits(readings),
        widths=(110, 86, 66, 72, 90, style.WIDTH - 424),
        row_heads=True,
    )


def _waits(readings: Sequence[Reading]) -> Iterator[list[str]]:
    for reading, row in counts.wait_rows(readings):
        by_name = {a.name: answer_words(a) for a in row if not a.aside}
        values = {a.name: a.value for a in row if a.counted}
        exact = {"exact": "exact", "estimate": "an estimate"}.get(values.get("wait_exact", ""), "")
        weeks = text.join(", ", [part for part in (by_name.get("wait_weeks", ""), exact) if part])
        still = {"yes": "still waiting", "no": "no longer waiting"}.get(values.get("wait_continues", ""), "")
        as_at = text.join("; ", [part for part in (by_name.get("wait_as_at", ""), still) if part])
        yield [
            by_name.get("wait_service", ""),
            by_name.get("wait_for", ""),
            weeks,
            by_name.get("wait_people", ""),
            as_at,
            reading.item.reference,
        ]


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


def record_list(story: Story, readings: Sequence[Reading], *, heading: str = "Records behind this report") -> None:
    """The records every figure rests on."""
    story.section(heading)
    if not readings:
        nothing(story, "No record.")
        return
    story.table(
        ("Record", "Title", "When", "Authority", "Branch" if readings[0].shared else "Standing"),
        map(_record_row, readings),
        widths=(66, style.WIDTH - 66 - 90 - 88 - 82, 90, 88, 82),
    )


def _record_row(reading: Reading) -> list[str]:
    item = reading.item
    few = len(item.authorities) < 5
    return [
        item.reference + (f" {MARK}" if item.two_versions else ""),
        text.one_line(item.title, 200),
        reading.when,
        authority_names(item.authorities) if few else f"{len(item.authorities)} authorities",
        item.branch if reading.shared else item.standing,
    ]
