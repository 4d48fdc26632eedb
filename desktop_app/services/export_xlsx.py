"""Excel: a sheet a form, repeats on their own with links both ways, nothing read as a formula, long text never cut.

Written a row at a time (xlsxwriter's ``constant_memory``), so that a hundred thousand records need no more memory than ten.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_app.files import AtomicWriter, private_folder, problem, remove_tree

from .export_tables import CODE, Cell, Column, Table, Tables

# Excel: at most 32,767 characters a cell, 31 a sheet's name, and these not in it; so many rows and links a sheet.
LONGEST_CELL = 32_000
LONGEST_NAME = 31
MOST_ROWS = 1_048_576
MOST_LINKS = 10_000  # xlsxwriter keeps them in memory to the end of a sheet; beyond it the reference is plain text
HEAD_ROWS = 2
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
CONTINUED = "Long texts"
LINE, MOST_LINES, MOST_OF_HEAD = 15.0, 5, 8
"""Points a line; a row shows so many lines of its longest answer, all of which is in the cell; a heading so many."""
CODES, TEXT, OTHER, NARROW = 16, 48, 28, 12
"""Widths of columns, in letters."""
_IDS = ("record", "row", "meta/instanceID")  # long, looked at by nobody: narrow, on one line
_STEP = 100
_IN_MEMORY, _PIECE = 8 * 1024 * 1024, 1024 * 1024


def write(tables: Tables, out: Path) -> Iterator[int]:
    """Write the workbook, yielding now and then how many rows are written. Raises `FileProblem`."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    own = private_folder()  # for the parts xlsxwriter puts together; they have no name on most systems
    try:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(own)) as packed:
            # Nothing a person typed may become a formula, a link or a number behind their back.
            options = {
                "constant_memory": True,
                "tmpdir": str(own),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "d mmmm yyyy",
            }
            workbook = xlsxwriter.Workbook(packed, options)
            yield from _Book(workbook, tables).write()
            workbook.close()
            packed.seek(0)
            with AtomicWriter(out) as file:  # in few large pieces: a ZIP is put together in very many small ones
                while piece := packed.read(_PIECE):
                    file.write(piece)
    except (OSError, FileCreateError) as error:  # its own parts, in the temporary place, found no room
        cause = error if isinstance(error, OSError) else OSError(*error.args[:2])
        raise problem(cause, out) from error
    finally:
        remove_tree(own)


