"""One file after the other: each is opened, judged, and added whole, kept waiting, or refused; or only looked at.

A file that is refused or waits is kept as it came, encrypted, in the folder of files that wait (packs.md "Strict reader",
"Unknown device").
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from desktop_app import files as disk
from desktop_app.errors import FileProblem, PackError, StoreError, WorldError
from desktop_app.exchange.container import OpenedPack, open_pack
from desktop_app.exchange.refusals import NOTHING_CHANGED, forged
from desktop_app.records.erasure import ORDER_MARK
from desktop_app.records.strict_json import clean_text
from desktop_app.records.words import six_words
from desktop_app.storage import incoming, laptops, office_words, search_index
from desktop_app.storage.incoming import Waiting
from desktop_app.storage.laptops import Device

from . import addresses, replying
from .checking import SUFFIXES, each_file, is_card, sha256_of
from .contacts import add_office_card, look_at_card, office_of, renew_agreement
from .looking import look_through
from .outcomes import FileOutcome, Import, Step, counted, refused, said, unknown
from .profile import OFFICE_NAME, Profile
from .recording import refresh
from .sifting import STOPPED, UNKNOWN_DEVICE, Staged, Taken
from .taking_in import can_be_staged, named_anew, note_agreement, take_in
from .tidying import tidy

_INDEXED_AT_ONCE = 100  # rows added to the search index between two turns of other work
_LARGE = 200  # changes: a smaller file is added in one go, which takes less than a glance


class _LookedAt(Exception):
    """Ends a transaction that was only a look."""


class OneByOne:
    """One call of `receive` or `preview`; ``keep`` is False for a look, which writes nothing and keeps no file."""

    def __init__(self, profile: Profile, *, keep: bool, confirm_words: bool = False, in_one_go: bool = True) -> None:
        self._profile = profile
        self._keep = keep
        self._confirm_words = confirm_words
        self._in_one_go = in_one_go
        self._group: int | None = None
        self._at = Step(0, 0)

    def all(self, files: Iterable[Path]) -> Generator[Step, None, Import]:
        paths = list(each_file(files))
        outcomes = []
        for number, path in enumerate(paths):
            self._at = Step(number, len(paths))
            yield self._at
            outcomes.append((yield from self._one(path)))
        if self._keep:
            most = 1_000_000 if self._in_one_go else _INDEXED_AT_ONCE
            while search_index.freshen_some(self._profile.store, most):
                yield Step(len(paths), len(paths))
        return Import(self._group, outcomes)

    def _one(self, path: Path) -> Generator[Step, None, FileOutcome]:
        try:
            if is_card(path):
                return self._card(path)
            digest = sha256_of(path)
        except WorldError as why:
            return refused(path, why)
        try:
            with open_pack(path, self._profile.reading_identities) as opened:
                return (yield from self._opened(path, digest, opened))
        except (FileProblem, StoreError):
            raise  # this computer's own trouble, not the file's
        except WorldError as why:
            self._set_aside(path, digest, "", why.code)
            return refused(path, why)

    def _card(self, path: Path) -> FileOutcome:
        add = add_office_card if self._keep else look_at_card
        card = add(self._profile, path, self._confirm_words)
        return FileOutcome(str(path), "card", words=card.words, branch=card.name, device=card.device)

    def _opened(self, path: Path, digest: str, opened: OpenedPack) -> Generator[Step, None, FileOutcome]:
        header = opened.header
        about = FileOutcome(
            str(path), "refused", branch=str(header["branch"]), number=int(header["number"]), pack=opened.pack,
            device=opened.device,
        )  # fmt: skip
        if header["kind"] == "office":
            return self._reply(path, digest, opened, about)
        device = self._sender(opened)
        about = replace(about, branch=device.branch, words=six_words(device.signing_key))
        if device.state == "waiting":
            self._set_aside(path, digest, device.id, UNKNOWN_DEVICE)
            return said(replace(about, outcome="waiting", code=UNKNOWN_DEVICE, waiting=1), unknown(device))
        if device.state == "stopped":
            self._set_aside(path, digest, device.id, STOPPED)
            raise PackError(
                f"The office has stopped accepting files of this laptop ({device.branch}).",
                safe=NOTHING_CHANGED,
                do="Telephone the branch. If the laptop is theirs after all, accept it again.",
                code=STOPPED,
            )
        utc = self._profile.utc_now()
        many = int((header.get("counts") or {}).get("revisions", 0)) >= _LARGE
        if many and not self._keep:
            return (yield from self._looked_at(opened, about))
        if self._in_one_go or not many or not can_be_staged(self._profile, opened):
            return self._add(
                path, digest, opened, about, utc, lambda number: take_in(self._profile, opened, number, utc)
            )
        yield self._at
        with closing(Staged(self._profile, utc)) as staged:
            for done in staged.look_through(opened):
                yield self._at._replace(change=done, changes=int(header["counts"]["revisions"]))
            return self._add(
                path, digest, opened, about, utc, lambda number: take_in(self._profile, opened, number, utc, staged)
            )

    def _reply(self, path: Path, digest: str, opened: OpenedPack, about: FileOutcome) -> FileOutcome:
        card = office_of(self._profile)
        if card is None or opened.device != card.device:
            raise PackError(
                "This reply comes from an office whose card you have not added.",
                safe=NOTHING_CHANGED,
                do="If the national office has a new card, telephone, add the card, and then add this file again.",
                code="E-UNKNOWNOFFICE",
            )
        if self._profile.me.role == "office":
            return replace(about, outcome="already", branch=OFFICE_NAME)
        about = replace(about, branch=OFFICE_NAME)
        found = self._add(
            path, digest, opened, about, self._profile.utc_now(),
            lambda number: replying.take_reply(self._profile, opened, card, number),
        )  # fmt: skip
        if self._keep:
            renew_agreement(self._profile)
        return replace(found, outcome="reply") if found.outcome != "waiting" else found

    def _looked_at(self, opened: OpenedPack, about: FileOutcome) -> Generator[Step, None, FileOutcome]:
        """A large file by what it says of itself, under its one signature: counts, without doing the work of adding."""
        steps = look_through(self._profile, opened)
        many = int(opened.header["counts"]["revisions"])
        while True:
            try:
                done = next(steps)
            except StopIteration as end:
                return counted(about, end.value)
            yield self._at._replace(change=done, changes=many)

    def _sender(self, opened: OpenedPack) -> Device:
        """The device that signed, as known here; a new one is noted as waiting. Raises `PackError`."""
        names = opened.payload.registration()
        if names.device != opened.device or names.signing_key != opened.device_key:
            raise forged("it names another laptop than the one that signed it")
        store = self._profile.store
        known = laptops.device(store, names.device)
        before = known
        if known is None:
            known = Device(
                names.device, names.name, names.branch, names.role, names.signing_key, names.age, names.exchange, "waiting"
            )
        elif known.state == "accepted" and (known.name, known.role) != (names.name, names.role):
            known = named_anew(known, names.name, names.role)
        if known != before and self._keep:
            laptops.put_device(store, known, self._profile.utc_now())
        if known.state == "accepted" and self._keep:
            addresses.note_said(self._profile, known.branch, names.reply_to)
        return known

    def _add(
        self, path: Path, digest: str, opened: OpenedPack, about: FileOutcome, utc: str, take: Callable[[int], Taken]
    ) -> FileOutcome:
        profile, store = self._profile, self._profile.store
        taken = Taken()
        with _one_transaction(profile) as keep:
            number = incoming.begin_import(
                store, utc=utc, pack=opened.pack, device=opened.device, name=self._called(path, digest), sha256=digest,
                number=int(opened.header["number"]),
            )  # fmt: skip
            taken = take(number)
            if taken.anything and self._keep:
                keep()
                group = number if self._group is None else self._group
                incoming.set_summary(store, number, {"group": group, "new": taken.new, "changed": taken.changed})
                self._group = group
                self._answered(taken)
                self._note_receipt(opened, taken)  # in the same transaction: what is held is never without its receipt
        if self._keep and any(each.startswith(ORDER_MARK) for each in taken.held):
            tidy(profile.store, profile.paths, profile.me.branch, profile.me.device, force=True)
        if self._keep:
            note_agreement(profile, opened)  # what the transaction undid, where there was nothing else to add
        if not taken.anything:
            self._note_receipt(opened, taken)
        if taken.waiting:
            self._set_aside(path, digest, opened.device, taken.reason)
        else:
            self._take_out(digest)
        return counted(about, taken)

    def _note_receipt(self, opened: OpenedPack, taken: Taken) -> None:
        if self._profile.me.role == "office" and self._keep:
            replying.note_receipt(self._profile, opened, taken)

    def _answered(self, taken: Taken) -> None:
        """At the office: a branch's newer version of a record answers the question put to it."""
        if self._profile.me.role != "office":
            return
        asked = {query.record for query in office_words.queries(self._profile.store)}
        for record in asked.intersection(taken.records):
            query = office_words.open_query(self._profile.store, record)
            if query is not None and query.sent:
                office_words.answer_query(self._profile.store, query.id)
                refresh(self._profile, record)

    def _set_aside(self, path: Path, digest: str, device: str, reason: str) -> None:
        """Keep the file as it came. Our own copy is made first: a drive may be pulled out."""
        if not self._keep:
            return
        profile = self._profile
        kept = profile.paths.quarantine / f"{digest[:32]}{path.suffix if path.suffix in SUFFIXES else '.file'}"
        if not kept.exists():
            disk.make_dirs(profile.paths.quarantine)
            disk.copy_file(path, kept)
        name = self._called(path, digest)
        incoming.add_waiting(profile.store, Waiting(digest, profile.utc_now(), name, device, reason, str(kept)))

    def _called(self, path: Path, digest: str) -> str:
        """The name the file came with: our own copy of one that waited is named otherwise."""
        waited = (each.name for each in incoming.waiting(self._profile.store) if each.sha256 == digest)
        return next(waited, clean_text(path.name))

    def _take_out(self, digest: str) -> None:
        """The file need not be kept any more."""
        if not self._keep:
            return
        for each in incoming.waiting(self._profile.store):
            if each.sha256 == digest:
                incoming.remove_waiting(self._profile.store, digest)
                disk.remove(Path(each.path))


@contextmanager
def _one_transaction(profile: Profile) -> Iterator[Callable[[], None]]:
    """A transaction that is undone unless its `keep` was called: a file with nothing new leaves no trace."""
    kept = False

    def keep() -> None:
        nonlocal kept
        kept = True

    try:
        with profile.store.atomic():
            yield keep
            if not kept:
                raise _LookedAt
    except _LookedAt:
        pass
