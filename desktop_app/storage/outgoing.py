"""The files made here for others, and the receipts that say what of them arrived.

Facts are only added: a receipt taken in twice changes nothing, and none deletes a revision (packs.md "Receipts are
facts, not commands").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.errors import NotFound
from desktop_app.storage.database import Store

CONFIRMING = ("held", "known", "phone")  # what a receipt may say of a revision that the office has


@dataclass(frozen=True)
class Pack:
    """A file made here. ``emailed_utc`` is what the person said, `None` before."""

    number: int
    id: str
    made_utc: str
    payload_sha256: str
    path: str
    bytes: int
    recipients: tuple[str, ...]
    emailed_utc: str | None


def next_number(store: Store) -> int:
    """The number of the file to be made next. Numbers rise and serve the gap report only."""
    row = store.one("select coalesce(max(number), 0) from packs")
    return int(row[0] if row else 0) + 1


def previous_sha256(store: Store) -> str:
    """The payload hash of the last file made here, or empty."""
    row = store.one("select payload_sha256 from packs order by number desc limit 1")
    return str(row[0]) if row else ""


def made(
    store: Store,
    pack_id: str,
    number: int,
    utc: str,
    payload_sha256: str,
    path: str,
    rev_ids: Iterable[str],
    recipients: Iterable[str],
    *,
    bytes: int = 0,
) -> None:
    """Note a file that was written and read back, with the revisions in it."""
    with store.atomic():
        store.conn.execute(
            "insert into packs(number, id, utc, payload_sha256, path, bytes, recipients, emailed_utc)"
            " values(?, ?, ?, ?, ?, ?, ?, null)",
            (number, pack_id, utc, payload_sha256, str(path), bytes, json.dumps(list(recipients))),
        )
        store.conn.executemany(
            "insert or ignore into pack_revisions(rev, pack) values(?, ?)", [(rev, number) for rev in rev_ids]
        )


_PACK = "number, id, utc, payload_sha256, path, bytes, recipients, emailed_utc"


def packs(store: Store) -> list[Pack]:
    """The files made here, the newest first."""
    return [_pack(row) for row in store.rows(f"select {_PACK} from packs order by number desc")]  # noqa: S608 - constant


def pack(store: Store, number: int) -> Pack:
    """One file made here. Raises `NotFound`."""
    row = store.one(f"select {_PACK} from packs where number = ?", (number,))  # noqa: S608 - constant
    if row is None:
        raise NotFound(f"There is no file {number}.")
    return _pack(row)


def pack_by_id(store: Store, pack_id: str) -> Pack | None:
    row = store.one(f"select {_PACK} from packs where id = ?", (pack_id,))  # noqa: S608 - constant
    return _pack(row) if row else None


def is_noted(store: Store, path: str) -> bool:
    """Whether a file made here is noted to lie at this path."""
    return store.one("select 1 from packs where path = ?", (path,)) is not None


def pack_revisions(store: Store, number: int) -> list[str]:
    """The ids of the revisions in a file made here."""
    return [str(row[0]) for row in store.rows("select rev from pack_revisions where pack = ? order by rev", (number,))]


def set_emailed(store: Store, number: int, yes: bool, utc: str) -> None:
    """What the person said: it was e-mailed, or after all not. Raises `NotFound`."""
    pack(store, number)
    with store.atomic():
        store.conn.execute("update packs set emailed_utc = ? where number = ?", (utc if yes else None, number))


def sent_in(store: Store, rev_id: str) -> int | None:
    """The number of the last file a revision is in, or `None`."""
    row = store.one("select max(pack) from pack_revisions where rev = ?", (rev_id,))
    return None if row is None or row[0] is None else int(row[0])


def packs_with(store: Store, rev_id: str) -> list[int]:
    """The numbers of all files made here that hold a revision."""
    return [int(row[0]) for row in store.rows("select pack from pack_revisions where rev = ? order by pack", (rev_id,))]


def last_pack_with(store: Store, rev_id: str) -> Pack | None:
    """The last file a revision is in, or `None`."""
    number = sent_in(store, rev_id)
    return None if number is None else pack(store, number)


def _pack(row: tuple[Any, ...]) -> Pack:
    return Pack(row[0], row[1], row[2], row[3], row[4], row[5], tuple(json.loads(row[6])), row[7])


class Confirmed(Mapping[str, str]):
    """Revision id to the time the office said it has it, looked up when asked. The latest receipt counts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get_utc(self, rev_id: str) -> str | None:
        row = _last_word(self._store, rev_id)
        return row[1] if row and row[0] in CONFIRMING else None

    def __getitem__(self, rev_id: str) -> str:
        utc = self.get_utc(rev_id)
        if utc is None:
            raise KeyError(rev_id)
        return utc

    def __contains__(self, rev_id: object) -> bool:
        return isinstance(rev_id, str) and self.get_utc(rev_id) is not None

    def __iter__(self) -> Iterator[str]:
        for row in self._store.rows("select distinct rev from receipt_revisions order by rev"):
            if row[0] in self:
                yield str(row[0])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def confirmed(store: Store) -> Confirmed:
    """What the office has said it holds: a mapping of revision id to the time of its word."""
    return Confirmed(store)


