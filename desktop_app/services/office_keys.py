"""The office's own keys: the rescue key in three parts, the yearly-and-oftener look at them, and a change of keys.

The rescue key opens every file sent to the office and, where a branch agreed, that branch's records. Only its recipient is
kept here; the secret exists on paper, in three parts of which two are enough (SLIP-39). Keys are never thrown away: after
a change the office goes on reading what was made for the earlier ones (packs.md, the office's card).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop_app.errors import KeySlotError, RecordError
from desktop_app.exchange.cards import new_device_keys, new_recovery_identity, recipient_of
from desktop_app.records import shares
from desktop_app.storage import laptops, office_slots

from .contacts import OWN_KEYS, own_card
from .profile import Profile

CHECKED, DUE, MADE = "rescue_key_checked", "rescue_key_due", "rescue_key_made"
DRILL_AFTER = timedelta(days=91)
FIRST_DRILL = timedelta(days=7)
"""Four times a year two people bring two parts: a key nobody can find is none."""


@dataclass(frozen=True)
class NewKeys:
    """What a change of keys gives once: the three parts for paper. ``number``: which list of keys this is."""

    number: int
    parts: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class RescueState:
    """``made`` and ``checked``: ISO days, "" when not known; ``due``: the day by which two parts are to be tried.

    ``branches``: how many laptops' owners agreed that the office may help; ``earlier`` of them still with an earlier key.
    """

    number: int
    made: str
    checked: str
    due: str
    branches: int
    earlier: int


@dataclass(frozen=True)
class Drilled:
    """What two parts opened: so many branches' slots of so many. ``current``: they are of the key in use."""

    opened: int
    of: int
    current: bool
    due: str


def state(profile: Profile) -> RescueState:
    """How the rescue key stands. Raises `RecordError` at a branch."""
    card = own_card(profile)
    kept = laptops.keyslots_of_all(profile.store)
    setting = profile.store.setting
    return RescueState(
        card.number,
        setting(MADE) or "",
        setting(CHECKED) or "",
        setting(DUE) or "",
        len(kept),
        sum(office_slots.office_recipient(slots) != card.recovery_recipient for slots in kept.values()),
    )


def due(profile: Profile, within: timedelta = timedelta(days=7)) -> str:
    """The day by which two parts are to be tried, when that is near or past, else ""."""
    text = profile.store.setting(DUE) or ""
    return text if text and date.fromisoformat(text) <= profile.clock().date() + within else ""


def parts_made(profile: Profile) -> None:
    """The parts were given out: they are to be tried within a week."""
    today = profile.clock().date()
    with profile.store.atomic():
        profile.store.set_setting(MADE, today.isoformat())
        profile.store.set_setting(CHECKED, None)
        profile.store.set_setting(DUE, (today + FIRST_DRILL).isoformat())


def parts_checked(profile: Profile) -> None:
    """Words of two parts were typed back from the paper: the next look is the one that comes four times a year."""
    today = profile.clock().date()
    with profile.store.atomic():
        profile.store.set_setting(CHECKED, today.isoformat())
        profile.store.set_setting(DUE, (today + DRILL_AFTER).isoformat())


def drill(profile: Profile, parts: Sequence[str]) -> Drilled:
    """Try two parts: do they make the rescue key, and does it open what branches left here? Nothing is unlocked.

    Raises `KeySlotError`: ``E-SHARETYPO``, ``E-SHARES``, ``E-OFFICEKEYWRONG`` (another office's key); `RecordError` at a
    branch.
    """
    card = own_card(profile)
    identity = joined(parts)
    recipient = recipient_of(identity)
    if recipient not in (card.recovery_recipient, *card.earlier):
        raise KeySlotError(
            "These parts make a rescue key, but not one of this office.",
            safe="Nothing was changed.",
            do="Look for the parts with the date on which this office's key was made.",
            code="E-OFFICEKEYWRONG",
        )
    kept = laptops.keyslots_of_all(profile.store)
    mine = [slots for slots in kept.values() if office_slots.office_recipient(slots) == recipient]
    opened = sum(bool(office_slots.open_slots_with_office_key(slots, identity)) for slots in mine)
    current = recipient == card.recovery_recipient
    if current:
        parts_checked(profile)
    return Drilled(opened, len(mine), current, profile.store.setting(DUE) or "")


def renew(profile: Profile, *, rescue_only: bool = False) -> NewKeys:
    """Make a new rescue key and, unless ``rescue_only``, a new key for the files branches send.

    For a lost part, a part seen by somebody, or a computer that may have been read. The new list of keys travels with every
    reply, signed by the office's signing key, which stays; files made for the earlier keys are read as before. Raises
    `RecordError` at a branch.
    """
    card = own_card(profile)
    identity, recipient = new_recovery_identity()
    earlier = [*card.earlier, card.recovery_recipient]
    with profile.store.atomic():
        if not rescue_only:
            earlier.append(card.age_recipient)
            fresh = new_device_keys()
            profile.take_keys(replace(profile.keys, age_identity=fresh.age_identity, age_recipient=fresh.age_recipient))
        profile.store.set_setting("recovery_recipient", recipient)
        kept = {"number": card.number + 1, "earlier": earlier, "utc": profile.utc_now()}
        profile.store.set_setting(OWN_KEYS, json.dumps(kept))
        parts_made(profile)
    return NewKeys(card.number + 1, tuple(shares.split(identity)), own_card(profile).words)


def joined(parts: Sequence[str]) -> str:
    """The rescue key from two parts, or from the whole key typed into one of them. Raises `KeySlotError`."""
    given = [part.strip() for part in parts if part.strip()]
    whole = next((part for part in given if part.upper().startswith("AGE-SECRET-KEY-1")), None)
    if whole is not None:
        shares.split(whole)  # told as what it is when it is none
        return whole.upper()
    return shares.join(given)


def only_at_the_office(profile: Profile) -> None:
    """Raises `RecordError` at a branch."""
    if profile.me.role != "office":
        raise RecordError("Only the national office can do this.", safe="Nothing was made.")
