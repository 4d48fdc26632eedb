"""Putting records back after damage: the newest that can be read, a backup for the rest, and nothing deleted returns."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exchange_world import ready

from desktop_app.errors import StoreError
from desktop_app.paths import ProfilePaths
from desktop_app.services import erasing, keeping, leaving, profile, recording, restoring
from desktop_app.services.profile import Profile
from desktop_app.storage import rotation
from desktop_app.storage.database import Store
from desktop_app.storage.keys import KdfCost

WORDS = "five words make it long"


def damage(paths: object, pages: list[int]) -> None:
    file: Path = paths.database  # type: ignore[attr-defined]
    data = bytearray(file.read_bytes())
    for page in pages:
        data[page * 4096 + 100] ^= 255
    file.write_bytes(data)


def test_a_backup_is_made_when_the_records_open_and_not_again_without_a_change(branch: Profile, tmp_path: Path) -> None:
    ready(branch)
    (first,) = keeping.keep_safe(branch)
    assert keeping.keep_safe(branch) == []
    assert keeping.last_backup(branch)
    stick = tmp_path / "stick"
    stick.mkdir()
    keeping.set_second_place(branch, stick)
    ready(branch, "Another.")
    made, copy = keeping.keep_safe(branch)
    assert made != first
    assert copy.parent == stick
    assert copy.read_bytes() == made.read_bytes()
    stick.rename(tmp_path / "pulled out")
    ready(branch, "A third.")
    (third,) = keeping.keep_safe(branch)
    assert third.parent == branch.paths.backups, "without the drive the backup here is made all the same"
    state = keeping.second_place_state(branch)
    assert state is not None and not state.there and state.copied_utc
    (tmp_path / "pulled out").rename(stick)
    (late,) = keeping.keep_safe(branch)
    assert late.read_bytes() == third.read_bytes(), "a drive that comes back gets what it missed"
    assert keeping.keep_safe(branch) == []


def test_a_copy_that_cannot_be_made_is_said_and_the_backup_here_counts(branch: Profile, tmp_path: Path) -> None:
    ready(branch)
    stick = tmp_path / "stick"
    stick.mkdir()
    keeping.set_second_place(branch, stick)
    today = branch.clock().astimezone(UTC).date().isoformat()
    begins = rotation.copies_begin(branch.me.branch, branch.me.device)
    (stick / f"{begins}{today}.branchbackup").mkdir()  # no file can take this name
    (made,) = keeping.keep_safe(branch)
    assert made.parent == branch.paths.backups
    state = keeping.second_place_state(branch)
    assert state is not None and state.there and state.trouble and not state.copied_utc


def test_two_laptops_of_a_branch_share_a_second_place(tmp_path: Path) -> None:
    """Each keeps its own copy of the day; deleting for good on one takes only its own away."""
    stick = tmp_path / "stick"
    stick.mkdir()
    cheap, name = KdfCost(1, 8 * 1024 * 1024), "Hull/East Riding"
    with ExitStack() as at_the_end:
        laptops, copies = [], []
        for folder in ("one", "other"):
            paths = ProfilePaths(tmp_path / folder)
            laptop = profile.create(paths, role="branch", name=name, passphrase=WORDS, cost=cheap).profile
            at_the_end.callback(laptop.close)
            keeping.set_second_place(laptop, stick)
            ready(laptop, f"Only on laptop {folder}.")
            made, copy = keeping.keep_safe(laptop)
            laptops.append(laptop)
            copies.append((copy, made.read_bytes()))
        assert len(list(stick.iterdir())) == 2
        assert all(copy.read_bytes() == kept for copy, kept in copies)
        erasing.erase(laptops[0], ready(laptops[0], "To go."), "mistake")
        assert copies[1][0].read_bytes() == copies[1][1]
        assert copies[0][0].read_bytes() != copies[0][1]
        assert len(list(stick.iterdir())) == 2


def test_copies_in_the_second_place_are_thinned_too_and_nobody_else_s(tmp_path: Path) -> None:
    for day in range(400):
        when = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day)
        (tmp_path / f"Branch Evidence Leeds {when:%Y-%m-%d}.branchbackup").write_bytes(b"")
    others = {"Branch Evidence Leeds by hand.branchbackup", "Branch Evidence Kent 2025-01-01.branchbackup"}
    for name in others:
        (tmp_path / name).write_bytes(b"")
    rotation.thin_copies(tmp_path, "Branch Evidence Leeds ")
    left = {path.name for path in tmp_path.iterdir()}
    assert others < left and 15 < len(left) < 35
    assert "Branch Evidence Leeds 2026-02-04.branchbackup" in left


def test_what_the_damaged_file_still_holds_counts_before_the_backup(branch: Profile) -> None:
    old = ready(branch, "In the backup.")
    gone = ready(branch, "To be deleted.")
    (backup,) = keeping.keep_safe(branch)
    new = ready(branch, "After the backup.")
    erasing.erase(branch, gone, "mistake")
    branch.close()
    (backup,) = [choice.path for choice in restoring.choices(branch.paths)][:1]
    whole, kept = branch.paths.database.read_bytes(), backup.read_bytes()
    dice = random.Random(7)
    both = 0
    for _ in range(6):
        branch.paths.database.write_bytes(whole)
        backup.write_bytes(kept)  # an order that is carried out again clears it away
        damage(branch.paths, dice.sample(range(1, len(whole) // 4096), 3))
        opened, told = restoring.put_back(branch.paths, backup, passphrase=WORDS)
        try:
            assert recording.open_record(opened, old).title
            listed = {row.id for row in recording.list_records(opened, recording.Filters()).rows}
            assert old in listed
            assert gone not in listed
            assert new in listed or told.missing, "what is missing is said"
            assert keeping.check(opened, full=True) == []
            assert told.aside is None or told.aside.exists(), "what a deletion has cleared away is not named"
            both += new in listed
            if told.aside is not None:
                told.aside.unlink()
        finally:
            opened.close()
    assert both


def test_a_file_of_rubbish_is_put_aside_and_the_backup_takes_its_place(branch: Profile) -> None:
    record = ready(branch)
    (backup,) = keeping.keep_safe(branch)
    branch.close()
    branch.paths.database.write_bytes(b"\1" * 50_000)
    opened, told = restoring.put_back(branch.paths, backup, passphrase=WORDS)
    assert recording.open_record(opened, record).title
    assert told.missing == ["What was written after this backup was made."]
    assert told.aside is not None and told.aside.read_bytes() == b"\1" * 50_000
    opened.close()
    profile.unlock(branch.paths, passphrase=WORDS).close()


def test_without_records_keys_or_backup_it_is_said_and_nothing_changes(branch: Profile) -> None:
    branch.close()
    branch.paths.database.write_bytes(b"\1" * 50_000)
    with pytest.raises(StoreError):
        restoring.put_back(branch.paths, None, passphrase=WORDS)
    assert branch.paths.database.read_bytes() == b"\1" * 50_000


def test_damaged_keys_come_from_the_backup(branch: Profile) -> None:
    record = ready(branch)
    (backup,) = keeping.keep_safe(branch)
    branch.close()
    for name in ("keys.json", "keys-copy.json"):
        (branch.paths.folder / name).write_bytes(b"{}")
    opened, _ = restoring.put_back(branch.paths, backup, passphrase=WORDS)
    assert recording.open_record(opened, record).title
    opened.close()


def test_cut_off_between_two_moves_it_can_be_done_again(branch: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    record = ready(branch)
    (backup,) = keeping.keep_safe(branch)
    branch.close()
    from desktop_app.storage import backup as backups

    real: Callable[..., Path] = backups.move_aside

    def and_then_the_power_fails(paths: object) -> Path:
        real(paths)
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "move_aside", and_then_the_power_fails)
    with pytest.raises(KeyboardInterrupt):
        restoring.put_back(branch.paths, backup, passphrase=WORDS)
    monkeypatch.setattr(backups, "move_aside", real)
    with pytest.raises(StoreError):
        Store.open(branch.paths, b"0" * 32)
    opened, told = restoring.put_back(branch.paths, backup, passphrase=WORDS)
    assert recording.open_record(opened, record).title
    assert told.missing == []
    opened.close()


def test_what_was_cut_off_is_swept(branch: Profile, tmp_path: Path) -> None:
    """A restore and a backup that ended with the power: copies of the records that nobody would look for."""
    (made,) = keeping.keep_safe(branch)
    half = branch.paths.backups / f"{made.name}.database.part"
    half.write_bytes(b"half a copy")
    stick = tmp_path / "stick"
    stick.mkdir()
    keeping.set_second_place(branch, stick)
    carried = stick / f"Branch Evidence Leeds 2026-11-01{made.suffix}.part"
    carried.write_bytes(b"half a copy")
    ready(branch)
    keeping.keep_safe(branch)
    assert not half.exists()
    erasing.erase(branch, ready(branch), "mistake")
    assert not carried.exists()
    branch.close()
    laid_out = branch.paths.folder / "restoring" / "backup"
    laid_out.mkdir(parents=True)
    (laid_out / "keys.json").write_bytes(branch.paths.keys.read_bytes())
    profile.unlock(branch.paths, passphrase=WORDS).close()
    assert not laid_out.exists()
    laid_out.mkdir(parents=True)
    (laid_out / "keys.json").write_bytes(branch.paths.keys.read_bytes())
    leaving.wipe_folder(branch.paths)
    assert list(branch.paths.folder.rglob("*")) == []


def test_records_without_the_first_copy_of_their_keys_open_and_have_both_again(branch: Profile) -> None:
    record, paths = ready(branch), branch.paths
    branch.close()
    paths.keys.unlink()
    with pytest.raises(StoreError):  # nothing is set up over them
        profile.create(paths, role="branch", name="Leeds", passphrase="five words make it long")
    opened = profile.unlock(paths, passphrase=WORDS)
    assert recording.open_record(opened, record).title
    opened.close()
    assert paths.keys.read_bytes() == paths.keys_copy.read_bytes()
