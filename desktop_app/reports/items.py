"""Ten thousand records as a report is handed them: each packed small, opened one at a time.

As objects a record takes some twenty kilobytes, packed about one. A report goes through its records several times and
is often made in another process, so both the walk and the way there stay small.
"""

from __future__ import annotations

import pickle
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import overload

from desktop_app.forms.definition import FormDefinition
from desktop_app.reports.model import ReportItem

_FIELDS = tuple(field.name for field in fields(ReportItem) if field.name != "form")
_SHARED = ("standing", "branch", "when_text")  # the same words in many records: one string


class Items(Sequence[ReportItem]):
    """Records in their order, as a sequence. Each look makes a new `ReportItem`; nothing is kept open."""

    def __init__(self, items: Iterable[ReportItem] = ()) -> None:
        self._forms: list[FormDefinition] = []
        self._packed: list[bytes] = []
        for item in items:
            self.append(item)

    def append(self, item: ReportItem) -> None:
        """One more record."""
        form = next((number for number, known in enumerate(self._forms) if known is item.form), -1)
        if form < 0:
            form = len(self._forms)
            self._forms.append(item.form)
        told = (form, *(getattr(item, name) for name in _FIELDS))
        self._packed.append(zlib.compress(pickle.dumps(told, pickle.HIGHEST_PROTOCOL), 1))

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

    def _opened(self, packed: bytes) -> ReportItem:
        # Ours, packed above in this program and never read from a file: pickle is safe here.
        form, *values = pickle.loads(zlib.decompress(packed))  # noqa: S301
        told = dict(zip(_FIELDS, values, strict=True))
        for name in _SHARED:
            told[name] = sys.intern(told[name])
        return ReportItem(form=self._forms[form], **told)
