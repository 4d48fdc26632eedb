"""Remove these words everywhere: from a record's draft, from its versions that were never sent, from what can be undone.

What has left this laptop in a file cannot be called back by a new version; `Removed.sent` says so, and the way for that
is to delete the record for good (record.md "Only what is seen goes").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop_app.errors import RecordError, UsageProblem
from desktop_app.records.removal import places as standing
from desktop_app.records.removal import without
from desktop_app.storage import drafts, revisions, search_index

from .content import Content
from .profile import Profile
from .versions import make_revision, refresh


@dataclass(frozen=True)
class Removed:
    """``places``: how often the words stood in what is seen; ``shredded``: versions that are gone with them;
    ``sent``: they also stand in a version that was sent.
    """

    places: int
    shredded: int
    sent: bool


def remove_words(profile: Profile, record: str, words: str, instead: str = "") -> Removed:
    """Put ``instead`` (or nothing) wherever the words stand in a record, in any case.

    Unsent versions that hold them are shredded with the words. Raises `UsageProblem`, `RecordError`.
    """
    sought = " ".join(words.split())
    if not sought:
        raise UsageProblem("No words to remove were given.")
    if standing(sought, instead, any_case=True):
        raise UsageProblem("The words would stand in what is to replace them.", do="Choose other words.")
    state = revisions.state(profile.store, record)
    if state is not None and state.two_versions:
        raise RecordError(
            "This record has two versions.",
            safe="Nothing was changed.",
            do="Choose between them first, then try again.",
        )
    places = 0
    with profile.store.atomic():
        draft = drafts.load(profile.store, record)
        before = set(revisions.unsent(profile.store, record))
        parents = draft.parents if draft else ()
        if state is not None and before:
            content, found = cleaned(Content.of_state(state), sought, instead)
            places += 0 if draft else found
            if found or _held(profile, record, before, sought):
                op = "withdraw" if state.withdrawn else "put"
                make_revision(profile, record, state.form, content, parents=state.heads, op=op, state=state.state)
                parents = tuple(revisions.squash_unsent(profile.store, record, profile.keys.signing_seed))
        elif state is not None and draft is None:
            content, places = cleaned(Content.of_state(state), sought, instead)
            if places:  # only sent versions hold them: a draft without them, to be sent like any change
                drafts.save(profile.store, record, state.form, content.as_json(), tuple(state.heads))
        if draft is not None:
            content, found = cleaned(Content.from_json(draft.content), sought, instead)
            places += found
            drafts.save(profile.store, record, draft.form, content.as_json(), parents)
        drafts.forget_journal(profile.store, record)
        refresh(profile, record)
        search_index.freshen_index(profile.store)  # an index keeps words it no longer needs until it is made afresh
        after = set(revisions.unsent(profile.store, record))
        signed = revisions.of_record(profile.store, record)
        sent = any(revisions.says(one.body, sought) for one in signed if one.id not in after)
    return Removed(places, len(before - after), sent)


def _held(profile: Profile, record: str, unsent: set[str], words: str) -> bool:
    return bool(unsent.intersection(revisions.holding(profile.store, record, words)))


def cleaned(content: Content, words: str, instead: str = "") -> tuple[Content, int]:
    """The content without the words, and in how many places they stood."""
    count = 0

    def done(text: str) -> str:
        nonlocal count
        left, found = without(text, words, instead, any_case=True)
        count += found
        return left

    def through(part: Any) -> Any:
        if isinstance(part, str):
            return done(part)
        if isinstance(part, Mapping):
            return {name: value if name in ("_id", "_order") else through(value) for name, value in part.items()}
        return [through(value) for value in part] if isinstance(part, list) else part

    made = replace(
        content,
        answers=through(content.answers),
        typed={leaf: done(raw) for leaf, raw in content.typed.items()},
        blobs=tuple(replace(blob, name=done(blob.name) or "attachment") for blob in content.blobs),
    )
    seen = count
    made = replace(made, derived={name: done(value) for name, value in content.derived.items()})
    return made, seen
