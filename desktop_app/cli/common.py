"""What all commands share: the common options, opening the records, reading a file, JSON or standard input."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from desktop_app.errors import FileProblem, KeySlotError, UsageProblem
from desktop_app.paths import ProfilePaths, default_profile_dir, followed

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile

F = TypeVar("F", bound=Callable[..., Any])
STANDARD_INPUT = "-"


@dataclass
class Session:
    """The common options of one run."""

    folder: Path | None = None
    passphrase_file: str | None = None
    wants_json: bool = False
    # Who read standard input, since it can be read once only.
    input_taken_by: str | None = None
    clean_up: ExitStack = field(default_factory=ExitStack)

    @property
    def paths(self) -> ProfilePaths:
        return ProfilePaths(followed(self.folder or default_profile_dir()))


def session() -> Session:
    """The session of the running command."""
    return click.get_current_context().ensure_object(Session)


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def keep(ctx: click.Context, _parameter: click.Parameter, value: Any) -> Any:
        if value is not None and value is not False:
            setattr(ctx.ensure_object(Session), name, value)
        return value

    return keep


def common_options(function: F) -> F:
    """Give a command `--profile`, `--passphrase-file`, `--json` and `--show-traceback`; the session keeps them."""
    options = (
        click.option(
            "--profile",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            expose_value=False,
            callback=_keep("folder"),
            help="The folder of your records; else BRANCH_EVIDENCE_PROFILE, else your own data folder.",
        ),
        click.option(
            "--passphrase-file",
            metavar="F",
            expose_value=False,
            callback=_keep("passphrase_file"),
            help="Read the passphrase from the first line of this file; else it is asked for.",
        ),
        click.option(
            "--json",
            is_flag=True,
            expose_value=False,
            callback=_keep("wants_json"),
            help="Print one JSON document.",
        ),
        click.option("--show-traceback", is_flag=True, expose_value=False, hidden=True),
    )
    for option in reversed(options):
        function = option(function)
    return function


def say(text: str) -> None:
    """A message for the person; the answer alone goes to standard output."""
    click.echo(text, err=True)


# --- input ----------------------------------------------------------------------------------------------------------


def _standard_input(purpose: str) -> bytes:
    current = session()
    if current.input_taken_by is not None:
        raise UsageProblem(
            f"Standard input is named twice: for {current.input_taken_by} and for {purpose}.",
            do="Give one of them as a file.",
        )
    current.input_taken_by = purpose
    return sys.stdin.buffer.read()


def read_bytes(name: str, purpose: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    if name == STANDARD_INPUT:
        return _standard_input(purpose)
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        raise FileProblem(f"{name} cannot be read: {problem.strerror}.", do="Check its name and place.") from problem


def read_json(text: str, purpose: str) -> Any:
    """The JSON of a file, of standard input (`-`), or written out on the command line (it starts with `{` or `[`)."""
    raw = text.encode() if text.lstrip()[:1] in ("{", "[") else read_bytes(text, purpose)
    try:
        return json.loads(raw)
    except ValueError as problem:
        raise UsageProblem(f"The {purpose} are not JSON: {problem}.", do="Check the brackets and quotes.") from problem


def local_file(name: str, purpose: str) -> Path:
    """A path for what is only read as a file; `-` is written to a private temporary one, gone when the command ends."""
    if name != STANDARD_INPUT:
        path = Path(name)
        if not path.exists():
            raise FileProblem(f"There is no file {name}.", do="Check its name and place.", code="E-NOTFOUND")
        return path
    from desktop_app.files import write_atomic

    data = _standard_input(purpose)
    folder = session().clean_up.enter_context(tempfile.TemporaryDirectory())
    click.get_current_context().call_on_close(session().clean_up.close)
    path = Path(folder) / f"standard-input{_suffix(data)}"
    write_atomic(path, data)
    return path


def _suffix(data: bytes) -> str:
    """The file name ending that fits, where a reader goes by it: an Excel file, an XForm, a Markdown XLSForm, a PDF."""
    start = data[:64].lstrip()
    if start.startswith(b"PK\x03\x04"):
        return ".xlsx"
    if start.startswith(b"%PDF"):
        return ".pdf"
    if start.startswith(b"<"):
        return ".xml"
    if start.startswith(b"|"):
        return ".md"
    return ""


# --- records --------------------------------------------------------------------------------------------------------


def read_passphrase(*, new: bool = False, file: str | None = None, prompt: str = "Passphrase") -> str:
    """The passphrase: from ``file`` or `--passphrase-file`, else asked on the terminal (twice when it is a new one)."""
    source = file or session().passphrase_file
    if source is not None:
        text = read_bytes(source, "the passphrase").decode("utf-8", errors="replace")
        return text.split("\n", 1)[0].rstrip("\r")
    if not sys.stdin.isatty():
        raise KeySlotError(
            "No passphrase was given.",
            safe="Your records are as they were.",
            do="Name a file that holds it with --passphrase-file.",
            code="E-NOPASSPHRASE",
        )
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=new, err=True))


@contextmanager
def records() -> Iterator[Profile]:
    """The opened records of this run, closed at the end."""
    from desktop_app.services.profile import unlock
    from desktop_app.services.unsaved import take_in

    paths = session().paths
    # Before the passphrase is asked: there may be nothing to open.
    if not paths.exists():
        from desktop_app.errors import StoreError

        raise StoreError(
            f"There are no records in {paths.folder}.",
            do="Set them up with `branch-evidence setup`, or name their folder with --profile.",
            code="E-NOPROFILE",
        )
    profile = unlock(paths, passphrase=read_passphrase())
    try:
        take_in(profile)
        yield profile
    finally:
        profile.close()
