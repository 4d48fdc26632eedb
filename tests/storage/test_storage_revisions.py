"""Revisions in the database; only what is seen goes; nothing that was removed is left anywhere."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from storage_world import FORM, SEED, every_value

from desktop_app.errors import NotFound, RecordError
from desktop_app.records.erasure import make_order
from desktop_app.records.fold import fold
from desktop_app.records.revision import BlobRef, Signed
from desktop_app.storage import (
    backup,
    blobs,
    drafts,
    erasures,
    incoming,
    office_words,
    outgoing,
    projection,
    revisions,
    search,
)
from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store

Make = Callable[..., Signed]
WORD = "zebraplanted"


def send(store: Store, number: int, rev_ids: list[str]) -> None:
    outgoing.made(store, f"pack {number}", number, "2026-11-22T11:00:00Z", "0" * 64, "x.branchpack", rev_ids, ["age1"])


def everywhere(store: Store, word: str) -> list[str]:
    return sorted({table for table, value in every_value(store) if word.encode() in value.lower()})


def test_adding_twice_changes_nothing_and_the_bytes_are_kept(store: Store, make: Make) -> None:
    signed = make()
    assert revisions.add(store, signed)
    assert not revisions.add(store, signed)
    [back] = revisions.of_record(store, signed.revision.record)
    assert back.line == signed.line
    assert revisions.get(store, signed.id) == signed
    assert list(revisions.lines(store, [signed.id])) == [signed.line]
    assert revisions.known(store, [signed.id, "r1:no"]) == {signed.id}
    with pytest.raises(NotFound):
        revisions.get(store, "r1:no")


def test_the_state_is_the_fold(store: Store, make: Make) -> None:
    base = make()
    record = base.revision.record
    both = [make(record, (base.id,), {"told": "a"}, n=2), make(record, (base.id,), {"told": "b"}, n=3)]
    for signed in (*both, base):
        revisions.add(store, signed)
    assert revisions.state(store, record) == fold([base, *both])
    assert revisions.state(store, "nowhere") is None
    assert revisions.branch_of(store, record) == "Leeds"
    assert list(revisions.records(store)) == [record]


def test_counters_rise_even_after_shredding(store: Store, make: Make) -> None:
    revisions.add(store, make(n=41))
    counters = [revisions.next_counter(store) for _ in range(3)]
    assert counters == [42, 43, 44]


def test_an_import_undone_is_not_live_and_adding_it_again_is(store: Store, make: Make) -> None:
    signed = make()
    record = signed.revision.record
    first = incoming.begin_import(store, utc="t1", pack="p", device="d", name="f", sha256="s")
    revisions.add(store, signed, import_id=first)
    second = incoming.begin_import(store, utc="t2", pack="p2", device="d", name="f", sha256="s2")
    assert not revisions.add(store, signed, import_id=second)
    assert incoming.undo_import(store, first) == []
    assert revisions.of_record(store, record)
    assert incoming.undo_import(store, second) == [record]
    assert revisions.of_record(store, record) == []
    assert revisions.state(store, record) is None
    third = incoming.begin_import(store, utc="t3", pack="p", device="d", name="f", sha256="s")
    revisions.add(store, signed, import_id=third)
    assert revisions.of_record(store, record) == [signed]
    assert incoming.arrived_utc(store, [signed.id]) == "t3"


def test_what_was_made_here_stays_live_when_an_import_of_it_is_undone(store: Store, make: Make) -> None:
    signed = make()
    revisions.add(store, signed)
    own = incoming.begin_import(store, utc="t", pack="p", device="d", name="f", sha256="s")
    revisions.add(store, signed, import_id=own)
    assert incoming.undo_import(store, own) == []
    assert revisions.of_record(store, signed.revision.record)


def test_an_unsent_chain_is_squashed_to_its_last(store: Store, make: Make) -> None:
    sent = make()
    record = sent.revision.record
    revisions.add(store, sent)
    send(store, 1, [sent.id])
    before = sent.id
    for n, told in enumerate((WORD, f"{WORD} again", "clean"), 2):
        signed = make(record, (before,), {"told": told}, n=n)
        revisions.add(store, signed)
        before = signed.id
    assert len(revisions.unsent(store, record)) == 3
    [left] = revisions.squash_unsent(store, record, SEED)
    kept = revisions.get(store, left)
    assert kept.revision.parents == (sent.id,)
    assert kept.revision.answers == {"told": "clean"}
    assert (kept.revision.t.counter, kept.revision.device) == (4, sent.revision.device)
    assert [signed.id for signed in revisions.of_record(store, record)] == [sent.id, left]
    assert everywhere(store, WORD) == []
    assert revisions.squash_unsent(store, record, SEED) == [left]
    send(store, 2, [left])
    assert revisions.unsent(store, record) == []
    assert revisions.unsent_records(store) == []
    assert revisions.was_sent(store, record)


def test_a_chain_that_was_never_sent_becomes_a_first_revision(store: Store, make: Make) -> None:
    first = make(answers={"told": WORD})
    record = first.revision.record
    revisions.add(store, first)
    revisions.add(store, make(record, (first.id,), {"told": "clean"}, n=2))
    [left] = revisions.squash_unsent(store, record, SEED)
    assert revisions.get(store, left).revision.parents == ()
    assert everywhere(store, WORD) == []
    assert not revisions.was_sent(store, record)


def test_a_choice_between_two_versions_outlives_the_squashing(store: Store, make: Make) -> None:
    base = make()
    record = base.revision.record
    here, there = make(record, (base.id,), {"told": "a"}, n=2), make(record, (base.id,), {"told": "b"}, n=3)
    for signed in (base, here, there):
        revisions.add(store, signed)
    send(store, 1, [base.id, here.id, there.id])
    choice = make(record, (here.id, there.id), {"told": "a"}, n=4, op="resolve")
    later = make(record, (choice.id,), {"told": "a", "more": "x"}, n=5)
    revisions.add(store, choice)
    revisions.add(store, later)
    [left] = revisions.squash_unsent(store, record, SEED)
    state = revisions.state(store, record)
    assert state
    assert state.two_versions == ()
    assert state.answers == {"told": "a", "more": "x"}
    assert set(revisions.get(store, left).revision.parents) == {here.id, there.id}


def test_what_was_sent_cannot_be_shredded(store: Store, make: Make) -> None:
    sent, unsent = make(answers={"told": WORD}), make(answers={"told": WORD})
    for signed in (sent, unsent):
        revisions.add(store, signed)
    send(store, 1, [sent.id])
    with pytest.raises(RecordError):
        revisions.shred(store, sent.id)
    received = make(seed=bytes(32))
    revisions.add(
        store, received, import_id=incoming.begin_import(store, utc="t", pack="p", device="d", name="f", sha256="s")
    )
    with pytest.raises(RecordError):
        revisions.shred(store, received.id)
    assert revisions.holding(store, unsent.revision.record, WORD.upper()) == [unsent.id]
    revisions.shred(store, unsent.id)
    revisions.shred(store, unsent.id)
    assert revisions.of_record(store, unsent.revision.record) == []


def test_removed_words_are_in_no_byte_of_the_file(
    plain_store: Store, make: Make, project: Callable[..., projection.Projection]
) -> None:
    """The same statements on an unencrypted file: every page is read, the unused ones too."""
    store = plain_store
    first = make(answers={"told": f"{WORD} " * 400})
    record = first.revision.record
    drafts.save(store, record, FORM, {"answers": {"told": f"{WORD} draft " * 400}}, ())
    drafts.push(store, record, {"answers": {"told": WORD}})
    projection.write(store, project(record, words=f"{WORD} words " * 200, title=WORD))
    for n in range(60):
        projection.write(store, project(f"other {n}", n, words=f"{WORD[:5]} other words {n} " * 30))
    revisions.add(store, first)
    drafts.discard(store, record)
    assert WORD.encode() in store.paths.database.read_bytes(), "or the test proves nothing"
    assert search.search(store, WORD).rows
    revisions.add(store, make(record, (first.id,), {"told": "clean"}, n=2))
    projection.write(store, project(record, words="clean words", title="clean", changed_utc="2026-11-22T12:00:00Z"))
    revisions.squash_unsent(store, record, SEED)
    assert everywhere(store, WORD) == []
    assert WORD.encode() not in store.paths.database.read_bytes().lower()
    assert not search.search(store, WORD).rows
    assert search.search(store, "clean").rows
    assert not store.paths.database.with_name("records.db-journal").exists()


def test_the_scan_would_notice_a_store_that_only_forgets(plain_store: Store, make: Make) -> None:
    """Canary: without overwriting what is deleted, the words stay in unused pages."""
    plain_store.conn.execute("pragma secure_delete = off")
    first = make(answers={"told": f"{WORD} " * 4000})
    revisions.add(plain_store, first)
    revisions.add(plain_store, make(first.revision.record, (first.id,), {"told": "clean"}, n=2))
    revisions.squash_unsent(plain_store, first.revision.record, SEED)
    assert WORD.encode() in plain_store.paths.database.read_bytes().lower()


@pytest.mark.torture
def test_in_any_order_and_any_number_of_times_the_store_says_what_the_fold_says(
    store: Store, make: Make, effort: int
) -> None:
    dice = random.Random(20261122)
    for _ in range(12 * effort):
        first = make(answers={"a": "0"})
        record = first.revision.record
        graph = [first]
        for n in range(1, 12):
            parents = dice.sample(graph, min(len(graph), dice.choice((1, 1, 2))))
            graph.append(
                make(
                    record,
                    tuple(parent.id for parent in parents),
                    {"a": dice.choice("012"), f"leaf {dice.randrange(4)}": str(n)},
                    n=n,
                    op=dice.choice(("put", "put", "resolve", "withdraw")),
                )
            )
        delivered = graph * 2
        dice.shuffle(delivered)
        imports = []
        with store.atomic():
            for at in range(0, len(delivered), 5):
                imports.append(incoming.begin_import(store, utc="t", pack="p", device="d", name="", sha256=""))
                for signed in delivered[at : at + 5]:
                    revisions.add(store, signed, import_id=imports[-1])
        assert revisions.state(store, record) == fold(graph)
        undone = set(dice.sample(range(len(imports)), 2))
        for number in undone:
            incoming.undo_import(store, imports[number])
        held = [s for n in range(len(imports)) if n not in undone for s in delivered[n * 5 : n * 5 + 5]]
        assert revisions.state(store, record) == (fold(held) if held else None)
        for number in undone:
            incoming.redo_import(store, imports[number])
        assert revisions.state(store, record) == fold(graph)


# ---- erase orders ----------------------------------------------------------------------------------------------------


def erase(store: Store, record: str) -> bool:
    return erasures.add(store, make_order(record, "asked", "2026-11-22T12:00:00Z", "Leeds", SEED))


def filled(store: Store, make: Make, project: Callable[..., Any]) -> tuple[Signed, str, str]:
    """A record with all it can have, and one that shares an attachment; answers the record and both hashes."""
    own, _ = blobs.put(store, f"{WORD} own".encode() * 100_000, "scan.pdf", "application/pdf")
    shared, _ = blobs.put(store, b"shared paper", "paper.pdf", "application/pdf")
    names = {own: f"{WORD}.pdf", shared: "paper.pdf"}
    refs = tuple(BlobRef(sha, 1, name, "application/pdf", "no", "") for sha, name in names.items())
    signed = make(answers={"told": WORD}, blobs=refs)
    record = signed.revision.record
    revisions.add(store, signed)
    revisions.add(store, make(n=2, blobs=refs[1:], answers={"told": "other"}))
    drafts.save(store, record, FORM, {"answers": {"told": WORD}}, (signed.id,))
    drafts.push(store, record, {"answers": {"told": WORD}})
    projection.write(store, project(record, words=WORD, title=WORD))
    office_words.add_query(store, "q", record, f"What about {WORD}?", "t")
    send(store, 1, [signed.id])
    return signed, own, shared


def test_erased_is_gone_from_every_byte_and_stays_gone(
    plain_store: Store, make: Make, project: Callable[..., Any]
) -> None:
    store = plain_store
    signed, own, shared = filled(store, make, project)
    assert erase(store, signed.revision.record)
    assert not erase(store, signed.revision.record)
    assert everywhere(store, WORD) == []
    assert WORD.encode() not in store.paths.database.read_bytes()
    assert not blobs.has(store, own)
    assert blobs.has(store, shared)
    assert revisions.erased(store) == {signed.revision.record}
    assert not revisions.add(store, signed)
    again = incoming.begin_import(store, utc="t", pack="p", device="d", name="f", sha256="s")
    assert revisions.add_many(store, [signed], import_id=again) == 0
    assert revisions.state(store, signed.revision.record) is None
    assert everywhere(store, WORD) == []
    assert [order.code for order in erasures.orders(store)] == ["asked"]
    assert erasures.is_erased(store, signed.revision.record)


def test_a_restored_backup_brings_nothing_back(
    store: Store, data_key: bytes, make: Make, project: Callable[..., Any], tmp_path: Path
) -> None:
    signed, _, _ = filled(store, make, project)
    old = backup.backup(store, store.paths, tmp_path / "old.branchbackup").path
    erase(store, signed.revision.record)
    new_place = tmp_path / "new"
    new_place.mkdir()
    (new_place / "erasures.jsonl").write_bytes(store.paths.erasures.read_bytes())
    paths = backup.restore(old, new_place)
    with open_store(paths, data_key) as opened:
        assert everywhere(opened, WORD) == []
        assert erasures.is_erased(opened, signed.revision.record)
        after = backup.backup(opened, paths, tmp_path / "after.branchbackup").path
    paths = backup.restore(after, tmp_path / "third")
    assert paths.erasures.read_bytes() == store.paths.erasures.read_bytes()
    with open_store(paths, data_key) as opened:
        assert everywhere(opened, WORD) == []


def test_an_order_cut_off_by_a_crash_is_carried_out_at_the_next_opening(
    store: Store, data_key: bytes, make: Make, project: Callable[..., Any]
) -> None:
    signed, _, _ = filled(store, make, project)
    order = make_order(signed.revision.record, "officer", "2026-11-22T10:00:00Z", "Leeds", SEED)
    store.paths.erasures.write_bytes(b"cut sho\n" + order.line + b"\n")
    store.close()
    with open_store(store.paths, data_key) as opened:
        assert everywhere(opened, WORD) == []
        assert erasures.lines(opened) == [order.line]


def test_an_order_that_was_tampered_with_deletes_nothing(
    store: Store, data_key: bytes, make: Make, project: Callable[..., Any]
) -> None:
    signed, _, _ = filled(store, make, project)
    other = make_order("6f0c2a52-3d55-4a49-9c0e-3c1d0f9c7a11", "asked", "2026-11-22T10:00:00Z", "Leeds", SEED).line
    forged = other.replace(b"6f0c2a52-3d55-4a49-9c0e-3c1d0f9c7a11", signed.revision.record.encode())
    store.paths.erasures.write_bytes(forged + b"\n")
    store.close()
    with open_store(store.paths, data_key) as opened:
        assert revisions.of_record(opened, signed.revision.record)


def test_an_order_names_its_reason_by_code_only() -> None:
    from desktop_app.errors import UsageProblem

    with pytest.raises(UsageProblem):
        make_order("6f0c2a52-3d55-4a49-9c0e-3c1d0f9c7a11", "because Kayden asked", "2026-11-22T10:00:00Z", "Leeds", SEED)
    line = make_order("6f0c2a52-3d55-4a49-9c0e-3c1d0f9c7a11", "mistake", "2026-11-22T10:00:00Z", "Leeds", SEED).line
    assert json.loads(line.split(b" ", 1)[1])["code"] == "mistake"
