"""Keeping records sound: a backup that was opened before it counts, putting one back, and looking for damage."""

from __future__ import annotations

from pathlib import Path

from desktop_app.errors import FileProblem
from desktop_app.files import append_line
from desktop_app.paths import ProfilePaths
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


def restore(file: Path, into: Path, *, known: ProfilePaths | None = None) -> None:
    """Unpack a backup into a folder without records. What was deleted for good there stays deleted.

    ``known``: the records in use on this computer; what was deleted for good from them since the backup was made stays
    deleted in the restored ones too.
    """
    restored = backups.restore(file, into)
    if known is None or not known.erasures.exists() or known.erasures == restored.erasures:
        return
    have = set(restored.erasures.read_bytes().splitlines()) if restored.erasures.exists() else set()
    for line in known.erasures.read_bytes().splitlines():
        if line and line not in have:
            append_line(restored.erasures, line)


def check(profile: Profile, *, full: bool = False) -> list[str]:
    """What is damaged, a sentence each; empty when all is sound. ``full`` also reads every attachment and signature."""
    return backups.check(profile.store, full)
