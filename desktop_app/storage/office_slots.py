"""The ways in that need the national office: its recovery key, and the file with groups it sends a branch that forgot.

A branch agrees first (architecture.md 3). Its office slot then travels with its files; two parts of the recovery key open
it at the office, which makes a rescue slot of it. That one is worthless without the groups read out by telephone, and both
are worthless without the branch's computer.
"""

from __future__ import annotations

from typing import Any

from desktop_app.errors import KeySlotError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import slot_file
from desktop_app.storage.sealing import unwrap, wrap
from desktop_app.storage.spare_key import check_spare_key, new_spare_key_text, wrapping_key

_OFFICE_DOMAIN = b"branch-evidence/office-slot/1\0"
_KEY_BYTES = 32


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
            "This rescue key is not the one these records were made for.",
            safe="The records are untouched.",
            do="Use the rescue key that belonged to the office when the records were set up.",
            code="E-OFFICEKEYWRONG",
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise slot_file.damaged() from error
    if not plain.startswith(_OFFICE_DOMAIN) or len(plain) != len(_OFFICE_DOMAIN) + _KEY_BYTES:
        raise slot_file.damaged()
    return plain[len(_OFFICE_DOMAIN) :]


def open_rescue_file(data: bytes, groups: str) -> bytes:
    """The data key from the office's file and the groups it reads out; nothing is written.

    Raises `KeySlotError`: ``E-NORESCUE``, ``E-SPAREKEYTYPO``, ``E-SPAREKEYWRONG``.
    """
    slot = _rescue_of(data)
    check_spare_key(groups)
    data_key = unwrap(slot, wrapping_key(groups))
    if data_key is None:
        raise KeySlotError(
            "The groups were typed correctly, but they do not belong to this file from the office.",
            safe="Your records are untouched.",
            do="Ask the office which file goes with the groups it read out: each file has its own.",
            code="E-SPAREKEYWRONG",
        )
    return data_key


def rescue_slot(data_key: bytes) -> tuple[str, bytes]:
    """At the office, for a branch that forgot its passphrase: groups to read out, and a file to send.

    The file is worthless without the groups, and both are worthless without the branch's computer.
    """
    spare = new_spare_key_text()
    slot = slot_file.sealed({"kind": "rescue", "kdf": {"name": "blake2b"}, **wrap("rescue", wrapping_key(spare), data_key)})
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
