"""The index of words follows the rows: at once when words are taken away, else when it is next asked.

Saving a draft must not wait for it, so what the index still holds of a row is noted in ``search_stale`` and put right later.
"""

from __future__ import annotations

from desktop_app.storage.database import Store


def remember(store: Store, number: int, title: str, words: str) -> None:
    """Note what the index holds under a number, now that it is no longer right; the first note stands."""
    if not store.index_later:
        store.conn.execute(
            "insert or ignore into search_stale(n, title, words) values(?, ?, ?)", (number, title, words)
        )


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
