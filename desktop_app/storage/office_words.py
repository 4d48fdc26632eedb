"""What the office says to branches beside its receipts: its questions on records, and what it lays down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.storage.database import Store


@dataclass(frozen=True)
class Query:
    """A question the office asks about a record. ``line``: the signed line it came as, empty where it was asked.

    ``answer``: what the branch wrote to it, empty when the newer record itself is the answer; ``answer_line``: the answer
    as it travels, empty where it was received.
    """

    id: str
    record: str
    utc: str
    answered: bool
    body: str
    sent: bool
    line: bytes
    answer: str = ""
    answered_utc: str = ""
    answer_line: bytes = b""


_QUERY = "id, record, utc, answered, body, sent, line, answer, answered_utc, answer_line"


def _query(row: tuple[Any, ...]) -> Query:
    return Query(
        row[0], row[1], row[2], bool(row[3]), row[4], bool(row[5]), row[6] or b"", row[7], row[8], row[9] or b""
    )


def add_query(store: Store, query_id: str, record: str, body: str, utc: str, line: bytes = b"") -> bool:
    """Keep a question; answers whether it was new."""
    with store.atomic():
        added = store.conn.execute(
            "insert or ignore into queries(id, record, utc, answered, body, sent, line) values(?, ?, ?, 0, ?, 0, ?)",
            (query_id, record, utc, body, line),
        )
    return bool(added.rowcount)


def queries(store: Store, record: str | None = None) -> list[Query]:
    """The questions kept, oldest first; those on one record when it is named."""
    rows = store.rows(f"select {_QUERY} from queries order by utc, id")  # noqa: S608 - constant
    return [_query(row) for row in rows if record is None or row[1] == record]


def query(store: Store, query_id: str) -> Query | None:
    """One question, or `None`."""
    row = store.one(f"select {_QUERY} from queries where id = ?", (query_id,))  # noqa: S608 - constant
    return _query(row) if row else None


def open_query(store: Store, record: str) -> Query | None:
    """The newest question on a record that is not answered yet, or `None`."""
    row = store.one(
        f"select {_QUERY} from queries where record = ? and answered = 0 order by utc desc, id desc limit 1",  # noqa: S608
        (record,),
    )
    return _query(row) if row else None


def answer_query(store: Store, query_id: str, answer: str = "", utc: str = "", line: bytes | None = None) -> None:
    """Mark a question answered, with what was written to it; ``line`` is how the answer travels from here."""
    with store.atomic():
        store.conn.execute(
            "update queries set answered = 1, answer = ?, answered_utc = ?, answer_line = ? where id = ?",
            (answer, utc, line, query_id),
        )


def reopen_query(store: Store, query_id: str) -> None:
    """Mark a question not answered after all."""
    with store.atomic():
        store.conn.execute(
            "update queries set answered = 0, answer = '', answered_utc = '', answer_line = null where id = ?",
            (query_id,),
        )


def remove_query(store: Store, query_id: str) -> None:
    with store.atomic():
        store.conn.execute("delete from queries where id = ?", (query_id,))


def mark_query_sent(store: Store, query_id: str) -> None:
    with store.atomic():
        store.conn.execute("update queries set sent = 1 where id = ?", (query_id,))


def policy(store: Store) -> dict[str, Any] | None:
    """The office's policy as JSON, or `None` before the first."""
    text = store.setting("policy")
    return json.loads(text) if text else None


def set_policy(store: Store, made: Mapping[str, Any]) -> None:
    store.set_setting("policy", json.dumps(made, ensure_ascii=False, sort_keys=True))
