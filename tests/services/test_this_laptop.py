"""Records that find out that they are a copy: a name of their own, and what two copies write meets, nothing overwritten."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from exchange_world import change, introduce, ready, story

from desktop_app.paths import ProfilePaths
from desktop_app.platform import computer
from desktop_app.services import (
    deciding,
    jottings,
    keeping,
    leaving,
    place,
    receiving,
    recording,
    restoring,
    sending,
    this_laptop,
)
from desktop_app.services.profile import Profile, unlock
from desktop_app.storage import laptops, revisions

PASSPHRASE = "five words make it long"


@pytest.fixture
def opened(clock: object) -> Iterator[Callable[[Path], Profile]]:
    """Opens records in a folder as a person would; closed at the end."""
    found: list[Profile] = []

    def open_in(folder: Path, passphrase: str = PASSPHRASE) -> Profile:
        found.append(unlock(ProfilePaths(folder), passphrase=passphrase, clock=clock))  # type: ignore[arg-type]
        return found[-1]

    yield open_in
    for profile in found:
        profile.close()


@pytest.fixture
def pair(make_profile: Callable[..., Profile], tmp_path: Path) -> tuple[Profile, Profile]:
    branch, office = make_profile("Leeds", authorities=("383",)), make_profile("Office", role="office")
    introduce(branch, office, tmp_path / "known")
    return branch, office


def deliver(branch: Profile, office: Profile, folder: Path) -> Path:
    """A file from the branch is added at the office, its laptop accepted if need be; the reply."""
    (pack,) = sending.send(branch, folder).packs
    if receiving.receive(office, [pack.path]).files[0].outcome == "waiting":
        receiving.accept_device(office, branch.me.device)
    (reply,) = [path for path in receiving.reply_to_all(office, folder / "replies") if path.exists()][-1:]
    return reply


def test_records_opened_where_they_are_keep_their_name(branch: Profile, opened: Callable[[Path], Profile]) -> None:
    ready(branch)
    before = branch.me.device
    branch.close()
    for _ in range(3):
        again = opened(branch.paths.folder)
        assert again.me.device == before and not this_laptop.is_new(again.store)
        change(again, recording.jot(again, "More"), "More words")
        again.close()


def test_a_folder_that_was_moved_by_hand_or_by_the_program_keeps_its_name(
    branch: Profile, opened: Callable[[Path], Profile], tmp_path: Path
) -> None:
    before = branch.me.device
    branch.close()
    shutil.move(branch.paths.folder, tmp_path / "by hand")
    moved = opened(tmp_path / "by hand")
    assert moved.me.device == before
    place.move(moved, ProfilePaths(tmp_path / "by the program"))
    assert opened(tmp_path / "by the program").me.device == before


COPIES = ("restored by command", "put back", "copied folder", "handed over")


def copy_of(branch: Profile, how: str, into: Path, opened: Callable[..., Profile]) -> Profile:
    """A second set of these records, made in one of the ways a person has."""
    backup = into.with_suffix(".branchbackup")
    if how == "restored by command":
        keeping.backup(branch, backup)
        keeping.restore(backup, into)
    elif how == "put back":
        keeping.backup(branch, backup)
        restoring.put_back(ProfilePaths(into), backup, passphrase=PASSPHRASE)[0].close()
    elif how == "handed over":
        leaving.hand_over(branch, backup, PASSPHRASE, "words of the successor", said=2)
        restoring.put_back(ProfilePaths(into), backup, passphrase="words of the successor")[0].close()
        return opened(into, "words of the successor")
    else:
        branch.close()
        shutil.copytree(branch.paths.folder, into)
    return opened(into)


@pytest.mark.parametrize("how", COPIES)
def test_two_copies_change_one_record_and_both_versions_are_kept_and_shown(
    pair: tuple[Profile, Profile], how: str, opened: Callable[..., Profile], tmp_path: Path
) -> None:
    branch, office = pair
    record = ready(branch, "As it was before")
    deliver(branch, office, tmp_path / "first")
    copy = copy_of(branch, how, tmp_path / "copy", opened)
    if branch.store.conn is None:
        branch = opened(branch.paths.folder)
    assert copy.me.device != branch.me.device and copy.me.branch == branch.me.branch
    assert copy.words != branch.words and this_laptop.is_new(copy.store) and not this_laptop.is_new(branch.store)

    change(branch, record, "What the old laptop says")
    change(copy, record, "What the copy says")
    reply = deliver(branch, office, tmp_path / "second")
    waits = sending.send(copy, tmp_path / "third").packs[0]
    (outcome,) = receiving.receive(office, [waits.path]).files
    assert outcome.outcome == "waiting", "a laptop of its own: the six words are compared first"
    receiving.accept_device(office, copy.me.device)
    (pair_,) = deciding.pairs(office, record)
    assert {side.said for side in pair_.sides} == {"What the old laptop says", "What the copy says"}
    for each in revisions.of_record(office.store, record):
        assert each.revision.device in (branch.me.device, copy.me.device)

    # The office decides, and both copies learn of it and of each other.
    deciding.decide(office, record, {pair_.leaf: deciding.Decision("What the copy says")})
    replies = receiving.reply_to_all(office, tmp_path / "replies")
    for laptop in (branch, copy):
        assert {each.outcome for each in receiving.receive(laptop, [reply, *replies]).files} <= {"reply", "already", "refused"}
    assert story(copy, record) == "What the copy says"


def test_what_was_unsent_when_it_was_copied_travels_from_the_copy_signed_by_it(
    pair: tuple[Profile, Profile], opened: Callable[..., Profile], tmp_path: Path
) -> None:
    branch, office = pair
    record = ready(branch, "One")
    change(branch, record, "Two")
    before = branch.me.device
    copy = copy_of(branch, "put back", tmp_path / "copy", opened)
    change(copy, record, "Three")
    deliver(copy, office, tmp_path / "out")
    assert story(office, record) == "Three"
    (sent,) = revisions.of_record(office.store, record)
    assert sent.revision.device == copy.me.device != before


def test_replies_to_the_old_name_are_read_and_count(
    pair: tuple[Profile, Profile], opened: Callable[..., Profile], tmp_path: Path
) -> None:
    """The file went out, the laptop was lost, the backup was put back, and then the reply came."""
    branch, office = pair
    record = ready(branch, "Sent before")
    (pack,) = sending.send(branch, tmp_path / "out").packs
    copy = copy_of(branch, "put back", tmp_path / "copy", opened)
    branch.close()
    (reply,) = receiving.receive(office, [pack.path], tmp_path / "replies").replies
    assert receiving.receive(copy, [reply]).files[0].outcome == "reply"
    assert recording.open_record(copy, record).standing_code == "office_has_it"
    assert [device.state for device in laptops.devices(copy.store) if device.id == branch.me.device] == ["accepted"]


def test_an_older_state_put_back_by_hand_is_a_copy(branch: Profile, opened: Callable[[Path], Profile]) -> None:
    ready(branch, "Old")
    before = branch.me.device
    branch.close()
    old = branch.paths.database.read_bytes()
    later = opened(branch.paths.folder)
    ready(later, "New, and sent perhaps")
    later.close()
    branch.paths.database.write_bytes(old)
    assert opened(branch.paths.folder).me.device != before


def test_another_computer_is_another_laptop_and_back_again_is_the_same(
    branch: Profile, opened: Callable[[Path], Profile], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with records on a drive that is carried between two computers: two names in all, not one a day."""
    home = branch.me.device
    branch.close()
    seen = []
    for where in ("office", "home", "office", "home"):
        with monkeypatch.context() as there:
            if where == "office":
                there.setattr(computer, "mark", lambda: "another computer")
            here = opened(branch.paths.folder)
            seen.append(here.me.device)
            assert [d.id for d in laptops.devices(here.store) if d.state == "self"] == [here.me.device]
            ready(here, f"Written at the {where}")
            here.close()
    assert seen == [seen[0], home, seen[0], home] and seen[0] != home


