"""Receiving: added whole, kept waiting, or refused with its reason; the same in any order and any number of times."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from exchange_world import change, everything_in, introduce, plaintext, ready, story

from desktop_app.errors import NotFound, PackError, RecordError, UsageProblem
from desktop_app.exchange.bag import BagWriter
from desktop_app.exchange.cards import new_device_keys
from desktop_app.exchange.container import open_pack, write_pack
from desktop_app.exchange.payload import PackContents, members
from desktop_app.forms.xform import load_form
from desktop_app.records.fold import fold
from desktop_app.records.revision import parse, sign
from desktop_app.services import office as office_service
from desktop_app.services import receiving, recording, sending
from desktop_app.services.contacts import registration
from desktop_app.services.packing import add_forms
from desktop_app.services.profile import Profile
from desktop_app.storage import laptops, office_words, revisions
from desktop_app.storage.laptops import Device

Make = Callable[..., Profile]


@pytest.fixture
def office(make_profile: Make) -> Profile:
    return make_profile("National office", role="office")


@pytest.fixture
def linked(branch: Profile, office: Profile, tmp_path: Path) -> Profile:
    introduce(branch, office, tmp_path / "post")
    return branch


def send(profile: Profile, folder: Path) -> Path:
    (pack,) = sending.send(profile, folder).packs
    return pack.path


def said(profile: Profile) -> dict[str, object]:
    """What the records say, without when and how it came here."""
    return {
        record: fold(revisions.of_record(profile.store, record)) for record in sorted(revisions.records(profile.store))
    }


def rows(profile: Profile) -> dict[str, object]:
    """Everything in the database but the notes on files that wait."""
    return {table: found for table, found in everything_in(profile).items() if table not in ("waiting",)}


def forged_pack(profile: Profile, office: Profile, folder: Path, lines: list[bytes], **parts: object) -> Path:
    """A file by this laptop with any revision lines."""
    contents = PackContents(registration(profile), revisions=lines, **parts)  # type: ignore[arg-type]
    forms = {parse(lines[0]).revision.form.package}
    add_forms(profile, contents, forms)
    header = {
        "pack": "11111111-2222-4333-8444-555555555555", "kind": "branch", "branch": profile.me.branch, "number": 99,
        "previous_sha256": "", "created_utc": profile.utc_now(), "offset_min": 0, "app": "test", "counts": {},
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    out = folder / "made-by-hand.branchpack"
    write_pack(out, BagWriter(members(contents), []), header, keys=profile.keys, recipients=[office.keys.age_recipient])
    return out


# --- forty files ------------------------------------------------------------------------------------------------------


def test_one_damaged_file_does_not_keep_the_others_out(linked: Profile, office: Profile, tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "monday"
    records = []
    for number in range(4):
        records.append(ready(linked, f"Story {number}"))
        send(linked, folder)
    files = sorted(folder.iterdir())
    damaged = bytearray(files[1].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    files[1].write_bytes(damaged)
    (folder / "notes.txt").write_text("not a file of ours, and not looked at")
    (folder / "letter.branchpack").write_text("Dear colleague")
    got = receiving.receive(office, [tmp_path / "inbox"], tmp_path / "replies")
    assert {Path(each.path).name: (each.outcome, each.code) for each in got.files} == {
        "Leeds-2-2026-11-22.branchpack": ("added", ""),
        "Leeds-3-2026-11-22.branchpack": ("refused", "E-DAMAGED"),
        "Leeds-4-2026-11-22.branchpack": ("added", ""),
        "Leeds-5-2026-11-22.branchpack": ("added", ""),
        "letter.branchpack": ("refused", "E-NOTAGE"),
    }
    assert [story(office, record) for record in records] == [f"Story {n}" for n in range(4)], "a later file healed it"
    assert [path.name for path in got.replies] == ["Office-2-2026-11-22-to-Leeds.officepack"]
    back = receiving.receive(linked, got.replies)
    assert {recording.open_record(linked, record).standing_code for record in records} == {"office_has_it"}
    assert back.files[0].outcome == "reply"
    kept = {each.reason: Path(each.path).read_bytes() for each in receiving.waiting_files(office)}
    assert kept == {"E-DAMAGED": bytes(damaged), "E-NOTAGE": b"Dear colleague"}


def test_the_answer_has_the_shape_of_the_command_line(linked: Profile, office: Profile, tmp_path: Path) -> None:
    ready(linked)
    answer = receiving.receive(office, [send(linked, tmp_path)], tmp_path / "replies").as_json()
    assert set(answer) == {"import", "files", "replies"}
    assert set(answer["files"][0]) >= {"path", "outcome", "code", "new", "changed", "same", "two_versions", "waiting"}
    assert (answer["files"][0]["new"], answer["files"][0]["code"]) == (1, None)


def test_what_waited_and_is_not_there_any_more_is_said_once(branch: Profile, office: Profile, tmp_path: Path) -> None:
    """As after a backup was put back on a new computer: it does not hold the files that wait."""
    receiving.office_card(office, tmp_path / "office.officecard")
    receiving.add_office_card(branch, tmp_path / "office.officecard")
    record = ready(branch, "A story")
    first = send(branch, tmp_path)
    receiving.receive(office, [first])
    for kept in office.paths.quarantine.iterdir():
        kept.unlink()
    (told,) = receiving.accept_device(office, branch.me.device).files
    assert (told.outcome, told.code) == ("refused", "E-NOTFOUND")
    assert first.name in told.what and "again" in told.do and told.safe
    assert receiving.waiting_files(office) == [] and receiving.can_be_added(office) == []
    assert receiving.take_in_waiting(office).files == []
    assert receiving.receive(office, [first]).files[0].outcome == "added"
    assert story(office, record) == "A story"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order_any_number_of_times_comes_to_the_same(
    linked: Profile, office: Profile, make_profile: Make, tmp_path: Path, order: tuple[int, ...]
) -> None:
    record = ready(linked, "First")
    files = [send(linked, tmp_path / "a")]
    change(linked, record, "Second")
    ready(linked, "Another")
    files.append(send(linked, tmp_path / "b"))
    change(linked, record, "Third")
    files.append(send(linked, tmp_path / "c"))
    for number in order:
        receiving.receive(office, [files[number]])
    after_once = said(office)
    before = rows(office)
    again = receiving.receive(office, [*files, *files])
    assert {each.outcome for each in again.files} == {"already"} and again.id is None
    assert said(office) == after_once == said(linked) and len(after_once) == 3
    changed = {table for table, found in rows(office).items() if found != before[table]}
    assert changed <= {"receipts"}, "only the receipts were issued again"
    assert story(office, record) == "Third"


def test_a_look_changes_nothing_and_says_what_would_come(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked, "Seen in the look")
    file = send(linked, tmp_path)
    broken = tmp_path / "broken.branchpack"
    broken.write_bytes(file.read_bytes()[:-5])
    before = everything_in(office)
    looked = receiving.preview(office, [file, broken])
    assert everything_in(office) == before
    assert not office.paths.quarantine.exists() or list(office.paths.quarantine.iterdir()) == []
    got = receiving.receive(office, [file, broken])
    assert [replace(each, name="") for each in looked.files] == [replace(each, name="") for each in got.files]
    assert looked.id is None and story(office, record) == "Seen in the look"


# --- who may send -----------------------------------------------------------------------------------------------------


def test_an_unknown_laptop_waits_and_is_taken_in_when_accepted(
    branch: Profile, office: Profile, tmp_path: Path
) -> None:
    receiving.office_card(office, tmp_path / "office.officecard")
    receiving.add_office_card(branch, tmp_path / "office.officecard")
    records = []
    for number in range(2):
        records.append(ready(branch, f"Story {number}"))
        file = send(branch, tmp_path)
        (seen,) = receiving.receive(office, [file]).files
        assert (seen.outcome, seen.code, seen.new) == ("waiting", "E-UNKNOWNDEVICE", 0)
        assert seen.words == branch.words, "the office reads the same six words as the branch sees"
        file.unlink()
    assert list(revisions.records(office.store)) == []
    (known,) = [each for each in receiving.devices(office) if each.state == "waiting"]
    assert (known.branch, known.words, known.waiting) == ("Leeds", branch.words, 2)
    kept = list(office.paths.quarantine.iterdir())
    assert len(kept) == 2 and all(path.read_bytes().startswith(b"age-encryption.org/v1\n") for path in kept)
    got = receiving.accept_device(office, known.id[:8], tmp_path / "replies")
    assert [each.name for each in got.files] == ["Leeds-1-2026-11-22.branchpack", "Leeds-2-2026-11-22.branchpack"]
    assert [story(office, record) for record in records] == ["Story 0", "Story 1"]
    assert list(office.paths.quarantine.iterdir()) == [] and receiving.waiting_files(office) == []
    assert len(got.replies) == 1
    with pytest.raises(NotFound):
        receiving.accept_device(office, "")


def test_a_stopped_laptop_is_refused_and_what_it_sent_before_stays(
    linked: Profile, office: Profile, tmp_path: Path
) -> None:
    before = said(office)
    receiving.stop_device(office, linked.me.device)
    record = ready(linked, "From a sold laptop")
    (seen,) = receiving.receive(office, [send(linked, tmp_path)], tmp_path / "replies").files
    assert (seen.outcome, seen.code) == ("refused", "E-STOPPED") and seen.what and seen.do
    assert said(office) == before
    got = receiving.accept_device(office, linked.me.device)
    assert [each.outcome for each in got.files] == ["added"] and story(office, record) == "From a sold laptop"


def test_only_the_office_decides_about_laptops(linked: Profile) -> None:
    for action in (receiving.accept_device, receiving.stop_device):
        with pytest.raises(RecordError):
            action(linked, linked.me.device)


def test_another_branch_s_record_waits(linked: Profile, office: Profile, make_profile: Make, tmp_path: Path) -> None:
    """An accepted laptop of Kent may not change what Leeds wrote, whatever it signs (record.md "Revision")."""
    record = ready(linked, "What Leeds said")
    receiving.receive(office, [send(linked, tmp_path)])
    kent = make_profile("Kent")
    introduce(kent, office, tmp_path / "kent")
    (theirs,) = list(revisions.of_record(linked.store, record))
    for claimed in ("Leeds", "Kent"):
        made = sign(
            replace(
                theirs.revision, device=kent.me.device, branch=claimed, parents=(theirs.id,),
                answers={"about": {"summary": "What Kent makes of it"}},
            ),
            kent.keys.signing_seed,
        )  # fmt: skip
        path = forged_pack(kent, office, tmp_path / "kent", [made.line])
        (seen,) = receiving.receive(office, [path], tmp_path / "replies").files
        assert (seen.outcome, seen.code, seen.waiting, seen.new) == ("waiting", "E-OTHERBRANCH", 1, 0)
        path.unlink()
    assert story(office, record) == "What Leeds said"
    assert recording.open_record(office, record).two_versions == ()


def test_a_second_laptop_of_the_branch_may_change_its_records(
    linked: Profile, office: Profile, make_profile: Make, tmp_path: Path
) -> None:
    record = ready(linked, "On the first laptop")
    receiving.receive(office, [send(linked, tmp_path)])
    other = new_device_keys()
    laptops.put_device(
        office.store,
        Device(
            other.device,
            "Second",
            "Leeds",
            "",
            other.signing_public,
            other.age_recipient,
            other.exchange_public,
            "waiting",
        ),
    )
    (first,) = revisions.of_record(linked.store, record)
    made = sign(
        replace(
            first.revision,
            device=other.device,
            parents=(first.id,),
            answers={"about": {"summary": "On the second laptop"}},
        ),
        other.signing_seed,
    )
    path = forged_pack(linked, office, tmp_path / "x", [first.line, made.line])
    (seen,) = receiving.receive(office, [path]).files
    assert (seen.waiting, seen.code) == (1, "E-UNKNOWNDEVICE") and story(office, record) == "On the first laptop"
    (taken,) = receiving.accept_device(office, other.device).files
    assert taken.changed == 1 and story(office, record) == "On the second laptop"


def test_a_revision_somebody_else_signed_refuses_the_whole_file(
    linked: Profile, office: Profile, tmp_path: Path
) -> None:
    good = ready(linked, "Signed rightly")
    (right,) = revisions.of_record(linked.store, good)
    false = sign(
        replace(right.revision, answers={"about": {"summary": "Put in his mouth"}}), new_device_keys().signing_seed
    )
    for lines, code in (
        ([right.line, false.line], "E-FORGED"),
        ([right.line, b"x" * 88 + b' {"v":1}'], "E-REVISION"),
        ([right.line, right.line.replace(b'"v":1}', b'"v":2}')], "E-NEWER"),
    ):
        before = rows(office)
        path = forged_pack(linked, office, tmp_path / "x", lines)
        (seen,) = receiving.receive(office, [path]).files
        assert (seen.outcome, seen.code) == ("refused", code)
        assert rows(office) == before, "not a row was changed"
        path.unlink()


def test_a_file_without_the_forms_it_needs_is_refused(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked)
    (right,) = revisions.of_record(linked.store, record)
    strange = sign(
        replace(right.revision, form=replace(right.revision.form, package="e" * 64)), linked.keys.signing_seed
    )
    contents = PackContents(registration(linked), revisions=[strange.line])
    out = tmp_path / "x.branchpack"
    header = {
        "pack": "11111111-2222-4333-8444-555555555555", "kind": "branch", "branch": "Leeds", "number": 9,
        "previous_sha256": "", "created_utc": linked.utc_now(), "offset_min": 0, "app": "test", "counts": {},
    }  # fmt: skip
    write_pack(out, BagWriter(members(contents), []), header, keys=linked.keys, recipients=[office.keys.age_recipient])
    (seen,) = receiving.receive(office, [out]).files
    assert (seen.outcome, seen.code) == ("refused", "E-CONTENT")


# --- undo -------------------------------------------------------------------------------------------------------------


def test_undo_hides_deletes_nothing_and_is_told_to_the_branch(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked, "Sent too early")
    file = send(linked, tmp_path)
    before = said(office)
    got = receiving.receive(office, [file], tmp_path / "replies")
    receiving.receive(linked, got.replies)
    assert recording.open_record(linked, record).standing_code == "office_has_it"
    assert receiving.undo(office, str(got.id)) == [record]
    assert said(office) == before
    with pytest.raises(NotFound):
        recording.open_record(office, record)
    assert office.store.one("select count(*) from revisions where record = ?", (record,)) == (1,), "nothing is deleted"
    ready(linked, "Something else")
    told = receiving.receive(office, [send(linked, tmp_path / "next")], tmp_path / "replies")
    assert told.files[0].new == 1
    with pytest.raises(NotFound):
        recording.open_record(office, record)
    receiving.receive(linked, told.replies)
    assert recording.open_record(linked, record).standing_code != "office_has_it", "the next reply says: not held"
    (again,) = receiving.receive(office, [send(linked, tmp_path / "again")], tmp_path / "replies").files
    assert again.new == 1 and story(office, record) == "Sent too early"
    with pytest.raises(NotFound):
        receiving.undo(office, 999)


def test_undo_takes_out_all_the_files_of_one_adding(linked: Profile, office: Profile, tmp_path: Path) -> None:
    one = ready(linked, "One")
    files = [send(linked, tmp_path / "a")]
    two = ready(linked, "Two")
    files.append(send(linked, tmp_path / "b"))
    got = receiving.receive(office, files)
    assert got.id is not None and set(receiving.undo(office, got.id)) == {one, two}
    (again, _) = receiving.receive(office, files).files
    assert again.outcome == "added" and story(office, one) == "One"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_two_files_hold_stays_when_one_of_them_is_undone(
    linked: Profile, office: Profile, tmp_path: Path, order: tuple[int, int]
) -> None:
    one = ready(linked, "In both files")
    files = [send(linked, tmp_path / "a")]
    two = ready(linked, "In the second file")
    files.append(send(linked, tmp_path / "b"))
    adding = [receiving.receive(office, [files[number]]).id for number in order]
    assert adding[0] is not None
    receiving.undo(office, adding[0])
    if order == (0, 1):
        assert story(office, one) == "In both files" and story(office, two) == "In the second file"
    else:
        with pytest.raises(NotFound):
            recording.open_record(office, two)
    (again,) = receiving.receive(office, [files[order[0]]]).files
    assert story(office, one) == "In both files" and story(office, two) == "In the second file"
    assert again.outcome in ("added", "already")


# --- replies ----------------------------------------------------------------------------------------------------------


def test_a_reply_taken_in_twice_or_late_changes_nothing(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked)
    first = receiving.receive(office, [send(linked, tmp_path)], tmp_path / "r").replies
    second = receiving.reply_to_all(office, tmp_path / "r")
    receiving.receive(linked, second)
    before = rows(linked)
    late = receiving.receive(linked, [*first, *second, *first])
    assert recording.open_record(linked, record).standing_code == "office_has_it"
    assert {each.outcome for each in late.files} == {"reply"} and rows(linked) == before and late.id is None


def test_a_reply_of_another_office_is_refused(linked: Profile, make_profile: Make, tmp_path: Path) -> None:
    false = make_profile("False office", role="office")
    keys, me = linked.keys, linked.me
    laptops.put_device(
        false.store,
        Device(me.device, "x", "Leeds", "", keys.signing_public, keys.age_recipient, keys.exchange_public, "accepted"),
    )
    office_service.set_policy(false, {"feedback_address": "spam@example.org"})
    before = rows(linked)
    (seen,) = receiving.receive(linked, receiving.reply_to_all(false, tmp_path)).files
    assert (seen.outcome, seen.code) == ("refused", "E-UNKNOWNOFFICE") and rows(linked) == before


def test_a_reply_for_another_branch_cannot_be_read(
    linked: Profile, office: Profile, make_profile: Make, tmp_path: Path
) -> None:
    kent = make_profile("Kent")
    introduce(kent, office, tmp_path / "kent")
    replies = {path.name: path for path in receiving.reply_to_all(office, tmp_path)}
    (theirs,) = [path for name, path in replies.items() if name.endswith("-to-Kent.officepack")]
    (seen,) = receiving.receive(linked, [theirs]).files
    assert (seen.outcome, seen.code) == ("refused", "E-NOTFORUS")


def test_questions_travel_and_a_new_version_answers_them(linked: Profile, office: Profile, tmp_path: Path) -> None:
    record = ready(linked, "Numbers to follow")
    receiving.receive(office, [send(linked, tmp_path)])
    office_service.ask(office, record, "How many requests were there?")
    receiving.receive(linked, receiving.reply_to_all(office, tmp_path / "r"))
    opened = recording.open_record(linked, record)
    assert opened.standing == "Office asks a question"
    (question,) = office_words.queries(linked.store, record)
    assert question.body == "How many requests were there?"
    change(linked, record, "Twenty-three requests")
    got = receiving.receive(office, [send(linked, tmp_path / "next")], tmp_path / "r")
    assert office_words.open_query(office.store, record) is None
    receiving.receive(linked, got.replies)
    assert recording.open_record(linked, record).standing_code == "office_has_it"


def test_policy_travels_and_an_older_one_never_replaces_a_newer(
    linked: Profile, office: Profile, tmp_path: Path
) -> None:
    office_service.set_policy(office, {"retention_months": 18, "notice": "Recorded for the union."})
    old = receiving.reply_to_all(office, tmp_path)
    office_service.set_policy(office, {"retention_months": 24})
    receiving.receive(linked, receiving.reply_to_all(office, tmp_path))
    receiving.receive(linked, old)
    found = office_service.policy(linked.store)
    assert (found.retention_months, found.notice) == (24, "Recorded for the union.")


def test_a_form_the_office_added_arrives_and_is_used(linked: Profile, office: Profile, tmp_path: Path) -> None:
    source = tmp_path / "visits.xml"
    source.write_text(
        """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
        <h:title>Visits</h:title><model><instance><data id="visits" version="1"><count/></data></instance>
        <bind nodeset="/data/count" type="int"/></model></h:head>
        <h:body><input ref="/data/count"><label>How many visits?</label></input></h:body></h:html>"""
    )
    office.forms.use(load_form(source))
    receiving.receive(linked, receiving.reply_to_all(office, tmp_path))
    assert "visits" in linked.forms.ids()
    record = recording.add_record(linked, "visits", {"count": "3"}, state="ready").id
    receiving.receive(office, [send(linked, tmp_path / "out")])
    assert recording.open_record(office, record).content.answers == {"count": "3"}


def test_the_office_s_own_change_goes_back_and_two_versions_are_seen_on_both_sides(
    linked: Profile, office: Profile, tmp_path: Path
) -> None:
    record = ready(linked, "As the branch has it")
    receiving.receive(office, [send(linked, tmp_path)])
    change(office, record, "As the office corrects it")
    change(linked, record, "As the branch corrects it")
    got = receiving.receive(office, [send(linked, tmp_path / "next")], tmp_path / "r")
    assert got.files[0].two_versions == 1
    assert recording.open_record(office, record).standing == "Two versions"
    receiving.receive(linked, got.replies)
    assert recording.open_record(linked, record).standing == "Two versions"
    assert said(linked)[record] == said(office)[record]


# --- cards ------------------------------------------------------------------------------------------------------------


def test_a_second_card_is_refused_until_the_words_were_compared(
    linked: Profile, office: Profile, make_profile: Make, tmp_path: Path
) -> None:
    other = make_profile("Other office", role="office")
    card = tmp_path / "other.officecard"
    receiving.office_card(other, card)
    with pytest.raises(PackError) as refused:
        receiving.add_office_card(linked, card)
    assert refused.value.code == "E-OTHERCARD" and other.words in refused.value.what
    (seen,) = receiving.receive(linked, [card]).files
    assert (seen.outcome, seen.code) == ("refused", "E-OTHERCARD")
    ready(linked, "Still to the office I know")
    assert b"Still to" in plaintext(send(linked, tmp_path / "a"), office.keys.age_identity)
    (seen,) = receiving.receive(linked, [card], confirm_words=True).files
    assert (seen.outcome, seen.words) == ("card", other.words)
    assert b"Still to" in plaintext(send(linked, tmp_path / "b"), other.keys.age_identity)
    receiving.office_card(office, tmp_path / "same.officecard")
    with pytest.raises(RecordError):
        receiving.add_office_card(office, tmp_path / "same.officecard")


def test_the_same_card_again_is_no_question(linked: Profile, office: Profile, tmp_path: Path) -> None:
    card = receiving.office_card(office, tmp_path / "again.officecard")
    assert receiving.add_office_card(linked, tmp_path / "again.officecard") == card
    assert card.words == office.words


# --- checking ---------------------------------------------------------------------------------------------------------


def test_verify_with_and_without_records(linked: Profile, office: Profile, tmp_path: Path) -> None:
    ready(linked)
    file = send(linked, tmp_path)
    outside = receiving.verify(None, file)
    assert outside["age"] and outside["recipients"] == 3 and outside["bytes"] == file.stat().st_size
    assert "header" not in outside
    before = everything_in(office)
    found = receiving.verify(office, file)
    assert everything_in(office) == before
    assert found["signature"] == "holds" and found["device"]["state"] == "accepted"
    assert (found["records"], found["revisions"], found["signatures_checked"]) == (1, 1, 1)
    with open_pack(file, [office.keys.age_identity]) as opened:
        assert found["header"] == opened.header
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(PackError):
        receiving.verify(office, file)
    (tmp_path / "letter.txt").write_text("Dear colleague")
    with pytest.raises(PackError):
        receiving.verify(None, tmp_path / "letter.txt")
    receiving.office_card(office, tmp_path / "o.officecard")
    assert receiving.verify(None, tmp_path / "o.officecard")["words"] == office.words


def test_a_refused_file_is_kept_exactly_as_it_came(linked: Profile, office: Profile, tmp_path: Path) -> None:
    ready(linked)
    whole = send(linked, tmp_path).read_bytes()
    for number, data in enumerate((whole[:-3], whole + b"\r\n", b"", b"%PDF-1.7")):
        file = tmp_path / f"attachment {number}.branchpack"
        file.write_bytes(data)
        before = rows(office)
        (seen,) = receiving.receive(office, [file]).files
        assert seen.outcome == "refused" and seen.what and seen.safe and seen.do
        assert rows(office) == before
        (kept,) = [each for each in receiving.waiting_files(office) if each.name == file.name]
        assert Path(kept.path).read_bytes() == data and kept.sha256 == hashlib.sha256(data).hexdigest()
        assert kept.reason == seen.code


def test_a_file_that_is_not_there(office: Profile, tmp_path: Path) -> None:
    (seen,) = receiving.receive(office, [tmp_path / "gone.branchpack"]).files
    assert (seen.outcome, seen.code) == ("refused", "E-FILE")


def test_practice_of_nothing(office: Profile, linked: Profile) -> None:
    with pytest.raises(UsageProblem):
        office_service.ask(office, "x", " ")
    with pytest.raises(PackError):
        receiving.telephone_code(office, "00000000-0000-4000-8000-000000000000")
