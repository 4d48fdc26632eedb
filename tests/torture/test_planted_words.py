"""T9: words are planted in everything a person writes, then sought in every file the program leaves, also after kills.

Sought in plain bytes, in UTF-16, and inside anything deflated. Also T9: every byte of the key file changed, and every
single slip in typing the spare key, which tests/storage/test_storage_keys.py goes through one by one.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from torture_work import CHEAP

from desktop_app.paths import ProfilePaths
from desktop_app.services import attachments, keeping, profile, receiving, recording, sending
from desktop_app.services.profile import Profile
from desktop_app.storage.opening import open_store
from desktop_app.storage.plain import PlainTable, write_plain

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
SEED = 20261122
WORD = "quokkaplanted"
WORDS = "plain words for tests only"
NEEDLE = re.compile(WORD.encode(), re.IGNORECASE)
STORY = {"about": {"summary": f"The {WORD} story.", "area": "one_authority", "authorities": "383"}}


def holding(*folders: Path) -> list[Path]:
    """The files that hold the planted word, however it is written."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and _holds(path.read_bytes()):
                found.append(path)
    return found


def _holds(data: bytes) -> bool:
    if NEEDLE.search(data) or NEEDLE.search(data.replace(b"\0", b"")):
        return True
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):  # anything deflated inside
        try:
            if NEEDLE.search(zlib.decompressobj().decompress(data[start.start() :], 1_000_000)):
                return True
        except zlib.error:
            continue
    return False


def a_person_writes(made: Profile, folder: Path, number: int) -> None:
    """Everything that leaves files behind, the planted word in all of it."""
    draft = recording.jot(made, f"{WORD} {number}")
    scan = folder / "papers" / f"{number}.txt"
    scan.write_bytes(f"{WORD} ".encode() * 2000)
    attached = recording.attach(made, draft, scan, shows_person="no", question="attachments")
    copy = attachments.open_copy(made, attached.blob)
    assert _holds(copy.read_bytes())
    recording.add_record(made, "evidence", STORY, state="ready")
    sending.send(made, folder / "out")
    keeping.keep_safe(made, "now")
    scan.unlink()


def a_branch(folder: Path) -> Profile:
    office = profile.create(
        ProfilePaths(folder / "office"), role="office", name="", passphrase=WORDS, cost=CHEAP
    ).profile
    made = profile.create(
        ProfilePaths(folder / "records"), role="branch", name="Leeds", passphrase=WORDS, cost=CHEAP
    ).profile
    receiving.office_card(office, folder / "card.officecard")
    receiving.add_office_card(made, folder / "card.officecard")
    office.close()
    (folder / "papers").mkdir()
    return made


@pytest.fixture
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files go where they are looked through too."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_no_file_holds_a_planted_word(quick: Path, own_temporary: Path) -> None:
    made = a_branch(quick)
    for number in range(3):
        a_person_writes(made, quick, number)
    assert holding(quick / "records") != [], "an opened copy is there while the records are open"
    made.close()
    assert holding(quick, own_temporary) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork; Windows ends processes in another way")
def test_no_file_holds_a_planted_word_after_kills(
    quick: Path, own_temporary: Path, effort: int, figure: Callable[[str], None]
) -> None:
    made = a_branch(quick)
    paths, key = made.paths, made.store._key
    made.close()
    dice = random.Random(SEED)
    kills = 30 * effort
    written = 0
    for kill in range(kills):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                opened = Profile(paths, open_store(paths, key))
                opened.forms.current("evidence")
                os.write(writing, b"ready\n")
                for number in range(1000):
                    a_person_writes(opened, quick, number)
                    os.write(writing, b"more\n")
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            assert pipe.readline() == b"ready\n"
            time.sleep(dice.random() * dice.choice((0.05, 0.4)))
            os.kill(child, signal.SIGKILL)
            written += len(pipe.readlines())
        os.waitpid(child, 0)
        for left in (quick / "papers").iterdir():
            left.unlink()  # the person's own
        # The opened copy, in its own folder, is wiped at the next opening; nothing else may hold a word even before.
        assert [path for path in holding(quick, own_temporary) if not path.is_relative_to(paths.opened)] == []
        if kill % 5 == 0:
            profile.unlock(paths, passphrase=WORDS).close()
            assert holding(quick, own_temporary) == []
    figure(f"T9 seed {SEED}: {kills} kills, {written} rounds of work, no word in any file")
    assert written > kills / 10


def test_the_scan_catches_a_store_that_is_not_encrypted(quick: Path) -> None:
    write_plain(quick / "plain.db", [PlainTable("told", ("words",), [(f"the {WORD} story",)])])
    (quick / "packed").write_bytes(b"head" + zlib.compress(f"the {WORD} story".encode()))
    (quick / "wide").write_text(WORD, "utf-16")
    (quick / "innocent").write_bytes(os.urandom(100_000))
    assert {path.name for path in holding(quick)} == {"plain.db", "packed", "wide"}
