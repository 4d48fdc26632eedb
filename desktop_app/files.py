"""The only module that writes files: whole or not at all, private, and with a sentence for each way a disk fails.

Every operating-system call that changes a disk goes through `DISK`, so that a test can make the k-th call fail. A file
under its final name is always complete: it is written as ``name.part``, synced, renamed, and the folder is synced
(packs.md "Read back before done").
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, TypeVar, cast

from desktop_app.errors import FileProblem
from desktop_app.wanted import still_wanted

_T = TypeVar("_T")
_BUSY_ON_WINDOWS = {5, 32, 33}  # access denied, sharing violation, lock violation: a virus scanner holds the file
_RETRY_SECONDS = 2.5
SPOOL_MEMORY = 32 * 1024 * 1024
_SPOOL_CHUNK = 256 * 1024


class Disk:
    """The calls that change a disk. Tests put another one in `DISK` to make the k-th call fail."""

    def open(self, path: Path, flags: int, mode: int) -> int:
        return os.open(path, flags, mode)

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        if sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def unlink(self, path: Path) -> None:
        os.unlink(path)

    def mkdir(self, path: Path) -> None:
        os.mkdir(path, 0o700)

    def rmdir(self, path: Path) -> None:
        os.rmdir(path)

    def fsync_folder(self, folder: Path) -> None:
        if os.name == "nt":
            return  # NTFS journals renames; a folder cannot be opened for syncing
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


DISK = Disk()


def problem(error: OSError, path: Path | str | None = None) -> FileProblem:
    """The sentence for an operating-system error; ``path``'s last part is named so that the person knows which file."""
    name = f" ({Path(path).name})" if path else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FileProblem(
            f"The disk is full{name}.",
            safe="Nothing that was saved before is lost.",
            do="Free some space, at least 50 MB, and try again.",
            code="E-DISKFULL",
        )
    if error.errno == errno.EROFS:
        return FileProblem(
            f"This disk or folder can only be read, not written to{name}.",
            safe="Nothing was changed.",
            do="Choose another folder, or take the write protection off.",
            code="E-READONLY",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return FileProblem(
            f"The computer does not allow this file or folder to be opened or changed{name}.",
            safe="Nothing was changed.",
            do="Close other programs that may hold it open, or choose another folder.",
            code="E-PERMISSION",
        )
    if error.errno == errno.ENOENT:
        return FileProblem(
            f"The file or folder is not there{name}.",
            safe="Nothing was changed.",
            do="If it is on a drive that can be removed, put the drive back in.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return FileProblem(
            f"The name or the path is too long{name}.",
            safe="Nothing was changed.",
            do="Choose a shorter folder or name.",
        )
    return FileProblem(
        f"The disk could not be read or written{name}: {error.strerror or 'unknown reason'}.",
        safe="Nothing that was saved before is lost.",
        do="Check that the drive is still connected, and try again.",
    )


def _retrying(action: Callable[[], _T]) -> _T:
    """Try again for about 2.5 seconds while another program (a virus scanner, an indexer) holds the file."""
    give_up = time.monotonic() + _RETRY_SECONDS
    pause = 0.02
    while True:
        try:
            return action()
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _BUSY_ON_WINDOWS or time.monotonic() > give_up:
                raise
            time.sleep(pause)
            pause = min(pause * 2, 0.4)


class AtomicWriter:
    """A binary file that appears under its name only when it is complete.

    Use as a context manager; the value is a writable binary file. On success the content is synced, renamed and the
    folder is synced; on any failure ``.part`` is removed and the file that was there before is untouched.
    ``before_rename`` may be set inside the block: it is called with the finished ``.part`` path, and what it raises
    stops the rename (reading back before "done").

    Raises `FileProblem`.
    """

    def __init__(self, path: Path, *, private: bool = True) -> None:
        self.path = Path(path)
        self.part_path = self.path.with_name(self.path.name + ".part")
        self.before_rename: Callable[[Path], None] | None = None
        self._mode = 0o600 if private else 0o644
        self._file: BinaryIO | None = None

    def __enter__(self) -> BinaryIO:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
            descriptor = DISK.open(self.part_path, flags, self._mode)
        except OSError as error:
            raise problem(error, self.path) from error
        self._file = cast(BinaryIO, io.BufferedWriter(_DiskFile(descriptor, self.path), 256 * 1024))
        return self._file

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            if kind is None:
                self._file.flush()
                DISK.fsync(self._file.fileno())
            self._close()
            if kind is None:
                if self.before_rename is not None:
                    self.before_rename(self.part_path)
                _retrying(lambda: DISK.replace(self.part_path, self.path))
                DISK.fsync_folder(self.path.parent)
                return
        except OSError as failure:
            self._discard()
            raise problem(failure, self.path) from failure
        except BaseException:
            self._discard()
            raise
        self._discard()
        if isinstance(error, OSError):
            raise problem(error, self.path) from error

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except (OSError, FileProblem):
                cast(io.BufferedWriter, file).raw.close()
                raise

    def _discard(self) -> None:
        with contextlib.suppress(OSError, FileProblem):  # the first failure is the one to report
            self._close()
        with contextlib.suppress(OSError):  # nothing reads a .part; the next write truncates it
            self.part_path.unlink(missing_ok=True)


class _DiskFile(io.RawIOBase):
    """A raw file whose writes go through `DISK` and whose failures are sentences."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._path = path

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return os.lseek(self._descriptor, offset, whence)

    def tell(self) -> int:
        return os.lseek(self._descriptor, 0, os.SEEK_CUR)

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data) -> int:  # type: ignore[no-untyped-def]
        try:
            return DISK.write(self._descriptor, data)
        except OSError as error:
            raise problem(error, self._path) from error

    def close(self) -> None:
        if not self.closed:
            try:
                super().close()
            finally:
                os.close(self._descriptor)


def write_atomic(path: Path, data: bytes, *, private: bool = True) -> None:
    """Write a whole file, or leave what was there. Raises `FileProblem`."""
    with AtomicWriter(path, private=private) as out:
        out.write(data)


def make_dirs(path: Path) -> list[Path]:
    """Make a folder and those above it, readable by this person only. Answers those that were not there, outermost first.

    Raises `FileProblem`; none is left then.
    """
    path = Path(path)
    missing: list[Path] = []
    made: list[Path] = []
    step = path
    while not os.path.exists(step):  # where nothing may be looked at, making it says why
        missing.append(step)
        step = step.parent
    try:
        for folder in reversed(missing):
            try:
                DISK.mkdir(folder)
            except FileExistsError:
                continue
            made.append(folder)
            DISK.fsync_folder(folder.parent)
    except OSError as error:
        remove_empty(made)
        raise problem(error, path) from error
    if not path.is_dir():
        raise problem(NotADirectoryError(errno.ENOTDIR, "there is a file of that name"), path)
    return made


def remove_empty(folders: Sequence[Path]) -> None:
    """Take away folders that `make_dirs` made and that came to no use; one with something in it stays."""
    with contextlib.suppress(OSError):
        for folder in reversed(folders):
            DISK.rmdir(folder)


def remove(path: Path) -> None:
    """Remove a file if it is there. Raises `FileProblem`."""
    path = Path(path)
    try:
        _retrying(lambda: DISK.unlink(path))
        DISK.fsync_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise problem(error, path) from error


def remove_tree(path: Path) -> None:
    """Remove a folder and everything in it, if it is there; calling it again goes on. Raises `FileProblem`."""
    path = Path(path)
    if not path.exists():
        return
    try:
        for folder, folders, names in os.walk(path, topdown=False, onerror=_raise):
            here = Path(folder)
            linked = [name for name in folders if (here / name).is_symlink()]
            for name in [*names, *linked]:
                _take_away(DISK.unlink, here / name)
            for name in set(folders).difference(linked):
                _take_away(DISK.rmdir, here / name)
        _take_away(DISK.rmdir, path)
        DISK.fsync_folder(path.parent)
    except OSError as error:
        raise problem(error, path) from error


def _take_away(how: Callable[[Path], None], path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # whoever had it open may have removed it meanwhile
        _retrying(lambda: how(path))


def _raise(error: OSError) -> None:
    raise error


def move(source: Path, target: Path) -> None:
    """Rename within one disk, replacing ``target``. Raises `FileProblem`."""
    source, target = Path(source), Path(target)
    try:
        _retrying(lambda: DISK.replace(source, target))
        DISK.fsync_folder(target.parent)
        if source.parent != target.parent:
            DISK.fsync_folder(source.parent)
    except OSError as error:
        raise problem(error, source) from error


def copy_file(source: Path, target: Path) -> None:
    """Copy a file whole or not at all. Raises `FileProblem`."""
    try:
        with open(source, "rb") as reading, AtomicWriter(target) as out:
            while chunk := reading.read(1024 * 1024):
                still_wanted()
                out.write(chunk)
    except OSError as error:
        raise problem(error, source) from error


def append_line(path: Path, data: bytes) -> None:
    """Add one line (no newline inside) and sync it. A line cut short by an earlier crash is closed off first.

    Raises `FileProblem`.
    """
    if b"\n" in data:
        raise ValueError("a line holds no newline")
    path = Path(path)
    try:
        lead = b""
        if path.exists() and path.stat().st_size:
            with open(path, "rb") as existing:
                existing.seek(-1, os.SEEK_END)
                if existing.read(1) != b"\n":
                    lead = b"\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        descriptor = DISK.open(path, flags, 0o600)
        try:
            remaining = memoryview(lead + data + b"\n")
            while remaining:
                remaining = remaining[DISK.write(descriptor, remaining) :]
            DISK.fsync(descriptor)
        finally:
            os.close(descriptor)
        DISK.fsync_folder(path.parent)
    except OSError as error:
        raise problem(error, path) from error


def private_folder(prefix: str = "branch-evidence-") -> Path:
    """A new empty folder of this person's own in the system's temporary place. The caller removes it."""
    try:
        return Path(tempfile.mkdtemp(prefix=prefix))
    except OSError as error:
        raise problem(error) from error


class InstanceLock:
    """One program per set of records, by a lock the operating system drops when the process dies.

    A lock *file* left behind by a crash would lie, so only the lock on the open handle counts.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Raises `FileProblem` with code ``E-INUSE`` when another program has these records open."""
        if self._file is not None:
            return
        try:
            file = open(self._path, "a+b")  # noqa: SIM115 - held as long as the lock
        except OSError as error:
            raise problem(error, self._path) from error
        try:
            _lock_handle(file)
        except OSError as error:
            file.close()
            if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise FileProblem(
                    "These records are already open in another window.",
                    safe="Nothing was changed.",
                    do="Use the window that is open, or close it first.",
                    code="E-INUSE",
                ) from error
            raise problem(error, self._path) from error
        self._file = file

    def release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()  # closing the handle drops the lock on every system

    @property
    def held(self) -> bool:
        return self._file is not None


def _lock_handle(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class Spool:
    """Bytes kept for a moment that must never lie readable on a disk (packs.md "No plaintext reaches a disk").

    In memory up to 32 MB; beyond that, 256 KiB chunks sealed with XChaCha20-Poly1305 under a random key that is only
    ever in memory, the chunk's number as nonce, in a temporary file without a name. Each chunk opens
    on its own, so that the reader can seek, which one long secretstream could not.
    """

    def __init__(self, memory: int = SPOOL_MEMORY) -> None:
        self._memory = memory
        self._buffer = bytearray()
        self._file: IO[bytes] | None = None
        self._key = os.urandom(32)
        self._chunks = 0
        self._size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self._size

    def write(self, data: bytes) -> int:
        """Add bytes at the end. Raises `FileProblem` when the disk is full."""
        self._buffer += data
        self._size += len(data)
        if self._file is None and self._size > self._memory:
            try:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
            except OSError as error:
                raise problem(error) from error
        if self._file is not None:
            self._flush_whole_chunks()
        return len(data)

    def _flush_whole_chunks(self) -> None:
        start = 0
        while len(self._buffer) - start >= _SPOOL_CHUNK:
            self._seal(bytes(self._buffer[start : start + _SPOOL_CHUNK]))
            start += _SPOOL_CHUNK
        del self._buffer[:start]

    def _seal(self, chunk: bytes) -> None:
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as seal

        assert self._file is not None
        sealed = seal(chunk, None, self._chunks.to_bytes(24, "little"), self._key)
        try:
            self._file.write(sealed)
        except OSError as error:
            raise problem(error) from error
        self._chunks += 1

    def _chunk(self, number: int) -> bytes:
        from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as unseal

        if self._file is None or number >= self._chunks:
            start = (number - self._chunks) * _SPOOL_CHUNK
            return bytes(self._buffer[start : start + _SPOOL_CHUNK])
        self._file.flush()
        self._file.seek(number * (_SPOOL_CHUNK + 16))
        sealed = self._file.read(_SPOOL_CHUNK + 16)
        self._file.seek(0, os.SEEK_END)
        return unseal(sealed, None, number.to_bytes(24, "little"), self._key)

    def reader(self) -> BinaryIO:
        """A seekable binary file over everything written so far."""
        return cast(BinaryIO, io.BufferedReader(_SpoolReader(self), _SPOOL_CHUNK))

    def close(self) -> None:
        """Forget the bytes and the key."""
        self._buffer.clear()
        self._key = b""
        if self._file is not None:
            self._file.close()
            self._file = None


class _SpoolReader(io.RawIOBase):
    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self._spool = spool
        self._at = 0
        self._cached: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._spool)}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, target) -> int:  # type: ignore[no-untyped-def]
        number, within = divmod(self._at, _SPOOL_CHUNK)
        if self._at >= len(self._spool):
            return 0
        if self._cached[0] != number or len(self._cached[1]) < _SPOOL_CHUNK:
            self._cached = (number, self._spool._chunk(number))
        piece = self._cached[1][within : within + len(target)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
