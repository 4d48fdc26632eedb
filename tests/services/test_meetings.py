"""A SENCO meeting: lines become records linked both ways, and a line can be taken out again."""

from __future__ import annotations

import pytest

from desktop_app.errors import NotFound
from desktop_app.services import meetings, recording
from desktop_app.services.profile import Profile
from desktop_app.storage.projection import Filters

NOTES = {
    "about": {"title": "SENCO meeting", "authorities": "383", "held_on": "2026-11-19", "place": "Online"},
    "notes": {
        "lines": [
            {"line_text": "Visits down from six to two", "line_topic": "pressures", "line_mark": "evidence",
             "line_category": "access_and_consequences", "line_permission": "quote"},
            {"line_text": "Bring the request forms", "line_topic": "pressures", "line_mark": "action"},
            {"line_text": "Paperwork is the worst of it", "line_topic": "experiences", "line_mark": "note"},
        ]
    },
}  # fmt: skip


@pytest.fixture
def meeting(branch: Profile) -> str:
    return meetings.start_meeting(branch, NOTES)


def test_marked_lines_become_records_linked_both_ways(branch: Profile, meeting: str) -> None:
    made = meetings.make_records(branch, meeting)
    assert len(made) == 2
    evidence, action = (recording.open_record(branch, record) for record in made)
    assert (evidence.form.id, action.form.id) == ("evidence", "action")
    about = evidence.content.answers["about"]
    assert about["summary"] == "Visits down from six to two"
    assert (about["permission"], about["topics"]) == ("quote", "access_and_consequences")
    assert (about["authorities"], about["when_from"]) == ("383", "2026-11-19")
    assert about["source_reference"] == "SENCO meeting, line 1"
    rows = {line.row: line for line in meetings.lines(recording.open_record(branch, meeting).content)}
    for opened in (evidence, action):
        (link,) = [found for found in opened.content.links if found.rel == "from_line"]
        assert link.record == meeting
        assert rows[link.row].became == opened.id


def test_making_records_twice_makes_nothing_new(branch: Profile, meeting: str) -> None:
    meetings.make_records(branch, meeting)
    assert meetings.make_records(branch, meeting) == []


def test_a_line_taken_out_is_gone_with_what_was_made_of_it(branch: Profile, meeting: str) -> None:
    evidence, _ = meetings.make_records(branch, meeting)
    recording.mark_ready(branch, meeting)
    recording.mark_ready(branch, evidence)
    row = meetings.lines(recording.open_record(branch, meeting).content)[0].row
    meetings.take_out_line(branch, meeting, row)
    with pytest.raises(NotFound):
        recording.open_record(branch, evidence)
    texts = [line.text for line in meetings.lines(recording.open_record(branch, meeting).content)]
    assert texts == ["Bring the request forms", "Paperwork is the worst of it"]
    numbers = [line.number for line in meetings.lines(recording.open_record(branch, meeting).content)]
    assert numbers == [2, 3]  # a number, once given, stays
    assert recording.search(branch, "visits", Filters()).rows == []
    with pytest.raises(NotFound):
        meetings.take_out_line(branch, meeting, row)


def test_a_line_without_permission_is_not_agreed(branch: Profile, meeting: str) -> None:
    assert meetings.lines(recording.open_record(branch, meeting).content)[2].permission == "not_agreed_yet"


def test_the_invitation_holds_agenda_notice_and_a_calendar_entry(branch: Profile, meeting: str) -> None:
    text = meetings.invitation_text(branch, meeting)
    assert "19 November 2026" in text and "Online" in text
    for _, words in meetings.AGENDA:
        assert words in text
    assert "not for the record" in text
    calendar = meetings.invitation_calendar(branch, meeting)
    assert b"DTSTART;VALUE=DATE:20261119\r\n" in calendar
    assert all(len(row) <= 75 for row in calendar.split(b"\r\n"))


def test_the_invitation_says_at_what_time(branch: Profile, meeting: str) -> None:
    recording.edit_record(branch, meeting, {"about": {"starts_at": "4 pm"}})
    assert "19 November 2026 at 16:00" in meetings.invitation_text(branch, meeting)
    calendar = meetings.invitation_calendar(branch, meeting)
    assert b"DTSTART:20261119T160000\r\n" in calendar
    assert b"VALUE=DATE" not in calendar
    recording.edit_record(branch, meeting, {"about": {"starts_at": "after school"}})
    assert b"DTSTART;VALUE=DATE:20261119\r\n" in meetings.invitation_calendar(branch, meeting)
