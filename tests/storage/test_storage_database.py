"""The database: encrypted, set to the safe way of writing, and its errors are sentences."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from desktop_app.errors import FileProblem, StoreError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import connection, migrations
from desktop_app.storage.connection import translated
from desktop_app.storage.database import APPLICATION_ID, Store


def test_the_file_is_encrypted_and_every_pragma_holds(store: Store, paths: ProfilePaths) -> None:
    store.set_setting("planted", "a very secret sentence")
    data = paths.database.read_bytes()
    assert not data.startswith(connection.PLAIN_MAGIC)
    assert b"secret" not in data
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check", "secure_delete")
    assert [store.one(f"pragma {pragma}") for pragma in pragmas] == [("delete",), (3,), (1,), (0,), (1,), (1,)]
    assert store.one("pragma mmap_size") in (None, (0,))
    assert store.one("pragma user_version") == (migrations.USER_VERSION,)
    assert store.one("pragma application_id") == (APPLICATION_ID,)
    assert not list(paths.folder.glob("*-wal"))


def test_the_drivers_are_one(store: Store) -> None:
    import sqlite_utils.db

    assert sqlite_utils.db.sqlite3 is dbapi2
    assert store.db.conn is store.conn
    assert dbapi2.sqlite_version_info >= connection.SQLITE_FLOOR


def test_nothing_of_the_database_is_imported_at_the_start_of_a_window() -> None:
    code = "import sys, desktop_app.storage.database; assert 'sqlite_utils' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_wrong_key_and_damage_are_told(store: Store, paths: ProfilePaths) -> None:
    store.close()
    with pytest.raises(StoreError) as told:
        Store.open(paths, os.urandom(32))
    assert told.value.code == "E-DAMAGED"


@pytest.mark.torture
def test_bit_rot_is_found_wherever_it_strikes(store: Store, paths: ProfilePaths, data_key: bytes, effort: int) -> None:
    """Flipped bits, zeroed pages, cut ends and pages changed round: never unnoticed."""
    from desktop_app.storage import soundness

    for n in range(30):
        store.set_setting(f"name {n}", "x" * 300)
    store.close()
    whole = paths.database.read_bytes()
    pages = len(whole) // 4096
    dice = random.Random(20261122)
    for number in range(150 * effort):
        broken = bytearray(whole)
        kind = dice.choice(("bit", "bit", "bit", "zero", "cut", "swap"))
        one, two = dice.sample(range(pages), 2)
        if kind == "bit":
            broken[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        elif kind == "zero":
            broken[one * 4096 : one * 4096 + 4096] = bytes(4096)
        elif kind == "cut":
            del broken[dice.randrange(1, len(whole)) :]
        else:
            broken[one * 4096 : one * 4096 + 4096] = whole[two * 4096 : two * 4096 + 4096]
        paths.database.write_bytes(broken)
        try:
            with Store.open(paths, data_key) as opened:
                told = "E-DAMAGED" if soundness.check(opened, full=True) else "unnoticed"
        except StoreError as error:
            told = error.code
        assert told == "E-DAMAGED", (number, kind, one, two)


def test_a_plain_database_is_never_opened(paths: ProfilePaths, data_key: bytes) -> None:
    plain = dbapi2.connect(str(paths.database))
    plain.execute("create table settings(name, value)")
    plain.close()
    with pytest.raises(StoreError) as told:
        Store.open(paths, data_key)
    assert told.value.code == "E-PLAINTEXT"


def test_an_engine_without_encryption_writes_nothing(
    paths: ProfilePaths, data_key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    monkeypatch.setattr(connection.sqlcipher, "connect", sqlite3.connect)
    with pytest.raises(StoreError) as told:
        Store.create(paths, data_key)
    assert told.value.code == "E-NOCIPHER"
    assert not paths.database.exists() or paths.database.stat().st_size == 0


def test_an_old_engine_is_refused(paths: ProfilePaths, data_key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.sqlcipher, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(StoreError) as told:
        Store.create(paths, data_key)
    assert told.value.code == "E-OLDENGINE"


def test_records_of_a_newer_program_are_left_alone(store: Store, paths: ProfilePaths, data_key: bytes) -> None:
    store.conn.execute(f"pragma user_version = {migrations.USER_VERSION + 1}")
    store.close()
    before = paths.database.read_bytes()
    with pytest.raises(StoreError) as told:
        Store.open(paths, data_key)
    assert told.value.code == "E-NEWER"
    assert paths.database.read_bytes() == before


def test_opening_writes_nothing(store: Store, paths: ProfilePaths, data_key: bytes) -> None:
    store.close()
    before = {path: path.read_bytes() for path in paths.folder.iterdir()}
    Store.open(paths, data_key).close()
    assert {path: path.read_bytes() for path in paths.folder.iterdir()} == before


def test_a_block_that_fails_leaves_nothing_and_inner_blocks_fail_alone(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.atomic():
        store.set_setting("a", "1")
        raise ZeroDivisionError
    assert store.setting("a") is None
    with store.atomic():
        store.set_setting("b", "1")
        with pytest.raises(ZeroDivisionError), store.atomic():
            store.set_setting("c", "1")
            raise ZeroDivisionError
    assert (store.setting("b"), store.setting("c")) == ("1", None)


def test_a_full_disk_is_said_and_the_old_state_stays(store: Store) -> None:
    pages = store.one("pragma page_count")
    assert pages
    store.set_setting("kept", "yes")
    store.conn.execute(f"pragma max_page_count = {pages[0] + 1}")
    with pytest.raises(FileProblem) as told:
        store.set_setting("large", "x" * 100_000)
    assert told.value.code == "E-DISKFULL"
    assert store.setting("kept") == "yes"
    assert store.setting("large") is None
    store.conn.execute("pragma max_page_count = 1000000")
    store.set_setting("large", "x" * 100_000)


@pytest.mark.skipif(sys.platform == "win32", reason="locks of another kind")
def test_another_program_holding_the_file_is_said(store: Store, paths: ProfilePaths, data_key: bytes) -> None:
    store.conn.execute("pragma busy_timeout = 10")
    other = connection.connect(paths.database, data_key)
    other.execute("begin exclusive")
    with pytest.raises(FileProblem) as told:
        store.set_setting("a", "b")
    assert told.value.code == "E-INUSE"
    other.execute("rollback")
    other.close()
    store.set_setting("a", "b")


def test_our_own_mistakes_are_not_dressed_up(store: Store) -> None:
    with pytest.raises(dbapi2.OperationalError):
        store.rows("select * from nowhere")
    with pytest.raises(dbapi2.IntegrityError), store.atomic():
        store.conn.execute("insert into settings(name, value) values('a', null)")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("attempt to write a readonly database", "E-READONLY"),
        ("disk I/O error", "E-FILE"),
        ("unable to open database file", "E-PERMISSION"),
        ("database disk image is malformed", "E-DAMAGED"),
    ],
)
def test_each_failure_has_its_sentence(text: str, code: str) -> None:
    with pytest.raises((StoreError, FileProblem)) as told, translated():
        raise dbapi2.OperationalError(text)
    assert told.value.code == code
    assert told.value.safe
    assert told.value.do


def test_creating_over_records_is_refused(store: Store, paths: ProfilePaths, data_key: bytes) -> None:
    with pytest.raises(StoreError):
        Store.create(paths, data_key)
    with pytest.raises(StoreError) as told:
        Store.open(ProfilePaths(Path(paths.folder / "nowhere")), data_key)
    assert told.value.code == "E-NODATABASE"


def test_one_window_at_a_time_has_the_records_open(store: Store, paths: ProfilePaths, data_key: bytes) -> None:
    with pytest.raises(FileProblem) as told:
        Store.open(paths, data_key)
    assert told.value.code == "E-INUSE"
    store.close()
    with pytest.raises(StoreError):
        Store.open(paths, os.urandom(32))
    Store.open(paths, data_key).close()
