"""A small, strict dialect of ZIP: written the same twice, read only if nothing about it is unusual.

Every member is an ordinary file, stored or deflated, with its sizes and checksum in front (no data descriptors), no
extra fields, no comments, the date of 1 January 1980, one directly after the other; then the directory, then the end
record. Any ``unzip`` reads it (ISO/IEC 21320-1 without its optional parts). The standard library's reader would accept
overlaps, second names and trailing bytes, so this is our own.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from desktop_app.errors import StoreError
from desktop_app.files import Spool

from .limits import CHUNK, MEMBERS, RATIO, WRITE_RATIO
from .refusals import bad_zip, too_big

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCAL_MAGIC, _CENTRAL_MAGIC, _END_MAGIC = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_NEEDED = 20
_MADE_BY = 0x0300 | _NEEDED
_STORED, _DEFLATED = 0, 8
_DATE, _TIME = 0x0021, 0
_ATTRIBUTES = (stat.S_IFREG | 0o600) << 16
_SMALL = 64 * 1024

Source = Callable[[], Iterable[bytes]]


class Member:
    """One file to be written. Measured once (text is compressed into a spool), then written any number of times."""

    def __init__(self, name: str, source: Source, *, deflate: bool, expected: str = "") -> None:
        """``expected``: the SHA-256 the content must have; another one is an error of the store, not of a file."""
        self.name = name
        self._expected = expected
        self.sha256 = ""
        self.size = 0
        self._source = source
        self._deflate = deflate
        self._method = _STORED
        self._crc = 0
        self._packed_size = 0
        self._spool: Spool | None = None

    def measure(self) -> Iterator[bytes]:
        """Find sizes, checksum and hash; then yield the bytes as they stand in the ZIP."""
        if self._deflate:
            self._compress()
            yield from self.packed()
            return
        # Attachments are bounded (25 MB), so one is held whole rather than read from the database a third time.
        whole = b"".join(self._source())
        self._note(len(whole), len(whole), zlib.crc32(whole), hashlib.sha256(whole).hexdigest(), _STORED)
        if self._expected and self.sha256 != self._expected:
            raise StoreError(
                "An attachment on this computer is not what it was when it was attached.",
                safe="Nothing was made, and the records themselves are whole.",
                do="Attach the document again, then make the file.",
                code="E-HASH",
            )
        for at in range(0, len(whole), CHUNK):
            yield whole[at : at + CHUNK]

    def packed(self) -> Iterator[bytes]:
        """The bytes as they stand in the ZIP, again."""
        if self._spool is None:
            yield from self._source()
            return
        reader = self._spool.reader()
        while chunk := reader.read(CHUNK):
            yield chunk

    def local_header(self) -> bytes:
        """The header in front of the bytes."""
        name = self.name.encode("ascii")
        return (
            _LOCAL.pack(
                _LOCAL_MAGIC, _NEEDED, 0, self._method, _TIME, _DATE, self._crc, self._packed_size,
                self.size, len(name), 0,
            )
            + name
        )  # fmt: skip

    def central_header(self, offset: int) -> bytes:
        """The entry in the directory."""
        name = self.name.encode("ascii")
        return (
            _CENTRAL.pack(
                _CENTRAL_MAGIC, _MADE_BY, _NEEDED, 0, self._method, _TIME, _DATE, self._crc, self._packed_size,
                self.size, len(name), 0, 0, 0, 0, _ATTRIBUTES, offset,
            )
            + name
        )  # fmt: skip

    @property
    def span(self) -> int:
        """Bytes the member takes before the directory."""
        return _LOCAL.size + len(self.name) + self._packed_size

    def close(self) -> None:
        """Give back the spool."""
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def _compress(self) -> None:
        spool = Spool()
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        size, crc, digest, packed_size = 0, 0, hashlib.sha256(), 0
        for chunk in self._source():
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            digest.update(chunk)
            packed = packer.compress(chunk)
            packed_size += len(packed)
            spool.write(packed)
        packed = packer.flush()
        packed_size += len(packed)
        spool.write(packed)
        if size > _SMALL and size > WRITE_RATIO * packed_size:
            # A reader refuses what looks like a bomb; monotonous text goes in plain.
            spool.close()
            spool = Spool()
            for chunk in self._source():
                spool.write(chunk)
            packed_size = size
            self._spool = spool
            self._note(size, packed_size, crc, digest.hexdigest(), _STORED)
            return
        self._spool = spool
        self._note(size, packed_size, crc, digest.hexdigest(), _DEFLATED)

    def _note(self, size: int, packed_size: int, crc: int, sha256: str, method: int) -> None:
        self.size, self._packed_size, self._crc, self.sha256, self._method = size, packed_size, crc, sha256, method


def directory(members: list[Member]) -> bytes:
    """The central directory and the end record for members written in this order from offset 0."""
    offset, entries = 0, []
    for member in members:
        entries.append(member.central_header(offset))
        offset += member.span
    listed = b"".join(entries)
    return listed + _END.pack(_END_MAGIC, 0, 0, len(members), len(members), len(listed), offset, 0)


@dataclass(frozen=True)
class Entry:
    """One member of a ZIP that was found regular. ``start`` is where its bytes begin."""

    name: str
    size: int
    packed_size: int
    crc: int
    deflated: bool
    start: int


class StrictZip:
    """Reads a ZIP of the dialect above from a seekable file. Raises `PackError` E-ZIP or E-TOOBIG when made."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.entries: dict[str, Entry] = {}
        self._read_directory(size)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a member, in pieces, checked against its size and checksum as it streams."""
        entry = self.entries[name]
        crc, size = 0, 0
        for chunk in self._inflated(entry) if entry.deflated else self._raw(entry):
            size += len(chunk)
            if size > entry.size:
                raise bad_zip("a part is longer than it says")
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if size != entry.size or crc != entry.crc:
            raise bad_zip("a part does not match its checksum")

    def _raw(self, entry: Entry) -> Iterator[bytes]:
        at, left = entry.start, entry.packed_size
        while left:
            self._file.seek(at)
            chunk = self._file.read(min(CHUNK, left))
            if not chunk:
                raise bad_zip("it ends too early")
            at += len(chunk)
            left -= len(chunk)
            yield chunk

    def _inflated(self, entry: Entry) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(-15)
        try:
            for packed in self._raw(entry):
                if unpacker.eof:
                    raise bad_zip("a part goes on after its end")
                while packed:
                    yield unpacker.decompress(packed, CHUNK)
                    packed = unpacker.unconsumed_tail
        except zlib.error:
            raise bad_zip("a part cannot be unpacked") from None
        if not unpacker.eof or unpacker.unused_data:
            raise bad_zip("a part does not end where it says")

    def _read_directory(self, size: int) -> None:
        if size < _END.size:
            raise bad_zip("it has no directory")
        end = self._take(size - _END.size, _END.size)
        magic, disk, disk2, here, total, length, offset, comment = _END.unpack(end)
        if magic != _END_MAGIC or disk or disk2 or comment or here != total:
            raise bad_zip("its last lines are unusual")
        if total > MEMBERS:
            raise too_big(f"This file has more than {MEMBERS:,} parts.")
        if offset + length != size - _END.size:
            raise bad_zip("its directory is not where it says")
        listed = self._take(offset, length)
        at, expected = 0, 0
        for _ in range(total):
            entry, at, expected = self._entry(listed, at, expected)
            if entry.name.lower() in self.entries:
                raise bad_zip("a name stands twice in it")
            self.entries[entry.name] = entry
        if at != length or expected != offset:
            raise bad_zip("there are bytes in it that belong to nothing")
        if len({name.lower() for name in self.entries}) != total:
            raise bad_zip("a name stands twice in it")

    def _entry(self, listed: bytes, at: int, expected: int) -> tuple[Entry, int, int]:
        if at + _CENTRAL.size > len(listed):
            raise bad_zip("its directory is too short")
        (
            magic, _made_by, needed, flags, method, time, date, crc, packed_size, size,
            name_len, extra_len, comment_len, disk, internal, attributes, offset,
        ) = _CENTRAL.unpack_from(listed, at)  # fmt: skip
        kind = stat.S_IFMT(attributes >> 16)
        if (
            magic != _CENTRAL_MAGIC
            or needed > _NEEDED
            or flags
            or method not in (_STORED, _DEFLATED)
            or extra_len
            or comment_len
            or disk
            or internal & ~1
            or kind not in (0, stat.S_IFREG)
            or attributes & 0x18
            or offset != expected
        ):
            raise bad_zip("an entry of its directory is unusual")
        at += _CENTRAL.size
        raw_name = listed[at : at + name_len]
        at += name_len
        if len(raw_name) != name_len or not raw_name.isascii() or not 0 < name_len <= 200:
            raise bad_zip("a name in it is unusual")
        local = self._take(offset, _LOCAL.size + name_len)
        wanted = _LOCAL.pack(_LOCAL_MAGIC, needed, flags, method, time, date, crc, packed_size, size, name_len, 0)
        if local != wanted + raw_name:
            raise bad_zip("a part and its directory entry differ")
        if method == _STORED and size != packed_size:
            raise bad_zip("a stored part has two sizes")
        if size > _SMALL and size > RATIO * packed_size:
            raise too_big("A part of this file would unpack to far more than a file of this program ever holds.")
        start = offset + _LOCAL.size + name_len
        entry = Entry(raw_name.decode("ascii"), size, packed_size, crc, method == _DEFLATED, start)
        return entry, at, start + packed_size

    def _take(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        found = self._file.read(length)
        while len(found) < length and (more := self._file.read(length - len(found))):
            found += more
        if len(found) != length:
            raise bad_zip("it ends too early")
        return found
