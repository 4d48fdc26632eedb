"""The projection: what lists, filters, search and counts read. It can always be made again from the revisions.

The row number ``n`` rises with every change of a record, so "newest first" is simply the highest number first: pages
are cut by key, never by offset, and cost the same at the first and at the last row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from desktop_app.errors import UsageProblem
from desktop_app.storage.database import Store

_WORD = re.compile(r"\w+", re.UNICODE)
VERDICTS = ("concern", "reassure", "partly", "dont_know", "answered")


class AnswerRow(NamedTuple):
    """One answer: the question's reference, the leaf, both in words, and what it means (one of `VERDICTS`)."""

    ref: str
    leaf: str
    label: str
    value: str
    value_label: str
    verdict: str
    people: bool = False


@dataclass(frozen=True)
class Projection:
    """A record as lists show it. Dates are ISO days or empty; ``standing`` a value of `records.standing.Standing`."""

    record: str
    form_id: str
    title: str
    authorities: tuple[str, ...]
    regions: tuple[str, ...]
    programmes: tuple[str, ...]
    when_from: str
    when_to: str
    when_text: str
    standing: str
    branch: str
    strength: str
    permission: str
    branch_only: bool
    confidential: bool
    changed_utc: str
    words: str
    answers: tuple[AnswerRow, ...]
    two_versions: int
    draft: bool
    standing_words: str = ""


class Row(NamedTuple):
    """One line of a list. ``standing`` is the value of `Standing`, ``standing_words`` what people read."""

    id: str
    form: str
    title: str
    authorities: tuple[str, ...]
    when: str
    standing: str
    branch: str
    two_versions: int
    changed_utc: str
    when_from: str = ""
    draft: bool = False
    branch_only: bool = False
    confidential: bool = False
    strength: str = ""
    permission: str = ""
    standing_words: str = ""


@dataclass(frozen=True)
class Page:
    """Rows and the cursor of the page after, or `None` at the end."""

    rows: list[Row]
    next: str | None


@dataclass(frozen=True)
class Filters:
    """What to show; empty members do not filter.

    ``since`` and ``until`` are ISO days compared with when it happened (when it was changed, if that is not known).
    ``new_since`` is the id of a pack: records with something that came after it. ``answer`` is a value or its label;
    with ``question`` both must be of the same answer. ``concern`` True: with a concern, False: without.
    """

    form: str = ""
    authority: str = ""
    region: str = ""
    programme: str = ""
    question: str = ""
    answer: str = ""
    concern: bool | None = None
    strength: str = ""
    permission: str = ""
    standing: str = ""
    since: str = ""
    until: str = ""
    new_since: str = ""
    branch: str = ""
    words: str = ""


_COLUMNS = (
    "p.n, p.record, p.form, p.title, p.authorities, p.when_text, p.standing, p.branch, p.two_versions, p.changed_utc,"
    " p.when_from, p.draft, p.branch_only, p.confidential, p.strength, p.permission,"
    " p.standing_words"
)


_WRITTEN = (
    "n, record, form, title, authorities, when_from, when_to, when_text, standing, branch, strength, permission,"
    " branch_only, confidential, changed_utc, two_versions, draft, words, standing_words"
)
_NAMES = _WRITTEN.replace(",", " ").split()
_TITLE, _CHANGED, _WORDS = (_NAMES.index(name) for name in ("title", "changed_utc", "words"))
_OLD = f"select {_WRITTEN} from projection where record = ?"  # noqa: S608 - constant
_INSERT = f"insert into projection({_WRITTEN}) values({','.join('?' * len(_NAMES))})"
_INSERT_TAG = "insert or ignore into tags(kind, value, n) values(?, ?, ?)"
_INSERT_ANSWER = "insert into answers(n, ref, leaf, label, value, value_label, verdict, people) values(?,?,?,?,?,?,?,?)"
_ANSWER = ("ref", "leaf", "label", "value", "value_label", "verdict", "people")


