"""The whole of the records read once, a step at a time: for the window, where a draft must never wait for it.

What `backup.check` reads in a few long statements is read here table by table, entry by entry and a megabyte of attachments
at a time. SQLCipher refuses every page that was changed, so reading is checking; only pages that hold nothing stay unread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator

from desktop_app.errors import NotFound, WorldError
from desktop_app.records.revision import rev_id
from desktop_app.storage import blobs, search
from desktop_app.storage.database import Store

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
