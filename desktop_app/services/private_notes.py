"""Private notes: records of this branch only, each about another record (record.md: ``branch_only``).

The note names the record it is about; the record says nothing of the note, because what a record says travels. Which
notes there are is kept beside the records, on this computer alone.
"""

from __future__ import annotations

import json
from dataclasses import replace

from desktop_app.records.revision import Link

from .profile import Profile
from .recording import open_record, save_draft, start
from .sorting import Linked, linked

NOTE_ON = "note_on"
_KEPT = "private_notes"
_FORM = "evidence"


def add_note(profile: Profile, record: str) -> str:
    """Begin a note about a record; it is never sent. Returns the note's id. Raises `NotFound`."""
    open_record(profile, record)
    with profile.store.atomic():
        note = start(profile, _FORM, branch_only=True)
        content = open_record(profile, note).content
        save_draft(profile, note, replace(content, links=(*content.links, Link(NOTE_ON, record, ""))))
        kept = _kept(profile)
        kept.setdefault(record, []).append(note)
        profile.store.set_setting(_KEPT, json.dumps(kept))
    return note


def notes_on(profile: Profile, record: str) -> list[Linked]:
    """The notes about a record that are still here, oldest first. Writes nothing."""
    content = replace(open_record(profile, record).content, links=())
    named = tuple(Link(_KEPT, note, "") for note in _kept(profile).get(record, ()))
    return linked(profile, replace(content, links=named))


def _kept(profile: Profile) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = json.loads(profile.store.setting(_KEPT) or "{}")
    return kept
