"""T9: words are planted in everything a person writes, then sought in every file the program leaves, also after kills; and
with them every key: the passphrase, the spare key, the data key and this computer's own secrets.

Sought in plain bytes, in UTF-16, and inside anything deflated; keys also as hexadecimal and base64. The window is tried
with a home folder of its own, so that lists of recent files, caches and logs are looked through too. The ways in:
test_slots.py.
"""

from __future__ import annotations

import base64
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from torture_work import CHEAP

from desktop_app.paths import ProfilePaths
from desktop_app.services import attachments, keeping, profile, receiving, recording, reporting, sending, unsaved
from desktop_app.services.profile import Created, Profile
from desktop_app.storage import drafts
from desktop_app.storage.opening import open_store
from desktop_app.storage.plain import PlainTable, write_plain

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
SEED = 20261122
WORD = "quokkaplanted"
KILLS = 100
FRESH_AFTER = 10  # new records after so many kills: looking through old ones takes longer than killing
WORDS = "plain words for tests only"
STORY = {"about": {"summary": f"The {WORD} story.", "area": "one_authority", "authorities": "383"}}


def holding(*folders: Path, keys: Iterable[bytes] = (), clean: set[tuple[object, ...]] | None = None) -> list[Path]:
    """The files that hold the planted word, or one of the keys, however it is written.

    ``clean`` remembers files that held nothing, by what changes when they do: most are the same after the next kill.
    """
    exactly = {way for key in keys for way in ways_to_write(key)}
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            about = path.stat()
            mark = (path, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
            if clean is not None and mark in clean:
                continue
            if _holds(path.read_bytes(), exactly):
                found.append(path)
            elif clean is not None:
                clean.add(mark)
    return found


def ways_to_write(key: bytes) -> set[bytes]:
    return {key, key.hex().encode(), base64.b64encode(key).rstrip(b"="), base64.urlsafe_b64encode(key).rstrip(b"=")}


def _holds(data: bytes, exactly: Iterable[bytes] = ()) -> bool:
    if _plainly(data, exactly) or _plainly(data.replace(b"\0", b""), exactly):
        return True
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):  # anything deflated inside
        try:
            if _plainly(zlib.decompressobj().decompress(data[start.start() :], 1_000_000), exactly):
                return True
        except zlib.error:
            continue
    return False


def _plainly(data: bytes, exactly: Iterable[bytes]) -> bool:
    return WORD.encode() in data.lower() or any(way in data for way in exactly)


def keys_of(made: Created) -> list[bytes]:
    """Everything that opens something and must stand in no file."""
    own = made.profile.keys
    return [
        WORDS.encode(), made.profile.store._key, made.spare_key.encode(), made.spare_key.replace("-", "").encode(),
        own.signing_seed, own.exchange_secret, own.age_identity.encode(), (made.recovery_identity or WORDS).encode(),
    ]  # fmt: skip


def a_person_writes(made: Profile, folder: Path, number: int) -> None:
    """Everything that leaves files behind, the planted word in all of it."""
    draft = recording.jot(made, f"{WORD} {number}")
    drafts.push(made.store, draft, {"answers": {"about": {"summary": f"{WORD} before"}}})
    recording.search(made, WORD, recording.Filters())
    scan = folder / "papers" / f"{number}.txt"
    scan.write_bytes(f"{WORD} ".encode() * 2000)
    attached = recording.attach(made, draft, scan, shows_person="no", question="attachments")
    copy = attachments.open_copy(made, attached.blob)
    assert _holds(copy.read_bytes())
    recording.add_record(made, "evidence", STORY, state="ready")
    sending.send(made, folder / "out")
    keeping.keep_safe(made, "now")
    unsaved.keep_beside(made.paths, unsaved.seal(made, {"last": unsaved.Typed("last", jotting=f"{WORD} last")}))
    unsaved.take_in(made)
    if number % 4 == 3:
        reporting.preview(reporting.prepare(made, "record", [draft]))  # looked at, not asked to be kept
    scan.unlink()


def a_branch(folder: Path) -> tuple[Profile, list[bytes]]:
    """A branch that knows its office, and every key of the two."""
    office = profile.create(ProfilePaths(folder / "office"), role="office", name="", passphrase=WORDS, cost=CHEAP)
    made = profile.create(ProfilePaths(folder / "records"), role="branch", name="Leeds", passphrase=WORDS, cost=CHEAP)
    receiving.office_card(office.profile, folder / "card.officecard")
    receiving.add_office_card(made.profile, folder / "card.officecard")
    keys = [*keys_of(office), *keys_of(made)]
    office.profile.close()
    (folder / "papers").mkdir()
    return made.profile, keys


@pytest.fixture
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files go where they are looked through too."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_no_file_holds_a_planted_word_or_a_key(quick: Path, own_temporary: Path) -> None:
    made, keys = a_branch(quick)
    for number in range(3):
        a_person_writes(made, quick, number)
    assert holding(quick / "records") != [], "an opened copy is there while the records are open"
    made.close()
    assert holding(quick, own_temporary, keys=keys) == []
    office = profile.unlock(ProfilePaths(quick / "office"), passphrase=WORDS)
    packs = sorted((quick / "out").iterdir())
    receiving.receive(office, packs, quick / "replies")
    receiving.accept_device(office, made.me.device, quick / "replies")
    (quick / "torn.branchpack").write_bytes(packs[0].read_bytes()[:-40])
    receiving.receive(office, [quick / "torn.branchpack"])
    assert recording.search(office, WORD, recording.Filters()).rows, "the office has read it"
    office.close()
    assert holding(quick, own_temporary, keys=keys) == []


