"""Drafts: one changeable row a record, and a local undo journal. They never travel (record.md "Draft and revision")."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from desktop_app.errors import StoreError
from desktop_app.records.revision import FormRef
from desktop_app.storage.database import Store

JOURNAL_STEPS = 200


@dataclass(frozen=True)
class Draft:
    """``content`` is the JSON object the caller saved; ``parents`` the revisions it was begun from."""

    record: str
    form: FormRef
    content: dict[str, Any]
    parents: tuple[str, ...]
    saved_utc: str


def save(store: Store, record_id: str, form_ref: FormRef, content: dict[str, Any], parents: tuple[str, ...]) -> str:
    """Write the draft; it is on the disk when this returns. Answers the time it was saved (UTC). One durable commit."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    form = json.dumps([form_ref.id, form_ref.version, form_ref.package])
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    with store.atomic():
        store.conn.execute(
            "insert into drafts(record, form, content, parents, saved_utc) values(?, ?, ?, ?, ?) on conflict(record)"
            " do update set form=excluded.form, content=excluded.content, parents=excluded.parents,"
            " saved_utc=excluded.saved_utc",
            (record_id, form, body, json.dumps(list(parents)), now),
        )
    return now


def basis(store: Store, record_id: str) -> tuple[FormRef, tuple[str, ...]] | None:
    """The form a draft is filled with and the revisions it was begun from, or `None`: the content is not read."""
    row = store.one("select form, parents from drafts where record = ?", (record_id,))
    with _readable():
        return (FormRef(*json.loads(row[0])), tuple(json.loads(row[1]))) if row else None


def load(store: Store, record_id: str) -> Draft | None:
    """The draft, or `None`. Raises `StoreError` ``E-DAMAGED`` when a page of it is gone.

    SQLCipher lets a page of nothing but zeros pass, as a disk leaves it that lost a write; such a draft is no JSON.
    """
    row = store.one("select form, content, parents, saved_utc from drafts where record = ?", (record_id,))
    if row is None:
        return None
    with _readable():
        return Draft(record_id, FormRef(*json.loads(row[0])), json.loads(row[1]), tuple(json.loads(row[2])), row[3])


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise StoreError(
            "What was typed in this record can no longer be read: the file is damaged there.",
            safe="The other records, and what was marked as ready in this one, are apart from it.",
            do="Lock the program, and put the newest backup back.",
            code="E-DAMAGED",
        ) from error


def discard(store: Store, record_id: str) -> None:
    """Take the draft and its journal away; the words in them are overwritten."""
    with store.atomic():
        store.conn.execute("delete from drafts where record = ?", (record_id,))
        forget_journal(store, record_id)


def newest_utc(store: Store) -> str:
    """When the newest draft was saved, by this computer's clock; empty when there is none."""
    row = store.one("select coalesce(max(saved_utc), '') from drafts")
    return str(row[0]) if row else ""


def list_ids(store: Store) -> list[str]:
    """The records with a draft, the last saved first."""
    return [str(row[0]) for row in store.rows("select record from drafts order by saved_utc desc, record")]


# ---- undo ----------------------------------------------------------------------------------------------------------


def push(store: Store, record_id: str, content: dict[str, Any]) -> None:
    """Note a state one may go back to. What could have been redone is forgotten; the oldest of 200 falls off."""
    packed = zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 1)
    with store.atomic():
        place = _place(store, record_id) + 1
        store.conn.execute("delete from draft_journal where record = ? and position >= ?", (record_id, place))
        store.conn.execute(
            "insert into draft_journal(record, position, content) values(?, ?, ?)", (record_id, place, packed)
        )
        store.conn.execute(
            "delete from draft_journal where record = ? and position <= ?", (record_id, place - JOURNAL_STEPS)
        )
        _set_place(store, record_id, place)


def undo(store: Store, record_id: str) -> dict[str, Any] | None:
    """The state before the one at hand, or `None` at the beginning."""
    return _go(store, record_id, -1)


def redo(store: Store, record_id: str) -> dict[str, Any] | None:
    """The state that was undone last, or `None`."""
    return _go(store, record_id, +1)


def forget_journal(store: Store, record_id: str) -> None:
    """Forget everything that could be undone ("off the record": the line is gone from history too)."""
    with store.atomic():
        store.conn.execute("delete from draft_journal where record = ?", (record_id,))
        store.conn.execute("delete from draft_places where record = ?", (record_id,))


def _go(store: Store, record_id: str, step: int) -> dict[str, Any] | None:
    place = _place(store, record_id) + step
    row = store.one("select content from draft_journal where record = ? and position = ?", (record_id, place))
    if row is None:
        return None
    with store.atomic():
        _set_place(store, record_id, place)
    content: dict[str, Any] = json.loads(zlib.decompress(row[0]))
    return content


def _place(store: Store, record_id: str) -> int:
    row = store.one("select position from draft_places where record = ?", (record_id,))
    return int(row[0]) if row else 0


def _set_place(store: Store, record_id: str, place: int) -> None:
    store.conn.execute("insert or replace into draft_places(record, position) values(?, ?)", (record_id, place))
