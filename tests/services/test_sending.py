"""Sending: what goes, what stays and why; made, read back, noted; never more than is seen."""

from __future__ import annotations

import errno
import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from exchange_world import change, everything_in, evidence, holds_words, introduce, plaintext, ready, story

from desktop_app import files
from desktop_app.errors import FileProblem, NotFound, PackError, RecordError, UsageProblem
from desktop_app.exchange.container import open_pack
from desktop_app.records.revision import parse
from desktop_app.services import receiving, recording, sending
from desktop_app.services.packing import file_word
from desktop_app.services.profile import Profile
from desktop_app.services.recording import attach
from desktop_app.storage import backup, blobs, keys, laptops, office_slots, outgoing, revisions


@pytest.fixture
def office(make_profile: Callable[..., Profile]) -> Profile:
    return make_profile("National office", role="office")


@pytest.fixture
def linked(branch: Profile, office: Profile, tmp_path: Path) -> Profile:
    """The branch, known to the office, with one record confirmed."""
    introduce(branch, office, tmp_path / "post")
    return branch


def sent_to(profile: Profile, office: Profile, folder: Path, ids: list[str] | None = None) -> list[bytes]:
    """The revision lines of the one file made now."""
    (pack,) = sending.send(profile, folder, ids).packs
    with open_pack(pack.path, [office.keys.age_identity]) as opened:
        return list(opened.payload.revisions())


def why(held: list[sending.Held], record: str) -> str:
    return " ".join(each.why for each in held if each.id == record)


# --- what goes --------------------------------------------------------------------------------------------------------


def test_a_ready_record_goes_and_its_standing_says_how_far(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked, "Psychologists come twice a year.")
    assert recording.open_record(linked, record).standing_code == "ready"
    (pack,) = sending.send(linked, tmp_path).packs
    assert pack.path.name == "Leeds-2-2026-11-22.branchpack"
    assert (pack.number, pack.records, pack.revisions) == (2, 1, 1)
    assert pack.bytes == pack.path.stat().st_size and not pack.heavy
    assert recording.open_record(linked, record).standing == "In file 2, made 22 November, not yet e-mailed"
    sending.mark_emailed(linked, 2)
    assert recording.open_record(linked, record).standing == "You said file 2 was e-mailed, 22 November"
    sending.mark_emailed(linked, 2, False)
    assert recording.open_record(linked, record).standing_code == "in_file"
    got = receiving.receive(office, [pack.path], tmp_path)
    assert [each.outcome for each in got.files] == ["added"]
    assert recording.open_record(linked, record).standing_code == "in_file", "only the reply says more"
    receiving.receive(linked, got.replies)
    assert recording.open_record(linked, record).standing == "The office has it, 22 November"


def test_what_stays_is_said_in_words(linked: Profile, tmp_path: Path) -> None:
    draft = recording.add_record(linked, "evidence", evidence("Not finished")).id
    kept = recording.start(linked, "evidence", evidence("A note for myself"), branch_only=True)
    recording.mark_ready(linked, kept)
    back = recording.start(linked, "evidence", evidence("Held until the meeting"))
    recording.mark_ready(linked, back, state="held")
    never = ready(linked, "A mistake")
    recording.take_back(linked, never)
    looked = sending.preview(linked)
    result = sending.send(linked, tmp_path / "out")
    assert result.packs == [] and looked.going == []
    assert list((tmp_path / "out").iterdir()) == []
    assert result.held == looked.held
    assert "draft" in why(result.held, draft)
    assert "Branch only" in why(result.held, kept)
    assert "kept it back" in why(result.held, back)
    assert "took it back before" in why(result.held, never)
    assert looked.titles[draft] == "Not finished"
    assert result.as_json()["held"][0].keys() == {"id", "why"}


