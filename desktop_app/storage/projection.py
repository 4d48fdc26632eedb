"""The projection: what lists, filters, search and counts read. It can always be made again from the revisions.

The row number ``n`` rises with every change of a record, so "newest first" is simply the highest number first. `listing`
reads it a page at a time, `counting` counts it, `search_index` keeps its words findable.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from desktop_app.storage import stretches
from desktop_app.storage.database import Store
from desktop_app.storage.search_index import freshen_index, remember

VERDICTS = ("concern", "reassure", "partly", "dont_know", "answered", "two_versions")
"""What an answer means; the last: nobody has chosen between its versions yet, so it means nothing else."""
PEOPLE = 1 << len(VERDICTS)
"""Beside a bit for each of `VERDICTS`: an answer counts people."""


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

    @property
    def said(self) -> int:
        """What its answers say, all together: a bit for each of `VERDICTS`, and `PEOPLE`."""
        bits = 0
        for answer in self.answers:
            bits |= (1 << VERDICTS.index(answer.verdict) if answer.verdict in VERDICTS else 0) | PEOPLE * answer.people
        return bits


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
    ``new_since`` is a file's name or the id of its pack: records with something that first came with it or after it;
    ``came_with`` is the id of a pack: only with it. ``answer`` is a value or its label;
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
    came_with: str = ""
    branch: str = ""
    words: str = ""


_WRITTEN = (
    "n, record, form, title, authorities, when_from, when_to, when_text, standing, branch, strength, permission,"
    " branch_only, confidential, changed_utc, two_versions, draft, words, standing_words, said"
)
_NAMES = _WRITTEN.replace(",", " ").split()
_TITLE, _FROM, _TO, _CHANGED, _WORDS = (
    _NAMES.index(name) for name in ("title", "when_from", "when_to", "changed_utc", "words")
)
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
            remember(store, old[0], old[_TITLE], old[_WORDS])
            _remove(store, old[0])
        number = top + 1
        if not store.index_later:
            execute("insert or ignore into search_stale(n, title, words) values(?, null, null)", (number,))
        execute(_INSERT, (number, *row))
        stretches.widen(store, [(number, *_days(row))])
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
        made.said,
    )
    tags = [("authority", v) for v in made.authorities] + [("region", v) for v in made.regions]
    tags += [("programme", v) for v in made.programmes]
    return row, tags, [(*answer[:6], int(answer.people)) for answer in made.answers]


def _days(row: Sequence[Any]) -> tuple[str, str]:
    """The days a row is of, first and last, as filters by date take them; ``row`` begins after its number."""
    changed = row[_CHANGED - 1][:10]
    return row[_FROM - 1] or changed, row[_TO - 1] or row[_FROM - 1] or changed


def add_new(store: Store, rows: Sequence[Packed]) -> None:
    """Put in the rows of records that have none yet, the last on top, many in a few statements.

    The search index follows when it is next asked, or piece by piece (`freshen_some`).
    """
    with store.atomic():
        top = store.conn.execute("select coalesce(max(n), 0) from projection").fetchone()[0]
        numbered = list(enumerate(rows, top + 1))
        many = store.conn.executemany
        many(_INSERT, [(number, *row) for number, (row, _, _) in numbered])
        stretches.widen(store, [(number, *_days(row)) for number, (row, _, _) in numbered])
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
        remember(store, number, old[_TITLE], old[_WORDS])
    differing = [place for place, value in enumerate(new) if value != old[place]]
    if differing:
        named = ", ".join(f"{_NAMES[place]} = ?" for place in differing)
        sql = f"update projection set {named} where n = ?"  # noqa: S608 - our own names
        execute(sql, (*(new[place] for place in differing), number))
        if (days := _days(row)) != _days(old[1:]):
            stretches.widen(store, [(number, *days)])
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
            remember(store, *old)
            _remove(store, old[0])
        freshen_index(store)


def clear_all(store: Store) -> None:
    """Empty the projection before it is made again from the revisions."""
    with store.atomic():
        for table in ("answers", "tags", "projection", "stretches"):
            store.conn.execute(f"delete from {table}")  # noqa: S608 - constant
        if not store.index_later:
            store.conn.execute("insert into search(search) values('rebuild')")
            store.conn.execute("delete from search_stale")


def _remove(store: Store, number: int) -> None:
    for table in ("tags", "answers", "projection"):
        store.conn.execute(f"delete from {table} where n = ?", (number,))  # noqa: S608 - our names


# ---- reading --------------------------------------------------------------------------------------------------------


COLUMNS = (
    "p.n, p.record, p.form, p.title, p.authorities, p.when_text, p.standing, p.branch, p.two_versions, p.changed_utc,"
    " p.when_from, p.draft, p.branch_only, p.confidential, p.strength, p.permission,"
    " p.standing_words"
)


def get(store: Store, record: str) -> Row | None:
    """The row of one record, or `None`."""
    row = store.one(f"select {COLUMNS} from projection p where p.record = ?", (record,))  # noqa: S608 - constant
    return row_of(row) if row else None


def answers(store: Store, record: str) -> list[AnswerRow]:
    """The answers of one record as projected, in no order."""
    rows = store.rows(
        "select a.ref, a.leaf, a.label, a.value, a.value_label, a.verdict, a.people from answers a"
        " join projection p on p.n = a.n where p.record = ? order by a.id",
        (record,),
    )
    return [AnswerRow(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6])) for row in rows]


def row_of(row: tuple[Any, ...]) -> Row:
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
