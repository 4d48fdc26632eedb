"""Backups: one encrypted file with the database and the key slots, opened and checked before it is called one.

    "BRANCH-EVIDENCE BACKUP 1\\n"
    one line of JSON: {made_utc, reason, keys_len, erasures_len, database_len, sha256 (of all that follows)}
    the slots (wrapped keys only), the erase orders, the SQLCipher database

Nothing in it is readable without the passphrase or the spare key that opened the records when it was made.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from desktop_app import files
from desktop_app.errors import Cancelled, FileProblem, StoreError
from desktop_app.paths import ProfilePaths
from desktop_app.records.strict_json import moment, text
from desktop_app.storage import keys
from desktop_app.storage.beside import GoOn, run_beside
from desktop_app.storage.connection import connect, translated
from desktop_app.storage.database import Store
from desktop_app.storage.search_index import freshen_index, freshen_some
from desktop_app.wanted import still_wanted

MAGIC = b"BRANCH-EVIDENCE BACKUP 1\n"
SUFFIX = ".branchbackup"
_COPY = 1024 * 1024
_STEP_PAGES = 1000
_STEP_PAGES_BESIDE = 64  # a quarter of a megabyte: two or three milliseconds in which the connection is taken
_PAUSE_SECONDS = 0.002
_BUSY_SECONDS = 0.02  # until a transaction that is being written has ended
_FRESHENED_AT_ONCE = 100


@dataclass(frozen=True)
class Made:
    """A backup file that was opened and checked."""

    path: Path
    made_utc: str
    bytes: int


def backup(store: Store, paths: ProfilePaths, out: Path, *, reason: str = "now", made_utc: str | None = None) -> Made:
    """Write a backup of the records as they are now, open it again and check it, and only then give it its name.

    Raises `FileProblem`, `StoreError`.
    """
    freshen_index(store)  # words that were taken out are in no backup made afterwards
    try:
        return _make(store, paths, Path(out), reason, made_utc or f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", None)
    finally:
        store.write_again()


def backup_beside(
    store: Store, paths: ProfilePaths, out: Path, *, reason: str = "now", made_utc: str | None = None
) -> Generator[None, None, Made]:
    """As `backup`, on a thread of its own: between two steps the records can be read and written as always.

    What is written meanwhile is in the backup too: SQLite hands pages changed over the same connection on to the copy.
    Closing the generator leaves nothing behind.
    """
    while freshen_some(store, _FRESHENED_AT_ONCE):
        yield
    utc = made_utc or f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        return (yield from run_beside(lambda go_on: _make(store, paths, Path(out), reason, utc, go_on)))
    finally:
        store.write_again()


def _make(store: Store, paths: ProfilePaths, out: Path, reason: str, utc: str, go_on: GoOn | None) -> Made:
    database = out.with_name(out.name + ".database.part")
    key = store._key  # asked for once: the store may be closed while a thread beside it finds out
    try:
        expected = _copy_database(store, key, database, go_on)
        _verify_database(database, key, expected)
        slots = keys.slots_bytes(paths)
        orders = paths.erasures.read_bytes() if paths.erasures.exists() else b""
        writer = files.AtomicWriter(out)
        writer.before_rename = _read_back
        with writer as target:
            _write(target, slots, orders, database, utc, reason, go_on)
    finally:
        files.remove(database)
    return Made(out, utc, out.stat().st_size)


def _copy_database(store: Store, key: bytes, target: Path, go_on: GoOn | None) -> int:
    files.remove(target)
    with translated():
        copy = connect(target, key, new=True)

    source = store.conn

    def between(_status: int, _left: int, _all: int) -> None:
        still_wanted()
        if go_on is not None:
            go_on()
            if store.conn is not source:  # closed meanwhile: nothing of the records is read any more
                raise Cancelled
            time.sleep(_PAUSE_SECONDS)  # whoever waits for the connection has it now

    try:
        with translated():
            pages = _STEP_PAGES if go_on is None else _STEP_PAGES_BESIDE
            source.backup(copy, pages=pages, progress=between, sleep=_BUSY_SECONDS)
            return int(copy.execute("select count(*) from revisions").fetchone()[0])
    finally:
        copy.close()


def _verify_database(file: Path, data_key: bytes, expected: int) -> None:
    connection = connect(file, data_key)
    try:
        with translated():
            count = connection.execute("select count(*) from revisions").fetchone()[0]
            sound = connection.execute("pragma quick_check").fetchone()[0]
            torn = connection.execute("pragma cipher_integrity_check").fetchall()
    finally:
        connection.close()
    if count != expected or sound != "ok" or torn:
        raise StoreError(
            "The backup could not be read back.",
            safe="Your records are untouched. The unreadable copy was removed.",
            do="Try again on another drive.",
            code="E-BACKUP",
        )


def _write(
    target: BinaryIO, slots: bytes, orders: bytes, database: Path, utc: str, reason: str, go_on: GoOn | None = None
) -> None:
    digest = hashlib.sha256(slots + orders)
    for piece in _pieces(database):
        digest.update(piece)
        if go_on is not None:
            go_on()
    head = {
        "made_utc": utc,
        "reason": reason,
        "keys_len": len(slots),
        "erasures_len": len(orders),
        "database_len": database.stat().st_size,
        "sha256": digest.hexdigest(),
    }
    target.write(MAGIC + json.dumps(head, sort_keys=True).encode() + b"\n" + slots + orders)
    for piece in _pieces(database):
        target.write(piece)


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with open(path, "rb") as reading:
            while piece := reading.read(_COPY):
                still_wanted()
                yield piece
    except OSError as error:
        raise files.problem(error, path) from error


def _read_back(path: Path) -> None:
    with open(path, "rb") as reading:
        head = _head(reading)
        if _rest_sha256(reading) != head["sha256"]:
            raise _damaged()


def _rest_sha256(reading: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := reading.read(_COPY):
        still_wanted()
        digest.update(piece)
    return digest.hexdigest()


def _head(reading: BinaryIO) -> dict[str, Any]:
    if reading.read(len(MAGIC)) != MAGIC:
        raise StoreError(
            "This file is not a backup of this program.",
            safe="Nothing was changed.",
            do=f"Choose a file whose name ends in {SUFFIX}.",
            code="E-NOTBACKUP",
        )
    try:
        head = json.loads(reading.readline(4096))
        if not all(type(head[name]) is int and head[name] >= 0 for name in _LENGTHS) or len(head["sha256"]) != 64:
            raise ValueError("lengths")
        if sum(head[name] for name in _LENGTHS) != os.fstat(reading.fileno()).st_size - reading.tell():
            raise ValueError("its parts are not as long as the file")
        moment(head["made_utc"])
        text(head["reason"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged() from error
    made: dict[str, Any] = head
    return made


_LENGTHS = ("keys_len", "erasures_len", "database_len")


def _damaged() -> StoreError:
    return StoreError(
        "This backup is damaged.",
        safe="Nothing was changed.",
        do="Choose an older backup, or a copy of it from another drive.",
        code="E-BACKUPDAMAGED",
    )


# ---- restoring -----------------------------------------------------------------------------------------------------


def describe(file: Path) -> dict[str, Any]:
    """``{made_utc, reason, bytes}`` of a backup, after checking it whole; ``made_utc`` is a moment.

    Raises `StoreError`, `FileProblem`.
    """
    try:
        with open(file, "rb") as reading:
            head = _head(reading)
            if _rest_sha256(reading) != head["sha256"]:
                raise _damaged()
    except OSError as error:
        raise files.problem(error, file) from error
    return {"made_utc": head["made_utc"], "reason": head["reason"], "bytes": Path(file).stat().st_size}


def restore(file: Path, into: Path) -> ProfilePaths:
    """Lay a backup out in a folder without records, to be unlocked there with the passphrase of that time.

    Erase orders that the folder already has stay in force: they are joined with the backup's and applied when it is
    unlocked, so that nothing deleted for good comes back. Raises `StoreError` (``E-NOTBACKUP``, ``E-BACKUPDAMAGED``,
    ``E-EXISTS``), `FileProblem`.
    """
    paths = ProfilePaths(Path(into))
    if paths.exists():
        raise StoreError(
            "There are records in that folder already.",
            safe="They were not touched.",
            do="Choose an empty folder.",
            code="E-EXISTS",
        )
    describe(file)
    files.make_dirs(paths.folder)
    set_unfinished_aside(paths)
    try:
        with open(file, "rb") as reading:
            head = _head(reading)
            slots = reading.read(head["keys_len"])
            orders = reading.read(head["erasures_len"])
            with files.AtomicWriter(paths.database) as target:
                left = head["database_len"]
                while left:
                    piece = reading.read(min(_COPY, left))
                    if not piece:
                        raise _damaged()
                    target.write(piece)
                    left -= len(piece)
    except OSError as error:
        raise files.problem(error, file) from error
    known = set(paths.erasures.read_bytes().splitlines()) if paths.erasures.exists() else set()
    for line in orders.splitlines():
        if line and line not in known:
            files.append_line(paths.erasures, line)
    keys.write_slots(paths, slots)  # last: it is what makes the folder one with records
    return paths


def opens(paths: ProfilePaths, data_key: bytes) -> bool:
    """Whether the database in this folder belongs to this key, and its first page is whole. Raises `FileProblem`."""
    try:
        connect(paths.database, data_key).close()
    except StoreError:
        return False
    return True


def move_aside(paths: ProfilePaths, now: datetime | None = None, *, why: str = "damaged") -> Path:
    """Put a damaged database out of the way, never over anything; answers where it is now. Raises `FileProblem`."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    target = paths.folder / f"records-{why}-{stamp}.db"
    if target.exists():
        raise FileProblem("A damaged copy of the same second is there already.", safe="Nothing was changed.")
    journal = _journal(paths)
    if journal.exists():  # it is part of the database: SQLite would else roll it into the one that comes next
        files.move(journal, target.with_name(target.name + "-journal"))
    files.move(paths.database, target)
    return target


def _journal(paths: ProfilePaths) -> Path:
    return paths.database.with_name(paths.database.name + "-journal")


def set_unfinished_aside(paths: ProfilePaths) -> None:
    """A database without a key file was left by a set-up or a restore that did not come to its end: it cannot be opened,
    and must not stand in the way of the next try. It is moved, never removed: key slots in a backup may open it."""
    if paths.exists():
        return
    if not paths.database.exists():
        files.remove(_journal(paths))  # a journal alone would be rolled into the database that comes next
    else:
        again = datetime.now(UTC)
        while (paths.folder / f"records-unfinished-{again:%Y%m%dT%H%M%SZ}.db").exists():
            again += timedelta(seconds=1)
        move_aside(paths, again, why="unfinished")
