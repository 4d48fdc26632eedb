"""A passphrase is forgotten: the new spare key, the yearly look, and the office that may help or may not."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop_app.errors import WorldError
from desktop_app.exchange.cards import write_card
from desktop_app.paths import ProfilePaths
from desktop_app.records import shares
from desktop_app.services import contacts, office_keys, receiving, recording, rescue, sending
from desktop_app.services import profile as profiles
from desktop_app.services.contacts import adding_card, office_card, office_of, own_card
from desktop_app.storage import keys, office_slots

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
    office_slots.add_rescue_slot(paths, made.path.read_bytes())
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
        assert code(office_slots.add_rescue_slot, made.profile.paths, data) == "E-NORESCUE"
    assert made.profile.paths.keys.read_bytes() == before
    assert code(rescue.allow_office, made.profile, PASSPHRASE) == "E-NOCARD"


def hear(office: Any, branch: Any, folder: Path) -> list[Path]:
    """The branch's next file, added at the office; the reply to it."""
    [pack] = sending.send(branch.profile, folder).packs
    return receiving.receive(office.profile, [pack.path], folder / "reply").replies


def test_the_agreement_taken_back_is_told_and_what_was_given_is_shredded(pair: Any, tmp_path: Path) -> None:
    office, branch = pair
    rescue.allow_office(branch.profile, PASSPHRASE)
    exchange(office, branch, tmp_path)
    assert rescue.can_help(office.profile, branch.device)
    early = sending.waiting_files(branch.profile)[0].path
    rescue.stop_office(branch.profile)
    assert sending.preview(branch.profile).agreement, "there is something to tell, though no record changed"
    hear(office, branch, tmp_path / "b")
    assert not rescue.can_help(office.profile, branch.device)
    assert not sending.preview(branch.profile).agreement
    receiving.receive(office.profile, [Path(early)])
    assert not rescue.can_help(office.profile, branch.device), "an older file that comes again brings it back to nobody"
    rescue.allow_office(branch.profile, PASSPHRASE)
    hear(office, branch, tmp_path / "c")
    assert rescue.can_help(office.profile, branch.device)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=lambda order: "".join(map(str, order)))
def test_in_any_order_the_newest_file_says_whether_the_branch_agrees(
    pair: Any, tmp_path: Path, order: tuple[int, ...]
) -> None:
    office, branch = pair
    exchange(office, branch, tmp_path / "first")
    paths = []
    for number, deed in enumerate((None, "allow", "stop")):
        if deed == "allow":
            rescue.allow_office(branch.profile, PASSPHRASE)
        elif deed == "stop":
            rescue.stop_office(branch.profile)
        recording.add_record(branch.profile, "evidence", {"about": {"summary": f"Number {number}."}}, [], "ready")
        [pack] = sending.send(branch.profile, tmp_path / str(number)).packs
        paths.append(pack.path)
    for come, number in enumerate(order, 1):
        receiving.receive(office.profile, [paths[number]])
        assert rescue.can_help(office.profile, branch.device) == (max(order[:come]) == 1)


def test_a_file_that_says_only_that_the_agreement_ended_is_remembered_before_it_is_known_of(
    pair: Any, tmp_path: Path
) -> None:
    """The file with the agreement is under way when the one that ends it comes: it arrives last, and gives nothing."""
    office, branch = pair
    exchange(office, branch, tmp_path / "first")
    receiving.receive(branch.profile, hear(office, branch, tmp_path / "again"))  # the office has every record
    rescue.allow_office(branch.profile, PASSPHRASE)
    [agreed] = sending.send(branch.profile, tmp_path / "a").packs
    rescue.stop_office(branch.profile)
    [ended] = sending.send(branch.profile, tmp_path / "b").packs
    assert (agreed.records, ended.records) == (0, 0)
    seen = receiving.preview(office.profile, [ended.path])
    assert seen.files[0].outcome == "already"
    receiving.receive(office.profile, [ended.path])
    receiving.receive(office.profile, [agreed.path])
    assert not rescue.can_help(office.profile, branch.device)
    rescue.allow_office(branch.profile, PASSPHRASE)
    hear(office, branch, tmp_path / "c")
    assert rescue.can_help(office.profile, branch.device)


def test_only_looking_at_a_file_notes_no_agreement(pair: Any, tmp_path: Path) -> None:
    office, branch = pair
    exchange(office, branch, tmp_path / "first")
    rescue.allow_office(branch.profile, PASSPHRASE)
    [agreed] = sending.send(branch.profile, tmp_path / "a").packs
    receiving.preview(office.profile, [agreed.path])
    assert not rescue.can_help(office.profile, branch.device)


