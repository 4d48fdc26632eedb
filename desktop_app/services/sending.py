"""Sending: what goes, what stays and why, one file or a few, each read back before it is called made.

A file carries, of every record the office has not confirmed, what may travel; sending again is therefore always
harmless and heals what was lost (packs.md "Idempotent"). "Made" is all this can say: whether the file was e-mailed the
person says, whether it arrived only the office's receipt says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from desktop_app.errors import RecordError, UsageProblem
from desktop_app.exchange.limits import MAIL_PACK_BYTES, MAIL_WARN_BYTES, MB
from desktop_app.exchange.payload import PackContents
from desktop_app.exchange.receipts import mistyped, outcome_of, shared_secret
from desktop_app.files import make_dirs
from desktop_app.records.revision import parse
from desktop_app.storage import blobs, office_words, outgoing, revisions

from . import erasing, papers, questions
from .contacts import office_of, readers, registration
from .going import Held, Item, what_goes
from .packing import add_forms, agreement_news, agreement_told, file_word, office_slot, only_with, write_file
from .profile import Profile
from .recording import add_record, refresh

_OVERHEAD = 60_000
_FORM_ALLOWANCE = 120_000
_TRIES = "telephone_tries"
_TRIES_A_DAY = 5


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
    deletions: int = 0  # orders to delete that travel as well
    answers: int = 0  # answers to the office's questions that travel as well
    agreement: bool = False  # the file also says that the office may, or may no longer, unlock these records

    @property
    def anything(self) -> bool:
        """True when there is something to make a file of."""
        return bool(self.going or self.deletions or self.answers or self.agreement)

    @property
    def bytes(self) -> int:
        """About how large the file would be."""
        return sum(each.bytes for each in self.going) + (_OVERHEAD if self.anything else 0)


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


def preview(profile: Profile, ids: Iterable[str] | None = None) -> SendPreview:
    """What would go and what would stay. Writes nothing."""
    items, held, titles = what_goes(profile, ids, squash=False)
    going = [Going(item.id, item.title, len(item.lines), item.bytes) for item in items]
    orders, answers = len(erasing.to_send(profile)), len(questions.to_send(profile))
    agreement = not profile.me.practice and agreement_news(profile)
    return SendPreview(going, held, titles, orders, answers, agreement)


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
        items, held, _ = what_goes(profile, ids, squash=True)
    make_dirs(out_dir)
    parts = list(_parts(items, limit))
    others = erasing.to_send(profile) or questions.to_send(profile) or agreement_news(profile)
    if not parts and ids is None and others:
        parts = [[]]  # a file with nothing but orders to delete, answers, or word about unlocking these records
    made = [_write(profile, out_dir, part, recipients) for part in parts]
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
        outgoing.set_emailed(profile.store, number, yes, profile.utc_now())
        _refresh_all(profile, outgoing.pack_revisions(profile.store, number))


def waiting_files(profile: Profile) -> list[WaitingFile]:
    """The files of which the office has not confirmed everything, newest first."""
    confirmed = outgoing.confirmed(profile.store)
    now = profile.clock().astimezone(UTC)
    found = []
    for pack in outgoing.packs(profile.store):
        open_ = [rev for rev in outgoing.pack_revisions(profile.store, pack.number) if rev not in confirmed]
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
    for pack in outgoing.packs(profile.store):
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
        revs = outgoing.pack_revisions(profile.store, pack.number)
        confirmed = outgoing.confirmed(profile.store)
        with profile.store.atomic():
            outgoing.add_receipt(
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


def _parts(items: Sequence[Item], limit: int) -> Iterator[list[Item]]:
    """Records parcelled out so that each file stays below the limit. A record is never torn apart."""
    part: list[Item] = []
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


def _write(profile: Profile, out_dir: Path, part: list[Item], recipients: list[str]) -> MadePack:
    store = profile.store
    lines = [each for item in part for each in item.lines]
    attached = {digest for item in part for digest in item.blobs}
    orders, answers = erasing.to_send(profile), questions.to_send(profile)
    answering = {each.revision.record for each in lines if outgoing.sent_in(store, each.id) is None}
    contents = PackContents(
        registration(profile),
        revisions=[each.line for each in lines],
        erasures=[each.line for each in orders],
        queries=[each.line for each in answers],
        keyslots=office_slot(profile),
        library=papers.said_by_branch(profile),
        blobs={digest: partial(blobs.read, store, digest) for digest in sorted(attached)},
    )
    add_forms(profile, contents, {each.revision.form.package for each in lines})
    with only_with(profile) as files_made:
        made = write_file(
            profile,
            out_dir,
            f"{file_word(profile.me.branch)}-{{number}}-{{day}}.branchpack",
            contents,
            kind="branch",
            recipients=recipients,
            counts={"records": len(part), "revisions": len(lines), "blobs": len(attached), "erasures": len(orders)},
            rev_ids=[*(each.id for each in lines), *(each.id for each in orders), *(each.id for each in answers)],
        )
        files_made.append(made.path)
        agreement_told(profile)
        for item in part:
            query = office_words.open_query(store, item.id)
            if query is not None and item.id in answering:
                # The office reads the newer version as the answer; nothing else is asked of the branch.
                office_words.answer_query(store, query.id)
            refresh(profile, item.id)
    return MadePack(made.path, int(made.header["number"]), len(part), len(lines), made.bytes, made.sha256)


def _refresh_all(profile: Profile, revs: Iterable[str]) -> None:
    # What was deleted for good since, orders and answers have no version to show.
    for record in {parse(line).revision.record for line in revisions.lines(profile.store, revs)}:
        refresh(profile, record)


__all__ = [
    "Going", "Held", "MadePack", "SendPreview", "SendResult", "WaitingFile", "confirm_by_phone", "mark_emailed",
    "preview", "send", "tell_office_now", "waiting_files",
]  # fmt: skip
