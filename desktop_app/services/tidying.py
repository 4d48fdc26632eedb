"""No copy of ours outside the database outlives its time: opened attachments, and backups made before a deletion."""

from __future__ import annotations

import glob
from contextlib import suppress
from pathlib import Path

from desktop_app import files
from desktop_app.errors import FileProblem, WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import backup, erasures, rotation
from desktop_app.storage.database import Store

from . import this_laptop

SECOND_PLACE = "second_place"
"""The setting that names the folder on another drive which gets a copy of every backup."""
OLD_BACKUPS = "backups_hold_deleted"
RESTORING = "restoring"
"""The folder inside the records' own in which a backup is laid out while it is put back."""
_EVERYWHERE, _SECOND_PLACE = "1", "2"  # where old backups are left: here and there, or only on the other drive


def wipe_opened_copies(paths: ProfilePaths) -> None:
    """Remove the copies of attachments that were opened in other programs.

    One that another program still holds stays until the next closing or opening; that is no reason to keep the records
    open, or closed.
    """
    with suppress(WorldError):
        files.remove_tree(paths.opened)


def sweep_unfinished(paths: ProfilePaths) -> None:
    """Remove what a restore that was cut off laid out: a copy of a backup, with the keys of its day beside it."""
    with suppress(WorldError):
        files.remove_tree(paths.folder / RESTORING)


def tidy(store: Store, paths: ProfilePaths, branch: str, device: str, *, force: bool = False) -> tuple[int, str]:
    """Let no copy of ours outside the database outlive a deletion: the orders in the side file, the opened copies, and
    the automatic backups made before, once a new one is whole.

    Called after every deletion and, for what could not be done then, at the next start. Answers how many backups were
    removed, and the sentence that says why not all.
    """
    if force:
        store.set_setting(OLD_BACKUPS, _EVERYWHERE)
    left = store.setting(OLD_BACKUPS)
    if left is None:
        return 0, ""
    gone: list[Path] = []
    try:
        if left == _EVERYWHERE:
            erasures.keep_beside(store)
            wipe_opened_copies(paths)
            made = rotation.automatic(store, paths, reason="erase") if rotation.listing(paths) else None
            gone = rotation.expire_before_erasure(paths, made.path if made else None)
            gone += _damaged_aside(paths)
            store.set_setting(OLD_BACKUPS, _SECOND_PLACE)
        gone += _second_place(store, paths, branch, device)
        store.set_setting(OLD_BACKUPS, None)
    except WorldError as problem:
        return len(gone), str(problem)
    return len(gone), ""


def _damaged_aside(paths: ProfilePaths) -> list[Path]:
    """Remove the damaged files that were moved aside: what could be read of them was rescued, and this record with it."""
    found = sorted(paths.folder.glob("records-damaged-*.db*"))
    for path in found:
        files.remove(path)
    return found


def _second_place(store: Store, paths: ProfilePaths, branch: str, device: str) -> list[Path]:
    """The copies of these records' backups in the second place: the newest takes the place of all others, also of those
    made under an earlier name. Another laptop's stay: it clears its own when the order reaches it. Raises `FileProblem`.
    """
    said = store.setting(SECOND_PLACE)
    place = Path(said) if said else None
    newest = rotation.listing(paths)
    if place is None:
        return []
    if not place.is_dir():
        raise FileProblem(
            "The drive with the second backups is not there; those on it still hold what was deleted.",
            safe="The record itself is gone.",
            do="Connect the drive and open the program again, or destroy the backups on it.",
        )
    rotation.sweep(place)
    names = [device, *(one.device for one in this_laptop.before(store))]
    begins = [rotation.copies_begin(branch, name) for name in names]
    old = sorted(path for each in begins for path in place.glob(f"{glob.escape(each)}*{backup.SUFFIX}"))
    made: Path | None = None
    if newest:
        made = place / f"{begins[0]}{newest[0][1]:%Y-%m-%d}{backup.SUFFIX}"
        files.copy_file(newest[0][0], made)
    for path in old:
        if path != made:
            files.remove(path)
    return [path for path in old if path != made]
