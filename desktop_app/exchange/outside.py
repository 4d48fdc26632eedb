"""The outside of a file: what can be said about it without any key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, BinaryIO

from .limits import AGE_HEADER_BYTES, AGE_STANZAS, PACK_BYTES
from .refusals import cut_short, damaged, not_age, too_big

AGE_MAGIC = b"age-encryption.org/v1\n"
_CHUNK, _TAG, _NONCE = 64 * 1024, 16, 16
# The letter to the reader and the bag's own lists alone take more than this.
_LEAST_PLAINTEXT = 2_000


@dataclass(frozen=True)
class Outside:
    """An age file from outside: its size, the length of its header, and the kinds of readers it names."""

    bytes: int
    header_bytes: int
    stanzas: tuple[str, ...]

    @property
    def recipients(self) -> int:
        """How many readers it was made for (decoys that age programs add are not counted)."""
        return sum(1 for kind in self.stanzas if kind == "X25519")

    def as_json(self) -> dict[str, Any]:
        """What ``verify`` prints when it has no key."""
        return {"age": True, "recipients": self.recipients, "stanzas": list(self.stanzas), "bytes": self.bytes}


def age_length(plaintext: int) -> int:
    """Bytes age makes of so many, header not counted (age v1: nonce, then chunks of 64 KiB with a tag each)."""
    return _NONCE + plaintext + _TAG * max(1, -(-plaintext // _CHUNK))


def look(file: BinaryIO) -> Outside:
    """Read size and age header. Raises `PackError` E-TOOBIG, E-NOTAGE, E-TRUNCATED or E-DAMAGED."""
    size = file.seek(0, os.SEEK_END)
    if size > PACK_BYTES:
        raise too_big("This file is larger than 1 GB; a file for the office never is.")
    file.seek(0)
    start = file.read(AGE_HEADER_BYTES)
    if not start.startswith(AGE_MAGIC):
        raise cut_short() if AGE_MAGIC.startswith(start) else not_age(start)
    stanzas, at = [], len(AGE_MAGIC)
    while True:
        end = start.find(b"\n", at)
        if end < 0:
            if size <= AGE_HEADER_BYTES:
                raise cut_short()
            raise damaged("its first lines cannot be read")
        line = start[at:end]
        at = end + 1
        if line.startswith(b"--- "):
            break
        if line.startswith(b"-> "):
            stanzas.append(line[3:].split(b" ")[0].decode("ascii", "replace"))
        if len(stanzas) > AGE_STANZAS:
            raise damaged("its first lines cannot be read")
    if size - at < age_length(_LEAST_PLAINTEXT):
        raise cut_short()
    return Outside(size, at, tuple(stanzas))
