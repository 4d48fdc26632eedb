"""Passages of a jotting go where they belong, in the record itself or in one of their own; nothing is lost by it."""

from __future__ import annotations

import pytest

from desktop_app.errors import NotFound, RecordError
from desktop_app.services import meetings, recording, sorting
from desktop_app.services.profile import Profile

JOTTING = "Forms were refused twice. The educational psychologist comes twice a year now."
PASSAGE = "The educational psychologist comes twice a year now."


@pytest.fixture
def jotting(branch: Profile) -> str:
    return recording.jot(branch, JOTTING)


def test_every_category_has_a_question_that_takes_a_passage(branch: Profile, jotting: str) -> None:
    session = recording.session_for(recording.open_record(branch, jotting), branch.clock())
    found = sorting.categories(session)
    assert len(found) == 7
    for category in found:
        first = sorting.questions_for(session, category.name)[0]
        sorting.put_into(session, PASSAGE, category.name, first)
        node = session.node(first.path)
        assert node.relevant, first.path
        assert node.value == PASSAGE
    assert session.node("/data/about/topics").value.split() == [category.name for category in found]


def test_a_second_passage_stands_under_the_first_and_none_stands_twice(branch: Profile, jotting: str) -> None:
    session = recording.session_for(recording.open_record(branch, jotting), branch.clock())
    question = sorting.questions_for(session, "access_and_consequences")[0]
    for words in (PASSAGE, "Forms were refused twice.", PASSAGE):
        sorting.put_into(session, words, "access_and_consequences", question)
    assert session.node(question.path).value == f"{PASSAGE}\n\nForms were refused twice."
    assert session.node("/data/about/summary").value == JOTTING
    with pytest.raises(NotFound):
        sorting.put_into(session, PASSAGE, "no_such_category", question)


def test_a_record_of_its_own_is_linked_both_ways_and_can_be_undone(branch: Profile, jotting: str) -> None:
    recording.edit_record(branch, jotting, {"about": {"permission": "quote"}})
    made = sorting.own_record(branch, jotting, PASSAGE, "access_and_consequences")
    there, here = recording.open_record(branch, made), recording.open_record(branch, jotting)
    about = there.content.answers["about"]
    assert (about["summary"], about["topics"]) == (PASSAGE, "access_and_consequences")
    assert (about["permission"], about["authorities"], about["when_from"]) == ("quote", "383", "2026-11-22")
    assert [found.record for found in sorting.linked(branch, here.content)] == [made]
    assert [(found.rel, found.record) for found in sorting.linked(branch, there.content)] == [("from_passage", jotting)]
    sorting.undo_own_record(branch, jotting, made)
    assert recording.open_record(branch, jotting).content.links == ()
    with pytest.raises(NotFound):
        recording.open_record(branch, made)


def test_a_record_that_is_ready_is_not_undone(branch: Profile, jotting: str) -> None:
    made = sorting.own_record(branch, jotting, PASSAGE, "")
    recording.mark_ready(branch, made)
    with pytest.raises(RecordError):
        sorting.undo_own_record(branch, jotting, made)
    assert recording.open_record(branch, jotting).content.links[0].record == made


def test_what_stays_in_the_branch_makes_records_that_stay(branch: Profile) -> None:
    source = recording.start(branch, "evidence", {"about": {"summary": JOTTING}}, branch_only=True)
    assert recording.open_record(branch, sorting.own_record(branch, source, PASSAGE, "")).content.branch_only


def test_links_of_a_meeting_are_named(branch: Profile) -> None:
    line = {"line_text": PASSAGE, "line_topic": "pressures", "line_mark": "evidence"}
    meeting = meetings.start_meeting(branch, {"about": {"title": "SENCO meeting"}, "notes": {"lines": [line]}})
    (made,) = meetings.make_records(branch, meeting)
    (back,) = sorting.linked(branch, recording.open_record(branch, made).content)
    (there,) = sorting.linked(branch, recording.open_record(branch, meeting).content)
    assert (back.rel, back.form, back.title) == ("from_line", "senco_meeting", "SENCO meeting")
    assert (there.rel, there.record, there.row) == ("became", made, back.row)
