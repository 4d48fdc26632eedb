"""Every string in a PDF file, read from its bytes a stream at a time: what no page shows may still be in the file.

Nothing is built of it, so that a file of thousands of pages is read in the memory of its largest stream. It sees packed
objects, strings in brackets and in hexadecimal, description, scripts, attached files - whatever points to them or not.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

PIECE = 256 * 1024
LONG = 1024 * 1024
"""Bytes of a stream that are looked at together."""
_MARK = 16
_END = b"endstream"
_WIDE = (b"\xfe\xff", b"\xff\xfe")
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


class _File:
    """A file read forwards, parted into what stands outside its streams and what stands in them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._held = b""

    def _more(self) -> bool:
        piece = self._file.read(PIECE)
        self._held += piece
        return bool(piece)

    def outside(self) -> tuple[bytes, bool]:
        """What stands before the next stream, and whether there is one."""
        start = 0
        while (found := _START.search(self._held, start)) is None:
            start = max(0, len(self._held) - _MARK)
            if not self._more():
                last, self._held = self._held, b""
                return last, False
        before, self._held = self._held[: found.start()], self._held[found.end() :]
        return before, True

    def stream(self) -> Iterator[bytes]:
        """The stream that begins here, a piece at a time."""
        while (end := self._held.find(_END)) < 0:
            sure = len(self._held) - len(_END)
            if sure > 0:
                yield self._held[:sure]
                self._held = self._held[sure:]
            if not self._more():
                end = len(self._held)
                break
        body, self._held = self._held[:end], self._held[end + len(_END) :]
        yield body


def texts(data: bytes | BinaryIO) -> Iterator[str]:
    """The strings of all objects, and what streams say that are neither pages nor pictures nor fonts."""
    if isinstance(data, bytes):
        data = io.BytesIO(data)
    data.seek(0)
    read = _File(data)
    more = True
    while more:
        before, more = read.outside()
        yield from _strings(before)
        if more:
            body = read.stream()
            yield from _stream(before[before.rfind(b" obj") + 4 :], body)
            for _ in body:  # what nobody wanted to read
                pass


def _stream(head: bytes, body: Iterator[bytes]) -> Iterator[str]:
    packed = _PACKED.search(head) is not None
    if not packed and _NO_TEXT.search(head):
        return
    if b"/FlateDecode" in head:
        body = _inflated(body)
    if packed:
        yield from _strings(b"".join(body))
        return
    for part in _parted(body):
        if not _DRAWN.search(part):
            yield _as_text(part)
        else:
            # A page is read by its letters; but the real letters of shaped words stand beside them.
            for found in _ACTUAL.finditer(part):
                yield _decoded(bytes.fromhex(found[1].decode("ascii")))


def _inflated(body: Iterator[bytes]) -> Iterator[bytes]:
    inflate = zlib.decompressobj()
    try:
        for piece in body:
            while piece and not inflate.eof:
                yield inflate.decompress(piece, PIECE)
                piece = inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error:
        return


def _parted(body: Iterator[bytes]) -> Iterator[bytes]:
    """A stream's bytes whole, or, where they are long, in parts cut at the ends of lines or words."""
    held = b""
    for piece in body:
        held += piece
        if len(held) > LONG and held[:2] not in _WIDE:
            cut = max(held.rfind(b"\n"), held.rfind(b" "))
            if cut > 0:
                yield held[:cut]
                held = held[cut:]
    yield held


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
    if raw[:2] in _WIDE:
        return raw.decode("utf-16", "replace")
    if raw[:3] == b"\xef\xbb\xbf":
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("latin-1")


def _as_text(data: bytes) -> str:
    """Bytes as the text they are, UTF-8 or UTF-16; "" for what is no text."""
    wide = data[:2] in _WIDE
    try:
        return data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError:
        return ""
