"""A passphrase is forgotten: the new spare key, the yearly look, and the office that may help or may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.errors import WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.records import shares
from desktop_app.services import profile as profiles
from desktop_app.services import receiving, recording, rescue, sending
from desktop_app.services.contacts import adding_card, office_card
from desktop_app.storage import keys

PASSPHRASE = "plain words for tests only"


def code(what: Callable[..., Any], *given: Any, **more: Any) -> str:
    with pytest.raises(WorldError) as caught:
        what(*given, **more)
    return caught.value.code


@pytest.fixture
def make_profile(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Records with all that set-up gives once; the key derivation is as cheap as can be."""
    made: list[Any] = []

    def make(role: str = "branch", name: str = "Leeds", **more: Any) -> Any:
        paths = ProfilePaths(tmp_path / f"records {len(made) + 1}")
        cost = keys.KdfCost(1, 8 * 1024 * 1024)
        made.append(profiles.create(paths, role=role, name=name, passphrase=PASSPHRASE, cost=cost, **more))
        return made[-1]

    yield make
    for created in made:
        created.profile.close()


def test_a_new_spare_key_makes_the_old_sheet_worthless(make_profile: Any) -> None:
    made = make_profile()
    assert code(rescue.new_spare_key, made.profile, "wrong") == "E-PASSPHRASE"
    new = rescue.new_spare_key(made.profile, PASSPHRASE)
    assert code(keys.open_with_spare_key, made.profile.paths, made.spare_key) == "E-SPAREKEYWRONG"
    keys.open_with_spare_key(made.profile.paths, new)
    assert rescue.due(made.profile)[0]  # the new paper has not been looked at yet


def test_two_groups_are_asked_once_a_year(make_profile: Any) -> None:
    made = make_profile()
    profile = made.profile
    assert not rescue.can_ask_two(profile)
    rescue.check_all(profile, made.spare_key)
    assert rescue.due(profile) == ("", True)
    groups = made.spare_key.split("-")
    rescue.check_two(profile, [(2, groups[1].lower()), (7, groups[6])])
    assert code(rescue.check_two, profile, [(2, groups[1]), (7, groups[5])]) == "E-SPAREKEYWRONG"
    assert code(rescue.check_two, profile, [(2, ""), (7, groups[6])]) == "E-SPAREKEYWRONG"


@pytest.fixture
def pair(make_profile: Any, tmp_path: Path) -> tuple[Any, Any]:
    office = make_profile("office", "Policy team")
    card = tmp_path / "o.officecard"
    office_card(office.profile, card)
    branch = make_profile("branch", "Leeds", prepare=adding_card(card.read_bytes()))
    return office, branch


def exchange(office: Any, branch: Any, folder: Path) -> None:
    recording.add_record(branch.profile, "evidence", {"about": {"summary": "Late again."}}, [], "ready")
    [pack] = sending.send(branch.profile, folder).packs
    receiving.receive(office.profile, [pack.path])
    receiving.accept_device(office.profile, branch.device)


def test_the_office_helps_a_branch_that_agreed(pair: Any, tmp_path: Path) -> None:
    office, branch = pair
    assert not rescue.office_may_unlock(branch.profile)
    rescue.allow_office(branch.profile, PASSPHRASE)
    exchange(office, branch, tmp_path)
    parts = shares.split(office.recovery_identity)
    assert code(rescue.help_branch, office.profile, branch.device, parts[:1], tmp_path) == "E-SHARES"
    made = rescue.help_branch(office.profile, branch.device, parts[1:], tmp_path)
    assert made.path.name.startswith("Leeds-")
    paths = branch.profile.paths
    branch.profile.close()
    assert code(profiles.unlock, paths, spare_key=made.groups) == "E-SPAREKEYWRONG"  # not without the file
    keys.add_rescue_slot(paths, made.path.read_bytes())
    opened = profiles.unlock(paths, spare_key=made.groups)
    rescue.change_passphrase(opened, made.groups, "a wholly new passphrase")
    opened.close()
    profiles.unlock(paths, passphrase="a wholly new passphrase").close()
    assert code(profiles.unlock, paths, spare_key=made.groups) == "E-SPAREKEYWRONG"  # its work is done
    profiles.unlock(paths, spare_key=branch.spare_key).close()  # the paper goes on opening


def test_no_help_without_agreement(pair: Any, tmp_path: Path) -> None:
    office, branch = pair
    rescue.allow_office(branch.profile, PASSPHRASE)
    rescue.stop_office(branch.profile)
    exchange(office, branch, tmp_path)
    assert not rescue.can_help(office.profile, branch.device)
    parts = shares.split(office.recovery_identity)
    assert code(rescue.help_branch, office.profile, branch.device, parts[:2], tmp_path) == "E-NOOFFICESLOT"


def test_any_other_file_changes_nothing(make_profile: Any, tmp_path: Path) -> None:
    made = make_profile()
    before = made.profile.paths.keys.read_bytes()
    for data in (b"", b"{}", before):
        assert code(keys.add_rescue_slot, made.profile.paths, data) == "E-NORESCUE"
    assert made.profile.paths.keys.read_bytes() == before
    assert code(rescue.allow_office, made.profile, PASSPHRASE) == "E-NOCARD"
