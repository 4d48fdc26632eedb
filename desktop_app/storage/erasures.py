"""Carrying out erase orders: a second grow-only set; the state is the revisions minus what is erased (record.md).

Orders are kept in the database and in ``erasures.jsonl`` beside the key slots, so that a restored backup or a file
added again brings nothing back. Who may give an order is for the services to judge before it comes here.
"""

from __future__ import annotations

import json

from desktop_app import files
from desktop_app.errors import PackError
from desktop_app.records.erasure import EraseOrder, parse_order, same_branch
from desktop_app.records.revision import parse
from desktop_app.storage import blobs, drafts, half_written, projection, revisions
from desktop_app.storage.database import Store


def add(store: Store, order: EraseOrder) -> bool:
    """Carry out an order; answers whether it was new. Afterwards nothing the record said is in the database.

    The side file is written first: if the computer stops in between, the order is carried out at the next opening.
    """
    if store.one("select 1 from erase_orders where id = ?", (order.id,)):
        return False
    if order.line not in side_lines(store):
        files.append_line(store.paths.erasures, order.line)
    return carry_out(store, order)


def carry_out(store: Store, order: EraseOrder) -> bool:
    """As `add`, inside the caller's transaction, which may still be undone: the side file is left to `keep_beside`."""
    if store.one("select 1 from erase_orders where id = ?", (order.id,)):
        return False
    _carry_out(store, order)
    return True


def keep_beside(store: Store) -> int:
    """Write the orders that are only in the database into the side file too; answers how many."""
    beside = set(side_lines(store))
    missing = [line for line in lines(store) if line not in beside]
    for line in missing:
        files.append_line(store.paths.erasures, line)
    return len(missing)


def orders(store: Store) -> list[EraseOrder]:
    """The orders kept, oldest first."""
    return [parse_order(row[0]) for row in store.rows("select line from erase_orders order by utc, id")]


def lines(store: Store) -> list[bytes]:
    """The orders as they travel."""
    return [bytes(row[0]) for row in store.rows("select line from erase_orders order by utc, id")]


def is_erased(store: Store, record_id: str) -> bool:
    """True when an order covers the record; an order for a record nobody has seen counts until it turns out another's."""
    if store.one("select 1 from erase_orders where record = ?", (record_id,)) is None:
        return False
    branch = revisions.branch_of(store, record_id)
    return branch is None or revisions.is_covered(store, record_id, branch)


def side_lines(store: Store) -> list[bytes]:
    """The lines of the side file; a line cut short by a crash is left out."""
    try:
        return [line for line in store.paths.erasures.read_bytes().split(b"\n") if line]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise files.problem(error, store.paths.erasures) from error


def apply_side_file(store: Store) -> int:
    """Carry out the orders of the side file that this database does not know (after a restore); answers how many."""
    applied = 0
    for line in side_lines(store):
        try:
            order = parse_order(line)
        except PackError:
            continue  # cut short or tampered with: an order that does not verify deletes nothing
        if not store.one("select 1 from erase_orders where id = ?", (order.id,)):
            _carry_out(store, order)
            applied += 1
    keep_beside(store)  # the computer may have stopped between the two
    return applied


def _carry_out(store: Store, order: EraseOrder) -> None:
    execute = store.conn.execute
    branch = revisions.branch_of(store, order.record)
    if branch is not None and not same_branch(branch, order.branch):
        with store.atomic():  # kept, and passed on to nobody's harm: it covers only what its own branch began
            _note(store, order)
        return
    with store.atomic():
        for (rev,) in store.rows("select id from revisions where record = ?", (order.record,)):
            store.parsed.pop(str(rev), None)
        attached = _attachments(store, order.record)
        projection.delete(store, order.record)
        drafts.discard(store, order.record)
        of_record = "(select seq from revisions where record = ?)"
        execute(f"delete from revision_imports where rev in {of_record}", (order.record,))  # noqa: S608 - constant
        ids = "(select id from revisions where record = ?)"
        execute(f"delete from pack_revisions where rev in {ids}", (order.record,))  # noqa: S608 - constant
        execute(f"delete from receipt_revisions where rev in {ids}", (order.record,))  # noqa: S608 - constant
        execute("delete from revisions where record = ?", (order.record,))
        for table in ("queries", "reviews", "report_uses"):
            execute(f"delete from {table} where record = ?", (order.record,))  # noqa: S608 - constants
        half_written.forget_record(store, order.record)
        _note(store, order)
        for sha256 in attached:
            if not still_used(store, sha256):
                blobs.delete(store, sha256)


def _note(store: Store, order: EraseOrder) -> None:
    store.conn.execute(
        "insert or ignore into erase_orders(id, record, code, utc, line) values(?, ?, ?, ?, ?)",
        (order.id, order.record, order.code, order.utc, order.line),
    )


def _attachments(store: Store, record_id: str) -> set[str]:
    found: set[str] = set()
    for row in store.rows("select line from revisions where record = ?", (record_id,)):
        found.update(blob.sha256 for blob in parse(row[0]).revision.blobs)
    draft = drafts.load(store, record_id)
    if draft is not None:
        text = json.dumps(draft.content)
        found.update(sha256 for sha256 in blobs.all_hashes(store) if sha256 in text)
    return found


def still_used(store: Store, sha256: str) -> bool:
    """Whether an entry, a draft, a form or the shelf of papers (both settings) names this content."""
    held = store.one("select 1 from revisions where instr(line, cast(? as blob)) > 0 limit 1", (sha256,))
    draft = store.one("select 1 from drafts where instr(content, ?) > 0 limit 1", (sha256,))
    setting = store.one("select 1 from settings where instr(value, ?) > 0 limit 1", (sha256,))
    return bool(held or draft or setting)
