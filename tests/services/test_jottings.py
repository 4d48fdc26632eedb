"""A jotting in its box outlives the program and a full disk: once, as a draft, whichever way its words come back."""

from __future__ import annotations

import itertools
from uuid import uuid4

import pytest

from desktop_app.services import erasing, jottings, recording, unsaved
from desktop_app.services.profile import Profile
from desktop_app.services.unsaved import Typed
from desktop_app.storage.projection import Filters

NAME = "8a4f7c2e-3f1d-4b6a-9f0e-0d6a5b1c2e3f"


def _titles(profile: Profile) -> list[str]:
    return sorted(row.title for row in recording.list_records(profile, Filters()).rows)


def test_what_was_left_in_the_box_becomes_one_draft(branch: Profile) -> None:
    jottings.keep(branch, NAME, "Half a")
    jottings.keep(branch, NAME, "Half a thought")
    assert jottings.rescue(branch) == [NAME]
    assert _titles(branch) == ["Half a thought"]
    assert jottings.rescue(branch) == [] and len(_titles(branch)) == 1


def test_an_empty_box_leaves_nothing(branch: Profile) -> None:
    jottings.keep(branch, NAME, "Half a thought")
    jottings.keep(branch, NAME, "  ")
    assert jottings.rescue(branch) == [] and _titles(branch) == []


def test_two_boxes_are_two_jottings(branch: Profile) -> None:
    jottings.keep(branch, NAME, "One")
    jottings.keep(branch, str(uuid4()), "Another")
    assert len(jottings.rescue(branch)) == 2
    assert _titles(branch) == ["Another", "One"]


WAYS = {
    "from its box": lambda profile: jottings.rescue(profile),
    "sealed, in memory": lambda profile: unsaved.take_in(profile, unsaved.seal(profile, {NAME: Typed(NAME, jotting=LONGER)})),
    "from the queue": lambda profile: Typed(NAME, jotting=LONGER).save(profile),
    "kept by hand": lambda profile: jottings.put(profile, NAME, LONGER),
}
LONGER = "Half a thought, and the rest of it é"


@pytest.mark.parametrize("order", list(itertools.permutations(WAYS, 3)), ids=" then ".join)
def test_the_same_jotting_by_several_ways_in_any_order_is_one_draft(branch: Profile, order: tuple[str, ...]) -> None:
    jottings.keep(branch, NAME, "Half a thought")
    for way in (*order, *order):
        WAYS[way](branch)
    assert _titles(branch) == [LONGER]
    assert recording.open_record(branch, NAME).content.answers["about"]["summary"] == LONGER
    assert jottings.rescue(branch) == [], "nothing is left to come back"


def test_what_the_person_made_of_it_meanwhile_stays(branch: Profile) -> None:
    jottings.put(branch, NAME, "Half a thought")
    recording.edit_record(branch, NAME, {"about": {"summary": "Something else now"}})
    for _ in range(2):
        other = jottings.put(branch, NAME, LONGER)
    assert other != NAME
    assert _titles(branch) == [LONGER, "Something else now"], "both, once each"
    recording.edit_record(branch, NAME, {}, state="ready")
    for _ in range(2):
        jottings.put(branch, NAME, "Something else")
    assert len(_titles(branch)) == 2, "words that are in the record are there"


def test_a_jotting_that_was_deleted_for_good_does_not_come_back(branch: Profile) -> None:
    jottings.put(branch, NAME, LONGER)
    sealed = unsaved.seal(branch, {NAME: Typed(NAME, jotting=LONGER)})
    erasing.erase(branch, NAME, "mistake")
    assert jottings.put(branch, NAME, LONGER) == ""
    assert unsaved.take_in(branch, sealed) == {}
    assert _titles(branch) == []


def test_words_on_their_way_are_not_rescued_in_an_older_state(branch: Profile) -> None:
    jottings.keep(branch, NAME, "Half a thuoght")
    assert jottings.rescue(branch, but={NAME}) == []
    Typed(NAME, jotting="Half a thought").save(branch)
    assert _titles(branch) == ["Half a thought"]
