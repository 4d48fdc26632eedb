"""Answers on paper: an answer in words, and a section's questions, answers and rows one after another."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.reports import style, text
from desktop_app.reports.blocks import Story
from desktop_app.reports.view import MARK, Answer, Rows, Section, paper_number

LONG = 600
"""Letters that take paragraphs of their own."""
SOFT = "#4d545c"


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
        print_versions(story, answer, indent)
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
    label, words = text.coloured(f"{short_label(answer.label)}: ", SOFT), answer_words(answer)
    if isinstance(words, text.Rich) and len(words) <= 2 * LONG:
        return [text.join("", [label, words])]
    return [label, answer.words if not answer.versions else str(words)]


def short_label(label: str) -> str:
    """A question as it is said before its answer, without its mark."""
    return label.rstrip("?").rstrip()


def print_section(story: Story, section: Section, *, skip: Sequence[str] = ()) -> None:
    """All that was answered in a section."""
    for entry in section.entries:
        if isinstance(entry, Rows):
            print_rows(story, entry)
        elif entry.name not in skip and entry.question.kind not in ("file", "image", "audio", "video"):
            print_answer(story, entry)


def print_versions(story: Story, answer: Answer, indent: float) -> None:
    """Long words of which there are two versions, one after the other."""
    for number, words in enumerate(dict.fromkeys(answer.versions), 1):
        story.need(44)
        story.para(f"{MARK} Version {number}", "meta", indent=indent)
        story.prose(words, "body", indent=indent)
