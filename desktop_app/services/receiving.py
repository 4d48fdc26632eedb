"""Receiving: files and folders are looked at one by one; each is added whole, waits, or is refused with its reason.

Forty files with one damaged are thirty-nine files added (packs.md "Strict reader"). What becomes of one file is in
`one_by_one`; here is what a person does with many: look, add, undo, accept a laptop, reply.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from pathlib import Path

from desktop_app.errors import NotFound, RecordError
from desktop_app.storage import incoming, laptops
from desktop_app.storage.incoming import Waiting
from desktop_app.storage.laptops import Device

from . import keeping, replying
from .checking import each_file, verify
from .contacts import KnownLaptop, add_office_card, devices, office_card
from .one_by_one import OneByOne
from .outcomes import FileOutcome, Import, Step, refused
from .profile import Profile
from .recording import refresh
from .sifting import OTHER_BRANCH, STOPPED, UNKNOWN_DEVICE
from .steps import drained

_RETRIED = (UNKNOWN_DEVICE, OTHER_BRANCH, STOPPED)
Progress = Callable[[int, int], None]


def preview(profile: Profile, files: Iterable[Path]) -> Import:
    """What adding these files would come to. Nothing is changed and no file is kept."""
    return drained(preview_steps(profile, files))


def preview_steps(profile: Profile, files: Iterable[Path]) -> Generator[Step, None, Import]:
    """As `preview`, stopping every few milliseconds. A large file is counted, not tried out: a tenth of the time."""
    found = yield from OneByOne(profile, keep=False, in_one_go=False).all(files)
    return replace(found, id=None)


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
    replied: dict[str, Path] | None = None,
) -> Generator[Step, None, Import]:
    """As `receive`, stopping every few milliseconds: what someone types can be saved, and lists read, in between.

    Nothing of a file can be seen before all of it: a large one is looked through ahead of time, into memory and beyond
    32 MB into a sealed file without a name, and then added in one transaction (architecture.md 6). Leaving off between
    two steps, or dying, leaves the file unadded and nothing behind. ``in_one_go``: no stops inside a file. ``replied``: see
    `replying.write_replies`.
    """
    for _ in keeping.before_adding(profile):
        yield Step(0, 0)
    found = yield from OneByOne(profile, keep=True, confirm_words=confirm_words, in_one_go=in_one_go).all(files)
    if reply_dir is None or profile.me.role != "office":
        return found
    told: dict[str, list[str]] = {}
    for each in found.files:
        if each.outcome in ("added", "already") and each.pack:
            told.setdefault(each.device, []).append(each.pack)
    replies = yield from replying.write_replies(profile, reply_dir, told, replied)
    return replace(found, replies=replies)


def reply_to_all(profile: Profile, reply_dir: Path) -> list[Path]:
    """A reply to every accepted laptop: the way to send out a new policy, form or question. Raises `RecordError`."""
    return drained(reply_to_all_steps(profile, reply_dir))


def reply_to_all_steps(
    profile: Profile, reply_dir: Path, replied: dict[str, Path] | None = None
) -> Generator[Step, None, list[Path]]:
    """As `reply_to_all`, a reply at a time; left off between two, calling it with the same ``replied`` makes the others."""
    _office_only(profile)
    told: dict[str, list[str]] = {each.id: [] for each in laptops.devices(profile.store) if each.state == "accepted"}
    for made in incoming.imports(profile.store):
        if made.device in told and made.undone_utc is None:
            told[made.device].append(made.pack)
    return (yield from replying.write_replies(profile, reply_dir, told, replied))


def undo(profile: Profile, *import_ids: int | str) -> list[str]:
    """Undo addings: what came only with them is no longer shown; nothing is deleted. Returns the records touched.

    Taking the same file in again makes it live again; a branch that was told "the office has it" is told otherwise by
    the next reply (record.md "State of a record" 5). All of them in one transaction. Raises `NotFound`.
    """
    made_before = incoming.imports(profile.store)
    group: list[incoming.Import] = []
    for wanted in map(str, import_ids):
        of_one = [made for made in made_before if str(made.summary.get("group", made.id)) == wanted]
        of_one = of_one or [made for made in made_before if str(made.id) == wanted]
        if not of_one:
            raise NotFound(
                "This adding is not known.", safe="Nothing was changed.", do="See the list of what was added."
            )
        group += of_one
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
    return drained(accept_device_steps(profile, device_id, reply_dir, in_one_go=True))


def accept_device_steps(
    profile: Profile, device_id: str, reply_dir: Path | None = None, *, in_one_go: bool = False
) -> Generator[Step, None, Import]:
    """As `accept_device`, in the steps of `receive_steps`: left off between two, `can_be_added` has the files left."""
    _office_only(profile)
    known = _device(profile, device_id)
    if known.state in ("self", "office"):
        raise RecordError("This is this computer itself.", safe="Nothing was changed.")
    laptops.set_device_state(profile.store, known.id, "accepted")
    return (yield from take_in_waiting_steps(profile, reply_dir, in_one_go=in_one_go))


def stop_device(profile: Profile, device_id: str) -> None:
    """Stop accepting a laptop. What it sent before stays; its next files are kept aside. Raises `NotFound`."""
    _office_only(profile)
    known = _device(profile, device_id)
    if known.state in ("self", "office"):
        raise RecordError("This computer cannot stop accepting itself.", safe="Nothing was changed.")
    laptops.set_device_state(profile.store, known.id, "stopped")


def take_in_waiting(profile: Profile, reply_dir: Path | None = None) -> Import:
    """Try every file that waits again: after a laptop was accepted, or the program updated."""
    return drained(take_in_waiting_steps(profile, reply_dir, in_one_go=True))


def take_in_waiting_steps(
    profile: Profile, reply_dir: Path | None = None, *, in_one_go: bool = False
) -> Generator[Step, None, Import]:
    """As `take_in_waiting`, in the steps of `receive_steps`: each file goes in whole, or waits as before.

    One that is not there any more (a backup does not hold what waits) is said once, and then waits no more.
    """
    kept = {each.path: each for each in incoming.waiting(profile.store) if each.reason in (*_RETRIED, "E-NEWER")}
    there = [Path(path) for path in kept if Path(path).exists()]
    gone = [each for path, each in kept.items() if Path(path) not in there]
    found = yield from receive_steps(profile, there, reply_dir, in_one_go=in_one_go)
    for each in gone:
        incoming.remove_waiting(profile.store, each.sha256)
    added = [replace(each, name=kept[each.path].name) for each in found.files]
    return replace(found, files=[*added, *(refused(Path(each.name), _not_there(each.name)) for each in gone)])


def _not_there(name: str) -> NotFound:
    return NotFound(
        f"“{name}” waited here, but is no longer on this computer: a backup does not hold files that wait.",
        safe="Nothing was changed, and the branch keeps what it sends.",
        do="Ask the branch to send it again.",
    )


def can_be_added(profile: Profile) -> list[Waiting]:
    """The files kept aside whose laptop is accepted by now: adding them was left off, as when the records were locked."""
    accepted = {each.id for each in laptops.devices(profile.store) if each.state == "accepted"}
    return [
        each
        for each in incoming.waiting(profile.store)
        if each.device in accepted and each.reason in (UNKNOWN_DEVICE, STOPPED)
    ]


def waiting_files(profile: Profile) -> list[Waiting]:
    """The files kept aside, and why (``reason`` is a code)."""
    return incoming.waiting(profile.store)


def telephone_code(profile: Profile, pack: str) -> str:
    """What the office reads out to say that it has a pack: nine characters. Raises `PackError`."""
    _office_only(profile)
    return replying.code_for(profile, pack)


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
    "FileOutcome", "Import", "KnownLaptop", "Step", "accept_device", "accept_device_steps", "add_office_card",
    "can_be_added", "devices", "each_file", "office_card", "preview", "preview_steps", "receive", "receive_steps",
    "reply_to_all", "reply_to_all_steps", "stop_device", "take_in_waiting", "take_in_waiting_steps", "telephone_code",
    "undo", "verify", "waiting_files",
]  # fmt: skip
