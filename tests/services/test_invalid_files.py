"""A file that is not whole, not ours or not for us changes no row, whatever is wrong with it and however often it comes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.services import receiving, recording, sending
from desktop_app.services.profile import Profile

Make = Callable[..., Profile]
STORY = {"about": {"summary": "First requests are refused.", "area": "one_authority", "authorities": "383"}}
NOTED = {"waiting"}
"""Tables that may say that a file came: what waits until somebody has spoken to the branch."""


def everything(profile: Profile) -> dict[str, list[object]]:
    """Every row of every table that says anything of records."""
    tables = [str(row[0]) for row in profile.store.rows("select name from sqlite_master where type = 'table'")]
    kept = [table for table in tables if not table.startswith("search") and table not in NOTED]
    return {table: sorted(map(repr, profile.store.rows(f'select * from "{table}"'))) for table in kept}


@pytest.fixture
def office(make_profile: Make, branch: Profile, tmp_path: Path) -> Profile:
    made = make_profile("", role="office")
    receiving.office_card(made, tmp_path / "card.officecard")
    receiving.add_office_card(branch, tmp_path / "card.officecard")
    recording.add_record(branch, "evidence", STORY, state="ready")
    (pack,) = sending.send(branch, tmp_path / "first").packs
    receiving.receive(made, [pack.path])
    receiving.accept_device(made, branch.me.device)
    return made


def broken(whole: bytes, dice: random.Random) -> bytes:
    """The file after one of the things that befall files on their way."""
    kind = dice.randrange(5)
    at = dice.randrange(len(whole))
    if kind == 0:
        return whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :]
    if kind == 1:
        return whole[:at]
    if kind == 2:
        return whole + dice.randbytes(dice.randrange(1, 80))
    if kind == 3:
        return whole.replace(b"\n", b"\r\n")
    return dice.randbytes(len(whole))


@pytest.mark.torture
def test_a_file_that_is_broken_in_any_way_changes_nothing(
    office: Profile, branch: Profile, tmp_path: Path, effort: int
) -> None:
    recording.add_record(branch, "evidence", STORY, state="ready")
    (pack,) = sending.send(branch, tmp_path / "second").packs
    whole = pack.path.read_bytes()
    receiving.receive(office, [])
    before = everything(office)
    dice = random.Random(20261122)
    for number in range(60 * effort):
        bad = tmp_path / f"{number}.branchpack"
        bad.write_bytes(broken(whole, dice))
        (told,) = receiving.receive(office, [bad]).files
        assert told.outcome not in ("added", "already"), number
        assert told.code.startswith("E-"), number
        bad.unlink()
        if number % 10 == 0:
            assert everything(office) == before, number
    assert everything(office) == before
    (told,) = receiving.receive(office, [pack.path]).files
    assert told.outcome == "added" and everything(office) != before, "the whole one is taken"


def test_a_file_of_another_office_or_for_another_one_changes_nothing(
    office: Profile, make_profile: Make, tmp_path: Path
) -> None:
    elsewhere, stranger = make_profile("Elsewhere", role="office"), make_profile("Hull")
    receiving.office_card(elsewhere, tmp_path / "other.officecard")
    receiving.add_office_card(stranger, tmp_path / "other.officecard")
    recording.add_record(stranger, "evidence", STORY, state="ready")
    (pack,) = sending.send(stranger, tmp_path / "third").packs
    before = everything(office)
    (told,) = receiving.receive(office, [pack.path]).files
    assert told.outcome not in ("added", "already") and told.code.startswith("E-")
    assert everything(office) == before
