"""The one place that opens the encrypted database (architecture.md 3).

SQLCipher through `sqlcipher3`, put under the name ``pysqlite3`` before sqlite_utils is first imported, so that both
use one driver and one family of errors. At every open it is asserted that encryption is there: ``cipher_version``
answers, the file does not begin like a plain SQLite file, and SQLite is new enough. Errors of the driver leave this
room as `StoreError` or `FileProblem`.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2 as sqlcipher

from desktop_app import files
from desktop_app.errors import FileProblem, StoreError
from desktop_app.paths import ProfilePaths

if "sqlite_utils" in sys.modules and "pysqlite3" not in sys.modules:
    raise ImportError("sqlite_utils was imported before the encrypted driver")
sys.modules["pysqlite3"] = sys.modules["pysqlite3.dbapi2"] = sqlcipher

_T = TypeVar("_T")
_LONGEST_PATH = 500  # SQLite on Unix takes 512 bytes, its journal's ending included
SQLITE_FLOOR = (3, 51, 3)  # the WAL-reset bug is in what is older
APPLICATION_ID = 0x42455631  # "BEV1"
PLAIN_MAGIC = b"SQLite format 3\0"
_PRAGMAS = (
    "journal_mode=DELETE",  # one file at rest: a sync client or a copy never parts the newest commits from it
    "synchronous=EXTRA",  # what COMMIT acknowledged survives a power cut, the journal's deletion included
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "busy_timeout=5000",
    "cache_size=-32000",
    *(("fullfsync=ON",) if sys.platform == "darwin" else ()),
)


class Store:
    """One encrypted database, open. Used by one thread at a time; `atomic` is the only way to write.

    ``db`` is sqlite_utils' `Database` over the same connection, for the modules of this room.
    """

    def __init__(self, paths: ProfilePaths, connection: Any) -> None:
        self.paths = paths
        self.conn = connection
        self._db: Any = None
        self._depth = 0
        self._key = b""
        self._lock: files.InstanceLock | None = None
        self.index_later = False

    @classmethod
    def create(cls, paths: ProfilePaths, data_key: bytes) -> Store:
        """Make a new database. Raises `StoreError` (``E-EXISTS``) when there is one, `FileProblem`."""
        if paths.database.exists():
            raise StoreError(
                "There are records in this folder already.",
                safe="Nothing was changed.",
                do="Unlock them, or choose another folder.",
                code="E-EXISTS",
            )
        files.make_dirs(paths.folder)
        return cls._open_locked(paths, data_key, new=True)

    @classmethod
    def open(cls, paths: ProfilePaths, data_key: bytes) -> Store:
        """Open the database of a profile and bring its tables up to date.

        Raises `StoreError`: ``E-NODATABASE`` (not there), ``E-DAMAGED``, ``E-PLAINTEXT`` (not encrypted), ``E-NEWER``;
        `FileProblem`: ``E-INUSE`` when another window has these records open.
        """
        if not paths.database.exists():
            raise StoreError(
                "The file with your records is not there.",
                safe="Your keys are still there.",
                do="Restore the newest backup, or put the file records.db back.",
                code="E-NODATABASE",
            )
        return cls._open_locked(paths, data_key, new=False)

    @classmethod
    def _open_locked(cls, paths: ProfilePaths, data_key: bytes, *, new: bool) -> Store:
        lock = files.InstanceLock(paths.lock)
        lock.acquire()
        try:
            store = cls._open(paths, paths.database, data_key, new=new)
        except BaseException:
            lock.release()
            raise
        store._lock = lock
        return store

    @classmethod
    def _open(cls, paths: ProfilePaths, file: Path, data_key: bytes, *, new: bool) -> Store:
        if sqlcipher.sqlite_version_info < SQLITE_FLOOR:
            raise StoreError(
                f"This copy of the program has a database engine that is too old ({sqlcipher.sqlite_version}).",
                safe="Your records were not opened.",
                do="Install the program again from the union's installer.",
                code="E-OLDENGINE",
            )
        if not new:
            _assert_not_plain(file)
        connection = connect(file, data_key, new=new)
        store = cls(paths, connection)
        store._key = data_key
        try:
            with translated():
                version = int(connection.execute("pragma user_version").fetchone()[0])
                from desktop_app.storage import migrations

                if version > migrations.USER_VERSION:
                    raise StoreError(
                        "These records were last used with a newer version of the program.",
                        safe="Nothing was changed.",
                        do="Update the program.",
                        code="E-NEWER",
                    )
                if new:
                    connection.execute(f"pragma application_id = {APPLICATION_ID}")
                if version < migrations.USER_VERSION:  # else sqlite_utils, slow to load, is not even imported
                    store._before_migration(version)
                    migrations.migrations().apply(store.db)
                if not new and paths.erasures.exists():
                    from desktop_app.storage.erasures import apply_side_file

                    apply_side_file(store)
            _assert_not_plain(file)
        except BaseException:
            store.close()
            raise
        return store

    def _before_migration(self, version: int) -> None:
        if version:
            from desktop_app.storage.backup import automatic

            automatic(self, self.paths, reason="update")

    @property
    def db(self) -> Any:
        if self._db is None:
            from sqlite_utils import Database

            self._db = Database(self.conn, execute_plugins=False)
        return self._db

    def close(self) -> None:
        """Close the connection and forget the key."""
        self._db = None
        self._key = b""
        connection, self.conn = self.conn, None
        if connection is not None:
            connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All or nothing; it has happened, durably, when the outermost block is left. Blocks may nest."""
        with translated():
            if self._depth:
                name = f"inner{self._depth}"
                self.conn.execute(f"savepoint {name}")
            else:
                name = ""
                self._begin()
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self.conn.in_transaction:  # a full disk may have rolled everything back already
                    if name:
                        self.conn.execute(f"rollback to {name}")
                        self.conn.execute(f"release {name}")
                    else:
                        self.conn.execute("rollback")
                raise
            self._depth -= 1
            try:
                self.conn.execute(f"release {name}" if name else "commit")
            except BaseException:
                if not name and self.conn.in_transaction:
                    self.conn.execute("rollback")
                raise

    def _begin(self) -> None:
        try:
            self.conn.execute("begin immediate")
        except sqlcipher.Error as error:
            if isinstance(told := _translate(error), StoreError) and told.code == "E-DAMAGED":
                self._connect_again()
                self.conn.execute("begin immediate")
                return
            raise

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query. Parameters only, never text put into the SQL."""
        return self._read(lambda: list(self.conn.execute(sql, parameters).fetchall()))

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or `None`."""
        row = self._read(lambda: self.conn.execute(sql, parameters).fetchone())
        return None if row is None else tuple(row)

    def _read(self, query: Callable[[], _T]) -> _T:
        """Outside a transaction, what fails for the disk is asked once more on a new connection."""
        try:
            with translated():
                return query()
        except sqlcipher.Error:
            raise
        except (StoreError, FileProblem) as told:
            if self._depth or told.code == "E-INUSE":
                raise
            self._connect_again()
        with translated():
            return query()

    def _connect_again(self) -> None:
        """SQLCipher refuses a connection for ever after one page could not be read, even if the drive is back.

        A new one, over the same file and under the same lock, tells a cable from damage. When it cannot be had, the old
        one stays and goes on failing.
        """
        if not self._key:
            return
        try:
            again = connect(self.paths.database, self._key)
        except (StoreError, FileProblem):
            return
        old, self.conn, self._db = self.conn, again, None
        old.close()

    def setting(self, name: str) -> str | None:
        row = self.one("select value from settings where name = ?", (name,))
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str | None) -> None:
        """Keep a small value under a name; `None` takes it away."""
        with self.atomic():
            if value is None:
                self.conn.execute("delete from settings where name = ?", (name,))
            else:
                self.conn.execute("insert or replace into settings(name, value) values(?, ?)", (name, value))


