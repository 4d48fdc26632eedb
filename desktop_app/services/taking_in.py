"""Adding one opened file to the records, in one transaction: all of what may be added, or nothing.

Adding is a union of revisions, so the same file again, or files in any order, come to the same (record.md "State of a
record"). A revision is taken from a laptop of the branch that began the record, or from the office; others wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from desktop_app.errors import FormError
from desktop_app.exchange.container import OpenedPack
from desktop_app.exchange.payload import to_json
from desktop_app.exchange.refusals import bad_content
from desktop_app.records.revision import BlobRef, Revision, Signed, parse, verify
from desktop_app.storage import blobs, ledger, revisions, search
from desktop_app.storage.ledger import Device

from .erasing import same_branch, take_orders
from .form_library import SHIPPED, shipped_form
from .profile import Profile
from .questions import take_answers
from .recording import refresh

_BATCH = 500
UNKNOWN_DEVICE, OTHER_BRANCH, STOPPED = "E-UNKNOWNDEVICE", "E-OTHERBRANCH", "E-STOPPED"


@dataclass
class Taken:
    """What adding one file came to.

    The lists hold revision ids; ``records`` record ids, and whether each was new here; ``facts`` counts what else was
    new in a reply (receipts, questions, policy, forms). ``shown``: records whose list rows are written already.
    ``deleted``: records that an order in the file removed; ``left_out``: records deleted for good before. Among
    ``held`` and ``known`` are also the ids of orders to delete, and of answers to questions.
    """

    held: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    not_held: list[str] = field(default_factory=list)
    blobs_missing: list[str] = field(default_factory=list)
    blobs_added: int = 0
    records: dict[str, bool] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    same: set[str] = field(default_factory=set)
    two_versions: int = 0
    facts: int = 0
    deleted: list[str] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    reason: str = ""

    @property
    def new(self) -> int:
        """Records that were not here before."""
        return sum(self.records.values())

    @property
    def changed(self) -> int:
        """Records that were here and now say more."""
        return len(self.records) - self.new

    @property
    def anything(self) -> bool:
        """False when all of it was here already."""
        return bool(self.held or self.blobs_added or self.facts)


class _Origins:
    """Whose revisions may be added, looked up once each."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._devices = {device.id: device for device in ledger.devices(profile.store)}
        self._creators: dict[str, str | None] = {}

    def refusal(self, signed: Signed) -> str:
        """``""`` when the revision may be added, else why it waits. Raises `PackError` for a false signature."""
        revision = signed.revision
        device = self._devices.get(revision.device)
        if device is None or device.state == "waiting":
            return UNKNOWN_DEVICE
        verify(signed, device.signing_key)
        if device.state == "stopped":
            return STOPPED
        if self._is_office(device):
            return ""
        creator = self._creator(revision)
        return "" if same_branch(device.branch, creator) and same_branch(creator, revision.branch) else OTHER_BRANCH

    def _is_office(self, device: Device) -> bool:
        return device.state == "office" or (device.state == "self" and self._profile.me.role == "office")

    def _creator(self, revision: Revision) -> str:
        record = revision.record
        if record not in self._creators:
            self._creators[record] = revisions.branch_of(self._profile.store, record)
        found = self._creators[record]
        if found is None:
            # The first of a record to come names its branch; a later one that names another waits.
            self._creators[record] = found = revision.branch
        return found


def take_in(profile: Profile, opened: OpenedPack, import_id: int) -> Taken:
    """Add what a file holds (inside the caller's transaction). Raises `PackError`, and then nothing has been added."""
    taken = Taken()
    _forms(profile, opened)
    wanted: dict[str, BlobRef] = {}
    origins = _Origins(profile)
    _orders(profile, opened, taken)
    gone = revisions.erased(profile.store)
    with ExitStack() as later:
        for batch in _batches(opened.payload.revisions()):
            if len(batch) == _BATCH:
                # A large file: the index is built once, afterwards.
                later.enter_context(search.indexed_later(profile.store))
            _take_batch(profile, batch, import_id, origins, gone, taken, wanted)
        _blobs(profile, opened, wanted, taken)
        for record in taken.records:
            if record not in taken.shown:
                refresh(profile, record)
                state = revisions.state(profile.store, record)
                taken.two_versions += bool(state and state.two_versions)
    if opened.header["kind"] == "branch":
        _answers(profile, opened, taken)
    slots = opened.payload.keyslots()
    if slots is not None and profile.me.role == "office":
        ledger.put_keyslots(profile.store, opened.device, to_json(slots), profile.utc_now())
    return taken


def _orders(profile: Profile, opened: OpenedPack, taken: Taken) -> None:
    """Orders to delete come first: what they remove is then not added from the same file."""
    found = take_orders(
        profile,
        opened.payload.erasures(),
        by_office=opened.header["kind"] == "office",
        refusals={"unknown": UNKNOWN_DEVICE, "stopped": STOPPED, "other": OTHER_BRANCH},
    )
    taken.held += found.new
    taken.known += found.known
    taken.waiting += found.waiting
    taken.deleted += found.records
    taken.reason = taken.reason or found.reason


def _answers(profile: Profile, opened: OpenedPack, taken: Taken) -> None:
    device = ledger.device(profile.store, opened.device)
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


def _take_batch(
    profile: Profile,
    batch: list[bytes],
    import_id: int,
    origins: _Origins,
    gone: set[str],
    taken: Taken,
    wanted: dict[str, BlobRef],
) -> None:
    signed = [parse(line) for line in batch]
    here = revisions.known(profile.store, [each.id for each in signed])
    shown = revisions.with_live(profile.store, [each.revision.record for each in signed])
    adding = []
    first: set[str] = set()
    for each in signed:
        record = each.revision.record
        if record in gone:
            taken.not_held.append(each.id)
            taken.left_out.add(record)
            continue
        why = origins.refusal(each)
        if why:
            taken.waiting.append(each.id)
            taken.reason = taken.reason or why
            continue
        for blob in each.revision.blobs:
            wanted[blob.sha256] = blob
        if each.id in here:
            taken.known.append(each.id)
            taken.same.add(record)
            continue
        if not profile.forms.knows(each.revision.form.package):
            raise bad_content("a form that its records need is missing from it")
        taken.held.append(each.id)
        if record not in taken.records:
            taken.records[record] = record not in shown
            first.add(record)
        adding.append(each)
    if adding:
        revisions.add_many(profile.store, adding, import_id=import_id)
        _show_whole(profile, adding, taken, first)
    taken.same -= set(taken.records)


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


def _show_whole(profile: Profile, added: list[Signed], taken: Taken, first: set[str]) -> None:
    """Write the list rows of new records with one revision while it is at hand; the others are shown at the end.

    ``first``: the records of which this batch brought the first revision.
    """
    count = Counter(each.revision.record for each in added)
    for each in added:
        record = each.revision.record
        if record in first and taken.records[record] and count[record] == 1:
            refresh(profile, record, [each])
            taken.shown.add(record)
        else:
            taken.shown.discard(record)


def _batches(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def named_anew(device: Device, name: str, role: str) -> Device:
    """The device with what it now says of its person. Its branch stays what the office accepted."""
    return replace(device, name=name, role=role)
