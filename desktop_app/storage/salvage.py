"""What can still be read of a damaged database: row by row into a new one, and a list of what is missing.

SQLCipher refuses every page that was changed, so what is read is what was written. The damaged file is only read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from desktop_app.errors import PackError, StoreError
from desktop_app.records.revision import rev_id
from desktop_app.storage.connection import connect
from desktop_app.storage.database import Store

# In the order in which they may be put in. The projection and the search index are made again from the revisions.
_TABLES = (
    ("settings", "name"),
    ("devices", "rowid"),
    ("drafts", "rowid"),
    ("revisions", "seq"),
    ("revision_imports", "import"),
    ("erase_orders", "rowid"),
    ("blobs", "id"),
    ("blob_chunks", "id"),
    ("packs", "number"),
    ("pack_revisions", "rev"),
    ("receipts", "rowid"),
    ("receipt_revisions", "rev"),
    ("imports", "id"),
    ("waiting", "rowid"),
    ("queries", "rowid"),
    ("keyslots", "rowid"),
    ("reviews", "record"),
    ("report_uses", "record"),
    ("forms", "rowid"),
    ("reference_data", "rowid"),
)
_NUMBERED = {"rowid", "seq", "id", "number", "import"}


@dataclass
class Salvaged:
    """How many rows of each table were rescued, which tables are not whole, and which attachments are broken."""

    rescued: dict[str, int] = field(default_factory=dict)
    not_whole: list[str] = field(default_factory=list)
    broken_attachments: list[str] = field(default_factory=list)


def salvage(file: Path, data_key: bytes, into: Store) -> Salvaged:
    """Copy every row that can be read from ``file`` into ``into``, a new and empty store.

    Raises `StoreError` (``E-DAMAGED``) when not even the list of tables can be read; then a backup is the way.
    """
    connection = connect(file, data_key)
    told = Salvaged()
    try:
        for table, key in _TABLES:
            with into.atomic():
                told.rescued[table] = _copy(connection, into, table, key, told)
    finally:
        connection.close()
    _drop_what_does_not_match(into, told)
    return told


def fill_in(file: Path, data_key: bytes, into: Store, told: Salvaged) -> int:
    """Put in from a whole but older database what the damaged one could not give; answers how many rows came.

    Only the tables that are not whole: what a person removed since then must not come back with the others. What was
    rescued counts before what is older. ``told.broken_attachments`` keeps those that are still missing.
    """
    wanted = set(told.not_whole)
    if wanted & {"blobs", "blob_chunks"} or told.broken_attachments:
        wanted |= {"blobs", "blob_chunks"}
    if "revisions" in wanted:
        wanted.add("revision_imports")
    connection = connect(file, data_key)
    came = 0
    try:
        for table, key in _TABLES:
            if table in wanted:
                with into.atomic():
                    came += _copy(connection, into, table, key, Salvaged(), how="ignore")
    finally:
        connection.close()
    still = told.broken_attachments
    told.broken_attachments = []
    _drop_what_does_not_match(into, told)
    from desktop_app.storage import blobs

    told.broken_attachments = [sha256 for sha256 in still if not blobs.has(into, sha256)]
    return came


def _copy(connection: Any, into: Store, table: str, key: str, told: Salvaged, how: str = "replace") -> int:
    columns = [str(row[1]) for row in into.rows(f"pragma table_info({table})")]
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join("?" * len(columns))
    copied = 0
    for row in _readable(connection, table, key, names, told):
        into.conn.execute(f"insert or {how} into {table}({names}) values({places})", row)
        copied += 1
    return copied


def _readable(connection: Any, table: str, key: str, names: str, told: Salvaged) -> Iterator[tuple[Any, ...]]:
    """Rows forwards to the first page that cannot be read, then backwards to the last, then one by one in between."""
    seen: set[Any] = set()
    reach: dict[str, Any] = {}
    for direction in ("asc", "desc"):
        try:
            cursor = connection.execute(f'select "{key}", {names} from {table} order by 1 {direction}')  # noqa: S608
            while (row := cursor.fetchone()) is not None:
                mark = row[0] if key in _NUMBERED else tuple(row)
                if mark in seen and direction == "desc":
                    break
                if mark not in seen:
                    seen.add(mark)
                    yield tuple(row[1:])
                reach[direction] = row[0]
            else:
                return  # the whole table was read
            if direction == "desc" and mark in seen:
                continue
        except sqlcipher.Error:
            if table not in told.not_whole:
                told.not_whole.append(table)
    if table not in told.not_whole or key not in _NUMBERED or "asc" not in reach:
        return
    for number in range(int(reach["asc"]) + 1, int(reach.get("desc", reach["asc"] + 10_000))):
        if number in seen:
            continue
        try:
            row = connection.execute(f'select {names} from {table} where "{key}" = ?', (number,)).fetchone()  # noqa: S608
        except sqlcipher.Error:
            continue
        if row is not None:
            yield tuple(row)


def _drop_what_does_not_match(into: Store, told: Salvaged) -> None:
    """Nothing half-read stays: revisions must match their id, attachments their hash; orphans go."""
    import hashlib

    from desktop_app.storage import blobs

    with into.atomic():
        for seq, wanted, line in into.rows("select seq, id, line from revisions"):
            try:
                good = rev_id(bytes(line).partition(b" ")[2]) == wanted
            except (PackError, ValueError):
                good = False
            if not good:
                into.conn.execute("delete from revisions where seq = ?", (seq,))
        into.conn.execute("delete from revision_imports where rev not in (select seq from revisions)")
        # A revision whose import could not be read stays live: nothing a person said goes for want of a ledger line.
        into.conn.execute(
            "insert or ignore into revision_imports(import, rev) select 0, seq from revisions"
            " where seq not in (select rev from revision_imports)"
        )
        for sha256 in blobs.all_hashes(into):
            digest = hashlib.sha256()
            for chunk in blobs.read(into, sha256):
                digest.update(chunk)
            if digest.hexdigest() != sha256:
                told.broken_attachments.append(sha256)
                blobs.delete(into, sha256)
        into.conn.execute("delete from blob_chunks where id / 1048576 not in (select id from blobs)")
    if not told.rescued.get("settings"):
        raise StoreError(
            "Nothing that makes these records yours could be read.",
            safe="The damaged file is kept as it is.",
            do="Restore the newest backup.",
            code="E-DAMAGED",
        )
