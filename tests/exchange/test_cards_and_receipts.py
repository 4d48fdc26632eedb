"""Cards, keys, receipts and the eight characters for the telephone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_world import registration

from desktop_app.errors import PackError
from desktop_app.exchange import minisign
from desktop_app.exchange.cards import (
    DeviceKeys,
    OfficeCard,
    Registration,
    looks_like_card,
    minisign_public_key,
    new_device_keys,
    new_recovery_identity,
    read_card,
    write_card,
)
from desktop_app.exchange.receipts import (
    OUTCOME_HELD,
    OUTCOME_PART,
    Receipt,
    mistyped,
    outcome_of,
    read_receipt,
    shared_secret,
    sign_receipt,
    telephone_code,
)

KEYS = new_device_keys()
OFFICE = new_device_keys()
CARD = OfficeCard(
    "National office", OFFICE.signing_public, OFFICE.age_recipient, new_recovery_identity()[1], OFFICE.exchange_public
)
RECEIPT = Receipt(
    pack="11111111-2222-4333-8444-555555555555",
    payload_sha256="a" * 64,
    number=7,
    device=KEYS.device,
    branch="Leeds",
    office=OFFICE.device,
    utc="2026-11-25T09:00:00Z",
    held=("r1:" + "b" * 64,),
)


def code(error: pytest.ExceptionInfo[PackError]) -> str:
    return error.value.code


def test_keys_survive_the_store() -> None:
    again = DeviceKeys.from_json(KEYS.to_json())
    assert vars(again) == vars(KEYS)
    assert again.device == KEYS.device
    assert KEYS.age_identity not in repr(KEYS), "a crash report must not hold a secret"


def test_a_public_key_reads_as_minisign_writes_it() -> None:
    text = minisign_public_key(KEYS.signing_public)
    assert text.startswith("RW") and len(text) == 56
    assert minisign.read_public_key(text) == KEYS.signing_public
    with pytest.raises(minisign.BadBlock):
        minisign.read_public_key(text[:-2] + "AA")


def test_only_the_prehashed_kind_of_signature_is_read() -> None:
    block = minisign.sign(KEYS.signing_seed, b"\0" * 64, b"{}", b"c").split(b"\n")[:4]
    assert minisign.parse(block).trusted_comment == b"{}"
    legacy = [block[0], b"RW" + block[1][2:], *block[2:]]
    with pytest.raises(minisign.BadBlock, match="kind of signature"):
        minisign.parse(legacy)


def test_a_card_says_the_same_six_words_on_both_sides() -> None:
    data = write_card(CARD, OFFICE.signing_seed)
    assert looks_like_card(data)
    found = read_card(data)
    assert found == CARD
    assert found.words == CARD.words and len(found.words.split()) == 6
    assert json.loads(data)["words"] == CARD.words
    with pytest.raises(ValueError):
        write_card(CARD, KEYS.signing_seed)  # nobody else can make a card with these words


def test_a_changed_card_is_refused() -> None:
    data = write_card(CARD, OFFICE.signing_seed)
    shown = json.loads(data)
    for name, value in {
        "name": "Nationa1 office",
        "age": KEYS.age_recipient,
        "recovery": KEYS.age_recipient,
        "exchange": "AAAA",
        "signing_key": minisign_public_key(KEYS.signing_public),
        "signature": "AAAA",
        "format": "other",
        "added": "by somebody",
    }.items():
        with pytest.raises(PackError) as refused:
            read_card(json.dumps(shown | {name: value}).encode())
        assert code(refused) == "E-CARD", name
    for bad in (b"", b"{", b"[]", data[:-40], b"\xff" + data, data + b" " * 20_000):
        with pytest.raises(PackError) as refused:
            read_card(bad)
        assert code(refused) == "E-CARD"
    with pytest.raises(PackError) as refused:
        read_card(json.dumps(shown | {"major": 2}).encode())
    assert code(refused) == "E-NEWER"


def test_a_registration_names_its_own_key_or_none() -> None:
    mine = registration(KEYS)
    assert Registration.from_dict(mine.as_dict()) == mine
    for name, value in {
        "device": OFFICE.device,
        "signing_key": minisign_public_key(OFFICE.signing_public),
        "age": "age1nonsense",
        "branch": "Leeds\u202e",
        "name": "x" * 300,
        "exchange": "AAAA",
    }.items():
        with pytest.raises(PackError) as refused:
            Registration.from_dict(mine.as_dict() | {name: value})
        assert code(refused) == "E-CONTENT", name


def test_a_receipt_is_believed_from_the_office_only() -> None:
    line = sign_receipt(RECEIPT, OFFICE.signing_seed)
    assert read_receipt(line, OFFICE.signing_public) == RECEIPT
    with pytest.raises(PackError):
        read_receipt(line, KEYS.signing_public)
    with pytest.raises(PackError):
        read_receipt(line.replace(b'"number":7', b'"number":8'), OFFICE.signing_public)
    later = replace(RECEIPT, unknown={"from_a_later_version": True})
    assert read_receipt(sign_receipt(later, OFFICE.signing_seed), OFFICE.signing_public) == later


def test_the_outcome_says_part_as_soon_as_anything_is_missing() -> None:
    assert RECEIPT.outcome == OUTCOME_HELD
    for name in ("waiting", "not_held", "blobs_missing"):
        assert replace(RECEIPT, **{name: ("x",)}).outcome == OUTCOME_PART  # type: ignore[arg-type]


def test_the_telephone_code_is_the_same_on_both_ends_and_says_the_outcome() -> None:
    at_office = shared_secret(OFFICE.exchange_secret, KEYS.exchange_public)
    at_branch = shared_secret(KEYS.exchange_secret, OFFICE.exchange_public)
    assert at_office == at_branch
    for outcome in (OUTCOME_HELD, OUTCOME_PART):
        spoken = telephone_code(at_office, RECEIPT.pack, RECEIPT.payload_sha256, outcome)
        assert outcome_of(spoken.lower().replace("-", " "), at_branch, RECEIPT.pack, RECEIPT.payload_sha256) == outcome
        assert outcome_of(spoken, at_branch, RECEIPT.pack, "b" * 64) is None
        assert (
            outcome_of(spoken, shared_secret(KEYS.exchange_secret, KEYS.exchange_public), RECEIPT.pack, "a" * 64)
            is None
        )


@settings(max_examples=200)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 7), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_is_noticed_as_a_typing_error(secret: bytes, place: int, letter: str) -> None:
    spoken = telephone_code(secret, "p", "h", OUTCOME_HELD)
    plain = spoken.replace("-", "")
    assert not mistyped(spoken)
    assert mistyped(plain[:-1])
    changed = plain[:place] + letter + plain[place + 1 :]
    assert mistyped(changed) == (changed != plain)
