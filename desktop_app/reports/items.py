"""Ten thousand records as a report is handed them: each packed small, opened one at a time.

As objects a record takes some twenty kilobytes, packed about one. A report goes through its records several times and
is often made in another process, so both the walk and the way there stay small.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, overload

from desktop_app.forms.definition import FormDefinition
from desktop_app.reports.model import ReportItem

_WHOLE = ("two_versions", "blobs", "links")  # few records have any: kept as they are
_FIELDS = tuple(field.name for field in fields(ReportItem) if field.name not in ("form", *_WHOLE))
_TUPLES = ("aside", "authorities", "kept_words")
_SHARED = ("standing", "branch", "when_text")  # the same words in many records: one string

_Packed = tuple[int, bytes, tuple[Any, ...] | None]
"""A form by its place, the plain fields as compressed JSON, and `_WHOLE` where there is any of it."""


class Items(Sequence[ReportItem]):
    """Records in their order, as a sequence. Each look makes a new `ReportItem`; nothing is kept open."""

    def __init__(self, items: Iterable[ReportItem] = ()) -> None:
        self._forms: list[FormDefinition] = []
        self._packed: list[_Packed] = []
        for item in items:
            self.append(item)

    def append(self, item: ReportItem) -> None:
        """One more record."""
        form = next((number for number, known in enumerate(self._forms) if known is item.form), -1)
        if form < 0:
            form = len(self._forms)
            self._forms.append(item.form)
        whole = tuple(getattr(item, name) for name in _WHOLE)
        told = json.dumps([getattr(item, name) for name in _FIELDS], default=dict)
        self._packed.append((form, zlib.compress(told.encode("ascii"), 1), whole if any(whole) else None))

    def __len__(self) -> int:
        return len(self._packed)

    @overload
    def __getitem__(self, at: int) -> ReportItem: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[ReportItem]: ...
    def __getitem__(self, at: int | slice) -> ReportItem | Sequence[ReportItem]:
        if isinstance(at, slice):
            return tuple(self._opened(packed) for packed in self._packed[at])
        return self._opened(self._packed[at])

    def __iter__(self) -> Iterator[ReportItem]:
        return map(self._opened, self._packed)

    def _opened(self, packed: _Packed) -> ReportItem:
        form, words, whole = packed
        told = dict(zip(_FIELDS, json.loads(zlib.decompress(words)), strict=True))
        for name in _TUPLES:
            told[name] = tuple(told[name])
        for name in _SHARED:
            told[name] = sys.intern(told[name])
        return ReportItem(form=self._forms[form], **told, **dict(zip(_WHOLE, whole or ((), (), ()), strict=True)))