def write(store: Store, made: Projection) -> None:
    """Put a record's row in, or in place of the one it has. It moves to the top when ``changed_utc`` is another.

    The search index follows when it is next asked (`freshen_index`): saving a draft must not wait for it.
    """
    execute = store.conn.execute
    with store.atomic():
        top = execute("select coalesce(max(n), 0) from projection").fetchone()[0]
        old = execute(_OLD, (made.record,)).fetchone()
        row, tags, answers = packed(made)
        if old is not None and (old[_CHANGED] == made.changed_utc or old[0] == top):
            _change(store, old, row, tags, answers)
            return
        if old is not None:
            _remember(store, old[0], old[_TITLE], old[_WORDS])
            _remove(store, old[0])
        number = top + 1
        if not store.index_later:
            execute("insert or ignore into search_stale(n, title, words) values(?, null, null)", (number,))
        execute(_INSERT, (number, *row))
        store.conn.executemany(_INSERT_TAG, [(*tag, number) for tag in tags])
        store.conn.executemany(_INSERT_ANSWER, [(number, *row) for row in answers])


Packed = tuple[tuple[Any, ...], list[tuple[str, str]], list[tuple[Any, ...]]]


def packed(made: Projection) -> Packed:
    """A row, its tags and its answers as plain tuples, for `add_new`: they can be put aside until their turn."""
    row = (
        made.record,
        made.form_id,
        made.title,
        json.dumps(made.authorities),
        made.when_from or None,
        made.when_to or made.when_from or None,
        made.when_text,
        made.standing,
        made.branch,
        made.strength,
        made.permission,
        int(made.branch_only),
        int(made.confidential),
        made.changed_utc,
        made.two_versions,
        int(made.draft),
        made.words,
        made.standing_words,
    )
    tags = [("authority", v) for v in made.authorities] + [("region", v) for v in made.regions]
    tags += [("programme", v) for v in made.programmes]
    return row, tags, [(*answer[:6], int(answer.people)) for answer in made.answers]


def add_new(store: Store, rows: Sequence[Packed]) -> None:
    """Put in the rows of records that have none yet, the last on top, many in a few statements.

    The search index follows when it is next asked, or piece by piece (`freshen_some`).
    """
    with store.atomic():
        top = store.conn.execute("select coalesce(max(n), 0) from projection").fetchone()[0]
        numbered = list(enumerate(rows, top + 1))
        many = store.conn.executemany
        many(_INSERT, [(number, *row) for number, (row, _, _) in numbered])
        many(_INSERT_TAG, [(*tag, number) for number, (_, tags, _) in numbered for tag in tags])
        many(_INSERT_ANSWER, [(number, *answer) for number, (_, _, answers) in numbered for answer in answers])
        if not store.index_later:
            many(
                "insert or ignore into search_stale(n, title, words) values(?, null, null)",
                [(number,) for number, _ in numbered],
            )


def _change(
    store: Store, old: Sequence[Any], row: tuple[Any, ...], tags: list[tuple[str, str]], answers: list[tuple[Any, ...]]
) -> None:
    """Change of a row that stays where it is only what differs, as while typing: each page left alone is not written."""
    execute = store.conn.execute
    number, new = old[0], (old[0], *row)
    if (old[_TITLE], old[_WORDS]) != (new[_TITLE], new[_WORDS]):
        _remember(store, number, old[_TITLE], old[_WORDS])
    differing = [place for place, value in enumerate(new) if value != old[place]]
    if differing:
        named = ", ".join(f"{_NAMES[place]} = ?" for place in differing)
        sql = f"update projection set {named} where n = ?"  # noqa: S608 - our own names
        execute(sql, (*(new[place] for place in differing), number))
    had = set(execute("select kind, value from tags where n = ?", (number,)).fetchall())
    for kind, value in had.difference(tags):
        execute("delete from tags where kind = ? and value = ? and n = ?", (kind, value, number))
    store.conn.executemany(_INSERT_TAG, [(*tag, number) for tag in tags if tag not in had])
    found = execute(
        "select id, ref, leaf, label, value, value_label, verdict, people from answers where n = ?", (number,)
    )
    before = {one[2]: one for one in found.fetchall()}
    for answer in answers:
        one = before.pop(answer[1], None)
        if one is None:
            execute(_INSERT_ANSWER, (number, *answer))
        elif tuple(one[1:]) != answer:
            changed = [place for place, value in enumerate(answer) if value != one[place + 1]]
            named = ", ".join(f"{_ANSWER[place]} = ?" for place in changed)
            execute(f"update answers set {named} where id = ?", (*(answer[p] for p in changed), one[0]))  # noqa: S608
    for one in before.values():
        execute("delete from answers where id = ?", (one[0],))


