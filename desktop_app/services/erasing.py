"""Deleting for good, everywhere: a signed order by reason code that travels and cannot be undone (record.md "Erase orders").

The order removes every version, the draft and its undo steps, the list row, the index, the questions and the attachments
nobody else names - here at once, at the office and on the branch's other laptops when a file or reply brings it. Nothing
that is added or restored later brings the record back. Outside the database go the opened copies, the automatic backups
made before, and, when asked, the files made here that hold the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_app import files
from desktop_app.errors import NotFound, RecordError, WorldError
from desktop_app.records.erasure import CODES, EraseOrder, make_order, parse_order, same_branch
from desktop_app.storage import drafts, erasures, laptops, outgoing, revisions
from desktop_app.storage.database import Store
from desktop_app.storage.laptops import Device
from desktop_app.storage.outgoing import Pack

from .profile import Profile
from .sifting import OTHER_BRANCH, STOPPED, UNKNOWN_DEVICE
from .tidying import tidy

RING_FIRST = ("asked", "officer")
"""Reasons that come with rights and duties: the data protection officer hears of them before anything is deleted."""
_AT_HOME = "erase_orders_at_home"
_SUFFIXES = (".branchpack", ".officepack")


@dataclass(frozen=True)
class Before:
    """What a person should know before deciding: nothing has been deleted yet.

    ``sent``: the office, or another laptop, may have it, so the order must travel. ``files``: files made here that still
    hold it. ``linked``: records linked to it, which stay. ``officer``: how to reach the data protection officer.
    ``outside``: how many PDFs and exports lie outside the records and may hold it; they have a list of their own.
    """

    record: str
    title: str
    reference: str
    sent: bool
    attachments: int
    files: list[Path]
    linked: list[str]
    officer: str
    outside: int = 0


@dataclass(frozen=True)
class Erased:
    """What was done. ``travels``: the next file or reply must carry the order. ``backups``: how many old automatic
    backups were removed; ``backup_problem`` says why they could not be, and then they go at the next start."""

    order: str
    record: str
    code: str
    utc: str
    travels: bool
    files_removed: list[Path] = field(default_factory=list)
    files_left: list[Path] = field(default_factory=list)
    backups: int = 0
    backup_problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """The answer of ``erase``."""
        return {
            "id": self.record,
            "order": self.order,
            "code": self.code,
            "utc": self.utc,
            "travels": self.travels,
            "files_removed": [str(path) for path in self.files_removed],
            "files_left": [str(path) for path in self.files_left],
            "backups_removed": self.backups,
        }


def before(profile: Profile, record: str) -> Before:
    """What deleting this record would touch. Raises `NotFound`."""
    from . import copies
    from .office import policy
    from .recording import open_record

    opened = open_record(profile, record)
    return Before(
        record,
        opened.title,
        opened.reference,
        revisions.was_sent(profile.store, record),
        len(opened.content.blobs),
        [Path(pack.path) for pack in _files_holding(profile, record)],
        [link.record for link in opened.content.links if revisions.with_live(profile.store, [link.record])],
        policy(profile.store).data_protection_officer,
        len(copies.outside(profile)),
    )


def erase(profile: Profile, record: str, code: str, *, files_too: bool = False) -> Erased:
    """Delete a record for good, everywhere. There is no undo.

    ``code``: asked, mistake, not-needed or officer, never words. ``files_too``: also remove the files made here that hold
    it; what they hold besides goes again with the next file. Raises `NotFound` (not here), `RecordError` (deleted already,
    or another branch's), `UsageProblem` (another code).
    """
    store = profile.store
    if erasures.is_erased(store, record):
        raise RecordError(
            "This record was deleted for good before.", safe="Nothing was changed.", code="E-ERASED"
        )
    branch = revisions.branch_of(store, record)
    if branch is None and drafts.load(store, record) is None:
        raise NotFound("This record is not here.", safe="Nothing was deleted.", do="Check which record you meant.")
    branch = branch or profile.me.branch
    if profile.me.role == "branch" and not same_branch(branch, profile.me.branch):
        raise RecordError(
            "This record belongs to another branch.",
            safe="Nothing was deleted.",
            do="Ask the national office, which can delete it everywhere.",
            code="E-OTHERBRANCH",
        )
    utc = profile.utc_now()
    order = make_order(record, code, utc, branch, profile.keys.signing_seed)
    travels = revisions.was_sent(store, record)
    holding = _files_holding(profile, record)
    # The order is beside the database before the first word goes: a computer that stops in between carries it out
    # at the next opening.
    with store.atomic():
        if not travels:
            _note_at_home(store, order.id)
        erasures.add(store, order)
    removed: list[Path] = []
    left: list[Path] = []
    for pack in holding:
        path = Path(pack.path)
        if files_too and path.suffix in _SUFFIXES:
            with suppress(WorldError):
                files.remove(path)
        (left if path.exists() else removed).append(path)
    backups, problem = tidy(profile.store, profile.paths, profile.me.branch, profile.me.device, force=True)
    return Erased(order.id, record, code, utc, travels, removed, left, backups, problem)


def to_send(profile: Profile) -> list[EraseOrder]:
    """The orders a branch's next file carries: those the office has not confirmed, of records that ever left."""
    store = profile.store
    at_home = set((store.setting(_AT_HOME) or "").split())
    return [
        order
        for order in erasures.orders(store)
        if order.id not in at_home and outgoing.outcome(store, order.id) not in ("held", "known")
    ]


def for_branch(profile: Profile, branch: str) -> list[bytes]:
    """The orders every reply to a branch's laptop carries: all that concern its records, so that a restored old backup
    is put right by any reply."""
    return [order.line for order in erasures.orders(profile.store) if same_branch(order.branch, branch)]


@dataclass
class TakenOrders:
    """What became of the orders in a file: ids of orders carried out, known before, and waiting with the reason; and how
    many records that were here are gone."""

    new: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    reason: str = ""
    records: list[str] = field(default_factory=list)


def refusal(store: Store, device: Device | None, order: EraseOrder) -> str:
    """``""`` when an order in a branch's file counts, else why it waits. ``device``: who gave it, as known here."""
    if device is None or device.state == "waiting":
        return UNKNOWN_DEVICE
    if device.state == "stopped":
        return STOPPED
    creator = revisions.branch_of(store, order.record) or order.branch
    own = device.state == "self" or (same_branch(device.branch, creator) and same_branch(creator, order.branch))
    return "" if own else OTHER_BRANCH


def take_orders(profile: Profile, lines: Iterable[bytes], *, by_office: bool) -> TakenOrders:
    """Carry out the orders of a file, inside the caller's transaction; call `tidy` when it is committed.

    ``by_office``: the file is a reply, and the office vouches for every order in it. At the office an order counts when
    it is given by an accepted laptop of the branch that began the record. Raises `PackError` for an order that cannot be
    read or is forged.
    """
    store = profile.store
    found = TakenOrders()
    devices = {device.id: device for device in laptops.devices(store)}
    for line in lines:
        order = parse_order(line)
        why = "" if by_office else refusal(store, devices.get(order.device), order)
        if why:
            found.waiting.append(order.id)
            found.reason = found.reason or why
            continue
        here = bool(revisions.with_live(store, [order.record]) or drafts.load(store, order.record))
        if erasures.carry_out(store, order):
            found.new.append(order.id)
            if here:
                found.records.append(order.record)
        else:
            found.known.append(order.id)
    return found


def deleted(profile: Profile) -> list[EraseOrder]:
    """Every order there is here, newest first: the list that shows what was deleted, when and why, without any words."""
    return list(reversed(erasures.orders(profile.store)))


def is_deleted(profile: Profile, record: str) -> bool:
    """True when the record was deleted for good."""
    return erasures.is_erased(profile.store, record)


def reason_words(code: str) -> str:
    """The reason as people read it."""
    return CODES.get(code, code)


def _files_holding(profile: Profile, record: str) -> list[Pack]:
    """The files made here that hold a revision of the record and are still where they were put."""
    store = profile.store
    numbers = {
        number
        for signed in revisions.of_record(store, record)
        for number in outgoing.packs_with(store, signed.id)
    }
    return [pack for pack in outgoing.packs(store) if pack.number in numbers and Path(pack.path).is_file()]


def _note_at_home(store: Store, order: str) -> None:
    kept = (store.setting(_AT_HOME) or "").split()
    store.set_setting(_AT_HOME, " ".join([*kept, order]))
