"""The person's one encrypted database while it is open: its lock, its transactions, its small settings.

What is done at every opening besides (a backup before new tables, orders to delete that lie beside) is `opening`'s: this
module knows nothing of those above it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, TypeVar

from desktop_app import files, wanted
from desktop_app.errors import FileProblem, StoreError
from desktop_app.paths import ProfilePaths
from desktop_app.records.revision import Signed
from desktop_app.storage import migrations
from desktop_app.storage.connection import EngineError, assert_engine, assert_not_plain, connect, translate, translated

_T = TypeVar("_T")
APPLICATION_ID = 0x42455631  # "BEV1"
_opened = itertools.count()


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
        self._doubted = False
        self.index_later = False
        self.parsed: dict[str, Signed] = {}  # revisions read before, by id: what an id names never changes
        self._connection = next(_opened)
        self.carried_out = 0  # orders to delete that were found beside the database at this opening

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
        return cls._open_locked(paths, data_key, None, new=True)

    @classmethod
    def open(cls, paths: ProfilePaths, data_key: bytes, before_update: Callable[[Store], object] | None = None) -> Store:
        """Open the database of a profile and bring its tables up to date; `opening.open_store` does what belongs to it.

        ``before_update`` is given the store when its tables are those of an older version, before they are changed.

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
        return cls._open_locked(paths, data_key, before_update, new=False)

    @classmethod
    def _open_locked(
        cls, paths: ProfilePaths, data_key: bytes, before_update: Callable[[Store], object] | None, *, new: bool
    ) -> Store:
        lock = files.InstanceLock(paths.lock)
        lock.acquire()
        with ExitStack() as otherwise:
            otherwise.callback(lock.release)
            store = cls._open(paths, data_key, before_update, new=new)
            otherwise.pop_all()
        store._lock = lock
        return store

    @classmethod
    def _open(
        cls, paths: ProfilePaths, data_key: bytes, before_update: Callable[[Store], object] | None, *, new: bool
    ) -> Store:
        assert_engine()
        if not new:
            assert_not_plain(paths.database)
        connection = connect(paths.database, data_key, new=new)
        store = cls(paths, connection)
        store._key = data_key
        with ExitStack() as otherwise:
            otherwise.callback(store.close)
            with translated():
                version = int(connection.execute("pragma user_version").fetchone()[0])
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
                    if version and before_update is not None:
                        before_update(store)
                    migrations.migrations().apply(store.db)
            assert_not_plain(paths.database)
            otherwise.pop_all()
        return store

    @property
    def db(self) -> Any:
        if self._db is None:
            from sqlite_utils import Database

            self._db = Database(self.conn, execute_plugins=False)
        return self._db

    @property
    def changes(self) -> tuple[int, int]:
        """As long as it stays the same nothing was written, and whatever is read again is what was read before."""
        return self._connection, -1 if self.conn is None else self.conn.total_changes

    def close(self) -> None:
        """Close the connection, forget the key and what was read."""
        self._db = None
        self.parsed.clear()
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
        wanted.still_wanted()
        with translated(self.paths.database):
            if self._depth:
                name = f"inner{self._depth}"
                self.conn.execute(f"savepoint {name}")
            else:
                name = ""
                self._begin()
            self._depth += 1
            try:
                yield
            except BaseException as error:
                self._depth -= 1
                self._doubt(error)
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
            except BaseException as error:
                self._doubt(error)
                if not name and self.conn.in_transaction:
                    self.conn.execute("rollback")
                raise

    def _doubt(self, error: BaseException) -> None:
        """A file that is not there, or another than was opened, is refused for ever by this connection."""
        told = translate(error) if isinstance(error, EngineError) else None
        if isinstance(told, FileProblem) and told.code not in ("E-DISKFULL", "E-INUSE"):
            self._doubted = True

    def _begin(self) -> None:
        if self._doubted:
            self._doubted = False
            self.connect_again()
        try:
            self.conn.execute("begin immediate")
        except EngineError as error:
            if isinstance(told := translate(error), StoreError) and told.code == "E-DAMAGED":
                self.connect_again()
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
            with translated(self.paths.database):
                return query()
        except EngineError:
            raise
        except (StoreError, FileProblem) as told:
            if self._depth or told.code == "E-INUSE":
                raise
            self.connect_again()
        with translated(self.paths.database):
            return query()

    def connect_again(self) -> None:
        """SQLCipher refuses a connection for ever after one page could not be read, even if the drive is back.

        A new one, over the same file and under the same lock, tells a cable from damage. When it cannot be had, the old
        one stays and goes on failing.
        """
        if not self._key or not self.paths.database.exists():  # opening what is not there would make it
            return
        try:
            again = connect(self.paths.database, self._key)
        except (StoreError, FileProblem):
            return
        old, self.conn, self._db = self.conn, again, None
        self._connection = next(_opened)
        old.close()

    def write_again(self) -> None:
        """Have a connection that writes, after every page was read: SQLCipher writes no more over one that met a page it
        could not read, were it a page that holds nothing."""
        if self.conn is None or self._depth:
            return
        try:
            self.conn.execute("begin immediate")
            self.conn.execute(f"pragma application_id = {APPLICATION_ID}")
            self.conn.execute("rollback")
        except EngineError:
            with suppress(EngineError):
                self.conn.execute("rollback")
            self.connect_again()

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
