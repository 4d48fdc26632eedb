"""Recording: a draft that is saved as it is typed, and the revisions a person makes of it.

A revision is made only by marking ready, sending, choosing between two versions, taking back, and restoring (design
page "Record"); everything else is the one mutable draft row.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_app.errors import NotFound
from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.session import FormSession
from desktop_app.records.authorities import PROGRAMMES, by_code
from desktop_app.records.revision import FormRef
from desktop_app.records.standing import Standing
from desktop_app.records.state import TwoVersions
from desktop_app.storage import drafts, listing, revisions
from desktop_app.storage import search as full_text
from desktop_app.storage.projection import Filters, Page

from .attachments import Attached, take_in
from .checks import Doubt, Gap, PrivacyFinding, doubts, gaps, privacy_findings
from .content import KEPT_WORDS, Content
from .deciding import choose
from .filling import fill
from .form_library import reference as form_reference
from .profile import Profile
from .projecting import title_of
from .standings import standing_of
from .versions import keep_draft, make_revision, mark_ready, refresh, restore_version, take_back

_REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class OpenRecord:
    """A record as a page shows it. ``content`` is the draft if there is one, else what the revisions say together."""

    id: str
    form: FormDefinition
    content: Content
    title: str
    reference: str
    standing: str
    standing_code: str
    two_versions: tuple[TwoVersions, ...]
    has_draft: bool
    sent: bool
    revisions: int
    branch: str
    # The version of the form the record was filled with, where ``form`` is a newer one (`in_newest_form`).
    filled_with: FormDefinition | None = None
    # The submission of the record saved before, for forms that look at it (jr://instance/last-saved).
    last_saved: bytes = b""


@dataclass(frozen=True)
class Added:
    """What adding or editing through the command line came to. ``rev`` is ``None`` for a draft."""

    id: str
    rev: str | None
    gaps: list[Gap]
    doubts: list[Doubt]
    privacy: list[PrivacyFinding]


def reference(branch: str, record: str) -> str:
    """What people call a record, such as ``LEE-7K3Q``: the same on every computer, from the record's id alone."""
    number = int.from_bytes(hashlib.sha256(record.encode()).digest()[:8], "big")
    letters = "".join(c for c in branch.upper() if c.isalpha())[:3] or "REC"
    code = ""
    for _ in range(4):
        number, digit = divmod(number, len(_REFERENCE_LETTERS))
        code += _REFERENCE_LETTERS[digit]
    return f"{letters}-{code}"


# --- drafts ---------------------------------------------------------------------------------------------------------


def start(
    profile: Profile,
    form_id: str,
    answers: Mapping[str, Any] | None = None,
    *,
    branch_only: bool = False,
    record: str = "",
) -> str:
    """A new record with its draft; the officer's only authority is filled in. Returns its id: ``record``, or a new one."""
    form = profile.forms.current(form_id)
    record = record or str(uuid.uuid4())
    session = FormSession(form, None, record=record, now=profile.clock(), last_saved=_last_saved(profile, form, record))
    _own_authority(profile, session)
    if answers:
        fill(session, answers)
    keep_draft(profile, record, form_reference(form), replace(content_of(session), branch_only=branch_only), ())
    return record


def jot(profile: Profile, text: str, *, record: str = "") -> str:
    """One box of words: an evidence draft with today's date and the officer's own authority. Returns its id."""
    today = profile.clock().date().isoformat()
    story = {"about": {"summary": text, "when_precision": "day", "when_from": today}}
    return start(profile, "evidence", story, record=record)


def open_record(profile: Profile, record: str) -> OpenRecord:
    """Everything a page needs to show a record. Opening writes nothing. Raises `NotFound`."""
    opened = _open(profile, record)
    return replace(opened, last_saved=_last_saved(profile, opened.form, record))


def _last_saved(profile: Profile, form: FormDefinition, record: str) -> bytes:
    """For a form that looks at its last record: the submission of the newest one of this branch, else nothing."""
    if not form.model.last_saved:
        return b""
    rows = listing.page(profile.store, Filters(form=form.id, branch=profile.me.branch), 2).rows
    newest = next((row.id for row in rows if row.id != record), None)
    return session_for(_open(profile, newest), profile.clock()).submission_xml() if newest is not None else b""


