"""Sending: what goes, what stays and why, one file or a few, each read back before it is called made.

A file carries, of every record the office has not confirmed, what may travel; sending again is therefore always
harmless and heals what was lost (packs.md "Idempotent"). "Made" is all this can say: whether the file was e-mailed the
person says, whether it arrived only the office's receipt says.
"""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from desktop_app import __version__
from desktop_app.errors import NotFound, RecordError, UsageProblem
from desktop_app.exchange.bag import BagWriter
from desktop_app.exchange.container import PackInfo, write_pack
from desktop_app.exchange.limits import MAIL_PACK_BYTES, MAIL_WARN_BYTES, MB
from desktop_app.exchange.payload import PackContents, form_package, members
from desktop_app.exchange.receipts import mistyped, outcome_of, shared_secret
from desktop_app.files import make_dirs
from desktop_app.records.fold import RecordState, fold
from desktop_app.records.revision import BlobRef, Signed, parse
from desktop_app.storage import blobs, drafts, keys, ledger, revisions

from .contacts import office_of, readers, registration
from .content import Content
from .profile import Profile
from .projecting import title_of
from .recording import add_record, refresh

_OVERHEAD = 60_000
_FORM_ALLOWANCE = 120_000
_CHANGED = "You changed it after marking it as ready: mark it as ready again to send the changes."
_TRIES = "telephone_tries"
_TRIES_A_DAY = 5


class Held(NamedTuple):
    """A record, or a part of one, that stays on this laptop, and why, in words."""

    id: str
    why: str


@dataclass(frozen=True)
class Going:
    """A record that goes: its title, how many changes, and about how many bytes."""

    id: str
    title: str
    revisions: int
    bytes: int


@dataclass(frozen=True)
class SendPreview:
    """What a file made now would hold. ``titles`` names every record in ``going`` and ``held``."""

    going: list[Going]
    held: list[Held]
    titles: dict[str, str]

    @property
    def bytes(self) -> int:
        """About how large the file would be."""
        return sum(each.bytes for each in self.going) + (_OVERHEAD if self.going else 0)


@dataclass(frozen=True)
class MadePack:
    """A file that was made and read back. ``heavy`` when many mail systems may refuse it (over 10 MB)."""

    path: Path
    number: int
    records: int
    revisions: int
    bytes: int
    sha256: str

    @property
    def heavy(self) -> bool:
        """True when a mail system may refuse it."""
        return self.bytes > MAIL_WARN_BYTES

    def as_json(self) -> dict[str, Any]:
        """The shape of cli.md."""
        return {
            "path": str(self.path),
            "number": self.number,
            "records": self.records,
            "revisions": self.revisions,
            "bytes": self.bytes,
            "sha256": self.sha256,
        }


@dataclass(frozen=True)
class SendResult:
    """The files made, and what stayed."""

    packs: list[MadePack]
    held: list[Held]

    def as_json(self) -> dict[str, Any]:
        """The answer of ``send``: ``{packs, held}``."""
        return {"packs": [each.as_json() for each in self.packs], "held": [each._asdict() for each in self.held]}


@dataclass(frozen=True)
class WaitingFile:
    """A file made here of which the office has not confirmed everything; ``days`` since it was made."""

    number: int
    path: str
    made_utc: str
    emailed_utc: str | None
    days: int
    revisions: int


@dataclass
class _Item:
    """One record on its way into a file."""

    id: str
    title: str
    lines: list[Signed]
    blobs: dict[str, int] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """An upper bound of what it adds: packed alone it is never smaller than packed with others."""
        return sum(len(zlib.compress(each.line, 1)) for each in self.lines) + sum(self.blobs.values())


def preview(profile: Profile, ids: Iterable[str] | None = None) -> SendPreview:
    """What would go and what would stay. Writes nothing."""
    items, held, titles = _choose(profile, ids, squash=False)
    going = [Going(item.id, item.title, len(item.lines), item.bytes) for item in items]
    return SendPreview(going, held, titles)


