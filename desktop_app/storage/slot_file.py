"""``keys.json``: the slots that lie beside the database, each with a sum of its own, and the file's second copy.

Nothing here opens a slot: it is read, checked, and written whole.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from pathlib import Path
from typing import Any

from desktop_app import files
from desktop_app.errors import FileProblem, KeySlotError
from desktop_app.paths import ProfilePaths

_FORMAT = "branch-evidence/keys"


def slot_sum(slot: dict[str, Any]) -> str:
    """The SHA-256 over a slot without its own sum (hexadecimal): what tells damage from a wrong passphrase."""
    body = {name: value for name, value in slot.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def sealed(slot: dict[str, Any]) -> dict[str, Any]:
    """A slot with its sum."""
    return {**slot, "sha256": slot_sum(slot)}


def encode(slots: list[dict[str, Any]]) -> bytes:
    """Slots as the bytes of a key file."""
    return json.dumps({"format": _FORMAT, "v": 1, "slots": slots}, indent=1).encode() + b"\n"


def decode(data: bytes) -> list[dict[str, Any]]:
    """The slots of a key file. Raises `KeySlotError` (``E-KEYDAMAGED``, ``E-NEWER``)."""
    try:
        whole = json.loads(data)
        version, slots = whole["v"], whole["slots"]
        good = whole["format"] == _FORMAT and isinstance(slots, list) and all(slot_sum(s) == s["sha256"] for s in slots)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged() from error
    if isinstance(version, int) and version > 1:
        raise KeySlotError(
            "The key file was made by a newer version of the program.",
            safe="Your records are untouched.",
            do="Update the program.",
            code="E-NEWER",
        )
    if not good or not slots or version != 1:
        raise damaged()
    return list(slots)


def read(paths: ProfilePaths) -> list[dict[str, Any]]:
    """The slots from the first file that is whole."""
    trouble: KeySlotError | None = None
    for path in (paths.keys, paths.keys_copy):
        try:
            return decode(path.read_bytes())
        except FileNotFoundError:
            continue
        except OSError as error:
            raise files.problem(error, path) from error
        except KeySlotError as error:
            if error.code == "E-NEWER":
                raise
            trouble = error
    if trouble is not None:
        raise trouble
    raise KeySlotError(
        "No records are set up in this folder.",
        do="Set the program up first, or choose the folder your records are in.",
        code="E-NOPROFILE",
    )


def slot_of(slots: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The first slot of a kind. Raises `KeySlotError` E-NOSLOT."""
    for slot in slots:
        if slot.get("kind") == kind:
            return slot
    raise KeySlotError("There is no such way of unlocking these records.", do="Use another way.", code="E-NOSLOT")


def replace(paths: ProfilePaths, kind: str, slot: dict[str, Any]) -> None:
    """Put a slot in the place of the one of its kind. Raises `FileProblem`, `KeySlotError`."""
    write(paths, [*(other for other in read(paths) if other.get("kind") != kind), slot])


def write(paths: ProfilePaths, slots: list[dict[str, Any]]) -> None:
    """Write the key file and its copy. Raises `FileProblem`."""
    data = encode(slots)
    files.write_atomic(paths.keys, data)
    try:
        files.write_atomic(paths.keys_copy, data)
    except FileProblem:
        # An old copy would keep a changed passphrase alive; none is better than an old one.
        files.remove(paths.keys_copy)


def mend(paths: ProfilePaths) -> None:
    """Make both copies alike again, once one of them has opened the records: what is damaged or missing comes from the
    other, and a copy older than the first (a change was cut off) would keep a changed passphrase alive.

    Raises `FileProblem`, `KeySlotError`.
    """
    slots = read(paths)
    if [_bytes_in(path) for path in (paths.keys, paths.keys_copy)] != [encode(slots)] * 2:
        write(paths, slots)


def _bytes_in(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def damaged() -> KeySlotError:
    """The key file cannot be read as it is."""
    return KeySlotError(
        "The file that holds the locks of your records (keys.json) is damaged.",
        safe="The records themselves may be whole; nothing was changed.",
        do="Bring back keys.json from a backup, or restore the newest backup.",
        code="E-KEYDAMAGED",
    )


def text_of(data: bytes) -> str:
    """Bytes as they stand in a slot."""
    return base64.b64encode(data).decode()


def bytes_of(text: Any) -> bytes:
    """The inverse of `text_of`. Raises `ValueError`."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
