"""The data key and its slots: the passphrase and the spare key on paper; the office's are in `office_slots`.

``keys.json`` lies beside the database and can be read without a key; it holds only wrapped copies of one random 256-bit
data key. Each slot carries all its parameters and a SHA-256 over itself, so that damage, a typing error and a wrong
passphrase are three different messages. A second copy, ``keys-copy.json``, is used when the first is
damaged. Changing the passphrase wraps the same data key anew; the database is not touched.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from desktop_app import files
from desktop_app.errors import KeySlotError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import slot_file
from desktop_app.storage.sealing import unwrap, wrap
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
    "change_passphrase",
    "check_group",
    "check_spare_key",
    "create_slots",
    "kinds",
    "new_data_key",
    "new_spare_key",
    "open_with_passphrase",
    "open_with_spare_key",
    "remove_slot",
    "slots_bytes",
    "spare_key_groups",
    "write_slots",
]

KEY_BYTES = 32
_MIB = 1024 * 1024
_MAX_MEMORY = 2048 * _MIB  # a damaged or hostile file must not make the computer stand still
_MAX_ROUNDS = 64


@dataclass(frozen=True)
class KdfCost:
    """Argon2id: ``t`` rounds over ``m_bytes`` of memory, one lane."""

    t: int = 3
    m_bytes: int = 256 * _MIB


DEFAULT_COST = KdfCost()


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
    data_key = unwrap(slot, wrapping)
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


def _opened(slots: list[dict[str, Any]], groups: str) -> bytes | None:
    wrapping = wrapping_key(groups)
    return next((key for slot in slots if (key := unwrap(slot, wrapping)) is not None), None)


# ---- changing ------------------------------------------------------------------------------------------------------


def change_passphrase(paths: ProfilePaths, data_key: bytes, new_passphrase: str, cost: KdfCost = DEFAULT_COST) -> None:
    """Wrap the same data key under a new passphrase; the other slots stay. Raises `FileProblem`, `KeySlotError`."""
    slot_file.replace(paths, "passphrase", _passphrase_slot(data_key, new_passphrase, cost))


def new_spare_key(paths: ProfilePaths, data_key: bytes) -> str:
    """Make the old sheet worthless and answer a new spare key."""
    spare, slot = _spare_slot(data_key)
    slot_file.write(paths, [*(other for other in slot_file.read(paths) if other.get("kind") not in ("spare", "rescue")), slot])
    return spare


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


# ---- slots and their file ---------------------------------------------------------------------------------------------


def _spare_slot(data_key: bytes) -> tuple[str, dict[str, Any]]:
    spare = new_spare_key_text()
    slot = {"kind": "spare", "kdf": {"name": "blake2b"}, **wrap("spare", wrapping_key(spare), data_key)}
    return spare, slot_file.sealed(slot)


def _passphrase_slot(data_key: bytes, passphrase: str, cost: KdfCost) -> dict[str, Any]:
    salt = os.urandom(16)
    kdf = {"name": "argon2id", "t": cost.t, "m": cost.m_bytes, "p": 1, "salt": slot_file.text_of(salt)}
    wrapped = wrap("passphrase", _stretch(passphrase, salt, cost), data_key)
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
