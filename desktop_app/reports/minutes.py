"""Minutes: attendance in numbers, the notice, notes with their line numbers, what was asked and secured, actions."""

from __future__ import annotations

from desktop_app.reports import counts, style, text
from desktop_app.reports.answers import print_section
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.parts import attendance, dots, figure_of, nothing, nothing_yet
from desktop_app.reports.structure import Node
from desktop_app.reports.testimony import PERMISSION
from desktop_app.reports.view import MARK, Answer, Reading, authority_names
from desktop_app.reports.waits import waits_table

_HANDLED = ("about", "agenda", "notes", "specialist_services")
SHORT = 240
"""Letters of a line that are said again where it is an action."""
HIDDEN_WORDS = "A point that may be used but not quoted."


def build(prepared: Prepared, story: Story) -> str:
    """Each meeting on its own page."""
    meetings = prepared.of("senco_meeting", "meeting")
    if not meetings:
        story.title("Minutes")
        nothing_yet(prepared, story, "No meeting", "Take notes of one with Ctrl+M, and make its minutes from its page.")
        return "Minutes"
    for number, reading in enumerate(meetings):
        if number:
            story.new_page()
        if reading.form == "senco_meeting":
            _senco(prepared, story, reading)
        else:
            _meeting(prepared, story, reading)
    return meetings[0].item.title


def _place(reading: Reading) -> str:
    return dots((reading.when, reading.words("place"), authority_names(reading.item.authorities)))


def _senco(prepared: Prepared, story: Story, reading: Reading) -> None:
    story.title(reading.item.title, _place(reading) or "SENCO meeting")
    lines = _lines(reading)
    sectors = reading.rows("attendance")
    figures = [figure_of(len(lines), "point noted", "points noted")]
    total = attendance(reading)
    if total:
        figures.insert(0, KeyFigure(total, "SENCO came" if total == "1" else "SENCOs came"))
    actions = sum(_value(line, "line_mark") == "action" for line in lines)
    evidence = sum(_value(line, "line_mark") == "evidence" for line in lines)
    figures += [KeyFigure(str(evidence), "marked as evidence"), figure_of(actions, "action agreed", "actions agreed")]
    story.key_figures(figures)
    _standing(story, reading)
    if sectors:
        story.section("Who came")
        story.table(
            ("Type of school", "Number"),
            [[_cell(row, "attendance_sector"), _cell(row, "attendance_number")] for row in sectors.rows],
            widths=(240, 120),
            numbers=(1,),
            row_heads=True,
        )
        story.para("Attendance is noted in numbers, never by name.", "small")
    _notes(story, reading, lines)
    _actions(story, lines)
    waits = reading.section("specialist_services")
    if waits:
        story.section(waits.label)
        if reading.rows("waits"):
            waits_table(story, [reading], records=False)
        for entry in waits.answers():
            if entry.narrative:
                story.para(entry.label, "strong")
                story.prose(entry.words)
    for section in reading.sections:
        if section.name not in _HANDLED:
            story.section(section.label)
            print_section(story, section)


def _standing(story: Story, reading: Reading) -> None:
    """Whether the notice was read out and the notes checked, in words."""
    read_out = reading.value("notice_read_out")
    at = reading.words("notice_read_at")[:5]
    checked = reading.value("checked_by_those_present")
    said = []
    if read_out == "yes":
        said.append(f"The notice about notes and permission was read out{f' at {at}' if at else ''}.")
    elif read_out == "no":
        said.append("The notice about notes and permission was not read out.")
    if checked == "yes":
        said.append("The notes were read back and checked by those present.")
    elif checked == "no":
        said.append("The notes were not read back to those present.")
    said.append("Each point has a number. To have one taken out, tell the branch its number.")
    story.note(" ".join(said))


def _lines(reading: Reading) -> list[tuple[Answer, ...]]:
    rows = reading.rows("lines")
    return [row for row in rows.rows if row] if rows else []


def _find(row: tuple[Answer, ...], name: str) -> Answer | None:
    return next((a for a in row if a.name == name and not a.aside), None)


def _value(row: tuple[Answer, ...], name: str) -> str:
    found = _find(row, name)
    return found.value if found else ""


def _cell(row: tuple[Answer, ...], name: str) -> str:
    found = _find(row, name)
    return found.words if found else ""


