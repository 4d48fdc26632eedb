"""Replies from the office: receipts, questions, policy, forms and the office's own changes; made there, taken in here.

Everything in a reply is a fact that may come twice or late; nothing in it deletes what a person wrote (packs.md
"Receipts are facts").
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.errors import PackError
from desktop_app.exchange.cards import OfficeCard, read_card, write_card
from desktop_app.exchange.container import OpenedPack
from desktop_app.exchange.payload import PackContents
from desktop_app.exchange.queries import ANSWER_MARK, Question, read_question, sign_question
from desktop_app.exchange.receipts import Receipt, read_receipt, shared_secret, sign_receipt, telephone_code
from desktop_app.exchange.refusals import bad_content
from desktop_app.files import make_dirs
from desktop_app.records.revision import Signed
from desktop_app.storage import incoming, laptops, office_words, outgoing, revisions
from desktop_app.storage.laptops import Device

from . import erasing, papers, this_laptop
from .contacts import note_card, own_card, registration
from .form_library import SHIPPED, shipped_form
from .form_workshop import note_news
from .office import Policy, policy, readable
from .outcomes import Step
from .packing import add_forms, file_word, only_with, write_file
from .profile import Profile
from .recording import refresh
from .taking_in import Taken, take_in


def note_receipt(profile: Profile, opened: OpenedPack, taken: Taken) -> bytes:
    """Sign what became of a pack, and keep it for the telephone and for the reply. Returns the line.

    Outside the transaction of adding, which leaves no trace of a file with nothing new: so what the file says of the
    papers on that laptop is noted here as well.
    """
    header = opened.header
    papers.note_said(profile, opened.device, opened.payload)
    return _keep(
        profile,
        Receipt(
            pack=opened.pack,
            payload_sha256=opened.payload_sha256,
            number=int(header["number"]),
            device=opened.device,
            branch=str(header["branch"]),
            office=profile.me.device,
            utc=profile.utc_now(),
            held=tuple(taken.held),
            known=tuple(taken.known),
            waiting=tuple(taken.waiting),
            not_held=tuple(taken.not_held),
            blobs_missing=tuple(taken.blobs_missing),
        ),
    )


def note_undone(profile: Profile, made: incoming.Import) -> bytes | None:
    """After an adding was undone: a receipt that takes back what an earlier one said. None if all is still held."""
    gone = [rev for rev, live in incoming.import_revisions(profile.store, made.id).items() if not live]
    earlier = outgoing.receipts(profile.store, made.pack)
    if not gone or not earlier:
        return None
    before = read_receipt(earlier[-1][3], profile.keys.signing_public)
    said = {*before.held, *before.known}
    return _keep(
        profile,
        Receipt(
            pack=before.pack,
            payload_sha256=before.payload_sha256,
            number=before.number,
            device=before.device,
            branch=before.branch,
            office=before.office,
            utc=profile.utc_now(),
            held=tuple(said - set(gone)),
            waiting=before.waiting,
            not_held=tuple({*before.not_held, *gone}),
            blobs_missing=before.blobs_missing,
        ),
    )


def _keep(profile: Profile, receipt: Receipt) -> bytes:
    line = sign_receipt(receipt, profile.keys.signing_seed)
    # No outcomes: at the office a receipt is its own word, not something confirmed to it.
    outgoing.add_receipt(profile.store, hashlib.sha256(line).hexdigest(), receipt.pack, receipt.utc, line, {})
    return line


def code_for(profile: Profile, pack: str) -> str:
    """The characters to read out for a pack that was added. Raises `PackError` when there is no such pack."""
    kept = outgoing.receipts(profile.store, pack)
    receipt = read_receipt(kept[-1][3], profile.keys.signing_public) if kept else None
    device = laptops.device(profile.store, receipt.device) if receipt else None
    if receipt is None or device is None:
        raise PackError("This file has not been added here.", safe="Nothing was changed.", code="E-NOTFOUND")
    secret = shared_secret(profile.keys.exchange_secret, device.exchange)
    return telephone_code(secret, receipt.pack, receipt.payload_sha256, receipt.outcome)


def write_replies(
    profile: Profile, reply_dir: Path, packs: Mapping[str, Iterable[str]], replied: dict[str, Path] | None = None
) -> Generator[Step, None, list[Path]]:
    """Write one reply for each laptop, a step each. ``packs``: device id to the ids of the packs it is told about.

    Each is whole and noted, or not there at all, wherever this is left off. ``replied``: what was made, by device; filled
    as it goes, and what is in it is not made again. Answers all of them. Raises `FileProblem`.
    """
    make_dirs(reply_dir)
    replied = {} if replied is None else replied
    for number, (device_id, told) in enumerate(packs.items()):
        yield Step(number, len(packs))
        device = laptops.device(profile.store, device_id)
        if device is not None and device.state == "accepted" and device_id not in replied:
            with only_with(profile) as made:
                made.append(_write_reply(profile, reply_dir, device, told))
            [replied[device_id]] = made
    return list(replied.values())


def _write_reply(profile: Profile, reply_dir: Path, device: Device, packs: Iterable[str]) -> Path:
    store = profile.store
    wanted = dict.fromkeys(packs)
    # What was undone since is told without being asked.
    undone = [made.pack for made in incoming.imports(store) if made.device == device.id and made.undone_utc]
    wanted.update(dict.fromkeys(undone))
    receipts = [kept[-1][3] for pack in wanted if (kept := outgoing.receipts(store, pack))]
    questions = [
        (query, sign_question(Question(query.id, query.record, query.utc, query.body), profile.keys.signing_seed))
        for query in office_words.queries(store)
        if not query.answered and _same(revisions.branch_of(store, query.record), device.branch)
    ]
    own = _own_changes(profile, device.branch)
    orders = erasing.for_branch(profile, device.branch)
    in_force = policy(store)
    added = {
        form.id: form.package
        for form in (profile.forms.current(form_id) for form_id in profile.forms.ids())
        if form.id not in SHIPPED or form.package != shipped_form(form.id).package
    }
    shelf, bytes_of = papers.for_reply(profile, device.id)
    contents = PackContents(
        registration(profile),
        revisions=[each.line for each in own],
        erasures=orders,
        receipts=receipts,
        queries=[line for _, line in questions],
        policy=asdict(in_force) if in_force != Policy() else None,
        library=_library(profile, added, shelf),
        blobs=bytes_of,
    )
    add_forms(profile, contents, {*added.values(), *(each.revision.form.package for each in own)})
    info = write_file(
        profile,
        reply_dir,
        f"Office-{{number}}-{{day}}-to-{file_word(device.branch)}.officepack",
        contents,
        kind="office",
        recipients=[device.age, own_card(profile).recovery_recipient],
        counts={"receipts": len(receipts), "queries": len(questions), "revisions": len(own), "erasures": len(orders)},
        rev_ids=[each.id for each in own],
    )
    for query, _ in questions:
        office_words.mark_query_sent(store, query.id)
    return info.path


def _library(profile: Profile, added: dict[str, str], shelf: dict[str, Any] | None) -> dict[str, Any] | None:
    """The office's forms in use, its shelf of papers and, once it has changed its keys, the newest list of them, signed."""
    card = own_card(profile)
    found: dict[str, Any] = {"use": added} if added else {}
    if shelf is not None:
        found["papers"] = shelf
    if card.number > 1:
        found["card"] = write_card(card, profile.keys.signing_seed).decode("utf-8")
    return found or None


