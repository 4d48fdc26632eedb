"""Keeping records sound: a backup that was opened before it counts, putting one back, and looking for damage."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop_app.errors import FileProblem, WorldError
from desktop_app.files import append_line, copy_file
from desktop_app.paths import ProfilePaths
from desktop_app.storage import backup as backups
from desktop_app.storage import rotation, soundness
from desktop_app.storage.beside import GoOn, run_beside

from .profile import Profile
from .steps import drained
from .tidying import SECOND_PLACE

_COPIED, _COPIED_NAME, _COPY_TROUBLE = "second_copied", "second_copied_name", "second_trouble"
BACKED_UP_WITHIN = timedelta(hours=12)


def backup(profile: Profile, out: Path) -> None:
    """Write one encrypted file with everything in it, key slots included, and open it again before it gets its name.

    Raises `FileProblem` when ``out`` lies in the records' own folder: a backup there is lost with them.
    """
    drained(backup_steps(profile, out))


def backup_steps(profile: Profile, out: Path) -> Generator[None, None, None]:
    """As `backup`, a few milliseconds at a time: drafts and lists go on meanwhile."""
    if out.absolute().parent == profile.paths.folder.absolute():
        raise FileProblem(
            "A backup in the folder of the records would be lost with them.",
            safe="Nothing was written.",
            do="Choose a folder on another drive.",
        )
    yield from backups.backup_beside(profile.store, profile.paths, out)


def keep_safe(profile: Profile, reason: str = "start") -> list[Path]:
    """The backup the program makes by itself, when anything changed since the last; old ones are thinned out.

    A copy goes to the second place, when one is chosen and its drive is there. Practice records have none. Answers what
    was written. Raises `FileProblem`, `StoreError`.
    """
    return drained(keep_safe_steps(profile, reason))


def keep_safe_steps(profile: Profile, reason: str = "start") -> Generator[None, None, list[Path]]:
    """As `keep_safe`, a few milliseconds at a time: drafts and lists go on meanwhile. Closing it leaves nothing behind."""
    if profile.me.practice:
        return []
    now = profile.clock().astimezone(UTC)
    made = yield from rotation.automatic_beside(profile.store, profile.paths, reason=reason, now=now)
    copied = yield from _to_second_place(profile)
    return [made.path, *copied] if made is not None else copied


def _to_second_place(profile: Profile) -> Generator[None, None, list[Path]]:
    """Copy the newest backup there, unless it was copied already: a drive that comes back gets what it missed.

    What goes wrong with the copy is kept for `second_place_state`: the backup itself was made.
    """
    place, newest = second_place(profile), rotation.listing(profile.paths)
    if place is None or not newest or not place.is_dir():
        return []
    written, when = newest[0]
    begins = rotation.copies_begin(profile.me.branch, profile.me.device)
    copy = place / f"{begins}{when:%Y-%m-%d}{backups.SUFFIX}"
    if profile.store.setting(_COPIED_NAME) == written.name and copy.exists():
        return []

    def carry_over(_go_on: GoOn) -> None:
        rotation.sweep(place)
        copy_file(written, copy)
        backups.describe(copy)
        rotation.thin_copies(place, begins)

    try:
        yield from run_beside(carry_over)
    except WorldError as problem:
        profile.store.set_setting(_COPY_TROUBLE, problem.what)
        return []
    with profile.store.atomic():
        profile.store.set_setting(_COPIED_NAME, written.name)
        profile.store.set_setting(_COPIED, profile.utc_now())
        profile.store.set_setting(_COPY_TROUBLE, None)
    return [copy]


def before_adding(profile: Profile) -> Generator[None, None, None]:
    """Before files are added: the way back, should a file be a mistake. Once in half a day is enough."""
    if profile.me.practice:
        return
    made = rotation.listing(profile.paths)
    if not made or datetime.now(UTC) - made[0][1] > BACKED_UP_WITHIN:
        yield from rotation.automatic_beside(profile.store, profile.paths, reason="add")


def second_place(profile: Profile) -> Path | None:
    """The folder on another drive that gets a copy of every backup, or `None`."""
    said = profile.store.setting(SECOND_PLACE)
    return Path(said) if said else None


@dataclass(frozen=True)
class SecondPlace:
    """``there``: its drive is in. ``copied_utc``: when the last copy went there, "" for never. ``trouble``: why the newest
    could not be copied, "" when it was."""

    folder: Path
    there: bool
    copied_utc: str
    trouble: str


def second_place_state(profile: Profile) -> SecondPlace | None:
    """How it stands with the second place; `None` when none is chosen."""
    folder = second_place(profile)
    if folder is None:
        return None
    said = profile.store.setting
    return SecondPlace(folder, folder.is_dir(), said(_COPIED) or "", said(_COPY_TROUBLE) or "")


def set_second_place(profile: Profile, folder: Path | None) -> None:
    """Choose the second place, or none. Raises `FileProblem` for the records' own folder."""
    if folder is not None and folder.absolute().is_relative_to(profile.paths.folder.absolute()):
        raise FileProblem(
            "A copy in the folder of the records would be lost with them.",
            safe="Nothing was changed.",
            do="Choose a folder on another drive.",
        )
    with profile.store.atomic():
        profile.store.set_setting(SECOND_PLACE, str(folder.absolute()) if folder else None)
        for name in (_COPIED, _COPIED_NAME, _COPY_TROUBLE):
            profile.store.set_setting(name, None)


def last_backup(profile: Profile) -> str:
    """When the newest automatic backup was made (UTC), or "" when there is none."""
    found = rotation.listing(profile.paths)
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
    return soundness.check(profile.store, full)


def check_steps(profile: Profile) -> Generator[None, None, list[str]]:
    """As `check` in full, a step at a time, so that what is typed meanwhile is saved."""
    return soundness.check_steps(profile.store)
