"""CSV: a file a table, UTF-8 with a byte order mark so that Excel reads it right, values as stored."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from desktop_app.files import AtomicWriter, make_dirs

from .export_tables import Table

BOM = b"\xef\xbb\xbf"
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# A cell that starts so is a formula to Excel; an apostrophe before it makes it text (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """The text, marked as text where a spreadsheet would take it for a formula; numbers stay numbers."""
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def write(tables: Sequence[Table], out: Path) -> list[Path]:
    """Write the tables and return the files.

    ``out`` ending in ``.csv`` is the first table's file, and the others lie beside it with their names added; otherwise
    ``out`` is a folder with a file for each. Raises `FileProblem`.
    """
    if out.suffix.lower() == ".csv":
        first = tables[0].name if tables else ""
        places = [(out if t.name == first else out.with_name(f"{out.stem}-{t.name}.csv"), t) for t in tables]
        if not tables:
            places = [(out, Table("", "", []))]
    else:
        make_dirs(out)
        places = [(out / f"{table.name}.csv", table) for table in tables]
    for path, table in places:
        with AtomicWriter(path) as file:
            file.write(BOM)
            text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
            writer = csv.writer(text)
            writer.writerow([safe(column.name) for column in table.columns])
            for row in table.rows:
                writer.writerow([safe(cell.value) for cell in row])
            text.flush()
            text.detach()
    return [path for path, _ in places]
