"""The one place that reaches the encrypted engine (architecture.md 3): a keyed connection, and its errors in sentences.

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
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from desktop_app import files, wanted
from desktop_app.errors import Cancelled, FileProblem, StoreError

if "sqlite_utils" in sys.modules and "pysqlite3" not in sys.modules:
    raise ImportError("sqlite_utils was imported before the encrypted driver")
sys.modules["pysqlite3"] = sys.modules["pysqlite3.dbapi2"] = sqlcipher
if getattr(sys, "frozen", False):  # the built program carries one SQLite; sqlite_utils names Python's own in passing
    sys.modules.setdefault("sqlite3", sqlcipher)

EngineError = sqlcipher.Error
_LONGEST_PATH = 500  # SQLite on Unix takes 512 bytes, its journal's ending included
_ASKED_EVERY = 1000  # steps of the engine, some hundredths of a millisecond: whether the work is still wanted
SQLITE_FLOOR = (3, 51, 3)  # the WAL-reset bug is in what is older
PLAIN_MAGIC = b"SQLite format 3\0"
PRAGMAS = (
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


def assert_engine() -> None:
    """Raises `StoreError` (``E-OLDENGINE``) when the program came with an engine older than `SQLITE_FLOOR`."""
    if sqlcipher.sqlite_version_info < SQLITE_FLOOR:
        raise StoreError(
            f"This copy of the program has a database engine that is too old ({sqlcipher.sqlite_version}).",
            safe="Your records were not opened.",
            do="Install the program again from the union's installer.",
            code="E-OLDENGINE",
        )


def connect(file: Path, data_key: bytes, *, new: bool = False) -> Any:
    """A keyed connection with every pragma set and checked. For this room only."""
    if len(data_key) != 32:
        raise ValueError("a data key has 32 bytes")
    if os.name != "nt" and len(os.fsencode(file)) > _LONGEST_PATH:
        raise files.problem(OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG)), file)
    with translated():
        connection = sqlcipher.connect(str(file), isolation_level=None, check_same_thread=False)
    with ExitStack() as otherwise:
        otherwise.callback(connection.close)
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
            for pragma in PRAGMAS:
                connection.execute(f"pragma {pragma}").fetchall()
            connection.set_progress_handler(wanted.given_up, _ASKED_EVERY)
            journal = connection.execute("pragma journal_mode").fetchone()[0]
            level = connection.execute("pragma synchronous").fetchone()[0]
            if journal != "delete" or level != 3:
                raise StoreError(
                    "The database could not be set to the safe way of writing.",
                    safe="Nothing was written.",
                    do="Close other programs that may use the records, and try again.",
                )
        otherwise.pop_all()
    return connection


def assert_not_plain(file: Path) -> None:
    """Raises `StoreError` (``E-PLAINTEXT``) when the file begins like a database that is not encrypted."""
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
def translated(file: Path | None = None) -> Iterator[None]:
    """Turn the driver's errors into sentences. A wrong statement is our own mistake and passes as it is.

    What is no longer `wanted` ends with `Cancelled`. ``file``: the database; SQLite calls one that is not there any more
    read-only.
    """
    try:
        yield
    except sqlcipher.Error as error:
        if wanted.given_up() and "interrupted" in str(error):
            raise Cancelled from None
        told = translate(error)
        if told is None:
            raise
        if file is not None and isinstance(told, FileProblem) and not os.path.exists(file):
            told = FileProblem(
                "The folder with your records is not there any more.",
                safe="Nothing that was saved before is lost.",
                do="If it is on a drive that can be removed, put the drive back in.",
                code="E-GONE",
            )
        raise told from error


def translate(error: Exception) -> StoreError | FileProblem | None:
    """The sentence for an error of the driver; `None` for a mistake in our own statement."""
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
            do="Lock your records and choose “Put a backup back” there: what can still be read comes first, and the backup "
            "fills in the rest. What was sent is with the national office as well.",
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
