"""The command line as a person runs it: a process of its own, its answer checked against the schema of its command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = Path(__file__).with_name("schemas")
PASSPHRASE = "four plain words here"


@dataclass
class Done:
    """What a run left: exit status, the JSON document if there was one, standard output and error."""

    status: int
    data: Any
    out: str
    err: str


def schema_of(words: list[str], data: Any) -> str:
    """The name of the schema an answer must match."""
    if "error" in data:
        return "error"
    name = words[0]
    if name in ("keys", "forms", "record", "papers"):
        name = f"{name}-{words[1]}"
    elif name == "devices" and words[1:2] == ["help"]:
        name = "devices-help"
    elif name == "report" and words[1:2] == ["list"]:
        name = "report-list"
    elif name == "receive" and "--undo" in words:
        name = "receive-undo"
    elif name == "receive" and "words" in data:
        name = "receive-card"
    return name


class CommandLine:
    """`run("record", "list")` starts `python -m ui --json record list` on one set of records."""

    def __init__(self, folder: Path, passphrase: str | None = PASSPHRASE) -> None:
        self.folder = folder
        self.profile = folder / "records"
        self.passphrase_file = folder / "passphrase.txt"
        if passphrase is not None:
            self.passphrase_file.write_text(passphrase + "\n", "utf-8")

    def environment(self) -> dict[str, str]:
        """No display, no home of ours, and a guard in the child that forbids the network and any import of Qt."""
        kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
        guard = str(Path(__file__).with_name("guard"))
        path = os.pathsep.join([guard, str(ROOT)])
        return {**kept, "PYTHONPATH": path, "HOME": str(self.folder), "TZ": "Europe/London"}

    def run(
        self,
        *words: str,
        given: str | bytes = b"",
        status: int | None = 0,
        passphrase: bool = True,
        json_out: bool = True,
    ) -> Done:
        """Run one command; its exit status must be `status` (None: any) and its answer must match its schema."""
        command = [sys.executable, "-m", "ui", *words, "--profile", str(self.profile)]
        if passphrase:
            command += ["--passphrase-file", str(self.passphrase_file)]
        if json_out:
            command.append("--json")
        done = subprocess.run(
            command,
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            cwd=self.folder,
            env=self.environment(),
            timeout=120,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        data = json.loads(out) if json_out and out.strip() else None
        if status is not None:
            assert done.returncode == status, f"{words}\n{out}\n{err}"
        if data is not None:
            schema = SCHEMAS / f"{schema_of(list(words), data)}.json"
            jsonschema.validate(data, json.loads(schema.read_text("utf-8")))
        return Done(done.returncode, data, out, err)


def make_quick(line: CommandLine) -> None:
    """Wrap the key anew at the lowest cost: the real one takes half a second for every command of a test."""
    from desktop_app.paths import ProfilePaths
    from desktop_app.storage import keys

    paths = ProfilePaths(line.profile)
    data_key = keys.open_with_passphrase(paths, PASSPHRASE)
    keys.change_passphrase(paths, data_key, PASSPHRASE, keys.KdfCost(1, 8 * 1024 * 1024))


@pytest.fixture(scope="session")
def new_line() -> Callable[[Path], CommandLine]:
    """A command line on a folder of its own, for a module that sets up its own records."""
    return CommandLine


@pytest.fixture(scope="session")
def quickened() -> Callable[[CommandLine], None]:
    """Makes the keys of records that were set up cheap to derive."""
    return make_quick


@pytest.fixture
def empty(tmp_path: Path) -> CommandLine:
    """A command line with no records yet."""
    return CommandLine(tmp_path)


@pytest.fixture(scope="module")
def leeds(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The records of a branch officer in Leeds (authority 383), set up by the command line; shared by a module."""
    line = CommandLine(tmp_path_factory.mktemp("leeds branch"))
    line.run("setup", "--role", "branch", "--name", "Leeds", "--officer-role", "Secretary", "--authority", "383")
    make_quick(line)
    return line


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The national office's records; shared by a module."""
    line = CommandLine(tmp_path_factory.mktemp("national office"))
    line.run("setup", "--role", "office", "--name", "SEND policy team")
    make_quick(line)
    return line
