"""A form on paper, numbered as on the screen: to fill in by hand at a meeting, and to type in afterwards."""

from __future__ import annotations

import math
import re

from desktop_app.errors import ReportError
from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.reports import style
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.paper import LINE, tick_columns
from desktop_app.reports.view import DETAIL

ROWS_ON_PAPER = 2
LONG_LIST = 30
LONG_ANSWER, FIRST_ANSWER = 3, 5
"""Lines for what is told at length, and for the story itself."""
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
        "To fill in on paper and type in later. The numbers are the numbers on the screen. Tick one box, or all that "
        "apply where it says so. Leave out what you do not know; nobody must answer anything.",
    )
    story.note(
        "Write roles and types of school, not names. No child’s name, initials, date of birth or exact diagnosis. "
        "Shred this sheet when it has been typed in."
    )
    for part in form.root.children:
        if part.kind == "group":
            if any(_asked(question) for question in part.walk()):
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
            if question.path not in _conditional(form):  # what is said of an answer has no place where there is none
                story.prose(question.label, "small", indent=style.SIDE)
        elif _asked(question) and question.kind != "calculate":
            _question(story, question)


def _conditional(form: FormDefinition) -> frozenset[str]:
    """Paths of what is shown only after certain answers."""
    return frozenset(
        "/" + "/".join(target) for rule in form.model.rules if rule.kind == "relevant" for target in rule.targets
    )


def _ref(question: Question) -> str:
    ref = str(question.be.get("ref", ""))
    return ref if _KNOWN_REF.match(ref) else ""


def _asked(question: Question) -> bool:
    return bool(question.control) and not question.readonly and question.kind not in ("group", "repeat", "note")


def _question(story: Story, question: Question) -> None:
    label = question.label or question.name
    choices = [choice.label for choice in question.choices]
    if question.name.endswith(DETAIL):
        story.write_after(label, indent=style.SIDE)
        story.space(7)
        return
    listed = bool(choices) and len(choices) <= LONG_LIST
    long = "multiline" in question.appearance
    columns = tick_columns(choices, style.WIDTH - style.SIDE) if listed else 1
    story.need(40 + (math.ceil(len(choices) / columns) * 17 if listed else LINE * 2) + (LINE if listed else 0))
    ref = _ref(question)
    filed = question.kind in ("file", "image", "audio", "video")
    short = not (listed or long or filed)
    if ref:
        story.beside([ref], drop=10 if short else 1)
    if short:
        story.write_after(label, "strong", indent=style.SIDE)
        story.para(_how(question), "small", indent=style.SIDE)
        story.space(6)
        return
    story.para(label, "strong", indent=style.SIDE)
    story.para(_how(question), "small", indent=style.SIDE)
    if listed:
        story.tick_boxes(choices, indent=style.SIDE)
        story.space(4)
    elif long:
        story.write_here(FIRST_ANSWER if question.name == "summary" else LONG_ANSWER, indent=style.SIDE)


def _how(question: Question) -> str:
    """The hint, and how to answer, in one line."""
    said = [question.hint] if question.hint else []
    if question.kind == "select_multiple" and question.choices and "apply" not in question.hint:
        said.append("Tick all that apply.")
    elif question.kind in ("file", "image", "audio", "video"):
        said.append("Keep the papers with this sheet, and add them when it is typed in.")
    return " ".join(said)
