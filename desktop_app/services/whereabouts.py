"""Where in a record an answer stands: its question in the form, and the lines around it as a person counts them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from desktop_app.forms.definition import FormDefinition, Question


class Whereabouts:
    """Of the leaves of one record. ``rows``: the ids of all lines it ever had, to tell them from names in a path."""

    def __init__(self, form: FormDefinition, answers: Any, rows: Set[str]) -> None:
        self.rows = rows
        self._answers = answers
        self._root = form.root.path
        self._questions = {question.path: question for question in form.questions}
        self._places = {question.path: number for number, question in enumerate(form.questions)}

    def question(self, leaf: str) -> Question | None:
        """The question at a leaf or of the lines there; ``None`` where the form has none."""
        return self._questions.get(self._path(leaf))

    def place(self, leaf: str) -> int:
        """The place of a leaf's question in the form; what the form has not comes last."""
        return self._places.get(self._path(leaf), len(self._places))

    def lines(self, leaf: str) -> list[int]:
        """The numbers of the lines an answer stands in, outermost first."""
        part: Any = self._answers
        numbers = []
        for step in leaf.split("/"):
            if isinstance(part, list):
                numbers.append(next((n for n, row in enumerate(part, 1) if row["_id"] == step), 0))
                part = part[numbers[-1] - 1] if numbers[-1] else {}
            else:
                part = part.get(step, {}) if isinstance(part, dict) else {}
        return numbers

    def words(self, leaf: str) -> str:
        """The line an answer stands in, as a person counts them: "Waits, line 2"."""
        part: Any = self._answers
        said = []
        names: list[str] = []
        for step in leaf.split("/"):
            if isinstance(part, list):
                number = next((n for n, row in enumerate(part, 1) if row["_id"] == step), 0)
                question = self._questions.get("/".join([self._root, *names]))
                label = question.label if question is not None and question.label else "Lines"
                said.append(f"{label.rstrip('?')}, line {number}" if number else label)
                part = part[number - 1] if number else {}
            else:
                names.append(step)
                part = part.get(step, {}) if isinstance(part, dict) else {}
        return "; ".join(said)

    def _path(self, leaf: str) -> str:
        names = [step for step in leaf.split("/") if step not in self.rows]
        return "/".join([self._root, *names])


def row_ids(part: Any) -> Iterator[str]:
    """The id of every line in answers, or in a part of them."""
    if isinstance(part, list):
        for row in part:
            yield row["_id"]
            yield from row_ids({name: value for name, value in row.items() if name != "_id"})
    elif isinstance(part, dict):
        for value in part.values():
            if isinstance(value, (dict, list)):
                yield from row_ids(value)
