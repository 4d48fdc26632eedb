"""Putting records back: which backups there are and how old, what a damaged file still holds, and what is missing after.

The damaged file is only moved, never changed. What can be read of it comes first, since it is newer than any backup; a
backup fills in what cannot. Orders to delete for good are carried out again, so nothing deleted comes back.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from desktop_app import files
from desktop_app.errors import KeySlotError, StoreError, WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import backup as backups
from desktop_app.storage import drafts, office_slots, revisions, rotation
from desktop_app.storage import keys as key_slots
from desktop_app.storage.database import Store
from desktop_app.storage.salvage import Salvaged, fill_in, salvage

from . import this_laptop
from .profile import Profile, unlock
from .tidying import RESTORING

_WORDS = {
    "settings": "some of your settings",
    "devices": "some of the laptops that are known",
    "drafts": "some drafts",
    "revisions": "some versions of records",
    "blobs": "some attachments",
    "blob_chunks": "some attachments",
    "packs": "part of the list of files made",
    "pack_revisions": "part of the list of files made",
    "receipts": "some replies from the office",
    "receipt_revisions": "some replies from the office",
    "imports": "part of the list of files added",
    "revision_imports": "part of the list of files added",
    "waiting": "some files that wait",
    "queries": "some questions of the office",
    "forms": "some forms",
    "reference_data": "some lists that forms use",
}


@dataclass(frozen=True)
class Choice:
    """A backup that could be put back. ``days``: how old it is."""

    path: Path
    made_utc: str
    days: int
    bytes: int


@dataclass(frozen=True)
class Rescued:
    """What was put back. ``aside``: where the damaged file is now; ``missing``: in words, empty when all is there.

    ``deleted``: how many orders to delete for good were carried out again on what came back.
    """

    records: int
    drafts: int
    backup_utc: str
    aside: Path | None
    missing: list[str] = field(default_factory=list)
    deleted: int = 0


def choices(paths: ProfilePaths, now: datetime | None = None) -> list[Choice]:
    """The backups in the records' own folder, newest first. Needs no key."""
    now = now or datetime.now(UTC)
    return [
        Choice(path, f"{made:%Y-%m-%dT%H:%M:%SZ}", max(0, (now - made).days), path.stat().st_size)
        for path, made in rotation.listing(paths)
    ]


def choice(file: Path, now: datetime | None = None) -> Choice:
    """A backup from elsewhere, read through once to be sure that it is whole. Raises `StoreError`, `FileProblem`."""
    found = backups.describe(file)
    made = datetime.fromisoformat(str(found["made_utc"]).replace("Z", "+00:00"))
    return Choice(file, str(found["made_utc"]), max(0, ((now or datetime.now(UTC)) - made).days), int(found["bytes"]))


def put_back(
    paths: ProfilePaths,
    file: Path | None,
    *,
    passphrase: str | None = None,
    spare_key: str | None = None,
    office_file: bytes | None = None,
) -> tuple[Profile, Rescued]:
    """Make the records in ``paths`` whole again and open them: what the damaged file still holds, and from the backup
    ``file`` what it does not. With ``file`` None only the damaged file is read. On a new computer there is only ``file``.

    ``office_file``: what the office sent to a branch that agreed to it; ``spare_key`` is then the groups it reads out.
    Nothing stands in the records' place until all is ready. Raises `KeySlotError` (the passphrase or spare key is wrong,
    or was mistyped), `StoreError` (``E-DAMAGED``: nothing can be read; ``E-BACKUPDAMAGED``; ``E-OTHERRECORDS``),
    `FileProblem`.
    """
    work = paths.folder / RESTORING
    files.make_dirs(paths.folder)
    lock = files.InstanceLock(paths.lock)
    lock.acquire()
    with ExitStack() as leaving:
        leaving.callback(lock.release)
        leaving.callback(_swept, work)
        files.remove_tree(work)
        laid_out = backups.restore(file, work / "backup") if file else None
        if office_file is not None:
            data_key = office_slots.open_rescue_file(office_file, spare_key or "")
        else:
            data_key = _data_key(paths, laid_out, passphrase, spare_key)
        if laid_out is not None and not backups.opens(laid_out, data_key):
            raise _other_records()
        ready, told = _rescued_database(paths, laid_out, data_key, work / "new")
        if laid_out is not None:
            _join_orders(paths, laid_out)
        if laid_out is not None and (told is None or told.not_whole):
            this_laptop.forget(paths)
        aside = backups.move_aside(paths) if paths.database.exists() else None
        files.move(ready, paths.database)
        _mend_slots(paths, laid_out, office_file)
    # Before opening: an order that is carried out again then clears away the backups that still hold what it deletes.
    utc = str(backups.describe(file)["made_utc"]) if file else ""
    profile = unlock(paths, passphrase=passphrase if spare_key is None else None, spare_key=spare_key)
    with ExitStack() as otherwise:
        otherwise.callback(profile.close)  # else they would be "open in another window" at the next try
        records, typed = _list_again(profile)
        otherwise.pop_all()
    missing = _in_words(told, filled=laid_out is not None, before=aside is not None)
    # What clears away after a deletion, at the opening, clears the damaged file away too.
    still_there = aside if aside is not None and aside.exists() else None
    return profile, Rescued(records, typed, utc, still_there, missing, profile.store.carried_out)


