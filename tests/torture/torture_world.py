"""The things a person does, each from the same prepared records: what the failing disk is tried on (test_failing_disk.py).

One branch and one office are set up once; every trial begins with a copy of their folders. The passphrase is the only slow
thing about opening records, so it is checked with the least cost a key slot may say; nothing else differs from a real day.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from torture_disk import TorturedDisk, quick_folder, tortured
from torture_work import CHEAP

from desktop_app import files
from desktop_app.errors import FileProblem, WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.services import (
    attachments,
    erasing,
    exporting,
    jottings,
    keeping,
    meetings,
    papers,
    profile,
    receiving,
    recording,
    reporting,
    restoring,
    sending,
    unsaved,
    versions,
)
from desktop_app.services.profile import Profile
from desktop_app.storage import backup, blobs, drafts, incoming, keys, laptops, outgoing, rotation, soundness
from desktop_app.storage import unsaved as sealed_beside
from desktop_app.storage.connection import connect
from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store

WORDS = "plain words for tests only"
STORY = {"about": {"summary": "First requests are refused as a rule.", "area": "one_authority", "authorities": "383"}}


class World:
    """A branch and an office in a folder, opened when first asked for."""

    def __init__(self, folder: Path, data_keys: dict[str, bytes]) -> None:
        self.folder = folder
        self._keys = data_keys
        self._open: dict[str, Profile] = {}
        self.was_unlocked = False

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
    """``act`` is what the person does, ``look`` what can then be seen; ``touch`` opens what ``act`` needs opened first;
    ``finishes_later``: at the next opening; ``stays``: beyond the closing of the records."""

    act: Act
    look: Look
    touch: Callable[[World], object] = lambda world: world.branch.forms.ids()
    finishes_later: bool = False
    stays: bool = True


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


def _unlock(world: World) -> None:
    profile.unlock(world.paths("branch"), passphrase=WORDS).close()
    world.was_unlocked = True


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
    """The office has it; and the paper that travels with the reply is on the shelf, whole."""
    shelf = [(paper.title, paper.here and blobs.size(world.branch.store, paper.sha256)) for paper in papers.shelf(world.branch)]
    return recording.open_record(world.branch, world.text("sent")).standing_code, tuple(shelf)


def _undo(world: World) -> None:
    live = [made for made in incoming.imports(world.office.store) if not made.undone_utc]
    if live:
        receiving.undo(world.office, live[0].id)


def _accept(world: World) -> None:
    found = receiving.accept_device(world.office, world.text("stranger"), world.folder / "replies")
    assert [each.outcome for each in found.files] in (["added"], ["already"]), found.files
    assert receiving.waiting_files(world.office) == []


def _accepted(world: World) -> Hashable:
    """What waited is among the records and in the lists. That the laptop is accepted comes before; that nothing waits any
    more comes after, and when that fails it is said, and the file is known when it is added again."""
    store = world.office.store
    device = laptops.device(store, world.text("stranger"))
    assert device is not None
    known = store.one("select count(*) from revisions where device = ? and live = 1", (device.id,))
    assert known == (0,) or device.state == "accepted"
    listed = store.one("select count(*) from projection where branch = 'York'")
    waiting = [Path(each.path).exists() for each in receiving.waiting_files(world.office)]
    assert all(waiting), "a file waits that is not there"
    return known, listed


def _make_replies(world: World) -> None:
    receiving.reply_to_all(world.office, world.folder / "replies")


def _replies_made(world: World) -> Hashable:
    """Every reply that is noted is there, and whole; one that is made counts only when it is noted."""
    made = [Path(pack.path) for pack in outgoing.packs(world.office.store)]
    for path in made:
        if path.parent.name == "replies":
            here = world.folder / "replies" / path.name
            assert here.exists(), "a reply is noted that is not there"
            looked = receiving.preview(world.branch, [here]).files[0]
            assert looked.outcome in ("reply", "already"), looked
    return len(made)


def _put_paper(world: World) -> None:
    papers.put(world.office, world.folder / "new paper.txt", "How to hand this out")


def _take_paper_off(world: World) -> None:
    for paper in papers.shelf(world.office):
        if paper.title == "For schools":
            papers.take_off(world.office, paper.sha256)


def _shelf(world: World) -> Hashable:
    """The papers, each whole; and no paper that is on no shelf takes up room."""
    store = world.office.store
    found = papers.shelf(world.office)
    assert all(sum(map(len, blobs.read(store, paper.sha256))) == paper.len for paper in found)
    assert set(blobs.all_hashes(store)) == {paper.sha256 for paper in found}
    return [paper.title for paper in found]


BOX = "8a4f7c2e-3f1d-4b6a-9f0e-0d6a5b1c2e3f"
"""The name of a jotting that is in its box."""


def _keep_jotting(world: World) -> None:
    jottings.keep(world.branch, BOX, "Still being ty")


def _rescue_jotting(world: World) -> None:
    jottings.rescue(world.branch)


def _jotting(world: World) -> Hashable:
    """What stands in the box, or what became of it."""
    found = recording.list_records(world.branch, recording.Filters())
    return world.branch.store.setting("jottings_in_hand"), len(found.rows)


def _back_up(world: World) -> None:
    keeping.backup(world.branch, world.folder / "stick" / "copy.branchbackup")


def _backed_up(world: World) -> Hashable:
    made = world.folder / "stick" / "copy.branchbackup"
    return made.exists() and bool(backup.describe(made))


def _automatic(world: World) -> None:
    rotation.automatic(world.branch.store, world.branch.paths, reason="now")


def _backups(world: World) -> Hashable:
    """How many whole backups there are; the one made before the reply was added is there from the start."""
    return sum(bool(backup.describe(path)) for path, _ in rotation.listing(world.paths("branch")))


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


def _report(world: World) -> None:
    reporting.make(world.branch, "record", [world.text("ready")], out=world.folder / "stick" / "record.pdf")


def _reported(world: World) -> Hashable:
    made = world.folder / "stick" / "record.pdf"
    return made.exists() and made.read_bytes().rstrip().endswith(b"%%EOF")


def _export(world: World) -> None:
    exporting.export(world.branch, "xlsx", world.folder / "stick" / "all.xlsx")


def _exported(world: World) -> Hashable:
    made = world.folder / "stick" / "all.xlsx"
    return made.exists() and zipfile.ZipFile(made).testzip() is None


def _look_at_attachment(world: World) -> None:
    attachments.open_copy(world.branch, recording.open_record(world.branch, world.text("attached")).content.blobs[0])


def _looked_at(world: World) -> Hashable:
    """Wiped when the records close, so it counts only while they are open."""
    return [path.read_bytes() for path in world.paths("branch").opened.glob("*.txt")]


def _put_back(world: World) -> None:
    opened, _ = restoring.put_back(world.paths("spoilt"), world.folder / "made.branchbackup", passphrase=WORDS)
    opened.close()


def _put_back_whole(world: World) -> Hashable:
    try:
        opened = profile.unlock(world.paths("spoilt"), passphrase=WORDS)
    except WorldError:
        return False
    try:
        return keeping.check(opened) == [] and len(recording.list_records(opened, recording.Filters()).rows) > 3
    finally:
        opened.close()


def _take_in(world: World) -> None:
    if unsaved.take_in(world.branch):
        raise FileProblem("It waits still.", safe="It is kept.", do="Make room.")


def _taken_in(world: World) -> Hashable:
    return recording.open_record(world.branch, _draft(world)).content.answers["about"]["summary"]


def _change_file(world: World) -> None:
    """As locking on a full disk does it."""
    sealed = unsaved.seal(world.branch, {BOX: unsaved.Typed(BOX, jotting="Typed last.")})
    unsaved.keep_beside(world.paths("branch"), sealed)


def _file_changed(world: World) -> Hashable:
    """Whole, and one of the two: the words sealed before, or those sealed now."""
    plain = sealed_beside.unseal(world.branch.store, world.paths("branch").unsaved.read_bytes())
    assert plain is not None
    return b"Typed last" in plain


SCENARIOS: dict[str, Scenario] = {
    "set up": Scenario(_create, _created, lambda world: None),
    "unlock": Scenario(_unlock, lambda world: world.was_unlocked, lambda world: None),
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
    "accept a laptop": Scenario(_accept, _accepted, lambda world: world.office.forms.ids()),
    "make replies": Scenario(_make_replies, _replies_made, lambda world: (world.office.forms.ids(), world.branch.forms.ids())),
    "put a paper on the shelf": Scenario(_put_paper, _shelf, lambda world: world.office.forms.ids()),
    "take a paper off the shelf": Scenario(_take_paper_off, _shelf, lambda world: world.office.forms.ids()),
    "keep a jotting as it is typed": Scenario(_keep_jotting, _jotting),
    "find a jotting that was being typed": Scenario(_rescue_jotting, _jotting),
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
    "make a PDF": Scenario(_report, _reported),
    "export": Scenario(_export, _exported),
    "look at an attachment": Scenario(_look_at_attachment, _looked_at, stays=False),
    "put a backup back": Scenario(_put_back, _put_back_whole, lambda world: None),
    "take in what was typed before locking": Scenario(_take_in, _taken_in),
    "seal what finds no room": Scenario(_change_file, _file_changed),
}  # fmt: skip


Template = tuple[Path, dict[str, bytes]]


@contextmanager
def prepared() -> Iterator[Template]:
    """A branch the office knows, with a draft, a ready record, a file on its way and a reply to it; and the data keys."""
    base = Path(tempfile.mkdtemp(prefix="branch-evidence-", dir=quick_folder()))
    try:
        yield _prepare(base)
    finally:
        shutil.rmtree(base)


def _prepare(base: Path) -> Template:
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
    (folder / "paper.txt").write_bytes(b"Hand this out. " * 2_000)
    (folder / "new paper.txt").write_bytes(b"And this. " * 2_000)
    papers.put(office, folder / "paper.txt", "For schools")
    second = recording.add_record(branch, "evidence", STORY, state="ready").id
    (pack,) = sending.send(branch, folder / "second").packs
    shutil.copy(pack.path, folder / "new.branchpack")
    other = shutil.copytree(folder / "office", base / "office")
    replying = Profile(ProfilePaths(other), open_store(ProfilePaths(other), data_keys["office"]))
    (reply,) = receiving.receive(replying, [pack.path], base / "replies").replies
    replying.close()
    shutil.copy(reply, folder / "new.officepack")
    names = {
        "stranger": _a_stranger_sends(folder, office),
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
    (folder / "words.txt").write_bytes(b"a scan " * 2_000)
    attached = recording.add_record(branch, "evidence", STORY, [folder / "words.txt"], state="ready").id
    (folder / "attached").write_text(attached)
    keeping.backup(branch, folder / "made.branchbackup")
    opened = recording.open_record(branch, names["draft"])
    late = unsaved.Typed(names["draft"], opened.content.with_answer("about/summary", "Typed late."), opened.form.package)
    unsaved.keep_beside(branch.paths, unsaved.seal(branch, {names["draft"]: late}))
    jottings.keep(branch, BOX, "Left in the box.")
    assert sent
    for each in (branch, office):
        each.close()
    spoilt = ProfilePaths(folder / "spoilt")
    spoilt.folder.mkdir()
    for path in (branch.paths.database, branch.paths.keys):
        shutil.copy(path, spoilt.folder)
    spoilt.database.write_bytes(b"\0" * 8192 + spoilt.database.read_bytes()[8192:])
    return folder, data_keys


def _a_stranger_sends(folder: Path, office: Profile) -> str:
    """A laptop the office has not spoken to yet, whose file waits."""
    paths = ProfilePaths(folder.with_name("york"))
    york = profile.create(paths, role="branch", name="York", passphrase=WORDS, cost=CHEAP, authorities=("816",)).profile
    receiving.add_office_card(york, folder / "office.officecard")
    recording.add_record(york, "evidence", STORY, state="ready")
    (pack,) = sending.send(york, folder.with_name("from york")).packs
    (found,) = receiving.receive(office, [pack.path]).files
    assert found.outcome == "waiting", found
    york.close()
    return york.me.device


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
        assert soundness.check(world._profile(who).store) == []
    for name in ("sent", "draft", "meeting"):
        assert recording.open_record(world.branch, world.text(name))


class Trial:
    """One copy of the prepared records, on which a scenario is played with a failing disk."""

    def __init__(self, template: Template) -> None:
        self.folder = template[0].with_name("run")
        self._keys = template[1]
        shutil.copytree(template[0], self.folder)

    def __enter__(self) -> World:
        return World(self.folder, self._keys)

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def one_failure(
    scenario: Scenario, template: Template, at: int, error: int, *, for_good: bool, after: Hashable = None
) -> tuple[int, bool, Hashable]:
    """Let the ``at``-th call fail (0: none). Asserts all that is promised.

    ``after``: what the scenario comes to when nothing fails, the only other state a failure may leave. Answers how many
    calls there were, whether one failed, and the state it came to.
    """
    told: WorldError | None = None
    with Trial(template) as world, tortured() as c:
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
        if scenario.stays:
            world.close()
            if scenario.finishes_later:
                here = scenario.look(world)
            assert scenario.look(world) == here, "what is seen must be what is on the disk"
        if told is None:
            assert here != before, "nothing was said, so it must have been done"
        if told is not None and here == before:
            _is_a_sentence(told)
            scenario.act(world)
            again = scenario.look(world)
            assert again != before, "trying again must work"
        elif after is not None:
            # Done although something was said: then it must be the whole of it.
            assert here == after, (after, here, told)
        sound(world)
        world.close()
        return calls, failed, here


def _is_a_sentence(told: WorldError) -> None:
    """What happened, what is safe, what to do: for a person, without the insides of the program."""
    words = str(told)
    assert told.what.endswith(".") and told.safe and told.do, words
    assert not any(inside in words for inside in ("Traceback", "Errno", "sqlite", "SQL", "None", "\\x")), words


def every_write_short(scenario: Scenario, template: Template, after: Hashable) -> None:
    """Every write takes only a part of what it is given: nothing is said, and all is done."""
    with Trial(template) as world, tortured():
        scenario.touch(world)
        disk = files.DISK
        assert isinstance(disk, TorturedDisk)
        disk.short = True
        scenario.act(world)
        disk.short = False
        assert scenario.look(world) == after
        sound(world)
        world.close()
