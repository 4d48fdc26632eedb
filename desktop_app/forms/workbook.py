"""Opens the spreadsheet behind a form, whatever state the file is in.

The readers below pyxform were not written for files that were cut off, overwritten or made to do harm: what they let
through is caught here and becomes a sentence.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from desktop_app.errors import FormError, NotFound

MAX_SHEET_BYTES = 5_000_000
# A workbook is a ZIP: a small file may hide a very large sheet.
MAX_UNPACKED_BYTES = 60_000_000
SUFFIXES = (".xlsx", ".xls", ".md", ".csv")


def check_file(path: Path) -> None:
    """Raises NotFound; FormError for a file that is no spreadsheet, or one too large to open."""
    if not path.is_file():
        raise NotFound(f"There is no form at {path.name}.", do="Check the name of the file.")
    if path.suffix.lower() not in SUFFIXES:
        raise FormError(
            f"{path.name} is not a spreadsheet of questions.", do="Choose an .xlsx, .xls, .md or .csv file."
        )
    if path.stat().st_size > MAX_SHEET_BYTES:
        raise FormError(
            "The spreadsheet is larger than 5 MB.", do="Move long lists of choices to CSV files, or split it."
        )
    if path.suffix.lower() != ".xlsx":
        return
    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except unreadable():
        raise _damaged(path) from None
    if unpacked > MAX_UNPACKED_BYTES:
        raise FormError(
            "The spreadsheet unpacks to more than 60 MB.", do="Delete empty rows and columns, and save it again."
        )


@cache
def unreadable() -> tuple[type[Exception], ...]:
    """What the readers raise for files that are damaged or not what their names say. No crash of ours is among them:
    the calls these are caught around are all theirs."""
    # xlrd, which reads .xls for pyxform, writes its remarks to what was the standard output when it was first imported;
    # that belongs to our answer.
    with contextlib.redirect_stdout(io.StringIO()):
        import xlrd
        from xlrd.compdoc import CompDocError
    from pyxform.errors import PyXFormError

    return (
        PyXFormError, xlrd.XLRDError, CompDocError, zipfile.BadZipFile, zlib.error, struct.error, SyntaxError,
        KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, EOFError, OSError,
        NotImplementedError, OverflowError, RecursionError,
    )  # fmt: skip


def _damaged(path: Path) -> FormError:
    return FormError(
        f"{path.name} cannot be read as a spreadsheet of questions: it is damaged, or no {path.suffix} file.",
        do="Open it in Excel or LibreOffice and save it again as .xlsx.",
    )


def read_sheets(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the survey and choices sheets as written. Raises FormError when the file is no spreadsheet."""
    caught = unreadable()
    from pyxform.xls2json_backends import get_xlsform

    try:
        book = get_xlsform(str(path))
        return [dict(row) for row in book.survey or []], [dict(row) for row in book.choices or []]
    except caught:
        raise _damaged(path) from None
