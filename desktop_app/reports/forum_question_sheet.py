"""Questions for the Schools Forum: to take along with room for answers, or with the answers that were given."""

from __future__ import annotations

from desktop_app.reports import questionsheet, style
from desktop_app.reports.answers import print_section
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.parts import dots
from desktop_app.reports.view import Reading, authority_names

_ASKED = ("extra_funding", "block_transfers", "nhs_money")


def build(prepared: Prepared, story: Story) -> str:
    sheets = prepared.of("forum_questions")
    if not sheets:
        return _empty(prepared, story)
    for number, reading in enumerate(sheets):
        if number:
            story.new_page()
        _filled(story, reading)
    return sheets[0].item.title


def _empty(prepared: Prepared, story: Story) -> str:
    story.title(
        "Questions for the Schools Forum", "On high needs money: what is agreed, what is moved, and what the NHS pays."
    )
    for label in ("Authority", "Date", "Asked by (role)"):
        story.write_after(label, "label")
    story.space(10)
    story.note(
        "Ask for the answers in writing, and for the page of the paper. No answer is written down as “not"
        " answered”, never as “no”."
    )
    form = prepared.given.forms.get("forum_questions")
    for part in form.root.children if form else ():
        if part.name in _ASKED:
            story.section(part.label, room=150)
            questionsheet.empty_sheet(story, [q for q in part.children if q.control and not q.name.endswith("_detail")])
    story.section("Any other answer", room=140)
    story.write_here(6)
    return "Questions for the Schools Forum"


def _filled(story: Story, reading: Reading) -> None:
    how = reading.words("answered_how")
    how = f"{how[:1].lower()}{how[1:]}"
    if how and reading.value("answered_how") != "not_answered":
        how = f"answered {how}"
    story.title(
        reading.item.title,
        dots((authority_names(reading.item.authorities), reading.when, how)),
    )
    for part in reading.item.form.root.children:
        if part.kind != "group" or part.name == "about":
            continue
        found = reading.section(part.name)
        story.section(part.label)
        if found:
            print_section(story, found)
        answered = {a.name for a in found.answers()} if found else set()
        for question in part.children:
            if question.control and question.name not in answered and not question.name.endswith("_detail"):
                story.need(40)
                story.para(question.label, "label", indent=style.SIDE)
                story.para("Not answered", "meta", indent=style.SIDE)
    cited = reading.words("source_reference")
    if cited:
        story.para(f"Source: {cited}", "small", links=True)
