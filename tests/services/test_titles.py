"""What a record is called in lists when nobody gave it a title: the first words of its story, and whole ones."""

from __future__ import annotations

from desktop_app.services import recording
from desktop_app.services.profile import Profile

STORY = "A head of a primary school says that the specialist teacher now comes every third week, not every week."


def _title(profile: Profile, story: str) -> str:
    return recording.open_record(profile, recording.jot(profile, story)).title


def test_a_long_story_ends_in_a_whole_word(branch: Profile) -> None:
    title = _title(branch, STORY)
    assert title.endswith("every third week…") and len(title) <= 90


def test_one_endless_word_is_cut_where_it_must_be(branch: Profile) -> None:
    title = _title(branch, "x" * 300)
    assert len(title) == 90 and title.endswith("x…")


def test_a_short_story_stands_whole(branch: Profile) -> None:
    assert _title(branch, "First requests\ncome back.") == "First requests come back."