def connect(file: Path, data_key: bytes, *, new: bool = False) -> Any:
    """A keyed connection with every pragma set and checked. For this room only."""
    if len(data_key) != 32:
        raise ValueError("a data key has 32 bytes")
    if os.name != "nt" and len(os.fsencode(file)) > _LONGEST_PATH:
        raise files.problem(OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG)), file)
    with translated():
        connection = sqlcipher.connect(str(file), isolation_level=None, check_same_thread=False)
    try:
        with translated():
            connection.execute("pragma cipher_log_level = NONE")
            connection.execute(f"pragma key = \"x'{data_key.hex()}'\"")
            version = connection.execute("pragma cipher_version").fetchone()
            if not version or not version[0]:
                raise StoreError(
                    "This copy of the program has a database engine that cannot encrypt.",
                    safe="Your records were not opened and nothing was written.",
                    do="Install the program again from the union's installer.",
                    code="E-NOCIPHER",
                )
            connection.execute("select count(*) from sqlite_master").fetchone()
            for pragma in _PRAGMAS:
                connection.execute(f"pragma {pragma}").fetchall()
            journal = connection.execute("pragma journal_mode").fetchone()[0]
            level = connection.execute("pragma synchronous").fetchone()[0]
            if journal != "delete" or level != 3:
                raise StoreError(
                    "The database could not be set to the safe way of writing.",
                    safe="Nothing was written.",
                    do="Close other programs that may use the records, and try again.",
                )
    except BaseException:
        connection.close()
        raise
    return connection