def _swept(work: Path) -> None:
    """The copies made meanwhile, as closed as the backup was. What cannot be removed is swept by the next opening."""
    with suppress(WorldError):
        files.remove_tree(work)


def _data_key(
    paths: ProfilePaths, laid_out: ProfilePaths | None, passphrase: str | None, spare_key: str | None
) -> bytes:
    """From the slots beside the records or, where those are gone or damaged, from those in the backup."""
    trouble: KeySlotError | None = None
    for place in (paths, laid_out):
        if place is None:
            continue
        try:
            if spare_key is not None:
                return key_slots.open_with_spare_key(place, spare_key)
            return key_slots.open_with_passphrase(place, passphrase or "")
        except KeySlotError as error:
            trouble = trouble or error
            if error.code not in ("E-KEYDAMAGED", "E-NOPROFILE"):
                raise
    assert trouble is not None
    raise trouble


def _mend_slots(paths: ProfilePaths, laid_out: ProfilePaths | None, office_file: bytes | None) -> None:
    """Where the key file is gone or damaged, the one from the backup; and the slot of the office's file beside it."""
    try:
        key_slots.kinds(paths)
    except KeySlotError as error:
        if error.code not in ("E-KEYDAMAGED", "E-NOPROFILE"):
            raise
        if paths.keys.exists():
            files.move(paths.keys, paths.keys.with_name("keys-damaged.json"))
        if laid_out is not None:
            key_slots.write_slots(paths, key_slots.slots_bytes(laid_out))
        elif office_file is not None:
            key_slots.write_slots(paths, office_file)
    if office_file is not None:
        office_slots.add_rescue_slot(paths, office_file)


def _other_records() -> StoreError:
    return StoreError(
        "This backup is of other records than those that were opened with what you typed.",
        safe="Nothing was changed.",
        do="Choose a backup of these records, or put this one back in a folder of its own.",
        code="E-OTHERRECORDS",
    )


def _rescued_database(
    paths: ProfilePaths, laid_out: ProfilePaths | None, data_key: bytes, into: Path
) -> tuple[Path, Salvaged | None]:
    source = _damaged_file(paths)
    new = ProfilePaths(into)
    told: Salvaged | None = None
    if source is not None:
        with Store.create(new, data_key) as store:
            try:
                told = salvage(source, data_key, store)
                if told.not_whole and laid_out is not None:
                    fill_in(laid_out.database, data_key, store, told)
            except WorldError:
                if laid_out is None:
                    raise
                told = None
    if told is not None:
        return new.database, told
    if laid_out is None:
        raise StoreError(
            "There is nothing to put back.",
            safe="Nothing was changed.",
            do="Choose a backup, perhaps from another drive; what was sent is with the national office as well.",
            code="E-NODATABASE",
        )
    return laid_out.database, None


def _damaged_file(paths: ProfilePaths) -> Path | None:
    """The records' file, or the newest that an earlier try has put aside."""
    if paths.database.exists():
        return paths.database
    aside = sorted(paths.folder.glob("records-damaged-*.db"))
    return aside[-1] if aside else None


def _join_orders(paths: ProfilePaths, laid_out: ProfilePaths) -> None:
    if not laid_out.erasures.exists():
        return
    known = set(paths.erasures.read_bytes().splitlines()) if paths.erasures.exists() else set()
    for line in laid_out.erasures.read_bytes().splitlines():
        if line and line not in known:
            files.append_line(paths.erasures, line)


def _list_again(profile: Profile) -> tuple[int, int]:
    """Rows and search are made again from the versions and drafts; answers how many records and drafts there are."""
    from .versions import refresh

    store = profile.store
    found = list(revisions.records(store))
    typed = drafts.list_ids(store)
    with store.atomic():
        for record in dict.fromkeys([*found, *typed]):
            refresh(profile, record)
    return len(found), len(typed)


def _in_words(told: Salvaged | None, *, filled: bool, before: bool) -> list[str]:
    if told is None:
        where = "" if before else " elsewhere, if anything"
        return [f"What was written{where} after this backup was made."]
    found = list(dict.fromkeys(_WORDS[table] for table in told.not_whole if table in _WORDS))
    missing = []
    if found:
        *others, last = found
        words = f"{', '.join(others)} and {last}" if others else last
        missing.append(f"Perhaps, of what was written after this backup was made: {words}." if filled else f"Perhaps {words}.")
    if told.broken_attachments and not filled:
        missing.append(f"{len(told.broken_attachments)} attachments could not be read.")
    return missing