def send(
    profile: Profile, out_dir: Path, ids: Iterable[str] | None = None, split_mb: float | None = None
) -> SendResult:
    """Make the file for the office in ``out_dir``; several complete ones when it would pass ``split_mb`` (18) MB.

    Raises `RecordError` E-PRACTICE, `PackError` E-NOCARD, `FileProblem`. What was made before a failure is kept noted.
    """
    _may_send(profile)
    limit = MAIL_PACK_BYTES if split_mb is None else int(split_mb * MB)
    if limit < 1:
        raise UsageProblem("A file cannot be smaller than nothing.", do="Give a number of megabytes above 0.")
    recipients = readers(profile)
    with profile.store.atomic():
        items, held, _ = _choose(profile, ids, squash=True)
    make_dirs(out_dir)
    made = [_write(profile, out_dir, part, recipients) for part in _parts(items, limit)]
    return SendResult(made, held)


def tell_office_now(profile: Profile, text: str, out_dir: Path, answers: dict[str, Any] | None = None) -> SendResult:
    """Intelligence on talks with the Department that cannot wait: a record of its own, ready, and a file with only it.

    The record is in the section that is confidential by default: never in anything shareable (product.md 6).
    """
    _may_send(profile)
    readers(profile)
    if not text.strip():
        raise UsageProblem("There is nothing to tell yet.", do="Write what you heard.")
    story = {"about": {"summary": text, "topics": "talks_with_dfe", **(answers or {}).get("about", {})}}
    story |= {name: value for name, value in (answers or {}).items() if name != "about"}
    story.setdefault("talks_with_dfe", {}).setdefault("c6_in_talks", "yes")
    added = add_record(profile, "evidence", story, state="ready")
    return send(profile, out_dir, ids=[added.id])


def mark_emailed(profile: Profile, number: int, yes: bool = True) -> None:
    """Note what the person said of file ``number``. Raises `NotFound`."""
    with profile.store.atomic():
        ledger.set_emailed(profile.store, number, yes, profile.utc_now())
        _refresh_all(profile, ledger.pack_revisions(profile.store, number))


def waiting_files(profile: Profile) -> list[WaitingFile]:
    """The files of which the office has not confirmed everything, newest first."""
    confirmed = ledger.confirmed(profile.store)
    now = profile.clock().astimezone(UTC)
    found = []
    for pack in ledger.packs(profile.store):
        open_ = [rev for rev in ledger.pack_revisions(profile.store, pack.number) if rev not in confirmed]
        if open_:
            made = datetime.fromisoformat(pack.made_utc.replace("Z", "+00:00"))
            found.append(
                WaitingFile(pack.number, pack.path, pack.made_utc, pack.emailed_utc, (now - made).days, len(open_))
            )
    return found


