"""No file, whatever it says inside its signatures or outside them, ends in anything but its outcome or a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from torture_hostile import WAYS, Hostile

from desktop_app.records import revision
from desktop_app.records.strict_json import text

SEED = 20261122


@pytest.fixture
def hostile(quick: Path) -> object:
    made = Hostile(quick, SEED)
    yield made
    made.close()


@pytest.mark.torture
def test_nothing_a_file_can_say_is_more_than_the_program_can_take(
    hostile: Hostile, effort: int, figure: Callable[[str], None]
) -> None:
    outcomes: Counter[str] = Counter()
    for _ in range(45 * effort):
        for way in WAYS:
            outcomes[hostile.take(way)] += 1
    # Some are taken: those in which only what nobody reads was changed. Most are not.
    assert outcomes["added"] and outcomes["refused"] > sum(outcomes.values()) / 2
    figure(f"{sum(outcomes.values()):,} hostile files, seed {SEED}: {dict(outcomes)}")


def test_the_harness_catches_a_reader_that_believes_what_a_file_says_of_its_time(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revision, "moment", text)
    with pytest.raises(ValueError, match="isoformat"):
        for _ in range(2000):
            hostile.take("revision")
