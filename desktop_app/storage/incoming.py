"""What came in: each file taken in, which can be undone and done again, and those that wait for a decision.

An import that is undone is marked; it deletes no revision.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from desktop_app.errors import NotFound
from desktop_app.storage.database import Store


@dataclass(frozen=True)
class Import:
    """One adding of a file. ``summary`` is the JSON its service keeps with it."""

    id: int
    utc: str
    pack: str
    device: str
    name: str
    sha256: str
    number: int | None
    undone_utc: str | None
    summary: dict[str, Any]


def begin_import(
    store: Store, *, utc: str, pack: str, device: str, name: str, sha256: str, number: int | None = None
) -> int:
    """Note that a file is being added; pass the id to `revisions.add`. In one `Store.atomic` with what it adds."""
    with store.atomic():
        added = store.conn.execute(
            "insert into imports(utc, pack, device, name, sha256, number, undone_utc, summary)"
            " values(?, ?, ?, ?, ?, ?, null, '{}')",
            (utc, pack, device, name, sha256, number),
        )
    return int(added.lastrowid)


def set_summary(store: Store, import_id: int, summary: Mapping[str, Any]) -> None:
    with store.atomic():
        store.conn.execute("update imports set summary = ? where id = ?", (json.dumps(summary), import_id))


_IMPORT = "id, utc, pack, device, name, sha256, number, undone_utc, summary"


def imports(store: Store) -> list[Import]:
    """What was added, the newest first."""
    rows = store.rows(f"select {_IMPORT} from imports order by id desc")  # noqa: S608 - constant
    return [_import(row) for row in rows]


def imports_of_pack(store: Store, pack_id: str) -> list[Import]:
    """The addings of one pack that are not undone, oldest first: non-empty means "already added"."""
    rows = store.rows(
        f"select {_IMPORT} from imports where pack = ? and undone_utc is null order by id",  # noqa: S608 - constant
        (pack_id,),
    )
    return [_import(row) for row in rows]


def _import(row: tuple[Any, ...]) -> Import:
    return Import(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], json.loads(row[8]))


def import_revisions(store: Store, import_id: int) -> dict[str, bool]:
    """The revisions one adding holds: id, and whether it is live now by this or another adding."""
    rows = store.rows(
        "select r.id, r.live from revision_imports i join revisions r on r.seq = i.rev where i.import = ?"
        " order by r.seq",
        (import_id,),
    )
    return {str(row[0]): bool(row[1]) for row in rows}


def undo_import(store: Store, import_id: int, utc: str = "") -> list[str]:
    """Mark an adding undone; nothing is deleted. Answers the records whose live revisions changed.

    A revision stays live while another adding that is not undone, or this laptop, holds it. Raises `NotFound`.
    """
    with store.atomic():
        execute = store.conn.execute
        if not execute("update imports set undone_utc = ? where id = ?", (utc or "undone", import_id)).rowcount:
            raise NotFound("This adding is not known here.", do="See the list of what was added.")
        return _refresh_live(store, import_id)


def redo_import(store: Store, import_id: int) -> list[str]:
    """Make an undone adding live again. Answers the records whose live revisions changed."""
    with store.atomic():
        store.conn.execute("update imports set undone_utc = null where id = ?", (import_id,))
        return _refresh_live(store, import_id)


def _refresh_live(store: Store, import_id: int) -> list[str]:
    held = (
        "exists(select 1 from revision_imports i left join imports m on m.id = i.import"
        " where i.rev = revisions.seq and (i.import = 0 or m.undone_utc is null))"
    )
    of_import = "seq in (select rev from revision_imports where import = ?)"
    changed = store.conn.execute(
        f"select distinct record from revisions where {of_import} and live <> {held} order by record",  # noqa: S608
        (import_id,),
    ).fetchall()
    store.conn.execute(f"update revisions set live = {held} where {of_import}", (import_id,))  # noqa: S608 - constants
    return [str(row[0]) for row in changed]


def arrived_utc(store: Store, rev_ids: Iterable[str]) -> str | None:
    """When the last of these revisions first came in with a file, or `None` when none did."""
    latest: str | None = None
    for rev in rev_ids:
        row = store.one(
            "select min(m.utc) from revisions r join revision_imports i on i.rev = r.seq"
            " join imports m on m.id = i.import where r.id = ? and m.undone_utc is null",
            (rev,),
        )
        if row and row[0] is not None:
            latest = max(latest or "", str(row[0]))
    return latest


@dataclass(frozen=True)
class Waiting:
    """A file kept aside: its hash, where it lies, and why it waits (a code such as ``E-UNKNOWNDEVICE``)."""

    sha256: str
    utc: str
    name: str
    device: str
    reason: str
    path: str


def add_waiting(store: Store, made: Waiting) -> None:
    """Note a file that waits; the same content again changes nothing but the reason."""
    with store.atomic():
        store.conn.execute(
            "insert into waiting(sha256, utc, name, device, reason, path) values(?, ?, ?, ?, ?, ?)"
            " on conflict(sha256) do update set reason = excluded.reason,"
            " device = case excluded.device when '' then device else excluded.device end",
            (made.sha256, made.utc, made.name, made.device, made.reason, made.path),
        )


def waiting(store: Store, device_id: str | None = None) -> list[Waiting]:
    """The files that wait, oldest first; those of one laptop when it is named.

    They lie in a folder of the records, wherever those are by now: records can be moved.
    """
    rows = store.rows("select sha256, utc, name, device, reason, path from waiting order by utc, sha256")
    found = [Waiting(*row) for row in rows if device_id is None or row[3] == device_id]
    return [replace(each, path=str(store.paths.quarantine / PurePath(each.path).name)) for each in found]


def remove_waiting(store: Store, sha256: str) -> None:
    with store.atomic():
        store.conn.execute("delete from waiting where sha256 = ?", (sha256,))
