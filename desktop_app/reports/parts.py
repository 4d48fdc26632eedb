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
from desktop_app.reports.suppression import total_of_people
from desktop_app.reports.view import MARK, Answer, Reading, Rows, Section, authority_names, paper_number, spoken

PERMISSION = {
    "quote": "may be quoted",
    "use_without_quoting": "may be used, not quoted",
    "background_only": "background only, not for sharing",
    "not_agreed_yet": "use not agreed yet",
    "": "permission not asked",
}
STRENGTH = {"first_hand": "first-hand", "second_hand": "second-hand", "document": "from a document"}
NAMED = 6
"""Branches named in a sentence; of more their number is said."""
LONG = 600
"""Letters that take paragraphs of their own."""
SOFT = "#4d545c"
_ROW_LABELS = {"wait_people": "people", "wait_as_at": "as at", "wait_continues": "still waiting", "staff_when": "when"}
"""Questions of rows as they are said in a line of others."""
_BARE = ("yes", "no", "partly", "not_known", "other")
"""Answers that say nothing without their question."""
_SAID_UNITS = ("weeks", "fte")
UNLAWFUL = "The union’s papers say that practices like this are likely to be unlawful. This is not legal advice."
TELL = " Tell the national office."


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


def likely_unlawful(prepared: Prepared) -> str:
    """What is said of practices likely to be unlawful; whom to tell is for the union's own eyes."""
    return UNLAWFUL + ("" if prepared.shareable else TELL)


def concern_word(answer: Answer) -> str:
    """The words after an answer: that it is a concern, put aside, or as typed."""
    if answer.aside:
        return "put aside: another answer hides this question; not counted"
    if answer.raw:
        return "as typed; not counted"
    return "a concern" if answer.verdict == "concern" and not answer.versions else ""


def answer_words(answer: Answer) -> str:
    """An answer in one line, with both values where two versions stand."""
    if answer.versions:
        both = " or ".join(f"“{value.strip()}”" for value in dict.fromkeys(answer.versions))
        if len(both) > LONG:  # as plain words, so that a cell can go on over the page
            return f"{MARK} Two versions: {both}"
        return text.join("", [text.bold(f"{MARK} Two versions: "), both])
    said = concern_word(answer)
    words = text.rich(answer.words)
    if not said:
        return words
    colour = "#0b6b66" if said == "a concern" else SOFT
    # "a concern" is not parted from the answer it is said of.
    unbroken = said.replace("a concern", "a\u00a0concern")
    return text.join("", [words, text.coloured(f"\u00a0· {unbroken}", colour)])


def print_answer(story: Story, answer: Answer, *, indent: float = style.SIDE, label: str = "") -> None:
    """A question and its answer; a person's long words in as many paragraphs as they take."""
    story.need(46)
    if answer.number and indent:
        story.beside(["", answer.number])
    story.para(label or answer.label, "label", indent=indent)
    if answer.versions and sum(map(len, answer.versions)) > LONG:
        _print_versions(story, answer, indent)
    elif answer.is_text and not answer.versions and (len(answer.words) > LONG or "\n" in answer.words):
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
    for position, row in enumerate(rows.rows, 1):
        number = next((a.words for a in row if a.name == "line_number"), str(position))
        words: list[str] = []
        for answer in row:
            if answer.name == "line_number":
                continue
            words.extend(_row_line(answer))
            if answer.detail is not None:
                words.append(answer.detail.words)
        story.list_row(f"{number}.", words, indent=indent)
    story.space(6)


def _row_line(answer: Answer) -> list[str]:
    """The question and its answer, the question on a line of its own where the answer is long."""
    label, words = text.coloured(f"{_short(answer.label)}: ", SOFT), answer_words(answer)
    if isinstance(words, text.Rich) and len(words) <= 2 * LONG:
        return [text.join("", [label, words])]
    return [label, answer.words if not answer.versions else str(words)]


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
    for entry in found.entries if found else ():
        if isinstance(entry, Rows):
            _told_rows(story, entry)
        elif not entry.aside:
            _told(story, entry)
    for note in reading.notes:
        story.para(note, "meta", indent=style.SIDE)
    if narrative:
        story.para(dots((reading.words("school_type"), reading.words("programme"))), "meta", indent=style.SIDE)
    cited = reading.words("source_reference")
    if cited and narrative:
        story.para(f"Source: {cited}", "meta", indent=style.SIDE, links=True)


