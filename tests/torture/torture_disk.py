"""The disk under fire: compiles and loads the layer of `torture_vfs.c`, records, makes calls fail, and rebuilds the disks
that a power cut may leave behind.

The model of a disk is the strict one of POSIX: what was written, cut, created, renamed or deleted is certain only once
the file, or for names the folder, was synced. Before that, each change may have happened or not, in any order; of a write,
any of its sectors of 512 bytes.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import random
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from desktop_app import files

CREATE, WRITE, TRUNCATE, SYNC, DELETE, FOLDER_SYNC, RENAME, MAKE_FOLDER, TOLD, READ, OPEN, SIZE, REMOVE_FOLDER = range(1, 14)
SECTOR = 512
WAYS = ("lost", "kept", "torn", "torn", "some", "some", "names late", "names late")
"""What becomes of changes that were not synced: all lost, all kept, sectors and the first names kept, any of them kept,
contents kept and names not."""
_HEAD = struct.Struct("<qqqq")


@cache
def library() -> ctypes.CDLL:
    """The layer, compiled anew for this run and loaded into the very SQLite the program uses."""
    import shutil
    import tempfile

    from sqlcipher3 import dbapi2

    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler (Debian: gcc libc6-dev)")
    built = Path(tempfile.mkdtemp(prefix="branch-evidence-torture-")) / "torture_vfs.so"
    source = Path(__file__).with_name("torture_vfs.c")
    command = [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-cast-function-type", "-Wno-pedantic"]
    subprocess.run([*command, "-shared", "-fPIC", "-o", str(built), str(source)], check=True)
    connection = dbapi2.connect(":memory:")
    connection.enable_load_extension(True)
    connection.load_extension(str(built))
    connection.close()
    loaded = ctypes.CDLL(str(built))
    shutil.rmtree(built.parent)  # it stays mapped
    loaded.torture_list.restype = ctypes.c_void_p
    loaded.torture_calls.restype = ctypes.c_longlong
    loaded.torture_note.argtypes = [
        ctypes.c_int, ctypes.c_char_p, ctypes.c_longlong, ctypes.c_char_p, ctypes.c_longlong,
    ]  # fmt: skip
    loaded.torture_arm.argtypes = [ctypes.c_longlong, ctypes.c_int, ctypes.c_int]
    return loaded


class TorturedDisk(files.Disk):
    """The program's other files, in the same list of what happened and under the same count of calls that may fail.

    ``short``: every write takes a part of what it is given, as a system may at any time.
    """

    short = False

    def __init__(self) -> None:
        self.c = library()
        self.paths: dict[int, tuple[Path, bool]] = {}

    def _step(self, kind: int) -> None:
        error = self.c.torture_step(kind)
        if error:
            raise OSError(error, os.strerror(error))

    def _note(self, kind: int, path: Path, offset: int = 0, data: bytes = b"") -> None:
        self.c.torture_note(kind, os.fsencode(path), offset, data, len(data))

    def open(self, path: Path, flags: int, mode: int) -> int:
        there = path.exists()
        self._step(OPEN if there else CREATE)
        descriptor = super().open(path, flags, mode)
        self.paths[descriptor] = (path, bool(flags & os.O_APPEND))
        if not there:
            self._note(CREATE, path)
        elif flags & os.O_TRUNC:
            self._note(TRUNCATE, path, 0)
        return descriptor

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        path, appending = self.paths[descriptor]
        at = os.fstat(descriptor).st_size if appending else os.lseek(descriptor, 0, os.SEEK_CUR)
        try:
            self._step(WRITE)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EIO):  # the first part of it gets there
                super().write(descriptor, data[: len(data) // 2])
            raise
        if self.short and len(data) > 1:  # a disk may always take less than it is given
            data = data[: len(data) // 3 + 1]
        written = super().write(descriptor, data)
        self._note(WRITE, path, at, bytes(data[:written]))
        return written

    def fsync(self, descriptor: int) -> None:
        self._step(SYNC)
        super().fsync(descriptor)
        self._note(SYNC, self.paths[descriptor][0])

    def replace(self, source: Path, target: Path) -> None:
        self._step(RENAME)
        super().replace(source, target)
        self._note(RENAME, source, 0, os.fsencode(target))

    def unlink(self, path: Path) -> None:
        self._step(DELETE)
        super().unlink(path)
        self._note(DELETE, path)

    def mkdir(self, path: Path) -> None:
        self._step(MAKE_FOLDER)
        super().mkdir(path)
        self._note(MAKE_FOLDER, path)

    def rmdir(self, path: Path) -> None:
        self._step(DELETE)
        super().rmdir(path)
        self._note(REMOVE_FOLDER, path)

    def fsync_folder(self, folder: Path) -> None:
        self._step(FOLDER_SYNC)
        super().fsync_folder(folder)
        self._note(FOLDER_SYNC, folder / "x")


@contextmanager
def tortured() -> Iterator[ctypes.CDLL]:
    """SQLite's files and the program's own go through the layer inside this block."""
    c = library()
    before = files.DISK
    c.torture_stand_in(1)
    files.DISK = TorturedDisk()
    try:
        yield c
    finally:
        c.torture_record(0)
        c.torture_arm(0, 0, 0)
        c.torture_read_only(0)
        c.torture_stand_in(0)
        files.DISK = before


@dataclass(frozen=True)
class Happened:
    """One thing the disk was asked for, or (`TOLD`) that the person was told."""

    kind: int
    path: str
    offset: int
    data: bytes


def tell(words: str) -> None:
    """The person is told that something is saved."""
    library().torture_note(TOLD, words.encode(), 0, b"", 0)


@contextmanager
def recording() -> Iterator[list[Happened]]:
    """Inside this block everything is written down; the list is filled when it is left."""
    happened: list[Happened] = []
    with tortured() as c:
        c.torture_record(1)
        try:
            yield happened
        finally:
            length = ctypes.c_longlong()
            start = c.torture_list(ctypes.byref(length))
            raw = ctypes.string_at(start, length.value) if length.value else b""
            at = 0
            while at < len(raw):
                kind, named, offset, size = _HEAD.unpack_from(raw, at)
                at += _HEAD.size
                path = os.fsdecode(raw[at : at + named])
                at += named
                happened.append(Happened(kind, path, offset, raw[at : at + size]))
                at += size


# ---- a disk after a power cut --------------------------------------------------------------------------------------


@dataclass
class _File:
    """``certain``: what is on the platter; ``pending``: writes and cuts since the last sync."""

    certain: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)


_FOLDER = _File()
_Change = tuple[str, _File | None]


class ModelDisk:
    """What is certain, and what is on its way, as the list is walked through once."""

    def __init__(self, start: dict[str, bytes] | None = None, folders: tuple[str, ...] = ()) -> None:
        self.names: dict[str, _File] = {}  # as the running program sees them
        self.certain: dict[str, _File] = {}  # as they are on the platter
        self.pending: dict[str, list[tuple[_Change, ...]]] = {}  # by folder: changes of names since its last sync
        for path in folders:
            self.names[path] = self.certain[path] = _FOLDER
        for path, data in (start or {}).items():
            self.names[path] = self.certain[path] = _File(bytearray(data))

    def _change(self, folder: str, *changes: _Change) -> None:
        for path, file in changes:
            if file is None:
                self.names.pop(path, None)
            else:
                self.names[path] = file
        self.pending.setdefault(folder, []).append(changes)

    def apply(self, one: Happened) -> None:
        path, folder = one.path, os.path.dirname(one.path)
        if one.kind == CREATE:
            self._change(folder, (path, _File()))
        elif one.kind == MAKE_FOLDER:
            self._change(folder, (path, _FOLDER))
        elif one.kind in (DELETE, REMOVE_FOLDER):
            self._change(folder, (path, None))
        elif one.kind == RENAME:
            target = os.fsdecode(one.data)
            self._change(folder, (path, None), (target, self.names[path]))
        elif one.kind == WRITE:
            self.names[path].pending.append((one.offset, one.data))
        elif one.kind == TRUNCATE:
            self.names[path].pending.append((one.offset, None))
        elif one.kind == SYNC:
            file = self.names[path]
            for offset, data in file.pending:
                _put(file.certain, offset, data)
            file.pending.clear()
        elif one.kind == FOLDER_SYNC:
            for changes in self.pending.pop(folder, []):
                self._settle(self.certain, changes)

    @staticmethod
    def _settle(names: dict[str, _File], changes: tuple[_Change, ...]) -> None:
        for path, file in changes:
            if file is None:
                names.pop(path, None)
            else:
                names[path] = file

    def image(self, dice: random.Random, ways: tuple[str, ...] = WAYS) -> tuple[dict[str, bytes], set[str]]:
        """One disk that a power cut now may leave: ``({path: content}, folders)``."""
        way = dice.choice(ways)
        names = dict(self.certain)
        for waiting in self.pending.values():
            reach = dice.randrange(len(waiting) + 1)
            for number, changes in enumerate(waiting):
                happens = {
                    "lost": False,
                    "kept": True,
                    "torn": number < reach,  # a journalled directory: the first so many
                    "some": dice.random() < 0.5,
                    "names late": False,
                }[way]
                if happens:
                    self._settle(names, changes)
        folders = {path for path, file in names.items() if file is _FOLDER}
        built: dict[str, bytes] = {}
        for path, file in names.items():
            if file is _FOLDER or (os.path.dirname(path) in self.names and os.path.dirname(path) not in folders):
                continue
            content = bytearray(file.certain)
            for offset, data in file.pending:
                _maybe(content, offset, data, way, dice)
            built[path] = bytes(content)
        return built, folders


def _put(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        content.extend(bytes(max(0, offset - len(content))))
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _maybe(content: bytearray, offset: int, data: bytes | None, way: str, dice: random.Random) -> None:
    if way == "lost" or (way == "some" and dice.random() < 0.5):
        return
    if way == "torn" and data is not None:
        for at in range(0, len(data), SECTOR):
            if dice.random() < 0.7:
                _put(content, offset + at, data[at : at + SECTOR])
        return
    if way == "torn" and dice.random() < 0.5:
        return
    _put(content, offset, data)


def fingerprint(built: dict[str, bytes]) -> bytes:
    """Equal for equal disks."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(built):
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + len(built[path]).to_bytes(8, "little"))
        digest.update(built[path])
    return digest.digest()


def lay_out(built: dict[str, bytes], folders: set[str], was: Path, at: Path) -> None:
    """Write such a disk out below ``at``; its paths began with ``was``."""
    at.mkdir(parents=True, exist_ok=True)
    for folder in sorted(folders):
        Path(str(at) + folder.removeprefix(str(was))).mkdir(parents=True, exist_ok=True)
    for path, data in built.items():
        target = Path(str(at) + path.removeprefix(str(was)))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def quick_folder() -> Path | None:
    """A folder in memory where there is one: what is rebuilt has no need of a real disk."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) else None
