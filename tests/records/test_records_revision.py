"""The bytes of a revision: canonical over all of Unicode, signed once, read strictly, passed on unchanged."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from desktop_app.errors import PackError
from desktop_app.records.order import between, sequence
from desktop_app.records.revision import (
    FormRef,
    Revision,
    Stamp,
    canonical,
    new_record_id,
    parse,
    rev_id,
    sign,
    verify,
)
from desktop_app.records.signing import device_id
from desktop_app.records.strict_json import clean_text

SEED = bytes(range(32))
PUBLIC = bytes(SigningKey(SEED).verify_key)


def revision(**more: Any) -> Revision:
    members: dict[str, Any] = {
        "record": "6f0c2a52-3d55-4a49-9c0e-3c1d0f9c7a11",
        "form": FormRef("evidence", "2026112201", "ab" * 32),
        "op": "put",
        "parents": (),
        "state": "ready",
        "branch_only": False,
        "answers": {"about": {"area": "one_authority"}},
        "typed": {},
        "aside": (),
        "derived": {},
        "blobs": (),
        "links": (),
        "branch": "Leeds",
        "device": device_id(PUBLIC),
        "role": "Secretary",
        "t": Stamp("2026-11-22T10:00:00Z", 0, 1),
        "salt": "00" * 16,
    } | more
    return Revision(**members)


def test_these_bytes_never_change() -> None:
    """A golden revision: if this fails, every revision ever made has another id."""
    signed = sign(revision(), SEED)
    assert signed.body == (
        b'{"answers":{"about":{"area":"one_authority"}},"aside":[],"blobs":[],"branch":"Leeds","branch_only":false,'
        b'"derived":{},"device":"56475aa75463474c0285df5dbf2bcab7","form":{"id":"evidence","package":"'
        + b"ab"
        * 32
        + b'","version":"2026112201"},"links":[],"op":"put","parents":[],'
        b'"record":"6f0c2a52-3d55-4a49-9c0e-3c1d0f9c7a11","role":"Secretary","salt":"00000000000000000000000000000000","state":"ready",'
        b'"t":{"counter":1,"offset_min":0,"utc":"2026-11-22T10:00:00Z"},"typed":{},"v":1}'
    )
    assert signed.id == "r1:" + hashlib.sha256(b"branch-evidence/revision/1\0" + signed.body).hexdigest()


@settings(max_examples=150)
@given(
    st.text(alphabet=st.characters(codec=None), max_size=60), st.text(alphabet=st.characters(codec=None), max_size=8)
)
def test_any_text_becomes_canonical_bytes_that_read_back_the_same(text: str, name: str) -> None:
    made = revision(answers={"g": {name: text}}, typed={name: text})
    body = canonical(made)
    signed = parse(sign(made, SEED).line)
    assert canonical(signed.revision) == body
    assert signed.revision.typed == {clean_text(name): clean_text(text)}
    cleaned = clean_text(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(c == "\0" or 0xD800 <= ord(c) <= 0xDFFF for c in cleaned)
    assert json.loads(body)["typed"][clean_text(name)] == cleaned


def test_every_single_character_survives_or_is_stripped_for_a_reason() -> None:
    everything = "".join(map(chr, range(0x110000)))
    kept = parse(
        sign(revision(typed={"a": everything[:0xD000]}, derived={"b": everything[0x1F000:0x20000]}), SEED).line
    )
    assert kept.revision.typed["a"] == clean_text(everything[:0xD000])
    assert clean_text(everything) == unicodedata.normalize("NFC", everything[1:0xD800] + everything[0xE000:])


def test_decomposed_and_composed_text_have_one_id() -> None:
    assert canonical(revision(typed={"a": "Zażółć"})) == canonical(
        revision(typed={"a": unicodedata.normalize("NFD", "Zażółć")})
    )


def test_parents_are_sorted_and_named_once() -> None:
    one, two = "r1:" + "1" * 64, "r1:" + "2" * 64
    assert canonical(revision(parents=(two, one, two))) == canonical(revision(parents=(one, two)))


def test_a_signature_is_checked_over_the_received_bytes() -> None:
    signed = sign(revision(), SEED)
    verify(signed, PUBLIC)
    verify(parse(signed.line), PUBLIC)
    other = bytes(SigningKey(bytes(32)).verify_key)
    with pytest.raises(PackError) as told:
        verify(signed, other)
    assert told.value.code == "E-FORGED"


def test_no_byte_of_a_line_can_be_changed_unnoticed() -> None:
    line = sign(revision(), SEED).line
    for at in range(len(line)):
        for bit in (1, 32):
            broken = bytearray(line)
            broken[at] ^= bit
            with pytest.raises(PackError):
                verify(parse(bytes(broken)), PUBLIC)


def test_unknown_members_are_kept_in_the_bytes_and_in_the_revision() -> None:
    signed = parse(sign(revision(unknown={"weather": {"sky": "blue"}}), SEED).line)
    assert signed.revision.unknown == {"weather": {"sky": "blue"}}
    assert b'"weather":{"sky":"blue"}' in signed.body
    assert sign(signed.revision, SEED) == signed


def _line(body: bytes) -> bytes:
    return b"A" * 86 + b"== " + body


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda body: body.replace(b'"v":1', b'"v":2'), "E-NEWER"),
        (lambda body: body.replace(b'"v":1', b'"v":1.5'), "E-REVISION"),
        (lambda body: body.replace(b'"v":1', b'"v":1,"v":1'), "E-REVISION"),
        (lambda body: body.replace(b'"v":1', b'"v":NaN'), "E-REVISION"),
        (lambda body: body.replace(b'"v":1', b'"v":1e999'), "E-REVISION"),
        (lambda body: body.replace(b'"v":1', b'"v":' + b"9" * 5000), "E-REVISION"),
        (lambda body: body.replace(b'"Secretary"', b'"\\ud800"'), "E-REVISION"),
        (lambda body: body.replace(b'"Secretary"', b'"\\u0000"'), "E-REVISION"),
        (lambda body: body.replace(b'"Secretary"', b'"' + b"x" * 1_100_000 + b'"'), "E-TOOBIG"),
        (lambda body: body.replace(b'"Secretary"', b"[" * 100_000 + b"]" * 100_000), "E-TOOBIG"),
        (lambda body: body.replace(b'"Secretary"', b'"' + b"x" * 5_000_000 + b'"'), "E-TOOBIG"),
        (lambda body: body.replace(b'"parents":[]', b'"parents":["../../etc"]'), "E-REVISION"),
        (lambda body: body.replace(b'"area":"one_authority"', b'"area":7'), "E-REVISION"),
        (lambda body: body.replace(b'"area":"one_authority"', b'"area":[{"q":"1"}]'), "E-REVISION"),
        (lambda body: body.replace(b'"op":"put"', b'"op":"drop"'), "E-REVISION"),
        (lambda body: body.replace(b"6f0c2a52-3d55", b"zzzzzzzz-3d55"), "E-REVISION"),
        (lambda body: body.replace(b"Leeds", b"\xff\xfe"), "E-REVISION"),
        (lambda body: b"[]", "E-REVISION"),
        (lambda body: b"", "E-REVISION"),
    ],
)
def test_a_hostile_line_is_one_typed_error(change: Any, code: str) -> None:
    with pytest.raises(PackError) as told:
        parse(_line(change(canonical(revision()))))
    assert told.value.code == code


def test_brackets_inside_text_are_not_nesting() -> None:
    told = "[{" * 5000 + '\\"' * 50
    assert parse(sign(revision(typed={"a": told}), SEED).line).revision.typed["a"] == told


def test_ids_are_of_their_own_domain() -> None:
    assert rev_id(b"x") != "r1:" + hashlib.sha256(b"x").hexdigest()
    assert new_record_id() != new_record_id()


# ---- fractional keys -------------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(st.lists(st.integers(0, 10_000), max_size=80))
def test_there_is_always_a_place_between_two_rows(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        before, after = keys[at - 1] if at else None, keys[at] if at < len(keys) else None
        keys.insert(at, between(before, after))
    assert keys == sorted(set(keys))


def test_always_at_the_front_or_in_one_gap_keys_stay_short() -> None:
    front = "a0"
    for _ in range(500):
        front = between(None, front)
    low, high = "a0", "a1"
    for _ in range(500):
        high = between(low, high)
    assert len(front) < 12
    assert len(high) < 110
    assert low < high


@given(st.one_of(st.none(), st.text(max_size=6)), st.one_of(st.none(), st.text(max_size=6)))
def test_foreign_keys_get_an_answer_behind_the_one_before(before: str | None, after: str | None) -> None:
    key = between(before, after)
    if before is not None:
        assert key > before


def test_a_sequence_rises() -> None:
    keys = sequence(200)
    assert keys == sorted(keys)
    assert keys[0] == "a0"
