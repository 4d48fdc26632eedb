"""Looking through the revisions of a file: which may be added, which wait, and the list rows of records that are new.

Each line is parsed, verified and put into words once. What comes of it is plain tuples, so that it can be written at
once, or be put aside (`Staged`) while other work goes in between, and be written in one transaction at the end.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from desktop_app.exchange.container import OpenedPack
from desktop_app.exchange.refusals import bad_content
from desktop_app.files import Spool
from desktop_app.records import erasure
from desktop_app.records.erasure import same_branch
from desktop_app.records.fold import fold
from desktop_app.records.revision import BlobRef, Revision, Signed, parse, verify
from desktop_app.storage import drafts, laptops, office_words, projection, revisions
from desktop_app.storage.database import Store

from .content import Content
from .profile import Profile
from .projecting import project
from .standings import standing_on_arrival

UNKNOWN_DEVICE, OTHER_BRANCH, STOPPED = "E-UNKNOWNDEVICE", "E-OTHERBRANCH", "E-STOPPED"
_STEP = 40  # lines looked through between two turns of other work: about a third of the 30 ms there may be


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


class Origins:
    """Whose revisions may be added, looked up once each."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._devices = {device.id: device for device in laptops.devices(profile.store)}
        self._creators: dict[str, str | None] = {}

    def refusal(self, signed: Signed, met: set[str]) -> str:
        """``""`` when the revision may be added, else why it waits. Raises `PackError` for a false signature.

        ``met``: the records of which there is a revision here.
        """
        revision = signed.revision
        device = self._devices.get(revision.device)
        if device is None or device.state == "waiting":
            return UNKNOWN_DEVICE
        verify(signed, device.signing_key)
        return self.claimed(revision, met)

    def claimed(self, revision: Revision, met: set[str]) -> str:
        """As `refusal`, believing the laptop that the revision names: enough for a look, never for adding."""
        device = self._devices.get(revision.device)
        if device is None or device.state == "waiting":
            return UNKNOWN_DEVICE
        if device.state == "stopped":
            return STOPPED
        if device.state == "office" or (device.state == "self" and self._profile.me.role == "office"):
            return ""
        creator = self._creator(revision, met)
        return "" if same_branch(device.branch, creator) and same_branch(creator, revision.branch) else OTHER_BRANCH

    def _creator(self, revision: Revision, met: set[str]) -> str:
        record = revision.record
        found = self._creators.get(record)
        if found is None and record in met:
            found = revisions.branch_of(self._profile.store, record)
        # The first of a record to come names its branch; a later one that names another waits.
        found = self._creators[record] = found or revision.branch
        return found


class Batch(NamedTuple):
    """What some lines come to: revisions not here yet, list rows of new records, lines of records that are here, and
    the ids of revisions that are here already, which this file holds as well."""

    rows: list[tuple[Any, ...]]
    shown: list[projection.Packed]
    again: list[bytes]
    held_too: list[str]

    def write(self, store: Store, import_id: int) -> None:
        """Put it into the records (inside the caller's transaction)."""
        with unhurried_gc():
            if self.rows:
                revisions.add_new(store, self.rows, import_id)
            if self.again:
                revisions.add_many(store, map(parse, self.again), import_id=import_id)
            if self.held_too:
                revisions.hold_too(store, self.held_too, import_id)
            if self.shown:
                projection.add_new(store, self.shown)


