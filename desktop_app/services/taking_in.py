"""Adding one opened file to the records, in one transaction: all of what may be added, or nothing.

Adding is a union of revisions, so the same file again, or files in any order, come to the same (record.md "State of a
record"). A revision is taken from a laptop of the branch that began the record, or from the office; others wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from desktop_app.errors import FormError
from desktop_app.exchange.container import OpenedPack
from desktop_app.exchange.payload import to_json
from desktop_app.exchange.refusals import bad_content
from desktop_app.records.revision import BlobRef
from desktop_app.storage import blobs, laptops, revisions
from desktop_app.storage.laptops import Device

from .erasing import take_orders
from .form_library import SHIPPED, shipped_form
from .profile import Profile
from .questions import take_answers
from .recording import refresh
from .sifting import OTHER_BRANCH, STOPPED, UNKNOWN_DEVICE, Sieve, Staged, Taken

_BATCH = 500


def take_in(
    profile: Profile, opened: OpenedPack, import_id: int, utc: str = "", staged: Staged | None = None
) -> Taken:
    """Add what a file holds (inside the caller's transaction). Raises `PackError`, and then nothing has been added.

    ``utc``: when, as noted with the import (now, if empty). ``staged``: the same file, looked through already.
    """
    if staged is not None and staged.holds(profile, import_id):
        sieve, taken, batches = staged.sieve, staged.sieve.taken, staged.batches()
    else:
        taken = Taken()
        _forms(profile, opened)
        _orders(profile, opened, taken)
        sieve = Sieve(profile, taken, utc or profile.utc_now())
        batches = map(sieve.sift, _in_batches(opened.payload.revisions()))
    for batch in batches:
        batch.write(profile.store, import_id)
    taken.same -= set(taken.records)
    taken.two_versions = len(sieve.two_versions)
    _blobs(profile, opened, sieve.wanted, taken)
    for record in taken.records:
        if record not in taken.shown:
            refresh(profile, record)
            state = revisions.state(profile.store, record)
            taken.two_versions += bool(state and state.two_versions)
    if opened.header["kind"] == "branch":
        _answers(profile, opened, taken)
    taken.facts += note_agreement(profile, opened)
    return taken


def note_agreement(profile: Profile, opened: OpenedPack) -> bool:
    """At the office: whether the branch lets it help, as its newest file says. Answers whether that is otherwise now.

    Noted also of a file that brings nothing else: "no agreement" must outlive it, or an older file with a wrapped key,
    arriving later, would put back what was taken back. Noting it twice changes nothing.
    """
    if opened.header["kind"] != "branch" or profile.me.role != "office":
        return False
    slots = opened.payload.keyslots()
    kept = to_json(slots) if slots is not None else b""  # no slot: the branch does not agree, or agrees no longer
    return laptops.put_keyslots(profile.store, opened.device, kept, int(opened.header["number"]))


def can_be_staged(profile: Profile, opened: OpenedPack) -> bool:
    """True for a file from a branch that brings no form and no order to delete: these are carried out first."""
    return (
        opened.header["kind"] == "branch"
        and next(opened.payload.erasures(), None) is None
        and all(profile.forms.knows(package) for package, _, _ in opened.payload.forms())
    )


def _orders(profile: Profile, opened: OpenedPack, taken: Taken) -> None:
    """Orders to delete come first: what they remove is then not added from the same file."""
    found = take_orders(profile, opened.payload.erasures(), by_office=opened.header["kind"] == "office")
    taken.held += found.new
    taken.known += found.known
    taken.waiting += found.waiting
    taken.deleted += found.records
    taken.reason = taken.reason or found.reason


def _answers(profile: Profile, opened: OpenedPack, taken: Taken) -> None:
    device = laptops.device(profile.store, opened.device)
    if device is None:
        return
    new, known, records = take_answers(profile, opened.payload.queries(), device)
    taken.held += new
    taken.known += known
    for record in records:
        refresh(profile, record)
        taken.records.setdefault(record, False)


def missing_blobs(profile: Profile, wanted: Iterable[BlobRef]) -> list[str]:
    """Hashes of attachments that should have travelled and are not here."""
    return sorted(
        {blob.sha256 for blob in wanted if blob.shows_person == "no" and not blobs.has(profile.store, blob.sha256)}
    )


def _forms(profile: Profile, opened: OpenedPack) -> None:
    """Keep every form of the file, so that its records open here for good."""
    from desktop_app.forms.xform import load_xform

    shipped = {shipped_form(form_id).package for form_id in SHIPPED}
    for package, xform, lists in opened.payload.forms():
        if package in shipped:
            continue
        if profile.forms.knows(package):
            form = profile.forms.package(package)
        else:
            try:
                form = load_xform(xform, lists)
            except FormError as problem:
                raise bad_content("a form in it cannot be read") from problem
            if form.package != package:
                raise bad_content("a form in it is not the one it says it is")
        profile.forms.keep(form)


def _blobs(profile: Profile, opened: OpenedPack, wanted: dict[str, BlobRef], taken: Taken) -> None:
    came = opened.payload.blobs()
    for digest in came:
        blob = wanted.get(digest)
        if blob is not None and not blobs.has(profile.store, digest):
            blobs.put(profile.store, opened.payload.blob(digest), blob.name, blob.type, expected=digest)
            taken.blobs_added += 1
    taken.blobs_missing = missing_blobs(profile, wanted.values())


def _in_batches(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(lines, _BATCH)):
        yield batch


def named_anew(device: Device, name: str, role: str) -> Device:
    """The device with what it now says of its person. Its branch stays what the office accepted."""
    return replace(device, name=name, role=role)


__all__ = [
    "OTHER_BRANCH", "STOPPED", "UNKNOWN_DEVICE", "Taken", "can_be_staged", "missing_blobs", "named_anew", "take_in",
]  # fmt: skip
