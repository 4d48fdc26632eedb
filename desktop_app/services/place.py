"""Where the records lie: never in a folder that another program copies elsewhere while they are being written.

A copy taken half-way, or put back by such a program, is a damaged database. Records are not set up there; those that are
found there can be moved, whole or not at all, and the old folder says where they are now.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from desktop_app import files, platform
from desktop_app.errors import FileProblem, StoreError, WorldError
from desktop_app.paths import ProfilePaths, usual_profile_dir
from desktop_app.storage import soundness
from desktop_app.storage.backup import set_unfinished_aside
from desktop_app.storage.database import Store
from desktop_app.storage.keys import remove_slots

from .leaving import wipe_folder
from .profile import Profile

Synced = Callable[[Path], str | None]


def own_folder(paths: ProfilePaths, synced: Synced | None = None) -> Path | None:
    """The folder of this computer's own to which the records could be moved; None when it is taken, or no better."""
    usual = usual_profile_dir()
    taken = usual.absolute() == paths.folder.absolute() or ProfilePaths(usual).exists()
    return None if taken or (synced or platform.current().is_synced)(usual) else usual


def _sweep(work: Path) -> None:
    with suppress(WorldError):  # as closed as the records; the next try sweeps what stays
        files.remove_tree(work)


def move(profile: Profile, target: ProfilePaths) -> None:
    """Move the records to another folder and close them. Raises `StoreError`, `FileProblem`: the old folder still has them.

    Everything is copied into a folder of its own, opened there and looked through, then put in its place, the keys last:
    they make it the records. The old folder is wiped and keeps a line that says where they went. Calling it again after a
    failure begins anew.
    """
    source, data_key = profile.paths, profile.store._key
    if target.exists():
        _begin_anew(source, target)
    work = target.folder / "moving"
    files.remove_tree(work)
    copied = []
    with ExitStack() as undone:
        undone.callback(_sweep, work)
        for path in _all_of(source):
            copied.append(path.relative_to(source.folder))
            files.make_dirs((work / copied[-1]).parent)
            files.copy_file(path, work / copied[-1])
        _look_through(ProfilePaths(work), data_key)
        undone.pop_all()
    set_unfinished_aside(target)
    files.write_atomic(source.moved_to, str(target.folder.absolute()).encode())
    for name in copied:
        files.make_dirs((target.folder / name).parent)
        files.move(work / name, target.folder / name)
    _sweep(work)  # empty folders and a lock
    profile.close()
    wipe_folder(source)


def _begin_anew(source: ProfilePaths, target: ProfilePaths) -> None:
    """Only what an earlier try left may be overwritten. Raises `StoreError`."""
    try:
        said = source.moved_to.read_text(encoding="utf-8")
    except OSError:
        said = ""
    if said != str(target.folder.absolute()):
        raise StoreError(
            "There are records in that folder already.",
            safe="Nothing was moved.",
            do="Choose an empty folder.",
            code="E-EXISTS",
        )
    remove_slots(target)


def _all_of(paths: ProfilePaths) -> list[Path]:
    """Every file but locks and opened copies; the keys last."""
    found = [
        path for path in sorted(paths.folder.rglob("*")) if path.is_file() and path.suffix not in (".lock", ".part")
    ]
    kept = [path for path in found if paths.opened not in path.parents and path != paths.moved_to]
    return sorted(kept, key=lambda path: (path.name.startswith("keys"), path == paths.keys))


def _look_through(copy: ProfilePaths, data_key: bytes) -> None:
    with Store.open(copy, data_key) as store:
        wrong = soundness.check(store, full=True)
    if wrong:
        raise FileProblem(
            "The copy in the new folder is not whole.",
            safe="Your records are where they were.",
            do="Try another folder, or another drive.",
        )