def test_a_change_of_keys_reaches_the_branch_and_everything_is_read_as_before(pair: Any, tmp_path: Path) -> None:
    office, branch = pair
    rescue.allow_office(branch.profile, PASSPHRASE)
    exchange(office, branch, tmp_path)
    recording.add_record(branch.profile, "evidence", {"about": {"summary": "Under way."}}, [], "ready")
    [under_way] = sending.send(branch.profile, tmp_path / "early").packs
    old_card = own_card(office.profile)
    old_parts = shares.split(office.recovery_identity)

    made = office_keys.renew(office.profile)
    assert (made.number, len(made.parts)) == (2, 3)
    card = own_card(office.profile)
    assert card.words == old_card.words, "the signing key, which the six words stand for, is the same"
    assert {card.age_recipient, card.recovery_recipient}.isdisjoint({old_card.age_recipient, old_card.recovery_recipient})
    assert set(card.earlier) == {old_card.age_recipient, old_card.recovery_recipient}

    added = receiving.receive(office.profile, [under_way.path], tmp_path / "r")
    assert added.files[0].outcome == "added", "a file for the earlier key is read"
    assert code(rescue.help_branch, office.profile, branch.device, made.parts[:2], tmp_path) == "E-EARLIERKEY"
    rescue.help_branch(office.profile, branch.device, old_parts[:2], tmp_path)

    receiving.receive(branch.profile, added.replies)
    assert office_of(branch.profile) == card
    assert office_slots.office_recipient(keys.slots_bytes(branch.profile.paths)) == card.recovery_recipient
    stale = tmp_path / "old.officecard"
    stale.write_bytes(write_card(old_card, office.profile.keys.signing_seed))
    assert contacts.add_office_card(branch.profile, stale) == card, "an older list of the same office changes nothing"
    hear(office, branch, tmp_path / "d")
    assert rescue.help_branch(office.profile, branch.device, made.parts[1:], tmp_path).groups
    assert code(rescue.help_branch, office.profile, branch.device, old_parts[:2], tmp_path) == "E-OFFICEKEYWRONG"

    again = office_keys.renew(office.profile, rescue_only=True)
    assert again.number == 3 and own_card(office.profile).age_recipient == card.age_recipient
    office.profile.close()
    opened = profiles.unlock(office.profile.paths, passphrase=PASSPHRASE)
    assert opened.reading_identities[1:], "the earlier secret is kept"
    opened.close()


def test_a_list_of_keys_of_another_office_is_refused(pair: Any, make_profile: Any, tmp_path: Path) -> None:
    office, branch = pair
    other = make_profile("office", "Another")
    office_keys.renew(other.profile)
    before = office_of(branch.profile)
    data = write_card(own_card(other.profile), other.profile.keys.signing_seed)
    assert code(contacts.add_office_card, branch.profile, data) == "E-OTHERCARD"
    own = json.loads(write_card(own_card(office.profile), office.profile.keys.signing_seed))
    forged = json.dumps({**own, "number": "9", "age": own["recovery"]}).encode()
    assert code(contacts.add_office_card, branch.profile, forged) == "E-CARD"
    assert office_of(branch.profile) == before


def test_two_parts_are_tried_four_times_a_year(pair: Any, make_profile: Any, tmp_path: Path) -> None:
    office, branch = pair
    rescue.allow_office(branch.profile, PASSPHRASE)
    exchange(office, branch, tmp_path)
    parts = shares.split(office.recovery_identity)
    office_keys.parts_made(office.profile)
    assert office_keys.due(office.profile)
    assert code(office_keys.drill, office.profile, parts[:1]) == "E-SHARES"
    mistyped = " ".join([*parts[1].split()[:-1], "academic" if parts[1].split()[-1] != "academic" else "acid"])
    assert code(office_keys.drill, office.profile, [parts[0], mistyped]) == "E-SHARETYPO"
    strange = shares.split(make_profile("office", "Another").recovery_identity)
    assert code(office_keys.drill, office.profile, strange[:2]) == "E-OFFICEKEYWRONG"
    assert code(office_keys.drill, office.profile, [parts[0], strange[1]]) == "E-SHARES"
    assert office_keys.state(office.profile).checked == ""
    done = office_keys.drill(office.profile, parts[1:])
    assert (done.opened, done.of, done.current) == (1, 1, True)
    assert office_keys.due(office.profile) == ""
    assert office_keys.due(office.profile, timedelta(days=92))
    assert code(office_keys.drill, branch.profile, parts[:2]) == "E-RECORD"


def test_a_mistyped_spare_key_is_told_as_one_where_a_passphrase_is_asked_too(make_profile: Any) -> None:
    made = make_profile()
    groups = made.spare_key.split("-")
    mistyped = "-".join([*groups[:4], groups[4][:-1] + ("0" if groups[4][-1] != "0" else "1"), *groups[5:]])
    assert code(rescue.change_passphrase, made.profile, mistyped, "a wholly new passphrase") == "E-SPAREKEYTYPO"
    assert code(rescue.change_passphrase, made.profile, "not the passphrase at all", "a wholly new one") == "E-PASSPHRASE"
    with pytest.raises(WorldError) as caught:
        keys.open_with_passphrase(made.profile.paths, made.spare_key)
    assert "looks like the spare key" in caught.value.do


def test_a_new_passphrase_changes_no_byte_of_the_records(make_profile: Any) -> None:
    made = make_profile()
    recording.add_record(made.profile, "evidence", {"about": {"summary": "As it is."}}, [], "ready")
    database, locks = made.profile.paths.database, made.profile.paths.keys
    before, old_locks = database.read_bytes(), locks.read_bytes()
    rescue.change_passphrase(made.profile, PASSPHRASE, "five wholly other words now")
    assert database.read_bytes() == before
    assert locks.read_bytes() != old_locks
    made.profile.close()
    assert database.read_bytes() == before
    assert code(profiles.unlock, made.profile.paths, passphrase=PASSPHRASE) == "E-PASSPHRASE"
    profiles.unlock(made.profile.paths, passphrase="five wholly other words now").close()
    profiles.unlock(made.profile.paths, spare_key=made.spare_key).close()
