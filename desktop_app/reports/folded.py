"""Readings folded small: a report walks over its records many times, and only the last few are ever open.

A folded reading is two numbers in memory; its words are packed and, when there are many, wait sealed (`items.Stack`).
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.reports.items import Heads, Kinds, Stack
from desktop_app.reports.model import ReportItem
from desktop_app.reports.view import EARLIER_SECTION, Answer, Reading, Rows, Section

OPEN = 300
"""Readings open at a time: a report of an ordinary branch unfolds each of its records once."""
_SIZE = struct.Struct(">I")
_T = TypeVar("_T")


class Shelf:
    """Keeps the readings of one report; the last `OPEN` that were asked for stay unfolded."""

    def __init__(self) -> None:
        self._packed = Stack()
        self._kinds = Kinds()
        self._heads = Heads()
        self._items: dict[int, tuple[ReportItem, tuple[str, ...], bool]] = {}
        self._open: dict[int, Reading] = {}
        self._questions: dict[str, dict[str, Question]] = {}

    def fold(self, reading: Reading) -> Reading:
        """The same reading, folded."""
        number = len(self._packed)
        head = json.dumps([self._heads.told(number, reading.item), reading.notes, reading.shared], default=dict)
        told = json.dumps([_section(part) for part in reading.sections], separators=(",", ":"))
        packed = head.encode("ascii")
        self._packed.append(_SIZE.pack(len(packed)) + packed + zlib.compress(told.encode("ascii"), 1))
        return _Folded(self, number, self._kinds.place(reading.item.form))

    def form(self, place: int) -> FormDefinition:
        return self._kinds.forms[place]

    def head(self, number: int, form: int) -> tuple[ReportItem, tuple[str, ...], bool]:
        """The record without its answers, its notes, and whether it is as it may be shared."""
        found = self._items.get(number)
        if found is None:
            packed = self._packed[number]
            (size,) = _SIZE.unpack_from(packed)
            told, notes, shared = json.loads(packed[_SIZE.size : _SIZE.size + size])
            found = self._heads.item(number, told, self.form(form), {}), tuple(notes), shared
            _kept(self._items, number, found)
        return found

    def opened(self, number: int, place: int) -> Reading:
        found = self._open.get(number)
        if found is None:
            form = self.form(place)
            asked = self._questions.get(form.package)
            if asked is None:
                asked = self._questions[form.package] = {question.path: question for question in form.questions}
            packed = self._packed[number]
            (size,) = _SIZE.unpack_from(packed)
            item, _, _ = self.head(number, place)
            found = Reading(item, _unfolded(form, asked, packed[_SIZE.size + size :]))
            _kept(self._open, number, found)
        return found


def _kept(some: dict[int, _T], number: int, one: _T) -> None:
    some[number] = one
    if len(some) > OPEN:
        del some[next(iter(some))]


class _Folded(Reading):
    """A reading whose words are unfolded when they are asked for."""

    def __init__(self, shelf: Shelf, number: int, form: int) -> None:
        self._shelf = shelf
        self._number = number
        self._form = form

    @property
    def _whole(self) -> Reading:
        return self._shelf.opened(self._number, self._form)

    @property
    def item(self) -> ReportItem:  # type: ignore[override]
        return self._shelf.head(self._number, self._form)[0]

    @property
    def notes(self) -> tuple[str, ...]:  # type: ignore[override]
        return self._shelf.head(self._number, self._form)[1]

    @property
    def shared(self) -> bool:  # type: ignore[override]
        return self._shelf.head(self._number, self._form)[2]

    @property
    def form(self) -> str:
        return self._shelf.form(self._form).id

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
