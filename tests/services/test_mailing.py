"""The e-mail that opens: what it says, and what it never says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from exchange_world import introduce, ready

from desktop_app.errors import NotFound, UsageProblem
from desktop_app.platform.fake import FakePlatform
from desktop_app.services import addresses, mailing, receiving, sending
from desktop_app.services.profile import Profile


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "Leeds-7-2026-11-22.branchpack"
    path.write_bytes(b"sealed")
    return path


def test_the_file_goes_with_a_message_that_says_nothing_of_its_content(pack: Path):
    system = FakePlatform()
    letter = mailing.file_letter(pack, branch="Leeds", number=7, records=1, to="office@union.example")
    route = mailing.open_letter(letter, system)
    ((what, given),) = system.asked
    assert (what, given[0], given[3]) == ("open_mail", "office@union.example", pack)
    assert "1 record)" in letter.body
    assert route.attaches
    assert "before you send" in route.say


def test_without_a_mail_program_the_person_is_told_what_to_do(pack: Path):
    letter = mailing.reply_letter(pack, branch="Leeds")
    route = mailing.open_letter(letter, FakePlatform(has_mail=False))
    assert not route.attaches
    assert pack.name in route.say


def test_a_report_for_the_union_says_so_where_it_is_seen_first(pack: Path):
    assert "for the union only" in mailing.report_letter(pack, title="Kent", shareable=False).subject
    assert "union" not in mailing.report_letter(pack, title="Kent", shareable=True).subject


def test_a_large_file_is_warned_about(tmp_path: Path):
    path = tmp_path / "large.branchpack"
    with path.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    assert "11 MB" in mailing.file_letter(path, branch="Leeds", number=1, records=2).warning
    path.write_bytes(b"x")
    assert mailing.file_letter(path, branch="Leeds", number=1, records=2).warning == ""


def test_a_file_that_is_gone_is_said_before_any_program_starts(tmp_path: Path):
    with pytest.raises(NotFound):
        mailing.file_letter(tmp_path / "gone.branchpack", branch="Leeds", number=1, records=1)


def test_a_subject_of_two_lines_is_one_line_and_begins_no_other_header(pack: Path):
    system = FakePlatform()
    mailing.open_letter(mailing.Letter("a@example.org\n", "One\r\nBcc: thief@example.org", "", pack), system)
    assert system.asked[0][1][:2] == ("a@example.org", "One Bcc: thief@example.org")


def test_where_a_branch_wants_its_replies_travels_sealed_in_its_file(
    branch: Profile, make_profile: Callable[..., Profile], tmp_path: Path
) -> None:
    office = make_profile("Policy team", role="office")
    introduce(branch, office, tmp_path / "first")
    assert addresses.of_branch(office, "Leeds") == ""
    addresses.set_own(branch, " officer@leeds.union.example ")
    ready(branch, "Another story.")
    (made,) = sending.send(branch, tmp_path / "out").packs
    assert b"leeds.union.example" not in made.path.read_bytes()
    replies = receiving.receive(office, [made.path], tmp_path / "replies").replies
    assert addresses.of_branch(office, "Leeds") == "officer@leeds.union.example"
    (letter,) = addresses.letters(office, replies)
    assert (letter.path, letter.branch, letter.to) == (replies[0], "Leeds", "officer@leeds.union.example")
    system = FakePlatform()
    mailing.open_letter(mailing.reply_letter(letter.path, branch=letter.branch, to=letter.to), system)
    assert system.asked[0][1][0] == letter.to and system.asked[0][1][3] == letter.path


def test_the_office_may_type_an_address_and_a_wrong_one_is_refused(branch: Profile) -> None:
    addresses.note(branch, "Kent", "kent@union.example")
    assert addresses.of_branch(branch, "Kent") == "kent@union.example"
    for wrong in ("kent", "kent@union", "a b@union.example", "a@union.example, b@union.example", "x" * 200 + "@a.b"):
        with pytest.raises(UsageProblem):
            addresses.note(branch, "Kent", wrong)
        addresses.note_said(branch, "Kent", wrong)
        with pytest.raises(UsageProblem):
            addresses.set_own(branch, wrong)
    assert addresses.of_branch(branch, "Kent") == "kent@union.example"
    addresses.note(branch, "Kent", "")
    assert addresses.of_branch(branch, "Kent") == ""
