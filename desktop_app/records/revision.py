"""A revision: what was said, by which laptop, after what - as bytes that are signed once and never change.

The bytes are RFC 8785 canonical JSON of the members in record.md "Revision". The id and the signature are over the
bytes as received, which are kept and passed on unchanged; members this version does not know stay in them and in
`Revision.unknown`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from desktop_app.errors import PackError
from desktop_app.records.signing import BadSignature, device_id, sign_bytes, verify_bytes
from desktop_app.records.strict_json import (
    broken,
    clean,
    flag,
    moment,
    one_of,
    parse_strict_json,
    text,
    text_map,
    texts,
    whole,
)

Op = Literal["put", "withdraw", "resolve"]
State = Literal["ready", "held"]

_ID_DOMAIN = b"branch-evidence/revision/1\0"
_SIGNATURE_DOMAIN = b"branch-evidence/revision-signature/1\0"
MAX_LINE = 4 * 1024 * 1024  # packs.md "Limits"
MAX_PARENTS = 256
_REV_ID = re.compile(r"r1:[0-9a-f]{64}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class FormRef:
    """Which form, in which version, and the SHA-256 of its form package."""

    id: str
    version: str
    package: str


@dataclass(frozen=True)
class BlobRef:
    """An attachment: its content by hash; ``question`` is the leaf it answers, or empty."""

    sha256: str
    len: int
    name: str
    type: str
    shows_person: str = "not_sure"
    question: str = ""


@dataclass(frozen=True)
class Link:
    """A tie to another record (``rel`` such as ``meeting``), and to a row of it when ``row`` is not empty."""

    rel: str
    record: str
    row: str = ""


@dataclass(frozen=True)
class Stamp:
    """When, by the laptop's clock (UTC, ISO with Z), the offset shown to the person, and a counter that only rises."""

    utc: str
    offset_min: int
    counter: int

    @property
    def order(self) -> tuple[str, int]:
        """For the order on the page. It decides nothing (record.md 6)."""
        return (self.utc, self.counter)


@dataclass(frozen=True)
class Revision:
    """One signed state of one record. Members are as in record.md; treat the dictionaries as read-only."""

    record: str
    form: FormRef
    op: Op
    parents: tuple[str, ...]
    state: State
    branch_only: bool
    answers: dict[str, Any]
    typed: dict[str, str]
    aside: tuple[str, ...]
    derived: dict[str, str]
    blobs: tuple[BlobRef, ...]
    links: tuple[Link, ...]
    branch: str
    device: str
    role: str
    t: Stamp
    salt: str
    v: int = 1
    unknown: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Signed:
    """A revision with its id and the line it is stored and sent as: ``<signature base64> <bytes>``, no newline."""

    id: str
    line: bytes
    revision: Revision

    @property
    def body(self) -> bytes:
        """The canonical bytes, as received."""
        return self.line.split(b" ", 1)[1]


def new_record_id() -> str:
    return str(uuid.uuid4())


def new_salt() -> str:
    """128 random bits, so that the id of an erased revision cannot be used to guess what it said."""
    return secrets.token_hex(16)


def canonical(revision: Revision) -> bytes:
    """The RFC 8785 bytes of a revision. Parents are sorted and named once; all text is cleaned."""
    import rfc8785

    members: dict[str, Any] = dict(revision.unknown)
    members |= {
        "v": revision.v,
        "record": revision.record,
        "form": {"id": revision.form.id, "version": revision.form.version, "package": revision.form.package},
        "op": revision.op,
        "parents": sorted(set(revision.parents)),
        "state": revision.state,
        "branch_only": revision.branch_only,
        "answers": revision.answers,
        "typed": revision.typed,
        "aside": sorted(set(revision.aside)),
        "derived": revision.derived,
        "blobs": [vars(blob) for blob in revision.blobs],
        "links": [vars(link) for link in revision.links],
        "branch": revision.branch,
        "device": revision.device,
        "role": revision.role,
        "t": vars(revision.t),
        "salt": revision.salt,
    }
    return rfc8785.dumps(clean(members))


def rev_id(body: bytes) -> str:
    """``r1:`` and the SHA-256 of the bytes in their own domain."""
    return "r1:" + hashlib.sha256(_ID_DOMAIN + body).hexdigest()