def confirm_by_phone(profile: Profile, code: str) -> int:
    """Take the eight characters the office read out; returns the number of the file they stand for.

    Raises `RecordError` E-MISTYPED (the check character is wrong: not counted as a try), E-CODE, or E-TOOMANY after
    five wrong ones in a day. The signed receipt replaces this word when it comes.
    """
    card = office_of(profile)
    if card is None:
        readers(profile)
        raise AssertionError("readers() refuses without a card")
    if mistyped(code):
        raise RecordError(
            "One of the characters was heard or typed wrongly.",
            safe="Nothing was changed.",
            do="Ask the office to read the nine characters again.",
            code="E-MISTYPED",
        )
    day, tries = profile.clock().date().isoformat(), profile.store.setting(_TRIES) or ""
    used = int(tries.split()[1]) if tries.startswith(day) else 0
    if used >= _TRIES_A_DAY:
        raise RecordError(
            "Five wrong codes were tried today.",
            safe="Nothing was changed.",
            do="Try again tomorrow, or ask the office for its reply file.",
            code="E-TOOMANY",
        )
    secret = shared_secret(profile.keys.exchange_secret, card.exchange_key)
    for pack in ledger.packs(profile.store):
        outcome = outcome_of(code, secret, pack.id, pack.payload_sha256)
        if outcome is None:
            continue
        if outcome != "held":
            raise RecordError(
                f"The office has file {pack.number}, but not yet everything in it.",
                safe="Your records stay as they are.",
                do="Wait for its reply file, or ask what is missing.",
                code="E-PART",
            )
        revs = ledger.pack_revisions(profile.store, pack.number)
        confirmed = ledger.confirmed(profile.store)
        with profile.store.atomic():
            ledger.add_receipt(
                profile.store, f"phone:{pack.id}", pack.id, profile.utc_now(), b"",
                {rev: "phone" for rev in revs if rev not in confirmed},
            )  # fmt: skip
            _refresh_all(profile, revs)
        return pack.number
    profile.store.set_setting(_TRIES, f"{day} {used + 1}")
    raise RecordError(
        "This code does not belong to any file made on this laptop.",
        safe="Nothing was changed.",
        do="Ask the office for the code again, and which file it has.",
        code="E-CODE",
    )


# --- what goes --------------------------------------------------------------------------------------------------------


def _may_send(profile: Profile) -> None:
    if profile.me.practice:
        raise RecordError(
            "These are made-up records to look round with; they cannot be sent.",
            safe="Nothing was made.",
            do="Set up records of your own to send.",
            code="E-PRACTICE",
        )
    if profile.me.role == "office":
        raise RecordError(
            "The office does not send files; it replies to those it receives.",
            safe="Nothing was made.",
            do="Receive a branch's file and choose a folder for the reply.",
        )


def _choose(
    profile: Profile, ids: Iterable[str] | None, *, squash: bool
) -> tuple[list[_Item], list[Held], dict[str, str]]:
    store = profile.store
    chosen = None if ids is None else list(dict.fromkeys(ids))
    card = office_of(profile)
    office = card.device if card else ""
    items: list[_Item] = []
    held: list[Held] = []
    titles: dict[str, str] = {}
    for record in _candidates(profile, office) if chosen is None else chosen:
        draft = drafts.load(store, record)
        live = revisions.of_record(store, record)
        state = fold(live) if live else None
        if state is not None:
            content, ref = Content.of_state(state), state.form
        elif draft is not None:
            content, ref = Content.from_json(draft.content), draft.form
        else:
            raise NotFound("This record is not here.", safe="Nothing was made.", do="Check which record you meant.")
        titles[record] = title_of(profile.forms.package(ref.package), content)
        why = _why_not(profile, record, state)
        if why is not None or state is None:
            held.append(Held(record, why or ""))
            continue
        changed = draft is not None and Content.from_json(draft.content) != content
        if changed:
            held.append(Held(record, _CHANGED))
        live, lines = _lines(profile, record, live, office, squash=squash and not changed, changed=changed)
        if lines:
            travels, stays = _attachments(profile, state, live, lines)
            items.append(_Item(record, titles[record], lines, travels))
            held += [Held(record, _attachment_stays(blob)) for blob in stays]
        elif chosen is not None and not changed:
            held.append(Held(record, "The office has it already, as it is."))
    return items, held, titles


def _candidates(profile: Profile, office: str) -> list[str]:
    """Every record with something the office has not confirmed, in the order of the first such change."""
    found: dict[str, None] = {}
    for line in revisions.lines(profile.store, ledger.unconfirmed(profile.store)):
        revision = parse(line).revision
        if revision.device != office:
            found[revision.record] = None
    found.update(dict.fromkeys(revisions.unsent_records(profile.store)))
    found.update(dict.fromkeys(drafts.list_ids(profile.store)))
    return list(found)


