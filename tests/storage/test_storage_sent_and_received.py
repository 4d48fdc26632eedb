"""Attachments, files, receipts, laptops, questions: facts that are only added."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable

import pytest

from desktop_app.errors import NotFound, RecordError, StoreError
from desktop_app.records.revision import Signed
from desktop_app.storage import blobs, incoming, laptops, office_words, outgoing, revisions
from desktop_app.storage.database import Store
from desktop_app.storage.incoming import Waiting
from desktop_app.storage.laptops import Device


@pytest.mark.parametrize("size", [0, 1, blobs.CHUNK - 1, blobs.CHUNK, blobs.CHUNK + 1, 3 * blobs.CHUNK + 7])
def test_content_comes_back_from_bytes_streams_and_pieces(store: Store, size: int) -> None:
    data = os.urandom(size)
    sha256 = hashlib.sha256(data).hexdigest()
    pieces = [data[at : at + 1000] for at in range(0, size, 1000)]
    for source in (data, io.BytesIO(data), iter(pieces)):
        assert blobs.put(store, source, "a.pdf", "application/pdf") == (sha256, size)
    assert b"".join(blobs.read(store, sha256)) == data
    assert blobs.all_hashes(store) == [sha256]
    assert blobs.size(store, sha256) == size
    assert store.one("select count(*) from blob_chunks") == (-(-size // blobs.CHUNK),)
    blobs.delete(store, sha256)
    assert not blobs.has(store, sha256)
    assert store.one("select count(*) from blob_chunks") == (0,)
    with pytest.raises(NotFound):
        blobs.read(store, sha256)


def test_damaged_or_too_large_content_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError):
        blobs.put(store, b"other", "a", "b", expected="0" * 64)
    monkeypatch.setattr(blobs, "MAX_BYTES", 1000)
    with pytest.raises(RecordError) as told:
        blobs.put(store, b"x" * 1001, "a", "b")
    assert told.value.code == "E-TOOBIG"
    assert store.one("select count(*) from blobs") == (0,)
    assert store.one("select count(*) from blob_chunks") == (0,)


def made(store: Store, number: int, rev_ids: list[str]) -> None:
    outgoing.made(store, f"p{number}", number, f"2026-11-{number:02}", f"hash{number}", "x", rev_ids, ["age1"], bytes=10)


def test_files_are_numbered_and_remember_what_the_person_said(store: Store) -> None:
    assert (outgoing.next_number(store), outgoing.previous_sha256(store)) == (1, "")
    made(store, 1, ["r1:a"])
    made(store, 2, ["r1:a", "r1:b"])
    assert (outgoing.next_number(store), outgoing.previous_sha256(store)) == (3, "hash2")
    assert outgoing.sent_in(store, "r1:a") == 2
    assert outgoing.sent_in(store, "r1:z") is None
    last = outgoing.last_pack_with(store, "r1:b")
    assert last
    assert (last.number, last.emailed_utc, last.recipients) == (2, None, ("age1",))
    outgoing.set_emailed(store, 2, True, "2026-11-22T12:00:00Z")
    assert [p.emailed_utc for p in outgoing.packs(store)] == ["2026-11-22T12:00:00Z", None]
    outgoing.set_emailed(store, 2, False, "later")
    assert outgoing.pack(store, 2).emailed_utc is None
    assert outgoing.pack_revisions(store, 2) == ["r1:a", "r1:b"]
    found = outgoing.pack_by_id(store, "p1")
    assert found
    assert found.number == 1
    with pytest.raises(NotFound):
        outgoing.set_emailed(store, 9, True, "t")


def test_receipts_in_any_order_and_twice_say_the_same(store: Store, make: Callable[..., Signed]) -> None:
    signed = make()
    revisions.add(store, signed)
    facts = [
        ("one", "2026-11-01", {signed.id: "held"}),
        ("two", "2026-11-02", {signed.id: "not_held"}),
        ("three", "2026-11-03", {signed.id: "known"}),
    ]
    assert outgoing.unconfirmed(store) == [signed.id]
    for receipt, utc, outcomes in (facts[2], facts[0], facts[1], facts[0]):
        outgoing.add_receipt(store, receipt, "p", utc, b"line", outcomes)
    assert not outgoing.add_receipt(store, "one", "p", "2027", b"other", {signed.id: "not_held"})
    assert dict(outgoing.confirmed(store)) == {signed.id: "2026-11-03"}
    assert outgoing.unconfirmed(store) == []
    outgoing.add_receipt(store, "four", "p", "2026-11-04", b"line", {signed.id: "not_held"})
    assert signed.id not in outgoing.confirmed(store)
    assert outgoing.outcome(store, signed.id) == "not_held"
    assert outgoing.unconfirmed(store) == [signed.id]
    assert len(outgoing.receipts(store, "p")) == 4
    assert revisions.of_record(store, signed.revision.record), "no receipt deletes anything"


def test_laptops_are_never_forgotten_and_keys_never_change(store: Store) -> None:
    device = Device("d", "Ann's laptop", "Leeds", "Secretary", b"key", "age1", b"exchange", "waiting")
    laptops.put_device(store, device)
    laptops.put_device(store, Device("d", "New name", "Leeds", "Secretary", b"other", "age2", b"x", "accepted"))
    [found] = laptops.devices(store)
    assert (found.name, found.state, found.signing_key, found.age) == ("New name", "accepted", b"key", "age1")
    laptops.set_device_state(store, "d", "stopped")
    kept = laptops.device(store, "d")
    assert kept
    assert kept.state == "stopped"
    with pytest.raises(NotFound):
        laptops.set_device_state(store, "unknown", "accepted")


def test_what_waits_is_kept_with_its_reason(store: Store) -> None:
    incoming.add_waiting(store, Waiting("s1", "t1", "a.branchpack", "d", "E-UNKNOWNDEVICE", "quarantine/s1"))
    incoming.add_waiting(store, Waiting("s1", "t2", "b.branchpack", "d", "E-OTHER", "quarantine/s1"))
    incoming.add_waiting(store, Waiting("s2", "t0", "c.branchpack", "e", "E-UNKNOWNDEVICE", "quarantine/s2"))
    assert [(w.sha256, w.reason) for w in incoming.waiting(store)] == [("s2", "E-UNKNOWNDEVICE"), ("s1", "E-OTHER")]
    assert [w.sha256 for w in incoming.waiting(store, "d")] == ["s1"]
    incoming.remove_waiting(store, "s1")
    assert [w.sha256 for w in incoming.waiting(store)] == ["s2"]


def test_imports_are_listed_and_undone_ones_do_not_count_as_there(store: Store) -> None:
    first = incoming.begin_import(store, utc="t1", pack="p", device="d", name="n", sha256="s", number=7)
    incoming.set_summary(store, first, {"new": 3})
    assert incoming.imports_of_pack(store, "p")[0].summary == {"new": 3}
    incoming.undo_import(store, first, "t2")
    assert incoming.imports_of_pack(store, "p") == []
    assert [(i.id, i.undone_utc, i.number) for i in incoming.imports(store)] == [(first, "t2", 7)]
    incoming.redo_import(store, first)
    assert incoming.imports_of_pack(store, "p")
    with pytest.raises(NotFound):
        incoming.undo_import(store, 99)


def test_questions_policy_and_key_slots(store: Store) -> None:
    assert office_words.add_query(store, "q1", "r", "When was this?", "t1")
    assert not office_words.add_query(store, "q1", "r", "Other", "t2")
    office_words.add_query(store, "q2", "r", "And where?", "t2", b"line")
    opened = office_words.open_query(store, "r")
    assert opened
    assert (opened.id, opened.body, opened.line) == ("q2", "And where?", b"line")
    office_words.answer_query(store, "q2")
    office_words.mark_query_sent(store, "q1")
    assert [(q.id, q.answered, q.sent) for q in office_words.queries(store, "r")] == [
        ("q1", False, True),
        ("q2", True, False),
    ]
    assert office_words.open_query(store, "other") is None
    assert office_words.policy(store) is None
    office_words.set_policy(store, {"retention_months": 12, "notice": "Zażółć"})
    assert office_words.policy(store) == {"retention_months": 12, "notice": "Zażółć"}
    assert laptops.put_keyslots(store, "d", b"new", 12)
    assert not laptops.put_keyslots(store, "d", b"old", 9)
    assert laptops.keyslots(store, "d") == b"new"
    assert laptops.keyslots(store, "e") is None
