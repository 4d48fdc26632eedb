"""The data key and its slots: passphrase, spare key on paper, the office's recovery key.

``keys.json`` lies beside the database and can be read without a key; it holds only wrapped copies of one random 256-bit
data key. Each slot carries all its parameters and a SHA-256 over itself, so that damage, a typing error and a wrong
passphrase are three different messages. A second copy, ``keys-copy.json``, is used when the first is
damaged. Changing the passphrase wraps the same data key anew; the database is not touched.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app import files
from desktop_app.errors import KeySlotError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import slot_file
from desktop_app.storage.spare_key import (
    check_group,
    check_spare_key,
    looks_like_one,
    new_spare_key_text,
    spare_key_groups,
    wrapping_key,
)

__all__ = [
    "DEFAULT_COST",
    "KdfCost",
    "Strength",
    "add_office_slot",
    "add_rescue_slot",
    "change_passphrase",
    "check_group",
    "check_spare_key",
    "create_slots",
    "kinds",
    "new_data_key",
    "new_spare_key",
    "office_recipient",
    "open_rescue_file",
    "open_slots_with_office_key",
    "open_with_office_key",
    "open_with_passphrase",
    "open_with_spare_key",
    "remove_slot",
    "rescue_slot",
    "seal",
    "slots_bytes",
    "spare_key_groups",
    "strength",
    "unseal",
    "write_slots",
]

KEY_BYTES = 32
_SLOT_DOMAIN = b"branch-evidence/slot/1\0"
_OFFICE_DOMAIN = b"branch-evidence/office-slot/1\0"
_MIB = 1024 * 1024
_MAX_MEMORY = 2048 * _MIB  # a damaged or hostile file must not make the computer stand still
_MAX_ROUNDS = 64


@dataclass(frozen=True)
class KdfCost:
    """Argon2id: ``t`` rounds over ``m_bytes`` of memory, one lane."""

    t: int = 3
    m_bytes: int = 256 * _MIB


DEFAULT_COST = KdfCost()


@dataclass(frozen=True)
class Strength:
    """How hard a passphrase is to guess: ``score`` 0 to 4, and the sentence to show."""

    score: int
    sentence: str


# ---- making and opening --------------------------------------------------------------------------------------------


def new_data_key() -> bytes:
    """A random 256-bit key for a new database."""
    return os.urandom(KEY_BYTES)


def create_slots(paths: ProfilePaths, data_key: bytes, passphrase: str, cost: KdfCost = DEFAULT_COST) -> str:
    """Write the passphrase slot and the spare-key slot; answer the spare key to print (eight groups of five).

    Raises `FileProblem` when it cannot be written, `KeySlotError` when slots are there already.
    """
    if paths.exists():
        raise KeySlotError(
            "Records were already set up in this folder.",
            safe="Nothing was changed.",
            do="Unlock them, or choose another folder.",
            code="E-EXISTS",
        )
    spare, slot = _spare_slot(data_key)
    slot_file.write(paths, [_passphrase_slot(data_key, passphrase, cost), slot])
    return spare


def remove_slots(paths: ProfilePaths) -> None:
    """Take away the slots of a set-up that did not come to its end: nobody has seen its spare key. Raises `FileProblem`."""
    files.remove(paths.keys_copy)
    files.remove(paths.keys)


def open_with_passphrase(paths: ProfilePaths, passphrase: str) -> bytes:
    """The data key. Raises `KeySlotError`: ``E-PASSPHRASE`` (wrong), ``E-KEYDAMAGED`` (the key file is damaged)."""
    slot = slot_file.slot_of(slot_file.read(paths), "passphrase")
    try:
        wrapping = _stretch(passphrase, slot_file.bytes_of(slot["kdf"]["salt"]), _cost_of(slot))
    except (KeyError, TypeError, ValueError) as error:
        raise slot_file.damaged() from error
    data_key = _unwrap(slot, wrapping)
    if data_key is None:
        raise KeySlotError(
            "The passphrase is not right.",
            safe="Your records are untouched.",
            do="What you typed looks like the spare key on paper: choose “The spare key on paper” and type it there."
            if looks_like_one(passphrase)
            else "Check capital letters and the keyboard language, and try again; or use the spare key on paper.",
            code="E-PASSPHRASE",
        )
    return data_key


def open_with_spare_key(paths: ProfilePaths, text: str) -> bytes:
    """The data key from the printed spare key, or from the groups the office reads out once its file is here.

    Raises `KeySlotError`: ``E-SPAREKEYTYPO`` (a typing error, saying which group), ``E-SPAREKEYWRONG`` (typed well, but
    of other records), ``E-KEYDAMAGED``.
    """
    check_spare_key(text)
    # The groups the office reads out open the slot it sent; the sheet goes on opening its own.
    slots = [slot for slot in slot_file.read(paths) if slot.get("kind") in ("spare", "rescue")]
    data_key = _opened(slots, text)
    if data_key is not None:
        return data_key
    with_office = any(slot["kind"] == "rescue" for slot in slots)
    raise KeySlotError(
        "This spare key was typed correctly, but it does not belong to these records.",
        safe="Your records are untouched.",
        do="Look for the sheet with the date on which these records were set up, or the newest sheet you printed."
        + (" Groups that the office read out open only with the newest file it sent you." if with_office else ""),
        code="E-SPAREKEYWRONG",
    )


def open_rescue_file(data: bytes, groups: str) -> bytes:
    """The data key from the office's file and the groups it reads out; nothing is written.

    Raises `KeySlotError`: ``E-NORESCUE``, ``E-SPAREKEYTYPO``, ``E-SPAREKEYWRONG``.
    """
    slot = _rescue_of(data)
    check_spare_key(groups)
    data_key = _opened([slot], groups)
    if data_key is None:
        raise KeySlotError(
            "The groups were typed correctly, but they do not belong to this file from the office.",
            safe="Your records are untouched.",
            do="Ask the office which file goes with the groups it read out: each file has its own.",
            code="E-SPAREKEYWRONG",
        )
    return data_key


def _opened(slots: list[dict[str, Any]], groups: str) -> bytes | None:
    wrapping = wrapping_key(groups)
    return next((key for slot in slots if (key := _unwrap(slot, wrapping)) is not None), None)


def open_with_office_key(paths: ProfilePaths, identity: str) -> bytes:
    """The data key through the office's recovery slot, as `open_slots_with_office_key`, from this folder's key file."""
    return open_slots_with_office_key(slot_file.encode(slot_file.read(paths)), identity)


def open_slots_with_office_key(data: bytes, identity: str) -> bytes:
    """The data key from slots that travelled in a file. ``identity``: the recovery secret (AGE-SECRET-KEY-1…).

    Raises `KeySlotError`: ``E-NOOFFICESLOT``, ``E-OFFICEKEYWRONG``, ``E-KEYDAMAGED``.
    """
    import pyrage

    try:
        slot = slot_file.slot_of(slot_file.decode(data), "office")
    except KeySlotError as error:
        if error.code != "E-NOSLOT":
            raise
        raise KeySlotError(
            "The national office was not given a way to unlock these records.",
            safe="Your records are untouched.",
            do="Use the passphrase or the spare key on paper.",
            code="E-NOOFFICESLOT",
        ) from error
    try:
        plain: bytes = pyrage.decrypt(slot_file.bytes_of(slot["box"]), [pyrage.x25519.Identity.from_str(identity.strip())])
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise KeySlotError(
            "This recovery key is not the one these records were made for.",
            safe="The records are untouched.",
            do="Use the recovery key that belonged to the office when the records were set up.",
            code="E-OFFICEKEYWRONG",
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise slot_file.damaged() from error
    if not plain.startswith(_OFFICE_DOMAIN) or len(plain) != len(_OFFICE_DOMAIN) + KEY_BYTES:
        raise slot_file.damaged()
    return plain[len(_OFFICE_DOMAIN) :]


# ---- changing ------------------------------------------------------------------------------------------------------


def change_passphrase(paths: ProfilePaths, data_key: bytes, new_passphrase: str, cost: KdfCost = DEFAULT_COST) -> None:
    """Wrap the same data key under a new passphrase; the other slots stay. Raises `FileProblem`, `KeySlotError`."""
    slot_file.replace(paths, "passphrase", _passphrase_slot(data_key, new_passphrase, cost))


def new_spare_key(paths: ProfilePaths, data_key: bytes) -> str:
    """Make the old sheet worthless and answer a new spare key."""
    spare, slot = _spare_slot(data_key)
    slot_file.write(paths, [*(other for other in slot_file.read(paths) if other.get("kind") not in ("spare", "rescue")), slot])
    return spare


def rescue_slot(data_key: bytes) -> tuple[str, bytes]:
    """At the office, for a branch that forgot its passphrase: groups to read out, and a file to send.

    The file is worthless without the groups, and both are worthless without the branch's computer.
    """
    spare = new_spare_key_text()
    slot = slot_file.sealed({"kind": "rescue", "kdf": {"name": "blake2b"}, **_wrap("rescue", wrapping_key(spare), data_key)})
    return spare, slot_file.encode([slot])


def add_rescue_slot(paths: ProfilePaths, data: bytes) -> None:
    """Take the office's file beside these records. Raises `KeySlotError` E-NORESCUE; nothing else is changed by it."""
    slot_file.replace(paths, "rescue", _rescue_of(data))


