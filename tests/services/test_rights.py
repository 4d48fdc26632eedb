"""Rights of the people written about: everything about a word, review dates, counts of what is here, and leaving."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from exchange_world import change, evidence, introduce, ready

from desktop_app.errors import FileProblem, KeySlotError, RecordError, UsageProblem
from desktop_app.paths import ProfilePaths
from desktop_app.reports.readback import text_of_pdf
from desktop_app.services import (
    breach,
    keeping,
    leaving,
    office,
    questions,
    receiving,
    recording,
    reporting,
    retention,
    rights,
    sending,
)  # fmt: skip
from desktop_app.services.profile import Profile, unlock
from desktop_app.storage import blobs

PASSPHRASE = "five words make it long"


@pytest.fixture
def national(make_profile: Callable[..., Profile]) -> Profile:
    return make_profile("Policy team", "office")


@pytest.fixture
def known(branch: Profile, national: Profile, tmp_path: Path) -> Path:
    introduce(branch, national, tmp_path / "post")
    return tmp_path / "post"


def find(profile: Profile, text: str) -> list[rights.Found]:
    search = rights.find(profile, text)
    while True:
        try:
            next(search)
        except StopIteration as end:
            return list(end.value.found)


def test_a_word_is_found_wherever_it_stands(branch: Profile, tmp_path: Path) -> None:
    now = ready(branch, "Mrs Ångström said so.")
    before = ready(branch, "Mrs Ångström said so too.")
    change(branch, before, "A SENCO said so.")
    typed = ready(branch, "Something else.", when_from="told by Angstrom in March", when_precision="day")
    named = ready(branch, "And another.")
    paper = tmp_path / "letter of Mrs angström.txt"
    paper.write_text("Text.", "utf-8")
    recording.attach(branch, named, paper, shows_person="no", question="attachments")
    draft = recording.start(branch, "evidence", evidence("ÅNGSTRÖM again"))
    ready(branch, "Nothing to do with it.")
    found = {one.record: one.places for one in find(branch, "ångstrom")}
    assert set(found) == {now, before, typed, named, draft}
    assert [place.earlier for place in found[before]] == [True]
    assert found[named][0].where == "Name of an attachment"
    assert "Angstrom in March" in found[typed][0].words
    with pytest.raises(UsageProblem):
        find(branch, " x ")


def test_what_is_found_is_given_out_whole_and_noted_without_the_word(branch: Profile, tmp_path: Path) -> None:
    record = ready(branch, "Mrs Kingfisher said so.")
    out = tmp_path / "for her.json"
    assert rights.export_found(branch, [record], out) == 1
    assert "Kingfisher" in out.read_text("utf-8")
    (noted,) = rights.noted(branch)
    assert (noted["what"], noted["records"]) == ("exported", 1)
    assert "Kingfisher" not in str(noted)


def test_records_are_due_for_review_after_the_policys_months(
    branch: Profile, clock: Any, tmp_path: Path
) -> None:
    old = ready(branch, "An old story.")
    reporting.make(branch, "record", [old], out=tmp_path / "one.pdf")
    reporting.make(branch, "record", [old], out=tmp_path / "two.pdf")
    assert retention.due_for_review(branch) == []
    clock.now = datetime(2027, 11, 1, tzinfo=UTC)
    assert retention.count_due(branch) == 0, "not yet twelve months"
    clock.now = datetime(2027, 11, 23, tzinfo=UTC)
    newer = ready(branch, "A newer story.")
    (due,) = retention.due_for_review(branch)
    assert (due.row.id, due.reports) == (old, 2)
    retention.keep(branch, [old])
    assert retention.due_for_review(branch) == []
    retention.undo_keep(branch, [old])
    assert retention.count_due(branch) == 1
    clock.now = datetime(2028, 12, 1, tzinfo=UTC)
    assert [each.row.id for each in retention.due_for_review(branch)] == [old, newer]


def test_what_is_here_is_counts_and_no_words(branch: Profile, tmp_path: Path) -> None:
    record = ready(branch, "Kingfisher.", permission="quote")
    picture = tmp_path / "Kingfisher.txt"
    picture.write_text("x", "utf-8")
    recording.attach(branch, record, picture, shows_person="yes", question="attachments")
    talks = evidence("Talks.", topics="talks_with_dfe") | {"talks_with_dfe": {"c6_in_talks": "yes"}}
    recording.add_record(branch, "evidence", talks, state="ready")
    here = breach.what_is_here(branch)
    told = {words: count for _, lines in here.groups for words, count in lines}
    assert here.records == 2
    assert told["Attachments that show a child, or a person who has not agreed"] == 1
    assert told["Confidential records: talks with the Department"] == 1
    assert told["Evidence"] == 2 and told["Records the office has as well"] == 0
    out = tmp_path / "sheet.pdf"
    breach.laptop_sheet(branch, out, datetime(2026, 11, 22, 16, 5, tzinfo=UTC))
    said = text_of_pdf(out.read_bytes())
    assert "25 November 2026, 16:05" in said and "data protection officer" in said
    assert "Kingfisher" not in said


def test_the_clock_of_72_hours() -> None:
    noticed = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
    until, left = breach.time_left(noticed, noticed + timedelta(hours=70))
    assert until == datetime(2026, 11, 25, 16, 5, tzinfo=UTC) and left == timedelta(hours=2)


# --- leaving --------------------------------------------------------------------------------------------------------


def test_wiping_waits_until_the_office_has_everything(branch: Profile, national: Profile, known: Path) -> None:
    ready(branch, "Not sent yet.")
    for said in (0, 1):
        with pytest.raises(RecordError) as told:
            leaving.wipe(branch, said=said)
        assert told.value.code == "E-NOTSENT"
    (pack,) = sending.send(branch, known / "a").packs
    assert leaving.lacking(branch).records == 1, "a file that was made is not a file that arrived"
    receiving.receive(branch, receiving.receive(national, [pack.path], known / "r").replies)
    assert not leaving.lacking(branch).anything
    folder = branch.paths.folder
    leaving.wipe(branch)
    assert list(folder.iterdir()) == []


def test_wiping_all_the_same_when_it_is_said_twice(branch: Profile) -> None:
    recording.start(branch, "evidence", evidence("A draft."))
    leaving.wipe(branch, said=2)
    assert list(branch.paths.folder.iterdir()) == []
    assert not branch.paths.exists()


def test_a_successor_opens_the_file_with_its_own_passphrase(branch: Profile, tmp_path: Path) -> None:
    record = ready(branch, "To be carried on.")
    out = tmp_path / "stick" / "for my successor.branchbackup"
    out.parent.mkdir()
    with pytest.raises(RecordError):
        leaving.hand_over(branch, out, PASSPHRASE, "four other words here")
    with pytest.raises(KeySlotError):
        leaving.hand_over(branch, out, "not my passphrase", "four other words here", said=2)
    with pytest.raises(UsageProblem):
        leaving.hand_over(branch, out, PASSPHRASE, PASSPHRASE, said=2)
    with pytest.raises(FileProblem):
        leaving.hand_over(branch, branch.paths.folder / "x", PASSPHRASE, "four other words here", said=2)
    spare = leaving.hand_over(branch, out, PASSPHRASE, "four other words here", said=2)
    keeping.restore(out, tmp_path / "new laptop")
    paths = ProfilePaths(tmp_path / "new laptop")
    with pytest.raises(KeySlotError):
        unlock(paths, passphrase=PASSPHRASE)
    for keys in ({"passphrase": "four other words here"}, {"spare_key": spare}):
        successor = unlock(paths, **keys)
        assert recording.open_record(successor, record).title
        successor.close()
    assert recording.open_record(branch, record), "nothing changed here"


def test_typing_goes_on_while_the_file_for_a_successor_is_made_and_is_in_it(branch: Profile, tmp_path: Path) -> None:
    record = recording.start(branch, "evidence", evidence("Begun."))
    with branch.store.atomic():
        blobs.put(branch.store, os.urandom(4_000_000), "large.bin", "application/octet-stream")
    out = tmp_path / "for my successor.branchbackup"
    steps = leaving.hand_over_steps(branch, out, PASSPHRASE, "four other words here", said=2)
    typed = 0
    while True:
        try:
            next(steps)
        except StopIteration:
            break
        typed += 1
        opened = recording.open_record(branch, record)
        recording.save_draft(branch, record, opened.content.with_answer("about/title", f"Typed {typed}"))
    assert typed > 5, "the worker was free between its steps"
    keeping.restore(out, tmp_path / "new")
    successor = unlock(ProfilePaths(tmp_path / "new"), passphrase="four other words here")
    assert recording.open_record(successor, record).title.startswith("Typed ")
    successor.close()


def test_leaving_off_half_way_leaves_no_file_for_a_successor(branch: Profile, tmp_path: Path) -> None:
    recording.start(branch, "evidence", evidence("Begun."))
    with branch.store.atomic():
        blobs.put(branch.store, os.urandom(4_000_000), "large.bin", "application/octet-stream")
    stick = tmp_path / "stick"
    stick.mkdir()
    steps = leaving.hand_over_steps(branch, stick / "f.branchbackup", PASSPHRASE, "four other words here", said=2)
    while not list(stick.iterdir()):
        next(steps)
    steps.close()
    assert list(stick.iterdir()) == []
    with pytest.raises(KeySlotError):
        leaving.hand_over(branch, stick / "f.branchbackup", "not my passphrase", "four other words here", said=2)
    assert list(stick.iterdir()) == []


# --- questions ------------------------------------------------------------------------------------------------------


def test_a_question_goes_to_the_branch_and_its_answer_comes_back(
    branch: Profile, national: Profile, known: Path
) -> None:
    record = ready(branch, "Refused as a rule.")
    (pack,) = sending.send(branch, known / "a").packs
    receiving.receive(branch, receiving.receive(national, [pack.path], known / "r").replies)
    query = office.ask(national, record, "Since when?")
    assert recording.open_record(national, record).standing_code == "office_asks"
    (reply,) = receiving.reply_to_all(national, known / "q")
    receiving.receive(branch, [reply])
    (asked,) = questions.on_record(branch, record)
    assert (asked.body, asked.answered) == ("Since when?", False)
    assert recording.open_record(branch, record).standing_code == "office_asks"

    questions.answer(branch, query, "Since September 2024, the SENCO says.")
    assert recording.open_record(branch, record).standing_code == "office_has_it"
    questions.take_answer_back(branch, query)
    assert recording.open_record(branch, record).standing_code == "office_asks"
    questions.answer(branch, query, "Since September 2024, the SENCO says.")
    assert sending.preview(branch).answers == 1
    (answering,) = sending.send(branch, known / "b").packs
    assert (answering.records, answering.revisions) == (0, 0)
    with pytest.raises(RecordError):
        questions.take_answer_back(branch, query)
    told = receiving.receive(national, [answering.path], known / "r3")
    assert told.files[0].outcome == "added"
    (seen,) = questions.on_record(national, record)
    assert (seen.answered, seen.answer) == (True, "Since September 2024, the SENCO says.")
    assert recording.open_record(national, record).standing_code == "office_has_it"
    assert receiving.receive(national, [answering.path]).files[0].outcome == "already"
    receiving.receive(branch, told.replies)
    assert sending.preview(branch).answers == 0 and sending.send(branch, known / "c").packs == []


def test_another_branch_cannot_answer(
    branch: Profile, national: Profile, known: Path, make_profile: Callable[..., Profile], tmp_path: Path
) -> None:
    from desktop_app.storage import office_words

    record = ready(branch, "Refused as a rule.")
    (pack,) = sending.send(branch, known / "a").packs
    receiving.receive(national, [pack.path])
    query = office.ask(national, record, "Since when?")
    kent = make_profile("Kent", authorities=("886",))
    introduce(kent, national, tmp_path / "post of Kent")
    office_words.add_query(kent.store, query, record, "Since when?", kent.utc_now())
    questions.answer(kent, query, "Never.")
    (theirs,) = sending.send(kent, known / "kent").packs
    receiving.receive(national, [theirs.path])
    (seen,) = questions.on_record(national, record)
    assert not seen.answered


def test_a_question_not_sent_yet_can_be_taken_back(branch: Profile, national: Profile, known: Path) -> None:
    record = ready(branch, "Refused as a rule.")
    (pack,) = sending.send(branch, known / "a").packs
    receiving.receive(national, [pack.path])
    query = office.ask(national, record, "Since when?")
    questions.drop(national, query)
    assert questions.on_record(national, record) == []
    query = office.ask(national, record, "Since when?")
    receiving.reply_to_all(national, known / "q")
    with pytest.raises(RecordError):
        questions.drop(national, query)


# --- policy ---------------------------------------------------------------------------------------------------------


def test_the_policy_travels_and_is_cautious_before(branch: Profile, national: Profile, known: Path) -> None:
    assert "Ring the national office" in office.in_force(branch.store).data_protection_officer
    assert office.in_force(branch.store).retention_months == 12
    reader = branch.keys.age_recipient
    with pytest.raises(UsageProblem):
        office.set_policy(national, {"extra_readers": ["age1nonsense"]})
    with pytest.raises(UsageProblem):
        office.set_policy(national, {"retention_months": 0})
    office.set_policy(
        national, {"data_protection_officer": "Pat, 020 7946 0000", "retention_months": 6, "extra_readers": [reader]}
    )
    (reply,) = receiving.reply_to_all(national, known / "p")
    receiving.receive(branch, [reply])
    said = office.in_force(branch.store)
    assert (said.data_protection_officer, said.retention_months) == ("Pat, 020 7946 0000", 6)
    assert said.privacy_notice == office.CAUTIOUS.privacy_notice, "what the office left empty stays cautious"
    assert said.from_office_utc and said.extra_readers == (reader,)
