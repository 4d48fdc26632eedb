"""Receiving: files and folders are looked at one by one; each is added whole, waits, or is refused with its reason.

A file that is refused or waits is kept as it came, encrypted, in the quarantine folder; forty files with one damaged
are thirty-nine files added (packs.md "Strict reader", "Unknown device").
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from desktop_app import files as disk
from desktop_app.errors import FileProblem, NotFound, PackError, RecordError, StoreError, WorldError
from desktop_app.exchange.container import OpenedPack, open_pack
from desktop_app.exchange.refusals import NOTHING_CHANGED, forged
from desktop_app.records.erasure import ORDER_MARK
from desktop_app.records.words import six_words
from desktop_app.storage import incoming, laptops, office_words, projection
from desktop_app.storage.incoming import Waiting
from desktop_app.storage.laptops import Device

from . import addresses, keeping, replying
from .checking import SUFFIXES, each_file, is_card, sha256_of, verify
from .contacts import KnownLaptop, add_office_card, devices, office_card, office_of
from .profile import OFFICE_NAME, Profile
from .recording import refresh
from .sifting import OTHER_BRANCH, STOPPED, UNKNOWN_DEVICE, Staged, Taken
from .taking_in import can_be_staged, named_anew, take_in
from .tidying import tidy

_RETRIED = (UNKNOWN_DEVICE, OTHER_BRANCH, STOPPED)
_INDEXED_AT_ONCE = 100  # rows added to the search index between two turns of other work
_LARGE = 200  # changes: a smaller file is added in one go, which takes less than a glance
Progress = Callable[[int, int], None]


class Step(NamedTuple):
    """How far an adding is: which file of how many (from 0), and which change of how many in it."""

    file: int
    files: int
    change: int = 0
    changes: int = 0


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file.

    ``outcome``: ``added``, ``already`` (nothing new in it), ``waiting``, ``refused``, ``reply`` (from the office) or
    ``card``. ``code`` and ``what`` say why it waits or was refused. ``new``, ``changed``, ``same`` and ``two_versions``
    count records, ``waiting`` counts changes that wait. ``deleted``: records that an order in the file removed for good;
    ``left_out``: records in it that were deleted for good before and stay so. ``pack`` is empty when the file could not
    be opened. ``name``
    is the file's name as it came, where ``path`` is our own copy.
    """

    path: str
    outcome: str
    code: str = ""
    new: int = 0
    changed: int = 0
    same: int = 0
    two_versions: int = 0
    waiting: int = 0
    deleted: int = 0
    left_out: int = 0
    what: str = ""
    safe: str = ""
    do: str = ""
    branch: str = ""
    number: int | None = None
    pack: str = ""
    device: str = ""
    words: str = ""
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        """The shape of cli.md, and the sentences of what was refused."""
        shape: dict[str, Any] = {
            "path": self.path,
            "outcome": self.outcome,
            "code": self.code or None,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "two_versions": self.two_versions,
            "waiting": self.waiting,
        }
        more = {"what": self.what, "safe": self.safe, "do": self.do, "words": self.words}
        counts = {"deleted": self.deleted, "left_out": self.left_out}
        return shape | {name: value for name, value in {**counts, **more}.items() if value}


