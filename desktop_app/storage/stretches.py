"""Which days the records of each stretch of row numbers are of, so that a filter by date passes by what cannot match.

The list is walked from the newest number down. Without this, looking for what happened years ago would read every record
on the way. A stretch only ever grows wider while records change and go; it is narrow again when all rows are made anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.storage.database import Store

LENGTH = 256  # row numbers

# Left as it is, and its page unwritten, when the days are within those it has.
_WIDEN = (
    "insert into stretches(stretch, earliest, latest) values(?, ?, ?) on conflict(stretch) do update set"
    " earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)"
    " where excluded.earliest < earliest or excluded.latest > latest"
)


def widen(store: Store, rows: Iterable[tuple[int, str, str]]) -> None:
    """Take in rows, each its number, its first and its last ISO day; inside the caller's transaction."""
    found: dict[int, tuple[str, str]] = {}
    for number, first, last in rows:
        earliest, latest = found.get(number // LENGTH, (first, last))
        found[number // LENGTH] = (min(earliest, first), max(latest, last))
    store.conn.executemany(_WIDEN, [(stretch, *days) for stretch, days in found.items()])
