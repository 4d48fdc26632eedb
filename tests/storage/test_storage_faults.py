"""Every call to the disk fails once, and for good: the state is the one before or the one after, and trying again works."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from storage_world import CHEAP, FORM, PASSPHRASE, SEED, Failing

from desktop_app import files
from desktop_app.errors import FileProblem, KeySlotError, StoreError, WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.records.erasure import make_order
from desktop_app.records.revision import Signed
from desktop_app.storage import backup, blobs, drafts, erasures, keys, listing, projection, revisions, soundness
from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store


def each_call(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> Iterator[WorldError | None]:
    """Let the first call fail, then the second …, each once and for good, until the action needs no more calls."""
    for for_good in (False, True):
        at = 0
        while True:
            at += 1
            failing = Failing(at, errno.ENOSPC, for_good=for_good)
            monkeypatch.setattr(files, "DISK", failing)
            told: WorldError | None = None
            try:
                action()
            except WorldError as error:
                told = error
            monkeypatch.setattr(files, "DISK", files.Disk())
            yield told
            if failing.calls < at:
                break
        assert at > 2, "nothing was tried"


def test_a_passphrase_is_the_old_or_the_new_one(
    paths: ProfilePaths, data_key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 0

    def change() -> None:
        nonlocal number
        number += 1
        keys.change_passphrase(paths, data_key, f"words {number}", CHEAP)

    current = PASSPHRASE
    for told in each_call(monkeypatch, change):
        opened, refused = [], set()
        for words in (current, f"words {number}"):
            try:
                opened.append(keys.open_with_passphrase(paths, words))
                current = words
            except KeySlotError as error:
                refused.add(error.code)
        assert data_key in opened
        assert refused <= {"E-PASSPHRASE"}
        assert told is None or told.code == "E-DISKFULL"
        if told is None:
            assert current == f"words {number}"


def test_a_backup_is_whole_or_not_there(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts.save(store, "r", FORM, {"told": "x" * 300_000}, ())
    out = tmp_path / "copy.branchbackup"
    for told in each_call(monkeypatch, lambda: backup.backup(store, store.paths, out)):
        if told is None:
            assert backup.describe(out)["bytes"] == out.stat().st_size
        if out.exists():
            backup.describe(out)
            out.unlink()
        left = [path.name for path in tmp_path.iterdir() if path.is_file()]
        # What could not be removed while the disk refused everything is swept by the next backup.
        assert all(name.endswith(".part") for name in left), left


def test_a_restore_that_fails_leaves_no_folder_that_looks_whole(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup.backup(store, store.paths, tmp_path / "copy.branchbackup").path
    number = 0

    def restore() -> None:
        nonlocal number
        number += 1
        backup.restore(made, tmp_path / f"into {number}")

    for told in each_call(monkeypatch, restore):
        paths = ProfilePaths(tmp_path / f"into {number}")
        if told is None:
            assert paths.exists()
        if paths.exists():
            open_store(paths, keys.open_with_passphrase(paths, PASSPHRASE)).close()


def test_an_erase_order_is_carried_out_now_or_at_the_next_opening_or_not_given(
    store: Store, data_key: bytes, make: Callable[..., Signed], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed: Signed | None = None

    def erase() -> None:
        nonlocal signed
        signed = make(answers={"told": "planted"})
        revisions.add(store, signed)
        erasures.add(store, make_order(signed.revision.record, "asked", "2026-11-22T10:00:00Z", "Leeds", SEED))

    given: list[tuple[str, bool]] = []
    for told in each_call(monkeypatch, erase):
        assert signed is not None
        given.append((signed.revision.record, told is None))
    store.close()
    with open_store(store.paths, data_key) as opened:
        for record, done in given:
            assert erasures.is_erased(opened, record) or not done
            if erasures.is_erased(opened, record):
                assert revisions.of_record(opened, record) == []


def test_a_disk_that_fills_at_any_page_leaves_the_state_before_or_after(
    store: Store, make: Callable[..., Signed], project: Callable[..., projection.Projection]
) -> None:
    kept = make()
    revisions.add(store, kept)
    failed = 0
    for extra in range(60):
        [(pages,)] = store.rows("pragma page_count")
        store.conn.execute(f"pragma max_page_count = {pages + extra % 20}")
        signed = make(n=extra, answers={"told": f"told {extra} " * 2000})
        record = signed.revision.record
        before = len(blobs.all_hashes(store))
        try:
            with store.atomic():
                revisions.add(store, signed)
                projection.write(store, project(record, extra, words=f"unusual{extra} " * 500))
                blobs.put(store, f"{extra}".encode() * 20_000, "a", "b")
            done = True
        except FileProblem as error:
            failed += 1
            done = error.code != "E-DISKFULL"
        store.conn.execute("pragma max_page_count = 1000000")
        there = (
            bool(revisions.of_record(store, record)),
            projection.get(store, record) is not None,
            len(blobs.all_hashes(store)) > before,
            bool(listing.ids(store, projection.Filters(words=f"unusual{extra}"))),
        )
        assert set(there) == {done}, (extra, there)
    assert failed > 5
    assert revisions.of_record(store, kept.revision.record) == [kept]
    assert soundness.check(store, full=True) == []


def test_records_in_a_folder_that_cannot_be_written_to_are_said(tmp_path: Path, data_key: bytes) -> None:
    blocked = tmp_path / "a file"
    blocked.write_bytes(b"")
    with pytest.raises((FileProblem, StoreError)):
        Store.create(ProfilePaths(blocked / "records"), data_key)