def _why_not(profile: Profile, record: str, state: RecordState | None) -> str | None:
    if state is None:
        return "It is a draft: mark it as ready to send it."
    if state.branch_only:
        return "Branch only: it stays on this laptop."
    if state.state == "held":
        return "You kept it back."
    if state.withdrawn and not revisions.was_sent(profile.store, record):
        return "You took it back before it was ever in a file."
    return None


def _lines(
    profile: Profile, record: str, live: list[Signed], office: str, *, squash: bool, changed: bool
) -> tuple[list[Signed], list[Signed]]:
    """What of a record goes: nothing the office confirmed, nothing of the office's own, no step that nobody sees.

    ``changed``: there is newer text in a draft, so what is unsent is not what is seen, and stays. Answers the live
    revisions (new ones when a chain was squashed) and those of them that go.
    """
    store = profile.store
    unsent = set(revisions.unsent(store, record))
    stays = unsent
    if not changed:
        stays = {parent for each in live if each.id in unsent for parent in each.revision.parents} & unsent
    if squash and stays:
        revisions.squash_unsent(store, record, profile.keys.signing_seed)
        # A draft that says the same was begun from a revision that is gone now.
        drafts.discard(store, record)
        live, stays = revisions.of_record(store, record), set()
    return live, [
        each
        for each in live
        if each.id not in stays
        # A word by telephone does not stop a record from going again; only a signed receipt does.
        and ledger.outcome(store, each.id) not in ("held", "known")
        and not each.revision.branch_only
        and each.revision.device != office
    ]


def _attachments(
    profile: Profile, state: RecordState, live: list[Signed], lines: list[Signed]
) -> tuple[dict[str, int], list[BlobRef]]:
    """The attachments that travel with these changes, by hash and size, and those that stay.

    What shows a person, or may, never leaves the laptop (product.md 2); what the office has is not sent again.
    """
    named = {blob.sha256 for each in lines for blob in each.revision.blobs}
    if not named:
        return {}, []
    now = {blob.sha256: blob for blob in state.blobs}
    going = {each.id for each in lines}
    confirmed = ledger.confirmed(profile.store)
    arrived = {
        blob.sha256
        for each in live
        if each.id not in going and each.id in confirmed
        for blob in each.revision.blobs
        if blob.shows_person == "no"
    }
    travels: dict[str, int] = {}
    stays = []
    for digest in sorted(named - arrived):
        current = now.get(digest)
        if current is None:
            continue
        if current.shows_person == "no" and blobs.has(profile.store, digest):
            travels[digest] = blobs.size(profile.store, digest)
        else:
            stays.append(current)
    return travels, stays


def _attachment_stays(blob: BlobRef) -> str:
    if blob.shows_person == "no":
        return f"The record goes; “{blob.name}” is not on this laptop."
    return f"The record goes; “{blob.name}” stays: it shows, or may show, a child or a person who has not agreed."


# --- making files -----------------------------------------------------------------------------------------------------


def _parts(items: Sequence[_Item], limit: int) -> Iterator[list[_Item]]:
    """Records parcelled out so that each file stays below the limit. A record is never torn apart."""
    part: list[_Item] = []
    forms: set[str] = set()
    size = _OVERHEAD
    for item in items:
        packages = {each.revision.form.package for each in item.lines}
        more = item.bytes + _FORM_ALLOWANCE * len(packages - forms)
        if part and size + more > limit:
            yield part
            part, forms, size = [], set(), _OVERHEAD
            more = item.bytes + _FORM_ALLOWANCE * len(packages)
        part.append(item)
        forms |= packages
        size += more
    if part:
        yield part


