"""When a passphrase is forgotten: a new spare key, the yearly look at the paper, and the office's help.

The office can help a branch that agreed to it (architecture.md 3). Its records then hold a slot for the office's rescue
key, and that slot travels in every file. Two of the three parts of the rescue key open it at the office; what goes back is
a small file for the branch's computer and eight groups read out by telephone. The records themselves never move.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from desktop_app.errors import KeySlotError, PackError
from desktop_app.exchange.cards import recipient_of
from desktop_app.files import write_atomic
from desktop_app.paths import ProfilePaths
from desktop_app.storage import keys, laptops, office_slots
from desktop_app.storage.spare_key import looks_like_one, spare_key_groups
from desktop_app.wanted import still_wanted, watched

from . import office_keys
from . import profile as profiles
from .contacts import office_of, own_card
from .packing import file_word
from .profile import Profile

DUE, CHECKED, MARKS = "spare_key_check_due", "spare_key_checked", "spare_key_marks"
DRILL_AFTER = timedelta(days=365)
SUFFIX = ".branchrescue"


# ---- the spare key on paper ----------------------------------------------------------------------------------------


def remember_marks(profile: Profile, spare_key: str) -> None:
    """Keep a mark of each group, inside the encrypted records, so that any two can be asked for later."""
    salt = secrets.token_hex(16)
    marks = [_mark(salt, group) for group in spare_key_groups(spare_key)]
    profile.store.set_setting(MARKS, json.dumps([salt, *marks]))


def can_ask_two(profile: Profile) -> bool:
    """Whether two groups are enough for a check; records set up long ago need all eight."""
    return profile.store.setting(MARKS) is not None


def check_two(profile: Profile, typed: Sequence[tuple[int, str]]) -> None:
    """Two groups by their numbers (1 to 8). Raises `KeySlotError` E-SPAREKEYWRONG naming the group that is not right."""
    salt, *marks = json.loads(profile.store.setting(MARKS) or '[""]')
    for number, text in typed:
        groups = spare_key_groups(text)
        if len(groups) != 1 or number > len(marks) or _mark(salt, groups[0]) != marks[number - 1]:
            raise KeySlotError(
                f"That is not group {number} of your spare key.",
                safe="Your records are as they were.",
                do="Compare it with the newest sheet. If you cannot find it, make a new spare key.",
                code="E-SPAREKEYWRONG",
            )
    was_checked(profile)


def check_all(profile: Profile, typed: str) -> None:
    """All eight groups. Raises `KeySlotError` as `keys.open_with_spare_key`. From then on two groups are enough."""
    keys.open_with_spare_key(profile.paths, typed)
    remember_marks(profile, typed)
    was_checked(profile)


def was_checked(profile: Profile) -> None:
    """The paper is where it should be: look again in a year."""
    today = profile.clock().date()
    with profile.store.atomic():
        profile.store.set_setting(CHECKED, today.isoformat())
        profile.store.set_setting(DUE, (today + DRILL_AFTER).isoformat())


def due(profile: Profile, within: timedelta = timedelta(days=7)) -> tuple[str, bool]:
    """The day by which to look at the paper, when that is near or past, else ""; and whether it was ever checked."""
    text = profile.store.setting(DUE) or ""
    near = bool(text) and date.fromisoformat(text) <= profile.clock().date() + within
    return (text if near else ""), bool(profile.store.setting(CHECKED))


def new_spare_key(profile: Profile, passphrase: str) -> str:
    """Make a new spare key; the old sheet opens nothing any more. Raises `KeySlotError` E-PASSPHRASE."""
    data_key = keys.open_with_passphrase(profile.paths, passphrase)
    still_wanted()
    with watched(None):  # once the old sheet opens nothing, the marks are to be of the new one
        spare = keys.new_spare_key(profile.paths, data_key)
        with profile.store.atomic():
            remember_marks(profile, spare)
            profile.store.set_setting(CHECKED, "")
            profile.store.set_setting(DUE, (profile.clock().date() + timedelta(days=7)).isoformat())
    return spare


def change_passphrase(profile: Profile, old: str, new: str) -> None:
    """With the passphrase until now, or with the spare key when it is forgotten. Raises `KeySlotError`, `UsageProblem`.

    Groups read out by the office have done their work then, and open nothing more.
    """
    try:
        keys.check_spare_key(old)
    except KeySlotError as mistyped:
        try:
            profiles.change_passphrase(profile, new, old=old)
        except KeySlotError as wrong:
            if wrong.code == "E-PASSPHRASE" and looks_like_one(old):
                raise mistyped from wrong  # a typing error is told as one, not as a wrong passphrase
            raise
    else:
        profiles.change_passphrase(profile, new, spare_key=old)
    keys.remove_slot(profile.paths, "rescue")


def after_set_up(profile: Profile, spare_key: str, passphrase: str, *, office_may_unlock: bool) -> None:
    """What first run keeps besides the records: the marks of the spare key, and the branch's word about the office."""
    with profile.store.atomic():
        remember_marks(profile, spare_key)
        profile.store.set_setting(DUE, (profile.clock().date() + timedelta(days=7)).isoformat())
    if office_may_unlock:
        allow_office(profile, passphrase)


