"""What was typed and could not be saved: one draft as data, so that it can be sealed, kept, and saved later.

A full disk can meet the last draft of a page that goes away. Locking then seals the words and drops the key; the next
opening puts them into the records, or, when there is still no room, gives them back to the window.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from desktop_app.errors import FileProblem, NotFound, StoreError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import unsaved as sealed_beside
from desktop_app.storage.unsaved import keep_reserve

from .content import Content
from .profile import Profile

_TAKEN = "unsaved_taken"
"""The setting that says which sealed words were taken in last: a crash before they are removed must not double them."""

__all__ = ["Typed", "drop", "keep_beside", "keep_reserve", "lie_beside", "seal", "take_in"]


@dataclass(frozen=True)
class Typed:
    """A draft on its way into the records: a record as it stands on its page, or, without ``content``, a jotting.

    ``record``: its id; a jotting's is the name its box gave it, so that its words come to one draft whichever way they
    come (`jottings`). ``package`` names the version of the form it was filled with.
    """

    record: str = ""
    content: Content | None = None
    package: str = ""
    jotting: str = ""

    def save(self, profile: Profile) -> str:
        """Write it; answers the record's id. Raises `NotFound` when the record was deleted meanwhile."""
        from . import jottings, recording

        if self.content is None:
            return jottings.put(profile, self.record, self.jotting)
        recording.save_draft(profile, self.record, self.content, form=profile.forms.package(self.package))
        return self.record


def seal(profile: Profile, waiting: Mapping[str, Typed]) -> bytes:
    """All that waits, by its name, as bytes that only these records' key opens."""
    rows = {
        name: [typed.record, typed.content.as_json() if typed.content else None, typed.package, typed.jotting]
        for name, typed in waiting.items()
    }
    return sealed_beside.seal(profile.store, json.dumps(rows, ensure_ascii=False).encode())


def keep_beside(paths: ProfilePaths, sealed: bytes) -> None:
    """Write what `seal` gave beside the records. Raises `FileProblem`."""
    sealed_beside.keep_beside(paths, sealed)


def lie_beside(paths: ProfilePaths) -> bool:
    """Whether sealed words lie beside the records."""
    return paths.unsaved.exists()


def take_in(profile: Profile, sealed: bytes | None = None) -> dict[str, Typed]:
    """Put what was sealed into the records, all of it or, without room, nothing; answers what then still waits.

    ``sealed``: what the window kept in memory; without it, what lies beside the records. What cannot be read is set
    aside, and a record deleted meanwhile is not brought back.
    """
    found = sealed if sealed is not None else sealed_beside.beside(profile.paths)
    if found is None:
        return {}
    plain = sealed_beside.unseal(profile.store, found)
    if plain is None:
        if lie_beside(profile.paths):
            sealed_beside.set_aside(profile.paths)
        return {}
    waiting = {
        name: Typed(record, Content.from_json(content) if content is not None else None, package, jotting)
        for name, (record, content, package, jotting) in json.loads(plain).items()
    }
    try:
        _save(profile, waiting, hashlib.sha256(found).hexdigest())
    except (FileProblem, StoreError):
        return waiting
    with suppress(FileProblem):  # it is known by its mark, and tried again at the next opening
        drop(profile.paths)
    return {}


def drop(paths: ProfilePaths) -> None:
    """What lay beside the records is in them now. Raises `FileProblem`."""
    sealed_beside.drop(paths)


def _save(profile: Profile, waiting: Mapping[str, Typed], mark: str) -> None:
    if profile.store.setting(_TAKEN) == mark:
        return
    with profile.store.atomic():
        for typed in waiting.values():
            try:
                typed.save(profile)
            except NotFound:
                continue
        profile.store.set_setting(_TAKEN, mark)