def _rescue_of(data: bytes) -> dict[str, Any]:
    try:
        return slot_file.slot_of(slot_file.decode(data), "rescue")
    except KeySlotError as error:
        raise KeySlotError(
            "This is not a file the office made to unlock records, or it was damaged on the way.",
            safe="Your records are untouched.",
            do="Ask the office to send it again.",
            code="E-NORESCUE",
        ) from error


def add_office_slot(paths: ProfilePaths, data_key: bytes, recovery_recipient: str) -> None:
    """Let the national office unlock these records if the passphrase is forgotten (its age recipient, ``age1…``)."""
    import pyrage

    try:
        recipient = pyrage.x25519.Recipient.from_str(recovery_recipient.strip())
    except pyrage.RecipientError as error:
        raise KeySlotError(
            "The office's recovery key cannot be read.",
            safe="Nothing was changed.",
            do="Ask the national office for its card again.",
            code="E-OFFICEKEY",
        ) from error
    box = pyrage.encrypt(_OFFICE_DOMAIN + data_key, [recipient])
    slot = {"kind": "office", "recipient": recovery_recipient.strip(), "box": slot_file.text_of(box)}
    slot_file.replace(paths, "office", slot_file.sealed(slot))


def office_recipient(data: bytes) -> str:
    """For which key of the office its slot was made (``age1…``); "" when there is no such slot. Raises `KeySlotError`."""
    return next((str(slot.get("recipient", "")) for slot in slot_file.decode(data) if slot.get("kind") == "office"), "")


