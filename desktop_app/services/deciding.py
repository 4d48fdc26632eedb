"""Two versions of an answer, a line or a whole record: what each side says, who said it and when; and a person's decision.

The fold keeps every version (record.md "State of a record"); what is decided here is one revision whose parents are all
heads. Nothing is decided by the way: an answer nobody chose for cannot be settled along with another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from desktop_app.errors import RecordError
from desktop_app.forms.answers import understood
from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.forms.wording import in_words
from desktop_app.records.revision import BlobRef, Signed
from desktop_app.records.state import Candidate, RecordState, TwoVersions, file_place
from desktop_app.storage import blobs, drafts, half_written, laptops, revisions

from . import this_laptop
from .content import Content, value_at
from .files_apart import FILE_KINDS, FileChoice, groups_of, in_dispute, in_size, question_of, with_files
from .profile import Profile
from .versions import make_revision, refresh

TYPED_KINDS = ("text", "integer", "decimal", "range", "date", "time", "datetime")
GONE, KEPT = "gone", "kept"
NO_FILE = "No file: it is taken out."
WITHDRAW, PUT = "withdraw", "put"
_OWN_WORDS = "instead of "


@dataclass(frozen=True)
class SideFile:
    """A file that hangs on one side only. ``here``: it can be opened on this computer."""

    blob: BlobRef
    here: bool


@dataclass(frozen=True)
class Side:
    """One version. ``value`` is what `decide` takes for it; ``said`` the same in words, ``""`` for no answer.

    ``mine``: written on this laptop. ``rev``: the revision it comes from. ``files``: of a pair of files, those this side
    has and not every other.
    """

    value: str | None
    typed: str | None
    said: str
    who: str
    when: datetime
    mine: bool
    rev: str
    files: tuple[SideFile, ...] = ()


@dataclass(frozen=True)
class Pair:
    """What there are two (or more) versions of, the older first.

    ``leaf``: an answer's path, a line's path (``kind`` row: was it taken out, or does it stand as changed?), a file's place
    or the question that files answer (``kind`` file: which of them stay? values are their SHA-256), or ``""`` for the
    record itself. ``both``: the two together, where that makes sense. ``writable``: something else may be typed; ``long``:
    over several lines.
    """

    leaf: str
    kind: Literal["answer", "row", "record", "file"]
    question: str
    where: str
    sides: tuple[Side, ...]
    both: str | None = None
    writable: bool = False
    long: bool = False


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
    return list(_Sides(profile, state, signed).pairs())


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
    sides = _Sides(profile, state, revisions.of_record(profile.store, record))
    before = Content.of_state(state)
    content = sides.applied(before, decisions)
    taken_back = decisions.get("", Decision(PUT)).value == WITHDRAW
    with profile.store.atomic():
        rev = make_revision(
            profile, record, state.form, content, parents=state.heads, op=WITHDRAW if taken_back else "resolve"
        )
        draft = drafts.load(profile.store, record)
        if draft is not None:
            _carry_over(profile, record, state, before, content, rev, sides.file_choices(decisions))
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


class _Sides:
    """The open questions of one record, with the revisions they come from at hand."""

    def __init__(self, profile: Profile, state: RecordState, signed: list[Signed]) -> None:
        self._profile = profile
        self._state = state
        self._revisions = {one.id: one.revision for one in signed}
        self._devices = {device.id: device for device in laptops.devices(profile.store)}
        self._before = {one.device for one in this_laptop.before(profile.store)}
        self._form: FormDefinition = profile.forms.package(state.form.package)
        self._questions = {question.path: question for question in self._form.questions}
        self._rows = {row for one in signed for row in _row_ids(one.revision.answers)}
        self._file_pairs, self._of_files = self._files()

    def pairs(self) -> Iterator[Pair]:
        place = {question.path: number for number, question in enumerate(self._form.questions)}
        found: list[tuple[int, Pair]] = []
        rows: dict[str, list[TwoVersions]] = {}
        for pair in self._file_pairs:
            found.append((place.get(self._template(question_of(pair.leaf)), len(place)), pair))
        for two in self._state.two_versions:
            if two.leaf in self._of_files:
                continue
            if not two.leaf:
                found.append((-1, self._whole(two)))
                continue
            row = self._row_gone(two)
            if row:
                rows.setdefault(row, []).append(two)
            kept = [c for c in two.candidates if not (row and self._without(c, row))]
            if len({(c.value, c.typed) for c in kept}) > 1:
                found.append((place.get(self._template(two.leaf), len(place)), self._answer(two, kept)))
        for row, inside in rows.items():
            found.append((place.get(self._template(row), len(place)), self._line(row, inside)))
        # Lines that were taken out or changed stand as a person counts them.
        for _, pair in sorted(found, key=lambda item: (item[0], *self._lines(item[1].leaf))):
            yield pair

    def applied(self, content: Content, decisions: Mapping[str, Decision]) -> Content:
        """The content as it is after these decisions."""
        gone = []
        choices = self.file_choices(decisions)
        content = with_files(content, choices)
        for question in dict.fromkeys(choice.question for choice in choices):
            if self._template(question) in self._questions:  # the answer names the file that was added last, as in ODK
                left = [blob.name for blob in content.blobs if blob.question == question]
                content = _put(content, question, left[-1] if left else None, None)
        for two in self._state.two_versions:
            if not two.leaf or two.leaf in self._of_files:
                continue
            row = self._row_gone(two)
            decision = decisions.get(two.leaf)
            if row and decisions[row].value == GONE:
                gone.append(row.rpartition("/")[2])
            elif row and decision is None:
                kept = next(c for c in reversed(two.candidates) if not self._without(c, row))
                content = _put(content, two.leaf, kept.value, kept.typed)
            elif decision is not None:
                content = _put(content, two.leaf, *self._understood(two.leaf, decision))
        for row_id in dict.fromkeys(gone):
            content = content.without_row(row_id)
        return content

    def file_choices(self, decisions: Mapping[str, Decision]) -> list[FileChoice]:
        """Which files stay and go by these decisions. Raises `RecordError` for one that is none of those in dispute."""
        made = []
        for pair in self._file_pairs:
            files = {file.blob.sha256: file.blob for side in pair.sides for file in side.files}
            wanted = (decisions[pair.leaf].value or "").split()
            if not set(wanted) <= set(files):
                raise RecordError("One of these files is in neither version.", safe="Nothing was chosen.")
            stay = tuple(files[digest] for digest in wanted)
            made.append(FileChoice(question_of(pair.leaf), stay, frozenset(files) - frozenset(wanted)))
        return made

    def _files(self) -> tuple[list[Pair], set[str]]:
        """What is to be decided about files, and the leaves of the state this stands for."""
        asked_for_files = {
            two.leaf
            for two in self._state.two_versions
            if (question := self._questions.get(self._template(two.leaf))) is not None
            and question.kind in FILE_KINDS
            and not self._row_gone(two)
        }
        made: list[Pair] = []
        covered: set[str] = set()
        for leaf, group in groups_of(self._state.two_versions, asked_for_files, self._revisions.values()):
            pair = self._file_pair(leaf, group)
            if pair is not None:
                made.append(pair)
                covered |= {two.leaf for two in group}
            else:  # the answers differ, and at most one place of the files
                alone = [(two.leaf, self._file_pair(two.leaf, [two])) for two in group if file_place(two.leaf) is not None]
                made += [pair for _, pair in alone if pair is not None]
                covered |= {place for place, _ in alone}
        return made, covered

    def _file_pair(self, leaf: str, group: list[TwoVersions]) -> Pair | None:
        """``None`` where the sides have the same files after all."""
        candidates = {candidate.rev: candidate for two in group for candidate in two.candidates}
        disputed = in_dispute(leaf, {rev: self._revisions[rev] for rev in candidates})
        sides: dict[str, Side] = {}
        for rev, files in disputed.items():
            value = " ".join(sorted(blob.sha256 for blob in files))
            said = "\n".join(f"{blob.name} ({in_size(blob.len)})" for blob in files)
            side = self._side(candidates[rev], said or NO_FILE, value)
            here = tuple(SideFile(blob, blobs.has(self._profile.store, blob.sha256)) for blob in files)
            if value not in sides or sides[value].when < side.when:
                sides[value] = replace(side, files=here)
        if len(sides) < 2:
            return None
        hangs_at = question_of(leaf)
        question = self._questions.get(self._template(hangs_at))
        together = " ".join(sorted({blob.sha256 for files in disputed.values() for blob in files}))
        return Pair(
            leaf=leaf,
            kind="file",
            question=question.label if question is not None and question.label else "Attached files",
            where=self._where(hangs_at),
            sides=tuple(sorted(sides.values(), key=lambda side: side.when)),
            both=together if together not in sides else None,
        )

    def _understood(self, leaf: str, decision: Decision) -> tuple[str | None, str | None]:
        question = self._questions.get(self._template(leaf))
        if not decision.raw or question is None or not decision.value:
            return decision.value, decision.typed
        meant = understood(question.kind, decision.value, money=question.be.get("role") == "money")
        return (meant.value, None) if meant.value is not None else (None, decision.value)

    def _answer(self, two: TwoVersions, candidates: list[Candidate]) -> Pair:
        question = self._questions.get(self._template(two.leaf))
        sides = tuple(self._side(c, self._said(question, c)) for c in candidates)
        kind = question.kind if question is not None else "text"
        return Pair(
            leaf=two.leaf,
            kind="answer",
            question=question.label if question is not None else two.leaf.rpartition("/")[2].replace("_", " "),
            where=self._where(two.leaf),
            sides=sides,
            both=_both(kind, question, [c.value or "" for c in candidates]),
            writable=kind in TYPED_KINDS,
            long=kind == "text" and (question is None or "multiline" in question.appearance or any(
                len(side.said) > 80 or "\n" in side.said for side in sides
            )),
        )  # fmt: skip

    def _line(self, row: str, inside: list[TwoVersions]) -> Pair:
        sides: dict[str, Side] = {}
        for two in inside:
            for candidate in two.candidates:
                gone = self._without(candidate, row)
                said = "This line is taken out." if gone else self._line_words(candidate.rev, row)
                made = self._side(candidate, said, GONE if gone else KEPT)
                sides.setdefault(f"{made.value} {made.rev}", made)
        question = self._questions.get(self._template(row))
        return Pair(
            leaf=row,
            kind="row",
            question=question.label if question is not None and question.label else "A line",
            where=self._where(row),
            sides=tuple(sorted(sides.values(), key=lambda side: side.when)),
        )

    def _whole(self, two: TwoVersions) -> Pair:
        words = {WITHDRAW: "It is taken back.", PUT: "It stands, as changed there."}
        sides = tuple(self._side(c, words.get(c.value or "", "")) for c in two.candidates)
        return Pair("", "record", "Does this record stand?", "", sides)

    def _side(self, candidate: Candidate, said: str, value: str | None = None) -> Side:
        device = self._devices.get(candidate.device)
        revision = self._revisions.get(candidate.rev)
        mine = candidate.device == self._profile.me.device
        named = "You, on this laptop" if mine else (device.name if device and device.name else candidate.branch)
        if candidate.device in self._before:
            named = f"{named}, where these records were copied from"
        branch = device.branch if device else candidate.branch  # of whoever wrote it; the record's may be another
        parts = [named, "" if named == branch or mine else branch]
        if revision is not None and revision.role not in ("branch", "office", "") and not mine:
            parts.append(revision.role.replace("_", " "))
        return Side(
            value=candidate.value if value is None else value,
            typed=candidate.typed if value is None else None,
            said=said,
            who=", ".join(part for part in parts if part),
            when=datetime.fromisoformat(candidate.t.utc.replace("Z", "+00:00")),
            mine=mine,
            rev=candidate.rev,
        )

    def _said(self, question: Question | None, candidate: Candidate) -> str:
        if candidate.typed:
            return candidate.typed
        if not candidate.value:
            return ""
        return in_words(self._form, question, candidate.value) if question is not None else candidate.value

    def _row_gone(self, two: TwoVersions) -> str:
        """The path of the innermost line that one of the sides took out, else ``""``."""
        steps = two.leaf.split("/")
        for end in range(len(steps), 0, -1):
            if steps[end - 1] in self._rows:
                row = "/".join(steps[:end])
                if any(self._without(candidate, row) for candidate in two.candidates):
                    return row
        return ""

    def _without(self, candidate: Candidate, row: str) -> bool:
        revision = self._revisions.get(candidate.rev)
        gone = candidate.value is None and candidate.typed is None
        return gone and revision is not None and row.rpartition("/")[2] not in set(_row_ids(revision.answers))

    def _line_words(self, rev: str, row: str) -> str:
        part: Any = self._revisions[rev].answers
        for step in row.split("/"):
            part = next((r for r in part if r["_id"] == step), {}) if isinstance(part, list) else part.get(step, {})
        lines = []
        for name, value in part.items():
            question = self._questions.get(f"{self._template(row)}/{name}")
            if isinstance(value, str) and value and question is not None:
                joint = "" if question.label.endswith("?") else ":"
                lines.append(f"{question.label}{joint} {in_words(self._form, question, value)}")
        return "\n".join(lines) or "It stands."

    def _template(self, leaf: str) -> str:
        names = [step for step in leaf.split("/") if step not in self._rows]
        return "/".join([self._form.root.path, *names])

    def _lines(self, leaf: str) -> list[int]:
        """The numbers of the lines an answer stands in, outermost first."""
        part: Any = self._state.answers
        numbers = []
        for step in leaf.split("/"):
            if isinstance(part, list):
                numbers.append(next((n for n, row in enumerate(part, 1) if row["_id"] == step), 0))
                part = part[numbers[-1] - 1] if numbers[-1] else {}
            else:
                part = part.get(step, {}) if isinstance(part, dict) else {}
        return numbers

    def _where(self, leaf: str) -> str:
        """The line an answer stands in, as a person counts them: "Waits, line 2"."""
        part: Any = self._state.answers
        said = []
        names: list[str] = []
        for step in leaf.split("/"):
            if isinstance(part, list):
                number = next((n for n, row in enumerate(part, 1) if row["_id"] == step), 0)
                question = self._questions.get("/".join([self._form.root.path, *names]))
                label = question.label if question is not None and question.label else "Lines"
                said.append(f"{label.rstrip('?')}, line {number}" if number else label)
                part = part[number - 1] if number else {}
            else:
                names.append(step)
                part = part.get(step, {}) if isinstance(part, dict) else {}
        return "; ".join(said)


def _row_ids(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for row in part:
            yield row["_id"]
            yield from _row_ids({name: value for name, value in row.items() if name != "_id"})
    elif isinstance(part, dict):
        for value in part.values():
            if isinstance(value, (dict, list)):
                yield from _row_ids(value)


def _both(kind: str, question: Question | None, values: list[str]) -> str | None:
    """The two together: choices joined in their order, texts one after the other; nothing for a number or a date."""
    told = [value for value in values if value]
    if len(told) < 2:
        return None
    if kind == "select_multiple":
        return " ".join(dict.fromkeys(name for value in told for name in value.split()))
    if kind == "text":
        long = question is None or "multiline" in question.appearance
        return ("\n\n" if long else "; ").join(dict.fromkeys(told))
    return None
