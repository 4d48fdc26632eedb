"""Revisions in the database: a grow-only set, except for what was never sent and for what is erased.

A revision is *live* when it was made here or came with a file whose adding was not undone (record.md "State of a
record" 1). Their lines are kept byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from desktop_app.errors import NotFound, RecordError
from desktop_app.records import removal
from desktop_app.records.erasure import covers
from desktop_app.records.fold import fold
from desktop_app.records.revision import Signed, new_salt, parse, sign
from desktop_app.records.signing import device_id, public_key
from desktop_app.records.state import RecordState
from desktop_app.storage.database import Store

HERE = 0  # the "import" of what was written on this laptop
_BATCH = 500
_PARSED = 1000  # revisions kept as read; a record with more is read whole each time
_UNSENT = (
    # The plus keeps SQLite from going through everything written here instead of through the one record.
    "from revisions r where r.record = ? and +r.here = 1 and r.live = 1"
    " and not exists(select 1 from pack_revisions p where p.rev = r.id)"
    " and not exists(select 1 from revision_imports i where i.rev = r.seq and i.import <> 0)"
)


def add(store: Store, signed: Signed, *, import_id: int | None = None) -> bool:
    """Keep a revision; answers whether it was not known before. Without ``import_id`` it was made here.

    A revision of an erased record is not kept, and the answer is False.
    """
    if is_covered(store, signed.revision.record, signed.revision.branch):
        return False
    with store.atomic():
        return _keep(store, signed, import_id)


def add_many(store: Store, revisions: Iterable[Signed], *, import_id: int | None = None) -> int:
    """As `add`, for many in one transaction; answers how many were new."""
    with store.atomic():
        gone = covered(store)
        return sum(
            _keep(store, signed, import_id)
            for signed in revisions
            if not covers(gone.get(signed.revision.record, ()), signed.revision.branch)
        )


def _keep(store: Store, signed: Signed, import_id: int | None) -> bool:
    execute = store.conn.execute
    added = execute(
        "insert into revisions(id, record, line, device, branch, op, branch_only, utc, counter, here, live)"
        " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) on conflict(id) do nothing",
        (*packed(signed), int(import_id is None)),
    )
    new = bool(added.rowcount)
    if new:
        seq = added.lastrowid
    else:
        seq = execute("select seq from revisions where id = ?", (signed.id,)).fetchone()[0]
        execute("update revisions set live = 1 where seq = ? and live = 0", (seq,))
    source = HERE if import_id is None else import_id
    execute("insert or ignore into revision_imports(import, rev) values(?, ?)", (source, seq))
    if import_id is None:
        store.parsed[signed.id] = signed
    return new


def packed(signed: Signed) -> tuple[Any, ...]:
    """A revision that came with a file, as a plain tuple for `add_new`."""
    revision = signed.revision
    return (
        signed.id,
        revision.record,
        signed.line,
        revision.device,
        revision.branch,
        revision.op,
        int(revision.branch_only),
        revision.t.utc,
        revision.t.counter,
    )


def add_new(store: Store, rows: Sequence[tuple[Any, ...]], import_id: int) -> None:
    """Keep revisions of which none is here yet, in any state, nor its record erased: the caller has looked."""
    with store.atomic():
        top = store.conn.execute("select coalesce(max(seq), 0) from revisions").fetchone()[0]
        store.conn.executemany(
            "insert into revisions(seq, id, record, line, device, branch, op, branch_only, utc, counter, here, live)"
            " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)",
            [(seq, *row) for seq, row in enumerate(rows, top + 1)],
        )
        store.conn.executemany(
            "insert into revision_imports(import, rev) values(?, ?)",
            [(import_id, seq) for seq in range(top + 1, top + 1 + len(rows))],
        )


def hold_too(store: Store, rev_ids: Iterable[str], import_id: int) -> None:
    """These are here already, and this file holds them as well: undoing the other one then leaves them."""
    with store.atomic():
        store.conn.executemany(
            "insert or ignore into revision_imports(import, rev) select ?, seq from revisions where id = ?",
            [(import_id, rev_id) for rev_id in rev_ids],
        )


def get(store: Store, rev_id: str) -> Signed:
    """One revision, live or not. Raises `NotFound`."""
    row = store.one("select line from revisions where id = ?", (rev_id,))
    if row is None:
        raise NotFound("This version of the record is not here.")
    return parse(row[0])


def of_record(store: Store, record_id: str) -> list[Signed]:
    """The live revisions of a record, in the order they came; none when the record is erased.

    What was read before is not read again: with each version there is one more of them.
    """
    if store.one("select 1 from erase_orders where record = ?", (record_id,)) and is_covered(
        store, record_id, branch_of(store, record_id) or ""
    ):
        return []
    known = store.parsed
    found = store.rows("select seq, id from revisions where record = ? and live = 1 order by seq", (record_id,))
    missing = [seq for seq, rev in found if rev not in known]
    if len(known) + len(missing) > _PARSED:
        known.clear()
        missing = [seq for seq, _ in found]
    for at in range(0, len(missing), _BATCH):
        part = missing[at : at + _BATCH]
        rows = store.rows(f"select id, line from revisions where seq in ({','.join('?' * len(part))})", part)  # noqa: S608
        known.update((str(rev), parse(line)) for rev, line in rows)
    return [known[rev] for _, rev in found]


def state(store: Store, record_id: str) -> RecordState | None:
    """The fold of a record's live revisions, or `None` when there are none (a draft only, or erased)."""
    live = of_record(store, record_id)
    return fold(live) if live else None


