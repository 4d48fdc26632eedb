"""T8: clocks wrong by years, time zones and the hour that comes twice, names of folders in every script, two windows; a drive
that is gone, a disk that can only be read, permission that is lost, files of a newer version. Each has its sentence, and
nothing is half-done. Folders that other programs copy: test_synced_folder.py; virus scanners: test_failing_files.py.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import random
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from torture_disk import tortured
from torture_work import CHEAP, FORM

from desktop_app.errors import FileProblem, KeySlotError, StoreError, WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.records.fold import fold
from desktop_app.records.revision import Revision, Signed, Stamp, sign
from desktop_app.services import clocks, keeping, profile, receiving, recording, sending
from desktop_app.services.profile import Profile
from desktop_app.storage import migrations
from desktop_app.storage.opening import open_store

pytestmark = [pytest.mark.torture]
WORDS = "plain words for tests only"
STORY = {"about": {"summary": "First requests are refused as a rule.", "area": "one_authority", "authorities": "383"}}
MOMENTS = [
    datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2016, 2, 29, 12, tzinfo=UTC),  # ten years behind, a leap day
    datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),  # British clocks go back
    datetime(2027, 3, 28, 1, 0, 0, tzinfo=UTC),  # and forward
    datetime(2036, 11, 22, 14, tzinfo=UTC),  # ten years ahead
    datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),  # past 32 bits
]
OFFSETS = [-12 * 60, -9 * 60 - 30, 0, 60, 5 * 60 + 45, 14 * 60]
NAMES = [
    "Zażółć gęślą", "O'Brien & Söhne", "日本 の 記録", "😀 joy", " two  spaces ", "e\u0301 and é", "50% #1 [x] {y}", "a" * 120,
]  # fmt: skip


def new(folder: Path, clock: Callable[[], datetime] | None = None, **more: object) -> Profile:
    given: dict[str, object] = {"role": "branch", "name": "Leeds", "passphrase": WORDS, "cost": CHEAP, **more}
    return profile.create(ProfilePaths(folder), clock=clock, **given).profile  # type: ignore[arg-type]


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%Y-%m-%d}")
def test_records_made_at_any_time_and_place_are_kept_sent_and_read(tmp_path: Path, moment: datetime) -> None:
    office = new(tmp_path / "office", role="office")
    receiving.office_card(office, tmp_path / "card.officecard")
    for minutes in OFFSETS:
        zone = timezone(timedelta(minutes=minutes))
        branch = new(tmp_path / f"{minutes}", lambda zone=zone: moment.astimezone(zone), name=f"Leeds {minutes}")
        receiving.add_office_card(branch, tmp_path / "card.officecard")
        record = recording.add_record(branch, "evidence", STORY, state="ready").id
        recording.edit_record(branch, record, {"about": {"summary": "Changed in the same second."}}, state="ready")
        (pack,) = sending.send(branch, tmp_path / f"out {minutes}").packs
        receiving.receive(office, [pack.path])
        found = receiving.accept_device(office, branch.me.device, tmp_path / f"out {minutes}")
        receiving.receive(branch, found.replies)
        assert recording.open_record(branch, record).standing_code == "office_has_it"
        told = recording.open_record(office, record).content.answers["about"]["summary"]
        assert told == "Changed in the same second."
        branch.close()
    assert len(recording.list_records(office, recording.Filters()).rows) == len(OFFSETS)
    office.close()


def version(parents: tuple[Signed, ...], told: str, when: datetime, n: int, *, op: str = "put") -> Signed:
    made = Revision(
        "00000000-0000-4000-8000-000000000001", FORM, op, tuple(sorted(each.id for each in parents)), "ready", False,
        {"told": told, f"leaf {n}": "x"}, {}, (), {}, (), (), "Leeds", "d", "",
        Stamp(f"{when:%Y-%m-%dT%H:%M:%SZ}", 0, n), f"{n:032x}",
    )  # fmt: skip
    return sign(made, bytes(range(32)))


def decided_alike(choose: Callable[[list[Signed]], object]) -> bool:
    """Whether the same history comes to the same answers, whatever the clocks of its laptops said."""
    outcomes = set()
    for first, second, third in itertools.product(MOMENTS, repeat=3):
        one = version((), "first", first, 0)
        two = version((one,), "second", second, 1)
        three = version((two,), "third", third, 2)
        outcomes.add(repr(choose([one, two, three])))
    return len(outcomes) == 1


def test_no_clock_decides_which_version_counts() -> None:
    assert decided_alike(lambda revisions: fold(revisions).answers["told"])


def test_the_harness_catches_clocks_that_decide() -> None:
    def newest(revisions: list[Signed]) -> object:
        return max(revisions, key=lambda signed: signed.revision.t.utc).revision.answers["told"]

    assert not decided_alike(newest)


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    made = new(folder / "records", name=f"Branch {name.strip()}"[:60])
    scan = tmp_path / f"{name.strip()[:60]}.txt"
    scan.write_bytes(b"a scan")
    record = recording.add_record(made, "evidence", STORY, [scan], state="ready").id
    keeping.backup(made, folder / "copy.branchbackup")
    made.close()
    keeping.restore(folder / "copy.branchbackup", folder / "again")
    opened = profile.unlock(ProfilePaths(folder / "again"), passphrase=WORDS)
    assert [blob.name for blob in recording.open_record(opened, record).content.blobs]
    opened.close()


def test_a_long_path_works_and_one_that_is_too_long_is_said(tmp_path: Path) -> None:
    made = new(tmp_path.joinpath(*["a folder of some length"] * 12))
    recording.add_record(made, "evidence", STORY, state="ready")
    assert len(str(made.paths.database)) > 300
    made.close()
    for folder in (tmp_path / ("x" * 300), tmp_path.joinpath(*["a folder of some length"] * 24)):
        with pytest.raises(WorldError) as told:
            new(folder)
        assert "too long" in told.value.what


def test_a_second_window_and_a_newer_file_are_left_alone(tmp_path: Path) -> None:
    made = new(tmp_path / "records")
    with pytest.raises(FileProblem) as told:
        profile.unlock(made.paths, passphrase=WORDS)
    assert told.value.code == "E-INUSE"
    key = made.store._key
    made.store.conn.execute(f"pragma user_version = {migrations.USER_VERSION + 1}")
    made.close()
    before = made.paths.database.read_bytes()
    with pytest.raises(StoreError) as newer:
        open_store(made.paths, key)
    assert newer.value.code == "E-NEWER"
    assert made.paths.database.read_bytes() == before


def test_a_clock_that_jumps_while_one_works_loses_nothing(tmp_path: Path, effort: int) -> None:
    dice = random.Random(20261122)
    made = new(tmp_path / "records", lambda: dice.choice(MOMENTS).astimezone(timezone(timedelta(minutes=dice.choice(OFFSETS)))))
    record = recording.add_record(made, "evidence", STORY, state="ready").id
    for number in range(20 * effort):
        recording.edit_record(made, record, {"about": {"summary": f"Change {number}."}}, state="ready")
        opened = recording.open_record(made, record)
        assert opened.content.answers["about"]["summary"] == f"Change {number}."
        assert not opened.two_versions
    assert keeping.check(made, full=True) == []
    made.close()


def test_a_clock_that_is_wrong_is_said_and_refuses_nothing(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 22, 14, tzinfo=UTC)]
    made = new(tmp_path / "records", lambda: now[0])
    assert clocks.ahead_of_us(made) is None
    record = recording.add_record(made, "evidence", STORY, state="ready").id
    assert clocks.ahead_of_us(made) is None
    for year in (2016, 1999):
        now[0] = datetime(year, 11, 22, tzinfo=UTC)
        ahead = clocks.ahead_of_us(made)
        assert ahead is not None and ahead.year >= 2026
        recording.edit_record(made, record, {"about": {"summary": f"In {year}."}}, state="ready")
        assert recording.open_record(made, record).content.answers["about"]["summary"] == f"In {year}."
    made.close()


def told(deed: Callable[[], object]) -> WorldError:
    with pytest.raises(WorldError) as problem:
        deed()
    assert problem.value.what and problem.value.safe and problem.value.do, problem.value
    return problem.value


def test_a_drive_that_is_pulled_out_and_put_back(tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    made = new(tmp_path / "drive" / "records")
    record = recording.add_record(made, "evidence", STORY, state="ready").id
    (tmp_path / "drive").rename(tmp_path / "gone")
    said = told(lambda: recording.jot(made, "Typed while the drive was out."))
    assert said.code == "E-GONE" and "drive" in str(said)
    told(lambda: keeping.backup(made, tmp_path / "drive" / "copy.branchbackup"))
    told(lambda: sending.send(made, tmp_path / "drive" / "out"))
    (tmp_path / "gone").rename(tmp_path / "drive")
    jotting = recording.jot(made, "Typed again.")
    assert recording.open_record(made, jotting) and recording.open_record(made, record)
    assert len(recording.list_records(made, recording.Filters()).rows) == 2, "nothing half-done"
    assert keeping.check(made, full=True) == []
    # Put back, a drive has its files anew: the connection's own file is not the one of that name any more.
    (tmp_path / "drive").rename(tmp_path / "gone")
    shutil.copytree(tmp_path / "gone", tmp_path / "drive")
    told(lambda: recording.jot(made, "Typed too early."))
    assert recording.jot(made, "Typed on the drive as it came back.")
    assert len(recording.list_records(made, recording.Filters()).rows) == 3
    made.close()


def test_a_disk_that_can_only_be_read_is_read_and_says_so_when_something_is_saved(tmp_path: Path) -> None:
    made = new(tmp_path / "records")
    record = recording.add_record(made, "evidence", STORY, state="ready").id
    made.close()
    before = made.paths.database.read_bytes()
    with tortured() as c:
        c.torture_read_only(1)
        opened = profile.unlock(made.paths, passphrase=WORDS)
        assert recording.open_record(opened, record).content.answers["about"]["area"] == "one_authority"
        assert told(lambda: recording.jot(opened, "Not kept.")).code == "E-READONLY"
        c.torture_arm(1, 1, errno.EROFS)  # the program's own files too
        assert told(lambda: profile.change_passphrase(opened, "other words", old=WORDS, cost=CHEAP)).code == "E-READONLY"
        assert told(lambda: keeping.backup(opened, tmp_path / "records" / "copy.branchbackup"))
        c.torture_arm(0, 0, 0)
        opened.close()
    assert made.paths.database.read_bytes() == before
    again = profile.unlock(made.paths, passphrase=WORDS)
    assert recording.jot(again, "Kept.")
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others on Windows")
def test_permission_that_is_lost_is_said_and_nothing_is_changed(quick: Path) -> None:
    """For real: the folder belongs to somebody else, and who tries is not its owner."""
    made = new(quick / "records")
    made.close()
    profile.unlock(made.paths, passphrase=WORDS).close()  # everything is imported before the rights are given up
    before = {path.name: path.read_bytes() for path in made.paths.folder.iterdir() if path.is_file()}
    quick.chmod(0o755)
    for path, mode in ((made.paths.folder, 0o500), (made.paths.database, 0o400), (made.paths.lock, 0o400)):
        path.chmod(mode)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:  # root may do everything: be nobody
                os.setgid(65534)
                os.setuid(65534)
            try:
                profile.unlock(made.paths, passphrase=WORDS)
                os.write(writing, b"opened")
            except WorldError as problem:
                os.write(writing, json.dumps([problem.code, problem.what, problem.safe, problem.do]).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    made.paths.folder.chmod(0o700)
    code, what, safe, do = json.loads(answer)
    assert code == "E-PERMISSION" and what and safe and do
    for path in (made.paths.database, made.paths.lock):
        path.chmod(0o600)
    assert {path.name: path.read_bytes() for path in made.paths.folder.iterdir() if path.is_file()} == before
    profile.unlock(made.paths, passphrase=WORDS).close()


def test_files_of_a_newer_version_are_said_to_be_that_and_left_alone(tmp_path: Path) -> None:
    made = new(tmp_path / "records")
    keeping.backup(made, tmp_path / "copy.branchbackup")
    made.close()
    newer = {**json.loads(made.paths.keys.read_text()), "v": 2}
    made.paths.keys.write_text(json.dumps(newer))
    with pytest.raises(KeySlotError) as keys:
        profile.unlock(made.paths, passphrase=WORDS)
    assert keys.value.code == "E-NEWER" and "newer" in keys.value.what
    assert json.loads(made.paths.keys.read_text()) == newer
