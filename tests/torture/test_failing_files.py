"""T3: every call of every function of `files` fails, once and for good, in each way a disk fails; and a virus scanner holds
each file for a while, or for good. Afterwards there is what was before or what was wanted, and trying again works.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from torture_disk import TorturedDisk, tortured

from desktop_app import files
from desktop_app.errors import FileProblem

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
KINDS = (errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES)
OLD, NEW = b"old " * 1000, b"new " * 300_000
Tree = dict[str, bytes | None]


def tree(folder: Path) -> Tree:
    """What lies below a folder; a folder is None. What no final name points to (`.part`) is not looked at."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if path.suffix != ".part"
    }


def lay(folder: Path) -> None:
    (folder / "here").mkdir(parents=True)
    (folder / "there").mkdir()
    (folder / "here" / "a").write_bytes(OLD)
    (folder / "there" / "b").write_bytes(OLD[:10])
    (folder / "here" / "lines").write_bytes(b"one\ncut sho")
    for deep in ("x", "x/y"):
        (folder / "full" / deep).mkdir(parents=True)
        (folder / "full" / deep / "c").write_bytes(OLD)


def by_writer(folder: Path) -> None:
    with files.AtomicWriter(folder / "here" / "a") as out:
        for _ in range(5):
            out.write(NEW)


DEEDS: dict[str, Callable[[Path], None]] = {
    "a new file": lambda folder: files.write_atomic(folder / "here" / "new", NEW),
    "a file again": lambda folder: files.write_atomic(folder / "here" / "a", NEW),
    "a file bit by bit": by_writer,
    "a copy": lambda folder: files.copy_file(folder / "here" / "a", folder / "there" / "copy"),
    "a move": lambda folder: files.move(folder / "here" / "a", folder / "there" / "b"),
    "a file removed": lambda folder: files.remove(folder / "here" / "a"),
    "folders made": lambda folder: files.make_dirs(folder / "p" / "q" / "r"),
    "folders removed": lambda folder: files.remove_tree(folder / "full"),
    "a line added": lambda folder: files.append_line(folder / "here" / "lines", b"two"),
}
IN_STEPS = {DEEDS[name] for name in ("folders made", "folders removed", "a line added")}
"""Deeds of several names, or of a part of a file: left half-way, the next try goes on."""


def one_failure(deed: Callable[[Path], None], folder: Path, after: Tree, at: int, error: int, for_good: bool) -> int:
    """Answers how many calls there were."""
    lay(folder)
    before = tree(folder)
    in_steps = deed in IN_STEPS
    told: FileProblem | None = None
    with tortured() as c:
        c.torture_arm(at, int(for_good), error)
        try:
            deed(folder)
        except FileProblem as said:
            told = said
        calls, failed = int(c.torture_calls()), bool(c.torture_failed())
        c.torture_arm(0, 0, 0)
        found = tree(folder)
        if told is None:
            assert found == after, "nothing was said, so it must have been done"
        else:
            assert failed and told.what and told.safe and told.do, told
            if in_steps:
                assert found.keys() <= before.keys() | after.keys(), "nothing else comes of it"
            else:
                assert found in (before, after), "half done"
            if found == before or in_steps:
                deed(folder)
                assert _without_lines(tree(folder)) == _without_lines(after), "trying again must work"
    shutil.rmtree(folder)
    return calls


def _without_lines(found: Tree) -> Tree:
    """Every line that was begun is closed off, so how many there are depends on where it failed; the last is the new one."""
    lines = found.get("here/lines")
    assert lines is not None and lines.startswith(b"one\ncut sho")
    return {**found, "here/lines": lines.split(b"\n")[-2] if lines.endswith(b"\n") else b""}


def every_failure(deed: Callable[[Path], None], folder: Path) -> int:
    lay(folder)
    deed(folder)
    after = tree(folder)
    shutil.rmtree(folder)
    runs = 0
    for error in KINDS:
        calls = one_failure(deed, folder, after, 0, error, False)
        for at in range(1, calls + 1):
            for for_good in (False, True):
                one_failure(deed, folder, after, at, error, for_good)
                runs += 1
    return runs


@pytest.mark.parametrize("name", DEEDS)
def test_whichever_call_fails_there_is_the_old_or_the_new(quick: Path, name: str, figure: Callable[[str], None]) -> None:
    runs = every_failure(DEEDS[name], quick / "run")
    figure(f"T3 files, {name}: {runs} failures")
    assert runs >= 8


@pytest.mark.parametrize("name", DEEDS)
def test_writes_that_take_only_a_part_are_gone_on_with(quick: Path, name: str) -> None:
    lay(quick / "whole")
    DEEDS[name](quick / "whole")
    lay(quick / "short")
    with tortured():
        disk = files.DISK
        assert isinstance(disk, TorturedDisk)
        disk.short = True
        DEEDS[name](quick / "short")
    assert tree(quick / "short") == tree(quick / "whole")


class Scanner(TorturedDisk):
    """A virus scanner on Windows: so many times a file cannot be renamed or deleted, since it is being looked at."""

    times, asked = 0, 0

    def _held(self) -> None:
        self.asked += 1
        if self.asked <= self.times:
            error = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            error.winerror = (5, 32, 33)[self.asked % 3]  # type: ignore[attr-defined]
            raise error

    def replace(self, source: Path, target: Path) -> None:
        self._held()
        super().replace(source, target)

    def unlink(self, path: Path) -> None:
        self._held()
        super().unlink(path)

    def rmdir(self, path: Path) -> None:
        self._held()
        super().rmdir(path)


HELD = ["a file again", "a move", "a file removed", "folders removed"]


@pytest.mark.parametrize("name", HELD)
def test_a_scanner_that_lets_go_is_waited_for(quick: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    lay(quick / "free")
    DEEDS[name](quick / "free")
    lay(quick / "held")
    scanner = Scanner()
    scanner.times = 5
    monkeypatch.setattr(files, "DISK", scanner)
    DEEDS[name](quick / "held")
    assert tree(quick / "held") == tree(quick / "free")
    assert scanner.asked > 5


@pytest.mark.parametrize("name", HELD)
def test_a_scanner_that_does_not_let_go_is_said_within_some_seconds(
    quick: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    lay(quick / "held")
    before = tree(quick / "held")
    scanner = Scanner()
    scanner.times = 10**9
    monkeypatch.setattr(files, "DISK", scanner)
    begun = time.monotonic()
    with pytest.raises(FileProblem) as told:
        DEEDS[name](quick / "held")
    assert 2 < time.monotonic() - begun < 15
    assert told.value.code == "E-PERMISSION"
    assert "other programs" in told.value.do
    assert tree(quick / "held") == before


def test_the_harness_catches_a_file_written_in_its_place(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken build: no other name first, no renaming."""

    def in_place(path: Path, data: bytes, *, private: bool = True) -> None:
        try:
            descriptor = files.DISK.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                files.DISK.write(descriptor, data)
                files.DISK.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise files.problem(error, path) from error

    monkeypatch.setattr(files, "write_atomic", in_place)
    with pytest.raises(AssertionError, match="half done"):
        every_failure(DEEDS["a file again"], quick / "run")