def _told(story: Story, answer: Answer) -> None:
    if answer.versions and sum(map(len, answer.versions)) > LONG:
        story.para(text.coloured(answer.label, SOFT), "body", indent=style.SIDE)
        _print_versions(story, answer, style.SIDE)
    elif answer.narrative:
        story.prose(answer.words, "body", indent=style.SIDE)
    else:
        line = text.join(" ", [text.coloured(answer.label, SOFT), answer_words(answer)])
        story.para(line, "body", indent=style.SIDE)
        if answer.detail is not None and not answer.detail.aside:
            story.prose(answer.detail.words, "body", indent=style.SIDE)


def _told_rows(story: Story, rows: Rows) -> None:
    """A repeat in a testimony: an entry a row, its answers one after another."""
    lines = []
    for row in rows.rows:
        said = [_in_row(answer) for answer in row if not answer.aside]
        told = [a.detail.words for a in row if a.detail is not None and not a.detail.aside]
        lines.append(text.join(" · ", [*said, *told]))
    story.need(50)
    story.para(text.coloured(rows.question.label, SOFT), "body", indent=style.SIDE)
    story.bullets(lines, indent=style.SIDE, name="cell")
    story.space(5)


def _in_row(answer: Answer) -> str:
    """An answer that says by itself what it is about, or with its question before it."""
    label = _ROW_LABELS.get(answer.name, "")
    named = answer.question.kind == "select_one" and answer.value not in _BARE and not label
    if named or str(answer.question.be.get("unit", "")) in _SAID_UNITS:
        return answer_words(answer)
    return text.join("", [text.coloured(f"{label or _short(answer.label)}: ", SOFT), answer_words(answer)])


def _same(words: str, title: str) -> bool:
    """True when a title is the story itself (a title is made of the first words told where none was given)."""
    return " ".join(words.split()).rstrip(".") == " ".join(title.split()).rstrip(".")


def print_words(story: Story, reading: Reading, name: str) -> None:
    """A testimony's own words under a question, both where two versions stand."""
    answer = reading.get(name)
    if answer is None:
        return
    if answer.versions:
        _print_versions(story, answer, style.SIDE)
    else:
        story.prose(answer.words, "body", indent=style.SIDE)


def _print_versions(story: Story, answer: Answer, indent: float) -> None:
    for number, words in enumerate(dict.fromkeys(answer.versions), 1):
        story.need(44)
        story.para(f"{MARK} Version {number}", "meta", indent=indent)
        story.prose(words, "body", indent=indent)


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


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


number_of = _number


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


def waits_part(story: Story, found: Sequence[charts.Wait]) -> None:
    """Waits against the statutory weeks, with the table of `counts.waits`."""
    story.chart(charts.waits(found))
    story.para(
        "The law gives an authority 6 weeks from a request to decide whether to assess, and 20 weeks to issue a final"
        " plan (Special Educational Needs and Disability Regulations 2014). Those limits are for education, health and"
        " care needs assessments; they are drawn beside the other waits for comparison.",
        "small",
    )
    story.space(6)


def waits_table(story: Story, readings: Sequence[Reading], *, records: bool = True) -> None:
    """Every wait reported, one row each; ``records`` False where they are all of one."""
    head: tuple[str, ...] = ("Service", "Waiting for", "Wait", "People", "As at")
    if records:
        with_record = (110.0, 86.0, 66.0, 72.0, 90.0, style.WIDTH - 424)
        story.table((*head, "Record"), _waits(readings), widths=with_record, row_heads=True)
    else:
        widths = (130.0, 96.0, 80.0, 78.0, style.WIDTH - 384)
        story.table(head, (row[:-1] for row in _waits(readings)), widths=widths, row_heads=True)


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
