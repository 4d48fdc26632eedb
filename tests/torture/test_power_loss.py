"""T2: the power fails at any moment; whatever the disk had not yet made certain may be lost, kept or torn.

The program's own store runs on SQLite inside sqlcipher3, over a layer that records every write, sync, creation, rename and
deletion. From the list, disks are rebuilt that a power cut may leave behind, and each is opened with the real store.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from torture_disk import TOLD, WAYS, Happened, ModelDisk, fingerprint, lay_out, recording, tell, tortured
from torture_work import day, missing, new_records

from desktop_app.paths import ProfilePaths
from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
SEED = 20261122
IMAGES = 10_000
DAY = 72


@dataclass
class Recorded:
    """Some days in the store: what the disk held when recording began, and everything that happened after."""

    paths: ProfilePaths
    key: bytes
    start: dict[str, bytes]
    folders: tuple[str, ...]
    happened: list[Happened] = field(default_factory=list)


def record(folder: Path, work: Callable[[Store], None]) -> Recorded:
    paths, key = new_records(folder / "records")
    start = {str(path): path.read_bytes() for path in paths.folder.iterdir() if path.is_file()}
    told = Recorded(paths, key, start, (str(paths.folder),))
    with recording() as happened, open_store(paths, key) as store:
        work(store)
    told.happened = happened
    return told


def from_day(first: int) -> Callable[[Store], None]:
    def work(store: Store) -> None:
        for number in range(first, first + DAY):
            day(store, number, tell)

    return work


a_few_days = from_day(0)


def careless(level: str) -> Callable[[Store], None]:
    def work(store: Store) -> None:
        store.conn.execute(f"pragma synchronous={level}")
        a_few_days(store)

    return work


@dataclass
class Result:
    tries: int = 0
    different: int = 0
    bad: list[str] = field(default_factory=list)
    recovered: int = 0


def cut(
    told: Recorded, folder: Path, tries: int, *, seed: int = SEED, again: int = 0, ways: tuple[str, ...] = WAYS,
    stop: bool = False,
) -> Result:  # fmt: skip
    """Build so many disks, spread over all moments, and open each that is new. ``again``: at every so-manieth the power
    also fails while the program puts things right. ``stop`` at the first that is bad."""
    dice = random.Random(seed)
    model = ModelDisk(told.start, told.folders)
    moments = [n for n, one in enumerate(told.happened) if one.kind != TOLD]
    chosen: dict[int, int] = {}
    for _ in range(tries):
        moment = dice.choice(moments)
        chosen[moment] = chosen.get(moment, 0) + 1
    result, known, said = Result(), set[bytes](), []
    at = folder / "image"
    for number, one in enumerate(told.happened):
        if one.kind == TOLD:
            said.append(one.path)
            continue
        model.apply(one)
        for _ in range(chosen.get(number, 0)):
            built, folders = model.image(dice, ways)
            result.tries += 1
            mark = fingerprint(built) + bytes([len(said) % 251])
            if mark in known:
                continue  # the same disk after the same words has been opened before
            known.add(mark)
            result.different += 1
            lay_out(built, folders, told.paths.folder, at)
            twice = again and result.different % again == 0
            if twice:
                result.bad += _cut_again(told, built, folders, at, said, dice, folder, result)
            full = result.different % 25 == 0
            wrong = missing(ProfilePaths(at), told.key, said, full=full)
            if wrong:
                result.bad.append(f"after call {number} ({one.kind} {Path(one.path).name}): {wrong[:3]}")
            shutil.rmtree(at)
            if stop and result.bad:
                return result
    return result


def _cut_again(
    told: Recorded, built: dict[str, bytes], folders: set[str], at: Path, said: list[str], dice: random.Random,
    folder: Path, result: Result,
) -> list[str]:  # fmt: skip
    """The power fails once more, while the program opens what the first cut left."""
    moved = {str(at) + path.removeprefix(str(told.paths.folder)): data for path, data in built.items()}
    with recording() as happened:
        wrong = missing(ProfilePaths(at), told.key, said)
    if wrong:
        return wrong
    places = (str(at), *(str(at) + each.removeprefix(str(told.paths.folder)) for each in folders))
    model = ModelDisk(moved, places)
    for one in happened:
        if one.kind == TOLD:
            continue
        model.apply(one)
        if dice.random() > 0.5:
            continue
        second, inside = model.image(dice)
        result.recovered += 1
        lay_out(second, inside, at, folder / "second")
        wrong = missing(ProfilePaths(folder / "second"), told.key, said)
        shutil.rmtree(folder / "second")
        if wrong:
            return [f"cut again: {wrong[:3]}"]
    return []


def test_after_a_power_cut_everything_that_was_told_is_there(
    quick: Path, effort: int, figure: Callable[[str], None]
) -> None:
    opened, twice, rounds = 0, 0, 0
    while opened < IMAGES * effort:
        told = record(quick / str(rounds), from_day(rounds * DAY))
        result = cut(told, quick, 5000, seed=SEED + rounds, again=20)
        assert result.bad == [], f"seed {SEED + rounds}"
        opened += result.different + result.recovered
        twice += result.recovered
        rounds += 1
        assert result.different > 500, "the cuts must fall into real work"
    figure(f"T2 seed {SEED}: {opened} different disks of {rounds} days, {twice} of them cut twice")
    assert twice > IMAGES // 20


def test_the_first_day_survives_a_power_cut_too(quick: Path, effort: int) -> None:
    """Setting up: until the person was told, there may be nothing; afterwards the records open."""
    from desktop_app.errors import WorldError
    from desktop_app.storage import keys

    folder = quick / "new"
    folder.mkdir()
    with recording() as happened:
        paths, key = new_records(folder / "records")
        tell("ready")
    dice = random.Random(SEED)
    model = ModelDisk({}, (str(folder),))
    ready = False
    for one in happened:
        if one.kind == TOLD:
            ready = True
        else:
            model.apply(one)
        for _ in range(3 * effort):
            built, folders = model.image(dice)
            at = ProfilePaths(quick / "image")
            lay_out(built, folders, paths.folder, at.folder)
            if at.exists():
                assert keys.open_with_passphrase(at, "words 0") == key
                assert missing(at, key, []) == []
            else:
                assert not ready
            shutil.rmtree(at.folder, ignore_errors=True)
    assert ready
    with pytest.raises(WorldError):
        Store.create(paths, key)


@pytest.mark.parametrize(
    ("level", "ways", "least"), [("OFF", ("lost", "torn", "some"), 0.9), ("FULL", ("names late",), 0.1)]
)
def test_the_harness_catches_a_store_that_does_not_wait_for_the_disk(
    quick: Path, level: str, ways: tuple[str, ...], least: float
) -> None:
    told = record(quick, careless(level))
    result = cut(told, quick, 300, ways=ways)
    assert len(result.bad) > least * result.different, f"{len(result.bad)} bad of {result.different}"


def test_the_harness_catches_files_renamed_without_syncing_the_folder(
    quick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torture_disk import TorturedDisk

    monkeypatch.setattr(TorturedDisk, "fsync_folder", lambda _self, _folder: None)
    told = record(quick, a_few_days)
    assert cut(told, quick, 4000, stop=True).bad


def test_the_layer_changes_nothing_that_is_written(quick: Path) -> None:
    """With nothing cut off, the model's disk is the real one, byte for byte."""
    told = record(quick, a_few_days)
    model = ModelDisk(told.start, told.folders)
    for one in told.happened:
        if one.kind != TOLD:
            model.apply(one)
    dice = random.Random(1)
    built, _ = model.image(dice, ("kept",))
    real = {str(path): path.read_bytes() for path in told.paths.folder.rglob("*") if path.is_file()}
    real.pop(str(told.paths.lock), None)
    built.pop(str(told.paths.lock), None)
    assert built == real
    with tortured():
        assert missing(told.paths, told.key, [one.path for one in told.happened if one.kind == TOLD], full=True) == []
