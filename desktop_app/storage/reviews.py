"""Which records a person looked at again and decided to keep, and in which reports a record was used."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.storage.database import Store


def keep(store: Store, record_ids: Iterable[str], utc: str) -> None:
    """Note that these records were looked at and are to be kept."""
    with store.atomic():
        store.conn.executemany(
            "insert or replace into reviews(record, kept_utc) values(?, ?)", [(record, utc) for record in record_ids]
        )


def forget(store: Store, record_ids: Iterable[str]) -> None:
    """Undo `keep`."""
    with store.atomic():
        store.conn.executemany("delete from reviews where record = ?", [(record,) for record in record_ids])


def due(store: Store, before_utc: str, limit: int) -> list[str]:
    """The records neither changed nor kept since ``before_utc``, the oldest first."""
    rows = store.rows(
        "select p.record from projection p left join reviews r on r.record = p.record"
        " where p.changed_utc < ? and coalesce(r.kept_utc, '') < ? order by p.changed_utc limit ?",
        (before_utc, before_utc, limit),
    )
    return [str(row[0]) for row in rows]


def count_due(store: Store, before_utc: str) -> int:
    """How many `due` would find."""
    row = store.one(
        "select count(*) from projection p left join reviews r on r.record = p.record"
        " where p.changed_utc < ? and coalesce(r.kept_utc, '') < ?",
        (before_utc, before_utc),
    )
    return int(row[0]) if row else 0


def note_use(store: Store, record_ids: Iterable[str], report: str, utc: str) -> None:
    """Note that a report with these records was kept."""
    with store.atomic():
        store.conn.executemany(
            "insert or ignore into report_uses(record, report, utc) values(?, ?, ?)",
            [(record, report, utc) for record in record_ids],
        )


def uses(store: Store, record: str) -> int:
    """In how many reports the record was used, as far as this computer knows."""
    row = store.one("select count(*) from report_uses where record = ?", (record,))
    return int(row[0]) if row else 0
