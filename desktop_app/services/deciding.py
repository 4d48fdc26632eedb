"""A person's decision among two versions of an answer, a line, files or a whole record.

What is decided is one revision whose parents are all heads. Nothing is decided by the way: an answer nobody chose for
cannot be settled along with another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop_app.errors import RecordError
from desktop_app.forms.answers import understood
from desktop_app.forms.definition import Question
from desktop_app.records.state import RecordState, file_place
from desktop_app.storage import drafts, half_written, revisions

from .content import Content, value_at
from .files_apart import FileChoice, question_of, with_files
from .profile import Profile
from .two_versions import GONE, PUT, WITHDRAW, OpenQuestions, Pair
from .versions import make_revision, refresh

_OWN_WORDS = "instead of "


@dataclass(frozen=True)
class Decision:
    """The value that stands; ``None`` for no answer. ``raw``: it was typed by hand and is to be understood first."""

    value: str | None
    typed: str | None = None
    raw: bool = False


def pairs(profile: Profile, record: str) -> list[Pair]:
    """Everything to decide about in a record, in the order of its form; empty when there is nothing. Writes nothing."""
    signed = revisions.of_record(profile.store, record)
    state = revisions.state(profile.store, record)
    if state is None or not state.two_versions:
        return []
    return list(OpenQuestions(profile, state, signed).pairs())


def decide(profile: Profile, record: str, decisions: Mapping[str, Decision]) -> str:
    """Settle all of them as one revision. A draft that is there stays, with the decisions in it. Returns the revision's id.

    Raises `RecordError` when there is nothing to settle, or not everything was decided: what nobody looked at is never
    settled by the way.
    """
    state = revisions.state(profile.store, record)
    if state is None:
        raise RecordError(
            "This record has never been marked as ready.", safe="It is as it was.", do="Mark it as ready first."
        )
    wanted = {pair.leaf: pair for pair in pairs(profile, record)}
    if not wanted:
        raise RecordError("This record has no two versions.", safe="It is as it was.")
    unknown, left = set(decisions) - set(wanted), set(wanted) - set(decisions)
    if unknown or left:
        which = ", ".join(sorted(name or "the record itself" for name in (unknown or left)))
        raise RecordError(
            f"There are no two versions of: {which}." if unknown else f"Not everything was decided; still open: {which}.",
            safe="Nothing was chosen; both versions are kept.",
            do=f"The answers with two versions are: {', '.join(sorted(name or 'the record itself' for name in wanted))}.",
        )
    asked = OpenQuestions(profile, state, revisions.of_record(profile.store, record))
    before = Content.of_state(state)
    content = _applied(asked, state, before, decisions)
    taken_back = decisions.get("", Decision(PUT)).value == WITHDRAW
    with profile.store.atomic():
        rev = make_revision(
            profile, record, state.form, content, parents=state.heads, op=WITHDRAW if taken_back else "resolve"
        )
        draft = drafts.load(profile.store, record)
        if draft is not None:
            _carry_over(profile, record, state, before, content, rev, _file_choices(asked, decisions))
        half_written.forget_record(profile.store, record, _OWN_WORDS)
        refresh(profile, record)
    return rev


def box_of(record: str, leaf: str) -> str:
    """The name of the box in which other words than either version's are typed (`services.half_written`)."""
    return f"{record}:{_OWN_WORDS}{leaf}"


def choose(profile: Profile, record: str, choices: Mapping[str, str | None]) -> str:
    """As `decide`, by the values themselves: leaf path to the value that stands (``None``: no answer, or the line goes)."""
    open_pairs = {pair.leaf: pair for pair in pairs(profile, record)}
    decisions = {}
    for leaf, value in choices.items():
        pair = open_pairs.get(leaf)
        if pair is not None and pair.kind == "row":
            value = GONE if value is None else value
        if pair is not None and pair.kind == "file":
            value = value or ""
        side = next((s for s in pair.sides if value in (s.value, s.typed)), None) if pair is not None else None
        decisions[leaf] = Decision(side.value, side.typed) if side is not None else Decision(value)
    return decide(profile, record, decisions)


def _applied(asked: OpenQuestions, state: RecordState, content: Content, decisions: Mapping[str, Decision]) -> Content:
    """The content as it is after these decisions."""
    gone = []
    choices = _file_choices(asked, decisions)
    content = with_files(content, choices)
    for question in dict.fromkeys(choice.question for choice in choices):
        if asked.at.question(question) is not None:  # the answer names the file that was added last, as in ODK
            left = [blob.name for blob in content.blobs if blob.question == question]
            content = _put(content, question, left[-1] if left else None, None)
    for two in state.two_versions:
        if not two.leaf or two.leaf in asked.of_files:
            continue
        row = asked.row_gone(two)
        decision = decisions.get(two.leaf)
        if row and decisions[row].value == GONE:
            gone.append(row.rpartition("/")[2])
        elif row and decision is None:
            kept = next(c for c in reversed(two.candidates) if not asked.without(c, row))
            content = _put(content, two.leaf, kept.value, kept.typed)
        elif decision is not None:
            content = _put(content, two.leaf, *_understood(asked.at.question(two.leaf), decision))
    for row_id in dict.fromkeys(gone):
        content = content.without_row(row_id)
    return content


def _file_choices(asked: OpenQuestions, decisions: Mapping[str, Decision]) -> list[FileChoice]:
    """Which files stay and go by these decisions. Raises `RecordError` for one that is none of those in dispute."""
    made = []
    for pair in asked.file_pairs:
        files = {file.blob.sha256: file.blob for side in pair.sides for file in side.files}
        wanted = (decisions[pair.leaf].value or "").split()
        if not set(wanted) <= set(files):
            raise RecordError("One of these files is in neither version.", safe="Nothing was chosen.")
        stay = tuple(files[digest] for digest in wanted)
        made.append(FileChoice(question_of(pair.leaf), stay, frozenset(files) - frozenset(wanted)))
    return made


def _understood(question: Question | None, decision: Decision) -> tuple[str | None, str | None]:
    if not decision.raw or question is None or not decision.value:
        return decision.value, decision.typed
    meant = understood(question.kind, decision.value, money=question.be.get("role") == "money")
    return (meant.value, None) if meant.value is not None else (None, decision.value)


def _carry_over(
    profile: Profile,
    record: str,
    state: RecordState,
    before: Content,
    decided: Content,
    rev: str,
    files: list[FileChoice],
) -> None:
    """A draft that was begun on top of all heads goes on from the decision; one that is older is told by the fold."""
    draft = drafts.load(profile.store, record)
    if draft is None or set(draft.parents) != set(state.heads):
        return
    content = Content.from_json(draft.content)
    content = with_files(content, files)
    for pair in state.two_versions:
        if not pair.leaf or file_place(pair.leaf) is not None:
            continue
        if value_at(content.answers, pair.leaf) == value_at(before.answers, pair.leaf):
            content = _put(content, pair.leaf, value_at(decided.answers, pair.leaf), decided.typed.get(pair.leaf))
    drafts.save(profile.store, record, draft.form, content.as_json(), (rev,))


def _put(content: Content, leaf: str, value: str | None, typed: str | None) -> Content:
    content = content.with_answer(leaf, value or None)
    raw = {name: text for name, text in content.typed.items() if name != leaf}
    return replace(content, typed=raw | ({leaf: typed} if typed else {}))
