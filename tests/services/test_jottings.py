"""A jotting in its box outlives the program: once, as a draft, and not when it was kept or emptied."""

from __future__ import annotations

from desktop_app.services import jottings, recording
from desktop_app.services.profile import Profile
from desktop_app.storage.projection import Filters


def _titles(profile: Profile) -> list[str]:
    return [row.title for row in recording.list_records(profile, Filters()).rows]


def test_what_was_left_in_the_box_becomes_one_draft(branch: Profile) -> None:
    jottings.keep(branch, "Half a")
    jottings.keep(branch, "Half a thought")
    assert jottings.rescue(branch)
    assert _titles(branch) == ["Half a thought"]
    assert jottings.rescue(branch) == "" and len(_titles(branch)) == 1


def test_an_empty_box_leaves_nothing(branch: Profile) -> None:
    jottings.keep(branch, "Half a thought")
    jottings.keep(branch, "  ")
    assert jottings.rescue(branch) == "" and _titles(branch) == []
