"""The parts of a finished file, read where they stand, and a view of it that is only its pages.

Nine in ten objects of a long report are its structure and bookmarks. A reader that keeps a note of every object takes
more memory for those than for the file; whoever wants the words of pages is shown cross-references without them.
"""

from __future__ import annotations

import io
import re
import zlib
from itertools import groupby
from typing import BinaryIO, cast

from desktop_app.errors import ReportError
from desktop_app.reports.packed import APART, PACKED, PLAIN, ROW

LENGTH = re.compile(rb"/Length (\d+)")
SIZE = re.compile(rb"/Size (\d+)")
_BEGINNING = 4096
"""Bytes that hold the beginning of any stream object: its number and dictionary."""
_STREAM = re.compile(rb"\d+ 0 obj\s*(<<.*?>>)\s*stream\r?\n", re.DOTALL)
_CONTAINER = re.compile(rb"/Type\s*/ObjStm")
_ENDS = re.compile(rb"/Filter/FlateDecode/Length \d+>>$")


def cross_references(made: BinaryIO) -> tuple[bytearray, bytes]:
    """The rows of the cross-references (`ROW`, by number), and the dictionary they stand in. Raises `ReportError`."""
    made.seek(-64, io.SEEK_END)
    start = int(made.read().rpartition(b"startxref\n")[2].split()[0])
    dictionary, length = begin_stream(made, start)
    return bytearray(zlib.decompress(made.read(length))), dictionary


def begin_stream(made: BinaryIO, at: int) -> tuple[bytes, int]:
    """The dictionary and the length of the stream object at this place, the file then being where its bytes begin."""
    made.seek(at)
    found = _STREAM.match(made.read(_BEGINNING))
    length = LENGTH.search(found[1]) if found else None
    if found is None or length is None:
        raise ReportError("The report could not be read back.", safe="Nothing was written.", do="Make it again.")
    made.seek(at + found.end())
    return found[1], int(length[1])


def in_order(rows: bytearray) -> list[int]:
    """The numbers of the objects that stand on their own, all of them streams, as they follow one another."""
    some = (number for number in range(len(rows) // ROW.size) if rows[number * ROW.size] == PLAIN)
    return sorted(some, key=lambda number: place(rows, number))


def place(rows: bytearray, number: int) -> int:
    """Where the object begins, or the number of the stream it is packed in."""
    return int(ROW.unpack_from(rows, number * ROW.size)[1])


def only_pages(made: BinaryIO) -> BinaryIO:
    """The same file for reading, its last cross-references being those of its pages and what is drawn on them."""
    rows, dictionary = cross_references(made)
    kept: set[int] = set()
    dropped: set[int] = set()
    for number in in_order(rows):
        made.seek(place(rows, number))
        found = _STREAM.match(made.read(_BEGINNING))  # all but what opens a locked file is a stream
        head = found[1] if found else b""
        if _CONTAINER.search(head):
            (kept if APART in head else dropped).add(number)

    def wanted(number: int) -> bool:
        kind, where, _ = ROW.unpack_from(rows, number * ROW.size)
        return where in kept if kind == PACKED else number not in dropped

    numbers = [number for number in range(len(rows) // ROW.size) if wanted(number)]
    index = [
        (run[0], len(run))
        for _, group in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
        for run in ([number for _, number in group],)
    ]
    body = b"".join(rows[number * ROW.size : (number + 1) * ROW.size] for number in numbers)
    listed = b" ".join(b"%d %d" % pair for pair in index)
    head = _ENDS.sub(b"/Index[%s]/Length %d>>" % (listed, len(body)), dictionary)
    start = made.seek(0, io.SEEK_END)
    tail = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
    tail %= (len(rows) // ROW.size, head, body, start)
    return cast(BinaryIO, io.BufferedReader(_WithTail(made, start, tail)))


class _WithTail(io.RawIOBase):
    """A file and more bytes after its end."""

    def __init__(self, file: BinaryIO, size: int, tail: bytes) -> None:
        super().__init__()
        self._file = file
        self._size = size
        self._tail = tail
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size + len(self._tail)}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, target) -> int:  # type: ignore[no-untyped-def]
        if self._at < self._size:
            self._file.seek(self._at)
            piece = self._file.read(min(len(target), self._size - self._at))
        else:
            start = self._at - self._size
            piece = self._tail[start : start + len(target)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