def sign(revision: Revision, signing_key_seed: bytes) -> Signed:
    """Sign with the laptop's Ed25519 seed (32 bytes)."""
    body = canonical(revision)
    return _signed(sign_bytes(_SIGNATURE_DOMAIN, body, signing_key_seed) + b" " + body, body)


def verify(signed: Signed, public_key: bytes) -> None:
    """Raises `PackError` (``E-FORGED``) unless this key signed the line and belongs to the laptop it names."""
    signature, body = signed.line.split(b" ", 1)
    try:
        if device_id(public_key) != signed.revision.device:
            raise BadSignature
        verify_bytes(_SIGNATURE_DOMAIN, body, signature, public_key)
    except BadSignature as error:
        raise PackError(
            "An entry in this file was not written by the laptop it names.",
            safe="Nothing was added to your records.",
            do="Telephone the sender and ask for the file again.",
            code="E-FORGED",
        ) from error


def parse(line: bytes) -> Signed:
    """Read a line without checking its signature. Raises `PackError` (``E-REVISION``, ``E-TOOBIG``, ``E-NEWER``)."""
    if len(line) > MAX_LINE:
        raise broken("is larger than any entry may be", code="E-TOOBIG")
    signature, space, body = line.partition(b" ")
    if not space or len(signature) != 88:
        raise broken("has no signature")
    return _signed(line, body)


def _signed(line: bytes, body: bytes) -> Signed:
    return Signed(rev_id(body), line, _from_members(parse_strict_json(body)))


_KNOWN = frozenset(
    {"v", "record", "form", "op", "parents", "state", "branch_only", "answers", "typed", "aside", "derived", "blobs"}
    | {"links", "branch", "device", "role", "t", "salt"}
)


def _from_members(members: Any) -> Revision:
    if not isinstance(members, dict):
        raise broken("is not an entry")
    version = members.get("v")
    if isinstance(version, int) and not isinstance(version, bool) and version > 1:
        raise PackError(
            "An entry in this file was made by a newer version of the program.",
            safe="The file is kept; nothing was changed.",
            do="Update the program, then add the file again.",
            code="E-NEWER",
        )
    try:
        form, stamp = members["form"], members["t"]
        revision = Revision(
            record=text(members["record"]),
            form=FormRef(text(form["id"]), text(form["version"]), text(form["package"])),
            op=cast(Op, one_of(members["op"], ("put", "withdraw", "resolve"))),
            parents=tuple(texts(members["parents"])),
            state=cast(State, one_of(members["state"], ("ready", "held"))),
            branch_only=flag(members["branch_only"]),
            answers=_answers(members["answers"]),
            typed=text_map(members["typed"]),
            aside=tuple(texts(members["aside"])),
            derived=text_map(members["derived"]),
            blobs=tuple(_blob(blob) for blob in members["blobs"]),
            links=tuple(Link(text(o["rel"]), text(o["record"]), text(o.get("row") or "")) for o in members["links"]),
            branch=text(members["branch"]),
            device=text(members["device"]),
            role=text(members["role"]),
            t=Stamp(moment(stamp["utc"]), whole(stamp["offset_min"]), whole(stamp["counter"])),
            salt=text(members["salt"]),
            v=whole(version),
            unknown={name: members[name] for name in members.keys() - _KNOWN},
        )
        if str(uuid.UUID(revision.record)) != revision.record:
            raise ValueError("one record, one spelling of its number")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise broken("is not complete") from error
    if len(revision.parents) > MAX_PARENTS or not all(_REV_ID.match(parent) for parent in revision.parents):
        raise broken("names its earlier versions wrongly")
    return revision


def _blob(members: Any) -> BlobRef:
    sha256 = text(members["sha256"])
    if not _SHA256.match(sha256):
        raise ValueError("not a SHA-256")
    return BlobRef(
        sha256,
        whole(members["len"]),
        text(members["name"]),
        text(members["type"]),
        one_of(members["shows_person"], ("no", "yes", "not_sure")),
        text(members.get("question") or ""),
    )


def _answers(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("answers are not an object")
    for item in value.values():
        if isinstance(item, str):
            continue
        if isinstance(item, dict):
            _answers(item)
        elif isinstance(item, list):
            seen = set()
            for row in item:
                if not isinstance(row, dict) or not isinstance(row.get("_id"), str) or row["_id"] in seen:
                    raise ValueError("a row without an id of its own")
                seen.add(row["_id"])
                _answers(row)
        else:
            raise ValueError("an answer that is not text")
    return value
