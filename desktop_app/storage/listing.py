"""Lists: records that pass filters, newest first, a page at a time.

Pages are cut by key, never by offset, and cost the same at the first and at the last row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desktop_app.errors import NotFound, UsageProblem
from desktop_app.storage import stretches
from desktop_app.storage.database import Store
from desktop_app.storage.projection import COLUMNS, Filters, Page, Row, row_of
from desktop_app.storage.search_index import freshen_index

_WORD = re.compile(r"\w+", re.UNICODE)


@dataclass
class Narrowed:
    """What a query reads to find the records that pass: its sources, the row number's name in them, conditions and their
    parameters. ``repeats``: a record may come several times. ``order``: how to have it from the newest."""

    source: str
    key: str
    where: list[str]
    parameters: list[Any]
    repeats: bool
    order: str

    def only(self, condition: str, *parameters: Any) -> Narrowed:
        """The same, with one more condition."""
        self.where.append(condition)
        self.parameters += parameters
        return self

    def sql(self, wanted: str) -> str:
        """The query that gives each record once, newest first."""
        each = f" group by {self.order.replace(' desc', '')}" if self.repeats else ""
        return f"{self.unsorted(wanted)}{each} order by {self.order}"

    def unsorted(self, wanted: str) -> str:
        condition = f" where {' and '.join(self.where)}" if self.where else ""
        return f"select {wanted} from {self.source}{condition}"  # noqa: S608 - our own fragments

    @property
    def number_of(self) -> str:
        """How its records are counted."""
        return f"count(distinct {self.key})" if self.repeats else "count(*)"


def page(store: Store, filters: Filters | None = None, limit: int = 100, after: str | None = None) -> Page:
    """Up to ``limit`` rows, newest first, after the cursor. Raises `UsageProblem` for a cursor that is none."""
    found = narrowed(store, filters or Filters())
    if after is not None:
        if not after.isascii() or not after.isdigit():
            raise UsageProblem("This place in the list is not known.", do="Begin again from the top of the list.")
        found.only(f"{found.key} < ?", int(after))
        if found.order != f"{found.key} desc":
            found.only("z.stretch <= ?", int(after) // stretches.LENGTH)
    rows = store.rows(f"{found.sql(COLUMNS)} limit ?", [*found.parameters, limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Page([row_of(row) for row in rows], str(rows[-1][0]) if more else None)


def count(store: Store, filters: Filters | None = None) -> int:
    """How many records pass the filters."""
    found = narrowed(store, filters or Filters())
    row = store.one(found.unsorted(found.number_of), found.parameters)
    return int(row[0]) if row else 0


def ids(store: Store, filters: Filters | None = None) -> list[str]:
    """The ids of all records that pass, newest first."""
    found = narrowed(store, filters or Filters())
    return [str(row[0]) for row in store.rows(found.sql("p.record"), found.parameters)]


def numbers(store: Store, filters: Filters | None = None) -> list[int]:
    """The row numbers of all records that pass, newest first: the backbone of a list of a million rows."""
    found = narrowed(store, filters or Filters())
    return [int(row[0]) for row in store.rows(found.sql(found.key), found.parameters)]


def rows_of(store: Store, wanted: Iterable[int]) -> dict[int, Row]:
    """The rows with these numbers."""
    marks = list(wanted)
    sql = f"select {COLUMNS} from projection p where p.n in ({','.join('?' * len(marks))})"  # noqa: S608 - marks only
    return {int(row[0]): row_of(row) for row in store.rows(sql, marks)}


def match_expression(words: str) -> str:
    """The FTS5 expression for what was typed: every word must be there; each may be the beginning of a longer one."""
    return " ".join(f'"{word}"*' for word in _WORD.findall(words))


def narrowed(store: Store, filters: Filters, *, by_days: bool = True) -> Narrowed:
    """How to find the records that pass; text from outside is only ever a parameter.

    The source is what narrows most and yields rows in the order of the key: the search index, the tags of one authority,
    the answers to one question (several of one record, where it repeats), or the tags of a region or programme. A filter
    by date walks it stretch by stretch (``by_days``), past those that hold no such day; the search index is not begun anew
    for each.
    """
    where: list[str] = []
    parameters: list[Any] = []
    source, key = "projection p", "p.n"
    expression = match_expression(filters.words)
    if expression:
        freshen_index(store)
        source, key = "search cross join projection p on p.n = search.rowid", "search.rowid"
        where.append("search match ?")
        parameters.append(expression)
    for name in ("form", "strength", "permission", "standing", "branch"):
        value = getattr(filters, name)
        if value:
            where.append(f"p.{name} = ?")
            parameters.append(value)
    if key == "p.n" and filters.question and not filters.authority:
        source, key = "answers d cross join projection p on p.n = d.n", "d.n"
    for name in ("authority", "region", "programme"):
        value = getattr(filters, name)
        if value and key == "p.n":
            source, key = "tags d cross join projection p on p.n = d.n", "d.n"
            where.append("d.kind = ? and d.value = ?")
            parameters += [name, value]
        elif value:
            where.append("exists(select 1 from tags f where f.kind = ? and f.value = ? and f.n = p.n)")
            parameters += [name, value]
    _answer_conditions(filters, where, parameters, driven=(repeats := source.startswith("answers d")))
    if filters.since:
        where.append("coalesce(p.when_to, p.when_from, substr(p.changed_utc, 1, 10)) >= ?")
        parameters.append(filters.since)
    if filters.until:
        where.append("coalesce(p.when_from, substr(p.changed_utc, 1, 10)) <= ?")
        parameters.append(filters.until)
    if filters.new_since:
        # Files are sent again until the office has answered: new is what came first with this file or later.
        where.append(
            "exists(select 1 from revisions r where r.record = p.record and r.live = 1"
            " and (select min(i.import) from revision_imports i where i.rev = r.seq) >= ?)"
        )
        parameters.append(_first_adding(store, filters.new_since))
    if filters.came_with:
        where.append(
            "exists(select 1 from revisions r join revision_imports i on i.rev = r.seq where r.record = p.record"
            " and r.live = 1 and i.import in (select id from imports where pack = ?))"
        )
        parameters.append(filters.came_with)
    order = f"{key} desc"
    if by_days and not expression and (filters.since or filters.until):
        source, order = f"stretches z cross join {source}", f"z.stretch desc, {order}"
        where.append(f"{key} between z.stretch * {stretches.LENGTH} and z.stretch * {stretches.LENGTH} + {stretches.LENGTH - 1}")
        if filters.since:
            where.append("z.latest >= ?")
            parameters.append(filters.since)
        if filters.until:
            where.append("z.earliest <= ?")
            parameters.append(filters.until)
    return Narrowed(source, key, where, parameters, repeats, order)


def _first_adding(store: Store, file: str) -> int:
    """When a file was first added: by its name or its id. Raises `NotFound`."""
    row = store.one("select min(id) from imports where pack = ? or name = ?", (file, file))
    if row is None or row[0] is None:
        raise NotFound(
            f"No file “{file}” was added here.",
            safe="Nothing was changed.",
            do="Give the name it had when it was added, such as Kent-1-2026-11-22.branchpack.",
        )
    return int(row[0])


def _answer_conditions(filters: Filters, where: list[str], parameters: list[Any], *, driven: bool) -> None:
    """``driven``: the source is the answers to the question asked for, so what is said of it is said of that row."""
    conditions: list[str] = []
    f = "d" if driven else "f"
    if filters.question:
        conditions.append(f"{f}.ref = ?")
        parameters.append(filters.question)
    if filters.answer:
        conditions.append(f"({f}.value_label = ? or instr(' ' || {f}.value || ' ', ?) > 0)")
        parameters += [filters.answer, f" {filters.answer} "]
    if filters.concern and conditions:
        conditions.append(f"{f}.verdict = 'concern'")
    both = " and ".join(conditions)
    if driven:
        where.append(both)
    elif conditions:
        where.append(f"exists(select 1 from answers f where f.n = p.n and {both})")  # noqa: S608 - our own fragments
    if filters.concern and not conditions:
        where.append("p.said & 1")
    if filters.concern is False:
        where.append("not p.said & 1")
