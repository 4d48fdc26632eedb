"""The versions a person makes of a record: marked ready, taken back, restored, settled. Each is signed and kept.

A revision is made only by these and by sending (design page "Record"); everything else is the one draft row.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from desktop_app.errors import NotFound, RecordError
from desktop_app.exchange.limits import ANSWER_BYTES, LINE_BYTES
from desktop_app.records.fold import began, fold
from desktop_app.records.revision import FormRef, Revision, Signed, Stamp, sign
from desktop_app.records.state import RecordState
from desktop_app.storage import drafts, projection, revisions

from .content import Content, leaves
from .profile import Profile
from .projecting import project
from .standings import standing_of


def mark_ready(profile: Profile, record: str, *, state: str = "ready") -> str:
    """Make a revision of the draft. Gaps are allowed. Returns the revision's id."""
    draft = drafts.load(profile.store, record)
    if draft is None:
        raise RecordError("There is nothing new to mark as ready.", safe="The record is as it was.")
    content = Content.from_json(draft.content)
    with profile.store.atomic():
        rev = make_revision(profile, record, draft.form, content, parents=draft.parents, state=state)
        drafts.discard(profile.store, record)
        _refresh(profile, record, None, revisions.of_record(profile.store, record))
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
        new = make_revision(
            profile,
            record,
            chosen.revision.form,
            _content(chosen.revision),
            parents=state.heads,
            op="resolve" if len(state.heads) > 1 else "put",  # choosing an earlier version settles the two at hand
        )
        drafts.discard(profile.store, record)
        refresh(profile, record)
    return new


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
    """Sign and keep one revision (inside the caller's transaction). Returns its id.

    Raises `RecordError` E-TOOBIG for what no file could carry.
    """
    if op == "put":
        _must_fit(profile, form, content)
    now = profile.clock()
    offset = now.utcoffset()
    profile.forms.keep(profile.forms.package(form.package))
    live = revisions.of_record(profile.store, record)
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
        branch=began(live).branch if live else profile.me.branch,
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
    if len(signed.line) > LINE_BYTES:
        raise _too_long("This record")
    revisions.add(profile.store, signed, import_id=None)
    return signed.id


def _must_fit(profile: Profile, form: FormRef, content: Content) -> None:
    """No answer longer than a file may carry (packs.md "Strict reader": the writer's limits)."""
    package = profile.forms.package(form.package)
    said = [(leaf.template, leaf.value) for leaf in leaves(content.answers, package)] + list(content.typed.items())
    for template, value in said:
        if len(value) * 4 > ANSWER_BYTES and len(value.encode()) > ANSWER_BYTES:  # four bytes a character at the most
            label = next((question.label for question in package.questions if question.path == template), "")
            raise _too_long(f"The answer to “{label}”" if label else "An answer")


def _too_long(what: str) -> RecordError:
    return RecordError(
        f"{what} is longer than a file for the office can carry ({ANSWER_BYTES // 1000} kB of text an answer).",
        safe="It is kept as a draft.",
        do="Keep what matters in the record, and attach the rest as a document.",
        code="E-TOOBIG",
    )


def refresh(profile: Profile, record: str, live: list[Signed] | None = None) -> None:
    """Write the list row of a record anew from its draft and revisions; drop it when neither is left.

    ``live``: all its live revisions, when the caller holds them already.
    """
    _refresh(
        profile,
        record,
        drafts.load(profile.store, record),
        revisions.of_record(profile.store, record) if live is None else live,
    )


def keep_draft(profile: Profile, record: str, form: FormRef, content: Content, parents: Iterable[str]) -> None:
    """Write the draft and the record's list row, in one transaction."""
    store, begun_from = profile.store, tuple(parents)
    with store.atomic():
        said = content.as_json()
        saved = drafts.save(store, record, form, said, begun_from)
        draft = drafts.Draft(record, form, said, begun_from, saved)
        _refresh(profile, record, draft, revisions.of_record(store, record))


def _refresh(profile: Profile, record: str, draft: drafts.Draft | None, live: list[Signed]) -> None:
    state = fold(live) if live else None
    if draft is None and state is None:
        projection.delete(profile.store, record)
        return
    if draft is not None:
        content, ref, changed = Content.from_json(draft.content), draft.form, draft.saved_utc
    else:
        assert state is not None
        content, ref, changed = Content.of_state(state), state.form, state.changed.utc
    standing, said = standing_of(
        profile.store,
        record,
        state,
        content if draft else None,
        office=profile.me.role == "office",
    )
    projection.write(
        profile.store,
        project(
            profile.forms.package(ref.package),
            record,
            content,
            standing=standing,
            standing_words=said,
            branch=state.branch if state else profile.me.branch,
            changed_utc=changed,
            undecided=tuple(two.leaf for two in state.two_versions) if state else (),
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