@dataclass(frozen=True)
class Import:
    """One adding of files; ``id`` is what `undo` takes, None when nothing was added (or for a preview)."""

    id: int | None
    files: list[FileOutcome]
    replies: list[Path] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The answer of ``receive``: ``{import, files, replies}``."""
        return {
            "import": self.id,
            "files": [each.as_json() for each in self.files],
            "replies": [str(each) for each in self.replies],
        }


class _LookedAt(Exception):
    """Ends a transaction that was only a look."""


def preview(profile: Profile, files: Iterable[Path]) -> Import:
    """What adding these files would come to. Nothing is changed and no file is kept."""
    found: list[FileOutcome] = []
    try:
        with profile.store.atomic():
            found = keeping.drained(_Receiver(profile, keep=False).all(files)).files
            raise _LookedAt
    except _LookedAt:
        return Import(None, found)


def receive(
    profile: Profile,
    files: Iterable[Path],
    reply_dir: Path | None = None,
    *,
    confirm_words: bool = False,
    progress: Progress | None = None,
) -> Import:
    """Add files from branches (at the office) or from the office (at a branch); folders are looked through.

    Never raises for what is in a file: each has its `FileOutcome`. ``reply_dir`` (at the office): a reply to every
    laptop whose file was added or known. ``confirm_words``: the six words of another card were compared. Raises
    `FileProblem` when this computer's own disk refuses.
    """
    steps = receive_steps(profile, files, reply_dir, confirm_words=confirm_words, in_one_go=True)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            found: Import = end.value
            return found
        if progress is not None and not step.change:
            progress(step.file, step.files)


def receive_steps(
    profile: Profile,
    files: Iterable[Path],
    reply_dir: Path | None = None,
    *,
    confirm_words: bool = False,
    in_one_go: bool = False,
) -> Generator[Step, None, Import]:
    """As `receive`, stopping every few milliseconds: what someone types can be saved, and lists read, in between.

    Nothing of a file can be seen before all of it: a large one is looked through ahead of time, into memory and beyond
    32 MB into a sealed file without a name, and then added in one transaction (architecture.md 6). Leaving off between
    two steps, or dying, leaves the file unadded and nothing behind. ``in_one_go``: no stops inside a file.
    """
    for _ in keeping.before_adding(profile):
        yield Step(0, 0)
    found = yield from _Receiver(profile, keep=True, confirm_words=confirm_words, in_one_go=in_one_go).all(files)
    if reply_dir is None or profile.me.role != "office":
        return found
    told: dict[str, list[str]] = {}
    for each in found.files:
        if each.outcome in ("added", "already") and each.pack:
            told.setdefault(each.device, []).append(each.pack)
    with profile.store.atomic():
        replies = replying.write_replies(profile, reply_dir, told)
    return replace(found, replies=replies)


def reply_to_all(profile: Profile, reply_dir: Path) -> list[Path]:
    """A reply to every accepted laptop: the way to send out a new policy, form or question. Raises `RecordError`."""
    _office_only(profile)
    told: dict[str, list[str]] = {each.id: [] for each in laptops.devices(profile.store) if each.state == "accepted"}
    for made in incoming.imports(profile.store):
        if made.device in told and made.undone_utc is None:
            told[made.device].append(made.pack)
    with profile.store.atomic():
        return replying.write_replies(profile, reply_dir, told)


def undo(profile: Profile, import_id: int | str) -> list[str]:
    """Undo an adding: what came only with it is no longer shown; nothing is deleted. Returns the records touched.

    Taking the same file in again makes it live again; a branch that was told "the office has it" is told otherwise by
    the next reply (record.md "State of a record" 5). Raises `NotFound`.
    """
    wanted = str(import_id)
    made_before = incoming.imports(profile.store)
    group = [made for made in made_before if str(made.summary.get("group", made.id)) == wanted]
    group = group or [made for made in made_before if str(made.id) == wanted]
    if not group:
        raise NotFound("This adding is not known.", safe="Nothing was changed.", do="See the list of what was added.")
    touched: dict[str, None] = {}
    with profile.store.atomic():
        for made in group:
            if made.undone_utc is None:
                touched.update(dict.fromkeys(incoming.undo_import(profile.store, made.id, profile.utc_now())))
        for record in touched:
            refresh(profile, record)
        if profile.me.role == "office":
            for made in group:
                replying.note_undone(profile, made)
    return list(touched)


def accept_device(profile: Profile, device_id: str, reply_dir: Path | None = None) -> Import:
    """The six words were compared: accept this laptop, and add every file of it that waits. Raises `NotFound`."""
    _office_only(profile)
    known = _device(profile, device_id)
    if known.state in ("self", "office"):
        raise RecordError("This is this computer itself.", safe="Nothing was changed.")
    laptops.set_device_state(profile.store, known.id, "accepted")
    return take_in_waiting(profile, reply_dir)


def stop_device(profile: Profile, device_id: str) -> None:
    """Stop accepting a laptop. What it sent before stays; its next files are kept aside. Raises `NotFound`."""
    _office_only(profile)
    known = _device(profile, device_id)
    if known.state in ("self", "office"):
        raise RecordError("This computer cannot stop accepting itself.", safe="Nothing was changed.")
    laptops.set_device_state(profile.store, known.id, "stopped")


def take_in_waiting(profile: Profile, reply_dir: Path | None = None) -> Import:
    """Try every file that waits again: after a laptop was accepted, or the program updated."""
    kept = {each.path: each for each in incoming.waiting(profile.store) if each.reason in (*_RETRIED, "E-NEWER")}
    found = receive(profile, [Path(path) for path in kept if Path(path).exists()], reply_dir)
    return replace(found, files=[replace(each, name=kept[each.path].name) for each in found.files])


def waiting_files(profile: Profile) -> list[Waiting]:
    """The files kept aside, and why (``reason`` is a code)."""
    return incoming.waiting(profile.store)


def telephone_code(profile: Profile, pack: str) -> str:
    """What the office reads out to say that it has a pack: nine characters. Raises `PackError`."""
    _office_only(profile)
    return replying.code_for(profile, pack)


# --- one file after the other -----------------------------------------------------------------------------------------


class _Receiver:
    """One call of `receive` or `preview`; ``keep`` is False for a look."""

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
            while projection.freshen_some(self._profile.store, most):
                yield self._at
        return Import(self._group, outcomes)

    def _one(self, path: Path) -> Generator[Step, None, FileOutcome]:
        try:
            if is_card(path):
                return self._card(path)
            digest = sha256_of(path)
        except WorldError as refused:
            return _refused(path, refused)
        try:
            with open_pack(path, self._profile.reading_identities) as opened:
                return (yield from self._opened(path, digest, opened))
        except (FileProblem, StoreError):
            raise  # this computer's own trouble, not the file's
        except WorldError as refused:
            self._set_aside(path, digest, "", refused.code)
            return _refused(path, refused)

    def _card(self, path: Path) -> FileOutcome:
        card = add_office_card(self._profile, path, self._confirm_words)
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
            return _said(replace(about, outcome="waiting", code=UNKNOWN_DEVICE, waiting=1), _unknown(device))
        if device.state == "stopped":
            raise PackError(
                f"The office has stopped accepting files of this laptop ({device.branch}).",
                safe=NOTHING_CHANGED,
                do="Telephone the branch. If the laptop is theirs after all, accept it again.",
                code=STOPPED,
            )
        utc = self._profile.utc_now()
        many = int((header.get("counts") or {}).get("revisions", 0)) >= _LARGE
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
        return replace(found, outcome="reply") if found.outcome != "waiting" else found

    def _sender(self, opened: OpenedPack) -> Device:
        """The device that signed, as known here; a new one is noted as waiting. Raises `PackError`."""
        said = opened.payload.registration()
        if said.device != opened.device or said.signing_key != opened.device_key:
            raise forged("it names another laptop than the one that signed it")
        store = self._profile.store
        known = laptops.device(store, said.device)
        if known is None:
            known = Device(
                said.device, said.name, said.branch, said.role, said.signing_key, said.age, said.exchange, "waiting"
            )
            laptops.put_device(store, known, self._profile.utc_now())
        elif known.state == "accepted" and (known.name, known.role) != (said.name, said.role):
            known = named_anew(known, said.name, said.role)
            laptops.put_device(store, known, self._profile.utc_now())
        if known.state == "accepted":
            addresses.note_said(self._profile, known.branch, said.reply_to)
        return known

    def _add(
        self, path: Path, digest: str, opened: OpenedPack, about: FileOutcome, utc: str, take: Callable[[int], Taken]
    ) -> FileOutcome:
        profile, store = self._profile, self._profile.store
        taken = Taken()
        with _one_transaction(profile) as keep:
            number = incoming.begin_import(
                store, utc=utc, pack=opened.pack, device=opened.device, name=path.name, sha256=digest,
                number=int(opened.header["number"]),
            )  # fmt: skip
            taken = take(number)
            if taken.anything:
                keep()
                group = number if self._group is None else self._group
                incoming.set_summary(store, number, {"group": group, "new": taken.new, "changed": taken.changed})
                self._group = group
                self._answered(taken)
        if self._keep and any(each.startswith(ORDER_MARK) for each in taken.held):
            tidy(profile.store, profile.paths, profile.me.branch, force=True)
        if profile.me.role == "office" and self._keep:
            replying.note_receipt(profile, opened, taken)
        if taken.waiting:
            self._set_aside(path, digest, opened.device, taken.reason)
        else:
            self._take_out(digest)
        outcome = "added" if taken.anything else "waiting" if taken.waiting else "already"
        found = replace(
            about, outcome=outcome, code=taken.reason, new=taken.new, changed=taken.changed, same=len(taken.same),
            two_versions=taken.two_versions, waiting=len(taken.waiting), deleted=len(taken.deleted),
            left_out=len(taken.left_out),
        )  # fmt: skip
        return _said(found, _some_wait(taken)) if taken.waiting else found

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
        incoming.add_waiting(profile.store, Waiting(digest, profile.utc_now(), path.name, device, reason, str(kept)))

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


def _refused(path: Path, refused: WorldError) -> FileOutcome:
    return FileOutcome(str(path), "refused", code=refused.code, what=refused.what, safe=refused.safe, do=refused.do)


def _said(outcome: FileOutcome, sentences: tuple[str, str, str]) -> FileOutcome:
    what, safe, do = sentences
    return replace(outcome, what=what, safe=safe, do=do)


def _unknown(device: Device) -> tuple[str, str, str]:
    return (
        f"This file comes from a laptop of {device.branch} that you have not spoken to yet.",
        "The file is kept, and added as soon as you accept the laptop.",
        f"Telephone the branch and compare six words: {six_words(device.signing_key)}.",
    )


def _some_wait(taken: Taken) -> tuple[str, str, str]:
    what = {
        UNKNOWN_DEVICE: "Some of it was written on a laptop that you have not spoken to yet.",
        OTHER_BRANCH: "Some of it changes another branch's record.",
        STOPPED: "Some of it was written on a laptop that is no longer accepted.",
    }[taken.reason]
    return what, "The file is kept; that part waits.", "Telephone the branch."


def _device(profile: Profile, device_id: str) -> Device:
    """A device by its id, or the beginning of it. Raises `NotFound`."""
    found = [each for each in laptops.devices(profile.store) if device_id and each.id.startswith(device_id)]
    if len(found) != 1:
        raise NotFound("This laptop is not known here.", safe="Nothing was changed.", do="See the list of laptops.")
    return found[0]


def _office_only(profile: Profile) -> None:
    if profile.me.role != "office":
        raise RecordError("Only the national office does this.", safe="Nothing was changed.")


__all__ = [
    "FileOutcome", "Import", "KnownLaptop", "Step", "accept_device", "add_office_card", "devices", "each_file", "office_card",
    "preview", "receive", "receive_steps", "reply_to_all", "stop_device", "take_in_waiting", "telephone_code", "undo", "verify",
    "waiting_files",
]  # fmt: skip
