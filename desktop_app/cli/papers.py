"""`papers`: the union's papers on the shelf. The national office puts them there; they reach branches with its replies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.answer import Answer, table
from desktop_app.cli.common import common_options, local_file, records

if TYPE_CHECKING:
    from desktop_app.services.papers import Paper

_SHOWN = 8


def _as_json(paper: Paper) -> dict[str, Any]:
    return {
        "sha256": paper.sha256,
        "title": paper.title,
        "name": paper.name,
        "bytes": paper.len,
        "put": paper.put_utc,
        "here": paper.here,
    }


@click.group()
@common_options
def papers() -> None:
    """The union's papers on the shelf. PAPER is the beginning of its number in `papers list`."""


@papers.command("list")
@common_options
def list_papers() -> Answer:
    """The papers on the shelf, the newest first."""
    from desktop_app.services import papers as shelf

    with records() as profile:
        found = shelf.shelf(profile)
    rows = [
        [each.sha256[:_SHOWN], each.put_utc[:10], f"{each.len / 1000:.0f} kB", each.title,
         "" if each.here else "comes with the office's next reply"]
        for each in found
    ]  # fmt: skip
    return Answer({"papers": [_as_json(each) for each in found]}, table(rows, "There is no paper on the shelf."))


@papers.command()
@click.argument("file", metavar="FILE")
@click.option("--title", default="", help="How it is listed; else the file's name.")
@common_options
def put(file: str, title: str) -> Answer:
    """At the national office: put a file (a PDF or a document, at most 20 MB) on the shelf."""
    from desktop_app.services import papers as shelf

    path = local_file(file, "the paper")
    with records() as profile:
        made = shelf.put(profile, path, title)
    warning = shelf.heavy(made.len)
    if warning:
        click.echo(warning, err=True)
    return Answer(
        {"paper": _as_json(made)}, f"“{made.title}” is on the shelf. It goes to branches with the next replies."
    )


@papers.command("take-off")
@click.argument("paper", metavar="PAPER")
@common_options
def take_off(paper: str) -> Answer:
    """At the national office: take a paper off the shelf; the next replies take it off the branches' too."""
    from desktop_app.services import papers as shelf

    with records() as profile:
        gone = shelf.take_off(profile, paper)
    return Answer({"taken_off": gone.sha256}, f"“{gone.title}” is off the shelf.")


@papers.command()
@click.argument("paper", metavar="PAPER")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE")
@common_options
def save(paper: str, out: Path) -> Answer:
    """Save a copy of a paper, to read, print or hand out."""
    from desktop_app.services import papers as shelf

    with records() as profile:
        found = shelf.find(profile, paper)
        shelf.save_copy(profile, found, out)
    return Answer({"path": str(out), "bytes": found.len}, f"{out}  {found.len / 1000:.0f} kB")
