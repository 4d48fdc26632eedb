"""Recording on a real encrypted store with the real evidence form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.errors import NotFound, RecordError, UsageProblem
from desktop_app.services import recording
from desktop_app.services.content import KEPT_WORDS, REASON, value_at
from desktop_app.services.history import history
from desktop_app.services.profile import Profile, unlock
from desktop_app.storage.projection import Filters

STORY = {
    "about": {
        "summary": "A SENCO said that a first request came back refused.",
        "area": "one_authority",
        "authorities": ["886"],
        "title": "First request refused",
        "when_from": "27 3 2025",
        "strength": "first_hand",
        "topics": ["access_and_consequences"],
    },
    "access_and_consequences": {
        "c2_refuses_first_assessment": "yes",
        "waits": [
            {"wait_service": "educational_psychology", "wait_weeks": "27"},
            {"wait_service": "autism_or_adhd_pathway"},
        ],
    },
}


def test_a_draft_is_there_again_after_the_records_were_closed(branch: Profile) -> None:
    record = recording.start(branch, "evidence", STORY)
    branch.close()
    again = unlock(branch.paths, passphrase="five words make it long")
    opened = recording.open_record(again, record)
    assert opened.content.answers["about"]["title"] == "First request refused"
    assert opened.standing == "Draft"
    again.close()


def test_answers_are_typed_as_a_person_would(branch: Profile) -> None:
    opened = recording.open_record(branch, recording.start(branch, "evidence", STORY))
    answers = opened.content.answers
    assert answers["about"]["when_from"] == "2025-03-27"
    assert answers["about"]["authorities"] == "886"
    rows = answers["access_and_consequences"]["waits"]
    assert [row.get("wait_service") for row in rows] == ["educational_psychology", "autism_or_adhd_pathway"]
    assert len({row["_id"] for row in rows}) == 2


def test_what_a_person_keeps_in_stays_in_when_something_else_is_edited(branch: Profile) -> None:
    record = recording.start(branch, "evidence", STORY)
    opened = recording.open_record(branch, record)
    session = recording.session_for(opened, branch.clock())
    session.set("/data/about/topics", "")  # hides the whole section, which is filled
    hidden = session.aside()
    assert len(hidden) > 2
    kept = "access_and_consequences/c2_refuses_first_assessment"
    assert kept in hidden
    content = recording.content_of(session, opened.content, frozenset([kept]))
    recording.save_draft(branch, record, content)
    recording.edit_record(branch, record, {"about": {"title": "Another title"}})
    after = recording.open_record(branch, record).content
    assert set(after.aside) == set(hidden) - {kept}
    recording.edit_record(branch, record, {"about": {"topics": ["access_and_consequences"]}}, state="ready")
    assert recording.open_record(branch, record).content.aside == ()


def test_what_was_looked_at_and_kept_is_not_asked_about_again_after_an_edit(branch: Profile) -> None:
    record = recording.start(branch, "evidence", STORY)
    opened = recording.open_record(branch, record)
    looked_at = {KEPT_WORDS: '[["about/summary", "Mrs Sample"]]', REASON: "More will follow"}
    recording.save_draft(branch, record, replace(opened.content, derived={**opened.content.derived, **looked_at}))
    recording.edit_record(branch, record, {"about": {"title": "Another title"}})
    derived = recording.open_record(branch, record).content.derived
    assert derived[KEPT_WORDS] == looked_at[KEPT_WORDS]
    assert REASON not in derived, "it was the reason for another version"


def test_what_a_question_cannot_take_is_kept_as_typed(branch: Profile) -> None:
    added = recording.add_record(branch, "evidence", {"about": {"summary": "x", "when_from": "sometime in March"}})
    opened = recording.open_record(branch, added.id)
    assert opened.content.typed == {"about/when_from": "sometime in March"}
    assert [doubt.raw for doubt in added.doubts] == ["sometime in March"]


def test_text_is_kept_to_the_letter_and_money_is_understood(branch: Profile) -> None:
    story = "First  line, two spaces.\n\n\tSecond: “ŵ” £1.2m & <b>\n"
    record = recording.start(branch, "plan", {"facts": {"reforms": story, "deficit": "£1.2m", "authority": "886"}})
    facts = recording.open_record(branch, record).content.answers["facts"]
    assert facts["reforms"] == story
    assert facts["deficit"] == "1200000"


def test_an_unknown_question_is_refused_and_nothing_is_recorded(branch: Profile) -> None:
    with pytest.raises(UsageProblem) as refused:
        recording.add_record(branch, "evidence", {"about": {"child_name": "x"}})
    assert "child_name" in refused.value.what
    assert recording.counts(branch)["evidence"] == 0


def test_own_authority_is_filled_in(branch: Profile) -> None:
    opened = recording.open_record(branch, recording.jot(branch, "Heard today"))
    assert opened.content.answers["about"]["authorities"] == "383"
    assert opened.title == "Heard today"


def test_ready_with_gaps_and_standing(branch: Profile) -> None:
    added = recording.add_record(branch, "evidence", STORY, state="ready")
    assert added.rev and added.rev.startswith("r1:")
    assert added.gaps
    opened = recording.open_record(branch, added.id)
    assert (opened.standing, opened.has_draft, opened.sent) == ("Ready to send", False, False)


def test_editing_changes_only_what_is_named(branch: Profile) -> None:
    added = recording.add_record(branch, "evidence", STORY, state="ready")
    row = recording.open_record(branch, added.id).content.answers["access_and_consequences"]["waits"][0]["_id"]
    change = {"about": {"title": None}, "access_and_consequences": {"waits": [{"_id": row, "wait_weeks": "30"}]}}
    recording.edit_record(branch, added.id, change, state="ready")
    answers = recording.open_record(branch, added.id).content.answers
    assert "title" not in answers["about"]
    assert value_at(answers, f"access_and_consequences/waits/{row}/wait_weeks") == "30"
    assert len(answers["access_and_consequences"]["waits"]) == 2


def test_history_says_what_changed_and_restoring_makes_a_new_version(branch: Profile) -> None:
    added = recording.add_record(branch, "evidence", STORY, state="ready")
    recording.edit_record(branch, added.id, {"about": {"title": "Another title"}}, state="ready")
    entries = history(branch, added.id)
    assert len(entries) == 2
    assert [(c.before, c.after) for c in entries[0].changes if c.leaf == "about/title"] == [
        ("First request refused", "Another title")
    ]
    recording.restore_version(branch, added.id, entries[1].rev)
    assert recording.open_record(branch, added.id).title == "First request refused"
    assert len(history(branch, added.id)) == 3


def test_taking_back_keeps_the_record_readable(branch: Profile) -> None:
    added = recording.add_record(branch, "evidence", STORY, state="ready")
    recording.take_back(branch, added.id)
    opened = recording.open_record(branch, added.id)
    assert opened.standing == "Taken back"
    assert opened.title == "First request refused"


def test_choosing_needs_two_versions(branch: Profile) -> None:
    added = recording.add_record(branch, "evidence", STORY, state="ready")
    with pytest.raises(RecordError):
        recording.choose(branch, added.id, {"about/title": "x"})


def test_lists_and_search_find_records_by_what_they_say(branch: Profile) -> None:
    recording.add_record(branch, "evidence", STORY, state="ready")
    recording.jot(branch, "Something about speech therapy")
    rows = recording.list_records(branch, Filters(form="evidence")).rows
    assert [row.title for row in rows] == ["Something about speech therapy", "First request refused"]
    assert [row.title for row in recording.search(branch, "refus", Filters()).rows] == ["First request refused"]
    assert [row.title for row in recording.search(branch, "kent", Filters()).rows] == ["First request refused"]
    assert [r.title for r in recording.list_records(branch, Filters(concern=True)).rows] == ["First request refused"]
    assert [r.title for r in recording.list_records(branch, Filters(question="2.1.1a", answer="yes")).rows] == [
        "First request refused"
    ]
    assert recording.list_records(branch, Filters(authority="801")).rows == []


def test_a_discarded_record_is_gone(branch: Profile) -> None:
    record = recording.jot(branch, "not this")
    recording.discard_draft(branch, record)
    with pytest.raises(NotFound):
        recording.open_record(branch, record)
    assert recording.search(branch, "not this", Filters()).rows == []


def test_names_are_found_before_marking_ready(branch: Profile) -> None:
    added = recording.add_record(branch, "evidence", {"about": {"summary": "Mrs Sample said so on 07700 900123."}})
    kinds = {found.finding.kind for found in added.privacy}
    assert {"name", "phone"} <= kinds


def test_the_reference_is_the_same_everywhere() -> None:
    assert recording.reference("Leeds", "a") == recording.reference("Leeds", "a")
    assert recording.reference("Leeds", "a").startswith("LEE-")
    assert recording.reference("Leeds", "a") != recording.reference("Leeds", "b")
