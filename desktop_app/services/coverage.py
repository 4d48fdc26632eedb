"""What the union's two papers ask, line by line, and where this program answers each.

The lines are ``resources/reference/coverage.csv``; help shows them ("What the union asked, and where it is here"), and
the demonstration ends with them. ``path`` and ``choice`` say where a line stands in its form; ``served_by`` names the
reports that use it, those still to come included.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from desktop_app.forms.definition import FormDefinition
from desktop_app.paths import resource
from desktop_app.reports.registry import REPORTS

from .content import Leaf

# An output that has no sheet of its own yet, and what carries its content until it has: a report, of a form where that
# matters.
CARRIED_BY: Mapping[str, str] = {
    "branch_agenda_item": "minutes meeting",
    "senco_invitation": "invitation",
    "senco_agenda": "invitation",
    "action_list": "record action",
    "feedback_specialist_services": "record senco_meeting",
    "feedback_health_care": "record senco_meeting",
    "feedback_to_office": "file",
    "forum_question_sheet": "blank_form forum_questions",
    "plan_assessment": "record plan",
    "points_to_raise": "authority_dossier",
    "promise_against_practice": "record plan",
    "regional_picture": "authority_dossier",
    "branch_summary": "authority_dossier",
    "national_briefing": "authority_dossier",
    "ministers_brief": "authority_dossier",
}
INVITATION = "invitation"
FILE = "file"


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
    if not kinds:
        carriers = [CARRIED_BY[kind].split()[0] for kind in line.served_by if kind in CARRIED_BY]
        kinds = {kind: None for kind in carriers if kind in REPORTS}
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

    def made(self, kind: str, name: str, form_id: str = "") -> None:
        """Take note of a report (of this form, for a record's own), an invitation or a file for the office."""
        self._made.setdefault(kind, name)
        self._made.setdefault(f"{kind} {form_id}", name)

    def where(self, line: AskedLine) -> str:
        """Where the line was exercised, ``""`` when it was not."""
        if not line.form:
            return self._output(line)
        path = "attachments" if line.answer == "attachment" else line.path
        for chosen, place in self._answers.get((line.form, path), ()):
            if not line.choice or line.choice in chosen:
                return place
        return ""

    def _output(self, line: AskedLine) -> str:
        for kind in line.served_by:
            if kind in self._made:
                return self._made[kind]
        for kind in line.served_by:
            carrier = CARRIED_BY.get(kind, "")
            if carrier in self._made:
                return f"{self._made[carrier]} (no sheet of its own yet; this holds what it would say)"
        return ""

    def _note(self, form_id: str, path: str, chosen: frozenset[str], place: str) -> None:
        noted = self._answers.setdefault((form_id, path), [])
        if not any(chosen <= before for before, _ in noted):
            noted.append((chosen, place))
