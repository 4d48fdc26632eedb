"""Signatures that Debian's ``minisign`` checks: Ed25519 over BLAKE2b-512, with a signed comment.

Only the prehashed kind ("ED") is written or read. The first signature covers the payload alone; the second, *global*
one covers the first and the trusted comment, so both have to hold (minisign(1), "Signature format").
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

_PUBLIC = b"Ed"
_PREHASHED = b"ED"
UNTRUSTED = b"untrusted comment: "
TRUSTED = b"trusted comment: "


class BadBlock(ValueError):
    """The four lines are not a signature block, or it does not hold; the text says which part."""


@dataclass(frozen=True)
class Block:
    """The four lines of a signature. ``trusted_comment`` means nothing before `verify` has returned."""

    untrusted_comment: bytes
    key_id: bytes
    signature: bytes
    trusted_comment: bytes
    global_signature: bytes


def key_id(public: bytes) -> bytes:
    """The eight bytes by which minisign tells keys apart; here the start of the key's SHA-256, as of the device id."""
    return hashlib.sha256(public).digest()[:8]


def public_key_text(public: bytes) -> str:
    """A 32-byte Ed25519 public key as ``minisign -P`` takes it: 56 characters starting ``RW``."""
    return base64.b64encode(_PUBLIC + key_id(public) + public).decode("ascii")


def read_public_key(text: str) -> bytes:
    """The 32 bytes in a text made by `public_key_text`. Raises `BadBlock`."""
    raw = _unbase64(text.encode("ascii", "replace"), 42)
    if raw[:2] != _PUBLIC or raw[2:10] != key_id(raw[10:]):
        raise BadBlock("not a signing key")
    return raw[10:]


def sign(seed: bytes, blake2b: bytes, trusted_comment: bytes, untrusted_comment: bytes) -> bytes:
    """The four lines, each ended by a line feed, over a payload whose BLAKE2b-512 is given."""
    for comment in (trusted_comment, untrusted_comment):
        if b"\n" in comment or b"\r" in comment:
            raise ValueError("a comment is one line")
    key = SigningKey(seed)
    signature = key.sign(blake2b).signature
    over_all = key.sign(signature + trusted_comment).signature
    named = _PREHASHED + key_id(bytes(key.verify_key)) + signature
    return b"".join(
        (
            UNTRUSTED + untrusted_comment + b"\n",
            base64.b64encode(named) + b"\n",
            TRUSTED + trusted_comment + b"\n",
            base64.b64encode(over_all) + b"\n",
        )
    )


def parse(lines: list[bytes]) -> Block:
    """Read the four lines (without line ends). Raises `BadBlock`; nothing is verified yet."""
    if len(lines) != 4 or not lines[0].startswith(UNTRUSTED) or not lines[2].startswith(TRUSTED):
        raise BadBlock("no signature block")
    named = _unbase64(lines[1], 74)
    if named[:2] != _PREHASHED:
        raise BadBlock("a kind of signature that is not accepted")
    return Block(
        untrusted_comment=lines[0][len(UNTRUSTED) :],
        key_id=named[2:10],
        signature=named[10:],
        trusted_comment=lines[2][len(TRUSTED) :],
        global_signature=_unbase64(lines[3], 64),
    )


def verify(block: Block, public: bytes, blake2b: bytes) -> None:
    """Check the key id and both signatures. Raises `BadBlock`."""
    if block.key_id != key_id(public):
        raise BadBlock("the signature names another key")
    verify_comment(block, public)
    try:
        VerifyKey(public).verify(blake2b, block.signature)
    except BadSignatureError:
        raise BadBlock("the signature does not match the content") from None


def verify_comment(block: Block, public: bytes) -> None:
    """Check the global signature alone: it needs no payload, so it holds for a file cut short as well."""
    try:
        VerifyKey(public).verify(block.signature + block.trusted_comment, block.global_signature)
    except BadSignatureError:
        raise BadBlock("the signature does not match its header") from None


def _unbase64(text: bytes, size: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise BadBlock("not base64") from None
    # Re-encoding refuses the second spellings base64 allows, so that one signature has one form.
    if len(raw) != size or base64.b64encode(raw) != text:
        raise BadBlock("a part of the signature has the wrong length")
    return raw