def records(store: Store) -> Iterator[str]:
    """The ids of all records with a live revision, without holding them all in memory."""
    after = ""
    while True:
        rows = store.rows(
            "select distinct record from revisions where record > ? and live = 1 order by record limit ?",
            (after, _BATCH),
        )
        if not rows:
            return
        for row in rows:
            yield str(row[0])
        after = str(rows[-1][0])


def lines(store: Store, rev_ids: Iterable[str]) -> Iterator[bytes]:
    """The stored bytes of these revisions, in the order given, one at a time."""
    for rev_id in rev_ids:
        row = store.one("select line from revisions where id = ?", (rev_id,))
        if row is not None:
            yield row[0]


def known(store: Store, rev_ids: Iterable[str]) -> set[str]:
    """Which of these ids are here and live."""
    found: set[str] = set()
    wanted = list(rev_ids)
    for at in range(0, len(wanted), _BATCH):
        part = wanted[at : at + _BATCH]
        marks = ",".join("?" * len(part))
        rows = store.rows(f"select id from revisions where live = 1 and id in ({marks})", part)  # noqa: S608 - marks only
        found.update(str(row[0]) for row in rows)
    return found


def with_live(store: Store, record_ids: Iterable[str]) -> set[str]:
    """Which of these records have a live revision here."""
    return _with_revisions(store, record_ids, "live = 1 and ")


def met(store: Store, record_ids: Iterable[str]) -> set[str]:
    """Which of these records have any revision here, live or not."""
    return _with_revisions(store, record_ids, "")


def _with_revisions(store: Store, record_ids: Iterable[str], condition: str) -> set[str]:
    found: set[str] = set()
    wanted = list(dict.fromkeys(record_ids))
    for at in range(0, len(wanted), _BATCH):
        part = wanted[at : at + _BATCH]
        marks = ",".join("?" * len(part))
        sql = f"select distinct record from revisions where {condition}record in ({marks})"  # noqa: S608 - marks only
        found.update(str(row[0]) for row in store.rows(sql, part))
    return found


def branch_of(store: Store, record_id: str) -> str | None:
    """The branch that began a record, by the earliest revision here, or `None` when the record is not known."""
    row = store.one("select branch from revisions where record = ? order by seq limit 1", (record_id,))
    return None if row is None else str(row[0])


def covered(store: Store) -> dict[str, tuple[str, ...]]:
    """The ids of records with orders to delete, and for which branch's records each order was given."""
    found: dict[str, tuple[str, ...]] = {}
    for record, line in store.rows("select record, line from erase_orders"):
        found[str(record)] = (*found.get(str(record), ()), _branch_in(line))
    return found


def is_covered(store: Store, record_id: str, branch: str) -> bool:
    """Whether a record that this branch began is deleted for good; an order of another branch does not touch it."""
    lines = store.rows("select line from erase_orders where record = ?", (record_id,))
    return covers([_branch_in(line) for (line,) in lines], branch)


def _branch_in(line: bytes) -> str:
    return str(json.loads(bytes(line).partition(b" ")[2])["branch"])  # it was verified when it was taken


def newest_utc(store: Store) -> str:
    """The latest date of the hundred revisions that came last, by the clocks of their laptops; empty when there is none."""
    row = store.one("select coalesce(max(utc), '') from (select utc from revisions order by seq desc limit 100)")
    return str(row[0]) if row else ""


def erased(store: Store) -> set[str]:
    """The ids of records that are deleted for good."""
    return {str(row[0]) for row in store.rows("select record from erase_orders")}


def next_counter(store: Store) -> int:
    """A number higher than any this laptop has seen, for `Stamp.counter`."""
    with store.atomic():
        kept: str | int | None = store.setting("counter")
        if kept is None:
            row = store.one("select coalesce(max(counter), 0) from revisions where here = 1")
            kept = int(row[0]) if row else 0
        highest = int(kept) + 1
        store.set_setting("counter", str(highest))
    return highest


# ---- only what is seen goes ------------------------------------------------------------------------------------------


def unsent(store: Store, record_id: str) -> list[str]:
    """The ids of the live revisions made here that are in no file yet, in the order they were made."""
    return [str(row[0]) for row in store.rows(f"select r.id {_UNSENT} order by r.seq", (record_id,))]


