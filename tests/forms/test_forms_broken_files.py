"""Spreadsheets that were cut off, overwritten or made to do harm end in a sentence, never in a crash."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from desktop_app.errors import FormError
from desktop_app.forms.xlsform import compile_xlsform, problems

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    for row in (("type", "name", "label"), ("text", "a", "Words"), ("integer", "b", "Number")):
        survey.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def changed(part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one part rewritten."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name in parts.namelist():
            data = parts.read(name)
            into.writestr(name, data.replace(old, new) if name == part else data)
    return made.getvalue()


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    return made.getvalue()


BROKEN = {
    "cut off.xlsx": workbook()[:900],
    "overwritten.xlsx": workbook()[:400] + b"\x00" * 200 + workbook()[600:],
    "no XML.xlsx": changed("xl/worksheets/sheet1.xml", b"<row", b"<row <"),
    "no book.xlsx": changed("xl/workbook.xml", b"sheetId", b"nothing"),
    "no cells.xlsx": changed("xl/worksheets/sheet1.xml", b'r="A1"', b'r="!"'),
    "a picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    "bomb.xlsx": bomb(),
    "cut off.xls": OLD_EXCEL + b"\x00" * 2000,
    "old and overwritten.xls": OLD_EXCEL + bytes(range(256)) * 8,
    "text.xls": b"type,name,label\ntext,a,Words\n",
    "bytes.csv": bytes(range(256)),
    "bytes.md": b"\xff\xfe\x00|" * 50,
    "nothing.csv": b"",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_spreadsheet_ends_in_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    started = time.process_time()
    with pytest.raises(FormError) as refused:
        compile_xlsform(path)
    assert time.process_time() - started < 2
    assert refused.value.what.endswith(".")
    assert refused.value.do
    with contextlib.suppress(FormError):
        assert problems(path)


def test_what_the_reader_of_old_excel_files_remarks_stays_out_of_the_answer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(OLD_EXCEL + b"\x00" * 2000)
    with pytest.raises(FormError):
        compile_xlsform(path)
    assert capfd.readouterr().out == ""