def test_a_preview_changes_nothing_and_is_what_then_goes(linked: Profile, tmp_path: Path) -> None:
    one, two = ready(linked, "One"), ready(linked, "Two")
    change(linked, one, "One, better put")
    before = everything_in(linked)
    looked = sending.preview(linked)
    assert everything_in(linked) == before
    (pack,) = sending.send(linked, tmp_path).packs
    assert {each.id for each in looked.going} == {one, two}
    assert sum(each.revisions for each in looked.going) == pack.revisions == 2
    assert pack.bytes < looked.bytes < pack.bytes + 200_000


def test_only_the_last_of_an_unsent_chain_goes(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked, "First wording")
    change(linked, record, "Second wording")
    change(linked, record, "Third wording")
    (line,) = sent_to(linked, office, tmp_path)
    assert parse(line).revision.parents == ()
    assert parse(line).revision.answers["about"]["summary"] == "Third wording"
    change(linked, record, "Fourth wording")
    change(linked, record, "Fifth wording")
    again = [parse(each) for each in sent_to(linked, office, tmp_path)]
    assert [each.revision.answers["about"]["summary"] for each in again] == ["Third wording", "Fifth wording"]
    assert again[1].revision.parents == (again[0].id,)


@pytest.mark.parametrize("ready_first", [False, True])
def test_a_word_replaced_before_it_was_sent_is_nowhere(
    linked: Profile, office: Profile, tmp_path: Path, ready_first: bool
) -> None:
    """record.md, acceptance: a planted word, replaced before Ready, is in no file, no office database, no backup."""
    word = "Wintergreensmith"
    record = recording.start(linked, "evidence", evidence(f"The SENCO, {word}, told us that visits stopped."))
    assert holds_words(linked, word), "the search itself works"
    if ready_first:
        recording.mark_ready(linked, record)
    change(linked, record, "The SENCO told us that visits stopped.")
    (pack,) = sending.send(linked, tmp_path).packs
    text = plaintext(pack.path, office.keys.age_identity)
    assert b"told us that visits stopped" in text and word.encode() not in text
    assert word.encode() not in pack.path.read_bytes()
    got = receiving.receive(office, [pack.path], tmp_path)
    assert story(office, record) == "The SENCO told us that visits stopped."
    assert holds_words(office, word) == []
    assert holds_words(linked, word) == []
    for reply in got.replies:
        assert word.encode() not in plaintext(reply, linked.keys.age_identity)
    for number, profile in enumerate((linked, office)):
        file = tmp_path / f"{number}.branchbackup"
        backup.backup(profile.store, profile.paths, file)
        assert word.encode() not in file.read_bytes()


def test_changes_typed_after_ready_stay_until_they_are_ready(linked: Profile, office: Profile, tmp_path: Path) -> None:
    """Only what is seen goes: what was marked as ready and then reworded, unsent, is neither."""
    record = ready(linked, "As first marked")
    change(linked, record, "As I would put it now", state="draft")
    result = sending.send(linked, tmp_path)
    assert result.packs == [] and "mark it as ready again" in why(result.held, record)
    recording.mark_ready(linked, record)
    (line,) = sent_to(linked, office, tmp_path)
    assert b"As I would put it now" in line and b"As first marked" not in line
    change(linked, record, "Typed after sending", state="draft")
    (line,) = sent_to(linked, office, tmp_path)
    assert b"As I would put it now" in line, "what was sent already goes again, harmlessly"


def test_everything_not_confirmed_goes_again_and_what_is_confirmed_does_not(
    linked: Profile, office: Profile, tmp_path: Path
) -> None:
    one = ready(linked, "In the lost e-mail")
    lost = sent_to(linked, office, tmp_path)
    two = ready(linked, "In the next one")
    (pack,) = sending.send(linked, tmp_path).packs
    got = receiving.receive(office, [pack.path], tmp_path)
    assert got.files[0].new == 2 and {story(office, one), story(office, two)} == {
        "In the lost e-mail",
        "In the next one",
    }
    receiving.receive(linked, got.replies)
    assert sending.send(linked, tmp_path).packs == []
    assert [each.number for each in sending.waiting_files(linked)] == []
    assert lost, "the lost file was a real one"


