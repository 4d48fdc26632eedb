"""A plain, unencrypted SQLite file with tables that other programs can read: the way out, made on request only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


def write_plain(out: Path, tables: Iterable[PlainTable]) -> None:
    """Write a new SQLite file of these tables, or leave what was there. Raises `FileProblem`."""
    from sqlcipher3 import dbapi2

    writer = AtomicWriter(out)
    with writer as _empty_file:
        # SQLite fills the part file itself; the writer syncs and renames it.
        database = dbapi2.connect(str(writer.part_path), isolation_level=None)
        try:
            database.execute("pragma journal_mode=off")
            database.execute("begin")
            for table in tables:
                described = ", ".join(
                    f"{_quoted(column)} {'blob' if column in table.blobs else 'text'}" for column in table.columns
                )
                database.execute(f"create table {_quoted(table.name)} ({described})")
                places = ", ".join("?" * len(table.columns))
                database.executemany(f"insert into {_quoted(table.name)} values ({places})", table.rows)  # noqa: S608
            database.execute("commit")
        except dbapi2.OperationalError as problem:
            raise FileProblem(
                f"The plain copy could not be written ({problem}).",
                safe="Your records are as they were, and no half copy is left.",
                do="Choose another drive, or make room on this one.",
            ) from problem
        finally:
            database.close()
