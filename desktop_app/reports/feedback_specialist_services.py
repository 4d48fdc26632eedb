"""Feedback on specialist support services: barriers, limits and waits. Empty, or with what has been recorded."""

from __future__ import annotations

from desktop_app.reports import counts, questionsheet
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.coverage import served
from desktop_app.reports.parts import caveat
from desktop_app.reports.view import Reading
from desktop_app.reports.waits import waits_part, waits_table

KIND = "feedback_specialist_services"
FORMS = ("evidence", "senco_meeting")
_ROWS = "waits"
_HEADINGS = {
    "evidence": "What was reported",
    "senco_meeting": "What SENCOs said",
    "forum_questions": "What the Schools Forum was told",
}


def build(prepared: Prepared, story: Story) -> str:
    return sheet(
        prepared,
        story,
        KIND,
        "Specialist support services",
        "What stops children being assessed or supported, and how long they wait.",
    )


def used(prepared: Prepared) -> int:
    """How many records the sheet rests on."""
    return len(behind(prepared, KIND))


def behind(prepared: Prepared, kind: str) -> list[Reading]:
    """The records that say something a feedback sheet asks."""
    return [r for r in prepared.of(*_HEADINGS) if _says(r, kind)]


def sheet(prepared: Prepared, story: Story, kind: str, title: str, what: str) -> str:
    """A feedback sheet: empty when nothing was chosen or nothing is recorded, else by question."""
    readings = behind(prepared, kind)
    story.title(title, what)
    if not readings:
        story.note("Write roles and types of school, not names, and no child’s name. Leave out what you do not know.")
        form = prepared.given.forms.get("evidence")
        if form is not None:
            questionsheet.empty_sheet(story, questionsheet.questions_of(form, served(kind)))
        return title
    caveat(story, prepared, readings)
    if any(reading.rows(_ROWS) for reading in readings) and kind == KIND:
        story.section("Waits", room=220)
        found = counts.waits(readings)
        if found:
            waits_part(story, found)
        waits_table(story, readings)
    for form_id in _HEADINGS:
        listed = [r for r in readings if r.form == form_id]
        if listed:
            form = listed[0].item.form
            asked = [q for q in questionsheet.questions_of(form, served(kind)) if q.name != _ROWS or kind != KIND]
            questionsheet.filled_sheet(story, listed, asked, heading=_HEADINGS[form_id], branch=True)
    if any(r.form == "senco_meeting" for r in readings):
        _lines(story, [r for r in readings if r.form == "senco_meeting"], kind)
    return title


def _says(reading: Reading, kind: str) -> bool:
    wanted = served(kind)
    return any((reading.form, a.name) in wanted for a in reading.answers) or any(
        reading.rows(name) for form, name in wanted if form == reading.form
    )


def _lines(story: Story, meetings: list[Reading], kind: str) -> None:
    """The meeting's lines under the agenda item that this sheet is about."""
    topic = "specialist_services" if kind == KIND else "health_and_care"
    found = []
    for reading in meetings:
        rows = reading.rows("lines")
        for row in rows.rows if rows else ():
            if any(a.name == "line_topic" and a.value == topic for a in row):
                words = next((a.words for a in row if a.name == "line_text"), "")
                number = next((a.words for a in row if a.name == "line_number"), "")
                if words:
                    found.append(f"{words} ({reading.item.title}, line {number})")
    if found:
        story.section("Points noted at SENCO meetings")
        story.bullets(found)