def was_sent(store: Store, record_id: str) -> bool:
    """Whether any revision of the record has left this laptop in a file, or came to it in one."""
    return bool(
        store.one(
            "select 1 from revisions r where r.record = ?"
            " and (exists(select 1 from pack_revisions p where p.rev = r.id)"
            " or exists(select 1 from revision_imports i where i.rev = r.seq and i.import <> 0)) limit 1",
            (record_id,),
        )
    )


def _unsent(store: Store, record_id: str) -> list[Signed]:
    return [parse(row[0]) for row in store.rows(f"select r.line {_UNSENT} order by r.seq", (record_id,))]


def unsent_records(store: Store) -> list[str]:
    """The records with a revision made here that is in no file yet."""
    rows = store.rows(
        "select distinct r.record from revisions r where r.here = 1 and r.live = 1"
        " and not exists(select 1 from pack_revisions p where p.rev = r.id)"
        " and not exists(select 1 from revision_imports i where i.rev = r.seq and i.import <> 0) order by r.record"
    )
    return [str(row[0]) for row in rows]


def records_changed_here(store: Store) -> list[str]:
    """The records with a live revision made here that may travel."""
    rows = store.rows(
        "select distinct record from revisions where here = 1 and live = 1 and branch_only = 0 order by record"
    )
    return [str(row[0]) for row in rows]


def squash_unsent(store: Store, record_id: str, signing_seed: bytes) -> list[str]:
    """Squash each unsent chain to its last revision and shred the others (record.md "Only what is seen goes").

    The last revision keeps its content, time and counter; its parents become the last revisions that were sent, its
    salt is new, and it is signed again with this laptop's seed. Answers the ids of the heads that are left
    unsent (none when nothing is unsent). Afterwards no table holds the words of the earlier ones.
    """
    chain = {signed.id: signed for signed in _unsent(store, record_id)}
    named = {parent for signed in chain.values() for parent in signed.revision.parents}
    tips = [signed for rev, signed in chain.items() if rev not in named]
    left: list[str] = []
    with store.atomic():
        for tip in tips:
            parents, inside = _sent_ancestors(tip, chain)
            if set(tip.revision.parents) == parents:
                left.append(tip.id)
                continue
            decided = tip.revision.op == "put" and any(chain[rev].revision.op == "resolve" for rev in inside)
            op = "resolve" if decided else tip.revision.op  # a choice between two versions outlives the squashing
            # Signed by whoever these records are now: a copy has another name than what it was copied from.
            device = device_id(public_key(signing_seed))
            made = replace(tip.revision, parents=tuple(sorted(parents)), op=op, salt=new_salt(), device=device)
            again = sign(made, signing_seed)
            add(store, again)
            left.append(again.id)
        _shred_all(store, [rev for rev in chain if rev not in left], record_id)
    return left


def _sent_ancestors(tip: Signed, chain: dict[str, Signed]) -> tuple[set[str], set[str]]:
    """The nearest ancestors outside the unsent chain, and those inside it."""
    found: set[str] = set()
    stack, seen = [tip], {tip.id}
    while stack:
        for parent in stack.pop().revision.parents:
            if parent not in chain:
                found.add(parent)
            elif parent not in seen:
                seen.add(parent)
                stack.append(chain[parent])
    return found, seen - {tip.id}


def shred(store: Store, rev_id: str) -> None:
    """Remove a revision that was never sent, for good. Raises `RecordError` when it has left this laptop already.

    A revision of the same record that names it as parent must be squashed first; else it counts as of unknown ancestry.
    """
    row = store.one("select record, here, seq from revisions where id = ?", (rev_id,))
    if row is None:
        return
    left = store.one("select 1 from pack_revisions where rev = ?", (rev_id,))
    received = store.one("select 1 from revision_imports where rev = ? and import <> 0", (row[2],))
    if left or received or not row[1]:
        raise RecordError(
            "This version has already been sent.",
            safe="Nothing was changed.",
            do="To remove it everywhere, delete the record for good, everywhere.",
        )
    with store.atomic():
        _shred_all(store, [rev_id], row[0])


def holding(store: Store, record_id: str, words: str) -> list[str]:
    """The unsent revisions of a record whose text contains these words (any case): "Remove these words everywhere"."""
    return [one.id for one in _unsent(store, record_id) if says(one.body, words)]


def says(body: bytes, words: str) -> bool:
    """Whether any text in a revision's bytes holds these words, as `removal.places` finds them or within longer words."""
    part = words.casefold()
    return any(
        part in text.casefold() or removal.places(words, text, any_case=True)
        for text in removal.strings(json.loads(body))
    )


def _shred_all(store: Store, rev_ids: list[str], record_id: str) -> None:
    from desktop_app.storage import drafts, search_index

    for rev in rev_ids:
        store.conn.execute("delete from revision_imports where rev = (select seq from revisions where id = ?)", (rev,))
        store.conn.execute("delete from revisions where id = ?", (rev,))
    if store.one("select 1 from drafts where record = ?", (record_id,)) is None:
        drafts.forget_journal(store, record_id)
    search_index.freshen_index(store)
