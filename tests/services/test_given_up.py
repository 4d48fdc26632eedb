"""Work that is given up wherever it is asked whether it is still wanted, as locking does: as before, or whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exchange_world import everything_in, introduce, ready, story

from desktop_app.errors import Cancelled
from desktop_app.services import attachments, keeping, receiving, recording, sending
from desktop_app.services.contacts import adding_card, office_card
from desktop_app.services.profile import Profile
from desktop_app.storage import incoming, outgoing
from desktop_app.storage.projection import Filters
from desktop_app.wanted import given_up, still_wanted, watched

TIMES = 40
"""At how many places, spread over all of them, a job is given up."""


class GiveUp:
    """Gives up at the k-th asking; counts them."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.asked = at, 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.at is not None and self.asked >= self.at


def places(work: Callable[[], object]) -> list[int]:
    """Where to give a job up: the first and last askings, and some between. The job is done once."""
    count = GiveUp()
    with watched(count):
        work()
    assert count.asked > 3, "it is asked"
    return sorted({1, 2, 3, count.asked - 1, count.asked, *range(1, count.asked, max(1, count.asked // TIMES))})


def done_until(at: int, work: Callable[[], object]) -> bool:
    """Do it; True when it came to its end before it was given up."""
    try:
        with watched(GiveUp(at)):
            work()
    except Cancelled:
        return False
    return True


@pytest.fixture
def pair(make_profile: Callable[..., Profile], tmp_path: Path) -> tuple[Profile, Profile]:
    branch, office = make_profile("Leeds", authorities=("383",)), make_profile("Office", role="office")
    introduce(branch, office, tmp_path / "known")
    return branch, office


def shown(profile: Profile) -> list[tuple[Any, ...]]:
    """What is seen of the records: rows of lists, live versions, files added, receipts, files made."""
    store = profile.store
    return [
        *sorted(store.rows("select record, title, standing_words, two_versions from projection")),
        *sorted(store.rows("select id, live from revisions")),
        *((made.name, made.undone_utc is None) for made in incoming.imports(store)),
        *sorted(store.rows("select pack from receipts")),
        *((made.id, made.number) for made in outgoing.packs(store)),
    ]


def listed(profile: Profile) -> set[str]:
    return {row.title for row in recording.list_records(profile, Filters(), 100).rows}


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()} if folder.exists() else set()


def test_outside_of_any_watch_all_is_wanted() -> None:
    still_wanted()
    with watched(lambda: True):
        assert given_up()
        with watched(None):
            still_wanted()  # what must not stop half-way
        with pytest.raises(Cancelled):
            still_wanted()
    assert not given_up()


def test_a_long_statement_ends_where_it_stands(branch: Profile) -> None:
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    count = GiveUp(50)
    with watched(count), pytest.raises(Cancelled):
        branch.store.one(endless)
    assert count.asked >= 50
    assert ready(branch), "and the records go on being written"


def test_an_undoing_that_is_given_up_leaves_the_adding_as_it_was(pair: tuple[Profile, Profile], tmp_path: Path) -> None:
    branch, office = pair
    for number in range(12):
        ready(branch, f"Story {number}")
    (pack,) = sending.send(branch, tmp_path / "out").packs
    added = [receiving.receive(office, [pack.path]).id or 0]
    before = shown(office)
    assert len(listed(office)) == 13

    def undo() -> None:
        receiving.undo(office, added[-1])

    at = places(undo)
    assert shown(office) != before
    listed_before = listed(office)
    assert len(listed_before) == 1
    for place in at:
        added.append(receiving.receive(office, [pack.path]).id or 0)
        live = shown(office)
        if not done_until(place, undo):
            assert shown(office) == live
            undo()
        assert listed(office) == listed_before


def test_accepting_that_is_given_up_goes_on_with_what_is_left(
    make_profile: Callable[..., Profile], tmp_path: Path
) -> None:
    office = make_profile("Office", role="office")
    card = tmp_path / "o.officecard"
    office_card(office, card)

    def waiting(name: str) -> tuple[Profile, set[str]]:
        branch = make_profile(name, prepare=adding_card(card.read_bytes()))
        records = set()
        for part in ("a", "b"):
            records |= {ready(branch, f"Story {number} of {name} {part}") for number in range(3)}
            (pack,) = sending.send(branch, tmp_path / f"{name} {part}").packs
            assert receiving.receive(office, [pack.path]).files[0].outcome == "waiting"
        return branch, records

    first, records = waiting("Leeds 0")
    at = places(lambda: receiving.accept_device(office, first.me.device))
    assert receiving.can_be_added(office) == []
    for number, place in enumerate(at[:: max(1, len(at) // 10)], 1):
        branch, theirs = waiting(f"Leeds {number}")
        if not done_until(place, lambda branch=branch: receiving.accept_device(office, branch.me.device)):  # type: ignore[misc]
            (known,) = [each for each in receiving.devices(office) if each.id == branch.me.device]
            here = {row[0] for row in office.store.rows("select record from projection")}
            assert len(theirs & here) in (0, 3, 6), "each file whole or not at all"
            if known.state == "accepted":
                assert len(receiving.can_be_added(office)) == known.waiting
                receiving.take_in_waiting(office)
            else:
                assert known.waiting == 2
                receiving.accept_device(office, branch.me.device)
        records |= theirs
        assert {row[0] for row in office.store.rows("select record from projection")} == records
        assert incoming.waiting(office.store) == []
        for made in incoming.imports(office.store):
            assert outgoing.receipts(office.store, made.pack), "what is held is never without its receipt"


def test_replies_that_are_given_up_are_whole_or_not_there_and_the_others_are_made_afterwards(
    make_profile: Callable[..., Profile], tmp_path: Path
) -> None:
    office = make_profile("Office", role="office")
    branches = [make_profile(f"Branch {number}") for number in range(3)]
    for number, branch in enumerate(branches):
        introduce(branch, office, tmp_path / f"known {number}")
    at = places(lambda: receiving.reply_to_all(office, tmp_path / "all"))
    for place in at:
        folder = tmp_path / f"replies {place}"
        replied: dict[str, Path] = {}
        ended = not done_until(
            place, lambda: keeping.drained(receiving.reply_to_all_steps(office, folder, replied))  # noqa: B023
        )
        noted = {Path(made.path).name for made in outgoing.packs(office.store) if Path(made.path).parent == folder}
        assert files_in(folder) == noted == {path.name for path in replied.values()}
        if ended:
            made = keeping.drained(receiving.reply_to_all_steps(office, folder, replied))
            assert len(made) == len(files_in(folder)) == 3
    for branch in branches:
        replies = [path for path in folder.glob("*.officepack") if branch.me.branch.replace(" ", "-") in path.name]
        assert [each.outcome for each in receiving.receive(branch, replies).files] in (["reply"], ["already"])


def test_a_file_for_the_office_that_is_given_up_is_not_there(pair: tuple[Profile, Profile], tmp_path: Path) -> None:
    branch, office = pair
    record = ready(branch, "With a paper")
    paper = tmp_path / "minutes.bin"
    paper.write_bytes(os.urandom(2_000_000))
    content = recording.open_record(branch, record).content
    content, _ = attachments.take_in(branch, content, paper, shows_person="no", question="")
    recording.save_draft(branch, record, content)
    recording.mark_ready(branch, record)
    at = places(lambda: sending.send(branch, tmp_path / "first"))
    for place in at:
        folder = tmp_path / f"out {place}"
        if not done_until(place, lambda: sending.send(branch, folder)):  # noqa: B023
            noted = {Path(made.path).name for made in outgoing.packs(branch.store) if Path(made.path).parent == folder}
            assert files_in(folder) == noted
    (pack,) = sending.send(branch, tmp_path / "last").packs
    assert [each.outcome for each in receiving.receive(office, [pack.path]).files] == ["added"]
    assert story(office, record) == "With a paper"
    assert everything_in(office)["blobs"]