def _open(profile: Profile, record: str) -> OpenRecord:
    draft = drafts.load(profile.store, record)
    signed = revisions.of_record(profile.store, record)
    state = revisions.state(profile.store, record)
    if draft is None and state is None:
        raise NotFound("This record is not here.", do="It may have been deleted for good, or belong to another branch.")
    if draft is not None:
        content, ref = Content.from_json(draft.content), draft.form
    else:
        assert state is not None
        content, ref = Content.of_state(state), state.form
    form = profile.forms.package(ref.package)
    standing, said = standing_of(
        profile.store, record, state, content if draft else None, office=profile.me.role == "office"
    )
    branch = state.branch if state else profile.me.branch
    return OpenRecord(
        id=record,
        form=form,
        content=content,
        title=title_of(form, content),
        reference=reference(branch, record),
        standing=said,
        standing_code=standing.value,
        two_versions=tuple(state.two_versions) if state else (),
        has_draft=draft is not None,
        sent=revisions.was_sent(profile.store, record),
        revisions=len(signed),
        branch=branch,
    )


def in_newest_form(profile: Profile, opened: OpenRecord) -> OpenRecord:
    """The record as the version of its form in use now holds it, to be written in; itself when that is its own.

    Nothing is written: the next draft and revision name the new version (record.md, "A new form version"). Answers to
    questions that have gone stand under ``earlier`` with their old words.
    """
    newer = profile.forms.newer(form_reference(opened.form))
    if newer is None:
        return opened
    from desktop_app.forms.earlier import taken_on

    content = opened.content
    moved = taken_on(content.answers, content.typed, opened.form, newer)
    return replace(
        opened,
        form=newer,
        content=replace(content, answers=moved.answers, typed=moved.typed),
        filled_with=opened.form,
    )


def session_for(opened: OpenRecord, now: datetime) -> FormSession:
    """The form with this record's answers in it, ready to be typed into."""
    content = opened.content
    return FormSession(
        opened.form,
        content.answers or None,
        content.typed,
        record=opened.id,
        now=now,
        aside=content.aside,
        last_saved=opened.last_saved,
    )


def kept_in(session: FormSession, content: Content) -> frozenset[str]:
    """The leaf paths of answers that ``content`` keeps in although its form hides them (record.md: ``aside``).

    ``session`` is the one of `session_for`, before anything is answered in it.
    """
    return frozenset(session.aside()) - frozenset(content.aside)


def content_of(session: FormSession, before: Content | None = None, keep: frozenset[str] = frozenset()) -> Content:
    """What the session holds now, with the attachments and links of ``before``; answers in ``keep`` stay in."""
    seen = session.snapshot()
    known = before or Content()
    looked_at = {name: words for name, words in known.derived.items() if name == KEPT_WORDS}
    return replace(
        known,
        answers=seen.answers,
        typed=dict(seen.typed),
        aside=tuple(leaf for leaf in seen.aside if leaf not in keep),
        derived={**looked_at, **seen.derived},
    )


def save_draft(profile: Profile, record: str, content: Content, *, form: FormDefinition | None = None) -> datetime:
    """Write the draft; nothing travels. ``form``: what ``content`` was filled with, where it is not the record's form
    so far. Returns when it was saved."""
    basis = _basis(profile, record)
    if basis is None:
        # Deleted for good meanwhile: words that waited for a full disk must not bring it back.
        raise NotFound("This record is not here any more.", safe="What you typed is still on the screen.")
    used, parents = basis
    keep_draft(profile, record, used if form is None else form_reference(form), content, parents)
    return profile.clock()


def _basis(profile: Profile, record: str) -> tuple[FormRef, tuple[str, ...]] | None:
    """The form that a record is filled with and what its next draft begins from; None when there is no such record."""
    draft = drafts.basis(profile.store, record)
    if draft is not None:
        return draft
    state = revisions.state(profile.store, record)
    return (state.form, state.heads) if state else None


