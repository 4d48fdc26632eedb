"""Questions the office puts to a branch on one record, and the branch's answers; both travel with the next file or reply.

A branch answers by changing the record (the newer version is the answer), or by writing an answer beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from desktop_app.errors import NotFound, RecordError
from desktop_app.exchange.queries import ANSWER_MARK, Answer, read_answer, sign_answer
from desktop_app.records.erasure import same_branch
from desktop_app.storage import office_words, outgoing, revisions
from desktop_app.storage.laptops import Device
from desktop_app.storage.office_words import Query

from .profile import Profile
from .versions import refresh

MOST = 4000


class Outgoing(NamedTuple):
    """An answer on its way; ``id`` names it in receipts."""

    id: str
    line: bytes


def on_record(profile: Profile, record: str) -> list[Query]:
    """The questions on a record with their answers, oldest first."""
    return office_words.queries(profile.store, record)


def answer(profile: Profile, query_id: str, text: str = "") -> None:
    """Answer a question at the branch; empty: the record itself says it now. It travels with the next file.

    Raises `NotFound`, `RecordError` (answered already, too long, or not at the branch).
    """
    query = _query(profile, query_id)
    if profile.me.role == "office":
        raise RecordError("The branch answers, not the office.", safe="Nothing was changed.")
    if query.answered:
        raise RecordError("This question has been answered.", safe="Nothing was changed.")
    said = text.strip()
    if len(said) > MOST:
        raise RecordError(
            f"The answer is longer than {MOST:,} characters.",
            safe="Nothing was changed.",
            do="Write it into the record, and answer that it is there.",
        )
    utc = profile.utc_now()
    line = sign_answer(Answer(query.id, query.record, utc, said), profile.keys.signing_seed)
    with profile.store.atomic():
        office_words.answer_query(profile.store, query.id, said, utc, line)
        refresh(profile, query.record)


def take_answer_back(profile: Profile, query_id: str) -> None:
    """Answered too soon: the question is open again, as long as the answer is in no file. Raises `RecordError`."""
    query = _query(profile, query_id)
    if outgoing.sent_in(profile.store, ANSWER_MARK + query.id) is not None:
        raise RecordError("The answer is in a file already.", safe="Nothing was changed.")
    with profile.store.atomic():
        office_words.reopen_query(profile.store, query.id)
        refresh(profile, query.record)


def drop(profile: Profile, query_id: str) -> None:
    """Take a question back at the office, as long as no reply holds it. Raises `RecordError`."""
    query = _query(profile, query_id)
    if profile.me.role != "office" or query.sent:
        raise RecordError("The question is in a reply already.", safe="Nothing was changed.")
    with profile.store.atomic():
        office_words.remove_query(profile.store, query.id)
        refresh(profile, query.record)


def to_send(profile: Profile) -> list[Outgoing]:
    """The answers a branch's next file carries: those the office has not confirmed."""
    found = []
    for query in office_words.queries(profile.store):
        name = ANSWER_MARK + query.id
        if query.answer_line and outgoing.outcome(profile.store, name) not in ("held", "known"):
            found.append(Outgoing(name, query.answer_line))
    return found


def take_answers(profile: Profile, lines: Iterable[bytes], device: Device) -> tuple[list[str], list[str], list[str]]:
    """At the office, take the answers of a branch's file (inside the caller's transaction).

    Returns the names of new ones, of ones known before, and the records concerned. An answer to a question that was
    never asked, or on another branch's record, counts as known and changes nothing. Raises `PackError`.
    """
    store = profile.store
    new: list[str] = []
    known: list[str] = []
    records: list[str] = []
    for line in lines:
        said = read_answer(line, device.signing_key)
        name = ANSWER_MARK + said.id
        query = office_words.query(store, said.id)
        owner = revisions.branch_of(store, said.record)
        mine = query is not None and query.record == said.record and same_branch(owner or "", device.branch)
        if query is None or not mine or query.answered_utc:
            known.append(name)
            continue
        office_words.answer_query(store, said.id, said.text, said.utc)
        new.append(name)
        records.append(said.record)
    return new, known, records


def _query(profile: Profile, query_id: str) -> Query:
    found = office_words.query(profile.store, query_id)
    if found is None:
        raise NotFound("This question is not here any more.", safe="Nothing was changed.")
    return found