def _own_changes(profile: Profile, branch: str) -> list[Signed]:
    """What the office itself changed in this branch's records: decisions go back to where the record came from."""
    store = profile.store
    theirs = [each for each in revisions.records_changed_here(store) if _same(revisions.branch_of(store, each), branch)]
    for record in theirs:
        revisions.squash_unsent(store, record, profile.keys.signing_seed)
    return [
        each
        for record in theirs
        for each in revisions.of_record(store, record)
        if each.revision.device == profile.me.device and not each.revision.branch_only
    ]


def take_reply(profile: Profile, opened: OpenedPack, card: OfficeCard, import_id: int) -> Taken:
    """Take a reply in at a branch (inside the caller's transaction). Raises `PackError`, and then nothing changed."""
    taken = take_in(profile, opened, import_id)
    touched: set[str] = set()
    for line in opened.payload.receipts():
        told = _take_receipt(profile, line, read_receipt(line, card.signing_key))
        taken.facts += told is not None
        touched |= told or set()
    for line in opened.payload.queries():
        question = read_question(line, card.signing_key)
        if revisions.branch_of(profile.store, question.record) is not None and office_words.add_query(
            profile.store, question.id, question.record, question.text, question.utc, line
        ):
            taken.facts += 1
            touched.add(question.record)
    taken.facts += _take_policy(profile, opened.payload.policy())
    taken.facts += _take_library(profile, opened.payload.library())
    taken.facts += _take_card(profile, opened.payload.library(), card)
    newer, came = papers.take_shelf(profile, opened.payload)
    taken.facts += newer
    taken.blobs_added += came
    for record in touched - set(taken.records):
        refresh(profile, record)
        taken.records[record] = False
    return taken


