"""Recording: a draft that is saved as it is typed, and the revisions a person makes of it.

A revision is made only by marking ready, sending, choosing between two versions, taking back, and restoring (design
page "Record"); everything else is the one mutable draft row.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_app.errors import NotFound, RecordError
from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.session import FormSession
from desktop_app.records.fold import RecordState, TwoVersions
from desktop_app.records.privacy import Finding, findings
from desktop_app.records.revision import FormRef, Revision, Stamp, sign
from desktop_app.records.standing import Standing
from desktop_app.storage import drafts, projection, revisions, search as full_text
from desktop_app.storage.projection import Filters, Page

from .content import Answers, Content, leaves
from .filling import fill
from .form_library import reference as form_reference
from .profile import Profile
from .projecting import project, title_of
from .standings import standing_of

_REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_NARRATIVE_KINDS = ("text",)


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


@dataclass(frozen=True)
class Gap:
    """Something not said yet that readers will miss; never an error."""

    path: str
    label: str


@dataclass(frozen=True)
class Doubt:
    """Something typed that its question could not take, kept as typed."""

    path: str
    label: str
    raw: str
    message: str


@dataclass(frozen=True)
class PrivacyFinding:
    """Likely personal data in one answer."""

    path: str
    label: str
    finding: Finding


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


def start(profile: Profile, form_id: str, answers: Mapping[str, Any] | None = None, *, branch_only: bool = False) -> str:
    """A new record with its draft; the officer's only authority is filled in. Returns the record's id."""
    form = profile.forms.current(form_id)
    record = str(uuid.uuid4())
    session = FormSession(form, None, record=record, now=profile.clock())
    _own_authority(profile, session)
    if answers:
        fill(session, answers)
    _save(profile, record, form, replace(content_of(session), branch_only=branch_only))
    return record


def jot(profile: Profile, text: str) -> str:
    """One box of words: an evidence draft with today's date and the officer's own authority. Returns its id."""
    today = profile.clock().date().isoformat()
    story = {"about": {"summary": text, "when_precision": "day", "when_from": today}}
    return start(profile, "evidence", story)


def open_record(profile: Profile, record: str) -> OpenRecord:
    """Everything a page needs to show a record. Opening writes nothing. Raises `NotFound`."""
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
        profile.store, record, state, signed, content if draft else None, office=profile.me.role == "office"
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


def session_for(opened: OpenRecord, now: datetime) -> FormSession:
    """The form with this record's answers in it, ready to be typed into."""
    content = opened.content
    return FormSession(
        opened.form, content.answers or None, content.typed, record=opened.id, now=now, aside=content.aside
    )


def content_of(session: FormSession, before: Content | None = None) -> Content:
    """What the session holds now, with the attachments and links of ``before``."""
    seen = session.snapshot()
    known = before or Content()
    return replace(
        known, answers=seen.answers, typed=dict(seen.typed), aside=tuple(seen.aside), derived=dict(seen.derived)
    )


def save_draft(profile: Profile, record: str, content: Content) -> datetime:
    """Write the draft; nothing travels. Returns when it was saved."""
    draft = drafts.load(profile.store, record)
    ref = draft.form if draft else None
    if ref is None:
        state = revisions.state(profile.store, record)
        if state is None:
            raise NotFound("This record is not here any more.", safe="What you typed is still on the screen.")
        ref = state.form
    _save(profile, record, profile.forms.package(ref.package), content)
    return profile.clock()


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


def _save(profile: Profile, record: str, form: FormDefinition, content: Content) -> None:
    draft = drafts.load(profile.store, record)
    state = revisions.state(profile.store, record) if draft is None else None
    parents = draft.parents if draft else (state.heads if state else ())
    with profile.store.atomic():
        drafts.save(profile.store, record, form_reference(form), content.as_json(), tuple(parents), profile.utc_now())
        refresh(profile, record)


# --- revisions ------------------------------------------------------------------------------------------------------


def mark_ready(profile: Profile, record: str, *, state: str = "ready") -> str:
    """Make a revision of the draft. Gaps are allowed. Returns the revision's id."""
    draft = drafts.load(profile.store, record)
    if draft is None:
        raise RecordError("There is nothing new to mark as ready.", safe="The record is as it was.")
    content = Content.from_json(draft.content)
    with profile.store.atomic():
        rev = make_revision(profile, record, draft.form, content, parents=draft.parents, state=state)
        drafts.discard(profile.store, record)
        refresh(profile, record)
    return rev


