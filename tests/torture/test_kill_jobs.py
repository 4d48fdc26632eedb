"""T1: the program is killed in the middle of whole jobs at a branch and at the office: jottings still being typed, sending,
adding, undoing, accepting a laptop that was stopped, replies, papers. What a person was told is so; nothing is half-done; and
in the end the office has all that was sent.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from torture_kill import READY, Tell, told_until_killed
from torture_world import STORY, Template, World, prepared

from desktop_app.services import jottings, papers, receiving, recording, sending
from desktop_app.storage import blobs, drafts, incoming, laptops, outgoing, revisions, soundness

pytestmark = [
    pytest.mark.torture,
    pytest.mark.timeout(0),
    pytest.mark.skipif(sys.platform == "win32", reason="needs fork; Windows ends processes in another way"),
]
SEED = 20261122
KILLS = 60
BOX = "8a4f7c2e-3f1d-4b6a-9f0e-0d6a5b1c2e3f"  # the name of a jotting in its box
FRESH_AFTER = 20
Jobs = Callable[[World, int, Tell], None]


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    with prepared() as made:
        yield made


def job(world: World, number: int, tell: Tell) -> None:
    """One job, told when its call has returned. What undoes an earlier one is announced before."""
    kind = number % 10
    if kind == 0:
        jottings.keep(world.branch, BOX, f"Typed {number}.")
        tell(f"typed {number}")
    elif kind == 1:
        tell(f"draft {recording.jot(world.branch, f'Jotted {number}.')}")
    elif kind == 2:
        tell(f"record {recording.add_record(world.branch, 'evidence', STORY, state='ready').id}")
    elif kind == 3:
        for pack in sending.send(world.branch, world.folder / "out").packs:
            tell(f"sent {pack.number}")
    elif kind == 4:
        _office_adds(world, tell)
    elif kind == 5:
        for path in receiving.reply_to_all(world.office, world.folder / "replies"):
            tell(f"reply {path.name}")
    elif kind == 6:
        receiving.receive(world.branch, sorted((world.folder / "replies").glob("*Leeds*"))[-2:])
        for row in recording.list_records(world.branch, recording.Filters()).rows:
            if recording.open_record(world.branch, row.id).standing_code == "office_has_it":
                tell(f"confirmed {row.id}")
    elif kind == 7:
        _papers(world, number, tell)
    elif kind == 8:
        live = [made for made in incoming.imports(world.office.store) if not made.undone_utc]
        if live:
            tell(f"undoing {live[-1].id}")
            receiving.undo(world.office, live[-1].id)
            tell(f"undone {live[-1].id}")
    else:
        leeds = world.branch.me.device
        tell("stopping x")
        receiving.stop_device(world.office, leeds)
        tell("stopped x")
        _office_adds(world, tell)
        tell("accepting x")
        receiving.accept_device(world.office, leeds, world.folder / "replies")
        tell("accepted x")


def _office_adds(world: World, tell: Tell) -> None:
    files = sorted((world.folder / "out").glob("*.branchpack"), key=lambda path: path.stat().st_mtime_ns)[-3:]
    for found in receiving.receive(world.office, files).files:
        if found.outcome in ("added", "already"):
            tell(f"added {found.number}")


def _papers(world: World, number: int, tell: Tell) -> None:
    (world.folder / "hand out.txt").write_bytes(f"Paper {number}. ".encode() * 3_000)
    tell(f"paper {papers.put(world.office, world.folder / 'hand out.txt', f'Paper {number}').sha256}")
    for paper in papers.shelf(world.office)[3:]:
        tell(f"taking {paper.sha256}")
        papers.take_off(world.office, paper.sha256)


@dataclass
class Said:
    """What a person was told so far and must still be so."""

    typed: int = -1
    kept: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KEPT})
    leeds: str = "accepted"
    count: int = 0

    def hear(self, line: str) -> None:
        kind, what = line.split()
        self.count += 1
        if kind == "typed":
            self.typed = int(what)
        elif kind in KEPT:
            self.kept[kind].add(what)
        elif kind == "taking":
            self.kept["paper"].discard(what)
        elif kind == "undoing":
            self.kept["added"].clear()
            self.kept["confirmed"].clear()
        elif kind in ("stopping", "accepting"):
            self.leeds = ""  # neither may be said until the call returns
        elif kind in ("stopped", "accepted"):
            self.leeds = kind


KEPT = ("draft", "record", "sent", "added", "reply", "confirmed", "paper")


def untrue(world: World, said: Said) -> list[str]:
    """What was told and is not so, and what is half-done."""
    branch, office = world.branch.store, world.office.store
    wrong = [str(found) for store in (branch, office) for found in soundness.check(store)]
    wrong += [f"draft {record}" for record in said.kept["draft"] if drafts.load(branch, record) is None]
    wrong += [f"record {record}" for record in said.kept["record"] if revisions.state(branch, record) is None]
    wrong += _typed_words(world, said.typed)
    packs = {str(pack.number): pack for pack in outgoing.packs(branch)}
    for pack in packs.values():
        if pack.number > 2 and not (world.folder / "out" / Path(pack.path).name).exists():
            wrong.append(f"file {pack.number} is noted and not there")
    wrong += [f"sent {number}" for number in said.kept["sent"] - packs.keys()]
    live = {str(row[0]) for row in office.rows("select id from revisions where live = 1")}
    listed = {str(row[0]) for row in office.rows("select record from projection")}
    for number in said.kept["added"]:
        wrong += [f"added {number}" for rev in outgoing.pack_revisions(branch, int(number)) if rev not in live]
    wrong += [
        f"unlisted {row[0]}"
        for row in office.rows("select record from revisions where live = 1")
        if row[0] not in listed
    ]
    for record in said.kept["confirmed"]:
        if recording.open_record(world.branch, record).standing_code != "office_has_it":
            wrong.append(f"confirmed {record}")
    made = {Path(pack.path).name for pack in outgoing.packs(office) if Path(pack.path).parent.name == "replies"}
    there = {path.name for path in (world.folder / "replies").glob("*.officepack")}
    wrong += [f"reply {name}" for name in (said.kept["reply"] | made) - there]
    shelf = papers.shelf(world.office)
    wrong += [f"paper {sha256}" for sha256 in said.kept["paper"] - {paper.sha256 for paper in shelf}]
    wrong += [
        f"half of {paper.title}" for paper in shelf if sum(map(len, blobs.read(office, paper.sha256))) != paper.len
    ]
    device = laptops.device(office, world.branch.me.device)
    if said.leeds and (device is None or device.state != said.leeds):
        wrong.append(f"Leeds is not {said.leeds}")
    waiting = [each.name for each in receiving.waiting_files(world.office) if not Path(each.path).exists()]
    return wrong + [f"waits and is not there: {name}" for name in waiting]


def _typed_words(world: World, number: int) -> list[str]:
    """They stand in the box, or are the draft that the next start made of them; later ones may have taken their place."""
    if number < 0:
        return []
    kept = list(json.loads(world.branch.store.setting("jottings_in_hand") or "{}").values())
    for record in drafts.list_ids(world.branch.store):
        found = drafts.load(world.branch.store, record)
        kept.append(str(found.content["answers"].get("about", {}).get("summary", "")) if found else "")
    numbers = [int(words[6:-1]) for words in kept if words.startswith("Typed ")]
    return [] if any(each >= number for each in numbers) else [f"typed {number}"]


class Bench:
    """A branch and its office that are killed again and again."""

    def __init__(self, template: Template, folder: Path, work: Jobs = job) -> None:
        shutil.copytree(template[0], folder)
        self.folder, self.keys, self.work = folder, template[1], work
        self.said = Said()
        self.number = 0

    def run_and_kill(self, after: float) -> None:
        def work(tell: Tell) -> None:
            world = World(self.folder, self.keys)
            world.branch.forms.ids()
            world.office.forms.ids()
            tell(READY)
            jottings.rescue(world.branch)
            for number in range(self.number, self.number + 100_000):
                self.work(world, number, tell)

        lines = told_until_killed(work, after)
        for line in lines:
            self.said.hear(line)
        # On to where it was, or one beyond: every job is met by kills, and none stops the others.
        self.number += len(lines) + 1

    def untrue(self) -> list[str]:
        world = World(self.folder, self.keys)
        try:
            return untrue(world, self.said)
        finally:
            world.close()

    def in_the_end(self) -> list[str]:
        """Everything noted as sent is added: all of it is at the office, and in its lists."""
        world = World(self.folder, self.keys)
        try:
            receiving.accept_device(world.office, world.branch.me.device)
            self.said.leeds = "accepted"
            receiving.receive(world.office, sorted((self.folder / "out").glob("*.branchpack")))
            live = {str(row[0]) for row in world.office.store.rows("select id from revisions where live = 1")}
            sent = [pack.number for pack in outgoing.packs(world.branch.store) if pack.number > 2]
            revs = [rev for number in sent for rev in outgoing.pack_revisions(world.branch.store, number)]
            return [*(f"never came: {rev}" for rev in revs if rev not in live), *untrue(world, self.said)]
        finally:
            world.close()


def test_nothing_told_is_untrue_when_the_program_is_killed_in_its_jobs(
    quick: Path, template: Template, effort: int, figure: Callable[[str], None]
) -> None:
    dice = random.Random(SEED)
    kills = told = 0
    while kills < KILLS * effort:
        bench = Bench(template, quick / f"bench {kills}")
        for _ in range(FRESH_AFTER):
            bench.run_and_kill(dice.random() * dice.choice((0.02, 0.1, 0.3)))
            kills += 1
            assert bench.untrue() == [], f"seed {SEED}, kill {kills}"
        assert bench.in_the_end() == [], f"seed {SEED}, kill {kills}"
        told += bench.said.count
        shutil.rmtree(bench.folder)
    figure(f"T1 seed {SEED}: {kills} kills in whole jobs of branch and office, {told} things told")
    assert told > kills / 2


def test_the_harness_catches_jobs_that_are_told_before_they_are_done(quick: Path, template: Template) -> None:
    """The broken build: words count as kept, and then they are."""

    def too_early(world: World, number: int, tell: Tell) -> None:
        to_type = number // 10 * 10
        tell(f"typed {to_type}")
        time.sleep(0.002)
        job(world, to_type, lambda _told: None)

    dice = random.Random(1)
    bench = Bench(template, quick / "bench", too_early)
    for _ in range(60):
        bench.run_and_kill(dice.random() * dice.choice((0.02, 0.1)))
        bench.number += 10
        if bench.untrue():
            return
    pytest.fail("a program that tells before it has kept was not noticed")
