"""The one module that writes files: whole or not at all, whichever call fails."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from storage_world import Failing

from desktop_app import files
from desktop_app.errors import FileProblem


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("for_good", [False, True])
def test_whichever_call_fails_the_file_is_the_old_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, for_good: bool
) -> None:
    path = tmp_path / "récords.json"
    data = b"new" * 200_000
    at = silent = 0
    while True:
        at += 1
        path.write_bytes(b"old")
        failing = Failing(at, number, for_good=for_good)
        monkeypatch.setattr(files, "DISK", failing)
        try:
            files.write_atomic(path, data)
        except FileProblem as error:
            silent += not (error.safe and error.do)
        monkeypatch.undo()
        assert path.read_bytes() in (b"old", data)
        assert not list(tmp_path.glob("*.part"))
        files.write_atomic(path, data)  # and trying again works
        assert path.read_bytes() == data
        if failing.calls < at:
            break
    assert at > 4
    assert not silent


def test_each_failure_has_its_own_code() -> None:
    wanted = {
        errno.ENOSPC: "E-DISKFULL",
        errno.EROFS: "E-READONLY",
        errno.EACCES: "E-PERMISSION",
        errno.EIO: "E-FILE",
        errno.ENOENT: "E-FILE",
        errno.ENAMETOOLONG: "E-FILE",
    }
    told = {number: files.problem(OSError(number, "x"), "name") for number in wanted}
    assert {number: error.code for number, error in told.items()} == wanted
    assert len({error.what for error in told.values()}) == len(wanted)


def test_an_error_inside_the_block_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), files.AtomicWriter(path) as out:
        out.write(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    writer = files.AtomicWriter(path)

    def refuse(part: Path) -> None:
        assert part.read_bytes() == b"whole"
        raise FileProblem("not readable")

    writer.before_rename = refuse
    with pytest.raises(FileProblem), writer as out:
        out.write(b"whole")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of another kind")
def test_what_is_written_is_private(tmp_path: Path) -> None:
    files.write_atomic(tmp_path / "a", b"x")
    files.make_dirs(tmp_path / "b" / "c")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "b" / "c").stat().st_mode & 0o777 == 0o700


def test_a_virus_scanner_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Held(files.Disk):
        left = 3

        def replace(self, source: Path, target: Path) -> None:
            self.left -= 1
            if self.left >= 0:
                error = PermissionError(errno.EACCES, "held")
                error.winerror = 32  # type: ignore[attr-defined]
                raise error
            super().replace(source, target)

    monkeypatch.setattr(files, "DISK", Held())
    files.write_atomic(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"


def test_lines_are_appended_whole_even_after_a_cut(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    files.append_line(path, b"one")
    path.write_bytes(path.read_bytes() + b"cut sho")
    files.append_line(path, b"two")
    assert path.read_bytes() == b"one\ncut sho\ntwo\n"
    with pytest.raises(ValueError):
        files.append_line(path, b"a\nb")


def test_one_program_at_a_time_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "in-use.lock"
    code = (
        "import sys; from pathlib import Path; from desktop_app.files import InstanceLock;"
        f"lock = InstanceLock(Path({str(path)!r})); lock.acquire(); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout
    assert other.stdout.readline() == b"held\n"
    lock = files.InstanceLock(path)
    with pytest.raises(FileProblem) as told:
        lock.acquire()
    assert told.value.code == "E-INUSE"
    other.kill()
    other.wait()
    lock.acquire()
    lock.acquire()
    assert lock.held
    lock.release()
    assert path.exists(), "the file may stay: only the lock counts"


def test_a_spool_is_the_bytes_and_never_readable_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    made = files.tempfile.TemporaryFile

    def watched() -> Any:
        kept.append(made())
        return kept[-1]

    monkeypatch.setattr(files.tempfile, "TemporaryFile", watched)
    data = b"a planted sentence, " * 60_000
    with files.Spool(memory=500_000) as spool:
        for at in range(0, len(data), 7_777):
            spool.write(data[at : at + 7_777])
        reader = spool.reader()
        assert reader.read() == data
        reader.seek(-100, os.SEEK_END)
        assert reader.read(50) == data[-100:-50]
        for at in (0, 262_143, 262_144, 1_000_000):
            reader.seek(at)
            assert reader.read(300_000) == data[at : at + 300_000]
        assert kept
        kept[0].flush()
        kept[0].seek(0)
        assert b"planted" not in kept[0].read()
    small = files.Spool()
    small.write(b"small")
    assert small.reader().read() == b"small"
    assert len(kept) == 1


def test_moving_copying_and_removing(tmp_path: Path) -> None:
    files.write_atomic(tmp_path / "a", b"x")
    files.copy_file(tmp_path / "a", tmp_path / "b")
    files.move(tmp_path / "b", tmp_path / "c")
    files.remove(tmp_path / "a")
    files.remove(tmp_path / "a")
    assert os.listdir(tmp_path) == ["c"]
    with pytest.raises(FileProblem):
        files.copy_file(tmp_path / "nowhere", tmp_path / "d")
    files.make_dirs(tmp_path / "t" / "u")
    files.remove_tree(tmp_path / "t")
    files.remove_tree(tmp_path / "t")
    with pytest.raises(FileProblem):
        files.make_dirs(tmp_path / "c" / "under a file")
