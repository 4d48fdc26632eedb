"""T1: the program is killed at any moment of its work; what it said is saved is there, and nothing half-done."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from torture_kill import READY, Tell, told_until_killed
from torture_work import day, missing, new_records

from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store

pytestmark = [
    pytest.mark.torture,
    pytest.mark.timeout(0),
    pytest.mark.skipif(sys.platform == "win32", reason="needs fork; Windows ends processes in another way"),
]
SEED = 20261122
KILLS = 1_000
FRESH_AFTER = 100  # a new set of records after so many kills, else looking through them takes longer than killing

Work = Callable[[Store, int, Tell], None]


def too_early(store: Store, number: int, tell: Tell) -> None:
    """The broken build: the person is told "Saved" before the commit."""
    with store.atomic():
        day(store, number // 6 * 6 + number % 2, tell)
        time.sleep(0.002)


class Bench:
    """One set of records that is killed again and again."""

    def __init__(self, folder: Path, work: Work) -> None:
        self.paths, self.key = new_records(folder)
        self.work = work
        self.number = 0
        self.told: list[str] = []

    def run_and_kill(self, after: float) -> None:
        """Let a child work, kill it, and keep what it told."""

        def work(tell: Tell) -> None:
            with open_store(self.paths, self.key) as store:
                tell(READY)
                for number in range(self.number, self.number + 100_000):
                    self.work(store, number, tell)

        lines = told_until_killed(work, after)
        self.told += lines
        self.number += len(lines) + 1


def test_nothing_told_is_lost_when_the_program_is_killed(
    quick: Path, effort: int, figure: Callable[[str], None]
) -> None:
    """In memory where there is a place for it: what a killed process wrote is there on any disk, and more is done between
    two kills. What a disk loses is `test_power_loss.py`."""
    dice = random.Random(SEED)
    kinds: dict[str, int] = {}
    kills = 0
    while kills < KILLS * effort:
        bench = Bench(quick / f"records {kills}", day)
        for _ in range(FRESH_AFTER):
            bench.run_and_kill(dice.random() * dice.choice((0.002, 0.01, 0.03)))
            kills += 1
            assert missing(bench.paths, bench.key, bench.told, full=kills % 20 == 0) == [], f"seed {SEED}, kill {kills}"
        for told in bench.told:
            kinds[told.split()[0]] = kinds.get(told.split()[0], 0) + 1
    figure(f"T1 seed {SEED}: {kills} kills, told {kinds}")
    assert kinds.keys() >= {"draft", "revision", "blob", "pair", "erased"}, "the kills must fall into real work"
    assert sum(kinds.values()) > kills / 2


def test_the_harness_catches_a_build_that_says_saved_too_early(tmp_path: Path) -> None:
    dice = random.Random(1)
    bench = Bench(tmp_path / "records", too_early)
    for _ in range(60):
        bench.run_and_kill(dice.random() * 0.02)
        if missing(bench.paths, bench.key, bench.told):
            return
    pytest.fail("a store that tells before the commit was not noticed")
