"""Sorting words into categories: a line of a meeting, or a passage of a jotting, goes where it belongs.

One mechanism for both. A category is a choice of the form's ``topics``; the section of that name asks its questions.
Words become a record of their own, linked both ways with where they were said, or they go into one of the section's
questions in the same record. The words sorted also stay where they were written: sorting loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop_app.errors import NotFound, RecordError
from desktop_app.forms.definition import Choice, Question
from desktop_app.forms.session import FormSession
from desktop_app.records.revision import Link
from desktop_app.storage import drafts, revisions

from .content import Content
from .profile import Profile
from .recording import discard_draft, open_record, reference, save_draft, start

TOPICS = "topics"
FROM_LINE, FROM_PASSAGE, BECAME = "from_line", "from_passage", "became"
_TAKEN_ALONG = (
    "area",
    "authorities",
    "region",
    "when_precision",
    "when_from",
    "when_to",
    "when_text",
    "source_kind",
    "source_reference",
    "strength",
    "permission",
    "school_type",
    "school_size",
)


@dataclass(frozen=True)
class Linked:
    """A record another one is linked with, in words. ``row``: the row of the meeting it is about, or ``""``."""

    rel: str
    record: str
    row: str
    title: str
    reference: str
    form: str
    standing: str


# --- within a record --------------------------------------------------------------------------------------------------


def topics_question(session: FormSession) -> Question | None:
    """The question that says which categories a record speaks of; ``None`` where a form has none."""
    return next((q for q in session.form.questions if q.name == TOPICS and q.kind == "select_multiple"), None)


def categories(session: FormSession) -> list[Choice]:
    """The categories of the form, in its order: the first is Alt+1."""
    question = topics_question(session)
    return list(question.choices) if question is not None else []


def questions_for(session: FormSession, category: str) -> list[Question]:
    """The questions of a category's section that take a story whatever else is answered, "what other …" first."""
    section = f"/{session.form.root.name}/{category}/"
    found = [
        question
        for question in session.form.questions
        if question.path.startswith(section)
        and question.path.count("/") == section.count("/")
        and question.kind == "text"
        and "narrative" in question.be.get("role", "").split()
        and not question.name.endswith("_detail")
    ]
    return sorted(found, key=lambda question: "other" not in question.name.split("_"))


def put_into(session: FormSession, passage: str, category: str, question: Question) -> None:
    """Tick the category and add the passage to the answer, under what stands there. Raises `NotFound`."""
    topics = topics_question(session)
    if topics is None or category not in (choice.name for choice in topics.choices):
        raise NotFound("This form has no such category.", safe="Nothing was changed.")
    ticked = session.node(topics.path).value.split()
    if category not in ticked:
        session.set(topics.path, " ".join([*ticked, category]))
    there = session.node(question.path)
    said = there.typed if there.typed is not None else there.value
    words = passage.strip()
    if words not in said:
        session.set(question.path, f"{said.rstrip()}\n\n{words}" if said.strip() else words)


# --- a record of its own ----------------------------------------------------------------------------------------------


def evidence_of(words: str, category: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """The first answers of an evidence record made of words said or written elsewhere; ``about`` as the form has it."""
    return {"about": {"summary": words.strip(), "topics": category or None, **about}}


def link_both(profile: Profile, source: str, made: str, rel: str, row: str = "") -> None:
    """Link a new record with where its words come from; the source is linked back by whoever saves it."""
    content = open_record(profile, made).content
    save_draft(profile, made, replace(content, links=(*content.links, Link(rel, source, row))))


def own_record(profile: Profile, source: str, passage: str, category: str) -> str:
    """Make an evidence draft of a passage, with what its source says of place, time, source and permission.

    Returns its id. The two are linked both ways.
    """
    opened = open_record(profile, source)
    about = opened.content.answers.get("about", {})
    answers = evidence_of(passage, category, {name: about[name] for name in _TAKEN_ALONG if about.get(name)})
    with profile.store.atomic():
        made = start(profile, "evidence", answers, branch_only=opened.content.branch_only)
        link_both(profile, source, made, FROM_PASSAGE)
        links = (*opened.content.links, Link(BECAME, made, ""))
        save_draft(profile, source, replace(opened.content, links=links))
    return made


def undo_own_record(profile: Profile, source: str, made: str) -> None:
    """Take back `own_record`. Raises `RecordError` once the record made has been marked as ready."""
    if revisions.of_record(profile.store, made):
        raise RecordError(
            "The record made of these words is already marked as ready.",
            safe="Nothing was changed.",
            do="Take it back on its own page.",
        )
    opened = open_record(profile, source)
    with profile.store.atomic():
        if drafts.load(profile.store, made) is not None:
            discard_draft(profile, made)
        save_draft(profile, source, without_link(opened.content, made))


def without_link(content: Content, record: str) -> Content:
    """The same content without its links to a record."""
    return replace(content, links=tuple(link for link in content.links if link.record != record))


# --- what is linked ---------------------------------------------------------------------------------------------------


def linked(profile: Profile, content: Content) -> list[Linked]:
    """The records this one is linked with that are here, in the order of the links; others are left out."""
    found = []
    for link in content.links:
        try:
            other = open_record(profile, link.record)
        except NotFound:
            continue
        found.append(
            Linked(
                rel=link.rel,
                record=link.record,
                row=link.row,
                title=other.title,
                reference=reference(other.branch, link.record),
                form=other.form.id,
                standing=other.standing,
            )
        )
    return found