def work_and_kill(paths: ProfilePaths, key: bytes, folder: Path, dice: random.Random) -> int:
    """Fork, let the child write, kill it after some rounds and a bit. Answers how many rounds it ended."""
    reading, writing = os.pipe()
    first = dice.randrange(4)  # every fourth round looks at a report: begin at any of them
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            opened = Profile(paths, open_store(paths, key))
            opened.forms.current("evidence")
            os.write(writing, b"ready\n")
            for number in range(first, 1000):
                a_person_writes(opened, folder, number)
                os.write(writing, b"more\n")
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.readline() == b"ready\n"
        ended = sum(bool(pipe.readline()) for _ in range(dice.choice((0, 0, 0, 1, 1, 2))))
        time.sleep(dice.random() * dice.choice((0.02, 0.15)))
        os.kill(child, signal.SIGKILL)
        ended += len(pipe.readlines())
    os.waitpid(child, 0)
    return ended


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork; Windows ends processes in another way")
def test_no_file_holds_a_planted_word_after_kills(
    quick: Path, own_temporary: Path, effort: int, figure: Callable[[str], None]
) -> None:
    dice = random.Random(SEED)
    kills, written = 0, 0
    while kills < KILLS * effort:
        folder = quick / str(kills)
        folder.mkdir()
        made, all_keys = a_branch(folder)
        paths, key = made.paths, made.store._key
        if not kills:
            a_person_writes(made, folder, 3)  # what takes its time to load is there before the first child
        made.close()
        clean: set[tuple[object, ...]] = set()
        for _ in range(FRESH_AFTER):
            written += work_and_kill(paths, key, folder, dice)
            for left in (folder / "papers").iterdir():
                left.unlink()  # the person's own
            # The opened copy, in its own folder, is wiped at the next opening; nothing else may hold a word even before.
            found = holding(folder, own_temporary, keys=all_keys, clean=clean)
            assert [path for path in found if not path.is_relative_to(paths.opened)] == [], f"seed {SEED}, kill {kills}"
            if kills % 5 == 0:
                profile.unlock(paths, passphrase=WORDS).close()
                assert holding(folder, own_temporary, keys=all_keys, clean=clean) == []
            kills += 1
        shutil.rmtree(folder)
    figure(f"T9 seed {SEED}: {kills} kills, {written} rounds of work, no word and no key in any file")
    assert written > kills / 3


@pytest.mark.skipif(sys.platform != "linux", reason="homes lie elsewhere, and windows need a display")
def test_the_window_leaves_no_planted_word_in_a_home_of_its_own(
    quick: Path, effort: int, figure: Callable[[str], None]
) -> None:
    """A whole session of the real window, killed at different moments: its records, its home, its temporary folder."""
    made, keys = a_branch(quick)
    made.close()
    home = quick / "home"
    for folder in (home, quick / "tmp", quick / "run"):
        folder.mkdir(mode=0o700)
    own = {"HOME": str(home), "TMPDIR": str(quick / "tmp"), "XDG_RUNTIME_DIR": str(quick / "run")}
    own |= {f"XDG_{name}_HOME": str(home / name) for name in ("DATA", "CONFIG", "CACHE", "STATE")}
    environment = {**os.environ, **own, "QT_QPA_PLATFORM": "offscreen"}
    dice = random.Random(SEED)
    sessions, steps = 5 * effort, 0
    for session in range(sessions):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.torture_window", str(made.paths.folder), WORD, WORDS],
            stdout=subprocess.PIPE, stderr=(quick / "printed").open("ab"), env=environment, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert child.stdout is not None
        until = 10**9 if session == 0 else dice.randrange(1, 12)
        done = 0
        for line in child.stdout:
            done += 1
            if line == b"end\n" or done >= until:
                break
        child.kill()
        child.wait()
        child.stdout.close()
        assert session or done > 8, (quick / "printed").read_text()
        steps += done
        found = holding(quick, keys=keys)
        assert [path for path in found if not path.is_relative_to(made.paths.opened)] == [], f"session {session}"
    assert list(made.paths.crashes.iterdir()), "the report of the crash is among what was looked through"
    figure(f"T9 {sessions} sessions of the window, killed after {steps} steps in all: no word and no key in any file")


def test_a_program_that_dies_leaves_no_picture_of_its_memory(tmp_path: Path) -> None:
    program = (
        "import os, resource; from desktop_app.platform.memory import no_core_dumps;"
        "resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)[1:] * 2); no_core_dumps();"
        f"kept = '{WORD}' * 1000; assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0); os.abort()"
    )
    if sys.platform == "win32":
        pytest.skip("no limits of this kind on Windows")
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=path, capture_output=True)
    assert done.returncode == -signal.SIGABRT, done.stderr
    assert holding(tmp_path) == []


def test_the_scan_catches_a_store_that_is_not_encrypted(quick: Path) -> None:
    write_plain(quick / "plain.db", [PlainTable("told", ("words",), [(f"the {WORD} story",)])])
    (quick / "packed").write_bytes(b"head" + zlib.compress(f"the {WORD} story".encode()))
    (quick / "wide").write_text(WORD, "utf-16")
    (quick / "innocent").write_bytes(os.urandom(100_000))
    assert {path.name for path in holding(quick)} == {"plain.db", "packed", "wide"}
