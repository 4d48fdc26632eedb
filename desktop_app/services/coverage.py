"""What the union's two papers ask, line by line, and where this program answers each.

The lines are ``resources/reference/coverage.csv``; help shows them ("What the union asked, and where it is here"), and
the demonstration ends with them. ``path`` and ``choice`` say where a line stands in its form; ``served_by`` names the
reports that use it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from desktop_app.forms.definition import FormDefinition
from desktop_app.paths import resource
from desktop_app.reports.registry import REPORTS

from .content import Leaf


@dataclass(frozen=True)
class AskedLine:
    """One line of what the papers ask. ``path`` is the question's place in its form; outputs have no form."""

    ref: str
    paper: str
    lines: str
    kind: str
    question: str
    form: str
    section: str
    path: str
    choice: str
    answer: str
    served_by: tuple[str, ...]


@cache
def asked_lines() -> tuple[AskedLine, ...]:
    """Every line, in the papers' order."""
    with resource("reference", "coverage.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            AskedLine(
                ref=row["ref"],
                paper=row["paper"],
                lines=row["lines"],
                kind=row["kind"],
                question=row["question"],
                form=row["form"],
                section=row["section"],
                path=row["path"],
                choice=row["choice"],
                served_by=tuple(row["served_by"].split("|")),
                answer=row["answer"],
            )
            for row in csv.DictReader(stream)
        )


def where_in_words(line: AskedLine, form: FormDefinition | None) -> str:
    """Where a line stands, as the window calls it: ``Evidence, What happened``. Empty for an output."""
    if form is None:
        return ""
    section = form.question(f"/data/{line.section}")
    return f"{form.title}, {section.label}"


def reports_in_words(line: AskedLine) -> str:
    """The reports there are that use the line. Every answer is at least in its record's own report."""
    kinds = dict.fromkeys(kind for kind in line.served_by if kind in REPORTS)
    if not kinds and line.form:
        kinds = {"record": None}
    return ", ".join(REPORTS[kind].title for kind in kinds)


class Exercised:
    """Collects, while records are read, which lines have an answer and where the first one stands."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], list[tuple[frozenset[str], str]]] = {}
        self._made: dict[str, str] = {}

    def read(self, form_id: str, place: str, said: Iterable[Leaf], attachments: bool = False) -> None:
        """Take note of one record: its form, what to call it, its answers, whether something is attached."""
        for leaf in said:
            self._note(form_id, leaf.template, frozenset(leaf.value.split()), place)
            group = leaf.template.rpartition("/")[0]
            self._note(form_id, group, frozenset(), place)
        if attachments:
            self._note(form_id, "attachments", frozenset(), place)

    def made(self, kind: str, name: str) -> None:
        """Take note of a report that was made."""
        self._made.setdefault(kind, name)

    def where(self, line: AskedLine) -> str:
        """Where the line was exercised, ``""`` when it was not."""
        if not line.form:
            return next((self._made[kind] for kind in line.served_by if kind in self._made), "")
        path = "attachments" if line.answer == "attachment" else line.path
        for chosen, place in self._answers.get((line.form, path), ()):
            if not line.choice or line.choice in chosen:
                return place
        return ""

    def _note(self, form_id: str, path: str, chosen: frozenset[str], place: str) -> None:
        noted = self._answers.setdefault((form_id, path), [])
        if not any(chosen <= before for before, _ in noted):
            noted.append((chosen, place))
