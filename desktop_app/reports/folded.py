"""Readings folded small: a report walks over its records many times, and only the last few are ever open."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.reports.view import EARLIER_SECTION, Answer, Reading, Rows, Section

OPEN = 300
"""Readings open at a time: a report of an ordinary branch unfolds each of its records once."""


class Shelf:
    """Keeps the readings of one report; the last `OPEN` that were asked for stay unfolded."""

    def __init__(self) -> None:
        self._open: dict[int, Reading] = {}
        self._questions: dict[str, dict[str, Question]] = {}

    def fold(self, reading: Reading) -> Reading:
        """The same reading, folded."""
        return _Folded(reading, self)

    def opened(self, number: int, form: FormDefinition, packed: bytes, item: Any) -> Reading:
        found = self._open.get(number)
        if found is None:
            asked = self._questions.get(form.package)
            if asked is None:
                asked = self._questions[form.package] = {question.path: question for question in form.questions}
            found = self._open[number] = Reading(item, _unfolded(form, asked, packed))
            if len(self._open) > OPEN:
                del self._open[next(iter(self._open))]
        return found


class _Folded(Reading):
    """A reading whose answers are unfolded when they are asked for."""

    def __init__(self, whole: Reading, shelf: Shelf) -> None:
        self.item = replace(whole.item, answers={})
        self.notes = whole.notes
        self.shared = whole.shared
        self._shelf = shelf
        told = json.dumps([_section(part) for part in whole.sections], separators=(",", ":"))
        self._words = zlib.compress(told.encode("ascii"), 1)

    @property
    def _whole(self) -> Reading:
        return self._shelf.opened(id(self), self.item.form, self._words, self.item)

    @property
    def sections(self) -> list[Section]:  # type: ignore[override]
        return self._whole.sections

    @property
    def answers(self) -> list[Answer]:
        return self._whole.answers

    @property
    def _by_name(self) -> dict[str, Answer]:
        return self._whole._by_name


def _section(part: Section) -> tuple[Any, ...]:
    return part.name, part.label, [_entry(entry) for entry in part.entries]


def _entry(entry: Answer | Rows) -> tuple[Any, ...]:
    if isinstance(entry, Rows):
        return entry.question.path, entry.section, [[_entry(a) for a in row] for row in entry.rows], entry.ids
    return (
        (entry.question.path, entry.question.label) if entry.section == EARLIER_SECTION else entry.question.path,
        entry.section,
        entry.leaf,
        entry.value,
        None if entry.words == entry.value else entry.words,
        entry.verdict,
        entry.aside,
        entry.raw,
        entry.versions,
        None if entry.detail is None else _entry(entry.detail),
    )


def _unfolded(form: FormDefinition, asked: Mapping[str, Question], packed: bytes) -> list[Section]:
    told = json.loads(zlib.decompress(packed))
    return [
        Section(name, label, tuple(_opened(form, asked, entry) for entry in entries)) for name, label, entries in told
    ]


def _opened(form: FormDefinition, asked: Mapping[str, Question], told: Any) -> Any:
    named = told[0]
    question = asked[named] if isinstance(named, str) else _earlier(form, named)
    if len(told) == 4:
        _, section, rows, ids = told
        return Rows(question, section, tuple(tuple(_opened(form, asked, a) for a in row) for row in rows), tuple(ids))
    _, section, leaf, value, words, verdict, aside, raw, versions, detail = told
    return Answer(
        question,
        section,
        leaf,
        value,
        value if words is None else words,
        verdict,
        aside,
        raw,
        tuple(versions),
        None if detail is None else _opened(form, asked, detail),
    )


def _earlier(form: FormDefinition, named: Sequence[str]) -> Question:
    """A question that the form no longer asks: only its old label is known."""
    _, label = named
    return replace(form.root, name=label, label=label, kind="text", children=(), be={})
