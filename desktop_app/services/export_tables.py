"""Records as tables: one for each form, one for each repeat in it, with the question in the heading of every column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.forms.definition import Question
from desktop_app.forms.wording import in_words
from desktop_app.storage.projection import Filters

from .profile import Profile
from .recording import OpenRecord, list_records, open_record

# What stands before the answers in a form's table, and before a row's answers in a repeat's.
RECORD_COLUMNS = ("record", "reference", "title", "standing", "branch", "branch_only", "form_version")
ROW_COLUMNS = ("record", "reference", "row", "position")
_NOT_ASKED = ("group", "note", "trigger")


@dataclass(frozen=True)
class Column:
    """One column. ``name`` is the question's place in the form, ``kind`` its question kind or empty for our own."""

    name: str
    label: str
    kind: str = ""


@dataclass(frozen=True)
class Cell:
    """One answer: as stored, and in words (choice labels, pounds, British dates)."""

    value: str
    words: str


@dataclass
class Table:
    """``name`` is the form's id, or `id-repeat`; ``rows`` are as long as ``columns``."""

    name: str
    title: str
    columns: list[Column]
    rows: list[list[Cell]] = field(default_factory=list)


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


def tables_of(records: Iterator[OpenRecord]) -> tuple[list[Table], int]:
    """The tables that hold these records, and how many records there were.

    A form met in several versions gives one table: columns of the newest record's version first, then those only
    earlier versions have.
    """
    tables: dict[str, Table] = {}
    count = 0
    for record in records:
        count += 1
        _add_part(tables, record, record.form.root, record.form.id, record.content.answers, ())
    return list(tables.values()), count


def _own(names: tuple[str, ...]) -> list[Column]:
    return [Column(name, name.replace("_", " ").capitalize()) for name in names]


def _short(question: Question) -> str:
    """`/data/about/area` as `about/area`."""
    return question.path.split("/", 2)[-1]


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


def _add_part(
    tables: dict[str, Table],
    record: OpenRecord,
    part: Question,
    name: str,
    answers: Mapping[str, Any],
    rows_above: tuple[str, ...],
    position: int = 0,
) -> None:
    """Write the row of a record (no ``rows_above``) or of a repeat row (ids from the outermost), then its repeats'."""
    table = tables.get(name)
    if table is None:
        title = f"{record.form.title}: {part.label or part.name}" if rows_above else record.form.title
        table = tables[name] = Table(name, title, _own(ROW_COLUMNS if rows_above else RECORD_COLUMNS))
    known = {column.name for column in table.columns}
    for leaf in _leaves(part):
        if _short(leaf) not in known:
            table.columns.append(Column(_short(leaf), leaf.label or leaf.name, leaf.kind))
    given = _cells(record, part, answers, rows_above)
    if rows_above and not given:
        # A row the form made by itself, in which nobody has said anything.
        return
    given.update(_row_cells(record, rows_above[-1], position) if rows_above else _record_cells(record))
    table.rows.append([given.get(column.name, Cell("", "")) for column in table.columns])
    for repeat in _repeats(part):
        rows = _at(answers, repeat, part)
        for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
            below = (*rows_above, str(row.get("_id", "")))
            _add_part(tables, record, repeat, f"{record.form.id}-{repeat.name}", row, below, number)


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
            cells[_short(leaf)] = Cell(value, in_words(record.form, leaf, value))
    # What was typed where it is not a value of its question stands in its column, as typed.
    for path, raw in record.content.typed.items():
        steps = path.split("/")
        if all(row in steps for row in rows_above):
            cells.setdefault("/".join(step for step in steps if step not in rows_above), Cell(raw, raw))
    return cells


def _plain(values: Mapping[str, str]) -> dict[str, Cell]:
    return {name: Cell(value, value) for name, value in values.items()}


def _record_cells(record: OpenRecord) -> dict[str, Cell]:
    return _plain(
        {
            "record": record.id,
            "reference": record.reference,
            "title": record.title,
            "standing": record.standing,
            "branch": record.branch,
            "branch_only": "yes" if record.content.branch_only else "no",
            "form_version": record.form.version,
        }
    )


def _row_cells(record: OpenRecord, row: str, position: int) -> dict[str, Cell]:
    return _plain({"record": record.id, "reference": record.reference, "row": row, "position": str(position)})
