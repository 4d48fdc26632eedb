"""T8: a folder that another program copies elsewhere: nothing is set up there, and records found there can be moved out of
it, whole or not at all, whichever call to the disk fails.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from torture_disk import tortured
from torture_work import CHEAP

from desktop_app import files
from desktop_app.errors import StoreError, WorldError
from desktop_app.paths import ProfilePaths, followed
from desktop_app.services import keeping, place, profile, receiving, recording, sending
from desktop_app.services.profile import Profile
from desktop_app.storage.opening import open_store

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
WORDS = "plain words for tests only"
STORY = {"about": {"summary": "First requests are refused as a rule.", "area": "one_authority", "authorities": "383"}}
SYNCED = ["Dropbox", "OneDrive - National Union", "Google Drive", "Nextcloud"]


@pytest.mark.parametrize("name", SYNCED)
def test_nothing_is_set_up_in_a_folder_that_is_copied_elsewhere(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "records"
    with pytest.raises(WorldError) as told:
        profile.create(ProfilePaths(folder), role="branch", name="Leeds", passphrase=WORDS, cost=CHEAP)
    assert told.value.code == "E-SYNCED"
    assert "copied elsewhere by" in told.value.what and told.value.do
    assert not folder.exists()


def a_branch(folder: Path) -> tuple[ProfilePaths, bytes, str]:
    made = profile.create(ProfilePaths(folder), role="branch", name="Leeds", passphrase=WORDS, cost=CHEAP).profile
    record = recording.add_record(made, "evidence", STORY, state="ready").id
    keeping.keep_safe(made, "now")
    key = made.store._key
    made.close()
    return made.paths, key, record


def opened(paths: ProfilePaths, key: bytes) -> Profile:
    return Profile(paths, open_store(paths, key))


def test_records_move_whole_and_the_old_folder_says_where_they_are(tmp_path: Path) -> None:
    old, key, record = a_branch(tmp_path / "old")
    new = ProfilePaths(tmp_path / "own" / "Branch Evidence")
    place.move(opened(old, key), new)
    assert [path.name for path in old.folder.iterdir()] == ["moved-to"]
    assert followed(old.folder) == new.folder
    moved = profile.unlock(new, passphrase=WORDS)
    assert recording.open_record(moved, record).content.answers["about"]["summary"] == STORY["about"]["summary"]
    assert keeping.check(moved, full=True) == []
    assert list(new.backups.iterdir()), "the backups went along"
    moved.close()
    assert profile.create(old, role="branch", name="Hull", passphrase=WORDS, cost=CHEAP).profile.close() is None
    assert followed(old.folder) == old.folder, "new records in the old folder are the ones that are meant"


def test_what_waits_at_the_office_moves_along(tmp_path: Path) -> None:
    """The place of a file that waits was kept with its old folder: accepted after a move, the laptop's file was passed over."""
    office = profile.create(ProfilePaths(tmp_path / "old"), role="office", name="", passphrase=WORDS, cost=CHEAP).profile
    receiving.office_card(office, tmp_path / "card.officecard")
    branch = profile.create(ProfilePaths(tmp_path / "york"), role="branch", name="York", passphrase=WORDS, cost=CHEAP).profile
    receiving.add_office_card(branch, tmp_path / "card.officecard")
    record = recording.add_record(branch, "evidence", STORY, state="ready").id
    (pack,) = sending.send(branch, tmp_path / "out").packs
    receiving.receive(office, [pack.path])
    new = ProfilePaths(tmp_path / "own" / "Branch Evidence")
    place.move(office, new)
    moved = profile.unlock(new, passphrase=WORDS)
    (added,) = receiving.accept_device(moved, branch.me.device).files
    assert added.outcome == "added"
    assert recording.open_record(moved, record)
    assert receiving.waiting_files(moved) == [] and list(new.quarantine.iterdir()) == []
    moved.close()
    branch.close()


def test_a_folder_with_records_is_not_moved_into(tmp_path: Path) -> None:
    old, key, _ = a_branch(tmp_path / "old")
    taken, _, _ = a_branch(tmp_path / "taken")
    before = taken.database.read_bytes()
    here = opened(old, key)
    with pytest.raises(StoreError) as told:
        place.move(here, taken)
    assert told.value.code == "E-EXISTS"
    assert taken.database.read_bytes() == before
    here.close()


def every_failure(quick: Path, step: int) -> int:
    """Move with every ``step``-th call failing in turn; answers how many failures there were."""
    ground, key, record = a_branch(quick / "ground")
    runs = 0
    for error in (errno.ENOSPC, errno.EIO):
        calls = _one_failure(quick, ground.folder, key, record, 0, error, False)
        for for_good in (False, True):
            for at in range(1 + int(for_good), calls + 1, step):
                _one_failure(quick, ground.folder, key, record, at, error, for_good)
                runs += 1
    return runs


def _one_failure(quick: Path, ground: Path, key: bytes, record: str, at: int, error: int, for_good: bool) -> int:
    old, new = ProfilePaths(quick / "run"), ProfilePaths(quick / "new")
    shutil.copytree(ground, old.folder)
    with tortured() as c:
        here = opened(old, key)
        c.torture_arm(at, int(for_good), error)
        told: WorldError | None = None
        try:
            place.move(here, new)
        except WorldError as said:
            told = said
        calls = int(c.torture_calls())
        c.torture_arm(0, 0, 0)
        assert told is None or (told.what and told.do)
        here.close()
        there = ProfilePaths(followed(old.folder))
        now = profile.unlock(there, passphrase=WORDS)
        assert recording.open_record(now, record), "half moved"
        assert keeping.check(now) == [], "half moved"
        if there == old:
            place.move(now, new)  # and trying again works
            now = profile.unlock(ProfilePaths(followed(old.folder)), passphrase=WORDS)
            assert recording.open_record(now, record)
        now.close()
    shutil.rmtree(old.folder)
    shutil.rmtree(new.folder)
    return calls


def test_whichever_call_fails_the_records_are_in_one_of_the_two_places(
    quick: Path, effort: int, figure: Callable[[str], None]
) -> None:
    figure(f"T8 moving out of a synced folder: {every_failure(quick, 1 if effort > 1 else 3)} failures")


def test_the_harness_catches_a_move_that_begins_with_the_keys(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken build: files are renamed across one by one, the keys first."""

    def one_by_one(made: Profile, target: ProfilePaths) -> None:
        source = made.paths
        made.close()
        for path in sorted(source.folder.rglob("*"), reverse=True):
            if path.is_file() and path.suffix != ".lock":
                files.make_dirs(target.folder / path.parent.relative_to(source.folder))
                files.move(path, target.folder / path.relative_to(source.folder))

    monkeypatch.setattr(place, "move", one_by_one)
    with pytest.raises((AssertionError, WorldError)):
        every_failure(quick, 1)
