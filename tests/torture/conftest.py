"""What the torture tests share: a folder in memory, since thousands of small databases are laid out in it; and short cuts
that leave nothing out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from torture_disk import quick_folder

from desktop_app.records.revision import Signed
from desktop_app.services import sifting
from desktop_app.storage import revisions


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """As `tmp_path`, in memory where the system has a place for it."""
    base = quick_folder()
    if base is None:
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="branch-evidence-", dir=base))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def figure(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Say what was measured, so that `dev.py torture` shows it (resources/help/reliability.md holds the last long run)."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", flush=True)

    return say


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What looks at nothing but the bytes of a line - reading it, and its signature - is done once, not at each arrival.

    Answers what to call when another history begins.
    """
    read, verify = cache(sifting.parse), sifting.verify
    verified: set[tuple[bytes, bytes]] = set()

    def verify_once(signed: Signed, key: bytes) -> None:
        if (signed.line, key) not in verified:
            verify(signed, key)
            verified.add((signed.line, key))

    monkeypatch.setattr(sifting, "parse", read)
    monkeypatch.setattr(revisions, "parse", read)
    monkeypatch.setattr(sifting, "verify", verify_once)

    def again() -> None:
        read.cache_clear()
        verified.clear()

    return again
