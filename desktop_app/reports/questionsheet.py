"""Sheets of chosen questions: empty, to fill in by hand, or with what has been recorded. Shared by several reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.reports import style
from desktop_app.reports.answers import answer_words, print_rows
from desktop_app.reports.blocks import Story
from desktop_app.reports.parts import dots
from desktop_app.reports.testimony import side, source_line
from desktop_app.reports.view import Answer, Reading, Rows, paper_number


def questions_of(form: FormDefinition, wanted: frozenset[tuple[str, str]]) -> list[Question]:
    """The form's questions that a sheet asks, repeats whole, in order."""
    found: list[Question] = []
    inside: set[str] = set()
    for question in form.questions:
        if question.path in inside:
            continue
        if (form.id, question.name) in wanted and question.kind not in ("group", "note"):
            found.append(question)
            if question.kind == "repeat":
                inside |= {child.path for child in question.walk()}
    return found


def empty_sheet(story: Story, questions: Iterable[Question]) -> None:
    """Each question with boxes or lines."""
    story.space(6)
    for number, question in enumerate(questions, 1):
        if question.kind == "repeat":
            _empty_table(story, question, number)
            continue
        choices = [choice.label for choice in question.choices]
        lines = 1 if choices else 3 if question.kind == "text" else 1
        story.need(62 + 24 * lines + (len(choices) + 1) // 2 * 20)
        story.beside([f"{number}.", paper_number(question)])
        story.para(question.label, "strong", indent=style.SIDE)
        if question.hint:
            story.para(question.hint, "small", indent=style.SIDE)
        if choices and len(choices) < 20:
            story.tick_boxes(choices, indent=style.SIDE)
        story.write_here(lines, indent=style.SIDE)


def _empty_table(story: Story, question: Question, number: int) -> None:
    columns = [child for child in question.children if child.control][:6]
    story.need(190)
    story.beside([f"{number}."])
    story.para(question.label, "strong", indent=style.SIDE)
    story.table(
        [child.label for child in columns],
        [["\u00a0\n\u00a0"] * len(columns) for _ in range(5)],
        widths=[style.WIDTH / len(columns)] * len(columns),
    )


def filled_sheet(
    story: Story,
    readings: Sequence[Reading],
    questions: Sequence[Question],
    *,
    heading: str = "",
    branch: bool = False,
    most: int = 0,
) -> int:
    """Each question with all that is recorded under it, record by record; how many questions have an answer.

    ``heading`` stands above the first of them; ``most`` is how many records are told of each, 0 for all.
    """
    answered = 0
    for question in questions:
        found = _under(readings, question)
        if not found:
            continue
        if heading and not answered:
            story.section(heading)
        answered += 1
        story.heading(dots((paper_number(question), question.label)), room=90)
        story.space(3)
        for reading, entry in found[:most] if most else found:
            _entry(story, reading, entry, branch)
        if most and len(found) > most:
            rest = ", ".join(dict.fromkeys(reading.item.reference for reading, _ in found[most:]))
            story.prose(f"Also: {rest}.", "meta", indent=style.SIDE)
    return answered


def _under(readings: Sequence[Reading], question: Question) -> list[tuple[Reading, Answer | Rows]]:
    """What is recorded under a question, with the record."""
    return [
        (reading, entry)
        for reading in readings
        for section in reading.sections
        for entry in section.entries
        if entry.question.path == question.path
        and reading.form == _form_of(reading, question)
        and not (isinstance(entry, Answer) and entry.aside)
    ]


def _form_of(reading: Reading, question: Question) -> str:
    return reading.form if any(q is question or q == question for q in reading.item.form.questions) else ""


def _entry(story: Story, reading: Reading, entry: Answer | Rows, branch: bool) -> None:
    # Where the words are from stays with them, unless they are long.
    letters = 0 if isinstance(entry, Rows) else len(entry.words) + len(entry.detail.words if entry.detail else "")
    story.need(64 + 16 * min(letters // 80, 8))
    story.beside(side(reading))
    if isinstance(entry, Rows):
        print_rows(story, entry, label=False)
        return
    if entry.is_text and not entry.versions:
        story.prose(entry.words, "body", indent=style.SIDE)
    else:
        story.prose(answer_words(entry), "body", indent=style.SIDE)
    if entry.detail is not None and not entry.detail.aside:
        story.prose(entry.detail.words, "body", indent=style.SIDE)
    story.para(source_line(reading, branch=branch), "meta", indent=style.SIDE)
    story.space(5)
