"""The small file-like objects that stand between age, the disk and the hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from desktop_app.wanted import still_wanted

HEAD_LINES = 6
# Magic line, four signature lines (a header of 4 kB among them), an empty line.
_HEAD_BYTES = 8_000


class Writable(Protocol):
    """What pyrage writes into."""

    def write(self, data: bytes, /) -> int:
        """Take ``data``."""


class Hashes:
    """The length and both hashes of a payload."""

    def __init__(self) -> None:
        self.size = 0
        self._sha256 = hashlib.sha256()
        self._blake2b = hashlib.blake2b(digest_size=64)

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        self.size += len(data)
        self._sha256.update(data)
        self._blake2b.update(data)

    @property
    def sha256(self) -> str:
        """SHA-256, hexadecimal: in the header."""
        return self._sha256.hexdigest()

    @property
    def blake2b(self) -> bytes:
        """BLAKE2b-512: what minisign signs."""
        return self._blake2b.digest()


class PlaintextSink:
    """Takes decrypted bytes: the six lines of the head are set apart, the rest is hashed and, in pass 2, kept."""

    def __init__(self, into: Writable | None = None) -> None:
        self.head: list[bytes] = []
        self.hashes = Hashes()
        self.error: Exception | None = None
        self.beginning = b""
        self._into = into
        self._pending: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Called by pyrage, which turns what a callback raises into its own kind; `error` keeps the real one."""
        try:
            still_wanted()
            if self._pending is None:
                self._payload(data)
            else:
                self._start(self._pending + data)
        except Exception as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def _start(self, data: bytes) -> None:
        self.beginning = data[:64]
        lines = data.split(b"\n", HEAD_LINES)
        if len(lines) > HEAD_LINES:
            self._pending = None
            self.head = lines[:HEAD_LINES]
            self._payload(lines[HEAD_LINES])
        else:
            # Without six lines in this much text it is no pack; what follows is let through unread.
            self._pending = data if len(data) <= _HEAD_BYTES else None

    def _payload(self, data: bytes) -> None:
        self.hashes.update(data)
        if self._into is not None:
            self._into.write(data)


class Pull:
    """A readable file over an iterator of chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.error: Exception | None = None
        self._chunks = chunks
        self._pending = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Called by pyrage; see `PlaintextSink.write`."""
        try:
            while not self._pending:
                found = next(self._chunks, None)
                if found is None:
                    return b""
                self._pending = memoryview(found)
        except Exception as error:
            self.error = error
            raise
        given, self._pending = self._pending[:size], self._pending[size:]
        return bytes(given)


class HashingFile:
    """A writable file that counts and hashes what passes."""

    def __init__(self, file: BinaryIO) -> None:
        self.size = 0
        self.error: Exception | None = None
        self._digest = hashlib.sha256()
        self._file = file

    def write(self, data: bytes) -> int:
        """Called by pyrage; see `PlaintextSink.write`."""
        try:
            still_wanted()
            self._file.write(data)
        except Exception as error:
            self.error = error
            raise
        self.size += len(data)
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """The owner of the file flushes at the end."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, hexadecimal."""
        return self._digest.hexdigest()
