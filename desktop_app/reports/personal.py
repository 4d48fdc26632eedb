"""What was decided about likely personal data, carried out in a shareable report (DP-02).

Every finding is kept with a reason, replaced, or left out. Labels such as "Pupil A" are given within one testimony and
nowhere written down beside the name, so that there is no key that turns them back into a child.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from desktop_app.errors import UsageProblem
from desktop_app.records.privacy import SUGGESTIONS, Finding, findings
from desktop_app.records.privacy_lists import is_proper, is_word, known_names
from desktop_app.records.privacy_words import TITLES
from desktop_app.records.removal import LEFT_OUT, places, without
from desktop_app.reports.model import Decision, ReportItem
from desktop_app.reports.view import Answer, Reading, Rows, Section

_YEAR = re.compile(r"\b(?:(?:Year|Yr|Y) ?(?P<year>\d{1,2})|reception|nursery)\b", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:Pupil|Person) (?:[A-Z]|\d+)\b")
_SEEN = 60
_ROLE = re.compile(
    r"\bSEND?CO\b|head ?teacher|teaching assistant|teacher|governor|chief executive|director|inclusion lead|nurse|trustee",
    re.IGNORECASE,
)


_Change = Callable[[str], str]


@dataclass(frozen=True)
class Likely:
    """Likely personal data in words a shareable report would print; ``choices`` are what could stand instead."""

    record: str
    reference: str
    label: str
    leaf: str
    finding: Finding
    choices: tuple[str, ...]
    around: str = ""
    """The words it stands in, for somebody to judge by."""

    def decide(self, do: str, *, words: str = "", reason: str = "") -> Decision:
        """The decision about it, in this record."""
        return checked(Decision(self.finding.text, do, words, reason, self.record))  # type: ignore[arg-type]


def checked(decision: Decision) -> Decision:
    """The decision, if it can be carried out. Raises `UsageProblem`."""
    if decision.do not in ("keep", "replace", "leave_out"):
        raise UsageProblem(f"“{decision.do}” is no decision.", do="Choose keep, replace or leave_out.")
    if not decision.text.strip():
        raise UsageProblem("A decision must name the words it is about.", do="Give the words as text.")
    if decision.do == "keep" and not decision.reason.strip():
        raise UsageProblem(f"To keep “{decision.text}” a reason is needed.", do="Say why it may be shared.")
    if decision.do == "replace" and not decision.words.strip():
        raise UsageProblem(f"What should stand instead of “{decision.text}”?", do="Say the words, or leave it out.")
    return decision


def likely(readings: Iterable[Reading], decisions: Sequence[Decision] = ()) -> Iterator[Likely]:
    """What to decide about: likely personal data in the words printed, but for what was decided to be kept."""
    decided = by_record(decisions)
    for reading in readings:
        item = reading.item
        kept = [d.text for d in decided(item.record) if d.do == "keep"]
        texts = list(_texts(reading))
        labels: dict[str, str] = {}
        used = {label for _, _, words in texts for label in _LABEL.findall(words)}
        told = [findings(words, where=leaf) for leaf, _, words in texts]
        parts = _parts(told)
        for (leaf, label, words), ones in zip(texts, told, strict=True):
            for one in [*ones, *_again(words, ones, parts)]:
                whole = (0, len(one.text))
                if not any(whole in places(text, one.text, inflected=False) for text in kept):
                    choices = _choices(one, words, labels, used, parts)
                    around = _around(words, one)
                    yield Likely(item.record, item.reference, label, leaf, one, choices, around)


def _parts(told: list[list[Finding]]) -> dict[str, str]:
    """Each part of the names found in a testimony that is no plain English, with the first of the name."""
    parts: dict[str, str] = {}
    for one in (one for ones in told for one in ones if one.kind == "name"):
        words = [word for word in re.split(r"[\s.]+", one.text) if word.lower() not in TITLES and len(word) > 2]
        for word in words:
            begins = one.text.startswith(word)
            if not is_word(word.lower()) and (begins or _no_place(word.lower())):
                parts.setdefault(word.casefold(), words[0].casefold())
    return parts


def _no_place(word: str) -> bool:
    """As far as the lists and the dictionary know: "Ms Kent" says nothing about the Kent of the next sentence."""
    lists = known_names()
    return lists.firsts.get(word) is False or lists.surnames.get(word) is False or not is_proper(word)


def _again(words: str, ones: list[Finding], parts: dict[str, str]) -> list[Finding]:
    """A person once named is meant wherever a part of the name stands: "the Okonkwos", "okonkwo", "Okon-" and "kwo"."""
    again: list[Finding] = []
    for part in parts:
        for start, end in places(part, words):
            if not any(one.start < end and start < one.end for one in (*ones, *again)):
                again.append(Finding(start, end, "name", words[start:end], SUGGESTIONS["name"]))
    return sorted(again, key=lambda one: one.start)


def by_record(decisions: Iterable[Decision]) -> Callable[[str], list[Decision]]:
    """The decisions that a record is subject to, without looking at those of all the others."""
    found: dict[str, list[Decision]] = {}
    for decision in decisions:
        found.setdefault(decision.record, []).append(decision)
    return lambda record: [*found.get("", ()), *(found.get(record, ()) if record else ())]


def _texts(reading: Reading) -> Iterable[tuple[str, str, str]]:
    """(leaf, label, words) of every text printed; the title only where it is not an answer of its own."""
    seen = set()
    for answer in reading.answers:
        for said in (answer, answer.detail):
            if said is not None and (said.is_text or said.raw):
                seen.add(said.words)
                yield said.leaf, said.label, said.words
                for version in said.versions:
                    if version != said.words:
                        yield said.leaf, said.label, version
    if reading.item.title and reading.item.title not in seen:
        yield "", "Title", reading.item.title


def _around(words: str, one: Finding) -> str:
    """A line with the finding in it; cut between words."""
    start, end = max(0, one.start - _SEEN), min(len(words), one.end + _SEEN)
    before, after = words[start : one.start], words[one.end : end]
    before = f"…{before.partition(' ')[2]}" if start else before
    after = f"{after.rpartition(' ')[0]}…" if end < len(words) else after
    return " ".join(f"{before}{one.text}{after}".split())


def _choices(
    one: Finding, words: str, labels: dict[str, str], used: set[str], parts: dict[str, str]
) -> tuple[str, ...]:
    """What could stand instead: a label that is the same for the same name within one testimony, or a plain phrase.

    ``used`` are labels the testimony itself gives somebody: nobody else gets those. ``parts``: see `_parts`.
    """
    if one.kind in ("name", "initials"):
        pieces = [piece for piece in re.split(r"[\s.]+", one.text) if piece]
        titled = pieces[0].lower() in TITLES
        key = (pieces[1] if titled and len(pieces) > 1 else pieces[0]).casefold()
        if one.kind == "initials":  # "Child B" by its letter, "J. S." and "JS" by both
            key = "".join(piece for piece in pieces if piece.isupper()).casefold()
        elif not titled:
            key = next((first for part, first in parts.items() if places(part, one.text) == [(0, len(one.text))]), key)
        if key not in labels:
            who = "Person" if titled else "Pupil"
            taken = used.union(labels.values())
            labels[key] = next(label for label in _labels(who) if label not in taken)
        around = words[max(0, one.start - 120) : one.end + 120]
        return (labels[key], "a member of staff", "a parent") if titled else (labels[key], _of_year(around))
    if one.kind in ("role_and_school", "role_and_trust"):
        place = "school" if one.kind == "role_and_school" else "trust"
        role = _ROLE.search(one.text)
        article = "an" if role and role[0][0] in "aeioAEIO" else "a"
        return (f"{article} {role[0]} of a {place}" if role else f"a member of staff of a {place}",)
    if one.kind == "year_and_school":
        return (_of_year(one.text),)
    return (LEFT_OUT,)


def _labels(who: str) -> Iterator[str]:
    yield from (f"{who} {chr(65 + number)}" for number in range(26))
    yield from (f"{who} {number}" for number in count(27))


def _of_year(words: str) -> str:
    """“A pupil in Year 4” where the words around name a year group."""
    year = _YEAR.search(words)
    if year is None:
        return "a pupil"
    return f"a pupil in Year {year['year']}" if year["year"] else f"a pupil in {year[0].capitalize()}"


def carried_out(reading: Reading, decisions: Sequence[Decision]) -> tuple[Reading, list[str]]:
    """The record as decided, and the words that must not be in the file any more."""
    mine = [d for d in decisions if d.do != "keep" and d.record in ("", reading.item.record)]
    if not mine:
        return reading, []
    mine.sort(key=lambda decision: -len(decision.text))
    gone: dict[str, None] = {}

    def done(words: str) -> str:
        for decision in mine:
            instead = decision.words if decision.do == "replace" else LEFT_OUT
            words, often = without(words, decision.text, instead)
            if often:
                gone[decision.text] = None
        return words

    sections = [
        Section(part.name, part.label, tuple(_entry(e, done) for e in part.entries)) for part in reading.sections
    ]
    made = Reading(_item(reading.item, done), sections, reading.notes, shared=reading.shared)
    return made, list(gone)


def _item(item: ReportItem, done: _Change) -> ReportItem:
    blobs = tuple(replace(blob, name=done(blob.name)) for blob in item.blobs)
    return replace(item, title=done(item.title), when_text=done(item.when_text), blobs=blobs)


def _entry(entry: Answer | Rows, done: _Change) -> Answer | Rows:
    if isinstance(entry, Rows):
        return replace(entry, rows=tuple(tuple(_answer(answer, done) for answer in row) for row in entry.rows))
    return _answer(entry, done)


def _answer(answer: Answer, done: _Change) -> Answer:
    detail = _answer(answer.detail, done) if answer.detail is not None else None
    if not (answer.is_text or answer.raw):
        return replace(answer, detail=detail)
    return replace(
        answer,
        value=done(answer.value) if answer.is_text else answer.value,
        words=done(answer.words),
        raw=done(answer.raw),
        versions=tuple(done(version) for version in answer.versions),
        detail=detail,
    )
