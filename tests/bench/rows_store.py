"""Opening, saving, searching and listing, against the bare driver."""

from __future__ import annotations

import os
import statistics
from pathlib import Path

from ground import PASSPHRASE, answers, many_rows, new_profile
from measure import Row, milliseconds, paired

from desktop_app.services import profile as profiles
from desktop_app.services import recording
from desktop_app.services.recording import list_records, mark_ready, save_draft
from desktop_app.storage.connection import connect
from desktop_app.storage.keys import DEFAULT_COST
from desktop_app.storage.projection import Filters
from desktop_app.storage.search import search


def unlock_row(folder: Path) -> Row:
    """The real cost of the passphrase, and 300 records."""
    from nacl.pwhash import argon2id

    made = new_profile(folder / "unlock", cheap=False)
    many_rows(made, 300)
    paths = made.paths
    made.close()

    def ours() -> float:
        def run() -> None:
            opened = profiles.unlock(paths, passphrase=PASSPHRASE)
            assert list_records(opened, Filters(), 100).rows
            opened.close()

        return milliseconds(run)

    def bare() -> float:
        salt = os.urandom(16)
        return milliseconds(lambda: argon2id.kdf(32, PASSPHRASE.encode(), salt, DEFAULT_COST.t, DEFAULT_COST.m_bytes))

    return paired("passphrase to first rows", ours, "the bare Argon2id", bare, at_most=1.3, plus_ms=50)


def saving_rows(folder: Path) -> list[Row]:
    """A draft and a revision, against one durable commit of the same bytes through the bare driver."""
    profile = new_profile(folder / "saving")
    record = recording.start(profile, "evidence", answers(1))
    opened = recording.open_record(profile, record)
    session = recording.session_for(opened, profile.clock())
    content = recording.content_of(session, opened.content)
    bare_file = folder / "bare.db"
    connection = connect(bare_file, os.urandom(32), new=True)
    connection.execute("create table t(id integer primary key, data blob)")
    size = len(str(content.as_json()).encode())
    count = 0

    def commit() -> float:
        """The median of ten, as one is too short a time."""
        data = os.urandom(size)

        def one() -> None:
            connection.execute("begin immediate")
            connection.execute("insert or replace into t(id, data) values(1, ?)", (data,))
            connection.execute("commit")

        return statistics.median(milliseconds(one) for _ in range(10))

    def draft() -> float:
        nonlocal count, content
        times = []
        for _ in range(10):
            count += 1
            content = content.with_answer("about/title", f"title {count}")
            times.append(milliseconds(lambda c=content: save_draft(profile, record, c)))
        return statistics.median(times)

    def revision() -> float:
        nonlocal count, content
        times = []
        for _ in range(5):
            count += 1
            content = content.with_answer("about/title", f"title {count}")
            save_draft(profile, record, content)
            times.append(milliseconds(lambda: mark_ready(profile, record)))
        return statistics.median(times)

    bare = "one durable commit of the same bytes, bare driver"
    rows = [
        paired("save a draft", draft, bare, commit, at_most=2),
        paired("make a revision", revision, bare, commit, at_most=3),
    ]
    connection.close()
    profile.close()
    return rows


def search_rows(folder: Path, count: int) -> list[Row]:
    """Three letters typed, newest first; and a page of the list far down."""
    profile = new_profile(folder / f"search {count}")
    many_rows(profile, count)
    letters = ["w1", "w2", "w1f", "wa0", "w3e"]
    at = 0

    def ours() -> float:
        return statistics.median(milliseconds(lambda w=w: search(profile.store, w, Filters(), 50)) for w in letters)

    def bare() -> float:
        sql = (
            "select p.* from search join projection p on p.n = search.rowid where search match ? "
            "order by search.rowid desc limit 51"
        )
        execute = profile.store.conn.execute
        return statistics.median(milliseconds(lambda w=w: execute(sql, (f'"{w}"*',)).fetchall()) for w in letters)

    def deep() -> float:
        nonlocal at
        at = (at + count // 7) % count
        cursor = str(max(at, 200))
        return milliseconds(lambda: list_records(profile, Filters(), 100, cursor))

    def top() -> float:
        return milliseconds(lambda: list_records(profile, Filters(), 100))

    rows = [
        paired(f"search, three letters, {count:,} records", ours, "the bare FTS5 query", bare, at_most=2),
        paired(f"a page anywhere in {count:,} records", deep, "the first page", top, at_most=1.5),
    ]
    profile.close()
    return rows
