"""T2b: the file rots. Every change of it is found, or it was none; and the records come back from what is left.

What is found is never taken for what was written: all that is read of a rotten file is compared with the whole one.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from torture_work import CHEAP, day, new_records

from desktop_app.errors import WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.services import keeping, profile, recording, restoring
from desktop_app.storage import rotation, soundness
from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
SEED = 20261122
ROTS = 2_000
PAGE = 4096
STORY = {"about": {"summary": "First requests are refused as a rule.", "area": "one_authority", "authorities": "383"}}


def rotten(whole: bytes, older: bytes, dice: random.Random) -> tuple[str, bytes]:
    """One way in which a file goes bad; the result differs from the whole one."""
    while True:
        broken = bytearray(whole)
        kind = dice.choice(("bit", "bit", "bit", "zero", "cut", "swap", "older page", "noise"))
        pages = len(whole) // PAGE
        one, two = (PAGE * page for page in dice.sample(range(pages), 2))
        if kind == "bit":
            broken[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        elif kind == "zero":
            broken[one : one + PAGE] = bytes(PAGE)
        elif kind == "cut":
            del broken[dice.randrange(1, len(whole)) :]
        elif kind == "swap":
            broken[one : one + PAGE] = whole[two : two + PAGE]
        elif kind == "older page":
            one %= len(older)
            broken[one : one + PAGE] = older[one : one + PAGE]
        else:
            broken[one : one + 512] = dice.randbytes(512)
        if broken != whole:
            return kind, bytes(broken)


def everything(store: Store) -> list[object]:
    tables = [row[0] for row in store.rows("select name from sqlite_master where type = 'table' order by name")]
    return [sorted(store.rows(f'select * from "{table}"'), key=repr) for table in tables]


def verdict(paths: ProfilePaths, key: bytes, good: list[object]) -> str:
    """``found``, ``harmless`` (all that is read is as it was) or ``unnoticed``."""
    try:
        with open_store(paths, key) as store:
            if soundness.check(store, full=True):
                return "found"
            return "harmless" if everything(store) == good else "unnoticed"
    except WorldError:
        return "found"


def test_rot_is_found_wherever_it_strikes(quick: Path, effort: int, figure: Callable[[str], None]) -> None:
    paths, key = new_records(quick / "records")
    older = b""
    with open_store(paths, key) as store:
        for number in range(24):
            if number == 12:
                older = paths.database.read_bytes()
            if number % 24 not in (5, 11):
                day(store, number, lambda _told: None)
        good = everything(store)
    whole = paths.database.read_bytes()
    dice = random.Random(SEED)
    seen: dict[str, int] = {}
    for number in range(ROTS * effort):
        kind, broken = rotten(whole, older, dice)
        paths.database.write_bytes(broken)
        found = verdict(paths, key, good)
        seen[f"{kind} {found}"] = seen.get(f"{kind} {found}", 0) + 1
        # An older page is a page the same key wrote in the same place: encryption cannot know, the structure mostly can.
        assert found != "unnoticed" or kind == "older page", f"seed {SEED}, number {number}: {kind}"
    figure(f"T2b seed {SEED}: {ROTS * effort} changes: {dict(sorted(seen.items()))}")
    assert seen.get("older page unnoticed", 0) < ROTS * effort / 20


def test_a_page_that_held_nothing_and_rots_costs_nothing(quick: Path) -> None:
    """A torn write of a page that was unused before is not rolled back: SQLite journals no such page. Found by T3."""
    paths, key = new_records(quick / "records")
    with open_store(paths, key) as store:
        store.set_setting("much", "x" * 40_000)
        store.set_setting("kept", "yes")
        store.set_setting("much", None)
        unused = store.one("pragma freelist_count")
    assert unused is not None and unused[0] > 5
    whole = paths.database.read_bytes()
    tried = 0
    for page in range(1, len(whole) // PAGE):
        broken = bytearray(whole)
        broken[page * PAGE : page * PAGE + 512] = random.Random(page).randbytes(512)
        paths.database.write_bytes(broken)
        try:
            store = open_store(paths, key)
        except WorldError:
            continue
        with store:
            if soundness.check(store, full=True):
                continue  # a page in use
            tried += 1
            assert rotation.automatic(store, paths, reason="now")
            store.set_setting("kept", "still")  # not "can only be read"
            store.set_setting("much", "y" * 40_000)
            assert store.setting("kept") == "still" and store.setting("much") == "y" * 40_000
            assert soundness.check(store, full=True) == []
    assert tried > 5


def test_the_records_come_back_whatever_rots(quick: Path, effort: int, figure: Callable[[str], None]) -> None:
    """Put back from the newest backup and what can still be read: all that was in the backup, in every case."""
    words = "plain words for tests only"
    base = ProfilePaths(quick / "base")
    made = profile.create(base, role="branch", name="Leeds", passphrase=words, cost=CHEAP).profile
    in_backup = {recording.add_record(made, "evidence", STORY, state="ready").id for _ in range(4)}
    (copy,) = keeping.keep_safe(made)
    older = base.database.read_bytes()
    in_backup_too = recording.add_record(made, "evidence", STORY, state="ready").id
    made.close()
    whole = base.database.read_bytes()
    dice = random.Random(SEED)
    newer = 0
    runs = 40 * effort
    for number in range(runs):
        folder = ProfilePaths(quick / "now")
        shutil.copytree(base.folder, folder.folder)
        kind, broken = rotten(whole, older, dice)
        folder.database.write_bytes(broken)
        opened, told = restoring.put_back(folder, folder.backups / copy.name, passphrase=words)
        try:
            here = {row.id for row in recording.list_records(opened, recording.Filters()).rows}
            assert here >= in_backup, f"seed {SEED}, number {number}: {kind}"
            assert in_backup_too in here or told.missing or kind == "older page", "what is missing must be said"
            assert keeping.check(opened, full=True) == []
            newer += in_backup_too in here
        finally:
            opened.close()
        shutil.rmtree(folder.folder)
    figure(f"T2b seed {SEED}: {runs} put back, {newer} with what was written after the backup")
    assert newer > runs / 4


def test_the_harness_catches_a_store_that_does_not_check_its_pages(quick: Path) -> None:
    """The same changes of a plain SQLite file: most are read as if nothing had happened."""
    from sqlcipher3 import dbapi2

    file = quick / "plain.db"
    plain = dbapi2.connect(str(file), isolation_level=None)
    plain.execute("create table told(id integer primary key, words text)")
    plain.executemany("insert into told(words) values(?)", [(f"told {n} " * 50,) for n in range(300)])
    good = plain.execute("select * from told").fetchall()
    plain.close()
    whole = file.read_bytes()
    dice = random.Random(SEED)
    unnoticed = 0
    for _ in range(200):
        file.write_bytes(rotten(whole, whole[: PAGE * 2], dice)[1])
        plain = dbapi2.connect(str(file), isolation_level=None)
        plain.text_factory = bytes
        try:
            sound = plain.execute("pragma integrity_check").fetchone()[0] in ("ok", b"ok")
            read = [(number, text.decode(errors="replace")) for number, text in plain.execute("select * from told")]
            unnoticed += sound and read != good
        except dbapi2.Error:
            pass
        finally:
            plain.close()
    assert unnoticed > 40
