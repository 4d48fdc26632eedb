"""Taking records out: Excel, CSV, JSON, ODK submissions, or a plain SQLite file. Nothing here travels to the office."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_app.errors import UsageProblem
from desktop_app.storage import blobs
from desktop_app.storage.plain import PlainTable, write_plain
from desktop_app.storage.projection import Filters

from . import export_csv, export_json, export_odk, export_xlsx
from .content import leaves
from .export_tables import Table, matching, tables_of
from .profile import Profile
from .recording import OpenRecord

FORMATS = {
    "xlsx": "Excel: a sheet for each form, answers in words",
    "csv": "CSV: a file for each form, answers as stored",
    "json": "JSON: every record whole, with its schema",
    "odk": "ODK: submissions and their forms in a ZIP",
    "sqlite": "SQLite: a plain, readable copy",
}
# Said before a copy leaves the encrypted file, whatever its format.
WARNING = (
    "The file is not encrypted: whoever has it can read it. Keep it off shared and synced folders, and delete it when "
    "you have done."
)


@dataclass(frozen=True)
class Exported:
    """``rows`` counts records."""

    path: Path
    rows: int


def export(profile: Profile, kind: str, out: Path, filters: Filters | None = None) -> Exported:
    """Write the matching records to ``out`` in one of `FORMATS`. Raises `UsageProblem` or `FileProblem`."""
    if kind not in FORMATS:
        raise UsageProblem(f"There is no format “{kind}”.", do=f"Choose one of: {', '.join(FORMATS)}.")
    writers: dict[str, Callable[[Profile, Path, Iterator[OpenRecord]], int]] = {
        "xlsx": _xlsx,
        "csv": _csv,
        "json": _json,
        "odk": _odk,
        "sqlite": _sqlite,
    }
    return Exported(out, writers[kind](profile, out, matching(profile, filters or Filters())))


def _xlsx(_profile: Profile, out: Path, records: Iterator[OpenRecord]) -> int:
    tables, count = tables_of(records)
    export_xlsx.write(tables, out)
    return count


def _csv(_profile: Profile, out: Path, records: Iterator[OpenRecord]) -> int:
    tables, count = tables_of(records)
    export_csv.write(tables, out)
    return count


def _json(profile: Profile, out: Path, records: Iterator[OpenRecord]) -> int:
    return export_json.write(records, out, exported=profile.utc_now(), branch=profile.me.branch)


def _odk(profile: Profile, out: Path, records: Iterator[OpenRecord]) -> int:
    return export_odk.write(profile, records, out)


def _sqlite(profile: Profile, out: Path, records: Iterator[OpenRecord]) -> int:
    found = list(records)
    tables, count = tables_of(iter(found))
    write_plain(out, [*_whole_tables(profile, found), *(_plain(table) for table in tables)])
    return count


def _plain(table: Table) -> PlainTable:
    """A form's table; the names of questions are its columns."""
    rows = ([cell.value for cell in row] + [""] * (len(table.columns) - len(row)) for row in table.rows)
    return PlainTable(table.name.replace("-", "_"), [column.name for column in table.columns], rows)


def _whole_tables(profile: Profile, records: list[OpenRecord]) -> Iterator[PlainTable]:
    """What every form has in common: the records, all their answers one by one, and their attachments."""
    yield PlainTable(
        "all_records",
        ("record", "form", "form_version", "reference", "title", "standing", "branch", "answers_json", "typed_json"),
        (
            (
                r.id,
                r.form.id,
                r.form.version,
                r.reference,
                r.title,
                r.standing,
                r.branch,
                json.dumps(r.content.answers, ensure_ascii=False),
                json.dumps(dict(r.content.typed), ensure_ascii=False),
            )
            for r in records
        ),
    )
    yield PlainTable("all_answers", ("record", "form", "path", "question", "ref", "value"), _answers(records))
    yield PlainTable(
        "attachments",
        ("record", "name", "type", "sha256", "content"),
        (
            (r.id, blob.name, blob.type, blob.sha256, b"".join(blobs.read(profile.store, blob.sha256)))
            for r in records
            for blob in r.content.blobs
            if blobs.has(profile.store, blob.sha256)
        ),
        blobs=frozenset({"content"}),
    )


def _answers(records: list[OpenRecord]) -> Iterator[tuple[str, ...]]:
    for record in records:
        questions = {question.path: question for question in record.form.questions}
        for leaf in leaves(record.content.answers, record.form):
            question = questions.get(leaf.template)
            label = question.label if question else ""
            ref = question.be.get("ref", "") if question else ""
            yield record.id, record.form.id, leaf.path, label, ref, leaf.value