def _notes(story: Story, reading: Reading, lines: list[tuple[Answer, ...]]) -> None:
    story.section("Notes")
    if not lines:
        nothing(story, "No point was noted, or none may be shared.")
        return
    given = {id(row): _cell(row, "line_number") or str(position) for position, row in enumerate(lines, 1)}
    topic = next((a.question for row in lines for a in row if a.name == "line_topic"), None)
    order = [(choice.name, choice.label) for choice in topic.choices] if topic else []
    known = {name for name, _ in order}
    groups = [(label, [row for row in lines if _value(row, "line_topic") == name]) for name, label in order]
    groups.append(("Other points", [row for row in lines if _value(row, "line_topic") not in known]))
    several = sum(bool(rows) for _, rows in groups) > 1 or bool(order and groups[-1][1] != lines)
    for label, rows in groups:
        if not rows:
            continue
        if several:
            story.heading(_item(label), room=90)
            story.space(3)
        listed = Node("L", None, attributes=b"<</O/List/ListNumbering/Decimal>>")
        for row in rows:
            _line(story, row, given[id(row)], listed, shared=reading.shared)


def _item(label: str) -> str:
    """ "Item 1: what SENCOs are experiencing" as "1. What SENCOs are experiencing"."""
    head, found, rest = label.partition(": ")
    if found and head.startswith("Item "):
        return f"{head[5:]}. {rest[:1].upper()}{rest[1:]}"
    return label


def _line(story: Story, row: tuple[Answer, ...], number: str, listed: Node, *, shared: bool) -> None:
    said = _find(row, "line_text")
    mark = _value(row, "line_mark")
    permission = PERMISSION.get(_value(row, "line_permission") or "not_agreed_yet", "")
    category = counts.short(_cell(row, "line_category")) or "category not chosen"
    became = {"evidence": f"evidence: {category}", "action": "an action"}
    # In a shareable report every line was agreed for use: saying so under each would say nothing.
    under = [words for words in (dots(("" if shared else permission, became.get(mark, ""))),) if words]
    disputed = any(a.versions for a in row)
    shown = HIDDEN_WORDS if said is None else "Two versions of this line." if said.versions else said.words
    story.line(number + (f" {MARK}" if disputed else ""), shown, under=under, listed=listed)
    if said is not None and said.versions:
        for place, version in enumerate(dict.fromkeys(said.versions), 1):
            story.para(f"{MARK} Version {place}", "meta", indent=style.SIDE)
            story.prose(version, indent=style.SIDE)


def _actions(story: Story, lines: list[tuple[Answer, ...]]) -> None:
    rows = []
    for position, row in enumerate(lines, 1):
        if _value(row, "line_mark") == "action":
            said = _find(row, "line_text")
            words = said.words if said else HIDDEN_WORDS
            number = _cell(row, "line_number") or str(position)
            rows.append(
                [
                    number,
                    words if len(words) <= SHORT else f"{text.one_line(words, SHORT)} (whole in line {number})",
                    _cell(row, "line_action_role"),
                    _cell(row, "line_action_due"),
                ]
            )
    if rows:
        story.section("Actions")
        story.table(("Line", "What is to be done", "Who", "By when"), rows, widths=(44, 233, 120, 90))


def _meeting(prepared: Prepared, story: Story, reading: Reading) -> None:
    story.title(reading.item.title, dots((reading.words("body"), _place(reading))) or "Meeting")
    present = reading.words("attendance")
    if present:
        story.key_figures([KeyFigure(present, "people came")])
    story.section("What was said and decided")
    notes = reading.get("notes")
    if notes is None:
        nothing(story, "No notes were taken, or none may be shared.")
    elif notes.versions:
        for number, words in enumerate(notes.versions, 1):
            story.para(f"{MARK} Version {number}", "strong")
            _numbered(story, words)
    else:
        _numbered(story, notes.words)
    for section in reading.sections:
        if section.name != "about":
            story.section(section.label)
            print_section(story, section)


def _numbered(story: Story, words: str) -> None:
    """Notes as numbered lines: one number for each line that was typed."""
    listed = Node("L", None, attributes=b"<</O/List/ListNumbering/Decimal>>")
    lines = [line.strip() for line in text.clean(words).split("\n") if line.strip()]
    for number, line in enumerate(lines, 1):
        story.line(str(number), line, listed=listed)
