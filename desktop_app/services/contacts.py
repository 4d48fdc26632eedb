"""Who these records exchange files with: the office and its card at a branch, the branches' laptops at the office."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop_app.errors import PackError, RecordError
from desktop_app.exchange.cards import OfficeCard, Registration, minisign_public_key, read_card, write_card
from desktop_app.files import problem, write_atomic
from desktop_app.records.words import six_words
from desktop_app.storage import incoming, laptops, rewrapping
from desktop_app.storage.laptops import Device

from . import addresses
from .office import policy
from .profile import OFFICE_NAME, Profile

_CARD = "office_card"
OWN_KEYS = "office_keys"
"""At the office: which list of keys this is (``number``), and the recipients of before (``earlier``)."""


@dataclass(frozen=True)
class KnownLaptop:
    """A laptop as the list of devices shows it; ``words`` are compared by telephone, ``waiting`` counts its files.

    ``agreed``: its owner lets the office help, if the passphrase is forgotten.
    """

    id: str
    name: str
    branch: str
    words: str
    state: str
    minisign_public_key: str
    waiting: int
    agreed: bool = False


def office_of(profile: Profile) -> OfficeCard | None:
    """The office's card as these records hold it: at the office its own, at a branch the one that was added."""
    if profile.me.role == "office":
        return own_card(profile)
    kept = profile.store.setting(_CARD)
    return read_card(kept.encode()) if kept else None


def own_card(profile: Profile) -> OfficeCard:
    """The card of this office. Raises `RecordError` at a branch."""
    recovery = profile.store.setting("recovery_recipient")
    if profile.me.role != "office" or recovery is None:
        raise RecordError("Only the national office has a card.", safe="Nothing was made.")
    keys, kept = profile.keys, json.loads(profile.store.setting(OWN_KEYS) or "{}")
    return OfficeCard(
        profile.me.name, keys.signing_public, keys.age_recipient, recovery, keys.exchange_public,
        number=int(kept.get("number", 1)), earlier=tuple(kept.get("earlier", ())),
    )  # fmt: skip


def office_card(profile: Profile, out: Path) -> OfficeCard:
    """Write the office's card, for branches to add. Returns it; its six words are read out by telephone."""
    card = own_card(profile)
    write_atomic(out, write_card(card, profile.keys.signing_seed), private=False)
    return card


def add_office_card(profile: Profile, card: bytes | Path, confirmed: bool = False) -> OfficeCard:
    """Add the office's card to a branch's records. Raises `PackError`.

    The first card is taken and its words shown; another one later is refused (E-OTHERCARD) until the six words were
    compared by telephone (``confirmed``): whoever exchanges the card reads everything (packs.md "The office's card").
    """
    found = note_card(profile, card, confirmed)
    renew_agreement(profile)
    return found


def look_at_card(profile: Profile, card: bytes | Path, confirmed: bool = False) -> OfficeCard:
    """What `add_office_card` would take, without taking it. Raises as it does."""
    if profile.me.role == "office":
        raise RecordError("These are the office's own records; it needs no card.", safe="Nothing was changed.")
    found = read_card(_bytes(card))
    known = office_of(profile)
    if known is not None and known.device == found.device and known.number > found.number:
        return known  # an older list of the same office; the newer one stays
    newer = known is not None and known.device == found.device and known.number < found.number
    if known is not None and known != found and not newer and not confirmed:
        raise PackError(
            f"This is another card than the one you have. Its six words are: {found.words}.",
            safe="Nothing was changed; your files still go to the office you know.",
            do="Telephone the national office and compare the six words. If they are the same, add the card again"
            " and say that you compared them.",
            code="E-OTHERCARD",
        )
    return found


def renew_agreement(profile: Profile) -> None:
    """Whoever agreed that the office may help agreed to this office, not to one key of it: its newer key takes over."""
    card = office_of(profile)
    if card is not None and profile.me.role == "branch":
        rewrapping.renew_office_slot(profile.store, card.recovery_recipient)


def note_card(profile: Profile, card: bytes | Path, confirmed: bool = False) -> OfficeCard:
    """As `add_office_card`, inside the records alone: a transaction around it may still be undone."""
    found = look_at_card(profile, card, confirmed)
    known = office_of(profile)
    if known == found:
        return found
    data = _bytes(card)
    with profile.store.atomic():
        if known is not None and known.device != found.device:
            laptops.set_device_state(profile.store, known.device, "stopped")
        profile.store.set_setting(_CARD, data.decode("utf-8"))
        laptops.set_recipient(profile.store, found.device, found.age_recipient)
        laptops.put_device(
            profile.store,
            Device(
                found.device, found.name, OFFICE_NAME, "office", found.signing_key, found.age_recipient,
                found.exchange_key, "office",
            ),
            profile.utc_now(),
        )  # fmt: skip
    return found


def readers(profile: Profile) -> list[str]:
    """The age recipients of a file for the office, besides this laptop's own. Raises `PackError` E-NOCARD."""
    card = office_of(profile)
    if card is None:
        raise PackError(
            "The office's card is not here yet, so no file can be made for it.",
            safe="Everything you wrote is kept.",
            do="Ask the national office for its card and add it under Send and receive.",
            code="E-NOCARD",
        )
    return [card.age_recipient, card.recovery_recipient, *policy(profile.store).extra_readers]


def registration(profile: Profile) -> Registration:
    """What this laptop says of itself in every file."""
    me, keys = profile.me, profile.keys
    return Registration(
        me.device, me.name, me.branch, me.officer_role, keys.signing_public, keys.age_recipient, keys.exchange_public,
        addresses.own(profile),
    )  # fmt: skip


def devices(profile: Profile) -> list[KnownLaptop]:
    """Every laptop these records know, those that wait first."""
    order = {"waiting": 0, "accepted": 1, "office": 2, "self": 3, "stopped": 4}
    agreed = laptops.keyslots_of_all(profile.store)
    held = [file.device for file in incoming.waiting(profile.store)]
    return [
        KnownLaptop(
            device.id, device.name, device.branch, six_words(device.signing_key), device.state,
            minisign_public_key(device.signing_key), held.count(device.id), device.id in agreed,
        )
        for device in sorted(laptops.devices(profile.store), key=lambda device: order[device.state])
    ]  # fmt: skip


def _bytes(card: bytes | Path) -> bytes:
    if isinstance(card, bytes):
        return card
    try:
        with card.open("rb") as file:
            return file.read(100_000)
    except OSError as failure:
        raise problem(failure, card) from failure


def adding_card(card: bytes | None) -> Callable[[Profile], None] | None:
    """For `profile.create`: add this card of the office to the new records; ``None`` for no card."""
    if card is None:
        return None

    def add(profile: Profile) -> None:
        add_office_card(profile, card, confirmed=True)

    return add
