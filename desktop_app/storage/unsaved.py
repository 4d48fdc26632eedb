"""What was typed last and found no room in the database, sealed beside it until the records are opened again.

Locking drops the key at once, even when the disk is full. The words that could not be written are sealed under a key that
the data key gives; a reserve of some hundred kilobytes is given up so that they have room.
"""

from __future__ import annotations

from contextlib import suppress

from desktop_app import files
from desktop_app.errors import FileProblem
from desktop_app.paths import ProfilePaths

from . import sealing
from .database import Store

RESERVE = 512 * 1024


def seal(store: Store, plain: bytes) -> bytes:
    """The same bytes, readable only with the key of these records. Touches no disk."""
    return sealing.seal(store._key, plain)


def unseal(store: Store, sealed: bytes) -> bytes | None:
    """The inverse of `seal`; `None` for bytes that are damaged or belong to other records."""
    return sealing.unseal(store._key, sealed)


def keep_beside(paths: ProfilePaths, sealed: bytes) -> None:
    """Write sealed bytes beside the database, on a full disk in place of the reserve. Raises `FileProblem`."""
    try:
        files.write_atomic(paths.unsaved, sealed)
    except FileProblem as full:
        if full.code != "E-DISKFULL" or not paths.reserve.exists():
            raise
        files.remove(paths.reserve)
        files.write_atomic(paths.unsaved, sealed)


def beside(paths: ProfilePaths) -> bytes | None:
    """The sealed bytes that lie beside the database, if any. Raises `FileProblem`."""
    try:
        return paths.unsaved.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise files.problem(error, paths.unsaved) from error


def drop(paths: ProfilePaths) -> None:
    """They are in the database now. Raises `FileProblem`."""
    if paths.unsaved.exists():
        files.remove(paths.unsaved)


def set_aside(paths: ProfilePaths) -> None:
    """Nobody can read them, and they must not be overwritten. Raises `FileProblem`."""
    files.move(paths.unsaved, paths.unsaved.with_name("unsaved-damaged.sealed"))


def keep_reserve(paths: ProfilePaths) -> None:
    """Have the reserve there, while there is room for it: without it, one is no worse off than before."""
    if not paths.reserve.exists():
        with suppress(FileProblem):
            files.write_atomic(paths.reserve, bytes(RESERVE))
