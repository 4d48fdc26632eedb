"""Setting up that comes to nothing leaves a disk as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.errors import FileProblem
from desktop_app.paths import ProfilePaths
from desktop_app.services import profile
from desktop_app.storage.keys import KdfCost

WORDS, CHEAP = "five words make it long", KdfCost(1, 8 * 1024 * 1024)


def deep(base: Path, letters: int) -> Path:
    """A folder whose whole path has so many letters, in parts that every disk takes."""
    path = str(base)
    while letters - len(path) > 201:
        path += "/" + "x" * 200
    return Path(f"{path}/{'y' * (letters - len(path) - 1)}")


# More than SQLite opens; the name of the journal, of the database, of the folder itself too long for Linux.
@pytest.mark.parametrize("letters", [700, 4080, 4090, 4100])
def test_a_path_that_is_too_long_leaves_no_folder(tmp_path: Path, letters: int) -> None:
    with pytest.raises(FileProblem, match="too long"):
        profile.create(
            ProfilePaths(deep(tmp_path, letters)), role="branch", name="Leeds", passphrase=WORDS, cost=CHEAP
        )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_there_stays_with_what_lies_in_it(tmp_path: Path) -> None:
    there = tmp_path / "mine"
    there.mkdir()
    (there / "letter.txt").write_text("Mine.", "utf-8")
    with pytest.raises(FileProblem):
        profile.create(
            ProfilePaths(there / "a" / "b" / ("n" * 300)), role="branch", name="Leeds", passphrase=WORDS, cost=CHEAP
        )
    assert [path.name for path in there.iterdir()] == ["letter.txt"]
