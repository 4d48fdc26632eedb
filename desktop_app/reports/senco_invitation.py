"""An invitation to a SENCO meeting: when, where, what about, and what happens to what is said."""

from __future__ import annotations

from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.senco_agenda import items, meeting_of, notice
from desktop_app.reports.view import authority_names


def build(prepared: Prepared, story: Story) -> str:
    meeting = meeting_of(prepared)
    title = meeting.item.title if meeting else "Meeting for SENCOs"
    story.title("You are invited", title)
    when = meeting.when if meeting else ""
    at = meeting.words("starts_at") if meeting else ""
    when = f"{when}, {at}" if when and at else when
    place = meeting.words("place") if meeting else ""
    areas = authority_names(meeting.item.authorities) if meeting else ""
    story.facts(
        [
            ("When", when or "To be agreed"),
            ("Where", place or "To be agreed"),
            ("For SENCOs who work in", areas),
            ("From", prepared.given.branch),
        ]
    )
    story.space(6)
    story.para(
        "The union is collecting what special educational needs co-ordinators see in their schools and settings: what"
        " the authority’s plan does to children with special educational needs, and to the people who teach them."
        " What you say helps the branch put questions to the authority and the national office put the case to"
        " government."
    )
    story.section("What we shall talk about")
    story.numbered([words for _, words, _ in items(prepared)])
    story.section("What happens to what you say")
    if notice(prepared):
        story.prose(notice(prepared))
    story.bullets(
        [
            (
                "You need prepare nothing. If you can, look up how many weeks children in your school wait, and for"
                " which service."
            ),
            "Please bring no papers that name a child.",
            "Attendance is noted in numbers by type of school, never by name.",
            "Afterwards you may ask us to take a line out, by its number.",
        ]
    )
    story.section("Will you come?", room=60)
    story.para(
        "Tell us, or reply to the e-mail this came with. If you cannot come, a few lines by e-mail are as welcome."
    )
    return f"Invitation: {title}"
