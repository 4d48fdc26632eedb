"""The words inside an attached file: plain text, tables of values, documents of Word and LibreOffice, PDFs with text.

Only read, never run: the parts of a document that hold its words are unpacked within limits and their tags taken off.
Pictures, scans and whatever else there is answer that they could not be read.
"""

from __future__ import annotations

import html
import io
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path

MOST_BYTES = 40 * 1024 * 1024
"""What a packed document may come to; a real one of 25 MB holds far less text, a hostile one far more."""
_TEXT = {".txt", ".csv", ".tsv", ".md", ".eml", ".html", ".htm", ".ics", ".vcf", ".json", ".xml", ".rtf"}
_PARTS = {
    ".docx": re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"),
    ".xlsx": re.compile(r"xl/(sharedStrings|comments\d*|worksheets/sheet\d+)\.xml"),
    ".pptx": re.compile(r"ppt/(slides|notesSlides)/[a-zA-Z]+\d+\.xml"),
    ".odt": re.compile(r"content\.xml"),
    ".ods": re.compile(r"content\.xml"),
    ".odp": re.compile(r"content\.xml"),
}
_ENDS_A_WORD = re.compile(
    r"</(w:p|w:tc|w:tr|a:p|si|c|row|text:p|text:h|table:table-cell)>|<(w:br|w:tab|text:tab|text:line-break)\b[^<>]*>"
)
_HTML_BLOCK = re.compile(r"(?i)</?(p|div|br|td|th|tr|li|h\d|title|head|body)\b[^<>]*>")
# No tag holds a "<" (XML 1.0, 2.3): where one comes first the search ends, so that a million of them cost no hours.
_TAG = re.compile(r"<[^<>]*>")
# Python refuses to read a number of thousands of figures; no character has more than seven.
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")
_RTF = re.compile(r"\\'([0-9a-fA-F]{2})|\\[a-z]+-?\d* ?|[{}]")


def words_inside(data: bytes, name: str, kind: str = "") -> str | None:
    """The text of a file, ``""`` for one that holds none; `None` when it is of a kind, or in a state, that is not read.

    ``name`` tells the kind by its ending; ``kind`` is its media type.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".pdf" or kind == "application/pdf":
        from desktop_app.reports.readback import text_of_pdf

        return text_of_pdf(data) or None  # without text it is a scan
    if suffix in _PARTS:
        return _packed(data, _PARTS[suffix])
    if suffix in _TEXT or kind.startswith("text/"):
        text = _decoded(data)
        if suffix == ".rtf":
            return _RTF.sub(lambda found: bytes.fromhex(found[1]).decode("cp1252", "replace") if found[1] else " ", text)
        return _characters(_TAG.sub("", _HTML_BLOCK.sub("\n", text))) if suffix in (".html", ".htm") else text
    return None


def _packed(data: bytes, parts: re.Pattern[str]) -> str | None:
    found = []
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for each in packed.infolist():
                if not parts.fullmatch(each.filename):
                    continue
                with packed.open(each) as part:
                    xml = part.read(left + 1)
                left -= len(xml)
                if left < 0:
                    return None
                found.append(_without_tags(xml.decode("utf-8", "replace")))
    except (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, NotImplementedError,
        RuntimeError, ValueError, OverflowError,
    ):  # fmt: skip
        return None  # damaged, or locked with a password
    return "\n".join(found)


def _without_tags(xml: str) -> str:
    """Words as they are read: tags inside a word go without a trace, the end of a paragraph or a cell ends a word."""
    return _characters(_TAG.sub("", _ENDS_A_WORD.sub("\n", xml)))


def _characters(text: str) -> str:
    """``&amp;`` and its like as the characters they stand for."""
    return html.unescape(_LONG_NUMBER.sub("\N{REPLACEMENT CHARACTER}", text))


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
