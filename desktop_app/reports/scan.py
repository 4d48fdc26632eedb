"""Every string in a PDF file, read from its bytes a stream at a time: what no page shows may still be in the file.

Nothing is built of it, so that a file of thousands of pages is read in the memory of its largest stream. It sees packed
objects, strings in brackets and in hexadecimal, description, scripts, attached files - whatever points to them or not.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_START = re.compile(rb"stream\r?\n")
_LITERAL = re.compile(rb"\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)", re.DOTALL)
_HEXADECIMAL = re.compile(rb"(?<!<)<([0-9A-Fa-f\s]*)>(?!>)")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_NO_TEXT = re.compile(
    rb"/Length[123]\b|/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)|/Type\s*/XRef|/DCTDecode|/N\s+\d"
)
_PACKED = re.compile(rb"/Type\s*/ObjStm")
_ACTUAL = re.compile(rb"/ActualText\s*<((?:[0-9A-Fa-f]{2})+)>")
_DRAWN = re.compile(rb"\bBT\b.*\bET\b", re.DOTALL)


def texts(data: bytes) -> Iterator[str]:
    """The strings of all objects, and what streams say that are neither pages nor pictures nor fonts."""
    at = 0
    while True:
        found = _START.search(data, at)
        yield from _strings(data[at : found.start() if found else len(data)])
        if found is None:
            return
        head = data[data.rfind(b" obj", at, found.start()) + 4 : found.start()]
        end = data.find(b"endstream", found.end())
        end = len(data) if end < 0 else end
        yield from _stream(head, data[found.end() : end])
        at = end + len(b"endstream")


def _stream(head: bytes, body: bytes) -> Iterator[str]:
    packed = _PACKED.search(head) is not None
    if not packed and _NO_TEXT.search(head):
        return
    if b"/FlateDecode" in head:
        try:
            body = zlib.decompressobj().decompress(body)
        except zlib.error:
            return
    if packed:
        yield from _strings(body)
    elif not _DRAWN.search(body):
        yield _as_text(body)
    else:
        # A page is read by its letters; but the real letters of shaped words stand beside them.
        for found in _ACTUAL.finditer(body):
            yield _decoded(bytes.fromhex(found[1].decode("ascii")))


def _strings(part: bytes) -> Iterator[str]:
    for found in _LITERAL.finditer(part):
        yield _decoded(_ESCAPED.sub(_plain, found[1]))
    for found in _HEXADECIMAL.finditer(part):
        digits = b"".join(found[1].split())
        yield _decoded(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")))


def _plain(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said[:1].isdigit() and said[:1] not in (b"8", b"9"):
        return bytes([int(said, 8) & 255])
    return _NAMED.get(said, said)


def _decoded(raw: bytes) -> str:
    """A text string: UTF-16 or UTF-8 where it says so, else one byte a letter."""
    if raw[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return raw.decode("utf-16", "replace")
    if raw[:3] == b"\xef\xbb\xbf":
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("latin-1")


def _as_text(data: bytes) -> str:
    """Bytes as the text they are, UTF-8 or UTF-16; "" for what is no text."""
    wide = data[:2] in (b"\xfe\xff", b"\xff\xfe")
    try:
        return data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError:
        return ""