def take_back(profile: Profile, record: str) -> str:
    """Say that this record no longer stands; it stays readable, marked, and the office is told by the next file."""
    state = _state(profile, record)
    with profile.store.atomic():
        rev = make_revision(profile, record, state.form, Content.of_state(state), parents=state.heads, op="withdraw")
        drafts.discard(profile.store, record)
        refresh(profile, record)
    return rev


def restore_version(profile: Profile, record: str, rev: str) -> str:
    """Make an earlier version the newest one; everything in between stays in the history."""
    state = _state(profile, record)
    chosen = next((s for s in revisions.of_record(profile.store, record) if s.id == rev), None)
    if chosen is None:
        raise NotFound("That earlier version is not here.", safe="The record is as it was.")
    with profile.store.atomic():
        new = make_revision(profile, record, chosen.revision.form, _content(chosen.revision), parents=state.heads)
        drafts.discard(profile.store, record)
        refresh(profile, record)
    return new


def choose(profile: Profile, record: str, choices: Mapping[str, str | None]) -> str:
    """Settle answers of which there are two versions. ``choices``: leaf path to the value that stands (``None``: none).

    Leaves not named keep the value shown. Raises `RecordError` when there is nothing to settle.
    """
    state = _state(profile, record)
    if not state.two_versions:
        raise RecordError("This record has no two versions.", safe="It is as it was.")
    known = {pair.leaf for pair in state.two_versions}
    unknown = set(choices) - known
    if unknown:
        raise RecordError(
            f"There are no two versions of: {', '.join(sorted(unknown))}.",
            safe="Nothing was chosen.",
            do=f"The answers with two versions are: {', '.join(sorted(known))}.",
        )
    content = Content.of_state(state)
    for leaf, value in choices.items():
        if leaf:
            content = content.with_answer(leaf, value)
    taken_back = choices.get("") == "withdraw"
    with profile.store.atomic():
        rev = make_revision(
            profile, record, state.form, content, parents=state.heads, op="withdraw" if taken_back else "resolve"
        )
        drafts.discard(profile.store, record)
        refresh(profile, record)
    return rev


