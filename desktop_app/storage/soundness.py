"""Whether the records are whole: read once, in a few long statements, or a step at a time for the window.

There a draft must never wait: what `check` reads at once is read by `check_steps` table by table, entry by entry and a
megabyte of attachments at a time. SQLCipher refuses every page that was changed, so reading is checking; only pages that
hold nothing stay unread.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Generator

from desktop_app.errors import NotFound, StoreError, WorldError
from desktop_app.records.revision import rev_id
from desktop_app.storage import blobs, search
from desktop_app.storage.database import Store
from desktop_app.storage.search_index import freshen_index

_CHUNKS = 8  # a megabyte
_LINES = 200


def check_steps(store: Store) -> Generator[None, None, list[str]]:
    """What is wrong with the database, in sentences; empty when it is sound. Nothing is changed but the search index."""
    problems: list[str] = []
    try:
        yield from _tables(store, problems)
        if not problems:
            yield from _revisions(store, problems)
            yield from _attachments(store, problems)
            if not search.agrees(store):
                problems.append("The search index does not match the records; it can be made again.")
    except WorldError as error:
        problems.append(error.what)
    return problems


def _tables(store: Store, problems: list[str]) -> Generator[None, None, None]:
    named = store.rows(
        "select name from sqlite_master where type = 'table' and name <> 'blob_chunks' and sql not like 'create virtual %'"
    )
    for (table,) in named:
        for row in store.rows(f'pragma integrity_check("{table}")'):
            if row[0] != "ok":
                problems.append(f"The structure of the file is damaged ({row[0]}).")
        yield


def _revisions(store: Store, problems: list[str]) -> Generator[None, None, None]:
    after = 0
    while rows := store.rows("select seq, id, line from revisions where seq > ? order by seq limit ?", (after, _LINES)):
        for _, wanted, line in rows:
            if rev_id(bytes(line).partition(b" ")[2]) != wanted:
                problems.append(f"An entry does not match its fingerprint ({wanted[:15]}…).")
        after = rows[-1][0]
        yield


def _attachments(store: Store, problems: list[str]) -> Generator[None, None, None]:
    for sha256 in blobs.all_hashes(store):
        digest = hashlib.sha256()
        try:
            for number, chunk in enumerate(blobs.read(store, sha256), 1):
                digest.update(chunk)
                if number % _CHUNKS == 0:
                    yield
        except NotFound:
            continue  # deleted meanwhile
        if digest.hexdigest() != sha256 and blobs.has(store, sha256):
            problems.append(f"An attachment is damaged ({sha256[:12]}…).")
        yield


def check(store: Store, full: bool = False) -> list[str]:
    """What is wrong with the database, in sentences; empty when it is sound.

    The quick check reads the structure; ``full`` reads every page, every revision (id over its bytes) and every
    attachment (hash over its content).
    """
    problems: list[str] = []
    try:
        damaged = store.rows("pragma cipher_integrity_check") if full else []
        if damaged:
            store.connect_again()  # what follows is read from the disk, not remembered
        for row in store.rows("pragma integrity_check" if full else "pragma quick_check"):
            if row[0] != "ok":
                problems.append(f"The structure of the file is damaged ({row[0]}).")
        if problems:
            # Else every page in use was read: what is damaged held nothing. A power cut may tear such a page, since
            # SQLite journals no page that held nothing before.
            problems += [f"Part of the file is damaged ({row[0]})." for row in damaged]
        if full and not problems:
            problems += _check_revisions(store)
            problems += _check_blobs(store)
            problems += _check_index(store)
    except WorldError as error:
        problems.append(error.what)
    return problems


def _check_revisions(store: Store) -> list[str]:
    problems: list[str] = []
    after = 0
    while True:
        rows = store.rows("select seq, id, line from revisions where seq > ? order by seq limit 500", (after,))
        if not rows:
            return problems
        for _, wanted, line in rows:
            if rev_id(bytes(line).partition(b" ")[2]) != wanted:
                problems.append(f"An entry does not match its fingerprint ({wanted[:15]}…).")
        after = rows[-1][0]


def _check_blobs(store: Store) -> list[str]:
    problems: list[str] = []
    for sha256 in blobs.all_hashes(store):
        digest = hashlib.sha256()
        for chunk in blobs.read(store, sha256):
            digest.update(chunk)
        if digest.hexdigest() != sha256:
            problems.append(f"An attachment is damaged ({sha256[:12]}…).")
    return problems


def _check_index(store: Store) -> list[str]:
    freshen_index(store)  # what was typed last is put in when somebody searches
    with contextlib.suppress(StoreError):
        store.rows("insert into search(search, rank) values('integrity-check', 1)")
        return []
    return ["The search index does not match the records; it can be made again."]