def test_chosen_records_only(linked: Profile, office: Profile, tmp_path: Path) -> None:
    one, two = ready(linked, "One"), ready(linked, "Two")
    (line,) = sent_to(linked, office, tmp_path, [two])
    assert parse(line).revision.record == two
    assert recording.open_record(linked, one).standing_code == "ready"
    with pytest.raises(NotFound):
        sending.send(linked, tmp_path, ["00000000-0000-4000-8000-000000000000"])


def test_taking_back_what_was_sent_goes(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked, "Not so after all")
    (pack,) = sending.send(linked, tmp_path).packs
    receiving.receive(office, [pack.path])
    recording.take_back(linked, record)
    (pack,) = sending.send(linked, tmp_path).packs
    receiving.receive(office, [pack.path])
    assert recording.open_record(office, record).standing == "Taken back"


def test_what_becomes_branch_only_stops_travelling(linked: Profile, tmp_path: Path) -> None:
    from dataclasses import replace

    record = ready(linked, "Said in confidence after all")
    sending.send(linked, tmp_path)
    opened = recording.open_record(linked, record)
    recording.save_draft(linked, record, replace(opened.content, branch_only=True))
    recording.mark_ready(linked, record)
    result = sending.send(linked, tmp_path)
    assert result.packs == [] and "Branch only" in why(result.held, record)


def test_a_draft_left_open_and_unchanged_does_not_make_two_versions(linked: Profile, tmp_path: Path) -> None:
    """The page may hold a draft begun from a revision that squashing replaced."""
    record = ready(linked, "First")
    change(linked, record, "Second")
    recording.save_draft(linked, record, recording.open_record(linked, record).content)
    assert len(sending.send(linked, tmp_path).packs) == 1
    change(linked, record, "Third")
    assert recording.open_record(linked, record).two_versions == ()


# --- attachments ------------------------------------------------------------------------------------------------------