def make_revision(
    profile: Profile,
    record: str,
    form: FormRef,
    content: Content,
    *,
    parents: Iterable[str],
    op: str = "put",
    state: str = "ready",
) -> str:
    """Sign and keep one revision (inside the caller's transaction). Returns its id."""
    now = profile.clock()
    offset = now.utcoffset()
    profile.forms.keep(profile.forms.package(form.package))
    known = revisions.state(profile.store, record)
    made = Revision(
        record=record,
        form=form,
        op=op,  # type: ignore[arg-type]
        parents=tuple(sorted(parents)),
        state=state,  # type: ignore[arg-type]
        branch_only=content.branch_only,
        answers=content.answers,
        typed=dict(content.typed),
        aside=content.aside,
        derived=dict(content.derived),
        blobs=content.blobs,
        links=content.links,
        branch=known.branch if known else profile.me.branch,
        device=profile.me.device,
        role=profile.me.officer_role or profile.me.role,
        t=Stamp(
            utc=profile.utc_now(),
            offset_min=int(offset.total_seconds() // 60) if offset else 0,
            counter=revisions.next_counter(profile.store),
        ),
        salt=secrets.token_hex(16),
    )
    signed = sign(made, profile.keys.signing_seed)
    revisions.add(profile.store, signed, import_id=None)
    return signed.id


def refresh(profile: Profile, record: str) -> None:
    """Write the list row of a record anew from its draft and revisions; drop it when neither is left."""
    draft = drafts.load(profile.store, record)
    state = revisions.state(profile.store, record)
    if draft is None and state is None:
        projection.delete(profile.store, record)
        return
    if draft is not None:
        content, ref, changed = Content.from_json(draft.content), draft.form, draft.changed_utc
    else:
        assert state is not None
        content, ref, changed = Content.of_state(state), state.form, state.changed.utc
    standing, said = standing_of(
        profile.store,
        record,
        state,
        revisions.of_record(profile.store, record),
        content if draft else None,
        office=profile.me.role == "office",
    )
    projection.write(
        profile.store,
        project(
            profile.forms.package(ref.package),
            record,
            content,
            standing=said,
            branch=state.branch if state else profile.me.branch,
            changed_utc=changed,
            two_versions=len(state.two_versions) if state else 0,
            draft=draft is not None,
        ),
    )


def _state(profile: Profile, record: str) -> RecordState:
    state = revisions.state(profile.store, record)
    if state is None:
        raise RecordError(
            "This record has never been marked as ready.", safe="It is as it was.", do="Mark it as ready first."
        )
    return state


def _content(revision: Revision) -> Content:
    return Content(
        answers=revision.answers,
        typed=revision.typed,
        aside=revision.aside,
        derived=revision.derived,
        branch_only=revision.branch_only,
        blobs=revision.blobs,
        links=revision.links,
    )


# --- whole records at once (command line, demonstration) --------------------------------------------------------------


def add_record(
    profile: Profile, form_id: str, answers: Mapping[str, Any], attachments: Iterable[Path] = (), state: str = "draft"
) -> Added:
    """Enter one record from JSON, as typed; ``state`` is ``draft`` or ``ready``."""
    from .attachments import attach

    with profile.store.atomic():
        record = start(profile, form_id, answers)
        for path in attachments:
            attach(profile, record, path, shows_person="no", question="attachments")
        rev = mark_ready(profile, record) if state == "ready" else None
    return _added(profile, record, rev)


def edit_record(profile: Profile, record: str, answers: Mapping[str, Any], state: str = "draft") -> Added:
    """Change some answers of a record; rows are found by ``_id``; ``None`` clears an answer."""
    opened = open_record(profile, record)
    session = session_for(opened, profile.clock())
    fill(session, answers)
    with profile.store.atomic():
        save_draft(profile, record, content_of(session, opened.content))
        rev = mark_ready(profile, record) if state == "ready" else None
    return _added(profile, record, rev)


def _added(profile: Profile, record: str, rev: str | None) -> Added:
    opened = open_record(profile, record)
    session = session_for(opened, profile.clock())
    return Added(record, rev, gaps(session), doubts(session), privacy_findings(opened.content, opened.form))


# --- what a page shows beside the answers -----------------------------------------------------------------------------

_GAP_ROLES = ("title", "authority", "when_from", "source")
_GAP_NAMES = ("strength", "permission")


def gaps(session: FormSession) -> list[Gap]:
    """Questions readers will look for that have no answer yet, in the form's order."""
    found = []
    for node in session.nodes():
        question = node.question
        if not node.relevant or node.value or node.typed:
            continue
        if node.required or question.be.get("role") in _GAP_ROLES or question.name in _GAP_NAMES:
            if "[" not in node.path:
                found.append(Gap(node.path, node.label))
    return found


def doubts(session: FormSession) -> list[Doubt]:
    """Answers kept as typed because their question could not take them."""
    return [
        Doubt(node.path, node.label, node.typed, node.message)
        for node in session.nodes()
        if node.relevant and node.typed is not None
    ]


def privacy_findings(content: Content, form: FormDefinition) -> list[PrivacyFinding]:
    """Likely personal data in the text answers, the raw entries and the attachments' names."""
    questions = {question.path: question for question in form.questions}
    found: list[PrivacyFinding] = []
    for leaf in leaves(content.answers):
        question = questions.get(leaf.template)
        if question is None or question.kind in _NARRATIVE_KINDS:
            label = question.label if question else leaf.path
            found += [PrivacyFinding(leaf.path, label, f) for f in findings(leaf.value, where=leaf.path)]
    for path, raw in content.typed.items():
        found += [PrivacyFinding(path, path, f) for f in findings(raw, where=path)]
    for blob in content.blobs:
        found += [PrivacyFinding(blob.question, blob.name, f) for f in findings(blob.name, where=blob.question)]
    return found


# --- lists ------------------------------------------------------------------------------------------------------------


def list_records(profile: Profile, filters: Filters, limit: int = 100, after: str | None = None) -> Page:
    """A page of records, newest first."""
    return projection.page(profile.store, filters, limit, after)


def search(profile: Profile, words: str, filters: Filters, limit: int = 100, after: str | None = None) -> Page:
    """Records that hold all these words (beginnings count), newest first."""
    return full_text.search(profile.store, words, filters, limit, after)


def counts(profile: Profile) -> dict[str, int]:
    """How many records there are of each form."""
    return {form: projection.count(profile.store, Filters(form=form)) for form in profile.forms.ids()}


def ready_to_send(profile: Profile) -> int:
    """How many records are ready and in no file yet."""
    return projection.count(profile.store, Filters(standing=Standing.READY.value))


__all__ = [
    "Added", "Answers", "Content", "Doubt", "Gap", "OpenRecord", "PrivacyFinding", "add_record", "choose", "content_of",
    "counts", "discard_draft", "doubts", "edit_record", "gaps", "jot", "list_records", "make_revision", "mark_ready",
    "open_record", "privacy_findings", "ready_to_send", "reference", "refresh", "restore_version", "save_draft",
    "search", "session_for", "start", "take_back",
]  # fmt: skip
