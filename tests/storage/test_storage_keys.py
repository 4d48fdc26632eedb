"""Slots: damage, a typing error and a wrong passphrase are three messages, and nothing else opens the records."""

from __future__ import annotations

import json
import os

import pyrage
import pytest
from storage_world import CHEAP, PASSPHRASE

from desktop_app.errors import KeySlotError
from desktop_app.paths import ProfilePaths
from desktop_app.storage import keys, office_slots, sealing, slot_file, spare_key


@pytest.fixture
def slots(paths: ProfilePaths) -> tuple[ProfilePaths, bytes, str]:
    paths.folder.mkdir(parents=True)
    key = keys.new_data_key()
    return paths, key, keys.create_slots(paths, key, PASSPHRASE, CHEAP)


def code(call: object, *arguments: object) -> str:
    with pytest.raises(KeySlotError) as told:
        call(*arguments)  # type: ignore[operator]
    return told.value.code


def test_each_slot_alone_opens_the_same_key(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, key, spare = slots
    office = pyrage.x25519.Identity.generate()
    office_slots.add_office_slot(paths, key, str(office.to_public()))
    assert keys.open_with_passphrase(paths, PASSPHRASE) == key
    assert keys.open_with_spare_key(paths, spare) == key
    assert keys.open_with_spare_key(paths, spare.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == key
    assert office_slots.open_with_office_key(paths, str(office)) == key
    for kind in ("spare", "office"):
        keys.remove_slot(paths, kind)
    assert keys.kinds(paths) == ["passphrase"]
    assert keys.open_with_passphrase(paths, PASSPHRASE) == key


def test_damage_typo_and_wrong_are_three_messages(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, _, spare = slots
    said = set()
    for call, arguments in (
        (keys.open_with_passphrase, (paths, PASSPHRASE + "x")),
        (keys.open_with_spare_key, (paths, spare[:-1] + ("2" if spare[-1] != "2" else "3"))),
        (keys.open_with_spare_key, (paths, keys._spare_slot(os.urandom(32))[0])),
    ):
        with pytest.raises(KeySlotError) as told:
            call(*arguments)
        said.add((told.value.code, told.value.what))
    for path in (paths.keys, paths.keys.with_name("keys-copy.json")):
        path.write_bytes(path.read_bytes().replace(b"argon2id", b"argon2ie"))
    with pytest.raises(KeySlotError) as told:
        keys.open_with_passphrase(paths, PASSPHRASE)
    said.add((told.value.code, told.value.what))
    assert {one for one, _ in said} == {"E-PASSPHRASE", "E-SPAREKEYTYPO", "E-SPAREKEYWRONG", "E-KEYDAMAGED"}
    assert len({what for _, what in said}) == 4


def test_every_single_typing_error_is_recognised_as_one(slots: tuple[ProfilePaths, bytes, str]) -> None:
    """Every wrong letter at every place, every letter left out or typed twice, every two neighbours changed round."""
    _, _, spare = slots
    keys.check_spare_key(spare)
    typed = set()
    for at, letter in enumerate(spare):
        if letter != "-":
            typed |= {spare[:at] + other + spare[at + 1 :] for other in spare_key.ALPHABET + "U*é" if other != letter}
            typed |= {spare[:at] + spare[at + 1 :]}
            typed |= {spare[:at] + other + spare[at:] for other in spare_key.ALPHABET}
        if at + 1 < len(spare) and "-" not in (letter, spare[at + 1]):
            typed.add(spare[:at] + spare[at + 1] + letter + spare[at + 2 :])
    typed.discard(spare)
    assert len(typed) > 2000
    for wrong in typed:
        assert code(keys.check_spare_key, wrong) == "E-SPAREKEYTYPO", wrong
    groups = spare.split("-")
    for one in range(7):
        swapped = [*groups]
        swapped[one], swapped[one + 1] = swapped[one + 1], swapped[one]
        if swapped != groups:
            assert code(keys.check_spare_key, "-".join(swapped)) == "E-SPAREKEYTYPO"


def test_a_typing_error_names_its_group(slots: tuple[ProfilePaths, bytes, str]) -> None:
    groups = slots[2].split("-")
    groups[4] = ("Z" if groups[4][0] != "Z" else "Y") + groups[4][1:]
    with pytest.raises(KeySlotError, match="group 5"):
        keys.check_spare_key("-".join(groups))
    groups[4] = groups[4][:4]
    with pytest.raises(KeySlotError, match="group 5"):
        keys.check_spare_key("-".join(groups))


def test_single_groups_can_be_typed_back(slots: tuple[ProfilePaths, bytes, str]) -> None:
    groups = slots[2].split("-")
    assert all(keys.check_group(group.lower(), number) for number, group in enumerate(groups, 1))
    assert not keys.check_group(groups[0], 2) or groups[0] == groups[1]
    assert not keys.check_group(groups[2][:4], 3)


def test_every_byte_of_the_key_file_changed_is_damage_or_harmless(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, key, spare = slots
    whole = paths.keys.read_bytes()
    copy = paths.keys.with_name("keys-copy.json")
    harmless = 0
    told: dict[str, int] = {}
    for at in range(len(whole)):
        broken = bytearray(whole)
        broken[at] ^= 1
        paths.keys.write_bytes(broken)
        copy.write_bytes(broken)
        try:
            assert keys.open_with_spare_key(paths, spare) == key
            harmless += 1
        except KeySlotError as error:
            told.setdefault(error.code, at)
    assert set(told) <= {"E-KEYDAMAGED", "E-NEWER", "E-NOSLOT"}, told
    assert harmless < len(whole) / 8  # only white space may change unnoticed


def test_the_second_copy_opens_when_the_first_is_damaged(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, key, _ = slots
    paths.keys.write_bytes(paths.keys.read_bytes()[:100])
    assert keys.open_with_passphrase(paths, PASSPHRASE) == key


@pytest.mark.parametrize("which", ["keys", "keys_copy"])
@pytest.mark.parametrize("harm", ["damaged", "gone", "older"])
def test_both_copies_are_alike_again(slots: tuple[ProfilePaths, bytes, str], which: str, harm: str) -> None:
    paths, key, _ = slots
    older = paths.keys.read_bytes()
    keys.change_passphrase(paths, key, "another set of words", CHEAP)
    whole, hurt = paths.keys.read_bytes(), getattr(paths, which)
    if harm == "gone":
        hurt.unlink()
    elif harm == "damaged":
        hurt.write_bytes(b"{" + bytes(600))
    elif which == "keys_copy":  # the change was cut off between the two
        hurt.write_bytes(older)
    assert paths.exists()
    slot_file.mend(paths)
    assert paths.keys.read_bytes() == paths.keys_copy.read_bytes() == whole


def test_a_changed_passphrase_wraps_anew_and_the_old_one_opens_nothing(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, key, spare = slots
    keys.change_passphrase(paths, key, "another set of words", CHEAP)
    assert keys.open_with_passphrase(paths, "another set of words") == key
    assert keys.open_with_spare_key(paths, spare) == key
    assert code(keys.open_with_passphrase, paths, PASSPHRASE) == "E-PASSPHRASE"
    paths.keys.unlink()
    assert code(keys.open_with_passphrase, paths, PASSPHRASE) == "E-PASSPHRASE"


def test_a_new_spare_key_makes_the_old_sheet_worthless(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, key, spare = slots
    fresh = keys.new_spare_key(paths, key)
    assert keys.open_with_spare_key(paths, fresh) == key
    assert code(keys.open_with_spare_key, paths, spare) == "E-SPAREKEYWRONG"


def test_all_parameters_stand_in_the_slot(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, key, _ = slots
    [slot] = [s for s in json.loads(paths.keys.read_bytes())["slots"] if s["kind"] == "passphrase"]
    assert {"name": "argon2id", "t": 1, "m": CHEAP.m_bytes, "p": 1}.items() <= slot["kdf"].items()
    assert keys.KdfCost(3, 256 * 1024 * 1024) == keys.DEFAULT_COST
    assert key.hex() not in paths.keys.read_text()


def test_a_slot_cannot_pass_for_one_of_another_kind(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, _, spare = slots
    whole = json.loads(paths.keys.read_bytes())
    whole["slots"] = [
        slot_file.sealed({**{k: v for k, v in s.items() if k != "sha256"}, "kind": "office"}) if s["kind"] == "spare" else s
        for s in whole["slots"]
    ]
    slot = next(s for s in whole["slots"] if s["kind"] == "office")
    assert sealing.unwrap(slot, spare_key.wrapping_key(spare)) is None


def test_a_hostile_cost_is_damage_not_an_hour_of_waiting(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, _, _ = slots
    whole = json.loads(paths.keys.read_bytes())
    for slot in whole["slots"]:
        if slot["kind"] == "passphrase":
            slot["kdf"]["m"] = 1 << 50
            slot["sha256"] = slot_file.slot_sum(slot)
    paths.keys.write_text(json.dumps(whole))
    assert code(keys.open_with_passphrase, paths, PASSPHRASE) == "E-KEYDAMAGED"


def test_the_office_key_of_another_office_opens_nothing(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, key, _ = slots
    other = str(pyrage.x25519.Identity.generate())
    assert code(office_slots.open_with_office_key, paths, other) == "E-NOOFFICESLOT"
    office_slots.add_office_slot(paths, key, str(pyrage.x25519.Identity.generate().to_public()))
    assert code(office_slots.open_with_office_key, paths, other) == "E-OFFICEKEYWRONG"
    assert code(office_slots.open_with_office_key, paths, "not a key") == "E-OFFICEKEYWRONG"
    assert code(office_slots.add_office_slot, paths, key, "age1nonsense") == "E-OFFICEKEY"


def test_the_same_passphrase_typed_on_another_system_opens(slots: tuple[ProfilePaths, bytes, str]) -> None:
    paths, key, _ = slots
    keys.change_passphrase(paths, key, "caf\u00e9 words", CHEAP)
    assert keys.open_with_passphrase(paths, "cafe\u0301 words") == key


def test_set_up_twice_is_refused(slots: tuple[ProfilePaths, bytes, str]) -> None:
    assert code(keys.create_slots, slots[0], slots[1], "other", CHEAP) == "E-EXISTS"