def test_a_damaged_file_that_was_rescued_whole_is_the_same_laptop(
    branch: Profile, opened: Callable[[Path], Profile]
) -> None:
    ready(branch)
    before = branch.me.device
    branch.close()
    back, _ = restoring.put_back(branch.paths, None, passphrase=PASSPHRASE)
    assert back.me.device == before
    back.close()


def test_a_full_disk_leaves_the_old_name_until_there_is_room(
    branch: Profile, opened: Callable[[Path], Profile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    from desktop_app import files

    class Full(files.Disk):
        def write(self, descriptor: int, data: bytes | memoryview) -> int:
            raise OSError(errno.ENOSPC, "full")

    jottings.put(branch, "a name", "Words")
    before = branch.me.device
    branch.close()
    shutil.copytree(branch.paths.folder, tmp_path / "copy")
    with monkeypatch.context() as full:
        full.setattr(files, "DISK", Full())
        there = opened(tmp_path / "copy")
        assert there.me.device == before
        there.close()
    assert opened(tmp_path / "copy").me.device != before


def test_the_office_stays_the_office_wherever_it_is(
    pair: tuple[Profile, Profile], opened: Callable[[Path], Profile], tmp_path: Path
) -> None:
    _branch, office = pair
    keeping.backup(office, tmp_path / "o.branchbackup")
    keeping.restore(tmp_path / "o.branchbackup", tmp_path / "copy")
    assert opened(tmp_path / "copy").words == office.words