def _assert_not_plain(file: Path) -> None:
    try:
        with open(file, "rb") as reading:
            start = reading.read(16)
    except OSError as error:
        raise files.problem(error, file) from error
    if start == PLAIN_MAGIC:
        raise StoreError(
            "The file with your records is not encrypted.",
            safe="It was not opened and nothing was added to it.",
            do="Telephone the national office: this must not happen. Restore the newest backup.",
            code="E-PLAINTEXT",
        )


_OURS = re.compile(r"no such (table|column|function|savepoint)|syntax error|has no column|incomplete input")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into sentences. A wrong statement is our own mistake and passes as it is."""
    try:
        yield
    except sqlcipher.Error as error:
        told = _translate(error)
        if told is None:
            raise
        raise told from error


def _translate(error: Exception) -> StoreError | FileProblem | None:
    text = str(error).lower()
    if isinstance(error, sqlcipher.ProgrammingError | sqlcipher.IntegrityError) or _OURS.search(text):
        return None
    if "disk is full" in text:
        return FileProblem(
            "The disk is full.",
            safe="Nothing that was saved before is lost; what you see is still on the screen.",
            do="Free some space, at least 50 MB, then save again.",
            code="E-DISKFULL",
        )
    if "readonly" in text:
        return FileProblem(
            "The folder with your records can only be read, not written to.",
            safe="Nothing that was saved before is lost.",
            do="Take the write protection off, or ask whoever looks after this computer.",
            code="E-READONLY",
        )
    if "locked" in text:
        return FileProblem(
            "Another program holds your records.",
            safe="Nothing was changed.",
            do="Close the other program (a backup or virus scanner may take a minute) and try again.",
            code="E-INUSE",
        )
    if "unable to open" in text:
        return FileProblem(
            "The file with your records could not be opened.",
            safe="Nothing was changed.",
            do="Check that the drive is connected and that you may write to the folder.",
            code="E-PERMISSION",
        )
    if "not a database" in text or "malformed" in text or "corrupt" in text:
        return StoreError(
            "The file with your records is damaged.",
            safe="It is left as it is. Your backups are apart from it.",
            do="Restore the newest backup; what was sent is with the national office as well.",
            code="E-DAMAGED",
        )
    if "i/o error" in text:
        return FileProblem(
            "The disk could not be read or written.",
            safe="Nothing that was saved before is lost.",
            do="Check that the drive is still connected, then try again.",
        )
    return StoreError(
        "The records could not be read or written.",
        safe="Nothing that was saved before is lost.",
        do="Close the program and start it again.",
    )
