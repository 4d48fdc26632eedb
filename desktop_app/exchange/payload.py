"""What is in a pack: the parts of version 1, written from and read back into plain data.

A new version of the payload is a new module beside this one; this one stays, to read old files (packs.md "Versions").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import strictjson
from .bag import FORM, REFERENCE, Bag
from .cards import Registration
from .limits import CHUNK, FORM_BYTES, FORM_LISTS, FORM_LISTS_BYTES, LINE_BYTES, MB, REVISIONS, STRING_BYTES
from .readme import README
from .refusals import bad_content, too_big
from .zipping import Member

_SMALL_JSON = 4 * MB


@dataclass
class PackContents:
    """Everything that goes into one pack. Lines are bytes without line ends; blobs are read when they are needed."""

    registration: Registration
    revisions: Iterable[bytes] = ()
    erasures: Iterable[bytes] = ()
    receipts: Iterable[bytes] = ()
    queries: Iterable[bytes] = ()
    keyslots: dict[str, Any] | None = None
    policy: dict[str, Any] | None = None
    library: dict[str, Any] | None = None
    forms: Mapping[str, bytes] = field(default_factory=dict)
    reference: Mapping[str, bytes] = field(default_factory=dict)
    blobs: Mapping[str, Callable[[], Iterator[bytes]]] = field(default_factory=dict)


def members(contents: PackContents) -> Iterator[Member]:
    """The parts of a payload in their order. ``revisions`` and the other lines are consumed once."""
    yield _whole("data/README.txt", README)
    yield _whole("data/registration.json", to_json(contents.registration.as_dict()))
    yield Member("data/revisions.jsonl", _joined(contents.revisions), deflate=True)
    for name in ("erasures", "receipts", "queries"):
        lines = list(getattr(contents, name))
        if lines:
            yield Member(f"data/{name}.jsonl", _joined(lines), deflate=True)
    for name in ("keyslots", "policy", "library"):
        value = getattr(contents, name)
        if value is not None:
            yield _whole(f"data/{name}.json", to_json(value))
    for package in sorted(contents.forms):
        yield _whole(f"data/forms/{package}.json", contents.forms[package])
    for digest in sorted(contents.reference):
        yield _whole(f"data/reference/{digest}.csv", contents.reference[digest])
    for digest in sorted(contents.blobs):
        yield Member(f"data/blobs/{digest}", contents.blobs[digest], deflate=False, expected=digest)


def form_package(xform: bytes, lists: Mapping[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
    """A form as it travels: the bytes of ``data/forms/<package>.json`` and the list files beside it, by hash."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in lists.items()}
    text = to_json({"xform": xform.decode("utf-8"), "lists": digests})
    return text, {digests[name]: data for name, data in lists.items()}


