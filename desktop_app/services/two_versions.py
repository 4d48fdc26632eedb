"""What a record has two versions of - an answer, a line, files, the whole: what each side says, who said it and when.

The fold keeps every version (record.md "State of a record"); choosing among them stands in `deciding`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.forms.wording import in_words
from desktop_app.records.revision import BlobRef, Signed
from desktop_app.records.state import Candidate, RecordState, TwoVersions, file_place
from desktop_app.storage import blobs, laptops

from . import this_laptop
from .files_apart import FILE_KINDS, groups_of, in_dispute, in_size, question_of
from .profile import Profile
from .whereabouts import Whereabouts, row_ids

TYPED_KINDS = ("text", "integer", "decimal", "range", "date", "time", "datetime")
GONE, KEPT = "gone", "kept"
NO_FILE = "No file: it is taken out."
WITHDRAW, PUT = "withdraw", "put"


@dataclass(frozen=True)
class SideFile:
    """A file that hangs on one side only. ``here``: it can be opened on this computer."""

    blob: BlobRef
    here: bool


@dataclass(frozen=True)
class Side:
    """One version. ``value`` is what `decide` takes for it; ``said`` the same in words, ``""`` for no answer.

    ``mine``: written on this laptop. ``rev``: the revision it comes from, ``device``: the laptop that made it. ``files``: of
    a pair of files, those this side has and not every other.
    """

    value: str | None
    typed: str | None
    said: str
    who: str
    when: datetime
    mine: bool
    rev: str
    files: tuple[SideFile, ...] = ()
    device: str = ""


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


class OpenQuestions:
    """What one record has two versions of, with the revisions they come from at hand.

    ``file_pairs``: those about files; ``of_files``: the leaves of the state these stand for. ``at``: where each stands.
    """

    def __init__(self, profile: Profile, state: RecordState, signed: list[Signed]) -> None:
        self._profile = profile
        self._state = state
        self._revisions = {one.id: one.revision for one in signed}
        self._devices = {device.id: device for device in laptops.devices(profile.store)}
        self._before = {one.device for one in this_laptop.before(profile.store)}
        self._form: FormDefinition = profile.forms.package(state.form.package)
        rows = {row for one in signed for row in row_ids(one.revision.answers)}
        self.at = Whereabouts(self._form, state.answers, rows)
        self.file_pairs, self.of_files = self._files()

    def pairs(self) -> Iterator[Pair]:
        """In the order of the form, lines as they are counted."""
        found: list[tuple[int, Pair]] = []
        rows: dict[str, list[TwoVersions]] = {}
        for pair in self.file_pairs:
            found.append((self.at.place(question_of(pair.leaf)), pair))
        for two in self._state.two_versions:
            if two.leaf in self.of_files:
                continue
            if not two.leaf:
                found.append((-1, self._whole(two)))
                continue
            row = self.row_gone(two)
            if row:
                rows.setdefault(row, []).append(two)
            kept = [c for c in two.candidates if not (row and self.without(c, row))]
            if len({(c.value, c.typed) for c in kept}) > 1:
                found.append((self.at.place(two.leaf), self._answer(two, kept)))
        for row, inside in rows.items():
            found.append((self.at.place(row), self._line(row, inside)))
        # Lines that were taken out or changed stand as a person counts them.
        for _, pair in sorted(found, key=lambda item: (item[0], *self.at.lines(item[1].leaf))):
            yield pair

    def row_gone(self, two: TwoVersions) -> str:
        """The path of the innermost line that one of the sides took out, else ``""``."""
        steps = two.leaf.split("/")
        for end in range(len(steps), 0, -1):
            if steps[end - 1] in self.at.rows:
                row = "/".join(steps[:end])
                if any(self.without(candidate, row) for candidate in two.candidates):
                    return row
        return ""

    def without(self, candidate: Candidate, row: str) -> bool:
        """True when this side is the one that took the line out."""
        revision = self._revisions.get(candidate.rev)
        gone = candidate.value is None and candidate.typed is None
        return gone and revision is not None and row.rpartition("/")[2] not in set(row_ids(revision.answers))

    def _files(self) -> tuple[list[Pair], set[str]]:
        """What is to be decided about files, and the leaves of the state this stands for."""
        asked_for_files = {
            two.leaf
            for two in self._state.two_versions
            if (question := self.at.question(two.leaf)) is not None
            and question.kind in FILE_KINDS
            and not self.row_gone(two)
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
        question = self.at.question(hangs_at)
        together = " ".join(sorted({blob.sha256 for files in disputed.values() for blob in files}))
        return Pair(
            leaf=leaf,
            kind="file",
            question=question.label if question is not None and question.label else "Attached files",
            where=self.at.words(hangs_at),
            sides=tuple(sorted(sides.values(), key=lambda side: side.when)),
            both=together if together not in sides else None,
        )

    def _answer(self, two: TwoVersions, candidates: list[Candidate]) -> Pair:
        question = self.at.question(two.leaf)
        sides = tuple(self._side(c, self._said(question, c)) for c in candidates)
        kind = question.kind if question is not None else "text"
        return Pair(
            leaf=two.leaf,
            kind="answer",
            question=question.label if question is not None else two.leaf.rpartition("/")[2].replace("_", " "),
            where=self.at.words(two.leaf),
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
                gone = self.without(candidate, row)
                said = "This line is taken out." if gone else self._line_words(candidate.rev, row)
                made = self._side(candidate, said, GONE if gone else KEPT)
                sides.setdefault(f"{made.value} {made.rev}", made)
        question = self.at.question(row)
        return Pair(
            leaf=row,
            kind="row",
            question=question.label if question is not None and question.label else "A line",
            where=self.at.words(row),
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
            device=candidate.device,
        )

    def _said(self, question: Question | None, candidate: Candidate) -> str:
        if candidate.typed:
            return candidate.typed
        if not candidate.value:
            return ""
        return in_words(self._form, question, candidate.value) if question is not None else candidate.value

    def _line_words(self, rev: str, row: str) -> str:
        part: Any = self._revisions[rev].answers
        for step in row.split("/"):
            part = next((r for r in part if r["_id"] == step), {}) if isinstance(part, list) else part.get(step, {})
        lines = []
        for name, value in part.items():
            question = self.at.question(f"{row}/{name}")
            if isinstance(value, str) and value and question is not None:
                joint = "" if question.label.endswith("?") else ":"
                lines.append(f"{question.label}{joint} {in_words(self._form, question, value)}")
        return "\n".join(lines) or "It stands."


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
