"""Keeping records sound: a backup that was opened before it counts, putting one back, and looking for damage."""

from __future__ import annotations

from pathlib import Path

from desktop_app.errors import FileProblem
from desktop_app.storage import backup as backups

from .profile import Profile


def backup(profile: Profile, out: Path) -> None:
    """Write one encrypted file with everything in it, key slots included, and open it again before it gets its name.

    Raises `FileProblem` when ``out`` lies in the records' own folder: a backup there is lost with them.
    """
    if out.absolute().parent == profile.paths.folder.absolute():
        raise FileProblem(
            "A backup in the folder of the records would be lost with them.",
            safe="Nothing was written.",
            do="Choose a folder on another drive.",
        )
    backups.backup(profile.store, profile.paths, out)


def restore(file: Path, into: Path) -> None:
    """Unpack a backup into a folder without records. What was deleted for good there stays deleted."""
    backups.restore(file, into)


def check(profile: Profile, *, full: bool = False) -> list[str]:
    """What is damaged, a sentence each; empty when all is sound. ``full`` also reads every attachment and signature."""
    return backups.check(profile.store, full)
