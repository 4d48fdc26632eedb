"""Ten thousand records as a report is handed them: each packed small, opened one at a time.

As objects a record takes some twenty kilobytes, packed about one, and what is more than a few megabytes together waits
sealed outside memory (`Spool`). A report goes through its records several times and is often made in another process, so
both the walk and the way there stay small.
"""

from __future__ import annotations

import json
import struct
import sys
import weakref
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, overload

from desktop_app.files import Spool
from desktop_app.forms.definition import FormDefinition
from desktop_app.reports.model import ReportItem

IN_MEMORY = 2 * 1024 * 1024
_WHOLE = ("two_versions", "blobs", "links")  # few records have any: kept as they are
_HEAD = tuple(field.name for field in fields(ReportItem) if field.name not in ("form", "answers", *_WHOLE))
_TUPLES = ("aside", "authorities", "kept_words")
_SHARED = ("standing", "branch", "when_text")  # the same words in many records: one string
_FORM = struct.Struct(">H")
_PIECE = 256 * 1024


class Stack:
    """Byte strings by their number, in the order they came; most of them outside memory when there are many."""

    def __init__(self) -> None:
        self._spool = Spool(IN_MEMORY)
        self._reader = self._spool.reader()
        self._ends = array("Q")
        weakref.finalize(self, self._spool.close)

    def append(self, data: bytes) -> None:
        self._spool.write(data)
        self._ends.append(len(self._spool))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, at: int) -> bytes:
        start = self._ends[at - 1] if at else 0
        self._reader.seek(start)
        return self._reader.read(self._ends[at] - start)

    def __getstate__(self) -> tuple[bytes, list[bytes]]:
        self._reader.seek(0)
        return self._ends.tobytes(), list(iter(lambda: self._reader.read(_PIECE), b""))

    def __setstate__(self, state: tuple[bytes, list[bytes]]) -> None:
        self.__init__()  # type: ignore[misc]
        ends, pieces = state
        self._ends.frombytes(ends)
        for piece in pieces:
            self._spool.write(piece)


class Kinds:
    """The forms that records are of, each known by its place."""

    def __init__(self) -> None:
        self.forms: list[FormDefinition] = []

    def place(self, form: FormDefinition) -> int:
        found = next((number for number, known in enumerate(self.forms) if known is form), -1)
        if found < 0:
            found = len(self.forms)
            self.forms.append(form)
        return found


class Heads:
    """All of a record but its form and its answers, as JSON and back; what few records have stays here as it is."""

    def __init__(self) -> None:
        self._whole: dict[int, tuple[Any, ...]] = {}

    def told(self, number: int, item: ReportItem) -> list[Any]:
        """What JSON can hold of the record with this number."""
        whole = tuple(getattr(item, name) for name in _WHOLE)
        if any(whole):
            self._whole[number] = whole
        return [getattr(item, name) for name in _HEAD]

    def item(self, number: int, told: Sequence[Any], form: FormDefinition, answers: Any) -> ReportItem:
        known = dict(zip(_HEAD, told, strict=True))
        for name in _TUPLES:
            known[name] = tuple(known[name])
        for name in _SHARED:
            known[name] = sys.intern(known[name])
        whole = dict(zip(_WHOLE, self._whole.get(number, ((), (), ())), strict=True))
        return ReportItem(form=form, answers=answers, **known, **whole)


class Items(Sequence[ReportItem]):
    """Records in their order, as a sequence. Each look makes a new `ReportItem`; nothing is kept open."""

    def __init__(self, items: Iterable[ReportItem] = ()) -> None:
        self._kinds = Kinds()
        self._heads = Heads()
        self._packed = Stack()
        for item in items:
            self.append(item)

    def append(self, item: ReportItem) -> None:
        """One more record."""
        told = json.dumps([self._heads.told(len(self._packed), item), item.answers], default=dict)
        form = _FORM.pack(self._kinds.place(item.form))
        self._packed.append(form + zlib.compress(told.encode("ascii"), 1))

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, at: int) -> ReportItem: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[ReportItem]: ...
    def __getitem__(self, at: int | slice) -> ReportItem | Sequence[ReportItem]:
        places = range(len(self._packed))[at]
        return tuple(map(self._opened, places)) if isinstance(places, range) else self._opened(places)

    def __iter__(self) -> Iterator[ReportItem]:
        return map(self._opened, range(len(self._packed)))

    def _opened(self, number: int) -> ReportItem:
        packed = self._packed[number]
        head, answers = json.loads(zlib.decompress(packed[_FORM.size :]))
        return self._heads.item(number, head, self._kinds.forms[_FORM.unpack_from(packed)[0]], answers)
