"""Excel: a sheet a form, repeats on their own, nothing read as a formula, long text continued on a sheet of its own."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.files import AtomicWriter

from .export_tables import Cell, Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

# Excel: at most 32,767 characters a cell, 31 a sheet's name, and these not in it.
LONGEST_CELL = 32_000
LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
CONTINUED = "Long texts"


def write(tables: Sequence[Table], out: Path) -> None:
    """Write the workbook. Raises `FileProblem`."""
    import xlsxwriter

    buffer = io.BytesIO()
    # Nothing a person typed may become a formula, a link or a number behind their back.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "d mmmm yyyy",
    }
    workbook = xlsxwriter.Workbook(buffer, options)
    formats = {
        "head": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "name": workbook.add_format({"font_color": "#666666", "italic": True}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "number": workbook.add_format({"valign": "top"}),
        "date": workbook.add_format({"valign": "top", "num_format": "d mmmm yyyy"}),
    }
    long_texts = _LongTexts()
    taken: set[str] = {CONTINUED.lower()}
    for table in tables:
        sheet = workbook.add_worksheet(_sheet_name(table.name, taken))
        _write_sheet(sheet, table, formats, long_texts)
    if not tables:
        workbook.add_worksheet("No records")
    long_texts.write(workbook, formats)
    workbook.close()
    with AtomicWriter(out) as file:
        file.write(buffer.getvalue())


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel accepts, different from the others however long they are."""
    base = _NOT_IN_NAMES.sub("_", name)[:LONGEST_NAME] or "Sheet"
    chosen, number = base, 1
    while chosen.lower() in taken:
        number += 1
        ending = f" {number}"
        chosen = base[: LONGEST_NAME - len(ending)] + ending
    taken.add(chosen.lower())
    return chosen


class _LongTexts:
    """The rest of texts that do not fit a cell; each part says which record and question it belongs to."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, str, str]] = []

    def first_part(self, record: str, column: str, text: str) -> str:
        """What goes in the cell; the rest is kept for the sheet."""
        if len(text) <= LONGEST_CELL:
            return text
        row = len(self.parts) + 2
        for start in range(LONGEST_CELL, len(text), LONGEST_CELL):
            self.parts.append((record, column, text[start : start + LONGEST_CELL]))
        return f"{text[:LONGEST_CELL]} […continued on the sheet “{CONTINUED}”, row {row}]"

    def write(self, workbook: Any, formats: dict[str, Any]) -> None:
        if not self.parts:
            return
        sheet = workbook.add_worksheet(CONTINUED)
        for column, title in enumerate(("Record", "Question", "Continued")):
            sheet.write_string(0, column, title, formats["head"])
        sheet.set_column(0, 1, 38)
        sheet.set_column(2, 2, 100)
        for row, part in enumerate(self.parts, 1):
            for column, text in enumerate(part):
                sheet.write_string(row, column, text, formats["text"])


def _write_sheet(sheet: Any, table: Table, formats: dict[str, Any], long_texts: _LongTexts) -> None:
    for column, described in enumerate(table.columns):
        sheet.write_string(0, column, described.label[:LONGEST_CELL], formats["head"])
        sheet.write_string(1, column, described.name, formats["name"])
        sheet.set_column(column, column, _width(described))
    for number, row in enumerate(table.rows, 2):
        for column, cell in enumerate(row):
            _write_cell(sheet, number, column, cell, table.columns[column], formats, long_texts, row[0].value)
    sheet.freeze_panes(2, 2)
    sheet.autofilter(1, 0, max(len(table.rows) + 1, 1), len(table.columns) - 1)


def _width(column: Column) -> int:
    if column.kind in ("integer", "decimal", "date", "time"):
        return 16
    return 40 if column.kind == "text" else 24


def _write_cell(
    sheet: Any,
    row: int,
    column: int,
    cell: Cell,
    described: Column,
    formats: dict[str, Any],
    long_texts: _LongTexts,
    record: str,
) -> None:
    if not cell.value:
        return
    if described.kind in ("integer", "decimal") and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", cell.value):
        sheet.write_number(row, column, float(cell.value), formats["number"])
        return
    if described.kind == "date":
        try:
            day = datetime.strptime(cell.value, "%Y-%m-%d")
        except ValueError:
            day = None
        # Excel knows no day before 1900.
        if day is not None and day.year >= 1900:
            sheet.write_datetime(row, column, day, formats["date"])
            return
    text = _visible(cell.words)
    sheet.write_string(row, column, long_texts.first_part(record, described.name, text), formats["text"])


def _visible(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (ord(c) >= 0x20 and ord(c) not in (0xFFFE, 0xFFFF)))
