"""A shipped form as an Excel file, with its list files beside it: where the office starts when it changes a question."""

from __future__ import annotations

import io
import re
from pathlib import Path

from desktop_app.errors import NotFound
from desktop_app.files import write_atomic
from desktop_app.paths import resource

from .form_library import SHIPPED

_CELL = re.compile(r"(?<!\\)\|")
_WIDE = {"label": 50, "hint": 40, "relevant": 34, "constraint": 30, "calculation": 34, "type": 30, "name": 26}


def sheets(markdown: str) -> dict[str, list[list[str]]]:
    """The sheets of a Markdown-table XLSForm: name to rows of cells, the first row being the columns' names."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in markdown.splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in _CELL.split(line.strip())[1:-1]]
        if not cells:
            continue
        if cells[0]:
            rows = found.setdefault(cells[0], [])
        elif any(cells[1:]) and not all(set(cell) <= {"-", ":"} for cell in cells[1:]):
            rows.append(cells[1:])
    return found


def save_spreadsheet(form_id: str, out: Path) -> list[Path]:
    """Write a shipped form as .xlsx to ``out`` and the CSV lists it names beside it; answers what was written.

    Raises `NotFound` for a form the program does not ship, `FileProblem`.
    """
    if form_id not in SHIPPED:
        raise NotFound("The spreadsheet of this form is not in the program.", do="Use the one it was made from.")
    import xlsxwriter

    text = resource("forms", f"{form_id}.md").read_text(encoding="utf-8")
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    plain = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for name, rows in sheets(text).items():
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, column, cell, plain if number else bold)
        for column, heading in enumerate(rows[0] if rows else ()):
            sheet.set_column(column, column, _WIDE.get(heading, 16))
    workbook.close()
    write_atomic(out, buffer.getvalue())
    written = [out]
    for name in sorted(set(re.findall(r"_from_file (\S+\.csv)", text))):
        beside = out.with_name(name)
        write_atomic(beside, resource("forms", name).read_bytes())
        written.append(beside)
    return written