class Payload:
    """The parts of a checked bag, each read when asked for."""

    def __init__(self, bag: Bag) -> None:
        self._bag = bag

    def registration(self) -> Registration:
        """Who the sender says they are. Raises `PackError` E-CONTENT."""
        found = self._object("data/registration.json")
        if found is None:
            raise bad_content("it does not say who made it")
        return Registration.from_dict(found)

    def revisions(self) -> Iterator[bytes]:
        """The revision lines, each ``<sig> <canonical JSON>``, for `records.revision.parse`; at most 50,000."""
        return self._lines("data/revisions.jsonl")

    def erasures(self) -> Iterator[bytes]:
        """The erase orders, each a signed line."""
        return self._lines("data/erasures.jsonl")

    def receipts(self) -> Iterator[bytes]:
        """The receipts, each a signed line."""
        return self._lines("data/receipts.jsonl")

    def queries(self) -> Iterator[bytes]:
        """The office's questions, each a signed line."""
        return self._lines("data/queries.jsonl")

    def keyslots(self) -> dict[str, Any] | None:
        """The slot that lets the office unlock this branch's records, if it was agreed to."""
        return self._object("data/keyslots.json")

    def policy(self) -> dict[str, Any] | None:
        """What the national office lays down."""
        return self._object("data/policy.json")

    def library(self) -> dict[str, Any] | None:
        """Which of the forms in the file the office wants used from now on: ``{use: {form id: package}}``."""
        return self._object("data/library.json")

    def forms(self) -> Iterator[tuple[str, bytes, dict[str, bytes]]]:
        """Each form as ``(package id, XForm, {list file name: content})``. Raises `PackError` E-CONTENT."""
        for name in self._bag.names():
            found = FORM.fullmatch(name)
            if found is None:
                continue
            form = _object(self._bag.read(name, FORM_BYTES), longest=FORM_BYTES)
            xform, lists = form.get("xform"), form.get("lists", {})
            if not isinstance(xform, str) or not isinstance(lists, dict):
                raise bad_content("a form in it cannot be read")
            yield found.group(1), xform.encode("utf-8"), self._lists(lists)

    def reference(self) -> Iterator[tuple[str, bytes]]:
        """Reference tables by hash."""
        for name in self._bag.names():
            if found := REFERENCE.fullmatch(name):
                yield found.group(1), self._bag.read(name, FORM_BYTES)

    def blobs(self) -> dict[str, int]:
        """The attachments that came: hash and size."""
        return self._bag.blobs()

    def blob(self, digest: str) -> Iterator[bytes]:
        """An attachment, in pieces; its hash was checked when the file was opened."""
        return self._bag.chunks(f"data/blobs/{digest}")

    def _lists(self, named: dict[str, Any]) -> dict[str, bytes]:
        """The list files of a form. One part may be named often: what they come to together is what counts."""
        parts = {name: f"data/reference/{digest}.csv" for name, digest in named.items()}
        if not all(part in self._bag for part in parts.values()):
            raise bad_content("a list that a form needs is missing from it")
        if len(parts) > FORM_LISTS or sum(self._bag.sizes[part] for part in parts.values()) > FORM_LISTS_BYTES:
            raise too_big("The lists of a form in this file are longer than they may be.")
        return {name: self._bag.read(part, FORM_BYTES) for name, part in parts.items()}

    def _object(self, name: str) -> dict[str, Any] | None:
        return _object(self._bag.read(name, _SMALL_JSON)) if name in self._bag else None

    def _lines(self, name: str) -> Iterator[bytes]:
        if name not in self._bag:
            return
        rest, count = b"", 0
        for chunk in self._bag.chunks(name):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LINE_BYTES or any(len(line) > LINE_BYTES for line in lines):
                raise too_big("A line in this file is longer than 4 MB.")
            count += len(lines)
            if count > REVISIONS:
                raise too_big(f"This file holds more than {REVISIONS:,} changes.")
            yield from lines
        if rest:
            raise bad_content("its last line is cut off")


def to_json(value: dict[str, Any]) -> bytes:
    """JSON as the parts hold it: sorted, UTF-8, one line feed at the end."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode("utf-8")


def _object(data: bytes, *, longest: int = STRING_BYTES) -> dict[str, Any]:
    try:
        return strictjson.parse_object(data, longest=longest)
    except strictjson.BadJson as problem:
        raise bad_content(f"a part of it cannot be read ({problem})") from problem


def _whole(name: str, data: bytes) -> Member:
    return Member(name, lambda: (data[at : at + CHUNK] for at in range(0, len(data), CHUNK)), deflate=True)


def _joined(lines: Iterable[bytes]) -> Callable[[], Iterable[bytes]]:
    def chunks() -> Iterator[bytes]:
        pending: list[bytes] = []
        size = 0
        for line in lines:
            pending.append(line)
            size += len(line)
            if size > CHUNK:
                yield b"\n".join(pending) + b"\n"
                pending, size = [], 0
        if pending:
            yield b"\n".join(pending) + b"\n"

    return chunks
