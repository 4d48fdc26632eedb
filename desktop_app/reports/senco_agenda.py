"""The agenda of a SENCO meeting: six items, with room for notes, and the notice to read out."""

from __future__ import annotations

from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.parts import dots
from desktop_app.reports.view import Reading, authority_names

PROMPTS = {
    "experiences": "What is it like this year? What has changed since last year?",
    "pressures": "What takes the time? What cannot be done? What does it do to colleagues and to you?",
    "working_well": "What helps, and should be kept or spread?",
    "plan": "What do you know of the authority’s plan? Were you asked? Do you see it in what happens?",
    "specialist_services": (
        "What stops children being assessed or supported? How many weeks do they wait, for which service?"
    ),
    "health_and_care": "What do health and social care give? Who pays for what is agreed in EHC plans?",
}


def items(prepared: Prepared) -> list[tuple[str, str, str]]:
    """(name, heading, prompt) of each agenda item, from the meeting's form."""
    form = prepared.given.forms.get("senco_meeting")
    topic = next((q for q in form.questions if q.name == "line_topic"), None) if form else None
    found = []
    for choice in topic.choices if topic else ():
        words = choice.label.partition(": ")[2] or choice.label
        found.append((choice.name, words[:1].upper() + words[1:], PROMPTS.get(choice.name, "")))
    return found


def meeting_of(prepared: Prepared) -> Reading | None:
    """The meeting the paper is for; none for a paper to fill in by hand."""
    return next(iter(prepared.of("senco_meeting")), None)


def when_and_where(meeting: Reading | None) -> str:
    if meeting is None:
        return ""
    return dots((meeting.when, meeting.words("place"), authority_names(meeting.item.authorities)))


def notice(prepared: Prepared) -> str:
    return str(prepared.given.policy.get("notice", ""))


def build(prepared: Prepared, story: Story) -> str:
    meeting = meeting_of(prepared)
    title = meeting.item.title if meeting else "Meeting for SENCOs"
    story.title(title, when_and_where(meeting) or "Agenda")
    if notice(prepared):
        story.section("To read out first")
        story.note(notice(prepared))
    story.section("Agenda")
    for number, (_, words, prompt) in enumerate(items(prepared), 1):
        story.heading(f"{number}. {words}", room=120)
        story.para(prompt, "small")
        story.write_here(3)
    story.section("Before we close", room=120)
    story.bullets(
        [
            "Each point is read back with its number. May it be quoted, used without quoting, or is it background?",
            "Which points call for an action, who does it, and by when?",
            "When do we meet again?",
        ]
    )
    return title