def test_pictures_that_may_show_a_person_stay_and_it_is_said(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = recording.start(linked, "evidence", evidence("With papers"))
    for name, shows in (("minutes.txt", "no"), ("class.txt", "yes"), ("hall.txt", "not_sure")):
        (tmp_path / name).write_text(f"text of {name}")
        attach(linked, record, tmp_path / name, shows_person=shows, question="")
    recording.mark_ready(linked, record)
    looked = sending.preview(linked)
    result = sending.send(linked, tmp_path / "out")
    assert result.held == looked.held
    assert {each.why.split("“")[1].split("”")[0] for each in result.held} == {"class.txt", "hall.txt"}
    text = plaintext(result.packs[0].path, office.keys.age_identity)
    assert b"text of minutes.txt" in text
    assert b"text of class.txt" not in text and b"text of hall.txt" not in text
    got = receiving.receive(office, [result.packs[0].path], tmp_path / "out")
    kept = {
        blob.name: blobs.has(office.store, blob.sha256) for blob in recording.open_record(office, record).content.blobs
    }
    assert kept == {"minutes.txt": True, "class.txt": False, "hall.txt": False}
    receiving.receive(linked, got.replies)
    assert recording.open_record(linked, record).standing_code == "office_has_it"
    change(linked, record, "With papers, reworded")
    (again,) = sending.send(linked, tmp_path / "out").packs
    assert b"text of minutes.txt" not in plaintext(again.path, office.keys.age_identity), "the office has it"


def test_an_attachment_that_did_not_arrive_goes_again(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = recording.start(linked, "evidence", evidence("With papers"))
    (tmp_path / "minutes.txt").write_text("text of the minutes")
    blob = attach(linked, record, tmp_path / "minutes.txt", shows_person="no", question="").blob
    recording.mark_ready(linked, record)
    (pack,) = sending.send(linked, tmp_path).packs
    receiving.receive(office, [pack.path], tmp_path)
    blobs.delete(office.store, blob.sha256)  # a damaged office database, say
    got = receiving.receive(office, [_renamed(pack.path)], None)
    assert got.files[0].outcome == "added" and blobs.has(office.store, blob.sha256), "the file itself heals it"
    blobs.delete(office.store, blob.sha256)
    change(linked, record, "Reworded")
    (other,) = sending.send(linked, tmp_path, [record]).packs
    assert b"text of the minutes" in plaintext(other.path, office.keys.age_identity), "nothing was confirmed yet"


def _renamed(path: Path) -> Path:
    return path.rename(path.with_name("attachment (1).branchpack"))


# --- confidential, practice, cards ------------------------------------------------------------------------------------


def test_talks_with_the_department_go_to_the_office_at_once(linked: Profile, office: Profile, tmp_path: Path) -> None:
    ordinary = ready(linked, "Can wait")
    result = sending.tell_office_now(linked, "The authority is in talks about joining.", tmp_path)
    (pack,) = result.packs
    assert pack.records == 1
    receiving.receive(office, [pack.path])
    (row,) = list(office.store.rows("select record, confidential from projection where confidential = 1"))
    assert story(office, row[0]) == "The authority is in talks about joining."
    assert recording.open_record(linked, ordinary).standing_code == "ready"
    with pytest.raises(UsageProblem):
        sending.tell_office_now(linked, "   ", tmp_path)


def test_practice_records_and_offices_do_not_send(
    make_profile: Callable[..., Profile], office: Profile, branch: Profile, tmp_path: Path
) -> None:
    practice = make_profile("Practice", practice=True)
    ready(practice, "Made up")
    for profile, code in ((practice, "E-PRACTICE"), (office, "E-RECORD")):
        with pytest.raises(RecordError) as refused:
            sending.send(profile, tmp_path / "out")
        assert refused.value.code == code
    ready(branch, "No card yet")
    with pytest.raises(PackError) as no_card:
        sending.send(branch, tmp_path / "out")
    assert no_card.value.code == "E-NOCARD"
    assert not (tmp_path / "out").exists()


def test_the_office_may_name_further_readers(linked: Profile, office: Profile, tmp_path: Path) -> None:
    from desktop_app.exchange.cards import new_device_keys
    from desktop_app.services.office import set_policy

    organiser = new_device_keys()
    set_policy(office, {"extra_readers": [organiser.age_recipient]})
    receiving.receive(linked, receiving.reply_to_all(office, tmp_path))
    ready(linked, "For the region as well")
    (pack,) = sending.send(linked, tmp_path).packs
    assert b"For the region as well" in plaintext(pack.path, organiser.age_identity)


def test_the_slot_for_the_office_travels_and_no_other(linked: Profile, office: Profile, tmp_path: Path) -> None:
    recovery = office.store.setting("recovery_recipient")
    assert recovery is not None
    data_key = keys.open_with_passphrase(linked.paths, "five words make it long")
    office_slots.add_office_slot(linked.paths, data_key, recovery)
    assert keys.kinds(linked.paths) == ["passphrase", "spare", "office"]
    ready(linked)
    (pack,) = sending.send(linked, tmp_path).packs
    receiving.receive(office, [pack.path])
    kept = laptops.keyslots(office.store, linked.me.device)
    assert kept is not None
    assert [slot["kind"] for slot in json.loads(kept)["slots"]] == ["office"]


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_large_file_is_split_into_complete_ones_that_arrive_in_any_order(
    linked: Profile, office: Profile, tmp_path: Path
) -> None:
    records = []
    for number in range(4):
        record = recording.start(linked, "evidence", evidence(f"Story {number}"))
        (tmp_path / f"{number}.bin").write_bytes(os.urandom(300_000))
        attach(linked, record, tmp_path / f"{number}.bin", shows_person="no", question="")
        recording.mark_ready(linked, record)
        records.append(record)
    packs = sending.send(linked, tmp_path / "out", split_mb=0.8).packs
    assert [(each.number, each.records) for each in packs] == [(2, 2), (3, 2)]
    assert all(each.bytes < 800_000 for each in packs)
    for pack in reversed(packs):
        got = receiving.receive(office, [pack.path])
        assert got.files[0].outcome == "added" and got.files[0].new == 2
    assert [story(office, record) for record in records] == [f"Story {n}" for n in range(4)]
    with pytest.raises(UsageProblem):
        sending.send(linked, tmp_path, split_mb=0)


def test_numbers_rise_and_no_file_is_written_over(linked: Profile, office: Profile, tmp_path: Path) -> None:
    ready(linked, "One")
    in_the_way = tmp_path / "Leeds-2-2026-11-22.branchpack"
    in_the_way.write_bytes(b"something of mine")
    (pack,) = sending.send(linked, tmp_path).packs
    assert pack.number == 3 and in_the_way.read_bytes() == b"something of mine"
    (after,) = sending.send(linked, tmp_path).packs
    with (
        open_pack(after.path, [office.keys.age_identity]) as found,
        open_pack(pack.path, [office.keys.age_identity]) as one,
    ):
        assert found.header["previous_sha256"] == one.payload_sha256


def test_a_full_disk_notes_nothing(linked: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = ready(linked, "One")

    class FullDisk(files.Disk):
        def write(self, descriptor: int, data: bytes | memoryview) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "DISK", FullDisk())
        with pytest.raises(FileProblem) as refused:
            sending.send(linked, tmp_path / "out")
    assert refused.value.code == "E-DISKFULL"
    assert list((tmp_path / "out").iterdir()) == []
    assert outgoing.next_number(linked.store) == 2 and recording.open_record(linked, record).standing_code == "ready"
    assert len(sending.send(linked, tmp_path / "out").packs) == 1


@pytest.mark.parametrize(
    ("name", "word"),
    [("Kingston upon Hull", "Kingston-upon-Hull"), ("Ynys Môn", "Ynys-Mon"), ("../..", "Branch"), ("北京", "Branch")],
)
def test_the_branch_s_name_in_a_file_name(name: str, word: str) -> None:
    assert file_word(name) == word


# --- the telephone ----------------------------------------------------------------------------------------------------


def test_the_code_read_out_by_the_office(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked, "By telephone")
    (pack,) = sending.send(linked, tmp_path).packs
    got = receiving.receive(office, [pack.path])
    code = receiving.telephone_code(office, got.files[0].pack)
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    for bad, expected in ((wrong, "E-MISTYPED"), ("hello", "E-MISTYPED")):
        with pytest.raises(RecordError) as refused:
            sending.confirm_by_phone(linked, bad)
        assert refused.value.code == expected
    assert sending.confirm_by_phone(linked, code.lower()) == pack.number
    assert recording.open_record(linked, record).standing == "The office has it (by phone), 22 November"
    assert len(sending.send(linked, tmp_path).packs) == 1, "only the signed receipt stops it from going again"
    receiving.receive(linked, receiving.reply_to_all(office, tmp_path))
    assert recording.open_record(linked, record).standing == "The office has it, 22 November"


def test_five_wrong_codes_a_day(linked: Profile, office: Profile, tmp_path: Path) -> None:
    from desktop_app.exchange.receipts import telephone_code

    ready(linked, "By telephone")
    (pack,) = sending.send(linked, tmp_path).packs
    right = receiving.telephone_code(office, receiving.receive(office, [pack.path]).files[0].pack)
    others = (telephone_code(bytes([n]) * 32, "p", "h", "held") for n in itertools.count())
    for code in ("E-CODE",) * 5 + ("E-TOOMANY",):
        with pytest.raises(RecordError) as refused:
            sending.confirm_by_phone(linked, next(others))
        assert refused.value.code == code
    with pytest.raises(RecordError):
        sending.confirm_by_phone(linked, right)
    tomorrow = linked.clock
    linked.clock = lambda: tomorrow().replace(day=23)
    assert sending.confirm_by_phone(linked, right) == pack.number


def test_unsent_revisions_are_gone_from_the_table_once_a_file_is_made(linked: Profile, tmp_path: Path) -> None:
    record = ready(linked, "First")
    change(linked, record, "Second")
    assert len(revisions.of_record(linked.store, record)) == 2
    sending.send(linked, tmp_path)
    assert len(revisions.of_record(linked.store, record)) == 1
