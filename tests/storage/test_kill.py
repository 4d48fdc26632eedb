"""kill -9 while saving: what was acknowledged is there, and nothing is half-done (reliability.md T1).

The harness is held against a broken build first: one that acknowledges before the commit must be caught.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from storage_world import FORM, SEED

from desktop_app.errors import NotFound
from desktop_app.paths import ProfilePaths
from desktop_app.records.revision import Revision, Stamp, sign
from desktop_app.storage import backup, blobs, drafts, erasures, keys, revisions
from desktop_app.storage.database import Store

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(sys.platform == "win32", reason="needs fork; Windows ends processes in another way"),
]

Work = Callable[[Store, int, Callable[[str], None]], None]
RECORD = "00000000-0000-4000-8000-%012d"


def saving(store: Store, number: int, acknowledge: Callable[[str], None]) -> None:
    """One step of a busy day; each is acknowledged when the call that did it has returned."""
    kind = number % 5
    if kind == 0:
        drafts.save(store, "draft", FORM, {"n": number, "text": "x" * (number % 4000)}, ())
        acknowledge(f"draft {number}")
    elif kind == 1:
        made = Revision(
            RECORD % number, FORM, "put", (), "ready", False, {"told": str(number)}, {}, (), {}, (), (),
            "Leeds", "d", "", Stamp("2026-11-22T10:00:00Z", 0, number), "0" * 32,
        )  # fmt: skip
        revisions.add(store, sign(made, SEED))
        acknowledge(f"revision {number}")
    elif kind == 2:
        sha256, _ = blobs.put(store, f"{number} ".encode() * 30_000, "a.pdf", "application/pdf")
        acknowledge(f"blob {sha256}")
    elif kind == 3:
        with store.atomic():
            store.set_setting("left", str(number))
            store.set_setting("right", str(number))
        acknowledge(f"pair {number}")
    elif number % 25 == 4:
        made_backup = backup.automatic(store, store.paths, reason="now")
        assert made_backup
        acknowledge(f"backup {made_backup.path.name}")
    else:
        from desktop_app.records.erasure import make_order

        erasures.add(store, make_order(RECORD % (number - 3), "mistake", "t", "Leeds", SEED))
        acknowledge(f"erased {number - 3}")


def saying_so_too_early(store: Store, number: int, acknowledge: Callable[[str], None]) -> None:
    """The broken build: the person is told "Saved" before the commit."""
    with store.atomic():
        saving(store, number * 5, acknowledge)
        time.sleep(0.002)


class Bench:
    """One set of records that is killed again and again."""

    def __init__(self, folder: Path, work: Work) -> None:
        self.paths = ProfilePaths(folder)
        folder.mkdir()
        self.key = keys.new_data_key()
        keys.create_slots(self.paths, self.key, "words", keys.KdfCost(1, 8 * 1024 * 1024))
        Store.create(self.paths, self.key).close()
        self.work = work
        self.number = 0
        self.told: list[str] = []

    def run_and_kill(self, after: float) -> None:
        """Fork, let the child work, kill it, and read what it acknowledged."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                with Store.open(self.paths, self.key) as store:
                    os.write(writing, b"ready\n")
                    for number in range(self.number, self.number + 100_000):
                        self.work(store, number, lambda told: os.write(writing, f"{told}\n".encode()) and None)
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            assert pipe.readline() == b"ready\n"
            time.sleep(after)
            os.kill(child, signal.SIGKILL)
            lines = pipe.read().decode().splitlines()
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the child must not have ended by itself"
        self.told += lines
        self.number += len(lines) + 2

    def lost(self) -> list[str]:
        """What was acknowledged and is not there, and anything half-done."""
        wrong: list[str] = []
        gone = {told.split()[1] for told in self.told if told.startswith("erased")}
        with Store.open(self.paths, self.key) as store:
            if backup.check(store):
                wrong.append("damaged")
            if store.setting("left") != store.setting("right"):
                wrong.append("half a pair")
            draft = drafts.load(store, "draft")
            latest = {"draft": int(draft.content["n"]) if draft else -1, "pair": int(store.setting("left") or -1)}
            for told in self.told:
                kind, value = told.split()
                if kind in latest:
                    there = latest[kind] >= int(value)
                elif kind == "revision":
                    there = value in gone or bool(revisions.of_record(store, RECORD % int(value)))
                    there |= erasures.is_erased(store, RECORD % int(value))
                elif kind == "erased":
                    there = erasures.is_erased(store, RECORD % int(value))
                elif kind == "backup":
                    there = (self.paths.backups / value).exists() or len(backup.listing(self.paths)) >= 10
                else:
                    there = _whole(store, value)
                if not there:
                    wrong.append(told)
            for path, _ in backup.listing(self.paths):
                backup.describe(path)
        return wrong


def _whole(store: Store, sha256: str) -> bool:
    try:
        return sum(map(len, blobs.read(store, sha256))) == blobs.size(store, sha256)
    except NotFound:
        return False


def test_nothing_acknowledged_is_lost_when_the_program_is_killed(tmp_path: Path, effort: int) -> None:
    dice = random.Random(20261122)
    bench = Bench(tmp_path / "records", saving)
    wanted, kinds, rounds = {"draft", "revision", "blob", "pair", "erased"}, set[str](), 0
    while rounds < 60 * effort or ((kinds < wanted or len(bench.told) < 30) and rounds < 400):
        rounds += 1  # a slow disk needs more rounds
        bench.run_and_kill(dice.random() * dice.choice((0.01, 0.05, 0.1)))
        assert bench.lost() == []
        kinds = {told.split()[0] for told in bench.told}
    assert kinds >= wanted, "the kills must fall into real work"
    with Store.open(bench.paths, bench.key) as store:
        assert backup.check(store, full=True) == []


def test_the_harness_catches_a_build_that_says_saved_too_early(tmp_path: Path) -> None:
    dice = random.Random(1)
    bench = Bench(tmp_path / "records", saying_so_too_early)
    for _ in range(40):
        bench.run_and_kill(dice.random() * 0.02)
        if bench.lost():
            return
    pytest.fail("a store that acknowledges before the commit was not noticed")
