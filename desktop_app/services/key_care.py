"""The keys of these records, as far as a person may see or take them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_app.errors import FileProblem
from desktop_app.exchange.cards import minisign_public_key
from desktop_app.files import write_atomic
from desktop_app.records.words import six_words
from desktop_app.storage import laptops

from .contacts import office_of, readers
from .profile import Profile


@dataclass(frozen=True)
class KnownDevice:
    """A computer whose signatures these records can check.

    ``words``: six to compare by telephone. ``minisign_public_key``: as ``minisign -P`` takes it.
    """

    id: str
    name: str
    branch: str
    state: str
    words: str
    minisign_public_key: str


@dataclass(frozen=True)
class KnownKeys:
    """``recipients`` are the age recipients that this computer's next file is written for, its own first."""

    devices: list[KnownDevice]
    recipients: list[str]


def show(profile: Profile) -> KnownKeys:
    """Every public key there is here; this computer's first."""
    order = {"self": 0, "office": 1, "accepted": 2, "waiting": 3, "stopped": 4}
    known = sorted(laptops.devices(profile.store), key=lambda device: (order.get(device.state, 9), device.name))
    devices = [
        KnownDevice(
            d.id, d.name, d.branch, d.state, six_words(d.signing_key), minisign_public_key(d.signing_key)
        )
        for d in known
    ]
    recipients = [profile.keys.age_recipient]
    if office_of(profile) is not None:
        recipients += readers(profile)
    return KnownKeys(devices, list(dict.fromkeys(recipients)))


def export_identity(profile: Profile, out: Path) -> str:
    """Write this computer's age identity to ``out``, readable by its owner only. Returns its recipient.

    Raises `FileProblem` when there is a file of that name: a key is never written over another one.
    """
    if out.exists():
        raise FileProblem(f"There is a file {out} already.", safe="It has not been touched.", do="Choose another name.")
    text = f"# public key: {profile.keys.age_recipient}\n{profile.keys.age_identity}\n"
    write_atomic(out, text.encode())
    return profile.keys.age_recipient