def any_confirmed(store: Store, record: str) -> bool:
    """Whether the office has said that it holds any live revision of a record."""
    mentioned = store.rows(
        "select distinct r.id from revisions r join receipt_revisions c on c.rev = r.id where r.record = ? and r.live = 1",
        (record,),
    )
    known = Confirmed(store)
    return any(rev in known for (rev,) in mentioned)


def add_receipt(
    store: Store, receipt_id: str, pack_id: str, utc: str, line: bytes, outcomes: Mapping[str, str]
) -> bool:
    """Keep a verified receipt: by revision id ``held``, ``known``, ``waiting``, ``not_held`` or ``phone``.

    Answers whether it was new; the same one twice changes nothing.
    """
    with store.atomic():
        added = store.conn.execute(
            "insert or ignore into receipts(id, pack, utc, line) values(?, ?, ?, ?)", (receipt_id, pack_id, utc, line)
        )
        if not added.rowcount:
            return False
        store.conn.executemany(
            "insert or ignore into receipt_revisions(rev, receipt, outcome, utc) values(?, ?, ?, ?)",
            [(rev, receipt_id, outcome, utc) for rev, outcome in outcomes.items()],
        )
    return True


def receipts(store: Store, pack_id: str | None = None) -> list[tuple[str, str, str, bytes]]:
    """``(id, pack, utc, line)`` of the receipts kept, oldest first."""
    where, parameters = ("where pack = ?", (pack_id,)) if pack_id is not None else ("", ())
    rows = store.rows(f"select id, pack, utc, line from receipts {where} order by utc, id", parameters)  # noqa: S608
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def outcome(store: Store, rev_id: str) -> str | None:
    """What the latest receipt says of a revision, or `None`."""
    row = _last_word(store, rev_id)
    return None if row is None else row[0]


def _last_word(store: Store, rev_id: str) -> tuple[str, str] | None:
    """The outcome and time that count: the latest, but a signed "the office has it" is more than a spoken one."""
    said = store.rows(
        "select outcome, utc from receipt_revisions where rev = ? order by utc desc, receipt desc", (rev_id,)
    )
    if not said:
        return None
    signed = next((row for row in said if row[0] in ("held", "known")), None)
    outcome, utc = signed if signed and said[0][0] == "phone" else said[0]
    return str(outcome), str(utc)


def unconfirmed(store: Store) -> list[str]:
    """The live revisions that may travel and that the office has not confirmed, oldest first."""
    rows = store.rows(
        "select r.id from revisions r where r.live = 1 and r.branch_only = 0 and not exists("
        "select 1 from receipt_revisions c where c.rev = r.id and c.outcome in ('held', 'known')"
        " and c.utc = (select max(l.utc) from receipt_revisions l where l.rev = r.id)) order by r.seq"
    )
    return [str(row[0]) for row in rows]
