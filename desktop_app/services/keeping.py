"""Keeping records sound: a backup that was opened before it counts, putting one back, and looking for damage."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from desktop_app.errors import FileProblem
from desktop_app.files import append_line, copy_file
from desktop_app.paths import ProfilePaths
from desktop_app.storage import backup as backups

from .profile import Profile
from .tidying import SECOND_PLACE


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




def keep_safe(profile: Profile, reason: str = "start") -> list[Path]:
    """The backup the program makes by itself, when anything changed since the last; old ones are thinned out.

    A copy goes to the second place, when one is chosen and its drive is there. Practice records have none. Answers what
    was written. Raises `FileProblem`, `StoreError`.
    """
    if profile.me.practice:
        return []
    made = backups.automatic(profile.store, profile.paths, reason=reason, now=profile.clock().astimezone(UTC))
    if made is None:
        return []
    place = second_place(profile)
    if place is None or not place.is_dir():
        return [made.path]
    copy = place / f"Branch Evidence {profile.me.branch} {made.made_utc[:10]}{backups.SUFFIX}"
    copy_file(made.path, copy)
    backups.describe(copy)
    return [made.path, copy]


def second_place(profile: Profile) -> Path | None:
    """The folder on another drive that gets a copy of every backup, or `None`."""
    said = profile.store.setting(SECOND_PLACE)
    return Path(said) if said else None


def set_second_place(profile: Profile, folder: Path | None) -> None:
    """Choose the second place, or none. Raises `FileProblem` for the records' own folder."""
    if folder is not None and folder.absolute().is_relative_to(profile.paths.folder.absolute()):
        raise FileProblem(
            "A copy in the folder of the records would be lost with them.",
            safe="Nothing was changed.",
            do="Choose a folder on another drive.",
        )
    profile.store.set_setting(SECOND_PLACE, str(folder.absolute()) if folder else None)


def last_backup(profile: Profile) -> str:
    """When the newest automatic backup was made (UTC), or "" when there is none."""
    found = backups.listing(profile.paths)
    return f"{found[0][1]:%Y-%m-%dT%H:%M:%SZ}" if found else ""


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
