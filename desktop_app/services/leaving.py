"""Leaving: hand the records over to a successor, or wipe this computer - not before the office has everything, unless it
is said twice (issue of rights; DP-11)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from desktop_app import files
from desktop_app.errors import FileProblem, RecordError, UsageProblem
from desktop_app.paths import ProfilePaths
from desktop_app.storage import backup, drafts, keys, listing, outgoing, revisions
from desktop_app.storage.beside import run_beside
from desktop_app.storage.projection import Filters

from . import erasing, passphrases, questions
from .contacts import office_of
from .profile import Profile
from .steps import drained

_AT_ONCE = 100  # records looked at between two turns of other work
SURE = 2
"""How often it must be said to wipe or hand over what the office does not have."""


@dataclass(frozen=True)
class Lacking:
    """What would be lost. ``records`` the office does not have as they are, of which ``branch_only`` are never sent;
    ``titles`` names the first of them; ``orders`` to delete and answers that have not arrived."""

    records: int
    branch_only: int
    titles: tuple[str, ...]
    orders: int

    @property
    def anything(self) -> bool:
        """True when the office does not have everything."""
        return bool(self.records or self.orders)


def lacking(profile: Profile) -> Lacking:
    """What the office does not have of these records. At the office nothing is anywhere else: everything."""
    return drained(lacking_steps(profile))


def lacking_steps(profile: Profile) -> Generator[None, None, Lacking]:
    """As `lacking`, a few records at a time."""
    titles: list[str] = []
    records = only = 0
    after: str | None = None
    unfinished = set(drafts.list_ids(profile.store))
    while True:
        page = listing.page(profile.store, Filters(), _AT_ONCE, after)
        for row in page.rows:
            if row.id not in unfinished and _has_all_of(profile, row.id):
                continue
            records += 1
            only += row.branch_only
            if len(titles) < 10:
                titles.append(row.title)
        after = page.next
        if after is None:
            break
        yield
    return Lacking(records, only, tuple(titles), len(erasing.to_send(profile)) + len(questions.to_send(profile)))


def _has_all_of(profile: Profile, record: str) -> bool:
    """Whether the office's signed word, not one by telephone, says that it holds every version, or it made it itself."""
    office = office_of(profile)
    if office is None or profile.me.role == "office":
        return False
    versions = revisions.of_record(profile.store, record)
    return bool(versions) and all(
        signed.revision.device == office.device or outgoing.outcome(profile.store, signed.id) in ("held", "known")
        for signed in versions
    )


def wipe(profile: Profile, *, said: int = 0) -> None:
    """Remove these records from this computer: keys first, without which nothing else can be read. No undo.

    Closes the profile. Backups on other drives and files in other folders stay: the person removes them. Raises
    `RecordError` (``E-NOTSENT``) when the office lacks something and it was not said twice; `FileProblem`.
    """
    _refuse(profile, lacking(profile), said, "wiped")
    paths = profile.paths
    profile.close()
    wipe_folder(paths)


def wipe_folder(paths: ProfilePaths) -> None:
    """Remove every file of a set of records that is closed. Raises `FileProblem`; calling it again goes on."""
    lock = files.InstanceLock(paths.lock)
    lock.acquire()
    try:
        # Key slots first, and their copy: what is encrypted is then lost for good, whatever stops us afterwards.
        for path in sorted(paths.folder.rglob("keys*")):  # also those a restore that was cut off laid out
            if path.is_file():
                files.write_atomic(path, b"\0" * path.stat().st_size)
                files.remove(path)
        for folder in sorted(path for path in paths.folder.iterdir() if path.is_dir()):
            files.remove_tree(folder)
        for path in sorted(paths.folder.iterdir()):
            if path.is_file() and path.suffix != ".lock" and path != paths.moved_to:  # the window holds its lock until closed
                files.remove(path)
    finally:
        lock.release()
    files.remove(paths.lock)


def hand_over(profile: Profile, out: Path, own_passphrase: str, new_passphrase: str, *, said: int = 0) -> str:
    """As `hand_over_steps`, in one go."""
    return drained(hand_over_steps(profile, out, own_passphrase, new_passphrase, said=said))


def hand_over_steps(
    profile: Profile, out: Path, own_passphrase: str, new_passphrase: str, *, said: int = 0
) -> Generator[None, None, str]:
    """Write one encrypted file with everything in it for a successor, who opens it with a passphrase of its own.

    Nothing changes here; wipe this computer when the successor has opened the file. Tell the new passphrase by telephone,
    never beside the file. Returns a new spare key for the successor's paper. Raises `RecordError` (``E-NOTSENT``),
    `KeySlotError` for a wrong own passphrase, `UsageProblem`, `FileProblem`. Between two steps the records can be read
    and written as always; the passphrases are tried beside them. Closing it leaves nothing behind.
    """
    missing = yield from lacking_steps(profile)
    _refuse(profile, missing, said, "handed over")
    if len(new_passphrase.strip()) < 12:
        raise UsageProblem("The passphrase for the file is too short.", do="Use four or five words.")
    if new_passphrase.strip() == own_passphrase.strip():
        raise UsageProblem("The file needs another passphrase than your own.", do="Use four or five other words.")
    yield from run_beside(lambda _go_on: passphrases.refuse_easy(new_passphrase, profile.me.branch, profile.me.authorities))
    if out.absolute().parent == profile.paths.folder.absolute():
        raise FileProblem(
            "A file in the folder of the records would be lost with them.",
            safe="Nothing was written.",
            do="Choose a folder on another drive.",
        )
    # Trying and making passphrases takes long on purpose: the records are not held up by it.
    data_key = yield from run_beside(lambda _go_on: keys.open_with_passphrase(profile.paths, own_passphrase))
    folder = files.private_folder()
    try:
        # Only the slots are new; the slots of this computer do not travel.
        slots = ProfilePaths(folder)
        spare_key = yield from run_beside(lambda _go_on: keys.create_slots(slots, data_key, new_passphrase))
        if profile.paths.erasures.exists():
            files.copy_file(profile.paths.erasures, slots.erasures)
        yield from backup.backup_beside(profile.store, slots, out)
    finally:
        files.remove_tree(folder)
    return spare_key


def _refuse(profile: Profile, missing: Lacking, said: int, what: str) -> None:
    if missing.anything and said < SURE and not profile.me.practice:
        several = f"{missing.records:,} records" if missing.records != 1 else "1 record"
        raise RecordError(
            f"The national office does not have everything: {several} would not be {what} safely."
            if missing.records
            else "An order to delete, or an answer, has not reached the office.",
            safe="Nothing was changed.",
            do="Send a file and wait for the office's reply, or say twice that you want it all the same.",
            code="E-NOTSENT",
        )
