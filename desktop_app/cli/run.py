"""One run of the command line: arguments in, exit status out. Every error is shown in one place, here."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from desktop_app.cli.answer import Answer, as_json
from desktop_app.cli.arguments import reorder
from desktop_app.cli.commands import GROUPS, app
from desktop_app.errors import Cancelled, UsageProblem, WorldError

DONE, REFUSED, USAGE, INSTALL_FIRST = 0, 1, 2, 3


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command; see `desktop_app.cli.main`."""
    arguments = reorder(sys.argv[1:] if argv is None else argv, GROUPS)
    wants_json = "--json" in arguments
    for stream in (sys.stdout, sys.stderr):
        # Windows writes a pipe in a code page that lacks most names.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        answer = app.main(args=arguments, prog_name="branch-evidence", standalone_mode=False)
        if isinstance(answer, Answer):
            print(as_json(answer.data) if wants_json else answer.text)
            sys.stdout.flush()
            return answer.status
        return int(answer or DONE)
    except BrokenPipeError:
        # The reader (`| head`) has had enough. Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except click.UsageError as problem:
        help_line = f"See: {problem.ctx.command_path} --help" if problem.ctx else "See: branch-evidence --help"
        return _say(UsageProblem(problem.format_message(), do=help_line), wants_json, USAGE)
    except click.ClickException as problem:
        return _say(WorldError(problem.format_message()), wants_json, REFUSED)
    except (click.Abort, Cancelled, KeyboardInterrupt):
        return _say(WorldError("Stopped.", safe="Nothing is half-done.", code="E-CANCELLED"), wants_json, REFUSED)
    except ModuleNotFoundError as problem:
        library = (problem.name or "").split(".")[0]
        if library in ("desktop_app", "ui", ""):
            return _say(_ours(problem), wants_json, REFUSED)
        return _say(_missing(library), wants_json, INSTALL_FIRST)
    except WorldError as problem:
        status = USAGE if isinstance(problem, UsageProblem) else REFUSED
        return _say(problem, wants_json, status)
    except Exception as problem:  # noqa: BLE001 - the last resort: a mistake of ours is said as one, without answers in it
        if "--show-traceback" in arguments:
            traceback.print_exc()
        return _say(_ours(problem), wants_json, REFUSED)


# Where the library's name in Python is not the one it is installed by.
_INSTALLED_AS = {"nacl": "pynacl", "stdnum": "python-stdnum", "PIL": "pillow"}


def _missing(library: str) -> WorldError:
    line = f"python3 -m pip install {_INSTALLED_AS.get(library, library)}"
    return WorldError(f"The library {library} is not installed.", do=line, code="E-INSTALL")


def _ours(problem: Exception) -> WorldError:
    """A mistake in the program: its kind and place only, since a message may quote what somebody typed."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}, line {frames[-1].lineno}" if frames else "an unknown place"
    return WorldError(
        f"Something went wrong in the program itself ({type(problem).__name__} in {place}).",
        safe="What had been saved before is as it was.",
        do="Run it again with --show-traceback and send us what it prints; look first that it quotes nobody.",
        code="E-BUG",
    )


def _say(problem: WorldError, wants_json: bool, status: int) -> int:
    for line in (problem.what, problem.safe, problem.do):
        if line:
            print(line, file=sys.stderr)
    if wants_json:
        print(as_json({"error": problem.as_json(), **problem.beside()}))
    return status