def _mark(salt: str, group: str) -> str:
    return hashlib.sha256(f"{salt}{group}".encode()).hexdigest()


# ---- letting the office help ---------------------------------------------------------------------------------------


def office_may_unlock(profile: Profile) -> bool:
    """Whether the branch has agreed that the office may unlock its records."""
    return "office" in keys.kinds(profile.paths)


def allow_office(profile: Profile, passphrase: str) -> None:
    """Agree. The slot goes to the office with the next file. Raises `KeySlotError`, `PackError` E-NOCARD."""
    card = office_of(profile)
    if card is None:
        raise PackError(
            "The office's card is not here yet, so the office cannot be let in.",
            safe="Nothing was changed.",
            do="Add the office's card first.",
            code="E-NOCARD",
        )
    office_slots.add_office_slot(profile.paths, keys.open_with_passphrase(profile.paths, passphrase), card.recovery_recipient)


def stop_office(profile: Profile) -> None:
    """Take the agreement back. The next file tells the office, which then shreds what it had been given."""
    keys.remove_slot(profile.paths, "office")


def take_office_file(paths: ProfilePaths, data: bytes) -> None:
    """Take the office's file beside closed records, to be opened with the groups it reads out. Raises `KeySlotError`."""
    office_slots.add_rescue_slot(paths, data)


# ---- at the office -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Help:
    """What the office gives back: a file to send, and the groups to read out once the branch is on the telephone."""

    path: Path
    groups: str


def can_help(profile: Profile, device: str) -> bool:
    """Whether this laptop's owner agreed, and said so in a file that arrived."""
    return laptops.keyslots(profile.store, device) is not None


def help_branch(profile: Profile, device: str, parts: Sequence[str], folder: Path) -> Help:
    """Make the file for a branch that forgot. ``parts``: two of the three parts, or the whole rescue key.

    Raises `KeySlotError` E-NOOFFICESLOT, E-SHARETYPO, E-SHARES, E-OFFICEKEYWRONG; `RecordError` at a branch; `FileProblem`.
    """
    office_keys.only_at_the_office(profile)
    kept = laptops.keyslots(profile.store, device)
    if kept is None:
        raise KeySlotError(
            "This branch did not let the national office unlock its records.",
            safe="Nothing was made.",
            do="Only the spare key on paper can help. What the branch sent is here in any case.",
            code="E-NOOFFICESLOT",
        )
    identity = office_keys.joined(parts)
    wanted = office_slots.office_recipient(kept)
    if wanted != recipient_of(identity) and wanted in own_card(profile).earlier:
        raise KeySlotError(
            "This branch's records were last heard of with an earlier rescue key of the office.",
            safe="Nothing was made.",
            do="Bring two parts of the earlier key: those that were printed before the keys were changed.",
            code="E-EARLIERKEY",
        )
    data_key = office_slots.open_slots_with_office_key(kept, identity)
    groups, file = office_slots.rescue_slot(data_key)
    known = next(each for each in laptops.devices(profile.store) if each.id == device)
    path = folder / f"{file_word(known.branch)}-{profile.clock():%Y-%m-%d}{SUFFIX}"
    write_atomic(path, file)
    return Help(path, groups)