def remove_slot(paths: ProfilePaths, kind: str) -> None:
    """Take away a slot (``office`` when the rescue is declined). The passphrase slot cannot be taken away."""
    if kind == "passphrase":
        raise ValueError("the passphrase slot can only be changed")
    slot_file.write(paths, [slot for slot in slot_file.read(paths) if slot.get("kind") != kind])


def kinds(paths: ProfilePaths) -> list[str]:
    """Which ways of unlocking there are: ``passphrase``, ``spare``, ``office``."""
    return [str(slot.get("kind")) for slot in slot_file.read(paths)]


def slots_bytes(paths: ProfilePaths) -> bytes:
    """The slots as they may travel in a file or a backup: wrapped keys only. Raises `KeySlotError` when damaged."""
    return slot_file.encode(slot_file.read(paths))


def write_slots(paths: ProfilePaths, data: bytes) -> None:
    """Put slots that travelled with a backup beside its database. Raises `KeySlotError` when they are damaged."""
    slot_file.write(paths, slot_file.decode(data))


# ---- words that find no room in the database -----------------------------------------------------------------------

_TYPED_DOMAIN = b"branch-evidence/typed/1\0"


def _typed_key(data_key: bytes) -> bytes:
    return hashlib.blake2b(data_key, digest_size=KEY_BYTES, person=b"be-typed/1").digest()


