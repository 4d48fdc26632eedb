"""Real records in a temporary folder, opened as a person would; only the key derivation is made cheap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_app.paths import ProfilePaths
from desktop_app.services.profile import Profile, create
from desktop_app.storage.keys import KdfCost

CHEAP = KdfCost(t=1, m_bytes=8 * 1024 * 1024)


class Clock:
    """A clock that goes on by one second a reading."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 22, 14, 2, tzinfo=UTC))


@pytest.fixture
def make_profile(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Profile]]:
    opened: list[Profile] = []

    def make(name: str = "Leeds", role: str = "branch", **more: object) -> Profile:
        folder = tmp_path / f"{role} {name} é"
        profile = create(
            ProfilePaths(folder),
            role=role,
            name=name,
            passphrase="five words make it long",
            cost=CHEAP,
            clock=clock,
            **more,
        ).profile
        opened.append(profile)
        return profile

    yield make
    for profile in opened:
        profile.close()


@pytest.fixture
def branch(make_profile: Callable[..., Profile]) -> Profile:
    return make_profile("Leeds", officer_role="local_secretary", authorities=("383",))
