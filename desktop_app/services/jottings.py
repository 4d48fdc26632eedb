"""Jottings, each by the name its box gave it: kept while they are typed, and one draft at most, whichever way they come.

The words of a jotting can lie in three places: in its box and so in a setting of the encrypted records, in the queue of what
is to be saved, and, when a full disk met a lock, sealed beside the records. Each place says the same name, which becomes the
record's own; so recovering them twice, in any order, comes to one draft.
"""

from __future__ import annotations

import json
from collections.abc import Container
from uuid import NAMESPACE_OID, uuid5

from desktop_app.records.strict_json import clean_text
from desktop_app.storage import drafts, erasures, revisions

from .content import Content, value_at
from .profile import Profile
from .recording import jot, save_draft

_IN_HAND = "jottings_in_hand"
_WORDS = "about/summary"


def keep(profile: Profile, name: str, text: str) -> None:
    """Remember what stands in the box of this jotting now; nothing, when it is empty."""
    _keep(profile, {**_in_hand(profile), name: text.strip()})


def put(profile: Profile, name: str, text: str) -> str:
    """Make a jotting the draft it was meant to be, once: again with the same words changes nothing. Returns its id.

    Words of an earlier moment give way to longer ones; words that differ from what became of the draft meanwhile are a
    draft of their own, which is made once as well. What was deleted for good does not come back (then ``""``).
    """
    words = clean_text(text).strip()
    with profile.store.atomic():
        _keep(profile, {**_in_hand(profile), name: ""})
        record = name
        while not erasures.is_erased(profile.store, record):
            draft = drafts.load(profile.store, record)
            if draft is None and revisions.state(profile.store, record) is None:
                return jot(profile, words, record=record)
            content = Content.from_json(draft.content) if draft is not None else None
            there = value_at(content.answers, _WORDS) or "" if content is not None else _ready_words(profile, record)
            if words in there:
                return record
            if draft is not None and content is not None and not draft.parents and there in words:
                save_draft(profile, record, content.with_answer(_WORDS, words))
                return record
            record = str(uuid5(NAMESPACE_OID, f"{record} {words}"))
    return ""


def rescue(profile: Profile, but: Container[str] = ()) -> list[str]:
    """Make drafts of what an earlier run left in its boxes, but for those whose newer words are on their way already."""
    with profile.store.atomic():
        return [put(profile, name, text) for name, text in _in_hand(profile).items() if name not in but]


def _ready_words(profile: Profile, record: str) -> str:
    state = revisions.state(profile.store, record)
    return (value_at(state.answers, _WORDS) or "") if state is not None else ""


def _in_hand(profile: Profile) -> dict[str, str]:
    found: dict[str, str] = json.loads(profile.store.setting(_IN_HAND) or "{}")
    return found


def _keep(profile: Profile, jottings: dict[str, str]) -> None:
    left = {name: text for name, text in jottings.items() if text}
    if left != _in_hand(profile):
        profile.store.set_setting(_IN_HAND, json.dumps(left, ensure_ascii=False) if left else None)
