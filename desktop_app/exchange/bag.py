"""The bag inside a pack: BagIt 1.0 (RFC 8493) in the strict ZIP of `zipping`, with a fixed set of names.

Writing streams; the hash of every part is known only when it has been written, so the manifests come last. Reading
checks every part against the manifest, both ways, before anybody is given one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from .limits import BLOB_BYTES, FORM_BYTES
from .refusals import bad_bag, too_big
from .zipping import Member, StrictZip, directory

_BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_TAGS = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
_TAG_MANIFEST = "tagmanifest-sha256.txt"
KNOWN = frozenset(
    "data/" + name
    for name in (
        "README.txt", "revisions.jsonl", "erasures.jsonl", "receipts.jsonl", "queries.jsonl",
        "keyslots.json", "policy.json", "library.json", "registration.json",
    )
)  # fmt: skip
BLOB = re.compile(r"data/blobs/([0-9a-f]{64})")
FORM = re.compile(r"data/forms/([0-9a-f]{64})\.json")
REFERENCE = re.compile(r"data/reference/([0-9a-f]{64})\.csv")
_OPTIONAL = re.compile(r"data/[a-z][a-z0-9-]{0,40}\.(?:jsonl|json|txt)")
_MANIFEST_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_TAG_BYTES = 8_000_000


class BagWriter:
    """Streams a bag. The first pass measures; every later one gives the same bytes."""

    def __init__(self, members: Iterable[Member], info: Iterable[tuple[str, str]]) -> None:
        """``members`` are the payload (``data/…``), taken one at a time; ``info`` goes to ``bag-info.txt``."""
        self._coming: Iterator[Member] | None = iter(members)
        self._info = list(info)
        self._written: list[Member] = []

    def chunks(self) -> Iterator[bytes]:
        """The whole ZIP, in pieces."""
        if self._coming is None:
            for member in self._written:
                yield member.local_header()
                yield from member.packed()
            yield directory(self._written)
            return
        coming, self._coming = self._coming, None
        yield from self._first(_text_member("bagit.txt", _BAGIT))
        for member in coming:
            yield from self._first(member)
        payload = [member for member in self._written if member.name.startswith("data/")]
        oxum = f"{sum(member.size for member in payload)}.{len(payload)}"
        info = "".join(f"{name}: {value}\n" for name, value in [*self._info, ("Payload-Oxum", oxum)])
        yield from self._first(_text_member("bag-info.txt", info.encode("utf-8")))
        yield from self._first(_text_member("manifest-sha256.txt", _manifest(payload)))
        tags = [member for member in self._written if member.name in _TAGS]
        yield from self._first(_text_member(_TAG_MANIFEST, _manifest(tags)))
        yield directory(self._written)

    def close(self) -> None:
        """Give back the spools."""
        for member in self._written:
            member.close()

    def _first(self, member: Member) -> Iterator[bytes]:
        self._written.append(member)
        measured = member.measure()
        begun = next(measured, b"")
        yield member.local_header()
        yield begun
        yield from measured


class Bag:
    """A bag that was found whole: every name allowed, every hash right, nothing missing and nothing extra."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Read and check everything. Raises `PackError` E-ZIP, E-BAG or E-TOOBIG."""
        self._zip = StrictZip(file, size)
        self.sizes = {name: entry.size for name, entry in self._zip.entries.items()}
        for name in self.sizes:
            if name not in KNOWN and name not in _TAGS and name != _TAG_MANIFEST and not _allowed(name):
                raise bad_bag("it holds a part with a name that is not allowed")
        self._check_limits()
        self._check_manifests()

    def __contains__(self, name: object) -> bool:
        return name in self.sizes

    def names(self) -> list[str]:
        """Names of the payload, ``data/…``, as they lie in the file."""
        return [name for name in self.sizes if name.startswith("data/")]

    def unknown(self) -> list[str]:
        """Names of optional parts a newer version may have added."""
        return [name for name in self.names() if name not in KNOWN and _OPTIONAL.fullmatch(name)]

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part, in pieces."""
        return self._zip.chunks(name)

    def read(self, name: str, most: int) -> bytes:
        """A small part, whole. Raises `PackError` E-TOOBIG over ``most`` bytes."""
        if self.sizes[name] > most:
            raise too_big("A part of this file is larger than it may be.")
        return b"".join(self.chunks(name))

    def blobs(self) -> dict[str, int]:
        """The attachments that came: hash and size."""
        return {found.group(1): self.sizes[name] for name in self.sizes if (found := BLOB.fullmatch(name))}

    def _check_limits(self) -> None:
        for name, size in self.sizes.items():
            if BLOB.fullmatch(name) and size > BLOB_BYTES:
                raise too_big("An attachment in this file is larger than 64 MB.")
            if (FORM.fullmatch(name) or REFERENCE.fullmatch(name)) and size > FORM_BYTES:
                raise too_big("A form in this file is larger than 5 MB.")

    def _check_manifests(self) -> None:
        missing = [name for name in (*_TAGS, _TAG_MANIFEST) if name not in self.sizes]
        if missing:
            raise bad_bag(f"“{missing[0]}” is missing")
        if self.read("bagit.txt", 1000) != _BAGIT:
            raise bad_bag("it is not a BagIt 1.0 bag")
        self._check(_TAG_MANIFEST, set(_TAGS))
        payload = set(self.names())
        self._check("manifest-sha256.txt", payload)
        oxum = f"{sum(self.sizes[name] for name in payload)}.{len(payload)}"
        if f"\nPayload-Oxum: {oxum}\n".encode() not in b"\n" + self.read("bag-info.txt", _TAG_BYTES):
            raise bad_bag("its sizes do not add up")

    def _check(self, manifest: str, expected: set[str]) -> None:
        listed: dict[str, str] = {}
        text = self.read(manifest, _TAG_BYTES)
        if not text.isascii() or (text and not text.endswith(b"\n")):
            raise bad_bag("its list of parts cannot be read")
        for line in text.decode("ascii").split("\n")[:-1]:
            found = _MANIFEST_LINE.fullmatch(line)
            if found is None or found.group(2) in listed:
                raise bad_bag("its list of parts cannot be read")
            listed[found.group(2)] = found.group(1)
        if set(listed) != expected:
            raise bad_bag("its list of parts and its parts differ")
        for name, wanted in listed.items():
            digest = hashlib.sha256()
            for chunk in self.chunks(name):
                digest.update(chunk)
            if digest.hexdigest() != wanted:
                raise bad_bag("a part does not match its hash")
            named = BLOB.fullmatch(name) or REFERENCE.fullmatch(name)
            if named is not None and named.group(1) != wanted:
                raise bad_bag("an attachment does not match its name")


def _allowed(name: str) -> bool:
    return any(pattern.fullmatch(name) for pattern in (BLOB, FORM, REFERENCE, _OPTIONAL))


def _text_member(name: str, data: bytes) -> Member:
    return Member(name, lambda: [data], deflate=True)


def _manifest(members: Iterable[Member]) -> bytes:
    return "".join(f"{member.sha256}  {member.name}\n" for member in members).encode("ascii")
