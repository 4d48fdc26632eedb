"""Checks the custom columns of a Branch Evidence form (forms.md): roles, directions, counts, privacy.

A form without any of them is any other ODK form and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .definition import FormDefinition, Question

if TYPE_CHECKING:
    from .compiler_words import Problem

ROLES = {
    "authority", "when_from", "when_to", "when_text", "title", "narrative", "source", "money", "count", "owner", "due",
}  # fmt: skip
NEEDED = ("title", "authority", "when_from")
COUNTS = {"people"}
_KINDS: dict[str, tuple[str, ...]] = {
    "money": ("decimal", "integer"),
    "count": ("integer", "decimal", "range", "select_one"),
    "when_from": ("date", "datetime"),
    "when_to": ("date", "datetime"),
    "due": ("date", "datetime"),
}


def role_problems(form: FormDefinition, rows: Mapping[str, int]) -> list[Problem]:
    """What a Branch Evidence form lacks or says wrongly; rows name the cells where they are known."""
    from .compiler_words import Problem

    if not any(question.be for question in form.questions):
        return []
    found = [problem for question in form.questions for problem in _question(question, rows)]
    for role in NEEDED:
        if not form.by_role(role):
            found.append(
                Problem(
                    {"sheet": "survey", "row": None, "column": "bind::be:role"},
                    f"No question has the role “{role}”, which lists and reports need.",
                    f"Write {role} beside the question that holds it.",
                )
            )
    return found


def _question(question: Question, rows: Mapping[str, int]) -> Iterator[Problem]:
    for role in question.be.get("role", "").split():
        if role not in ROLES:
            yield _problem(
                question, rows, "role", f"“{role}” is not a role.", f"Use one of: {', '.join(sorted(ROLES))}."
            )
        elif role in _KINDS and question.kind not in _KINDS[role]:
            yield _problem(
                question, rows, "role", f"A {question.kind} question cannot have the role “{role}”.", "Change its type."
            )
    counts = question.be.get("counts")
    if counts and counts not in COUNTS:
        yield _problem(question, rows, "counts", f"“{counts}” cannot be counted.", "Write people or leave it empty.")
    yield from _concern(question, rows)


def _concern(question: Question, rows: Mapping[str, int]) -> Iterator[Problem]:
    concern = question.be.get("concern", "")
    if not concern or concern == "none":
        return
    named = concern.removeprefix("choice:").replace("|", " ").split()
    offered = {choice.name for choice in question.choices}
    missing = [name for name in named if offered and name not in offered]
    if missing:
        yield _problem(
            question,
            rows,
            "concern",
            f"“{missing[0]}” is not a choice of this question.",
            "Name the choices that are a concern.",
        )


def _problem(question: Question, rows: Mapping[str, int], column: str, what: str, do: str) -> Problem:
    from .compiler_words import Problem

    return Problem({"sheet": "survey", "row": rows.get(question.path), "column": f"bind::be:{column}"}, what, do)
