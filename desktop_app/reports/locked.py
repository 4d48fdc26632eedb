"""A finished report locked with AES-256 (ISO 32000-2 7.6, revision 6), written anew a few streams at a time.

qpdf makes the key, the dictionary that a password opens, and every enciphered byte. Streams go to it some megabytes
together, since as a whole document it would hold forty times the file. Only what stands around them is ours: each
stream in the place of the plain one, and the cross-references. That is all, because everything in a `PackedDocument` is
in a stream, and because in this revision one key serves every stream, whatever its number.
ReportLab's own encryption is broken. Reading aloud stays allowed; the owner password is random.
"""

from __future__ import annotations

import io
import re
import secrets
import zlib
from typing import BinaryIO

from desktop_app.errors import ReportError
from desktop_app.reports.finished import LENGTH, SIZE, begin_stream, cross_references, in_order, place
from desktop_app.reports.packed import PLAIN, ROW

TOGETHER = 4 * 1024 * 1024
"""Bytes of streams that qpdf enciphers at a time."""
_STRING = re.compile(rb"\(|(?<!<)<(?!<)")
_ENCIPHERED = re.compile(rb"<< /Place (\d+) /Length (\d+) >>\nstream\n")


class _Lock:
    """The key of one file, held by qpdf."""

    def __init__(self, password: str) -> None:
        import pikepdf

        self._password = password
        made = io.BytesIO()
        lock = pikepdf.Encryption(user=password, owner=secrets.token_urlsafe(24), R=6)
        with pikepdf.new() as empty:
            empty.save(made, encryption=lock, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        self._empty = made.getvalue()
        with pikepdf.open(io.BytesIO(self._empty), password=password) as opened:
            self._key = opened.encryption.encryption_key
            self.dictionary = opened.trailer["/Encrypt"].unparse(resolved=True)

    def enciphered(self, streams: list[bytes]) -> list[bytes]:
        """The streams as they stand in the locked file. Raises `ReportError`."""
        import pikepdf

        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(self._empty), password=self._password) as pdf:
            made = [pikepdf.Stream(pdf, data, Place=place) for place, data in enumerate(streams)]
            pdf.Root["/Streams"] = pikepdf.Array([pdf.make_indirect(stream) for stream in made])
            mode = pikepdf.ObjectStreamMode.disable
            pdf.save(out, encryption=True, object_stream_mode=mode, compress_streams=False)
        data = out.getvalue()
        found: dict[int, bytes] = {}
        at = 0
        while (head := _ENCIPHERED.search(data, at)) is not None:
            at = head.end() + int(head[2])
            found[int(head[1])] = data[head.end() : at]
        with pikepdf.open(out, password=self._password) as pdf:
            same = pdf.encryption.encryption_key == self._key
        if not same or sorted(found) != list(range(len(streams))):
            raise ReportError("The report could not be locked.", safe="Nothing was written.", do="Try again.")
        return [found[place] for place in range(len(streams))]


def lock(made: BinaryIO, password: str, out: BinaryIO) -> None:
    """Write the finished report ``made`` (any seekable file a `PackedDocument` wrote) to ``out``, locked.

    Raises `ReportError` for a copy for the archive, which may not have a password.
    """
    key = _Lock(password)
    rows, trailer = cross_references(made)
    numbers = in_order(rows)
    made.seek(0)
    at = out.write(made.read(place(rows, numbers[0])))
    waiting: list[tuple[int, bytes, bytes]] = []
    size = 0
    for number in numbers[:-1]:  # the last are the cross-references
        dictionary, length = begin_stream(made, place(rows, number))
        if _STRING.search(dictionary):
            raise ReportError(
                "A copy for the archive cannot have a password: PDF/A does not allow it.",
                safe="Nothing was written.",
                do="Leave out the password, or the archive copy.",
            )
        waiting.append((number, dictionary, made.read(length)))
        size += length
        if size >= TOGETHER:
            at = _written(key, waiting, rows, at, out)
            waiting, size = [], 0
    at = _written(key, waiting, rows, at, out)
    own, opener = numbers[-1], len(rows) // ROW.size
    rows += ROW.pack(PLAIN, at, 0)
    at += out.write(b"%d 0 obj\n%s\nendobj\n" % (opener, key.dictionary))
    ROW.pack_into(rows, own * ROW.size, PLAIN, at, 0)
    trailer = SIZE.sub(b"/Size %d/Encrypt %d 0 R" % (opener + 1, opener), trailer, count=1)
    _write(out, own, trailer, zlib.compress(rows))
    out.write(b"startxref\n%d\n%%%%EOF\n" % at)


def _written(key: _Lock, waiting: list[tuple[int, bytes, bytes]], rows: bytearray, at: int, out: BinaryIO) -> int:
    """Write what waits and note where each is; where the next will be."""
    done = key.enciphered([data for _, _, data in waiting])
    for (number, dictionary, _), data in zip(waiting, done, strict=True):
        ROW.pack_into(rows, number * ROW.size, PLAIN, at, 0)
        at += _write(out, number, dictionary, data)
    return at


def _write(out: BinaryIO, number: int, dictionary: bytes, data: bytes) -> int:
    head = b"%d 0 obj\n%s\nstream\n" % (number, LENGTH.sub(b"/Length %d" % len(data), dictionary, count=1))
    return out.write(head) + out.write(data) + out.write(b"\nendstream\nendobj\n")
