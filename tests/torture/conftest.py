"""What the torture tests share: a folder in memory, since thousands of small databases are laid out in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from torture_disk import quick_folder


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
