"""The strict ZIP: anything unusual about it is refused, however right its signature."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_world import World, code_of

from desktop_app.errors import PackError
from desktop_app.exchange.bag import Bag, BagWriter
from desktop_app.exchange.payload import Payload
from desktop_app.exchange.zipping import Member, StrictZip, directory

# A file shorter than any real pack is taken for one cut short, before anything else is looked at.
NOISE = hashlib.shake_256(b"noise").digest(3000)


def zipped(*parts: tuple[str, bytes], deflate: bool = True) -> bytes:
    members = [Member(name, lambda data=data: [data], deflate=deflate) for name, data in parts]
    body = b"".join(
        packed for m in members for packed in (b"".join(m.measure()),) for packed in (m.local_header() + packed,)
    )
    return body + directory(members)


def read(data: bytes) -> dict[str, bytes]:
    found = StrictZip(io.BytesIO(data), len(data))
    return {name: b"".join(found.chunks(name)) for name in found.entries}


def outcome(data: bytes) -> dict[str, bytes] | str:
    try:
        return read(data)
    except PackError as refused:
        return refused.code


def refusal(data: bytes) -> str:
    with pytest.raises(PackError) as refused:
        read(data)
    return refused.value.code


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=3000), max_size=6), st.booleans())
def test_what_goes_in_comes_out_and_the_standard_library_agrees(contents: list[bytes], deflate: bool) -> None:
    parts = [(f"data/part-{n}.txt", data) for n, data in enumerate(contents)]
    made = zipped(*parts, deflate=deflate)
    assert read(made) == dict(parts)
    with zipfile.ZipFile(io.BytesIO(made)) as other:
        assert other.testzip() is None
        assert {info.filename: other.read(info) for info in other.infolist()} == dict(parts)
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in other.infolist())


def test_monotonous_text_goes_in_plain_so_that_no_reader_takes_it_for_a_bomb() -> None:
    made = zipped(("data/a.txt", b"no " * 200_000))
    assert len(made) > 600_000
    assert read(made) == {"data/a.txt": b"no " * 200_000}


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(50_000_000)) + packer.flush()
    crc = zlib.crc32(bytes(50_000_000))
    name = b"data/a.txt"
    fields = (0, 8, 0, 0x21, crc, len(packed), 50_000_000, len(name), 0)
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, *fields) + name + packed
    listed = struct.pack("<4s6H3L5H2L", b"PK\1\2", 788, 20, *fields, 0, 0, 0, 0o100600 << 16, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(local), 0)
    assert refusal(local + listed + end) == "E-TOOBIG"


def test_what_the_standard_library_would_take_is_refused() -> None:
    def with_zipfile(change: Callable[[zipfile.ZipFile, zipfile.ZipInfo], None]) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as out:
            info = zipfile.ZipInfo("data/a.txt")
            info.external_attr = (stat.S_IFREG | 0o600) << 16
            change(out, info)
        return made.getvalue()

    def plain(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        out.writestr(info, b"text")

    def link(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        out.writestr(info, b"/etc/passwd")

    def folder(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        info.external_attr = 0x10
        out.writestr(info, b"")

    def extra(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        info.extra = b"\x75\x70\x04\x00abcd"
        out.writestr(info, b"text")

    def comment(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        info.comment = b"hello"
        out.writestr(info, b"text")

    def archive_comment(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        out.writestr(info, b"text")
        out.comment = b"hello"

    def utf8(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        info.filename = "data/é.txt"
        out.writestr(info, b"text")

    def bzip2(out: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        info.compress_type = zipfile.ZIP_BZIP2
        out.writestr(info, b"text" * 100)

    assert read(with_zipfile(plain)) == {"data/a.txt": b"text"}, (
        "the plain case is taken, so the changes are what counts"
    )
    for change in (link, folder, extra, comment, archive_comment, utf8, bzip2):
        assert refusal(with_zipfile(change)) == "E-ZIP", change.__name__


def test_second_names_gaps_overlaps_and_loose_bytes() -> None:
    good = zipped(("data/a.txt", b"one"), ("data/b.txt", b"two"))
    assert refusal(zipped(("data/a.txt", b"one"), ("data/a.txt", b"two"))) == "E-ZIP"
    assert refusal(zipped(("data/README.txt", b"one"), ("data/readme.txt", b"two"))) == "E-ZIP"
    assert refusal(b"MZ" + good) == "E-ZIP"
    assert refusal(good + b"\0") == "E-ZIP"
    assert refusal(good[:-1]) == "E-ZIP"
    assert refusal(b"") == "E-ZIP"
    start = good.index(b"PK\1\2")
    second = good.index(b"PK\1\2", start + 1)
    # The second directory entry points at the first part: two names over the same bytes (CVE-2024-0450).
    overlapping = bytearray(good)
    overlapping[second + 42 : second + 46] = b"\0\0\0\0"
    assert refusal(bytes(overlapping)) == "E-ZIP"
    # A gap between two parts, where something could hide.
    one, two = zipped(("data/a.txt", b"one")), zipped(("data/b.txt", b"two"))
    assert refusal(one[: one.index(b"PK\1\2")] + b"hidden" + two) == "E-ZIP"


def test_every_single_flip_of_a_zip_is_refused_or_changes_nothing() -> None:
    parts = {"data/a.txt": b"some words, some words, some words", "data/b.txt": bytes(range(256))}
    good = zipped(*parts.items())
    for position in range(len(good)):
        for bit in (1, 16, 128):
            flipped = bytearray(good)
            flipped[position] ^= bit
            # Only what nothing depends on may differ (dates, attributes); all else one of the two places contradicts.
            assert outcome(bytes(flipped)) in (parts, "E-ZIP", "E-TOOBIG"), position


# --- the bag ----------------------------------------------------------------------------------------------------------


def bag_of(*parts: tuple[str, bytes]) -> bytes:
    writer = BagWriter((Member(name, lambda data=data: [data], deflate=True) for name, data in parts), [])
    return b"".join(writer.chunks())


def test_names_outside_the_list_are_refused(world: World) -> None:
    for name in (
        "data/../../evil.txt",
        "/etc/passwd",
        "data/CON.exe",
        "data/blobs/" + "A" * 64,
        "data/blobs/short",
        "data\\revisions.jsonl",
        "fetch.txt",
        "data/revisions.jsonl/",
        "data/a:b.txt",
        "data/revisions.jsonl.",
    ):
        assert code_of(world.signed(bag_of((name, NOISE))), world.office.age_identity) == "E-BAG", name


def test_an_optional_part_of_a_later_version_is_let_through(world: World) -> None:
    made = bag_of(("data/README.txt", b"x"), ("data/sketches.jsonl", b"{}\n"))
    found = Bag(io.BytesIO(made), len(made))
    assert found.unknown() == ["data/sketches.jsonl"]


def test_a_blob_under_another_hash_is_refused(world: World) -> None:
    assert code_of(world.signed(bag_of(("data/blobs/" + "0" * 64, NOISE))), world.office.age_identity) == "E-BAG"


def test_manifests_must_hold_both_ways(world: World) -> None:
    good = world.bag()
    parts = read(good)

    def altered(**changes: bytes | None) -> str:
        kept = {name: data for name, data in (parts | changes).items() if data is not None}
        return code_of(world.signed(zipped(*kept.items())), world.office.age_identity)

    readme = "data/README.txt"
    assert altered() == "ok"
    assert altered(**{readme: None}) == "E-BAG"
    assert altered(**{readme: b"Dear office, send money."}) == "E-BAG"
    assert altered(**{"data/extra.txt": b"not listed"}) == "E-BAG"
    for tag in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
        assert altered(**{tag: None}) == "E-BAG", tag
        assert altered(**{tag: b"nonsense\n"}) == "E-BAG", tag
        assert altered(**{tag: parts[tag] + parts[tag]}) == "E-BAG", tag


def test_limits_on_lines_forms_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def payload(**parts: bytes) -> Payload:
        made = bag_of(*((f"data/{name.replace('__', '.')}", data) for name, data in parts.items()))
        return Payload(Bag(io.BytesIO(made), len(made)))

    def code(action: Callable[[], object]) -> str:
        with pytest.raises(PackError) as refused:
            action()
        return refused.value.code

    long_line = b"x" * 88 + b' {"a":"' + b"b" * 4_000_001 + b'"}\n'
    assert code(lambda: list(payload(revisions__jsonl=long_line).revisions())) == "E-TOOBIG"
    assert code(lambda: list(payload(revisions__jsonl=b"a\n" * 50_001).revisions())) == "E-TOOBIG"
    assert len(list(payload(revisions__jsonl=b"a\n" * 50_000).revisions())) == 50_000
    assert code(lambda: list(payload(revisions__jsonl=b"no line end").revisions())) == "E-CONTENT"
    deep = b'{"a":' * 33 + b"1" + b"}" * 33
    for bad in (
        deep,
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":1.5}',
        b"[]",
        b"{",
        b'{"a":"\\ud800"}',
        b'{"a":"\\u0000"}',
        b"\xff",
    ):
        assert code(payload(policy__json=bad).policy) == "E-CONTENT", bad
    assert payload(policy__json=b'{"a":' * 31 + b"1" + b"}" * 31).policy()
    assert payload(policy__json='{"emoji":"🦉","pair":"\\ud83e\\udd89"}'.encode()).policy() == {
        "emoji": "🦉",
        "pair": "🦉",
    }
    form = bag_of((f"data/forms/{'a' * 64}.json", b"\0" * 5_000_001))
    assert code(lambda: Bag(io.BytesIO(form), len(form))) == "E-TOOBIG"
