"""A revision: what was said, by which laptop, after what - as bytes that are signed once and never change.

The bytes are RFC 8785 canonical JSON of the members in record.md "Revision". The id and the signature are over the
bytes as received, which are kept and passed on unchanged; members this version does not know stay in them and in
`Revision.unknown`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import secrets
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, cast

from desktop_app.errors import PackError

Op = Literal["put", "withdraw", "resolve"]
State = Literal["ready", "held"]

_ID_DOMAIN = b"branch-evidence/revision/1\0"
_SIGNATURE_DOMAIN = b"branch-evidence/revision-signature/1\0"
MAX_LINE = 4 * 1024 * 1024  # packs.md "Limits"
MAX_STRING = 1024 * 1024
MAX_DEPTH = 32
MAX_PARENTS = 256
_DROPPED = re.compile("[\0\ud800-\udfff]")
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


def clean_text(text: str) -> str:
    """NFC, without NUL and lone surrogates: how text enters a record (record.md)."""
    if text.isascii():
        return text.replace("\0", "")
    return unicodedata.normalize("NFC", _DROPPED.sub("", text))


def clean(value: Any) -> Any:
    """`clean_text` on every key and text inside a JSON value; tuples become lists."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(key): clean(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


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


def sign_bytes(domain: bytes, body: bytes, signing_key_seed: bytes) -> bytes:
    """The base64 Ed25519 signature over ``domain + body``. Every kind of signed thing has its own domain."""
    from nacl.signing import SigningKey

    return base64.b64encode(SigningKey(signing_key_seed).sign(domain + body).signature)