class Sieve:
    """Looks through the lines of one file. ``taken`` and ``wanted`` (attachments by hash) grow; nothing is written.

    ``utc``: when the file is being added, for the words "The office has it, 25 November".
    """

    def __init__(self, profile: Profile, taken: Taken, utc: str) -> None:
        self.taken = taken
        self.wanted: dict[str, BlobRef] = {}
        self.two_versions: set[str] = set()
        self._profile = profile
        self._utc = utc
        self._origins = Origins(profile)
        self._gone = revisions.covered(profile.store)
        self._held: set[str] = set()
        # Their rows say more than their versions: they are written at the end, from the records themselves.
        self._later = set(drafts.list_ids(profile.store)) | {query.record for query in office_words.queries(profile.store)}

    def sift(self, lines: Iterable[bytes]) -> Batch:
        """Decide about these lines. Raises `PackError`."""
        # Nearly all that is made here stays: looking for rubbish again and again would cost a tenth of the whole.
        with unhurried_gc():
            return self._sift(lines)

    def _sift(self, lines: Iterable[bytes]) -> Batch:
        profile, store, taken = self._profile, self._profile.store, self.taken
        signed = [parse(line) for line in lines]
        met = revisions.met(store, [each.revision.record for each in signed])
        here = revisions.known(store, [each.id for each in signed if each.revision.record in met]) if met else set()
        live = revisions.with_live(store, met) if met else set()
        batch = Batch([], [], [], [])
        whole: dict[str, list[Signed]] = {}
        for each in signed:
            record = each.revision.record
            if record in self._gone and erasure.covers(self._gone[record], each.revision.branch):
                taken.not_held.append(each.id)
                taken.left_out.add(record)
                continue
            why = self._origins.refusal(each, met)
            if why:
                taken.waiting.append(each.id)
                taken.reason = taken.reason or why
                continue
            for blob in each.revision.blobs:
                self.wanted[blob.sha256] = blob
            if each.id in self._held:
                continue  # the same line twice in one file
            if each.id in here:
                taken.known.append(each.id)
                taken.same.add(record)
                batch.held_too.append(each.id)
                continue
            if not profile.forms.knows(each.revision.form.package):
                raise bad_content("a form that its records need is missing from it")
            taken.held.append(each.id)
            self._held.add(each.id)
            first = record not in taken.records
            if first:
                taken.records[record] = record not in live
            if record in met:
                batch.again.append(each.line)
            else:
                batch.rows.append(revisions.packed(each))
            if first and record not in met and record not in self._later and profile.me.role == "office":
                whole[record] = [each]
            elif record in whole:
                whole[record].append(each)
            else:
                taken.shown.discard(record)
                self.two_versions.discard(record)
        batch.shown.extend(self._row(record, all_of_it) for record, all_of_it in whole.items())
        taken.shown.update(whole)
        return batch

    def _row(self, record: str, all_of_it: list[Signed]) -> projection.Packed:
        state = fold(all_of_it)
        standing, words = standing_on_arrival(state, self._utc)
        if state.two_versions:
            self.two_versions.add(record)
        content = Content(  # not `of_state`, which copies: the state is ours alone
            state.answers, state.typed, state.aside, state.derived, state.branch_only, state.blobs, state.links
        )
        return projection.packed(
            project(
                self._profile.forms.package(state.form.package),
                record,
                content,
                standing=standing,
                standing_words=words,
                branch=state.branch,
                changed_utc=state.changed.utc,
                undecided=tuple(two.leaf for two in state.two_versions),
            )
        )


@contextmanager
def unhurried_gc() -> Iterator[None]:
    """Python's search for circles of dead objects waits until this is over."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Staged:
    """A file looked through ahead of time, a little at a time; nothing of it is in the records yet.

    What comes of it waits in a `Spool`: no readable byte on the disk, and nothing left of it when the program dies.
    """

    def __init__(self, profile: Profile, utc: str) -> None:
        self.sieve = Sieve(profile, Taken(), utc)
        self._mark = _mark(profile.store)
        self._spool = Spool()
        self._lengths: list[int] = []

    def look_through(self, opened: OpenedPack) -> Generator[int, None, None]:
        """Yields, every few milliseconds, how many lines have been looked through. Raises `PackError`."""
        lines = opened.payload.revisions()
        done = 0
        while some := list(islice(lines, _STEP)):
            batch = self.sieve.sift(some)
            self._lengths.append(self._spool.write(_written(batch)))
            done += len(some)
            yield done

    def holds(self, profile: Profile, import_id: int = 0) -> bool:
        """True while nothing but this import has come meanwhile on which a decision rested."""
        store, shown = profile.store, self.sieve.taken.shown
        return (
            self._mark == _mark(store, import_id)
            and not revisions.met(store, shown)
            and shown.isdisjoint(drafts.list_ids(store))
        )

    def batches(self) -> Iterator[Batch]:
        """What was put aside, in its order."""
        with self._spool.reader() as reader:
            for length in self._lengths:
                yield _read(reader.read(length))

    def close(self) -> None:
        """Forget it all."""
        self._spool.close()


def _mark(store: Store, but: int = 0) -> tuple[Any, ...]:
    """Differs after another file, an undoing, an order to delete, a question, or a word about a laptop."""
    return (
        laptops.devices(store),
        store.one("select count(*), count(undone_utc) from imports where id <> ?", (but,)),
        store.one("select count(*) from erase_orders"),
        store.one("select count(*) from queries"),
    )


def _written(batch: Batch) -> bytes:
    """A batch as JSON; the signed lines are UTF-8, as was found when they were parsed."""
    rows = [(*row[:2], row[2].decode(), *row[3:]) for row in batch.rows]
    again = [line.decode() for line in batch.again]
    return json.dumps([rows, batch.shown, again, batch.held_too], ensure_ascii=False).encode()


def _read(data: bytes) -> Batch:
    rows, shown, again, held_too = json.loads(data)
    lines = [line.encode() for line in again]
    return Batch([(*row[:2], row[2].encode(), *row[3:]) for row in rows], shown, lines, held_too)
