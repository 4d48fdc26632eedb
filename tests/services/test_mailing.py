"""The e-mail that opens: what it says, and what it never says."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.errors import NotFound
from desktop_app.platform.fake import FakePlatform
from desktop_app.services import mailing


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
