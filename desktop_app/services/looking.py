"""A large file looked at before it is added: what it would come to, in counts, without doing the work.

Its signature, and that nothing of it is damaged, were checked when it was opened. Each change is then only read and set
beside what is here; its own signature is checked when it is added, and nothing is put into words or written.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from itertools import islice

from desktop_app.exchange.container import OpenedPack
from desktop_app.records.erasure import covers, parse_order
from desktop_app.records.fold import fold
from desktop_app.records.revision import Signed, parse
from desktop_app.storage import drafts, laptops, revisions

from .erasing import refusal
from .profile import Profile
from .sifting import Origins, Taken

_RECORD = re.compile(rb'"record":"([0-9a-f-]{36})"')
_AT_ONCE = 100  # changes read between two turns of other work: ten milliseconds or so


def look_through(profile: Profile, opened: OpenedPack) -> Generator[int, None, Taken]:
    """What adding this branch's file would come to. Yields how many changes were read; writes nothing. Raises `PackError`."""
    store, taken = profile.store, Taken()
    gone = revisions.covered(store)
    _orders(profile, opened, taken, gone)
    origins = Origins(profile)
    again: set[str] = set()  # records that are here, or of which the file says more than one thing
    lines, done = opened.payload.revisions(), 0
    held: set[str] = set()
    while some := list(islice(lines, _AT_ONCE)):
        signed = [parse(line) for line in some]
        met = revisions.met(store, [each.revision.record for each in signed])
        here = revisions.known(store, [each.id for each in signed if each.revision.record in met]) if met else set()
        live = revisions.with_live(store, met) if met else set()
        for each in signed:
            record = each.revision.record
            if covers(gone.get(record, ()), each.revision.branch):
                taken.left_out.add(record)
            elif why := origins.claimed(each.revision, met):
                taken.waiting.append(each.id)
                taken.reason = taken.reason or why
            elif each.id in here:
                taken.known.append(each.id)
                taken.same.add(record)
            elif each.id not in held:
                held.add(each.id)
                taken.held.append(each.id)
                if record in taken.records or record in met:
                    again.add(record)
                taken.records.setdefault(record, record not in live)
        done += len(some)
        yield done
    taken.same -= set(taken.records)
    if again:
        yield from _two_versions(profile, opened, again, held, taken)
    return taken


def _two_versions(
    profile: Profile, opened: OpenedPack, records: set[str], held: set[str], taken: Taken
) -> Generator[int, None, None]:
    """Count the records that will have two versions; the file is read again, so that not all of it is kept in memory."""
    new: dict[str, list[Signed]] = {}
    for number, line in enumerate(opened.payload.revisions()):
        if not records.isdisjoint(name.decode() for name in _RECORD.findall(line)):  # itself, or one it is linked to
            signed = parse(line)
            if signed.id in held:
                new.setdefault(signed.revision.record, []).append(signed)
        if number % _AT_ONCE == 0:
            yield number
    for number, (record, came) in enumerate(new.items()):
        known = {each.id: each for each in [*revisions.of_record(profile.store, record), *came]}
        taken.two_versions += bool(fold(known.values()).two_versions)
        if number % 20 == 19:
            yield number


def _orders(profile: Profile, opened: OpenedPack, taken: Taken, gone: dict[str, tuple[str, ...]]) -> None:
    """The orders in the file that would be carried out; ``gone`` grows by what they name."""
    store = profile.store
    devices = {device.id: device for device in laptops.devices(store)}
    for line in opened.payload.erasures():
        order = parse_order(line)
        if why := refusal(store, devices.get(order.device), order):
            taken.waiting.append(order.id)
            taken.reason = taken.reason or why
            continue
        if not covers(gone.get(order.record, ()), order.branch):
            taken.held.append(order.id)
            if revisions.with_live(store, [order.record]) or drafts.load(store, order.record):
                taken.deleted.append(order.record)
        gone[order.record] = (*gone.get(order.record, ()), order.branch)
