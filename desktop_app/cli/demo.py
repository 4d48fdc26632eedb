"""`demo`: the whole story, from two branches to the office, in a folder; ends with what to try."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.answer import Answer
from desktop_app.cli.common import common_options, say

if TYPE_CHECKING:
    from desktop_app.services.demonstration import Story

_PICTURES_TAKE_AT_MOST = 300  # seconds
_QUESTION_WIDTH = 62


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--no-window", is_flag=True, help="Do not save pictures of the window's pages.")
@common_options
def demo(folder: Path, no_window: bool) -> Answer:
    """Play the whole story in DIR: two branches and the office, on published facts and made-up records."""
    from desktop_app.files import write_atomic
    from desktop_app.services import demonstration

    story = demonstration.demonstrate(folder, say=lambda text: say(f"  {text}"))
    pictures, trouble = ([], "") if no_window else _pictures(story)
    text = "\n".join(_lines(story, pictures, trouble))
    write_atomic(story.folder / "READ ME FIRST.txt", f"{text.strip()}\n".encode(), private=False)
    return Answer(_data(story, pictures), text)


def _data(story: Story, pictures: Sequence[Path]) -> dict[str, Any]:
    from desktop_app.services.demonstration import BRANCHES, OFFICE, PASSPHRASE

    return {
        "folder": str(story.folder),
        "passphrase": PASSPHRASE,
        "profiles": {who: str(story.records_of(who)) for who in (*(name for name, _ in BRANCHES), OFFICE)},
        "packs": [str(path) for path in story.mail],
        "replies": [str(path) for path in story.replies],
        "reports": [{"kind": pdf.kind, "path": str(pdf.path)} for pdf in story.pdfs],
        "pictures": [str(path) for path in pictures],
        "coverage": [
            {"ref": row.line.ref, "question": row.line.question, "where": row.where} for row in story.coverage
        ],
    }


def _lines(story: Story, pictures: Sequence[Path], trouble: str) -> list[str]:
    from desktop_app.services.demonstration import BRANCHES, OFFICE, PASSPHRASE, QUESTION

    kent = story.records_of(BRANCHES[0][0])
    command = f'--profile "{kent}" --passphrase-file "{story.passphrase_file}"'
    return [
        "",
        "What the union asked, and where the office now has it",
        "",
        *(f"{row.line.ref:<8} {_short(row.line.question):<{_QUESTION_WIDTH}} {row.where}" for row in story.coverage),
        "",
        f"{len(story.coverage)} lines, none empty.",
        "",
        "Where everything is",
        f"  {story.folder}",
        *(f"    {who + '/':<18} the records of {_owner(who)}" for who in (*(name for name, _ in BRANCHES), OFFICE)),
        f"    {'e-mails/':<18} the office's card, {len(story.mail)} files for the office, {len(story.replies)} replies",
        f"    {'PDFs/':<18} {len(story.pdfs)} PDFs, and the invitation as text and as a calendar entry",
        *_picture_lines(pictures, trouble),
        "",
        f"The made-up passphrase of all three: {PASSPHRASE}",
        "",
        "What to try",
        f'  branch-evidence --profile "{kent}"                 the window, as the branch in Kent',
        f'  branch-evidence --profile "{story.records_of(OFFICE)}"      the window, as the national office',
        f"  branch-evidence search psychology {command}",
        f"  branch-evidence record list --authority 886 --concern {command}",
        f'  branch-evidence verify "{story.mail[0]}"',
        "  Take out line 1 of the SENCO meeting in Kent, send again, and add the file at the office.",
        f"  The office asks about “Kent: 55% of assessment requests refused”: {QUESTION}",
        "  Answer in that record, mark it as ready, send again, and add the file at the office.",
        "  Choose between the two versions of “Ten hours a week go on forms.” in Kent.",
    ]


def _owner(who: str) -> str:
    from desktop_app.services.demonstration import OFFICE

    return "the national office" if who == OFFICE else f"the branch {who}"


def _short(text: str) -> str:
    return text if len(text) <= _QUESTION_WIDTH else text[: _QUESTION_WIDTH - 1].rstrip() + "…"


# --- pictures of the window -------------------------------------------------------------------------------------------


def _pictures(story: Story) -> tuple[list[Path], str]:
    """Pictures of the pages of a branch and of the office; why there are none, if there are none.

    The window's own program takes them. It needs the libraries of a screen, which a server may lack: the story is told
    all the same.
    """
    from desktop_app.services.demonstration import BRANCHES, OFFICE

    made: list[Path] = []
    for who in (BRANCHES[0][0], OFFICE):
        say(f"  Pictures of ten pages are taken: {who}.")
        found, trouble = _pictures_of(story, who)
        made.extend(found)
        if trouble:
            return made, trouble
    return made, ""


def _pictures_of(story: Story, who: str) -> tuple[list[Path], str]:
    out = story.folder / "pictures" / who
    words = [str(story.records_of(who)), str(out), "--passphrase-file", str(story.passphrase_file)]
    environment = {**os.environ}
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")) and sys.platform.startswith("linux"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = subprocess.run(
            [*_program(), *words], env=environment, capture_output=True, text=True, timeout=_PICTURES_TAKE_AT_MOST,
            check=False, cwd=Path(__file__).resolve().parents[2],
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as problem:
        return [], type(problem).__name__
    made = sorted(out.glob("*.png")) if out.exists() else []
    last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return made, last if done.returncode else ""


def _program() -> list[str]:
    """How to start the picture taker: by its module, or inside the built program by its name."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--pictures"]
    return [sys.executable, "-m", "ui.pictures"]


def _picture_lines(pictures: Sequence[Path], trouble: str) -> list[str]:
    lines = [f"    {'pictures/':<18} {len(pictures)} pages of the window"] if pictures else []
    if trouble:
        lines.append(f"    The window could not be pictured: {trouble}")
    return lines
