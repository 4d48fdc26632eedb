"""Records into tables: a form's answers, the rows of its repeats, two versions, and what the columns and codes mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.forms.earlier import EARLIER, earlier_answers
from desktop_app.forms.wording import choice_labels, in_words
from desktop_app.records.state import file_place
from desktop_app.storage.projection import Filters

from .export_tables import RECORD_COLUMNS, ROW_COLUMNS, Cell, Column, Tables, plain
from .profile import Profile
from .recording import OpenRecord, list_records, open_record

VERSIONS, QUESTIONS, CODES = "two versions", "questions", "codes"
_NOT_ASKED = ("group", "note", "trigger")
_DETAIL = "_detail"
_KNOWN_REF = re.compile(r"[A-Z]?\d")
_CHOSEN = ("select_one", "select_multiple", "rank")


def matching(profile: Profile, filters: Filters) -> Iterator[OpenRecord]:
    """Every record the filters let through, newest first, one page in memory at a time."""
    after: str | None = None
    while True:
        page = list_records(profile, filters, 500, after)
        for row in page.rows:
            yield open_record(profile, row.id)
        after = page.next
        if after is None:
            return


def short(question: Question) -> str:
    """`/data/about/area` as `about/area`."""
    return question.path.split("/", 2)[-1]


def described(question: Question, name: str = "", about: Question | None = None) -> Column:
    """The column of a question; its heading begins with the number the union's papers give it.

    ``about`` is the question that this one asks more about: its number, or its words, say which of many it is.
    """
    number = _number(question)
    label = question.label or question.name
    if about is not None:
        number = number or _number(about)
        label = label if number else f"{about.label or about.name} {label}"
    heading = f"{number}  {label}" if number else label
    return Column(name or short(question), heading, question.kind, question.kind in _CHOSEN)


def _number(question: Question) -> str:
    """The number people know a question by (1.1a, F2b), not that of our own rows (ABOUT1)."""
    ref = str(question.be.get("ref", ""))
    return ref if _KNOWN_REF.match(ref) else ""


def _asked_about(questions: Iterable[Question]) -> Mapping[str, Question]:
    """By the path of each box for details, the question it belongs to."""
    by_path = {question.path: question for question in questions}
    return {path + _DETAIL: question for path, question in by_path.items() if path + _DETAIL in by_path}


class Gathering:
    """Takes in records one by one. A form met in several versions gives one table: columns of the newest record's
    version first, then those that only others have.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._forms: dict[str, FormDefinition] = {}

    def add(self, record: OpenRecord) -> None:
        """Add a record's rows to its tables."""
        self._forms.setdefault(record.form.package, record.form)
        self._part(record, record.form.root, record.form.id, record.content.answers, (), 0, 0)
        for two in record.two_versions:
            self._versions(record, two.leaf, [(one.value, one.typed, one.branch) for one in two.candidates])

    def finish(self) -> None:
        """Add what the columns and the codes mean, for every form that was met."""
        questions = self._tables.of(
            QUESTIONS, "What the columns are", ("form", "version", "column", "question", "kind")
        )
        codes = self._tables.of(CODES, "What the codes mean", ("form", "question", "code", "label"))
        for form in self._forms.values():
            seen: set[tuple[str, str, str]] = set()
            about = _asked_about(form.questions)
            for question in form.questions:
                if question.kind in (*_NOT_ASKED, "repeat") or question is form.root:
                    continue
                column = described(question, about=about.get(question.path))
                questions.add(
                    plain(
                        {"form": form.id, "version": form.version, "column": column.name, "question": column.label,
                         "kind": question.kind}
                    )
                )  # fmt: skip
                if question.list_file:
                    continue  # the 153 authorities and the like stand in their own lists
                for code, label in choice_labels(form, question).items() if column.coded else ():
                    if (line := (column.name, code, label)) not in seen:
                        seen.add(line)
                        codes.add(plain({"form": form.id, "question": column.name, "code": code, "label": label}))

    def _part(
        self, record: OpenRecord, part: Question, name: str, answers: Mapping[str, Any], rows_above: tuple[str, ...],
        position: int, parent: int,
    ) -> bool:  # fmt: skip
        """Add a form's answers, or one row of a repeat. False when a row the form made by itself says nothing."""
        title = f"{record.form.title}: {part.label or part.name}" if rows_above else record.form.title
        table = self._tables.of(name, title, ROW_COLUMNS if rows_above else RECORD_COLUMNS)
        leaves = list(_leaves(part))
        about = _asked_about(leaves)
        for leaf in leaves:
            table.column(described(leaf, about=about.get(leaf.path)))
        given = _cells(record, part, answers, rows_above)
        if rows_above and not given:
            return False
        if rows_above:
            given.update(_row_cells(record, rows_above[-1], position, (record.form.id, parent)))
        else:
            given.update(_record_cells(record))
            for found in earlier_answers(answers):
                column = f"{EARLIER}/{found.leaf}"
                table.column(Column(column, f"Earlier form: {found.label}", "text", found.words != found.value))
                given[column] = Cell(found.value, found.words)
        here = table.count
        for repeat in _repeats(part):
            rows = _at(answers, repeat, part)
            below = f"{record.form.id}-{repeat.name}"
            first, many = -1, 0
            for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
                at = self._tables.count(below)
                ids = (*rows_above, str(row.get("_id", "")))
                if self._part(record, repeat, below, row, ids, number, parent if rows_above else here):
                    first, many = (at if first < 0 else first), many + 1
            table.column(Column(f"{short(repeat)}#", f"Rows of “{repeat.label or repeat.name}”", "integer"))
            if many:
                given[f"{short(repeat)}#"] = Cell(str(many), str(many), (below, first))
        table.add(given)
        return True

    def _versions(self, record: OpenRecord, leaf: str, candidates: list[tuple[str | None, str | None, str]]) -> None:
        columns = ("record", "reference", "column", "question", "version", "from", "value", "in_words")
        place = file_place(leaf)
        question = _question(record.form, leaf) if place is None else None
        for number, (value, typed, branch) in enumerate(candidates, 1):
            said = typed or value or ""
            words = in_words(record.form, question, said) if question is not None and not typed else said
            if place is not None:
                words = f"Attachment {place.name}" if value else f"Attachment {place.name}: taken out"
            self._tables.of(VERSIONS, "Answers with two versions", columns).add(
                plain(
                    {"record": record.id, "reference": record.reference, "column": leaf, "version": str(number),
                     "question": (question.label or question.name) if question is not None else leaf,
                     "from": branch, "value": said, "in_words": words}
                )
            )  # fmt: skip


