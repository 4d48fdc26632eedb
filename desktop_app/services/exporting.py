"""Taking records out: Excel, CSV, JSON, ODK submissions, or a plain SQLite file. Nothing here travels to the office."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.errors import UsageProblem
from desktop_app.reports.model import Decision
from desktop_app.storage.projection import Filters

from . import copies, export_csv, export_json, export_odk, export_sqlite, export_xlsx
from .export_gathering import Gathering, matching
from .export_shared import SharedGathering
from .export_tables import Tables
from .profile import Profile
from .recording import OpenRecord
from .steps import drained

FORMATS = {
    "xlsx": "Excel: a sheet for each form, answers in words and as codes",
    "csv": "CSV: a file for each form, answers as codes and in words",
    "json": "JSON: every record whole, with its schema",
    "odk": "ODK: submissions and their forms in a ZIP",
    "sqlite": "SQLite: a plain, readable copy",
}
AUDIENCES = {
    "own": "everything in these records, also what stays in the branch",
    "union": "without what stays in the branch",
    "shareable": "what was agreed for sharing only (xlsx and csv)",
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


def export(
    profile: Profile,
    kind: str,
    out: Path,
    filters: Filters | None = None,
    audience: str = "own",
    decisions: Iterable[Decision] = (),
    *,
    leave_out_the_rest: bool = False,
) -> Exported:
    """Write the matching records to ``out`` in one of `FORMATS`, for one of `AUDIENCES`.

    Raises `UsageProblem`, `FileProblem`, and `Undecided` for a shareable one with personal data nobody decided about.
    """
    return drained(
        export_steps(profile, kind, out, filters, audience, decisions, leave_out_the_rest=leave_out_the_rest)
    )


def export_steps(
    profile: Profile,
    kind: str,
    out: Path,
    filters: Filters | None = None,
    audience: str = "own",
    decisions: Iterable[Decision] = (),
    *,
    leave_out_the_rest: bool = False,
) -> Generator[str, None, Exported]:
    """As `export`, a little at a time, yielding what is being done. Closed before its end it leaves no file behind."""
    if kind not in FORMATS:
        raise UsageProblem(f"There is no format “{kind}”.", do=f"Choose one of: {', '.join(FORMATS)}.")
    if audience not in AUDIENCES:
        raise UsageProblem(f"A file cannot be for “{audience}”.", do=f"Choose one of: {', '.join(AUDIENCES)}.")
    if audience == "shareable" and kind not in ("xlsx", "csv"):
        raise UsageProblem(
            f"{kind} holds whole records, which are not for sharing.",
            do="Choose xlsx or csv, or leave out the audience.",
        )
    found = (record for record in matching(profile, filters or Filters()) if _is_for(record, audience))
    counted = _Counted(found if audience == "own" else (_without_people(record) for record in found))
    with Tables() as tables:
        if kind == "json":
            writing = export_json.steps(iter(counted), out, exported=profile.utc_now(), branch=profile.me.branch)
        elif kind == "odk":
            writing = export_odk.write(profile, iter(counted), out)
        else:
            if audience == "shareable":
                shared = SharedGathering(profile, tables, decisions, leave_out_the_rest=leave_out_the_rest)
                for record in counted:
                    shared.add(record)
                    yield _read(counted.count)
                shared.finish()
            else:
                gathering = Gathering(tables)
                whole = export_sqlite.Whole(tables) if kind == "sqlite" else None
                for record in counted:
                    gathering.add(record)
                    if whole is not None:
                        whole.add(record)
                    yield _read(counted.count)
                gathering.finish()
            if kind == "xlsx":
                writing = export_xlsx.write(tables, out)
            elif kind == "csv":
                writing = export_csv.write(tables, out)
            else:
                writing = export_sqlite.write(profile, tables, out)
        for done in writing:
            yield f"{done:,} written…"
        first, *more = _written(kind, tables, out)
    title = f"Data as {kind.upper()}"
    copies.note(profile, first, title=title, audience="shareable" if audience == "shareable" else "union", more=more)
    return Exported(out, counted.count)


def _written(kind: str, tables: Tables, out: Path) -> list[Path]:
    """Every file that came to be."""
    if kind == "csv":
        return [path for path, _table in export_csv.places_of(tables, out)]
    return [out, out.with_name(f"{out.stem}.schema.json")] if kind == "json" else [out]


def _read(count: int) -> str:
    return f"{count:,} records read…"


def _is_for(record: OpenRecord, audience: str) -> bool:
    return audience == "own" or not record.content.branch_only


def _without_people(record: OpenRecord) -> OpenRecord:
    """Without the attachments that show a person or may do so: they stay on this laptop."""
    kept = tuple(blob for blob in record.content.blobs if blob.shows_person == "no")
    return replace(record, content=replace(record.content, blobs=kept))


class _Counted:
    """Records going by, and how many went."""

    def __init__(self, records: Iterator[OpenRecord]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[OpenRecord]:
        for record in self._records:
            self.count += 1
            yield record
