"""Writing one file of either direction: numbered, named for people, with every form it needs, read back and noted."""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from desktop_app import __version__
from desktop_app.errors import WorldError
from desktop_app.exchange.bag import BagWriter
from desktop_app.exchange.container import PackInfo, write_pack
from desktop_app.exchange.limits import FORM_BYTES, FORM_LISTS, FORM_LISTS_BYTES
from desktop_app.exchange.payload import PackContents, form_package, members
from desktop_app.files import remove
from desktop_app.forms.definition import FormDefinition
from desktop_app.storage import keys, office_slots, outgoing
from desktop_app.wanted import watched

from .profile import Profile

_TOLD = "office_slot_told"


def add_forms(profile: Profile, contents: PackContents, packages: Iterable[str]) -> None:
    """Put form packages and the lists they name into a file, so that it can be read without this program's forms."""
    forms, reference = dict(contents.forms), dict(contents.reference)
    for package in sorted(packages):
        form = profile.forms.package(package)
        forms[package], lists = form_package(form.xml, form.lists)
        reference |= lists
    contents.forms, contents.reference = forms, reference


def too_large_to_travel(form: FormDefinition) -> bool:
    """Whether a reply with this form would be one that no branch can read."""
    package, lists = form_package(form.xml, form.lists)
    sizes = [len(data) for data in form.lists.values()]
    parts = [len(package), *map(len, lists.values())]
    return max(parts) > FORM_BYTES or len(sizes) > FORM_LISTS or sum(sizes) > FORM_LISTS_BYTES


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
    number = outgoing.next_number(store)
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
        "previous_sha256": outgoing.previous_sha256(store),
        "created_utc": made_utc,
        "offset_min": int(offset.total_seconds() // 60) if offset else 0,
        "app": f"branch-evidence {__version__}",
        "counts": counts,
    }
    info = write_pack(out, bag, header, keys=profile.keys, recipients=readers_of_it)
    with ExitStack() as undone:
        undone.callback(_take_away_unless_noted, profile, out)
        outgoing.made(
            store, pack, number, made_utc, info.payload_sha256, str(out), rev_ids, readers_of_it, bytes=info.bytes
        )
        undone.pop_all()
    return info


@contextmanager
def only_with(profile: Profile) -> Iterator[list[Path]]:
    """A transaction and the files that belong to it: what is put into the list is taken away again when it is undone."""
    made: list[Path] = []

    def take_away() -> None:
        for path in made:
            _take_away_unless_noted(profile, path)

    with ExitStack() as undone:
        undone.callback(take_away)
        with profile.store.atomic():
            yield made
        undone.pop_all()


def _take_away_unless_noted(profile: Profile, path: Path) -> None:
    """After a failure. What fails last of all, the sync of the folder, comes when all is kept already: then the file stays."""
    # A whole file that nobody was told of does no harm; its name is not used again. Locking must not stop this half-way.
    with watched(None), suppress(WorldError):
        if not outgoing.is_noted(profile.store, str(path)):
            remove(path)


def file_word(name: str) -> str:
    """A branch's name as every system takes it in a file name: ``Kingston upon Hull`` is ``Kingston-upon-Hull``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-") or "Branch"


def office_slot(profile: Profile) -> dict[str, Any] | None:
    """The slot that opens these records with the office's recovery key, if that was agreed to; never another slot."""
    kept = json.loads(keys.slots_bytes(profile.paths))
    slots = [slot for slot in kept["slots"] if slot.get("kind") == "office"]
    return {**kept, "slots": slots} if slots else None


def agreement_news(profile: Profile) -> bool:
    """Whether the office has yet to hear, by the next file, that it may unlock these records, or may no longer."""
    return _agreement(profile) != (profile.store.setting(_TOLD) or "")


def agreement_told(profile: Profile) -> None:
    """A file was made that says it."""
    profile.store.set_setting(_TOLD, _agreement(profile))


def _agreement(profile: Profile) -> str:
    return office_slots.office_recipient(keys.slots_bytes(profile.paths))
