"""SQLite: a plain, readable copy with a table for each form and repeat, and three that hold everything whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from desktop_app.storage import blobs
from desktop_app.storage.plain import PlainTable, plain_steps

from .content import leaves
from .export_tables import WORDS, Table, Tables, plain
from .profile import Profile
from .recording import OpenRecord

RECORDS, ANSWERS, ATTACHMENTS = "all_records", "all_answers", "attachments"
_RECORDS = (
    "record", "form", "form_version", "reference", "title", "standing", "branch", "branch_only", "answers_json",
    "typed_json",
)  # fmt: skip


class Whole:
    """What every form has in common: the records, all their answers one by one, and their attachments."""

    def __init__(self, tables: Tables) -> None:
        self._records = tables.of(RECORDS, "", _RECORDS)
        self._answers = tables.of(ANSWERS, "", ("record", "form", "path", "question", "ref", "value"))
        self._attachments = tables.of(ATTACHMENTS, "", ("record", "name", "type", "sha256"))

    def add(self, record: OpenRecord) -> None:
        """Add a record, its answers, and the names of its attachments."""
        content = record.content
        told = {
            "record": record.id,
            "form": record.form.id,
            "form_version": record.form.version,
            "reference": record.reference,
            "title": record.title,
            "standing": record.standing,
            "branch": record.branch,
            "branch_only": "yes" if content.branch_only else "no",
            "answers_json": json.dumps(content.answers, ensure_ascii=False),
            "typed_json": json.dumps(dict(content.typed), ensure_ascii=False),
        }
        self._records.add(plain(told))
        questions = {question.path: question for question in record.form.questions}
        for leaf in leaves(content.answers, record.form):
            question = questions.get(leaf.template)
            said = {"record": record.id, "form": record.form.id, "path": leaf.path, "value": leaf.value}
            if question is not None:
                said |= {"question": question.label or question.name, "ref": question.be.get("ref", "")}
            self._answers.add(plain(said))
        for blob in content.blobs:
            self._attachments.add(
                plain({"record": record.id, "name": blob.name, "type": blob.type, "sha256": blob.sha256})
            )


def write(profile: Profile, tables: Tables, out: Path) -> Iterator[int]:
    """Write the file, yielding now and then how many rows are in it. Raises `FileProblem`."""
    return plain_steps(out, (_table(profile, table) for table in tables))


def _table(profile: Profile, table: Table) -> PlainTable:
    """A table whose columns are the names of the questions; a choice's label stands beside its code."""
    columns = [
        part
        for column in table.columns
        for part in ((column.name, f"{column.name} {WORDS}") if column.coded else (column.name,))
    ]
    if table.name == ATTACHMENTS:
        return PlainTable(
            ATTACHMENTS, (*columns, "content"), _with_content(profile, table), blobs=frozenset({"content"})
        )
    return PlainTable(table.name.replace("-", "_").replace(" ", "_"), columns, _rows(table))


def _rows(table: Table) -> Iterator[list[str]]:
    for row in table.rows():
        values: list[str] = []
        for cell, column in zip(row, table.columns, strict=True):
            values += [cell.value, cell.words] if column.coded else [cell.value]
        yield values


def _with_content(profile: Profile, table: Table) -> Iterator[list[str | bytes]]:
    digest = [column.name for column in table.columns].index("sha256")
    for row in table.rows():
        sha256 = row[digest].value
        if blobs.has(profile.store, sha256):
            yield [*(cell.value for cell in row), b"".join(blobs.read(profile.store, sha256))]
