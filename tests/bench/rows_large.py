"""Very much at once: counting and filtering over very many records, and reading a large file of attachments whole.

What is read whole is held against the encrypting engine reading the same, not against reading the file: half of the time
goes into telling, by its HMAC, that each page of 4 KB is the one that was written, which is the engine's own and the point.
"""

from __future__ import annotations

import hashlib
import os
import resource
import statistics
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ground import answers, many_rows, new_profile
from measure import Row, milliseconds, paired

from desktop_app.services import recording
from desktop_app.services.profile import Profile
from desktop_app.storage import backup, blobs, counting, listing, soundness
from desktop_app.storage.projection import Filters

CHUNK = 1024 * 1024


def counting_rows(folder: Path, count: int) -> list[Row]:
    """A draft waits at most for one step of what is counted; a filter finds its first page as fast as no filter."""
    profile = new_profile(folder / f"counting {count}")
    many_rows(profile, count)
    record = recording.start(profile, "evidence", answers(1))
    content = recording.open_record(profile, record).content
    numbers = iter(range(1_000_000))

    def save() -> float:
        changed = content.with_answer("about/title", f"title {next(numbers)}")
        return milliseconds(lambda: recording.save_draft(profile, record, changed))

    def behind_a_step() -> float:
        steps = _steps(counting.stats_steps(profile.store, "authority"))
        return statistics.median(steps) / 2 + statistics.median(save() for _ in range(5))

    def idle() -> float:
        return statistics.median(save() for _ in range(10))

    def page(filters: Filters) -> float:
        return statistics.median(milliseconds(lambda: listing.page(profile.store, filters, 50)) for _ in range(5))

    every = Filters()
    narrowed = [
        replace(every, **{name: value})
        for name, value in (("authority", "886"), ("region", "south_east"), ("form", "evidence"), ("branch", "Leeds"),
                            ("standing", "ready"), ("programme", "SV"), ("until", "2016-03-01"), ("since", "2030-01-01"))
    ]  # fmt: skip
    rows = [
        paired(
            f"save a draft while {count:,} records are counted", behind_a_step, "the same, idle", idle, at_most=20,
            rounds=3, note=lambda: f"counting by authority takes {_total(profile):.0f} ms in all",
        ),
        paired(
            f"the slowest of {len(narrowed)} filters over {count:,} records, first page",
            lambda: max(page(filters) for filters in narrowed), "the first page of all", lambda: page(every), at_most=5,
        ),
    ]  # fmt: skip
    profile.close()
    return rows


def _steps(going: Generator[None, None, Any]) -> list[float]:
    """How long each step takes, in milliseconds."""
    took: list[float] = []
    while True:
        started = time.perf_counter()
        more = next(going, going)
        took.append((time.perf_counter() - started) * 1000)
        if more is going:
            return took


def _total(profile: Profile) -> float:
    return sum(_steps(counting.stats_steps(profile.store, "authority")))


def reading_rows(folder: Path, megabytes: int) -> list[Row]:
    """Everything read once, against the bare driver reading the attachments and a SHA-256 over them; and a backup made and
    read back, against copying the same file plainly."""
    profile = new_profile(folder / f"reading {megabytes}")
    for _ in range(megabytes // 16):
        blobs.put(profile.store, os.urandom(16 * CHUNK), "a.bin", "application/octet-stream")
    file, before = profile.paths.database, _peak_mb()
    steps: list[float] = []
    steps_total: list[float] = []

    def check() -> float:
        going = _steps(soundness.check_steps(profile.store))
        steps.append(max(going))
        steps_total.append(sum(going))
        return steps_total[-1]

    def full_check() -> float:
        def whole() -> None:
            assert soundness.check(profile.store, full=True) == []

        return milliseconds(whole)

    def engine() -> float:
        def whole() -> None:
            digest = hashlib.sha256()
            for (chunk,) in profile.store.conn.execute("select data from blob_chunks order by id"):
                digest.update(chunk)

        return milliseconds(whole)

    def plainly() -> float:
        def whole() -> None:
            with file.open("rb") as reading:
                while reading.read(CHUNK):
                    pass

        return milliseconds(whole)

    out = folder / "a.branchbackup"

    def back_up() -> float:
        took = milliseconds(lambda: backup.backup(profile.store, profile.paths, out))
        out.unlink()
        return took

    def copy() -> float:
        def whole() -> None:
            digest = hashlib.sha256()
            with file.open("rb") as reading, out.open("wb") as writing:
                while piece := reading.read(CHUNK):
                    writing.write(piece)
                    digest.update(piece)
                os.fsync(writing.fileno())

        took = milliseconds(whole)
        out.unlink()
        return took

    def note() -> str:
        return f"memory +{_peak_mb() - before:.0f} MB"

    def times_plain() -> str:
        return f"{steps_total[-1] / statistics.median(plainly() for _ in range(3)):.3g} x reading the file plainly"

    rows = [
        paired(f"read everything once, {megabytes:,} MB", check, "the bare driver reading and hashing it", engine,
               at_most=1.2, rounds=3,
               note=lambda: f"{note()}, the longest step {max(steps):.0f} ms, {times_plain()}"),
        paired("… by `check --full`, which reads three times", full_check, "the same", engine, at_most=4, rounds=3),
        paired(f"back up {megabytes:,} MB and read it back", back_up, "copying the same file durably and hashing it", copy,
               at_most=15, rounds=3, note=note),
    ]  # fmt: skip
    profile.close()
    return rows


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
