"""A backup is one only after it was opened; damage is said; old ones thin out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from storage_world import FORM, PASSPHRASE

from desktop_app import files
from desktop_app.errors import Cancelled, FileProblem, StoreError
from desktop_app.paths import ProfilePaths
from desktop_app.records.revision import Signed
from desktop_app.storage import backup, blobs, drafts, keys, revisions, rotation, soundness
from desktop_app.storage.database import Store


def test_all_is_there_after_restoring_with_the_passphrase_alone(
    store: Store, make: Callable[..., Signed], tmp_path: Path
) -> None:
    signed = make(answers={"told": "a planted sentence"})
    revisions.add(store, signed)
    drafts.save(store, "draft", FORM, {"told": "a planted draft"}, ())
    sha256, _ = blobs.put(store, b"planted attachment" * 50_000, "a.pdf", "application/pdf")
    made = backup.backup(store, store.paths, tmp_path / "copy.branchbackup")
    data = made.path.read_bytes()
    assert b"planted" not in data
    assert data.startswith(backup.MAGIC)
    assert os.listdir(tmp_path.resolve()) == ["my récords 😀", "copy.branchbackup"] or not list(tmp_path.glob("*.part"))
    paths = backup.restore(made.path, tmp_path / "restored")
    with Store.open(paths, keys.open_with_passphrase(paths, PASSPHRASE)) as opened:
        assert revisions.of_record(opened, signed.revision.record) == [signed]
        draft = drafts.load(opened, "draft")
        assert draft
        assert draft.content == {"told": "a planted draft"}
        assert b"".join(blobs.read(opened, sha256)) == b"planted attachment" * 50_000
        assert soundness.check(opened, full=True) == []
    assert backup.describe(made.path)["made_utc"] == made.made_utc


def test_a_backup_can_be_made_while_something_is_being_written_elsewhere(
    store: Store, make: Callable[..., Signed], tmp_path: Path
) -> None:
    revisions.add_many(store, (make(n=n) for n in range(200)))
    made = backup.backup(store, store.paths, tmp_path / "a.branchbackup")
    revisions.add(store, make(n=999))
    paths = backup.restore(made.path, tmp_path / "restored")
    with Store.open(paths, keys.open_with_passphrase(paths, PASSPHRASE)) as opened:
        assert opened.one("select count(*) from revisions") == (200,)


def test_every_damage_is_found_before_anything_is_laid_out(store: Store, tmp_path: Path) -> None:
    made = backup.backup(store, store.paths, tmp_path / "a.branchbackup").path
    whole = made.read_bytes()
    cuts = [whole[:cut] for cut in range(0, len(whole), len(whole) // 60)]
    flips = [whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :] for at in range(0, len(whole), len(whole) // 120)]
    harmless = 0
    for number, broken in enumerate([*cuts, *flips, whole + b"x"]):
        file = tmp_path / "broken.branchbackup"
        file.write_bytes(broken)
        into = tmp_path / f"into {number}"
        try:
            backup.restore(file, into)
            harmless += 1  # the time it was made is told, not trusted
        except StoreError as error:
            told = error.code
            assert told in ("E-NOTBACKUP", "E-BACKUPDAMAGED")
            assert not into.exists()
    assert harmless <= 1


def test_restoring_over_records_is_refused(store: Store, tmp_path: Path) -> None:
    made = backup.backup(store, store.paths, tmp_path / "a.branchbackup").path
    before = store.paths.keys.read_bytes()
    with pytest.raises(StoreError) as told:
        backup.restore(made, store.paths.folder)
    assert told.value.code == "E-EXISTS"
    assert store.paths.keys.read_bytes() == before
    with pytest.raises(FileProblem):
        backup.restore(tmp_path / "nowhere", tmp_path / "into")


def test_a_copy_that_cannot_be_read_back_is_no_backup(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Rotten(files.Disk):
        def write(self, descriptor: int, data: bytes | memoryview) -> int:
            return super().write(descriptor, bytes(data)[:-1] + b"?" if len(data) > 5000 else data)

    monkeypatch.setattr(files, "DISK", Rotten())
    with pytest.raises(StoreError):
        backup.backup(store, store.paths, tmp_path / "a.branchbackup")
    assert not list(tmp_path.glob("*.branchbackup*"))


def test_backups_are_made_when_something_changed_and_thin_out(store: Store, make: Callable[..., Signed]) -> None:
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    paths = store.paths
    assert rotation.automatic(store, paths, reason="start", now=now)
    assert rotation.automatic(store, paths, reason="start", now=now) is None
    assert rotation.automatic(store, paths, reason="add", now=now)
    assert rotation.automatic(store, paths, reason="add", now=now)
    revisions.add(store, make())
    assert rotation.automatic(store, paths, reason="work", now=now + timedelta(minutes=30))
    assert rotation.automatic(store, paths, reason="work", now=now + timedelta(minutes=60)) is None
    drafts.save(store, "r", FORM, {"a": "1"}, ())
    assert rotation.automatic(store, paths, reason="work", now=now + timedelta(minutes=90))
    assert len(rotation.listing(paths)) == 5
    assert len(rotation.expire_before_erasure(paths, rotation.listing(paths)[0][0])) == 4
    assert len(rotation.listing(paths)) == 1


def test_ten_seven_days_eight_weeks_six_months_are_kept() -> None:
    now = datetime(2026, 11, 22, 18, tzinfo=UTC)
    times = [now - timedelta(minutes=30 * n) for n in range(48 * 300)]
    kept = rotation.to_keep(times)
    assert set(sorted(times)[-10:]) <= kept
    assert len({time.date() for time in kept if time > now - timedelta(days=6, hours=18)}) == 7
    assert len({time.isocalendar()[:2] for time in kept}) >= 8
    assert len({(time.year, time.month) for time in kept}) == 6
    assert len(kept) <= rotation.KEEP_NEWEST + rotation.KEEP_DAYS + rotation.KEEP_WEEKS + rotation.KEEP_MONTHS
    assert rotation.to_keep([]) == set()
    again = rotation.to_keep(sorted(kept))
    assert again == kept, "thinning twice takes nothing more away"


def test_the_full_check_finds_what_the_engine_cannot_know(store: Store, make: Callable[..., Signed]) -> None:
    signed = make()
    revisions.add(store, signed)
    sha256, _ = blobs.put(store, b"content", "a", "b")
    assert soundness.check(store, full=True) == []
    store.conn.execute("update blob_chunks set data = cast('contenT' as blob)")
    assert any("attachment" in problem for problem in soundness.check(store, full=True))
    store.conn.execute("update revisions set line = cast(replace(cast(line as text), 'told', 'Told') as blob)")
    assert any("fingerprint" in problem for problem in soundness.check(store, full=True))
    assert soundness.check(store) == []
    assert sha256


def test_a_damaged_database_is_moved_aside_and_never_over_another(store: Store, paths: ProfilePaths) -> None:
    store.close()
    now = datetime(2026, 11, 22, tzinfo=UTC)
    aside = backup.move_aside(paths, now)
    assert aside.exists()
    assert not paths.database.exists()
    paths.database.write_bytes(b"another")
    with pytest.raises(FileProblem):
        backup.move_aside(paths, now)
    assert paths.database.exists()


def test_a_backup_beside_lets_the_records_be_read_and_written_and_holds_what_was_written(
    store: Store, paths: ProfilePaths, data_key: bytes, tmp_path: Path
) -> None:
    with store.atomic():
        for number in range(6):
            blobs.put(store, os.urandom(1_000_000), f"{number}.bin", "application/octet-stream")
    steps = backup.backup_beside(store, paths, tmp_path / "a.branchbackup")
    longest = turns = 0.0
    while True:
        began = time.perf_counter()
        try:
            next(steps)
        except StopIteration as end:
            made = end.value
            break
        longest = max(longest, time.perf_counter() - began)
        turns += 1
        store.set_setting("typed meanwhile", str(int(turns)))
    assert turns > 3
    assert longest < 0.5  # a step waits 15 ms for the copying; the rest is patience with a busy machine
    again = backup.restore(made.path, tmp_path / "again")
    with Store.open(again, data_key) as opened:
        assert len(list(blobs.all_hashes(opened))) == 6
        assert 0 < int(opened.setting("typed meanwhile") or 0) <= turns
        assert soundness.check(opened, full=True) == []


def test_a_backup_that_is_not_wanted_any_more_leaves_nothing(store: Store, paths: ProfilePaths, tmp_path: Path) -> None:
    with store.atomic():
        blobs.put(store, os.urandom(3_000_000), "b.bin", "application/octet-stream")
    before = sorted(path.name for path in tmp_path.iterdir())
    steps = backup.backup_beside(store, paths, tmp_path / "a.branchbackup")
    next(steps)
    steps.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    steps = backup.backup_beside(store, paths, tmp_path / "a.branchbackup")
    next(steps)
    store.close()  # the records were locked under it
    with pytest.raises(Cancelled):
        for _ in steps:
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == before
