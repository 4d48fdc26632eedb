"""What the office says it holds: signed facts, and eight characters for the telephone.

A receipt commands nothing and deletes nothing; taking one in twice changes nothing (packs.md: "Receipts are facts").
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from nacl.bindings import crypto_scalarmult
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from . import strictjson
from .refusals import bad_content

_CONTEXT = b"branch-evidence/receipt/1\0"
_SECRET_CONTEXT = b"branch-evidence/telephone-secret/1\0"
_CODE_CONTEXT = b"branch-evidence/telephone-code/1\0"
# Crockford's alphabet: no I, L, O or U to be misheard.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = _ALPHABET + "*~$=U"
_MISHEARD = str.maketrans("OIL", "011")
OUTCOME_HELD, OUTCOME_PART = "held", "part"


@dataclass(frozen=True)
class Receipt:
    """What became of one pack at the office. Revision ids are in one of the four lists each."""

    pack: str
    payload_sha256: str
    number: int
    device: str
    branch: str
    office: str
    utc: str
    held: tuple[str, ...]
    known: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    not_held: tuple[str, ...] = ()
    blobs_missing: tuple[str, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """``held`` when all of the pack is at the office, ``part`` when some of it is not."""
        return OUTCOME_PART if self.waiting or self.not_held or self.blobs_missing else OUTCOME_HELD

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that is signed."""
        return {
            **self.unknown,
            "v": 1,
            "pack": self.pack,
            "payload_sha256": self.payload_sha256,
            "number": self.number,
            "device": self.device,
            "branch": self.branch,
            "office": self.office,
            "utc": self.utc,
            "held": sorted(self.held),
            "known": sorted(self.known),
            "waiting": sorted(self.waiting),
            "not_held": sorted(self.not_held),
            "blobs_missing": sorted(self.blobs_missing),
        }


def sign_receipt(receipt: Receipt, signing_seed: bytes) -> bytes:
    """The line ``<sig base64> <canonical JSON>``, without a line end."""
    body = rfc8785.dumps(receipt.as_dict())
    signature = SigningKey(signing_seed).sign(_CONTEXT + body).signature
    return base64.b64encode(signature) + b" " + body


def read_receipt(line: bytes, office_key: bytes) -> Receipt:
    """Read and verify a line made by `sign_receipt`. Raises `PackError` E-CONTENT."""
    signature, _, body = line.partition(b" ")
    try:
        VerifyKey(office_key).verify(_CONTEXT + body, base64.b64decode(signature, validate=True))
    except (BadSignatureError, binascii.Error, ValueError) as problem:
        raise bad_content("a receipt in it was not signed by the office") from problem
    try:
        found = strictjson.parse_object(body)
        return _receipt(found)
    except (strictjson.BadJson, KeyError, TypeError, ValueError) as problem:
        raise bad_content("a receipt in it cannot be read") from problem


def shared_secret(own_secret: bytes, their_public: bytes) -> bytes:
    """The secret office and device have in common: X25519 of one's secret half and the other's public half."""
    return hashlib.sha256(_SECRET_CONTEXT + crypto_scalarmult(own_secret, their_public)).digest()


def telephone_code(secret: bytes, pack: str, payload_sha256: str, outcome: str) -> str:
    """Eight characters and a check character to read out: ``K7QM-2XHP-4``."""
    digest = hmac.digest(secret, _CODE_CONTEXT + "\0".join((pack, payload_sha256, outcome)).encode(), "sha256")
    number = int.from_bytes(digest[:5], "big")
    letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}-{_CHECK[number % 37]}"


def mistyped(code: str) -> bool:
    """True when the check character shows that the code was heard or typed wrongly: that does not count as a try."""
    plain = _plain(code)
    if len(plain) != 9 or any(c not in _ALPHABET for c in plain[:8]):
        return True
    number = 0
    for c in plain[:8]:
        number = number * 32 + _ALPHABET.index(c)
    return _CHECK[number % 37] != plain[8]


def outcome_of(code: str, secret: bytes, pack: str, payload_sha256: str) -> str | None:
    """``held`` or ``part`` if the code stands for this pack, else None."""
    given = _plain(code).encode()
    for outcome in (OUTCOME_HELD, OUTCOME_PART):
        if hmac.compare_digest(given, _plain(telephone_code(secret, pack, payload_sha256, outcome)).encode()):
            return outcome
    return None


def _plain(code: str) -> str:
    kept = re.sub(r"[\s-]", "", code.upper())
    return kept[:8].translate(_MISHEARD) + kept[8:]


def _receipt(found: dict[str, Any]) -> Receipt:
    if found["v"] != 1:
        raise ValueError("another version")
    names = ("held", "known", "waiting", "not_held", "blobs_missing")
    lists: dict[str, Any] = {}
    for name in names:
        value = found[name]
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError("not a list of names")
        lists[name] = tuple(value)
    texts = ("pack", "payload_sha256", "device", "branch", "office", "utc")
    if not all(isinstance(found[name], str) for name in texts) or type(found["number"]) is not int:
        raise ValueError("not a receipt")
    known = {*names, *texts, "v", "number"}
    return Receipt(
        number=found["number"],
        unknown={key: value for key, value in found.items() if key not in known},
        **{name: found[name] for name in texts},
        **lists,
    )