class _Book:
    """One workbook: its sheets' names, its formats, and where a row of a table stands."""

    def __init__(self, workbook: Any, tables: Tables) -> None:
        self.workbook = workbook
        self.tables = tables
        self.formats = {
            "head": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "name": workbook.add_format({"font_color": "#666666", "italic": True}),
            "text": workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            "id": workbook.add_format({"valign": "top", "num_format": "@", "font_color": "#666666"}),
            "number": workbook.add_format({"valign": "top"}),
            "date": workbook.add_format({"valign": "top", "num_format": "d mmmm yyyy"}),
            "link": workbook.add_format({"valign": "top", "font_color": "#0b6b66", "underline": 1}),
        }
        taken: set[str] = {CONTINUED.lower()}
        self.names = {table.name: _sheet_name(table.name, taken) for table in tables}
        self.taken = taken
        self.long_texts = Table(CONTINUED, CONTINUED)
        self.done = 0

    def write(self) -> Iterator[int]:
        try:
            for table in self.tables:
                yield from self._table(table)
            if not len(self.tables):
                self.workbook.add_worksheet("No records")
            if self.long_texts.count:
                yield from self._continued()
        finally:
            self.long_texts.close()

    def _table(self, table: Table) -> Iterator[int]:
        columns = list(_columns(table))
        sheet, at, links = self._sheet(self.names[table.name], columns), HEAD_ROWS, 0
        for row in table.rows():
            if at >= MOST_ROWS:
                self._end(sheet, at, columns)
                sheet, at = self._sheet(_sheet_name(table.name, self.taken), columns), HEAD_ROWS
            lines = max(
                (_lines(row[number].words, _width(column)) for column, number, _ in columns if column.name not in _IDS),
                default=1,
            )
            if lines > 1:
                sheet.set_row(at, LINE * lines)
            sheet.row_info.pop(at - 3, None)  # xlsxwriter keeps the heights of rows that are long written
            for place, (column, number, coded) in enumerate(columns):
                cell = row[number]
                if coded and cell.value:
                    sheet.write_string(at, place, _visible(cell.value)[:LONGEST_CELL], self.formats["id"])
                elif cell.value or cell.words:
                    links += self._cell(sheet, at, place, cell, column, row[0].value, links)
            at += 1
            self.done += 1
            if self.done % _STEP == 0:
                yield self.done
        self._end(sheet, at, columns)

    def _sheet(self, name: str, columns: list[tuple[Column, int, bool]]) -> Any:
        sheet = self.workbook.add_worksheet(name)
        for place, (column, _number, coded) in enumerate(columns):
            sheet.set_column(place, place, CODES if coded else _width(column))
        # A row is written from left to right before the next one: that is what keeps the memory flat.
        heads = [_code_head(column) if coded else column.label[:LONGEST_CELL] for column, _number, coded in columns]
        widths = [CODES if coded else _width(column) for column, _number, coded in columns]
        sheet.set_row(0, LINE * max(map(_lines, heads, widths, [MOST_OF_HEAD] * len(heads)), default=1))
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, self.formats["head"])
        for place, (column, _number, coded) in enumerate(columns):
            sheet.write_string(1, place, f"{column.name} {CODE}" if coded else column.name, self.formats["name"])
        return sheet

    @staticmethod
    def _end(sheet: Any, at: int, columns: list[tuple[Column, int, bool]]) -> None:
        sheet.freeze_panes(HEAD_ROWS, 2)
        if columns:
            sheet.autofilter(1, 0, max(at - 1, 1), len(columns) - 1)

    def _cell(self, sheet: Any, row: int, place: int, cell: Cell, column: Column, record: str, links: int) -> int:
        """Write one cell; returns 1 when it leads to another sheet."""
        text = _visible(cell.words)
        if cell.leads_to is not None and links < MOST_LINKS and cell.leads_to[1] < MOST_ROWS - HEAD_ROWS:
            table, number = cell.leads_to
            # A quote cannot be in the name of a sheet of ours (`_NOT_IN_NAMES`).
            target = f"internal:'{self.names[table]}'!A{number + HEAD_ROWS + 1}"
            sheet.write_url(row, place, target, self.formats["link"], string=text)
            return 1
        if column.kind in ("integer", "decimal") and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", cell.value):
            sheet.write_number(row, place, float(cell.value), self.formats["number"])
            return 0
        day = _day(cell.value) if column.kind == "date" else None
        if day is not None:
            sheet.write_datetime(row, place, day, self.formats["date"])
        else:
            look = "id" if column.name in _IDS else "text"
            sheet.write_string(row, place, self._first_part(record, column.name, text), self.formats[look])
        return 0

    def _first_part(self, record: str, column: str, text: str) -> str:
        """What goes in the cell of a text; the rest is kept for the sheet of long texts."""
        if len(text) <= LONGEST_CELL:
            return text
        row = self.long_texts.count + 2
        for start in range(LONGEST_CELL, len(text), LONGEST_CELL):
            part = text[start : start + LONGEST_CELL]
            self.long_texts.add(
                {"record": Cell(record, record), "question": Cell(column, column), "rest": Cell(part, part)}
            )
        return f"{text[:LONGEST_CELL]} […continued on the sheet “{CONTINUED}”, row {row}]"

    def _continued(self) -> Iterator[int]:
        sheet = self.workbook.add_worksheet(CONTINUED)
        sheet.set_column(0, 1, 38)
        sheet.set_column(2, 2, 100)
        for name, label in (("record", "Record"), ("question", "Question"), ("rest", "Continued")):
            self.long_texts.column(Column(name, label))
        for place, column in enumerate(self.long_texts.columns):
            sheet.write_string(0, place, column.label, self.formats["head"])
        for row, part in enumerate(self.long_texts.rows(), 1):
            for place, cell in enumerate(part):
                sheet.write_string(row, place, cell.words, self.formats["text"])
            yield self.done


def _columns(table: Table) -> Iterator[tuple[Column, int, bool]]:
    """(column, its place in a row, whether the code is meant): a choice has a column in words and one with its code."""
    for number, column in enumerate(table.columns):
        yield column, number, False
        if column.coded:
            yield column, number, True


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


def _day(value: str) -> datetime | None:
    try:
        day = datetime.strptime(value, "%Y-%m-%d")
    except ValueError:
        return None
    return day if day.year >= 1900 else None  # Excel knows no day before


def _width(column: Column) -> int:
    if column.name in _IDS:
        return NARROW
    if column.kind in ("integer", "decimal", "date", "time"):
        return 16
    return TEXT if column.kind == "text" or column.name in ("title", "question", "label") else OTHER


def _lines(words: str, width: int, most: int = MOST_LINES) -> int:
    """How many lines the words take in a column of this many letters; never more than ``most``."""
    if len(words) < width and "\n" not in words:
        return 1
    return min(sum(1 + len(line) // (width - 1) for line in words[: width * most * 2].split("\n")), most)


def _code_head(column: Column) -> str:
    """The heading of a column of codes: the question's number where it has one, for its words stand beside it."""
    number, parted, _ = column.label.partition("  ")
    return f"{number} (code)" if parted else f"{column.label} (code)"[:LONGEST_CELL]


def _visible(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (ord(c) >= 0x20 and ord(c) not in (0xFFFE, 0xFFFF)))
