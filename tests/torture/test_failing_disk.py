"""T3: every call to the disk fails, once and for good, in each of the things a person does.

The k-th call of SQLite or of `files` fails: no room, broken, or write-protected. Whatever comes of it is one of the
program's own sentences; the records are as before or as after, nothing in between; and trying again works.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from torture_disk import quick_folder, tortured
from torture_work import CHEAP

from desktop_app.errors import WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.services import (
    erasing,
    keeping,
    meetings,
    profile,
    receiving,
    recording,
    sending,
    versions,
)
from desktop_app.services.profile import Profile
from desktop_app.storage import backup, drafts, incoming, keys, outgoing
from desktop_app.storage.connection import connect
from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
SEED = 20261122
WORDS = "plain words for tests only"
STORY = {"about": {"summary": "First requests are refused as a rule.", "area": "one_authority", "authorities": "383"}}
MOST = 120  # of the calls of one scenario that fail in an ordinary run; `dev.py torture` lets every one fail


class World:
    """A branch and an office in a folder, opened when first asked for."""

    def __init__(self, folder: Path, data_keys: dict[str, bytes]) -> None:
        self.folder = folder
        self._keys = data_keys
        self._open: dict[str, Profile] = {}

    def paths(self, who: str) -> ProfilePaths:
        return ProfilePaths(self.folder / who)

    def _profile(self, who: str) -> Profile:
        if who not in self._open:
            self._open[who] = Profile(self.paths(who), open_store(self.paths(who), self._keys[who]))
        return self._open[who]

    @property
    def branch(self) -> Profile:
        return self._profile("branch")

    @property
    def office(self) -> Profile:
        return self._profile("office")

    def close(self) -> None:
        for each in self._open.values():
            each.close()
        self._open.clear()

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()


Act = Callable[[World], object]
Look = Callable[[World], Hashable]


@dataclass(frozen=True)
class Scenario:
    """``act`` is what the person does, ``look`` what can then be seen; ``touch`` opens what ``act`` needs opened first."""

    act: Act
    look: Look
    touch: Callable[[World], object] = lambda world: world.branch.forms.ids()
    finishes_later: bool = False


def _count(who: str, *tables: str) -> Look:
    def look(world: World) -> Hashable:
        store = world._profile(who).store
        return tuple(store.one(f"select count(*) from {table}") for table in tables)

    return look


def _draft(world: World) -> str:
    return world.text("draft")


def _type(world: World) -> None:
    opened = recording.open_record(world.branch, _draft(world))
    recording.save_draft(world.branch, _draft(world), opened.content.with_answer("about/summary", "Typed later."))


def _attach(world: World) -> None:
    (world.folder / "scan.txt").write_bytes(b"a scan " * 2_000)
    recording.attach(
        world.branch, _draft(world), world.folder / "scan.txt", shows_person="no", question="attachments"
    )


def _attached(world: World) -> Hashable:
    return [blob.name for blob in recording.open_record(world.branch, _draft(world)).content.blobs] == ["scan.txt"]


def _create(world: World) -> None:
    made = profile.create(world.paths("new"), role="branch", name="York", passphrase=WORDS, cost=CHEAP)
    made.profile.close()


def _created(world: World) -> Hashable:
    if not world.paths("new").exists():
        return False
    profile.unlock(world.paths("new"), passphrase=WORDS).close()
    return True


def _passphrase(world: World) -> None:
    words = WORDS if _opened_with(world) == WORDS else "other words"
    profile.change_passphrase(world.branch, "other words", old=words, cost=CHEAP)


def _opened_with(world: World) -> str:
    for words in ("other words", WORDS):
        try:
            if keys.open_with_passphrase(world.paths("branch"), words):
                return words
        except WorldError:
            continue
    return "nothing"


def _send(world: World) -> None:
    sending.send(world.branch, world.folder / "out")


def _sent(world: World) -> Hashable:
    """The files that are noted are there and whole; what was sent is what they hold."""
    made = outgoing.packs(world.branch.store)
    for pack in made:
        path = world.folder / "out" / Path(pack.path).name
        assert path.exists() or pack.number <= 2, "a file is noted that is not there"
    return recording.open_record(world.branch, world.text("ready")).sent, len(made)


def _receive(world: World) -> None:
    found = receiving.receive(world.office, [world.folder / "new.branchpack"], world.folder / "replies")
    assert found.files[0].outcome in ("added", "known"), found.files[0]


def _received(world: World) -> Hashable:
    known = world.office.store.one("select count(*) from revisions where record = ? and live = 1", (world.text("sent"),))
    listed = world.office.store.one("select count(*) from projection where record = ?", (world.text("sent"),))
    return known, listed


def _reply(world: World) -> None:
    found = receiving.receive(world.branch, [world.folder / "new.officepack"])
    assert found.files[0].outcome == "reply", found.files[0]


def _confirmed(world: World) -> Hashable:
    return recording.open_record(world.branch, world.text("sent")).standing_code


def _undo(world: World) -> None:
    live = [made for made in incoming.imports(world.office.store) if not made.undone_utc]
    if live:
        receiving.undo(world.office, live[0].id)


def _back_up(world: World) -> None:
    keeping.backup(world.branch, world.folder / "stick" / "copy.branchbackup")


def _backed_up(world: World) -> Hashable:
    made = world.folder / "stick" / "copy.branchbackup"
    return made.exists() and bool(backup.describe(made))


def _automatic(world: World) -> None:
    backup.automatic(world.branch.store, world.branch.paths, reason="now")


def _backups(world: World) -> Hashable:
    """How many whole backups there are; the one made before the reply was added is there from the start."""
    return sum(bool(backup.describe(path)) for path, _ in backup.listing(world.paths("branch")))


def _restore(world: World) -> None:
    keeping.restore(world.folder / "made.branchbackup", world.folder / "restored")


def _restored(world: World) -> Hashable:
    if not world.paths("restored").exists():
        return False
    profile.unlock(world.paths("restored"), passphrase=WORDS).close()
    return True


def _migrate(world: World) -> None:
    open_store(world.paths("old"), world._keys["old"]).close()


def _migrated(world: World) -> Hashable:
    connection = connect(world.paths("old").database, world._keys["old"])
    try:
        version = connection.execute("pragma user_version").fetchone()[0]
        kept = connection.execute("select value from settings where name = 'kept'").fetchone()[0]
        tables = connection.execute("select count(*) from sqlite_master where name = 'reviews'").fetchone()[0]
    finally:
        connection.close()
    assert tables == (version > 1), "half a step"
    return version, kept


def _meeting(world: World) -> None:
    if not meetings_made(world):
        meetings.make_records(world.branch, world.text("meeting"))


def meetings_made(world: World) -> Hashable:
    return len(recording.open_record(world.branch, world.text("meeting")).content.links)


SCENARIOS: dict[str, Scenario] = {
    "set up": Scenario(_create, _created, lambda world: None),
    "type": Scenario(
        _type, lambda world: recording.open_record(world.branch, _draft(world)).content.answers["about"]["summary"]
    ),
    "attach": Scenario(_attach, _attached),
    "mark ready": Scenario(
        lambda world: versions.mark_ready(world.branch, _draft(world)) if drafts.load(world.branch.store, _draft(world)) else 0,
        lambda world: recording.open_record(world.branch, _draft(world)).standing_code,
    ),
    "add a whole record": Scenario(
        lambda world: recording.add_record(world.branch, "evidence", STORY, [world.folder / "made.branchbackup"], "ready"),
        _count("branch", "revisions", "projection", "blobs"),
    ),
    "records of a meeting": Scenario(_meeting, meetings_made),
    "send": Scenario(_send, _sent),
    "add a file": Scenario(_receive, _received, lambda world: world.office.forms.ids()),
    "add a reply": Scenario(_reply, _confirmed),
    "undo adding": Scenario(
        _undo, lambda world: [made.undone_utc is None for made in incoming.imports(world.office.store)][:1],
        lambda world: world.office.forms.ids(),
    ),
    "delete for good": Scenario(
        lambda world: erasing.erase(world.branch, world.text("ready"), "mistake"),
        _count("branch", "erase_orders", "projection"),
        finishes_later=True,
    ),
    "change the passphrase": Scenario(_passphrase, _opened_with),
    "back up": Scenario(_back_up, _backed_up),
    "back up by itself": Scenario(_automatic, _backups),
    "restore": Scenario(_restore, _restored, lambda world: None),
    "a new version of the program": Scenario(_migrate, _migrated, lambda world: None),
}  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, bytes]]]:
    """A branch the office knows, with a draft, a ready record, a file on its way and a reply to it."""
    import tempfile

    base = Path(tempfile.mkdtemp(prefix="branch-evidence-", dir=quick_folder()))
    folder = base / "template"
    branch = profile.create(
        ProfilePaths(folder / "branch"), role="branch", name="Leeds", passphrase=WORDS, cost=CHEAP, authorities=("383",)
    ).profile
    office = profile.create(
        ProfilePaths(folder / "office"), role="office", name="", passphrase=WORDS, cost=CHEAP
    ).profile
    old = Store.create(ProfilePaths(folder / "old"), bytes(32))
    old.set_setting("kept", "yes")
    data_keys = {"branch": branch.store._key, "office": office.store._key, "old": bytes(32)}
    keys.create_slots(old.paths, bytes(32), WORDS, CHEAP)
    _as_an_older_program_left_it(old)
    receiving.office_card(office, folder / "office.officecard")
    receiving.add_office_card(branch, folder / "office.officecard")
    sent = recording.add_record(branch, "evidence", STORY, state="ready").id
    (pack,) = sending.send(branch, folder / "first").packs
    receiving.receive(office, [pack.path])
    replies = receiving.accept_device(office, branch.me.device, folder / "first").replies
    receiving.receive(branch, replies)
    second = recording.add_record(branch, "evidence", STORY, state="ready").id
    (pack,) = sending.send(branch, folder / "second").packs
    shutil.copy(pack.path, folder / "new.branchpack")
    other = shutil.copytree(folder / "office", base / "office")
    replying = Profile(ProfilePaths(other), open_store(ProfilePaths(other), data_keys["office"]))
    (reply,) = receiving.receive(replying, [pack.path], base / "replies").replies
    replying.close()
    shutil.copy(reply, folder / "new.officepack")
    names = {
        "sent": second,
        "ready": recording.add_record(branch, "evidence", STORY, state="ready").id,
        "draft": recording.jot(branch, "Half a thought."),
        "meeting": meetings.start_meeting(branch),
    }
    lines = [{"line_text": "Form M took 14 weeks.", "line_mark": "evidence"}, {"line_text": "Ring.", "line_mark": "action"}]
    recording.edit_record(branch, names["meeting"], {"notes": {"lines": lines}})
    for name, value in names.items():
        (folder / name).write_text(value)
    (folder / "stick").mkdir()
    keeping.backup(branch, folder / "made.branchbackup")
    assert sent
    for each in (branch, office):
        each.close()
    yield folder, data_keys
    shutil.rmtree(base)


def _as_an_older_program_left_it(store: Store) -> None:
    """Take the second step of the migrations back."""
    with store.atomic():
        for column in ("answer", "answered_utc", "answer_line"):
            store.conn.execute(f"alter table queries drop column {column}")
        store.conn.execute("drop table reviews")
        store.conn.execute("drop table report_uses")
        store.conn.execute("delete from _sqlite_migrations where name like '0002%'")
        store.conn.execute("pragma user_version = 1")
    store.close()


def sound(world: World) -> None:
    """What was there before is there, and nothing is damaged."""
    for who in ("branch", "office"):
        assert backup.check(world._profile(who).store) == []
    for name in ("sent", "draft", "meeting"):
        assert recording.open_record(world.branch, world.text(name))


def one_failure(
    scenario: Scenario, template: tuple[Path, dict[str, bytes]], at: int, error: int, *, for_good: bool
) -> tuple[int, bool]:
    """Let the k-th call fail; answers how many calls there were and whether one failed. Asserts all that is promised."""
    folder = template[0].with_name("run")
    shutil.copytree(template[0], folder, symlinks=True)
    told: WorldError | None = None
    try:
        with tortured() as c:
            world = World(folder, template[1])
            scenario.touch(world)
            before = scenario.look(world)
            c.torture_arm(at, int(for_good), error)
            try:
                scenario.act(world)
            except WorldError as said:
                told = said
            calls, failed = int(c.torture_calls()), bool(c.torture_failed())
            c.torture_arm(0, 0, 0)
            here = scenario.look(world)
            world.close()
            if scenario.finishes_later:
                here = scenario.look(world)
            assert scenario.look(world) == here, "what is seen must be what is on the disk"
            if told is None:
                assert here != before, "nothing was said, so it must have been done"
                after: Hashable = here
            scenario_again = told is not None and here == before
            if scenario_again:
                scenario.act(world)
                assert scenario.look(world) != before, "trying again must work"
            elif told is not None:
                after = here  # done although something was said: it must be the whole of it, which `afters` compares
            sound(world)
            world.close()
            if not scenario_again:
                AFTER.setdefault(id(scenario), after)
                assert _alike(AFTER[id(scenario)], after), (AFTER[id(scenario)], after)
            return calls, failed
    finally:
        shutil.rmtree(folder, ignore_errors=True)


AFTER: dict[int, Any] = {}
"""What each scenario comes to when nothing fails: the only other state a failure may leave."""


def _alike(one: Hashable, other: Hashable) -> bool:
    return one == other


@pytest.mark.parametrize("name", SCENARIOS)
def test_whichever_call_fails_it_is_as_before_or_as_after(
    name: str, template: tuple[Path, dict[str, bytes]], effort: int, figure: Callable[[str], None]
) -> None:
    scenario = SCENARIOS[name]
    dice = random.Random(SEED)
    runs = 0
    for error in (errno.ENOSPC, errno.EIO, errno.EROFS):
        calls, failed = one_failure(scenario, template, 0, error, for_good=False)
        assert not failed
        assert calls, "nothing was written"
        for for_good in (False, True):
            chosen = list(range(1, calls + 1))
            if effort == 1 and calls > MOST // 6:
                chosen = sorted(dice.sample(chosen, MOST // 6))
            for at in chosen:
                try:
                    one_failure(scenario, template, at, error, for_good=for_good)
                except BaseException as problem:
                    problem.add_note(f"{name}: call {at} of {calls}, {os.strerror(error)}, for good: {for_good}")
                    raise
                runs += 1
    figure(f"T3 seed {SEED}: {name}: {runs} runs")


def test_the_harness_catches_a_record_saved_in_parts(
    template: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken build: every statement is a transaction of its own."""
    from contextlib import contextmanager

    @contextmanager
    def every_statement_by_itself(_store: Store) -> Iterator[None]:
        from desktop_app.storage.connection import translated

        with translated():
            yield

    scenario = SCENARIOS["add a whole record"]
    monkeypatch.setattr(Store, "atomic", every_statement_by_itself)
    calls, _ = one_failure(scenario, template, 0, errno.ENOSPC, for_good=False)
    with pytest.raises(AssertionError):
        for at in range(1, calls + 1):
            one_failure(scenario, template, at, errno.ENOSPC, for_good=False)


def test_the_harness_catches_a_build_that_hides_a_failure(
    template: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken build: "Saved" is said although the disk refused."""
    from contextlib import contextmanager

    real = Store.atomic

    @contextmanager
    def hopeful(store: Store) -> Iterator[None]:
        try:
            with real(store):
                yield
        except WorldError:
            return

    monkeypatch.setattr(Store, "atomic", hopeful)
    with pytest.raises(AssertionError):
        for at in range(1, 60):
            one_failure(SCENARIOS["type"], template, at, errno.ENOSPC, for_good=True)