def discard_draft(profile: Profile, record: str) -> None:
    """Drop what was typed since the last revision; a record that never had one is gone."""
    with profile.store.atomic():
        drafts.discard(profile.store, record)
        refresh(profile, record)


def _own_authority(profile: Profile, session: FormSession) -> None:
    questions = session.form.by_role("authority")
    if len(profile.me.authorities) == 1 and questions:
        session.set(questions[0].path, profile.me.authorities[0])
        area = next((q for q in session.form.questions if q.name == "area"), None)
        if area is not None:
            session.set(area.path, "one_authority")


def attach(profile: Profile, record: str, path: Path, *, shows_person: str, question: str) -> Attached:
    """Copy a file into the records and hang it on one (`attachments.take_in`)."""
    content, attached = take_in(
        profile, open_record(profile, record).content, path, shows_person=shows_person, question=question
    )
    save_draft(profile, record, content)
    return attached


# --- whole records at once (command line, demonstration) --------------------------------------------------------------


def add_record(
    profile: Profile, form_id: str, answers: Mapping[str, Any], attachments: Iterable[Path] = (), state: str = "draft"
) -> Added:
    """Enter one record from JSON, as typed; ``state`` is ``draft`` or ``ready``."""
    with profile.store.atomic():
        record = start(profile, form_id, answers)
        for path in attachments:
            attach(profile, record, path, shows_person="no", question="attachments")
        rev = mark_ready(profile, record) if state == "ready" else None
    return _added(profile, record, rev)


def edit_record(profile: Profile, record: str, answers: Mapping[str, Any], state: str = "draft") -> Added:
    """Change some answers of a record; rows are found by ``_id``; ``None`` clears an answer."""
    opened = in_newest_form(profile, open_record(profile, record))
    session = session_for(opened, profile.clock())
    keep = kept_in(session, opened.content)
    fill(session, answers)
    with profile.store.atomic():
        save_draft(profile, record, content_of(session, opened.content, keep), form=opened.form)
        rev = mark_ready(profile, record) if state == "ready" else None
    return _added(profile, record, rev)


def _added(profile: Profile, record: str, rev: str | None) -> Added:
    opened = open_record(profile, record)
    session = session_for(opened, profile.clock())
    return Added(record, rev, gaps(session), doubts(session), privacy_findings(opened.content, opened.form))


# --- lists ------------------------------------------------------------------------------------------------------------


def normal(filters: Filters) -> Filters:
    """The same filters with authorities as DfE codes and programmes as answers name them. Raises `NotFound`."""
    return replace(
        filters,
        authority=by_code(filters.authority).code if filters.authority else "",
        programme=PROGRAMMES.get(filters.programme.upper(), filters.programme),
    )


def list_records(profile: Profile, filters: Filters, limit: int = 100, after: str | None = None) -> Page:
    """A page of records, newest first."""
    return listing.page(profile.store, normal(filters), limit, after)


def search(profile: Profile, words: str, filters: Filters, limit: int = 100, after: str | None = None) -> Page:
    """Records that hold all these words (beginnings count), newest first."""
    return full_text.search(profile.store, words, normal(filters), limit, after)


def counts(profile: Profile) -> dict[str, int]:
    """How many records there are of each form."""
    return {form: listing.count(profile.store, Filters(form=form)) for form in profile.forms.ids()}


def ready_to_send(profile: Profile) -> int:
    """How many records are ready and in no file yet."""
    return listing.count(profile.store, Filters(standing=Standing.READY.value))


# The face of recording: pages and commands need no other door.
__all__ = [
    "Added",
    "Content",
    "Doubt",
    "Gap",
    "OpenRecord",
    "PrivacyFinding",
    "add_record",
    "attach",
    "choose",
    "content_of",
    "counts",
    "discard_draft",
    "doubts",
    "edit_record",
    "gaps",
    "in_newest_form",
    "jot",
    "list_records",
    "make_revision",
    "mark_ready",
    "normal",
    "open_record",
    "privacy_findings",
    "ready_to_send",
    "reference",
    "refresh",
    "restore_version",
    "save_draft",
    "search",
    "session_for",
    "start",
    "take_back",
]
