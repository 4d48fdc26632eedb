"""T9: the ways in. Every bit of the key file changed and every end of it cut off, tried with each slot; every single slip in
typing the spare key, and in typing a part of the office's rescue key. Damage, a typing error and a wrong key are three
different messages, and none is ever taken for another.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
from torture_work import CHEAP

from desktop_app.errors import KeySlotError
from desktop_app.paths import ProfilePaths
from desktop_app.records import shares
from desktop_app.storage import keys, office_slots, slot_file, spare_key

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
SEED = 20261122
PASSPHRASE = "plain words for tests only"
SPARE_KEYS, IN_THE_LONG_RUN = 2, 40
DAMAGE = {"E-KEYDAMAGED", "E-NEWER"}  # the second when the one figure that says the version becomes a higher one


class Slots:
    """Records with every kind of slot, and what opens each."""

    def __init__(self, folder: Path) -> None:
        self.paths, self.key = ProfilePaths(folder), keys.new_data_key()
        folder.mkdir()
        spare = keys.create_slots(self.paths, self.key, PASSPHRASE, CHEAP)
        office = pyrage.x25519.Identity.generate()
        office_slots.add_office_slot(self.paths, self.key, str(office.to_public()))
        groups, sent = office_slots.rescue_slot(self.key)
        office_slots.add_rescue_slot(self.paths, sent)
        self.whole = self.paths.keys.read_bytes()
        self.ways: dict[str, Callable[[], bytes]] = {
            "spare": lambda: keys.open_with_spare_key(self.paths, spare),
            "rescue": lambda: keys.open_with_spare_key(self.paths, groups),
            "office": lambda: office_slots.open_with_office_key(self.paths, str(office)),
            "passphrase": lambda: keys.open_with_passphrase(self.paths, PASSPHRASE),
        }

    def tried(self, way: str) -> str:
        """ "" when it opens with the right key, else the code of what is said."""
        try:
            opened = self.ways[way]()
        except KeySlotError as told:
            return told.code if told.what and told.safe and told.do else "no sentence"
        return "" if opened == self.key else "another key"

    def lay(self, first: bytes, second: bytes) -> None:
        self.paths.keys.write_bytes(first)
        self.paths.keys_copy.write_bytes(second)


def damaged(whole: bytes, bits: int) -> Iterator[bytes]:
    """Every byte with one bit changed (``bits``: so many of its eight, each alone), and every beginning of the file."""
    for at in range(len(whole)):
        for bit in range(bits):
            yield whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    for length in range(len(whole) - 1):  # the last is the end of a line
        yield whole[:length]


def every_damage(slots: Slots, bits: int) -> tuple[int, int]:
    """How many tries there were, and how many of them changed nothing."""
    tries = harmless = 0
    for broken in damaged(slots.whole, bits):
        slots.lay(broken, broken)
        for way in slots.ways:
            tries += 1
            code = slots.tried(way)
            assert code in {"", *DAMAGE}, f"{way}: {code}, but the file is damaged"
            harmless += not code
        slots.lay(broken, slots.whole)
        assert slots.tried("spare") in {"", "E-NEWER"}, "the second copy is whole"
    return tries, harmless


def test_damage_of_the_key_file_is_told_as_damage_whichever_way_in_is_tried(
    quick: Path, effort: int, figure: Callable[[str], None]
) -> None:
    slots = Slots(quick / "records")
    tries, harmless = every_damage(slots, 8 if effort > 1 else 1)
    figure(f"T9 key file of {len(slots.whole)} bytes: {tries} openings of a damaged one, {harmless} of them harmless"
           " (white space), none taken for a wrong key")  # fmt: skip
    assert harmless < tries / 8


def slips(text: str, alphabet: str) -> set[str]:
    """Every wrong letter at every place, every letter left out or typed twice, every two neighbours changed round."""
    typed = set[str]()
    for at, letter in enumerate(text):
        if letter == "-":
            continue
        typed |= {text[:at] + other + text[at + 1 :] for other in alphabet}
        typed |= {text[:at] + text[at + 1 :]}
        typed |= {text[:at] + other + text[at:] for other in alphabet if other.isalnum()}  # a sign between letters is no slip
        if at + 1 < len(text) and text[at + 1] != "-":
            typed.add(text[:at] + text[at + 1] + letter + text[at + 2 :])
    return typed - {text}


def every_slip(spare: str) -> int:
    """Each is told as a typing error before any slot is tried."""
    typed = slips(spare, spare_key.ALPHABET + "U*é")
    for wrong in typed:
        with pytest.raises(KeySlotError) as told:
            keys.check_spare_key(wrong)
        assert told.value.code == "E-SPAREKEYTYPO", wrong
    return len(typed)


def test_every_slip_in_typing_a_spare_key_is_told_as_one(effort: int, figure: Callable[[str], None]) -> None:
    number = IN_THE_LONG_RUN if effort > 1 else SPARE_KEYS
    tried = sum(every_slip(spare_key.new_spare_key_text()) for _ in range(number))
    figure(f"T9 typing: {tried} slips in {number} spare keys, each told as one")
    assert tried > 2_000 * number


def test_every_wrong_word_in_a_part_of_the_rescue_key_is_told_as_one(effort: int, figure: Callable[[str], None]) -> None:
    from shamir_mnemonic.wordlist import WORDLIST

    dice = random.Random(SEED)
    tried = 0
    for part in shares.split(str(pyrage.x25519.Identity.generate())):
        words = part.split()
        for at, word in enumerate(words):
            others = [other for other in WORDLIST if other != word]
            wrong = others if effort > 1 else dice.sample(others, 5)
            typed = [[*words[:at], other, *words[at + 1 :]] for other in wrong]
            typed += [words[:at] + words[at + 1 :], [*words[: at + 1], word, *words[at + 1 :]]]
            if at and words[at - 1] != word:
                typed.append([*words[: at - 1], word, words[at - 1], *words[at + 1 :]])
            for each in typed:
                with pytest.raises(KeySlotError) as told:
                    shares.check(" ".join(each))
                assert told.value.code == "E-SHARETYPO", each
                tried += 1
    figure(f"T9 typing: {tried} wrong, missing, doubled or exchanged words in three parts of a rescue key, each told as one")


def test_the_harness_catches_slots_without_their_sums(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken build: a damaged slot is tried as if it were whole, and a person is told that the key is wrong."""
    slots = Slots(quick / "records")
    monkeypatch.setattr(slot_file, "slot_sum", lambda slot: slot["sha256"])
    with pytest.raises(AssertionError, match="but the file is damaged"):
        every_damage(slots, 1)


def test_the_harness_catches_spare_keys_without_check_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_key, "_group_checks", lambda _group, _index: True)
    with pytest.raises(pytest.fail.Exception):
        every_slip(spare_key.new_spare_key_text())
