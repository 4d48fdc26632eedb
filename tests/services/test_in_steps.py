"""A large file is added in steps: drafts are saved in between, nothing of it is seen before all of it, nothing stays."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange_world import evidence, introduce

from desktop_app.paths import ProfilePaths
from desktop_app.services import keeping, receiving, recording, sending, sifting, versions
from desktop_app.services import profile as profiles
from desktop_app.services.content import Content
from desktop_app.services.form_library import reference
from desktop_app.services.profile import Profile
from desktop_app.storage import incoming, laptops, rotation
from desktop_app.storage.projection import Filters

MANY = 230
PASSPHRASE = "five words make it long"
Offices = Callable[[str], Profile]


@pytest.fixture
def pack(make_profile: Callable[..., Profile], tmp_path: Path) -> Path:
    """A file with many records from a laptop the office knows; one of them has two versions of an answer."""
    branch, office = make_profile("Leeds"), make_profile("Office", "office")
    introduce(branch, office, tmp_path / "first")
    form = reference(branch.forms.current("evidence"))
    with branch.store.atomic():
        for number in range(MANY):
            record = str(uuid.uuid4())
            tales = ("quokka one", "quokka two") if number == 7 else (f"Story {number}",)
            for words in tales:
                told = Content(evidence(words, authorities=("383", "886")[number % 2]))
                versions.make_revision(branch, record, form, told, parents=())
            versions.refresh(branch, record)
    (made,) = sending.send(branch, tmp_path / "out").packs
    return made.path


@pytest.fixture
def offices(pack: Path, tmp_path: Path, clock: Any) -> Iterator[Offices]:
    """As many offices as wanted, each as the one that knows the laptop and has not added the file."""
    opened: list[Profile] = []

    def make(name: str) -> Profile:
        folder = tmp_path / name
        if not folder.exists():
            shutil.copytree(tmp_path / "office Office é", folder, ignore=shutil.ignore_patterns("*lock*"))
        opened.append(profiles.unlock(ProfilePaths(folder), passphrase=PASSPHRASE))
        return opened[-1]

    yield make
    for profile in opened:
        profile.close()


def seen(office: Profile) -> list[tuple[Any, ...]]:
    """Everything lists, filters and search show."""
    rows = office.store.rows(
        "select record, form, title, authorities, when_from, standing, branch, two_versions, draft, words, changed_utc"
        " from projection order by record"
    )
    rows += office.store.rows(
        "select p.record, a.ref, a.leaf, a.value_label, a.verdict from answers a join projection p on p.n = a.n"
        " order by p.record, a.id"
    )
    rows += office.store.rows(
        "select p.record, kind, value from tags t join projection p on p.n = t.n order by 1, 2, 3"
    )
    rows += office.store.rows("select id, live, here from revisions order by id")
    return rows + sorted((row.id,) for row in recording.search(office, "quok", Filters()).rows)


def count(office: Profile) -> tuple[Any, ...]:
    rows = office.store.one("select (select count(*) from revisions), (select count(*) from projection)")
    assert rows is not None
    return rows


def test_in_steps_and_in_one_go_come_to_the_same(offices: Offices, pack: Path) -> None:
    whole, stepped = offices("whole"), offices("stepped")
    before = count(stepped)
    first = receiving.receive(whole, [pack]).files[0]
    steps = receiving.receive_steps(stepped, [pack])
    last = 0
    try:
        while True:
            step = next(steps)
            if step.change > last:
                last = step.change
                assert count(stepped) == before, "nothing may be seen before all of it"
                assert (step.file, step.files, step.changes) == (0, 1, MANY + 1)
    except StopIteration as end:
        second = end.value.files[0]
    assert last == MANY + 1, "the file must have been looked through in steps"
    assert first == second
    assert (first.new, first.two_versions) == (MANY, 1)
    assert seen(whole) == seen(stepped)
    assert recording.search(stepped, "quok", Filters()).rows, "words of the file are found"
    again = receiving.receive(stepped, [pack]).files[0]
    assert (again.outcome, again.new) == ("already", 0)


def test_a_draft_is_saved_in_between_and_stays(offices: Offices, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = offices("office")
    held: list[bool] = []
    holds = sifting.Staged.holds
    monkeypatch.setattr(sifting.Staged, "holds", lambda self, *given: held.append(holds(self, *given)) or held[-1])
    record = recording.start(office, "evidence", evidence("wombat"))
    content = recording.open_record(office, record).content
    for number, _ in enumerate(receiving.receive_steps(office, [pack])):
        recording.save_draft(office, record, content.with_answer("about/title", f"wombat {number}"))
    assert held == [True], "what was looked through ahead is used: the drafts have nothing to do with it"
    assert recording.open_record(office, record).title == f"wombat {number}"
    assert [row.id for row in recording.search(office, "wombat", Filters()).rows] == [record]
    assert recording.search(office, "quok", Filters()).rows


def test_left_off_half_way_nothing_is_there(offices: Offices, pack: Path) -> None:
    office = offices("office")
    keeping.drained(keeping.before_adding(office))
    before = seen(office), incoming.imports(office.store)
    steps = receiving.receive_steps(office, [pack])
    while next(steps).change < MANY / 2:
        pass
    steps.close()
    assert (seen(office), incoming.imports(office.store)) == before
    assert receiving.receive(office, [pack]).files[0].new == MANY


def test_what_changes_meanwhile_is_not_overlooked(offices: Offices, pack: Path) -> None:
    """The laptop is stopped, or the same file added, while the file is being looked through."""
    stopped, twice, plain = offices("stopped"), offices("twice"), offices("plain")
    (laptop,) = (each for each in laptops.devices(stopped.store) if each.state == "accepted")
    steps = receiving.receive_steps(stopped, [pack])
    while next(steps).change < MANY / 2:
        pass
    receiving.stop_device(stopped, laptop.id)
    outcome = keeping.drained(steps).files[0]
    assert (outcome.new, outcome.code) == (0, "E-STOPPED")

    steps = receiving.receive_steps(twice, [pack])
    while next(steps).change < MANY / 2:
        pass
    receiving.receive(twice, [pack])
    assert keeping.drained(steps).files[0].outcome == "already"
    receiving.receive(plain, [pack])
    assert seen(twice) == seen(plain)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork; Windows ends processes in another way")
def test_killed_half_way_nothing_is_seen_and_nothing_is_left(offices: Offices, pack: Path, tmp_path: Path) -> None:
    office = offices("office")
    keeping.drained(keeping.before_adding(office))
    before = seen(office)
    office.close()
    files = sorted(path.name for path in (tmp_path / "office").rglob("*") if "lock" not in path.name)
    child = os.fork()
    if child == 0:
        steps = receiving.receive_steps(offices("office"), [pack])
        while next(steps).change < MANY / 2:
            pass
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    again = offices("office")
    assert seen(again) == before
    assert sorted(path.name for path in (tmp_path / "office").rglob("*") if "lock" not in path.name) == files
    assert receiving.receive(again, [pack]).files[0].new == MANY


def test_a_backup_is_made_before_files_are_added_once_in_half_a_day(offices: Offices, pack: Path) -> None:
    office = offices("office")
    for path, _ in rotation.listing(office.paths):
        path.unlink()
    receiving.receive(office, [pack])
    receiving.receive(office, [pack])
    (made,) = rotation.listing(office.paths)
    assert "-add" in made[0].name


def test_a_look_at_a_large_file_counts_as_adding_does_and_writes_nothing(offices: Offices, pack: Path) -> None:
    """New, then partly there, then all there; and with the laptop stopped in between."""
    office = offices("office")
    record_fields = ("outcome", "code", "new", "changed", "same", "two_versions", "waiting", "deleted", "left_out")

    def counts(found: receiving.Import) -> list[object]:
        return [getattr(found.files[0], name) for name in record_fields]

    def look() -> list[object]:
        before = seen(office), incoming.imports(office.store), office.store.conn.total_changes
        found = counts(receiving.preview(office, [pack]))
        assert (seen(office), incoming.imports(office.store), office.store.conn.total_changes) == before
        return found

    first = look()
    assert first[2] == MANY
    made = receiving.receive(office, [pack])
    assert counts(made) == first
    assert look()[0] == "already"
    assert made.id is not None
    receiving.undo(office, made.id)
    again = look()
    assert counts(receiving.receive(office, [pack])) == again
    (laptop,) = (each for each in laptops.devices(office.store) if each.state == "accepted")
    receiving.stop_device(office, laptop.id)
    assert look()[:2] == ["refused", "E-STOPPED"]
