"""A form on paper, numbered as on the screen: to fill in by hand at a meeting, and to type in afterwards."""

from __future__ import annotations

import re

from desktop_app.errors import ReportError
from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.reports import style
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story

ROWS_ON_PAPER = 2
LONG_LIST = 30
# References people know from the union's papers (1.1a, F2b), as on the screen; not those of our own rows (ABOUT1).
_KNOWN_REF = re.compile(r"[A-Z]?\d")


def build(prepared: Prepared, story: Story) -> str:
    """The form named by the option ``form`` (default the evidence form), or the first one handed over."""
    forms = prepared.given.forms
    wanted = str(prepared.given.options.get("form", "") or "evidence")
    form = forms.get(wanted) or next(iter(forms.values()), None)
    if form is None:
        raise ReportError("There is no form to print.", safe="Nothing was made.", do="Choose a form.")
    story.title(
        form.title,
        "To fill in on paper and type in later. The numbers are the numbers on the screen. Leave out "
        "what you do not know; nobody must answer anything.",
    )
    story.note(
        "Write roles and types of school, not names. No child’s name, initials, date of birth or exact diagnosis. "
        "Shred this sheet when it has been typed in."
    )
    for part in form.root.children:
        if part.kind == "group":
            story.section(part.label or part.name, room=140)
            _questions(story, form, part.children)
        else:
            _questions(story, form, (part,))
    return form.title


def _questions(story: Story, form: FormDefinition, questions: tuple[Question, ...], indent: float = 0.0) -> None:
    for question in questions:
        if question.kind == "group":
            if question.label:
                story.heading(question.label)
            _questions(story, form, question.children, indent)
        elif question.kind == "repeat":
            story.heading(question.label or question.name, side=[_ref(question)], indent=style.SIDE)
            for number in range(1, ROWS_ON_PAPER + 1):
                story.para(f"Row {number}", "meta", indent=style.SIDE)
                _questions(story, form, question.children)
        elif question.kind == "note":
            story.prose(question.label, "small", indent=style.SIDE)
        elif question.control and not question.readonly and question.kind != "calculate":
            _question(story, question)


def _ref(question: Question) -> str:
    ref = str(question.be.get("ref", ""))
    return ref if _KNOWN_REF.match(ref) else ""


def _question(story: Story, question: Question) -> None:
    detail = question.name.endswith("_detail")
    choices = [choice.label for choice in question.choices]
    story.need(50 + min(len(choices), 12) * 11 + (60 if detail else 0))
    ref = _ref(question)
    if ref:
        story.beside([ref], drop=1)
    story.para(question.label or question.name, "label" if detail else "strong", indent=style.SIDE)
    if question.hint and not detail:
        story.para(question.hint, "small", indent=style.SIDE)
    if choices and len(choices) <= LONG_LIST:
        if question.kind == "select_one":
            story.para("Tick one.", "small", indent=style.SIDE)
        story.tick_boxes(choices, indent=style.SIDE)
    elif question.kind in ("file", "image", "audio", "video"):
        story.para("Keep the papers with this sheet, and add them when it is typed in.", "small", indent=style.SIDE)
    elif "multiline" in question.appearance:
        story.write_here(3 if detail else 5, indent=style.SIDE)
    else:
        story.write_here(1, indent=style.SIDE)
