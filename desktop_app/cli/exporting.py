"""`export` and `stats`: records taken out, and counts of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop_app.cli.answer import Answer, table
from desktop_app.cli.common import common_options, read_json, records, say
from desktop_app.cli.filters import filter_options
from desktop_app.errors import UsageProblem

if TYPE_CHECKING:
    from desktop_app.storage.projection import Filters

_FORMATS = ("xlsx", "csv", "json", "odk", "sqlite")
_AUDIENCES = ("own", "union", "shareable")
_DIMENSIONS = ("authority", "region", "programme", "form", "question", "answer", "concern", "month")


@click.command()
@click.option("--format", "kind", type=click.Choice(_FORMATS), required=True)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="PATH")
@click.option(
    "--audience",
    type=click.Choice(_AUDIENCES),
    default="own",
    show_default=True,
    help="union: without what stays in the branch; shareable: only what was agreed (xlsx, csv).",
)
@click.option("--decisions", metavar="JSON|leave_out", help="What to do about likely personal data in a shareable one.")
@filter_options
@common_options
def export(kind: str, out: Path, audience: str, decisions: str | None, filters: Filters) -> Answer:
    """Write records as Excel, CSV, JSON, ODK submissions, or a plain SQLite copy. The file is not encrypted."""
    from desktop_app.services import exporting, filtering, sharing

    say(exporting.WARNING)
    rest = decisions == sharing.LEAVE_OUT_THE_REST
    decided = sharing.decisions_from(read_json(decisions, "decisions")) if decisions and not rest else ()
    with records() as profile:
        chosen = filtering.known(profile, filters)
        made = exporting.export(profile, kind, out, chosen, audience, decided, leave_out_the_rest=rest)
    return Answer({"path": str(made.path), "rows": made.rows}, f"{made.path}  {made.rows} records")


@click.command()
@click.option("--by", "by", required=True, metavar="|".join(_DIMENSIONS), help="One of these, or several with commas.")
@filter_options
@common_options
def stats(by: str, filters: Filters) -> Answer:
    """Count testimonies, not children. Counts of people below five are marked."""
    from desktop_app.services import filtering, office

    dimensions = [part.strip() for part in by.split(",") if part.strip()]
    unknown = [part for part in dimensions if part not in _DIMENSIONS]
    if unknown or not dimensions:
        raise UsageProblem(f"Cannot count by “{by}”.", do=f"Count by one or more of: {', '.join(_DIMENSIONS)}.")
    rows = []
    with records() as profile:
        filters = filtering.known(profile, filters)
        for dimension in dimensions:
            counted = office.stats(profile, dimension, filters)
            rows += [{"by": dimension, **row} for row in counted["rows"]]
            caveat = counted["caveat"]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, *([str(row.get(name, "")) for name in columns] for row in rows)]
    text = table(lines if rows else [], "No records.")
    return Answer({"rows": rows, "caveat": caveat}, f"{text}\n\n{caveat}")