def seal(data_key: bytes, plain: bytes) -> bytes:
    """Bytes that only whoever has the data key opens again, and that notice every change of them."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt

    nonce = os.urandom(24)
    return nonce + encrypt(plain, _TYPED_DOMAIN, nonce, _typed_key(data_key))


def unseal(data_key: bytes, sealed: bytes) -> bytes | None:
    """What `seal` was given, or `None` when these bytes are damaged or belong to other records."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    from nacl.exceptions import CryptoError

    try:
        return decrypt(sealed[24:], _TYPED_DOMAIN, sealed[:24], _typed_key(data_key))
    except (CryptoError, ValueError, TypeError):
        return None


# ---- slots and their file ---------------------------------------------------------------------------------------------


def _spare_slot(data_key: bytes) -> tuple[str, dict[str, Any]]:
    spare = new_spare_key_text()
    slot = {"kind": "spare", "kdf": {"name": "blake2b"}, **_wrap("spare", wrapping_key(spare), data_key)}
    return spare, slot_file.sealed(slot)


def _passphrase_slot(data_key: bytes, passphrase: str, cost: KdfCost) -> dict[str, Any]:
    salt = os.urandom(16)
    kdf = {"name": "argon2id", "t": cost.t, "m": cost.m_bytes, "p": 1, "salt": slot_file.text_of(salt)}
    wrapped = _wrap("passphrase", _stretch(passphrase, salt, cost), data_key)
    return slot_file.sealed({"kind": "passphrase", "kdf": kdf, **wrapped})


def _stretch(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    import unicodedata

    from nacl.pwhash import argon2id

    if not (1 <= cost.t <= _MAX_ROUNDS and argon2id.MEMLIMIT_MIN <= cost.m_bytes <= _MAX_MEMORY):
        raise ValueError("cost out of range")
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    try:
        return argon2id.kdf(32, typed, salt, opslimit=cost.t, memlimit=cost.m_bytes)
    except MemoryError as error:
        raise KeySlotError(
            "There is not enough free memory to unlock the records.",
            safe="Your records are untouched.",
            do="Close other programs and try again.",
            code="E-MEMORY",
        ) from error


def _cost_of(slot: dict[str, Any]) -> KdfCost:
    kdf = slot["kdf"]
    if kdf["name"] != "argon2id" or kdf["p"] != 1 or type(kdf["t"]) is not int or type(kdf["m"]) is not int:
        raise ValueError("made by a newer version")
    return KdfCost(kdf["t"], kdf["m"])


def _wrap(kind: str, wrapping: bytes, data_key: bytes) -> dict[str, str]:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as seal

    nonce = os.urandom(24)
    box = seal(data_key, _SLOT_DOMAIN + kind.encode(), nonce, wrapping)
    return {"nonce": slot_file.text_of(nonce), "box": slot_file.text_of(box)}


def _unwrap(slot: dict[str, Any], wrapping: bytes) -> bytes | None:
    """The data key, or `None` when the key does not fit. The slot's own sum was checked before: it is not damaged."""
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as unseal
    from nacl.exceptions import CryptoError

    try:
        domain = _SLOT_DOMAIN + str(slot["kind"]).encode()
        return unseal(slot_file.bytes_of(slot["box"]), domain, slot_file.bytes_of(slot["nonce"]), wrapping)
    except CryptoError:
        return None
    except (KeyError, TypeError, ValueError) as error:
        raise slot_file.damaged() from error


# ---- strength ------------------------------------------------------------------------------------------------------

_SENTENCES = (
    "Very easy to guess. Use five words that do not belong together.",
    "Easy to guess. Use five words that do not belong together.",
    "Could be guessed with effort. Add another word.",
    "Hard to guess.",
    "Very hard to guess.",
)


def strength(passphrase: str, known: Sequence[str] = ()) -> Strength:
    """Estimated by zxcvbn; 3 and 4 are good enough. The passphrase goes nowhere.

    ``known``: words that somebody who finds the laptop tries first.
    """
    if not passphrase:
        return Strength(0, "Type a passphrase.")
    from zxcvbn import zxcvbn

    score = int(zxcvbn(passphrase[:72], user_inputs=list(known))["score"])
    return Strength(score, _SENTENCES[score])
