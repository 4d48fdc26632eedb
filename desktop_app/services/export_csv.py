"""CSV: a file a table, UTF-8 with a byte order mark so that Excel reads it right, values as stored."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from desktop_app.files import AtomicWriter, make_dirs

from .export_tables import WORDS, Cell, Column, Table, Tables

BOM = b"\xef\xbb\xbf"
_STEP = 200
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# A cell that starts so is a formula to Excel; an apostrophe before it makes it text (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """The text, marked as text where a spreadsheet would take it for a formula; numbers stay numbers."""
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def write(tables: Tables, out: Path) -> Iterator[int]:
    """Write the tables, yielding now and then how many rows are written; all files come to be together, or none.

    ``out`` ending in ``.csv`` is the first table's file, and the others lie beside it with their names added; otherwise
    ``out`` is a folder with a file for each. A choice has its code in one column and its label in the next. Raises
    `FileProblem`.
    """
    places = places_of(tables, out)
    if out.suffix.lower() != ".csv":
        make_dirs(out)
    done = 0
    with ExitStack() as every:
        for path, table in places:
            file = every.enter_context(AtomicWriter(path))
            file.write(BOM)
            text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
            writer = csv.writer(text)
            writer.writerow([safe(name) for column in table.columns for name in _names(column)])
            for row in table.rows():
                writer.writerow(
                    [
                        safe(part)
                        for cell, column in zip(row, table.columns, strict=True)
                        for part in _parts(cell, column)
                    ]
                )
                done += 1
                if done % _STEP == 0:
                    yield done
            text.flush()
            text.detach()


def places_of(tables: Tables, out: Path) -> list[tuple[Path, Table]]:
    """Which file each table goes to."""
    found = list(tables) or [Table("records", "")]
    if out.suffix.lower() != ".csv":
        return [(out / f"{_plain(table.name)}.csv", table) for table in found]
    rest = ((out.with_name(f"{out.stem}-{_plain(table.name)}.csv"), table) for table in found[1:])
    return [(out, found[0]), *rest]


def _plain(name: str) -> str:
    return re.sub(r"[^\w.-]", "-", name)


def _names(column: Column) -> tuple[str, ...]:
    return (column.name, f"{column.name} {WORDS}") if column.coded else (column.name,)


def _parts(cell: Cell, column: Column) -> tuple[str, ...]:
    return (cell.value, cell.words) if column.coded else (cell.value,)