def verify_bytes(domain: bytes, body: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether the base64 ``signature`` over ``domain + body`` was made by ``public_key``."""
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    try:
        VerifyKey(public_key).verify(domain + body, base64.b64decode(signature, validate=True))
    except (BadSignatureError, ValueError, binascii.Error):
        return False
    return True


def public_key(signing_key_seed: bytes) -> bytes:
    """The Ed25519 public key (32 bytes) of a seed."""
    from nacl.signing import SigningKey

    return bytes(SigningKey(signing_key_seed).verify_key)


@lru_cache(maxsize=1024)
def device_id(public_key: bytes) -> str:
    """The laptop's id: the first 32 hex digits of the SHA-256 of its signing key."""
    return hashlib.sha256(public_key).hexdigest()[:32]


def verify(signed: Signed, public_key: bytes) -> None:
    """Raises `PackError` (``E-FORGED``) unless this key signed the line and belongs to the laptop it names."""
    signature, body = signed.line.split(b" ", 1)
    if device_id(public_key) != signed.revision.device or not verify_bytes(
        _SIGNATURE_DOMAIN, body, signature, public_key
    ):
        raise PackError(
            "An entry in this file was not written by the laptop it names.",
            safe="Nothing was added to your records.",
            do="Telephone the sender and ask for the file again.",
            code="E-FORGED",
        )


def parse(line: bytes) -> Signed:
    """Read a line without checking its signature. Raises `PackError` (``E-REVISION``, ``E-TOOBIG``, ``E-NEWER``)."""
    if len(line) > MAX_LINE:
        raise _broken("is larger than any entry may be", code="E-TOOBIG")
    signature, space, body = line.partition(b" ")
    if not space or len(signature) != 88:
        raise _broken("has no signature")
    return _signed(line, body)


def parse_strict_json(body: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """JSON without duplicate names, fractions, NaN, deep nesting or lone surrogates. Raises `PackError`."""
    if _too_deep(body, max_depth):
        raise _broken("is nested too deeply", code="E-TOOBIG")
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
            parse_int=_small_int,
        )
    except (ValueError, RecursionError) as error:
        raise _broken("cannot be read") from error


def _too_deep(body: bytes, limit: int) -> bool:
    if body.count(b"{") + body.count(b"[") <= limit:
        return False
    depth, inside, skip = 0, False, False
    for byte in body:
        if skip:
            skip = False
        elif inside:
            if byte == 0x5C:
                skip = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"{[":
            depth += 1
            if depth > limit:
                return True
        elif byte in b"}]":
            depth -= 1
    return False


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _no_fraction(text: str) -> Any:
    raise ValueError(f"not a whole number: {text[:20]}")


def _small_int(text: str) -> int:
    if len(text) > 17:
        raise ValueError("number too large")
    return int(text)


def _broken(how: str, *, code: str = "E-REVISION") -> PackError:
    return PackError(
        f"An entry in this file {how}.",
        safe="Nothing was added to your records.",
        do="Ask the sender for the file again.",
        code=code,
    )


def _signed(line: bytes, body: bytes) -> Signed:
    members = parse_strict_json(body)
    if len(body) > MAX_STRING or b"\\u" in body:
        # Without an escape no text can hold a NUL or half a character: the UTF-8 itself was checked.
        _check_text(members)
    return Signed(rev_id(body), line, _from_members(members))


_KNOWN = frozenset(
    {"v", "record", "form", "op", "parents", "state", "branch_only", "answers", "typed", "aside", "derived", "blobs"}
    | {"links", "branch", "device", "role", "t", "salt"}
)


def _from_members(members: Any) -> Revision:
    if not isinstance(members, dict):
        raise _broken("is not an entry")
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
            record=_text(members["record"]),
            form=FormRef(_text(form["id"]), _text(form["version"]), _text(form["package"])),
            op=cast(Op, _one_of(members["op"], ("put", "withdraw", "resolve"))),
            parents=tuple(_texts(members["parents"])),
            state=cast(State, _one_of(members["state"], ("ready", "held"))),
            branch_only=_flag(members["branch_only"]),
            answers=_answers(members["answers"]),
            typed=_text_map(members["typed"]),
            aside=tuple(_texts(members["aside"])),
            derived=_text_map(members["derived"]),
            blobs=tuple(_blob(blob) for blob in members["blobs"]),
            links=tuple(Link(_text(o["rel"]), _text(o["record"]), _text(o.get("row") or "")) for o in members["links"]),
            branch=_text(members["branch"]),
            device=_text(members["device"]),
            role=_text(members["role"]),
            t=Stamp(_text(stamp["utc"]), _whole(stamp["offset_min"]), _whole(stamp["counter"])),
            salt=_text(members["salt"]),
            v=_whole(version),
            unknown={name: members[name] for name in members.keys() - _KNOWN},
        )
        uuid.UUID(revision.record)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken("is not complete") from error
    if len(revision.parents) > MAX_PARENTS or not all(_REV_ID.match(parent) for parent in revision.parents):
        raise _broken("names its earlier versions wrongly")
    return revision


def _check_text(value: Any) -> None:
    """Every text within the limit, and none that could not be written out again."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if len(item) > MAX_STRING:
                raise _broken("holds a text larger than any may be", code="E-TOOBIG")
            if "\0" in item or (not item.isascii() and _DROPPED.search(item)):
                raise _broken("holds characters that are not text")
        elif isinstance(item, dict):
            stack += item
            stack += item.values()
        elif isinstance(item, list):
            stack += item


def _blob(members: Any) -> BlobRef:
    sha256 = _text(members["sha256"])
    if not _SHA256.match(sha256):
        raise ValueError("not a SHA-256")
    return BlobRef(
        sha256,
        _whole(members["len"]),
        _text(members["name"]),
        _text(members["type"]),
        _one_of(members["shows_person"], ("no", "yes", "not_sure")),
        _text(members.get("question") or ""),
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


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("not a list")
    return [_text(item) for item in value]


def _text_map(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise ValueError("not texts by name")
    return value


def _one_of(value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError("not one of the words allowed")
    return cast(str, value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not yes or no")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a whole number")
    return value
