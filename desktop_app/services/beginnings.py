"""Records begun and left without a word: they go again by themselves, and nobody has to throw them away.

A record that the window begins is remembered with what its form filled in by itself. While it says just that, leaving
it drops it; when the program was killed in between, the next start does.
"""

from __future__ import annotations

import hashlib
import json

from desktop_app.storage import drafts, revisions

from .content import Content
from .meetings import start_meeting
from .private_notes import add_note
from .profile import Profile
from .recording import discard_draft, start

_KEPT = "records_begun"
_MEETING = "senco_meeting"


def begin(profile: Profile, form_id: str) -> str:
    """A new record to be written in now. Returns its id."""
    return _remember(profile, start_meeting(profile) if form_id == _MEETING else start(profile, form_id))


def begin_note(profile: Profile, record: str) -> str:
    """A new private note about a record, to be written in now. Returns the note's id. Raises `NotFound`."""
    return _remember(profile, add_note(profile, record))


def drop_untouched(profile: Profile, record: str) -> bool:
    """Drop a record in which nothing was written since it was begun; True when it is gone."""
    kept = _kept(profile)
    if record not in kept:
        return False
    begun = kept.pop(record)
    untouched = _says(profile, record) == begun and not revisions.of_record(profile.store, record)
    if untouched:
        with profile.store.atomic():
            discard_draft(profile, record)
            profile.store.set_setting(_KEPT, json.dumps(kept))
    return untouched


def drop_all_untouched(profile: Profile) -> list[str]:
    """As `drop_untouched`, for all that an earlier run of the program left behind. Returns what is gone."""
    gone = [record for record in _kept(profile) if drop_untouched(profile, record)]
    if _kept(profile):
        profile.store.set_setting(_KEPT, None)  # the others have been written in
    return gone


def _remember(profile: Profile, record: str) -> str:
    said = _says(profile, record)
    kept = {known: begun for known, begun in _kept(profile).items() if _says(profile, known) == begun}
    profile.store.set_setting(_KEPT, json.dumps({**kept, record: said}))
    return record


def _kept(profile: Profile) -> dict[str, str]:
    kept: dict[str, str] = json.loads(profile.store.setting(_KEPT) or "{}")
    return kept


def _says(profile: Profile, record: str) -> str:
    """A digest of what the draft says; empty where there is none. What a form works out is not what a person wrote."""
    draft = drafts.load(profile.store, record)
    if draft is None:
        return ""
    content = Content.from_json(draft.content)
    said = [content.answers, dict(content.typed), [blob.sha256 for blob in content.blobs]]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