def _take_receipt(profile: Profile, line: bytes, receipt: Receipt) -> set[str] | None:
    """Keep a receipt; answers the records it speaks of, None when it is not new or not for this laptop."""
    if receipt.device not in (profile.me.device, *(one.device for one in this_laptop.before(profile.store))):
        return None
    made = outgoing.pack_by_id(profile.store, receipt.pack)
    if made is not None and made.payload_sha256 != receipt.payload_sha256:
        raise bad_content("a receipt in it is for another file than the one made here")
    outcomes = dict.fromkeys(receipt.held, "held")
    outcomes |= dict.fromkeys(receipt.known, "known")
    outcomes |= dict.fromkeys(receipt.waiting, "waiting")
    outcomes |= dict.fromkeys(receipt.not_held, "not_held")
    missing = set(receipt.blobs_missing)
    touched = set()
    orders = {order.id for order in erasing.deleted(profile)}
    for rev in list(outcomes):
        if rev in orders or rev.startswith(ANSWER_MARK):
            continue
        if rev not in revisions.known(profile.store, [rev]):
            del outcomes[rev]
            continue
        revision = revisions.get(profile.store, rev).revision
        touched.add(revision.record)
        if any(blob.sha256 in missing for blob in revision.blobs):
            # An attachment did not arrive: the record goes again, with it.
            outcomes[rev] = "part"
    new = outgoing.add_receipt(
        profile.store, hashlib.sha256(line).hexdigest(), receipt.pack, receipt.utc, line, outcomes
    )
    return touched if new else None


def _take_policy(profile: Profile, found: dict[str, Any] | None) -> bool:
    """Keep the office's policy if it is newer; replies may come in any order. Raises `PackError`."""
    now = office_words.policy(profile.store) or {}
    if found is None:
        return False
    if not readable(found):
        raise bad_content("what the office lays down in it cannot be read")
    if str(found.get("from_office_utc", "")) <= str(now.get("from_office_utc", "")):
        return False
    office_words.set_policy(profile.store, found)
    return True


def _take_card(profile: Profile, found: dict[str, Any] | None, known: OfficeCard) -> bool:
    """Take the newest list of the office's keys, signed by the same office, into use."""
    text = (found or {}).get("card")
    if not isinstance(text, str):
        return False
    card = read_card(text.encode("utf-8"))
    if card.device != known.device:
        raise bad_content("the list of keys in it is another office's")
    return card.number > known.number and note_card(profile, text.encode("utf-8")) == card


def _take_library(profile: Profile, found: dict[str, Any] | None) -> int:
    """Take the office's forms into use; answers how many are new."""
    new = 0
    use = (found or {}).get("use", {})
    if not isinstance(use, dict):
        raise bad_content("its list of forms cannot be read")
    for form_id, package in use.items():
        if not isinstance(package, str) or not profile.forms.knows(package):
            raise bad_content("a form it wants used is missing from it")
        form = profile.forms.package(package)
        if form.id == form_id and profile.forms.follows(form):
            note_news(profile, form, profile.forms.current(form_id) if form_id in profile.forms.ids() else None)
            profile.forms.use(form)
            new += 1
    return new


def _same(one: str | None, other: str) -> bool:
    return one is not None and " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