def delete(store: Store, record: str) -> None:
    """Take a record's row out of lists and search, at once."""
    with store.atomic():
        old = store.conn.execute("select n, title, words from projection where record = ?", (record,)).fetchone()
        if old is not None:
            _remember(store, *old)
            _remove(store, old[0])
        freshen_index(store)


def freshen_index(store: Store) -> None:
    """Bring the search index up to what the rows say; what was taken out of them is then in no byte of it."""
    if not store.index_later:
        while freshen_some(store, 1_000_000):
            pass


def freshen_some(store: Store, most: int) -> bool:
    """As `freshen_index`, for so many rows, in one transaction; True when there may be more to do."""
    # The backup before an upgrade is made of a database that may be older than this table.
    if store.one("select 1 from sqlite_master where name = 'search_stale'") is None:
        return False
    before = store.rows("select n, title, words from search_stale order by n limit ?", (most,))
    if not before:
        return False
    first, last = before[0][0], before[-1][0]
    with store.atomic():
        store.conn.executemany(
            "insert into search(search, rowid, title, words) values('delete', ?, ?, ?)",
            [row for row in before if row[2] is not None],
        )
        store.conn.execute(
            "insert into search(rowid, title, words) select p.n, p.title, p.words from search_stale s"
            " join projection p on p.n = s.n where s.n between ? and ? order by s.n",
            (first, last),
        )
        store.conn.execute("delete from search_stale where n between ? and ?", (first, last))
    return len(before) == most


def get(store: Store, record: str) -> Row | None:
    """The row of one record, or `None`."""
    row = store.one(f"select {_COLUMNS} from projection p where p.record = ?", (record,))  # noqa: S608 - constant
    return _row(row) if row else None


def answers(store: Store, record: str) -> list[AnswerRow]:
    """The answers of one record as projected, in no order."""
    rows = store.rows(
        "select a.ref, a.leaf, a.label, a.value, a.value_label, a.verdict, a.people from answers a"
        " join projection p on p.n = a.n where p.record = ? order by a.id",
        (record,),
    )
    return [AnswerRow(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6])) for row in rows]


def clear_all(store: Store) -> None:
    """Empty the projection before it is made again from the revisions."""
    with store.atomic():
        for table in ("answers", "tags", "projection"):
            store.conn.execute(f"delete from {table}")  # noqa: S608 - constant
        if not store.index_later:
            store.conn.execute("insert into search(search) values('rebuild')")
            store.conn.execute("delete from search_stale")


def _remove(store: Store, number: int) -> None:
    for table in ("tags", "answers", "projection"):
        store.conn.execute(f"delete from {table} where n = ?", (number,))  # noqa: S608 - our names


def _remember(store: Store, number: int, title: str, words: str) -> None:
    """Note what the index holds under a number, now that it is no longer right; the first note stands."""
    if not store.index_later:
        store.conn.execute(
            "insert or ignore into search_stale(n, title, words) values(?, ?, ?)", (number, title, words)
        )


# ---- pages and counts ----------------------------------------------------------------------------------------------


