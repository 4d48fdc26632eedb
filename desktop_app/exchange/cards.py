"""Who is who: a device's keys, what it registers with the office, and the office's card.

Three key pairs a device: Ed25519 to sign, X25519 (age) to be written to, and X25519 again for the secret that office
and device share for telephone codes (packs.md: "Receipts are facts").
"""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyrage
import rfc8785
from nacl.bindings import crypto_scalarmult
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PrivateKey
from nacl.signing import SigningKey, VerifyKey

from desktop_app.records.words import six_words

from . import minisign, strictjson
from .refusals import bad_card, bad_content, newer

CARD_FORMAT = "branch-evidence-office-card"
CARD_SUFFIX = ".officecard"
_CARD_CONTEXT = b"branch-evidence/office-card/1\0"
_CARD_BYTES = 16_000
_EARLIER = 60
_ANY_SECRET = bytes(range(32))


@dataclass(frozen=True, repr=False)
class DeviceKeys:
    """The secrets of one device. They live in the encrypted store and nowhere else."""

    signing_seed: bytes
    signing_public: bytes
    age_identity: str
    age_recipient: str
    exchange_secret: bytes
    exchange_public: bytes

    @property
    def device(self) -> str:
        """The device id."""
        return device_id(self.signing_public)

    def to_json(self) -> str:
        """The secrets as text, for the encrypted store."""
        return json.dumps(
            {
                "signing_seed": _b64(self.signing_seed),
                "age_identity": self.age_identity,
                "exchange_secret": _b64(self.exchange_secret),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> DeviceKeys:
        """The inverse of `to_json`; public halves are computed."""
        found = json.loads(text)
        seed = base64.b64decode(found["signing_seed"])
        exchange = base64.b64decode(found["exchange_secret"])
        return cls(
            signing_seed=seed,
            signing_public=bytes(SigningKey(seed).verify_key),
            age_identity=found["age_identity"],
            age_recipient=str(pyrage.x25519.Identity.from_str(found["age_identity"]).to_public()),
            exchange_secret=exchange,
            exchange_public=bytes(PrivateKey(exchange).public_key),
        )


def new_device_keys() -> DeviceKeys:
    """Fresh keys from the system's random source."""
    signing = SigningKey.generate()
    identity = pyrage.x25519.Identity.generate()
    exchange = PrivateKey.generate()
    return DeviceKeys(
        signing_seed=bytes(signing),
        signing_public=bytes(signing.verify_key),
        age_identity=str(identity),
        age_recipient=str(identity.to_public()),
        exchange_secret=bytes(exchange),
        exchange_public=bytes(exchange.public_key),
    )


def new_recovery_identity() -> tuple[str, str]:
    """The office's offline recovery key: ``(AGE-SECRET-KEY-1…, age1…)``; only the second is kept."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_of(identity: str) -> str:
    """The public half (``age1…``) of an age identity. Raises `PackError` E-CONTENT for what is none."""
    try:
        return str(pyrage.x25519.Identity.from_str(identity.strip()).to_public())
    except pyrage.IdentityError as problem:
        raise bad_content("a key in it cannot be read") from problem


def device_id(signing_public: bytes) -> str:
    """First 32 hexadecimal digits of the SHA-256 of the Ed25519 public key."""
    return hashlib.sha256(signing_public).hexdigest()[:32]


def minisign_public_key(signing_public: bytes) -> str:
    """The signing key as ``minisign -P`` takes it."""
    return minisign.public_key_text(signing_public)


@dataclass(frozen=True)
class Registration:
    """What a device says of itself in every file it makes (``data/registration.json``).

    ``reply_to`` is the e-mail address its branch wants replies at; the member is left out where none was given.
    """

    device: str
    name: str
    branch: str
    role: str
    signing_key: bytes
    age: str
    exchange: bytes
    reply_to: str = ""

    @property
    def words(self) -> str:
        """Six words that stand for this device's signing key."""
        return six_words(self.signing_key)

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that travels."""
        return {
            "device": self.device,
            "name": self.name,
            "branch": self.branch,
            "role": self.role,
            "signing_key": minisign.public_key_text(self.signing_key),
            "age": self.age,
            "exchange": _b64(self.exchange),
            **({"reply_to": self.reply_to} if self.reply_to else {}),
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Registration:
        """Read what `as_dict` wrote; unknown members are left alone. Raises `PackError` E-CONTENT."""
        try:
            made = cls(
                device=_text(found, "device", 32),
                name=_text(found, "name", 200),
                branch=_text(found, "branch", 200),
                role=_text(found, "role", 200),
                signing_key=minisign.read_public_key(_text(found, "signing_key", 56)),
                age=_recipient(_text(found, "age", 100)),
                exchange=_exchange_key(_text(found, "exchange", 44)),
                reply_to=_text(found, "reply_to", 200) if "reply_to" in found else "",
            )
        except (ValueError, KeyError) as problem:
            raise bad_content("what the sender says of their computer cannot be read") from problem
        if made.device != device_id(made.signing_key):
            raise bad_content("the sender's number is not that of their signing key")
        return made


@dataclass(frozen=True)
class OfficeCard:
    """The national office's public keys, a list signed by the office itself. Recipients of every branch's file.

    ``number`` counts the lists of one signing key: a higher one takes the place of a lower. ``earlier``: recipients of
    before, which are written to no more; the office keeps reading what was made for them.
    """

    name: str
    signing_key: bytes
    age_recipient: str
    recovery_recipient: str
    exchange_key: bytes
    number: int = 1
    earlier: tuple[str, ...] = ()

    @property
    def device(self) -> str:
        """The office's device id."""
        return device_id(self.signing_key)

    @property
    def words(self) -> str:
        """Six words for the signing key, to compare by telephone; its signature vouches for the card's other keys."""
        return six_words(self.signing_key)

    def _keys(self) -> dict[str, Any]:
        return {
            "signing_key": minisign.public_key_text(self.signing_key),
            "age": self.age_recipient,
            "recovery": self.recovery_recipient,
            "exchange": _b64(self.exchange_key),
        }

    def _signed_part(self) -> dict[str, Any]:
        later = {"number": str(self.number), "earlier": list(self.earlier)} if self.number > 1 else {}
        return {"format": CARD_FORMAT, "major": 1, "name": self.name, **self._keys(), **later}


def write_card(card: OfficeCard, signing_seed: bytes) -> bytes:
    """The bytes of an ``.officecard``: readable JSON that ends with the office's own signature."""
    if bytes(SigningKey(signing_seed).verify_key) != card.signing_key:
        raise ValueError("the card names another signing key")
    part = card._signed_part()
    signature = SigningKey(signing_seed).sign(_CARD_CONTEXT + rfc8785.dumps(part)).signature
    shown = {**part, "words": card.words, "signature": _b64(signature)}
    return (json.dumps(shown, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def looks_like_card(data: bytes) -> bool:
    """True when the bytes are meant to be an office's card, whole or not."""
    return data.lstrip()[:1] == b"{" and CARD_FORMAT.encode("ascii") in data[:400]


def read_card(data: bytes) -> OfficeCard:
    """Read an ``.officecard`` and check its signature. Raises `PackError` E-CARD, or E-NEWER for another major."""
    if len(data) > _CARD_BYTES:
        raise bad_card("It is too long.")
    try:
        found = strictjson.parse_object(data)
    except strictjson.BadJson as problem:
        raise bad_card("Its text cannot be read.") from problem
    if found.get("format") != CARD_FORMAT:
        raise bad_card("It does not say that it is a card.")
    if found.get("major") != 1:
        raise newer("This office's card was made by a newer version of the program.")
    try:
        card = OfficeCard(
            name=_text(found, "name", 200),
            signing_key=minisign.read_public_key(_text(found, "signing_key", 56)),
            age_recipient=_recipient(_text(found, "age", 100)),
            recovery_recipient=_recipient(_text(found, "recovery", 100)),
            exchange_key=_exchange_key(_text(found, "exchange", 44)),
            number=int(_text({"number": "1", **found}, "number", 9)),
            earlier=tuple(_recipient(each) for each in _texts(found.get("earlier", []))),
        )
        signature = base64.b64decode(_text(found, "signature", 88), validate=True)
        signed = {key: value for key, value in found.items() if key not in ("signature", "words")}
        VerifyKey(card.signing_key).verify(_CARD_CONTEXT + rfc8785.dumps(signed), signature)
    except (ValueError, KeyError, BadSignatureError) as problem:
        raise bad_card("It was damaged or changed on its way.") from problem
    return card


def _text(found: Mapping[str, Any], name: str, most: int) -> str:
    value = found[name]
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"{name} is not a short text")
    if any(not c.isprintable() for c in value):
        raise ValueError(f"{name} holds control characters")
    return unicodedata.normalize("NFC", value)


def _texts(found: Any) -> list[str]:
    if not isinstance(found, list) or len(found) > _EARLIER or not all(isinstance(each, str) for each in found):
        raise ValueError("not a short list of texts")
    return found


def _recipient(text: str) -> str:
    try:
        return str(pyrage.x25519.Recipient.from_str(text))
    except pyrage.RecipientError as problem:
        raise ValueError("not an age recipient") from problem


def _exchange_key(text: str) -> bytes:
    """An X25519 public key, none of the few with which every secret would be nought (RFC 7748, section 6.1)."""
    raw = base64.b64decode(text, validate=True)
    if len(raw) != 32:
        raise ValueError("not a key")
    try:
        crypto_scalarmult(_ANY_SECRET, raw)
    except CryptoError as problem:
        raise ValueError("not a key") from problem
    return raw


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def is_recipient(text: str) -> bool:
    """True for an age recipient (``age1…``) that a file can be made for."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True
