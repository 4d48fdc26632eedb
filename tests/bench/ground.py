"""What the measurements stand on: records of their own, made of invented words from a fixed seed."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_app.paths import ProfilePaths
from desktop_app.services import profile as profiles
from desktop_app.services.profile import Profile
from desktop_app.storage.keys import KdfCost
from desktop_app.storage.projection import VERDICTS, AnswerRow, Projection, write
from desktop_app.storage.search import indexed_later

PASSPHRASE = "four plain words here"
CHEAP = KdfCost(1, 8 * 1024 * 1024)


def new_profile(folder: Path, role: str = "branch", name: str = "Leeds", *, cheap: bool = True) -> Profile:
    """Empty records."""
    more: dict[str, Any] = {"cost": CHEAP} if cheap else {}
    return profiles.create(ProfilePaths(folder), role=role, name=name, passphrase=PASSPHRASE, **more).profile


def words(chance: random.Random, count: int) -> str:
    """Invented words, some common and most rare, as in real text."""
    return " ".join(f"w{int(chance.paretovariate(0.6)) % 50_000:x}" for _ in range(count))


def answers(number: int) -> dict[str, Any]:
    """An evidence record of about a hundred words."""
    chance = random.Random(number)
    return {
        "about": {
            "summary": words(chance, 100),
            "title": words(chance, 6),
            "area": "one_authority",
            "authorities": chance.choice(("886", "383", "210", "330")),
            "topics": "access_and_consequences",
            "when_precision": "day",
            "when_from": f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}",
        },
        "access_and_consequences": {"waits": [{"wait_weeks": str(number % 90)}]},
    }


def many_rows(profile: Profile, count: int) -> None:
    """List rows (the projection) without the revisions behind them, the oldest of ten years ago, with two answers each."""
    chance = random.Random(1)
    row = Projection(
        record="", form_id="evidence", title="", authorities=("886",), regions=("south_east",), programmes=("SV",),
        when_from="", when_to="", when_text="", standing="ready", branch="Leeds", strength="", permission="",
        branch_only=False, confidential=False, changed_utc="", words="", answers=(), two_versions=0, draft=False,
    )  # fmt: skip
    for start in range(0, count, 20_000):
        with indexed_later(profile.store) if count <= 20_000 else _batch(profile):
            for number in range(start, min(start + 20_000, count)):
                stamp = f"2026-11-22T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z"
                text = words(chance, 30)
                when = f"{2016 + 10 * number // count}-{1 + number % 12:02d}-{1 + number % 28:02d}"
                made = replace(
                    row, record=f"{number:032x}", title=words(chance, 6), words=text, changed_utc=stamp, when_from=when,
                    answers=tuple(AnswerRow(f"C{k}", f"c/{k}", "What is said?", "yes", "Yes", chance.choice(VERDICTS))
                                  for k in range(2)),
                )  # fmt: skip
                write(profile.store, made)
    if count > 20_000:
        from desktop_app.storage.search import rebuild

        profile.store.index_later = False
        rebuild(profile.store)


def _batch(profile: Profile) -> Any:
    """A transaction with the index left alone; `many_rows` rebuilds it once at the end."""
    profile.store.index_later = True
    return profile.store.atomic()
