"""A SENCO meeting: lines become records linked both ways, and a line can be taken out again."""

from __future__ import annotations

import pytest

from desktop_app.errors import NotFound
from desktop_app.reports import readback
from desktop_app.services import meetings, recording, reporting
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


def test_an_action_made_of_a_line_that_was_not_agreed_is_in_nothing_shareable(branch: Profile) -> None:
    words = "Ask the director why the base is to close at Easter without a word."
    for permission, shared in (("not_agreed_yet", False), ("use_without_quoting", False), ("quote", True)):
        row = {"line_text": words, "line_permission": permission, "line_mark": "action", "line_number": "1"}
        meeting = recording.add_record(
            branch, "senco_meeting", {"about": {"title": "SENCOs"}, "notes": {"lines": [row]}}, state="ready"
        ).id
        (action,) = meetings.make_records(branch, meeting)
        for kind in ("record", "action_list"):
            given = reporting.prepare(branch, kind, [action], audience="shareable")
            data, _, withheld = reporting.preview(given)
            assert (words[:30] in " ".join(readback.text_of(data).split())) is shared, (permission, kind)
            assert bool(withheld) is not shared
        recording.edit_record(branch, action, {"about": {"title": "Write to the director."}}, state="ready")
        data, _, _ = reporting.preview(reporting.prepare(branch, "action_list", [action], audience="shareable"))
        assert "Write to the director." in readback.text_of(data), (
            "in words of the branch's own it is as free as any action"
        )


def test_what_was_made_of_a_line_is_as_free_as_the_line_is_today(branch: Profile) -> None:
    row = {"_id": "r1", "line_text": "They told us to refuse first requests.", "line_permission": "quote",
           "line_mark": "evidence", "line_number": "1"}  # fmt: skip
    meeting = recording.add_record(branch, "senco_meeting", {"notes": {"lines": [row]}}, state="ready").id
    (made,) = meetings.make_records(branch, meeting)
    told = recording.open_record(branch, meeting).content.answers["notes"]["lines"][0]
    assert "refuse first" in readback.text_of(
        reporting.preview(reporting.prepare(branch, "record", [made], audience="shareable"))[0]
    )
    recording.edit_record(
        branch, meeting, {"notes": {"lines": [{**told, "line_permission": "not_agreed_yet"}]}}, state="ready"
    )
    data, _, withheld = reporting.preview(reporting.prepare(branch, "record", [made], audience="shareable"))
    assert "refuse first" not in readback.text_of(data)
    assert withheld
