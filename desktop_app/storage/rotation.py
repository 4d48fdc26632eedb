"""The backups the program makes by itself in the profile's own folder: when one is wanted, and which are kept.

Grandfather-father-son rotation: the newest few, then one for each of some days, weeks and months.
"""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desktop_app import files
from desktop_app.paths import ProfilePaths
from desktop_app.storage.backup import SUFFIX, Made, backup, backup_beside
from desktop_app.storage.database import Store

_NAME = re.compile(r"(\d{8}T\d{6}Z)-(start|work|add|erase|update|now)(?:-\d+)?\.branchbackup\Z")
KEEP_NEWEST, KEEP_DAYS, KEEP_WEEKS, KEEP_MONTHS = 10, 7, 8, 6


def automatic(store: Store, paths: ProfilePaths, *, reason: str, now: datetime | None = None) -> Made | None:
    """Back up into the profile's own folder, and thin out the old ones.

    ``reason``: ``start`` and ``work`` are skipped when nothing changed since the newest; ``add``, ``erase``, ``update``
    (before adding files, deleting for good, a new version) and ``now`` are always made. Raises `FileProblem`,
    `StoreError`.
    """
    now = now or datetime.now(UTC)
    if not _wanted(store, paths, reason):
        return None
    made = backup(store, paths, _place(paths, reason, now), reason=reason, made_utc=_utc(now))
    _keep(store, paths, change_mark(store))
    return made


def automatic_beside(
    store: Store, paths: ProfilePaths, *, reason: str, now: datetime | None = None
) -> Generator[None, None, Made | None]:
    """As `automatic`, made by `backup_beside`."""
    now = now or datetime.now(UTC)
    if not _wanted(store, paths, reason):
        return None
    mark = change_mark(store)  # of before: what is written meanwhile counts as new since
    made = yield from backup_beside(store, paths, _place(paths, reason, now), reason=reason, made_utc=_utc(now))
    _keep(store, paths, mark)
    return made


def _wanted(store: Store, paths: ProfilePaths, reason: str) -> bool:
    unchanged = reason in ("start", "work") and store.setting("backup_mark") == change_mark(store)
    return not (unchanged and listing(paths))


def sweep(folder: Path) -> None:
    """Remove what a backup that was cut off half-way left in a folder: a copy nobody would find when words must go."""
    for path in folder.glob(f"*{SUFFIX}*.part"):
        files.remove(path)


def _place(paths: ProfilePaths, reason: str, now: datetime) -> Path:
    files.make_dirs(paths.backups)
    sweep(paths.backups)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    out = paths.backups / f"{stamp}-{reason}{SUFFIX}"
    again = 1
    while out.exists():
        again += 1
        out = paths.backups / f"{stamp}-{reason}-{again}{SUFFIX}"
    return out


def _utc(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H:%M:%SZ}"


def _keep(store: Store, paths: ProfilePaths, mark: str) -> None:
    store.set_setting("backup_mark", mark)
    thin(paths)


def change_mark(store: Store) -> str:
    """A short text that differs after any change of records, drafts, receipts or erase orders."""
    parts = [
        store.one("select count(*), coalesce(max(seq), 0), sum(live) from revisions"),
        store.one("select count(*), coalesce(max(saved_utc), '') from drafts"),
        store.one("select count(*) from receipts"),
        store.one("select count(*) from erase_orders"),
        store.one("select count(*) from blobs"),
        store.one("select count(*) from packs"),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def listing(paths: ProfilePaths) -> list[tuple[Path, datetime]]:
    """The automatic backups, newest first."""
    if not paths.backups.is_dir():
        return []
    found = []
    for path in paths.backups.iterdir():
        matched = _NAME.match(path.name)
        if matched:
            found.append((path, datetime.strptime(matched[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)))
    return sorted(found, key=lambda item: (item[1], item[0].name), reverse=True)


def to_keep(times: list[datetime]) -> set[datetime]:
    """Which of these to keep: the newest ten, then the newest of each of 7 days, 8 weeks and 6 months."""
    ordered = sorted(times, reverse=True)
    kept = set(ordered[:KEEP_NEWEST])
    for count, period in (
        (KEEP_DAYS, lambda t: t.date()),
        (KEEP_WEEKS, lambda t: t.date() - timedelta(days=t.weekday())),
        (KEEP_MONTHS, lambda t: (t.year, t.month)),
    ):
        newest: dict[Any, datetime] = {}
        for moment in ordered:
            newest.setdefault(period(moment), moment)
        kept.update(list(newest.values())[:count])
    return kept


def thin(paths: ProfilePaths) -> list[Path]:
    """Remove the automatic backups that are no longer to be kept; answers them."""
    found = listing(paths)
    kept = to_keep([time for _, time in found])
    gone = [path for path, time in found if time not in kept]
    for path in gone:
        files.remove(path)
    return gone


def copies_begin(branch: str, device: str) -> str:
    """How the names of one laptop's copies in a second place begin: several laptops of a branch may share the drive."""
    plain = "".join(c if c.isalnum() or c in " -'’()&" else "-" for c in branch)
    return f"Branch Evidence {plain} laptop {device[:6]} "


def thin_copies(place: Path, begins: str) -> list[Path]:
    """As `thin`, for the copies of one laptop in its second place: one a day, named by it after ``begins``."""
    dated = {}
    for path in place.glob(f"{glob.escape(begins)}*{SUFFIX}"):
        try:
            dated[path] = datetime.strptime(path.name[len(begins) : -len(SUFFIX)], "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            continue  # somebody's own, under another name
    kept = to_keep(list(dated.values()))
    gone = [path for path, day in dated.items() if day not in kept]
    for path in gone:
        files.remove(path)
    return gone


def expire_before_erasure(paths: ProfilePaths, newest_kept: Path | None = None) -> list[Path]:
    """Remove every automatic backup but the newest, once something was deleted for good: they still hold it."""
    if paths.backups.is_dir():
        sweep(paths.backups)
    gone = [path for path, _ in listing(paths) if path != newest_kept]
    for path in gone:
        files.remove(path)
    return gone
