"""A record begun and left without a word goes by itself; one letter, and it stays."""

from __future__ import annotations

import pytest

from desktop_app.errors import NotFound
from desktop_app.services import beginnings, private_notes, recording
from desktop_app.services.profile import Profile


@pytest.mark.parametrize("form", ["evidence", "senco_meeting", "action"])
def test_nothing_written_leaves_nothing_behind(branch: Profile, form: str) -> None:
    record = beginnings.begin(branch, form)
    assert recording.counts(branch)[form] == 1
    assert beginnings.drop_untouched(branch, record)
    assert recording.counts(branch)[form] == 0
    with pytest.raises(NotFound):
        recording.open_record(branch, record)
    assert not beginnings.drop_untouched(branch, record)


def test_one_word_and_it_stays(branch: Profile) -> None:
    record = beginnings.begin(branch, "evidence")
    recording.edit_record(branch, record, {"about": {"summary": "x"}})
    assert not beginnings.drop_untouched(branch, record)
    assert recording.open_record(branch, record).content.answers["about"]["summary"] == "x"


def test_what_was_emptied_on_purpose_stays(branch: Profile) -> None:
    record = beginnings.begin(branch, "evidence")
    recording.edit_record(branch, record, {"about": {"area": None}})
    assert not beginnings.drop_untouched(branch, record)


def test_what_a_killed_program_left_goes_at_the_next_start(branch: Profile) -> None:
    empty, written = beginnings.begin(branch, "evidence"), beginnings.begin(branch, "evidence")
    other = recording.start(branch, "evidence")  # not begun in the window: by a command, or made of a line
    recording.edit_record(branch, written, {"about": {"summary": "x"}})
    note = beginnings.begin_note(branch, written)
    assert sorted(beginnings.drop_all_untouched(branch)) == sorted([empty, note])
    assert private_notes.notes_on(branch, written) == []
    assert {row.id for row in recording.list_records(branch, recording.Filters()).rows} == {written, other}
    assert beginnings.drop_all_untouched(branch) == []
