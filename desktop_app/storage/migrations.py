"""The tables, by numbered steps that only go forward (sqlite-utils ``Migrations``). A released step is never changed.

`USER_VERSION` is written into the database; a program that finds a higher one refuses politely.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

USER_VERSION = 2

_FIRST = """
create table settings(name text primary key, value text not null) without rowid;

create table drafts(
    record text primary key, form text not null, content text not null, parents text not null, saved_utc text not null
);
create table draft_journal(id integer primary key, record text not null, position integer not null, content blob);
create unique index draft_journal_place on draft_journal(record, position);
create table draft_places(record text primary key, position integer not null) without rowid;

create table revisions(
    seq integer primary key, id text not null unique, record text not null, line blob not null,
    device text not null, branch text not null, op text not null, branch_only integer not null,
    utc text not null, counter integer not null, here integer not null, live integer not null
);
create index revisions_record on revisions(record, seq);
create index revisions_here on revisions(here, seq);
create table revision_imports(import integer not null, rev integer not null, primary key(import, rev)) without rowid;
create index revision_imports_rev on revision_imports(rev);

create table erase_orders(
    id text primary key, record text not null, code text not null, utc text not null, line blob not null
);
create index erase_orders_record on erase_orders(record);

create table projection(
    n integer primary key, record text not null unique, form text not null, title text not null,
    authorities text not null, when_from text, when_to text, when_text text not null, standing text not null,
    branch text not null, strength text not null, permission text not null, branch_only integer not null,
    confidential integer not null, changed_utc text not null, two_versions integer not null, draft integer not null,
    words text not null, standing_words text not null, said integer not null
);
create index projection_form on projection(form, n);
create index projection_standing on projection(standing, n);
create index projection_branch on projection(branch, n);
create table stretches(stretch integer primary key, earliest text not null, latest text not null);
create table tags(kind text not null, value text not null, n integer not null, primary key(kind, value, n))
    without rowid;
create index tags_n on tags(n);
create table answers(
    id integer primary key, n integer not null, ref text not null, leaf text not null, label text not null,
    value text not null, value_label text not null, verdict text not null, people integer not null
);
create index answers_n on answers(n);
create index answers_ref on answers(ref, n);
create index answers_verdict on answers(verdict, n);
create virtual table search using fts5(
    title, words, content='projection', content_rowid='n', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
insert into search(search, rank) values('secure-delete', 1);
create table search_stale(n integer primary key, title text, words text);

create table blobs(
    id integer primary key, sha256 text not null unique, len integer not null, name text not null, type text not null
);
create table blob_chunks(id integer primary key, data blob not null);

create table forms(
    package text primary key, id text not null, version text not null, title text not null, utc text not null,
    source text not null, data blob not null
);
create table reference_data(sha256 text primary key, name text not null, utc text not null, data blob not null);

create table packs(
    number integer primary key, id text not null unique, utc text not null, payload_sha256 text not null,
    path text not null, bytes integer not null, recipients text not null, emailed_utc text
);
create table pack_revisions(rev text not null, pack integer not null, primary key(rev, pack)) without rowid;
create index pack_revisions_pack on pack_revisions(pack);
create table receipts(id text primary key, pack text not null, utc text not null, line blob not null);
create table receipt_revisions(
    rev text not null, receipt text not null, outcome text not null, utc text not null, primary key(rev, receipt)
) without rowid;

create table devices(
    id text primary key, name text not null, branch text not null, role text not null, signing_key blob not null,
    age text not null, exchange blob not null, state text not null, seen_utc text not null
);
create table imports(
    id integer primary key, utc text not null, pack text not null, device text not null, name text not null,
    sha256 text not null, number integer, undone_utc text, summary text not null
);
create index imports_pack on imports(pack);
create table waiting(
    sha256 text primary key, utc text not null, name text not null, device text not null, reason text not null,
    path text not null
);
create table queries(
    id text primary key, record text not null, utc text not null, answered integer not null, body text not null,
    sent integer not null, line blob
);
create index queries_record on queries(record);
create table keyslots(device text primary key, utc text not null, data blob not null);
"""

_SECOND = """
alter table queries add column answer text not null default '';
alter table queries add column answered_utc text not null default '';
alter table queries add column answer_line blob;
create table reviews(record text primary key, kept_utc text not null) without rowid;
create table report_uses(record text not null, report text not null, utc text not null, primary key(record, report, utc))
    without rowid;
"""


def migrations() -> Any:
    """The steps, as a sqlite-utils ``Migrations``, which is slow to load and so imported only here."""
    from sqlite_utils import Migrations

    steps = Migrations("branch-evidence")
    step = cast(Callable[..., Callable[[Any], Any]], steps)

    def first(db: Any) -> None:
        for statement in _FIRST.split(";\n"):
            if statement.strip():
                db.conn.execute(statement)
        db.conn.execute("pragma user_version = 1")

    def second(db: Any) -> None:
        for statement in _SECOND.split(";\n"):
            if statement.strip():
                db.conn.execute(statement)
        db.conn.execute("pragma user_version = 2")

    step(name="0001 the first tables")(first)
    step(name="0002 answers to questions, review dates, reports made")(second)
    return steps