def page(store: Store, filters: Filters | None = None, limit: int = 100, after: str | None = None) -> Page:
    """Up to ``limit`` rows, newest first, after the cursor. Raises `UsageProblem` for a cursor that is none."""
    source, key, where, parameters = _where(store, filters or Filters())
    each = f" group by {key}" if _repeats(source) else ""
    if after is not None:
        if not after.isascii() or not after.isdigit():
            raise UsageProblem("This place in the list is not known.", do="Begin again from the top of the list.")
        where.append(f"{key} < ?")
        parameters.append(int(after))
    condition = f" where {' and '.join(where)}" if where else ""
    sql = f"select {_COLUMNS} from {source}{condition}{each} order by {key} desc limit ?"  # noqa: S608 - our own fragments
    rows = store.rows(sql, [*parameters, limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Page([_row(row) for row in rows], str(rows[-1][0]) if more else None)


def count(store: Store, filters: Filters | None = None) -> int:
    """How many records pass the filters."""
    source, key, where, parameters = _where(store, filters or Filters())
    condition = f" where {' and '.join(where)}" if where else ""
    row = store.one(f"select {counted_by(key, _repeats(source))} from {source}{condition}", parameters)  # noqa: S608 - our own fragments
    return int(row[0]) if row else 0


def ids(store: Store, filters: Filters | None = None) -> list[str]:
    """The ids of all records that pass, newest first."""
    source, key, where, parameters = _where(store, filters or Filters())
    condition = f" where {' and '.join(where)}" if where else ""
    each = f" group by {key}" if _repeats(source) else ""
    sql = f"select p.record from {source}{condition}{each} order by {key} desc"  # noqa: S608 - our own fragments
    return [str(row[0]) for row in store.rows(sql, parameters)]


def numbers(store: Store, filters: Filters | None = None) -> list[int]:
    """The row numbers of all records that pass, newest first: the backbone of a list of a million rows."""
    source, key, where, parameters = _where(store, filters or Filters())
    condition = f" where {' and '.join(where)}" if where else ""
    each = f" group by {key}" if _repeats(source) else ""
    sql = f"select {key} from {source}{condition}{each} order by {key} desc"  # noqa: S608 - our own fragments
    return [int(row[0]) for row in store.rows(sql, parameters)]


def rows_of(store: Store, wanted: Iterable[int]) -> dict[int, Row]:
    """The rows with these numbers."""
    marks = list(wanted)
    sql = f"select {_COLUMNS} from projection p where p.n in ({','.join('?' * len(marks))})"  # noqa: S608 - marks only
    return {int(row[0]): _row(row) for row in store.rows(sql, marks)}


def narrowed(store: Store, filters: Filters) -> tuple[str, str, list[str], list[Any], bool]:
    """For counting: the source of the records that pass, its row number, the conditions and their parameters, and whether
    a record may come several times."""
    source, key, where, parameters = _where(store, filters)
    return source, key, where, parameters, _repeats(source)


def counted_by(key: str, repeats: bool) -> str:
    """How the records of such a source are counted."""
    return f"count(distinct {key})" if repeats else "count(*)"


def match_expression(words: str) -> str:
    """The FTS5 expression for what was typed: every word must be there; each may be the beginning of a longer one."""
    return " ".join(f'"{word}"*' for word in _WORD.findall(words))


def _where(store: Store, filters: Filters) -> tuple[str, str, list[str], list[Any]]:
    """The source, its key, the conditions and their parameters; text from outside is only ever a parameter.

    The source is what narrows most and yields rows in the order of the key: the search index, the tags of one authority,
    the answers to one question (several of one record, where it repeats), or the tags of a region or programme.
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
    _answer_conditions(filters, where, parameters, driven=_repeats(source))
    if filters.since:
        where.append("coalesce(p.when_to, p.when_from, substr(p.changed_utc, 1, 10)) >= ?")
        parameters.append(filters.since)
    if filters.until:
        where.append("coalesce(p.when_from, substr(p.changed_utc, 1, 10)) <= ?")
        parameters.append(filters.until)
    if filters.new_since:
        where.append(
            "exists(select 1 from revisions r join revision_imports i on i.rev = r.seq where r.record = p.record"
            " and r.live = 1 and i.import > (select coalesce(max(m.id), 0) from imports m where m.pack = ?))"
        )
        parameters.append(filters.new_since)
    return source, key, where, parameters


def _repeats(source: str) -> bool:
    """Whether one record may come several times from this source of `_where`."""
    return source.startswith("answers d")


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
        where.append("exists(select 1 from answers f where f.n = p.n and f.verdict = 'concern')")
    if filters.concern is False:
        where.append("not exists(select 1 from answers f where f.n = p.n and f.verdict = 'concern')")


def _row(row: tuple[Any, ...]) -> Row:
    return Row(
        row[1],
        row[2],
        row[3],
        _codes(row[4]),
        row[5] or row[10] or "",
        row[6],
        row[7],
        row[8],
        row[9],
        row[10] or "",
        row[11] == 1,
        row[12] == 1,
        row[13] == 1,
        row[14],
        row[15],
        row[16],
    )


@lru_cache(maxsize=4096)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
