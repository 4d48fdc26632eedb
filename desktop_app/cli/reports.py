"""`report`: a PDF from records, and the list of kinds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop_app.cli.answer import Answer, table
from desktop_app.cli.common import common_options, read_json, read_passphrase, records
from desktop_app.cli.filters import filter_options
from desktop_app.errors import UsageProblem

if TYPE_CHECKING:
    from desktop_app.storage.projection import Filters


@click.command()
@click.argument("kind", metavar="KIND")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@filter_options
@click.option("--audience", type=click.Choice(["union", "shareable"]), default="union", show_default=True)
@click.option("--password-file", metavar="F", help="Lock the PDF with the first line of this file.")
@click.option("--archive", is_flag=True, help="PDF/A-3a, to keep for decades; the data it prints is attached.")
@click.option("--decisions", metavar="JSON|leave_out", help="What to do about likely personal data in a shareable PDF.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.pdf",
    help="OUT.txt: the text of an e-mail or letter, where the report has one.",
)
@common_options
def report(
    kind: str,
    ids: tuple[str, ...],
    filters: Filters,
    audience: str,
    password_file: str | None,
    archive: bool,
    decisions: str | None,
    out: Path | None,
) -> Answer:
    """Make a PDF of records named by id, or of all the filters let through. `report list` names the kinds."""
    from desktop_app.services import filtering, letters, reporting, sharing

    if kind == "list":
        kinds = [
            {"kind": k.kind, "title": k.title, "what": k.what, "forms": list(k.forms), "one": k.one, "paper": k.paper}
            for k in reporting.kinds()
        ]
        return Answer({"reports": kinds}, table([[str(k["kind"]), str(k["what"])] for k in kinds]))
    if out is None:
        raise UsageProblem("Where the PDF goes was not said.", do="Add -o and a file name.")
    password = read_passphrase(file=password_file, prompt="Password of the PDF") if password_file else None
    rest = decisions == sharing.LEAVE_OUT_THE_REST
    decided = sharing.decisions_from(read_json(decisions, "decisions")) if decisions and not rest else ()
    if out.suffix.lower() == ".txt":
        if password or archive:
            raise UsageProblem("A text has no password and no archive copy.", do="Make a PDF, or leave them out.")
        with records() as profile:
            filters = filtering.known(profile, filters)
            text = letters.make(profile, kind, ids, filters, audience, out, decided, leave_out_the_rest=rest)
        return Answer({"path": str(text.path), "pages": 0, "withheld": []}, str(text.path))
    with records() as profile:
        filters = filtering.known(profile, filters)
        # A blank form is printed from the form itself; there is no record to choose by it.
        options = {"form": filters.form} if kind == "blank_form" and filters.form else {}
        if archive:
            options["archive"] = "yes"
        made = reporting.make(profile, kind, ids, filters, audience, out, password, options, decided, rest)
    data = {"path": str(made.path), "pages": made.pages, "withheld": list(made.withheld)}
    lines = [f"{made.path}  {made.pages} pages", *(f"Left out: {why}" for why in made.withheld)]
    return Answer(data, "\n".join(lines))
