"""The six lines in front of the payload: the magic line, the signature block with the header in it, an empty line.

The order matters: both signatures are verified over the raw bytes before the header is read as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

from . import minisign, strictjson
from .cards import device_id
from .limits import HEADER_BYTES, PACK_BYTES
from .refusals import bad_header, forged, newer, not_a_pack, passed_on, too_big
from .streams import HEAD_LINES, Hashes, PlaintextSink

FORMAT = "branch-evidence-pack"
MAJOR, MINOR = 1, 0
MAGIC = b"BRANCH-EVIDENCE PACK 1\n"
KINDS = ("branch", "office")
_ANY_MAGIC = re.compile(rb"BRANCH-EVIDENCE PACK [0-9]{1,9}\n")
_DEVICE_COMMENT = b"branch-evidence device key "
_UNDERSTOOD: frozenset[str] = frozenset()
_TEXTS = ("pack", "kind", "device", "device_key", "branch", "previous_sha256", "created_utc", "app", "payload_sha256")
_NUMBERS = ("minor", "number", "offset_min", "payload_len")


def make(
    header: dict[str, Any], payload: Hashes, seed: bytes, public: bytes, recipients: Sequence[str]
) -> tuple[bytes, dict[str, Any]]:
    """The head's bytes and the whole header. Raises `PackError` E-TOOBIG when the header passes 4 kB."""
    key = minisign.public_key_text(public)
    full = {
        **header,
        "format": FORMAT,
        "major": MAJOR,
        "minor": MINOR,
        "critical": [],
        "device": device_id(public),
        "device_key": key,
        "recipients": sorted(recipients),
        "payload_len": payload.size,
        "payload_sha256": payload.sha256,
    }
    text = json.dumps(full, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")
    if len(text) > HEADER_BYTES:
        raise too_big("This file has too many readers, or a name in it is too long.")
    block = minisign.sign(seed, payload.blake2b, text, _DEVICE_COMMENT + key.encode("ascii"))
    return MAGIC + block + b"\n", full


def verified(first: PlaintextSink, own_recipients: Collection[str]) -> tuple[dict[str, Any], bytes]:
    """The header and the 32-byte signing key, once everything about them holds.

    Raises `PackError` E-NOTPACK, E-NEWER, E-FORGED, E-TOOBIG, E-HEADER or E-NOTFORUS.
    """
    if not first.beginning.startswith(MAGIC):
        raise newer() if _ANY_MAGIC.match(first.beginning) else not_a_pack()
    if len(first.head) != HEAD_LINES or first.head[5] != b"":
        raise forged("its signature is missing")
    try:
        block = minisign.parse(first.head[1:5])
        key = _claimed_key(block)
        minisign.verify(block, key, first.hashes.blake2b)
    except minisign.BadBlock as problem:
        raise forged(str(problem)) from problem
    if len(block.trusted_comment) > HEADER_BYTES:
        raise too_big("The first lines of this file are longer than they may be.")
    try:
        header = strictjson.parse_object(block.trusted_comment)
    except strictjson.BadJson as problem:
        raise bad_header() from problem
    _check(header, key, first.hashes)
    if not set(own_recipients) & set(header["recipients"]):
        raise passed_on()
    return header, key


def announced_length(sink: PlaintextSink) -> int | None:
    """How long the plaintext should be, if the head came through and its own signature vouches for the header."""
    if len(sink.head) != HEAD_LINES:
        return None
    try:
        block = minisign.parse(sink.head[1:5])
        minisign.verify_comment(block, _claimed_key(block))
        length = strictjson.parse_object(block.trusted_comment).get("payload_len")
    except ValueError:
        return None
    if type(length) is not int or not 0 <= length <= PACK_BYTES:
        return None
    return sum(len(line) + 1 for line in sink.head) + length


def _check(header: dict[str, Any], key: bytes, payload: Hashes) -> None:
    critical, recipients, counts = header.get("critical"), header.get("recipients"), header.get("counts")
    if header.get("format") != FORMAT or not isinstance(critical, list) or not isinstance(recipients, list):
        raise bad_header()
    if header.get("major") != MAJOR:
        raise newer()
    if any(not isinstance(name, str) or name not in _UNDERSTOOD for name in critical):
        raise newer("This file uses something that this version of the program does not know.")
    if any(not isinstance(header.get(name), str) or not header[name].isprintable() for name in _TEXTS):
        raise bad_header()
    if any(type(header.get(name)) is not int for name in _NUMBERS):
        raise bad_header()
    if (
        header["kind"] not in KINDS
        or not re.fullmatch(r"[0-9a-f-]{36}", header["pack"])
        or not isinstance(counts, dict)
        or not all(type(each) is int for each in counts.values())
        or not all(isinstance(each, str) for each in recipients)
    ):
        raise bad_header()
    if header["device"] != device_id(key) or header["device_key"] != minisign.public_key_text(key):
        raise forged("its signature belongs to another laptop than the one it names")
    if header["payload_len"] != payload.size or header["payload_sha256"] != payload.sha256:
        raise forged("its content is not what its signed header says")


def _claimed_key(block: minisign.Block) -> bytes:
    """The key the file says it was signed with; whether anybody trusts it is decided later."""
    if not block.untrusted_comment.startswith(_DEVICE_COMMENT):
        raise minisign.BadBlock("the signature does not say whose it is")
    return minisign.read_public_key(block.untrusted_comment[len(_DEVICE_COMMENT) :].decode("ascii", "replace"))
