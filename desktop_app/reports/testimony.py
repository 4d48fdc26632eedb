"""A testimony on paper: its references beside it, where it comes from, its own words, what it says in one section."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.reports import style, text
from desktop_app.reports.answers import LONG, SOFT, answer_words, print_versions, short_label
from desktop_app.reports.blocks import Story
from desktop_app.reports.parts import dots
from desktop_app.reports.view import MARK, Answer, Reading, Rows, authority_names

PERMISSION = {
    "quote": "may be quoted",
    "use_without_quoting": "may be used, not quoted",
    "background_only": "background only, not for sharing",
    "not_agreed_yet": "use not agreed yet",
    "": "permission not asked",
}
STRENGTH = {"first_hand": "first-hand", "second_hand": "second-hand", "document": "from a document"}
_ROW_LABELS = {"wait_people": "people", "wait_as_at": "as at", "wait_continues": "still waiting", "staff_when": "when"}
"""Questions of rows as they are said in a line of others."""
_BARE = ("yes", "no", "partly", "not_known", "other")
"""Answers that say nothing without their question."""
_SAID_UNITS = ("weeks", "fte")


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
        print_versions(story, answer, style.SIDE)
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
    return text.join("", [text.coloured(f"{label or short_label(answer.label)}: ", SOFT), answer_words(answer)])


def _same(words: str, title: str) -> bool:
    """True when a title is the story itself (a title is made of the first words told where none was given)."""
    return " ".join(words.split()).rstrip(".") == " ".join(title.split()).rstrip(".")


def print_words(story: Story, reading: Reading, name: str) -> None:
    """A testimony's own words under a question, both where two versions stand."""
    answer = reading.get(name)
    if answer is None:
        return
    if answer.versions:
        print_versions(story, answer, style.SIDE)
    else:
        story.prose(answer.words, "body", indent=style.SIDE)