def _write(profile: Profile, out_dir: Path, part: list[_Item], recipients: list[str]) -> MadePack:
    store = profile.store
    lines = [each for item in part for each in item.lines]
    attached = {digest for item in part for digest in item.blobs}
    answering = {each.revision.record for each in lines if ledger.sent_in(store, each.id) is None}
    contents = PackContents(
        registration(profile),
        revisions=[each.line for each in lines],
        keyslots=_office_slot(profile),
        blobs={digest: partial(blobs.read, store, digest) for digest in sorted(attached)},
    )
    add_forms(profile, contents, {each.revision.form.package for each in lines})
    made = write_file(
        profile,
        out_dir,
        f"{file_word(profile.me.branch)}-{{number}}-{{day}}.branchpack",
        contents,
        kind="branch",
        recipients=recipients,
        counts={"records": len(part), "revisions": len(lines), "blobs": len(attached)},
        rev_ids=[each.id for each in lines],
    )
    with store.atomic():
        for item in part:
            query = ledger.open_query(store, item.id)
            if query is not None and item.id in answering:
                # The office reads the newer version as the answer; nothing else is asked of the branch.
                ledger.answer_query(store, query.id)
            refresh(profile, item.id)
    return MadePack(made.path, int(made.header["number"]), len(part), len(lines), made.bytes, made.sha256)


def _office_slot(profile: Profile) -> dict[str, Any] | None:
    """The slot that opens these records with the office's recovery key, if that was agreed to; never another slot."""
    kept = json.loads(keys.slots_bytes(profile.paths))
    slots = [slot for slot in kept["slots"] if slot.get("kind") == "office"]
    return {**kept, "slots": slots} if slots else None


def add_forms(profile: Profile, contents: PackContents, packages: Iterable[str]) -> None:
    """Put form packages and the lists they name into a file, so that it can be read without this program's forms."""
    forms, reference = dict(contents.forms), dict(contents.reference)
    for package in sorted(packages):
        form = profile.forms.package(package)
        forms[package], lists = form_package(form.xml, form.lists)
        reference |= lists
    contents.forms, contents.reference = forms, reference


def write_file(
    profile: Profile,
    out_dir: Path,
    name: str,
    contents: PackContents,
    *,
    kind: str,
    recipients: Iterable[str],
    counts: dict[str, int],
    rev_ids: Iterable[str],
) -> PackInfo:
    """Write one file of either direction and note it. ``name`` has places for ``{number}`` and ``{day}``.

    A file of that name is never written over: its number is skipped.
    """
    store = profile.store
    now = profile.clock()
    offset = now.utcoffset()
    number = ledger.next_number(store)
    day = now.date().isoformat()
    while (out := out_dir / name.format(number=number, day=day)).exists():
        number += 1
    bag = BagWriter(
        members(contents),
        [
            ("Source-Organization", profile.me.branch),
            ("External-Identifier", out.name),
            ("Bagging-Date", day),
            ("Bag-Software-Agent", f"branch-evidence {__version__}"),
        ],
    )
    readers_of_it = sorted({*recipients, profile.keys.age_recipient})
    pack = str(uuid.uuid4())
    made_utc = profile.utc_now()
    header: dict[str, Any] = {
        "pack": pack,
        "kind": kind,
        "branch": profile.me.branch,
        "number": number,
        "previous_sha256": ledger.previous_sha256(store),
        "created_utc": made_utc,
        "offset_min": int(offset.total_seconds() // 60) if offset else 0,
        "app": f"branch-evidence {__version__}",
        "counts": counts,
    }
    info = write_pack(out, bag, header, keys=profile.keys, recipients=readers_of_it)
    ledger.made(
        store, pack, number, made_utc, info.payload_sha256, str(out), rev_ids, readers_of_it, bytes=info.bytes
    )
    return info


def file_word(name: str) -> str:
    """A branch's name as every system takes it in a file name: ``Kingston upon Hull`` is ``Kingston-upon-Hull``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-") or "Branch"


def _refresh_all(profile: Profile, revs: Iterable[str]) -> None:
    for record in {revisions.get(profile.store, rev).revision.record for rev in revs}:
        refresh(profile, record)
