"""What was made, sent, received, answered and by whom: files, receipts, devices, imports, questions, policy.

Facts are only added: a receipt taken in twice changes nothing, an import that is undone is marked, and no fact deletes
a revision (packs.md "Receipts are facts, not commands").
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from desktop_app.errors import NotFound
from desktop_app.storage.database import Store

DeviceState = Literal["waiting", "accepted", "stopped", "self", "office"]
CONFIRMING = ("held", "known", "phone")  # what a receipt may say of a revision that the office has


# ---- files made here -----------------------------------------------------------------------------------------------


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


# ---- receipts ------------------------------------------------------------------------------------------------------


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


# ---- devices -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Device:
    """A laptop by its keys. ``signing_key`` and ``exchange`` are raw public keys, ``age`` its recipient (``age1…``)."""

    id: str
    name: str
    branch: str
    role: str
    signing_key: bytes
    age: str
    exchange: bytes
    state: DeviceState


_DEVICE = "id, name, branch, role, signing_key, age, exchange, state"


def devices(store: Store) -> list[Device]:
    """Every laptop known, by branch and name. None is ever forgotten: old signatures must still be verified."""
    return [Device(*row) for row in store.rows(f"select {_DEVICE} from devices order by branch, name, id")]  # noqa: S608


def device(store: Store, device_id: str) -> Device | None:
    row = store.one(f"select {_DEVICE} from devices where id = ?", (device_id,))  # noqa: S608 - constant
    return Device(*row) if row else None


def put_device(store: Store, made: Device, utc: str = "") -> None:
    """Add a laptop, or what is newly said of it. Keys of an id never change: the id is made of the key."""
    with store.atomic():
        store.conn.execute(
            f"insert into devices({_DEVICE}, seen_utc) values(?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " on conflict(id) do update set name=excluded.name, branch=excluded.branch, role=excluded.role,"
            " state=excluded.state, seen_utc=excluded.seen_utc",
            (made.id, made.name, made.branch, made.role, made.signing_key, made.age, made.exchange, made.state, utc),
        )


def set_device_state(store: Store, device_id: str, state: DeviceState) -> None:
    """Accept a laptop, or stop accepting it. Raises `NotFound`."""
    with store.atomic():
        if not store.conn.execute("update devices set state = ? where id = ?", (state, device_id)).rowcount:
            raise NotFound("This laptop is not known here.", do="See the list of laptops.")


# ---- what came in --------------------------------------------------------------------------------------------------


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
            " on conflict(sha256) do update set reason = excluded.reason, device = excluded.device",
            (made.sha256, made.utc, made.name, made.device, made.reason, made.path),
        )


def waiting(store: Store, device_id: str | None = None) -> list[Waiting]:
    """The files that wait, oldest first; those of one laptop when it is named."""
    rows = store.rows("select sha256, utc, name, device, reason, path from waiting order by utc, sha256")
    return [Waiting(*row) for row in rows if device_id is None or row[3] == device_id]


def remove_waiting(store: Store, sha256: str) -> None:
    with store.atomic():
        store.conn.execute("delete from waiting where sha256 = ?", (sha256,))


# ---- questions from the office, policy, key slots of branches ------------------------------------------------------


@dataclass(frozen=True)
class Query:
    """A question the office asks about a record. ``line``: the signed line it came as, empty where it was asked.

    ``answer``: what the branch wrote to it, empty when the newer record itself is the answer; ``answer_line``: the answer
    as it travels, empty where it was received.
    """

    id: str
    record: str
    utc: str
    answered: bool
    body: str
    sent: bool
    line: bytes
    answer: str = ""
    answered_utc: str = ""
    answer_line: bytes = b""


_QUERY = "id, record, utc, answered, body, sent, line, answer, answered_utc, answer_line"


def _query(row: tuple[Any, ...]) -> Query:
    return Query(
        row[0], row[1], row[2], bool(row[3]), row[4], bool(row[5]), row[6] or b"", row[7], row[8], row[9] or b""
    )


def add_query(store: Store, query_id: str, record: str, body: str, utc: str, line: bytes = b"") -> bool:
    """Keep a question; answers whether it was new."""
    with store.atomic():
        added = store.conn.execute(
            "insert or ignore into queries(id, record, utc, answered, body, sent, line) values(?, ?, ?, 0, ?, 0, ?)",
            (query_id, record, utc, body, line),
        )
    return bool(added.rowcount)


def queries(store: Store, record: str | None = None) -> list[Query]:
    """The questions kept, oldest first; those on one record when it is named."""
    rows = store.rows(f"select {_QUERY} from queries order by utc, id")  # noqa: S608 - constant
    return [_query(row) for row in rows if record is None or row[1] == record]


def query(store: Store, query_id: str) -> Query | None:
    """One question, or `None`."""
    row = store.one(f"select {_QUERY} from queries where id = ?", (query_id,))  # noqa: S608 - constant
    return _query(row) if row else None


def open_query(store: Store, record: str) -> Query | None:
    """The newest question on a record that is not answered yet, or `None`."""
    row = store.one(
        f"select {_QUERY} from queries where record = ? and answered = 0 order by utc desc, id desc limit 1",  # noqa: S608
        (record,),
    )
    return _query(row) if row else None


def answer_query(store: Store, query_id: str, answer: str = "", utc: str = "", line: bytes | None = None) -> None:
    """Mark a question answered, with what was written to it; ``line`` is how the answer travels from here."""
    with store.atomic():
        store.conn.execute(
            "update queries set answered = 1, answer = ?, answered_utc = ?, answer_line = ? where id = ?",
            (answer, utc, line, query_id),
        )


def reopen_query(store: Store, query_id: str) -> None:
    """Mark a question not answered after all."""
    with store.atomic():
        store.conn.execute(
            "update queries set answered = 0, answer = '', answered_utc = '', answer_line = null where id = ?", (query_id,)
        )


def remove_query(store: Store, query_id: str) -> None:
    with store.atomic():
        store.conn.execute("delete from queries where id = ?", (query_id,))


def mark_query_sent(store: Store, query_id: str) -> None:
    with store.atomic():
        store.conn.execute("update queries set sent = 1 where id = ?", (query_id,))


def policy(store: Store) -> dict[str, Any] | None:
    """The office's policy as JSON, or `None` before the first."""
    text = store.setting("policy")
    return json.loads(text) if text else None


def set_policy(store: Store, made: Mapping[str, Any]) -> None:
    store.set_setting("policy", json.dumps(made, ensure_ascii=False, sort_keys=True))


def put_keyslots(store: Store, device_id: str, data: bytes, utc: str) -> None:
    """Keep a branch's wrapped keys, as they came with its file, for the day it forgets its passphrase."""
    with store.atomic():
        store.conn.execute(
            "insert into keyslots(device, utc, data) values(?, ?, ?) on conflict(device) do update set"
            " utc = excluded.utc, data = excluded.data where excluded.utc >= keyslots.utc",
            (device_id, utc, data),
        )


def keyslots(store: Store, device_id: str) -> bytes | None:
    row = store.one("select data from keyslots where device = ?", (device_id,))
    return None if row is None else bytes(row[0])
