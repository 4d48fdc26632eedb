"""Where a record stands between this branch and the office, in the words of the design page "Record"."""

from __future__ import annotations

from desktop_app.records.standing import Standing, words
from desktop_app.records.state import RecordState
from desktop_app.storage import incoming, office_words, outgoing
from desktop_app.storage.database import Store

from .content import Content


def standing_of(
    store: Store,
    record: str,
    state: RecordState | None,
    draft: Content | None,
    *,
    office: bool,
) -> tuple[Standing, str]:
    """The standing and its words. ``draft`` is what is being typed and not yet marked ready, if anything."""
    if state is None:
        return Standing.DRAFT, words(Standing.DRAFT)
    told = _of_itself(state, draft)
    if told is not None:
        return told, words(told)
    if office_words.open_query(store, record):
        return Standing.OFFICE_ASKS, words(Standing.OFFICE_ASKS)
    if office:
        return _at_the_office(store, state)
    confirmed = outgoing.confirmed(store)
    heads_confirmed = [confirmed[head] for head in state.heads if head in confirmed]
    if len(heads_confirmed) == len(state.heads) and draft is None:
        by_phone = any(outgoing.outcome(store, head) == "phone" for head in state.heads)
        standing = Standing.OFFICE_HAS_IT_BY_PHONE if by_phone else Standing.OFFICE_HAS_IT
        return standing, words(standing, date=max(heads_confirmed))
    if outgoing.any_confirmed(store, record):
        return Standing.CHANGED, words(Standing.CHANGED)
    if draft is not None:
        return Standing.DRAFT, words(Standing.DRAFT)
    pack = max(
        (p for head in state.heads if (p := outgoing.last_pack_with(store, head))), key=lambda p: p.number, default=None
    )
    if pack is None:
        return Standing.READY, words(Standing.READY)
    if pack.emailed_utc:
        return Standing.SAID_EMAILED, words(Standing.SAID_EMAILED, number=pack.number, date=pack.emailed_utc)
    return Standing.IN_FILE, words(Standing.IN_FILE, number=pack.number, date=pack.made_utc)


def _at_the_office(store: Store, state: RecordState) -> tuple[Standing, str]:
    arrived = incoming.arrived_utc(store, state.heads)
    if arrived:
        return Standing.OFFICE_HAS_IT, words(Standing.OFFICE_HAS_IT, date=arrived)
    return Standing.READY, words(Standing.READY)


def standing_on_arrival(state: RecordState, utc: str) -> tuple[Standing, str]:
    """As `standing_of`, at the office, for a record of which all came with the file being added at ``utc``."""
    told = _of_itself(state, None)
    if told is not None:
        return told, words(told)
    return Standing.OFFICE_HAS_IT, words(Standing.OFFICE_HAS_IT, date=utc)


def _of_itself(state: RecordState, draft: Content | None) -> Standing | None:
    """What its versions alone say, wherever they have been."""
    if state.two_versions:
        return Standing.TWO_VERSIONS
    if state.withdrawn:
        return Standing.TAKEN_BACK
    if draft.branch_only if draft else state.branch_only:
        return Standing.BRANCH_ONLY
    return None
