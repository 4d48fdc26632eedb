"""Tables for taking records out: one for each form, one for each repeat in it, gathered a record at a time.

A workbook's sheets can only be written one after another, while each record adds to several of them. So the rows wait in
sealed spools (nothing readable lies on a disk meanwhile) and the memory needed does not grow with their number.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from desktop_app.files import Spool

# What stands before the answers in a form's table, and before a row's answers in a repeat's.
RECORD_COLUMNS = (
    "record", "reference", "title", "standing", "branch", "branch_only", "form_version", "two_versions", "attachments",
)  # fmt: skip
ROW_COLUMNS = ("record", "reference", "row", "position")
_MEMORY = 1024 * 1024
CODE, WORDS = "[code]", "[label]"


@dataclass(frozen=True)
class Column:
    """One column. ``name`` is the question's place in the form, ``kind`` its question kind or empty for our own.

    ``coded``: the answers are choices, so that a code and its label differ and both are written.
    """

    name: str
    label: str
    kind: str = ""
    coded: bool = False


@dataclass(frozen=True)
class Cell:
    """One answer: as stored, and in words (choice labels, pounds, British dates).

    ``leads_to`` is another table and the row in it (from 0) that this cell is about.
    """

    value: str
    words: str
    leads_to: tuple[str, int] | None = None


EMPTY = Cell("", "")


@dataclass
class Table:
    """``name`` is the form's id, or `id-repeat`. Rows are added one by one and read again from the first, once or often."""

    name: str
    title: str
    columns: list[Column] = field(default_factory=list)
    count: int = 0
    _spool: Spool = field(default_factory=lambda: Spool(_MEMORY))
    _known: set[str] = field(default_factory=set)

    def column(self, column: Column) -> None:
        """Have this column, after those there are; one of the same name is not added twice."""
        if column.name not in self._known:
            self._known.add(column.name)
            self.columns.append(column)

    def add(self, cells: Mapping[str, Cell]) -> int:
        """Add a row; returns its number, from 0. Raises `FileProblem` when the disk is full."""
        told = {
            name: [cell.value]
            if cell.value == cell.words and not cell.leads_to
            else [cell.value, cell.words, cell.leads_to]
            for name, cell in cells.items()
            if cell.value or cell.words
        }
        self._spool.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        self.count += 1
        return self.count - 1

    def rows(self) -> Iterator[list[Cell]]:
        """Every row, each as long as ``columns``."""
        for line in self._spool.reader():
            told = json.loads(line.decode("utf-8", "surrogatepass"))
            yield [_cell(told.get(column.name)) for column in self.columns]

    def close(self) -> None:
        """Forget the rows."""
        self._spool.close()


def _cell(told: list[str | list[str | int] | None] | None) -> Cell:
    if told is None:
        return EMPTY
    value = str(told[0])
    if len(told) == 1:
        return Cell(value, value)
    place = told[2]
    return Cell(value, str(told[1]), (str(place[0]), int(place[1])) if isinstance(place, list) else None)


class Tables:
    """The tables of one export, in the order they were first met. Use as a context: the rows are forgotten at its end."""

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        for table in self._tables.values():
            table.close()

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables.values())

    def __len__(self) -> int:
        return len(self._tables)

    def count(self, name: str) -> int:
        """How many rows the table of this name has; 0 when there is none yet."""
        return self._tables[name].count if name in self._tables else 0

    def of(self, name: str, title: str = "", own: tuple[str, ...] = ()) -> Table:
        """The table of this name; a new one begins with the columns ``own``."""
        if name not in self._tables:
            self._tables[name] = Table(name, title)
            for column in own:
                self._tables[name].column(Column(column, column.replace("_", " ").capitalize()))
        return self._tables[name]


def plain(values: Mapping[str, str]) -> dict[str, Cell]:
    """Cells whose words are their values."""
    return {name: Cell(value, value) for name, value in values.items()}
