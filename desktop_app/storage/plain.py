"""A plain, unencrypted SQLite file with tables that other programs can read: the way out, made on request only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from desktop_app.errors import FileProblem
from desktop_app.files import AtomicWriter


@dataclass(frozen=True)
class PlainTable:
    """``columns`` are text unless named in ``blobs``; ``rows`` are consumed once."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str | int | bytes | None]]
    blobs: frozenset[str] = frozenset()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_AT_ONCE = 200


def write_plain(out: Path, tables: Iterable[PlainTable]) -> None:
    """Write a new SQLite file of these tables, or leave what was there. Raises `FileProblem`."""
    for _written in plain_steps(out, tables):
        pass


def plain_steps(out: Path, tables: Iterable[PlainTable]) -> Iterator[int]:
    """As `write_plain`, yielding now and then how many rows are in it; closed before its end it leaves what was there."""
    from sqlcipher3 import dbapi2

    writer = AtomicWriter(out)
    with writer as _empty_file:
        # SQLite fills the part file itself; the writer syncs and renames it.
        database = dbapi2.connect(str(writer.part_path), isolation_level=None)
        try:
            database.execute("pragma journal_mode=off")
            database.execute("begin")
            written = 0
            for table in tables:
                described = ", ".join(
                    f"{_quoted(column)} {'blob' if column in table.blobs else 'text'}" for column in table.columns
                )
                database.execute(f"create table {_quoted(table.name)} ({described})")
                places = ", ".join("?" * len(table.columns))
                insert = f"insert into {_quoted(table.name)} values ({places})"  # noqa: S608 - our own names, quoted
                rows = iter(table.rows)
                while part := list(islice(rows, _AT_ONCE)):
                    database.executemany(insert, part)
                    written += len(part)
                    yield written
            database.execute("commit")
        except dbapi2.OperationalError as problem:
            raise FileProblem(
                f"The plain copy could not be written ({problem}).",
                safe="Your records are as they were, and no half copy is left.",
                do="Choose another drive, or make room on this one.",
            ) from problem
        finally:
            database.close()