def _question(form: FormDefinition, leaf: str) -> Question | None:
    """The question of a leaf path, whose rows are named by their ids."""
    steps = leaf.split("/")
    for question in form.questions:
        names = question.path.split("/")[2:]
        rest = iter(steps)
        if names and names[-1] == steps[-1] and all(name in rest for name in names):
            return question
    return None


def _leaves(question: Question) -> Iterator[Question]:
    """The questions with an answer of their own inside a form or repeat, repeats inside it left out."""
    for child in question.children:
        if child.kind == "repeat":
            continue
        if child.kind == "group":
            yield from _leaves(child)
        elif child.kind not in _NOT_ASKED:
            yield child


def _repeats(question: Question) -> Iterator[Question]:
    for child in question.children:
        if child.kind == "repeat":
            yield child
        elif child.kind == "group":
            yield from _repeats(child)


def _at(answers: Mapping[str, Any], question: Question, part: Question) -> Any:
    """The value at a question's place inside the answers of its form or repeat row."""
    found: Any = answers
    for step in question.path[len(part.path) + 1 :].split("/"):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _cells(
    record: OpenRecord, part: Question, answers: Mapping[str, Any], rows_above: tuple[str, ...]
) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for leaf in _leaves(part):
        value = _at(answers, leaf, part)
        if isinstance(value, str) and value:
            cells[short(leaf)] = Cell(value, in_words(record.form, leaf, value))
    # What was typed where it is not a value of its question stands in its column, as typed.
    for path, raw in record.content.typed.items():
        steps = path.split("/")
        if all(row in steps for row in rows_above):
            cells.setdefault("/".join(step for step in steps if step not in rows_above), Cell(raw, raw))
    return cells


def _record_cells(record: OpenRecord) -> dict[str, Cell]:
    return plain(
        {
            "record": record.id,
            "reference": record.reference,
            "title": record.title,
            "standing": record.standing,
            "branch": record.branch,
            "branch_only": "yes" if record.content.branch_only else "no",
            "form_version": record.form.version,
            "two_versions": "; ".join(two.leaf or "the whole record" for two in record.two_versions),
            "attachments": "; ".join(blob.name for blob in record.content.blobs),
        }
    )


def _row_cells(record: OpenRecord, row: str, position: int, parent: tuple[str, int]) -> dict[str, Cell]:
    return {
        **plain({"record": record.id, "row": row, "position": str(position)}),
        "reference": Cell(record.reference, record.reference, parent),
    }
