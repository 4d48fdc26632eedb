"""What was agreed for sharing, as tables: by the very rules of shareable reports, since both read the same way.

No ids, standings or names of files; counts of people below five are "fewer than 5"; what was left out is listed with its
reason, never with its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop_app.records.authorities import by_code
from desktop_app.reports.audience import prepare
from desktop_app.reports.model import Decision, ReportInput
from desktop_app.reports.personal import Likely
from desktop_app.reports.view import Answer, Reading, Rows

from . import sharing
from .export_gathering import described, short
from .export_tables import Cell, Column, Tables, plain
from .profile import Profile
from .recording import OpenRecord
from .reporting import item_of

LEFT_OUT = "left out"
MOST_UNDECIDED = 1_000
_RECORD = ("reference", "title", "authorities", "when")
_ROW = ("reference", "position")


class SharedGathering:
    """Takes in records one by one; `finish` raises `Undecided` when nobody decided about personal data in them."""

    def __init__(
        self, profile: Profile, tables: Tables, decisions: Iterable[Decision], *, leave_out_the_rest: bool
    ) -> None:
        self._profile = profile
        self._tables = tables
        self._decisions = tuple(decisions)
        self._leave_out = leave_out_the_rest
        self._undecided: list[Likely] = []

    def add(self, record: OpenRecord) -> None:
        """Add what of this record may be shared."""
        given = ReportInput("record", (item_of(self._profile, record, shareable=True),), "shareable", made=self._profile.clock())
        given = replace(given, decisions=self._decisions)
        if self._leave_out:
            given = sharing.leave_out_the_rest(given)
        elif len(self._undecided) < MOST_UNDECIDED:
            self._undecided += sharing.undecided(given)
        prepared = prepare(given)
        for withheld in prepared.withheld:
            self._tables.of(LEFT_OUT, "What was left out, and why", ("what", "why")).add(
                plain({"what": withheld.what, "why": withheld.why})
            )
        for reading in prepared.readings:
            self._reading(reading)

    def finish(self) -> None:
        """Raises `Undecided`."""
        if self._undecided:
            raise sharing.refusal(self._undecided, "file")

    def _reading(self, reading: Reading) -> None:
        item = reading.item
        table = self._tables.of(item.form.id, item.form.title, _RECORD)
        here = table.count
        own = {"reference": item.reference, "title": item.title, "when": item.when_text or item.when_from}
        places = ", ".join(by_code(code).short_name for code in item.authorities)
        cells = plain(own | {"authorities": places})
        for section in reading.sections:
            for entry in section.entries:
                if isinstance(entry, Rows):
                    self._rows(reading, entry, here)
                    continue
                for said in (entry, entry.detail):
                    if said is not None:
                        table.column(_column(said))
                        cells[short(said.question)] = _cell(said)
        table.add(cells)

    def _rows(self, reading: Reading, rows: Rows, parent: int) -> None:
        form = reading.item.form
        table = self._tables.of(f"{form.id}-{rows.question.name}", rows.question.label or rows.question.name, _ROW)
        for position, row in enumerate(rows.rows, 1):
            cells = plain({"position": str(position)})
            cells["reference"] = Cell(reading.item.reference, reading.item.reference, (form.id, parent))
            for answer in row:
                for said in (answer, answer.detail):
                    if said is not None:
                        table.column(_column(said))
                        cells[short(said.question)] = _cell(said)
            table.add(cells)


def _column(answer: Answer) -> Column:
    # As words, whatever its kind: "fewer than 5" is no number, and what is printed is what was decided about.
    return replace(described(answer.question), kind="text", coded=False)


def _cell(answer: Answer) -> Cell:
    return Cell(answer.words, answer.words)
