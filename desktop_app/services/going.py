"""What of the records goes to the office now, and what stays, with the reason in words.

Only what is seen goes: a chain of versions that was never sent goes as its last, and text in a draft not marked as ready
keeps back what it would replace (record.md "Only what is seen goes").
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from desktop_app.errors import NotFound
from desktop_app.records.fold import fold
from desktop_app.records.revision import BlobRef, Signed, parse
from desktop_app.records.state import RecordState
from desktop_app.storage import blobs, drafts, outgoing, revisions

from .contacts import office_of
from .content import Content
from .profile import Profile
from .projecting import title_of

_CHANGED = "You changed it after marking it as ready: mark it as ready again to send the changes."


class Held(NamedTuple):
    """A record, or a part of one, that stays on this laptop, and why, in words."""

    id: str
    why: str


@dataclass
class Item:
    """One record on its way into a file."""

    id: str
    title: str
    lines: list[Signed]
    blobs: dict[str, int] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """An upper bound of what it adds: packed alone it is never smaller than packed with others."""
        return sum(len(zlib.compress(each.line, 1)) for each in self.lines) + sum(self.blobs.values())


def what_goes(
    profile: Profile, ids: Iterable[str] | None, *, squash: bool
) -> tuple[list[Item], list[Held], dict[str, str]]:
    """The records that go (of ``ids``, or of all), what stays, and the titles of both.

    ``squash`` replaces unsent chains by their last version, inside the caller's transaction; without it nothing is
    written. Raises `NotFound` for an id that is not here.
    """
    store = profile.store
    chosen = None if ids is None else list(dict.fromkeys(ids))
    card = office_of(profile)
    office = card.device if card else ""
    items: list[Item] = []
    held: list[Held] = []
    titles: dict[str, str] = {}
    for record in _candidates(profile, office) if chosen is None else chosen:
        draft = drafts.load(store, record)
        live = revisions.of_record(store, record)
        state = fold(live) if live else None
        if state is not None:
            content, ref = Content.of_state(state), state.form
        elif draft is not None:
            content, ref = Content.from_json(draft.content), draft.form
        else:
            raise NotFound("This record is not here.", safe="Nothing was made.", do="Check which record you meant.")
        titles[record] = title_of(profile.forms.package(ref.package), content)
        why = _why_not(profile, record, state)
        if why is not None or state is None:
            held.append(Held(record, why or ""))
            continue
        changed = draft is not None and Content.from_json(draft.content) != content
        if changed:
            held.append(Held(record, _CHANGED))
        live, lines = _lines(profile, record, live, office, squash=squash and not changed, changed=changed)
        if lines:
            travels, stays = _attachments(profile, state, live, lines)
            items.append(Item(record, titles[record], lines, travels))
            held += [Held(record, _attachment_stays(blob)) for blob in stays]
        elif chosen is not None and not changed:
            held.append(Held(record, "The office has it already, as it is."))
    return items, held, titles


def _candidates(profile: Profile, office: str) -> list[str]:
    """Every record with something the office has not confirmed, in the order of the first such change."""
    found: dict[str, None] = {}
    for line in revisions.lines(profile.store, outgoing.unconfirmed(profile.store)):
        revision = parse(line).revision
        if revision.device != office:
            found[revision.record] = None
    found.update(dict.fromkeys(revisions.unsent_records(profile.store)))
    found.update(dict.fromkeys(drafts.list_ids(profile.store)))
    return list(found)


def _why_not(profile: Profile, record: str, state: RecordState | None) -> str | None:
    if state is None:
        return "It is a draft: mark it as ready to send it."
    if state.branch_only:
        return "Branch only: it stays on this laptop."
    if state.state == "held":
        return "You kept it back."
    if state.withdrawn and not revisions.was_sent(profile.store, record):
        return "You took it back before it was ever in a file."
    return None


def _lines(
    profile: Profile, record: str, live: list[Signed], office: str, *, squash: bool, changed: bool
) -> tuple[list[Signed], list[Signed]]:
    """What of a record goes: nothing the office confirmed, nothing of the office's own, no step that nobody sees.

    ``changed``: there is newer text in a draft, so what is unsent is not what is seen, and stays. Answers the live
    revisions (new ones when a chain was squashed) and those of them that go.
    """
    store = profile.store
    unsent = set(revisions.unsent(store, record))
    stays = unsent
    if not changed:
        stays = {parent for each in live if each.id in unsent for parent in each.revision.parents} & unsent
    if squash and stays:
        revisions.squash_unsent(store, record, profile.keys.signing_seed)
        # A draft that says the same was begun from a revision that is gone now.
        drafts.discard(store, record)
        live, stays = revisions.of_record(store, record), set()
    return live, [
        each
        for each in live
        if each.id not in stays
        # A word by telephone does not stop a record from going again; only a signed receipt does.
        and outgoing.outcome(store, each.id) not in ("held", "known")
        and not each.revision.branch_only
        and each.revision.device != office
    ]


def _attachments(
    profile: Profile, state: RecordState, live: list[Signed], lines: list[Signed]
) -> tuple[dict[str, int], list[BlobRef]]:
    """The attachments that travel with these changes, by hash and size, and those that stay.

    What shows a person, or may, never leaves the laptop (product.md 2); what the office has is not sent again.
    """
    named = {blob.sha256 for each in lines for blob in each.revision.blobs}
    if not named:
        return {}, []
    now = {blob.sha256: blob for blob in state.blobs}
    going = {each.id for each in lines}
    confirmed = outgoing.confirmed(profile.store)
    arrived = {
        blob.sha256
        for each in live
        if each.id not in going and each.id in confirmed
        for blob in each.revision.blobs
        if blob.shows_person == "no"
    }
    travels: dict[str, int] = {}
    stays = []
    for digest in sorted(named - arrived):
        current = now.get(digest)
        if current is None:
            continue
        if current.shows_person == "no" and blobs.has(profile.store, digest):
            travels[digest] = blobs.size(profile.store, digest)
        else:
            stays.append(current)
    return travels, stays


def _attachment_stays(blob: BlobRef) -> str:
    if blob.shows_person == "no":
        return f"The record goes; “{blob.name}” is not on this laptop."
    return f"The record goes; “{blob.name}” stays: it shows, or may show, a child or a person who has not agreed."
