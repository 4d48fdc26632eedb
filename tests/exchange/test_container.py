"""The outside of a pack: written whole, read back, and refused for one reason at a time."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import IO

import pyrage
import pytest
from pack_world import World, code_of, revision_line

from desktop_app import files
from desktop_app.errors import FileProblem, PackError, StoreError
from desktop_app.exchange import container, limits
from desktop_app.exchange.bag import BagWriter
from desktop_app.exchange.cards import new_device_keys
from desktop_app.exchange.container import open_pack, peek
from desktop_app.exchange.outside import age_length
from desktop_app.exchange.payload import PackContents, members


def test_what_is_written_is_what_the_office_reads(world: World) -> None:
    contents = world.contents(revisions=5, blobs=3)
    sent = list(contents.revisions)
    info = world.write(contents)
    with open_pack(info.path, [world.office.age_identity]) as found:
        assert found.header == info.header
        assert found.header["recipients"] == sorted([world.office.age_recipient, world.branch.age_recipient])
        assert found.device == world.branch.device
        assert list(found.payload.revisions()) == sent
        assert found.payload.registration() == contents.registration
        assert {digest: b"".join(found.payload.blob(digest)) for digest in found.payload.blobs()} == {
            digest: b"".join(source()) for digest, source in contents.blobs.items()
        }
        assert list(found.payload.forms()) == [("f" * 64, b"<h:html/>", {"areas.csv": b"name,label\na,A\n"})]
    assert info.bytes == info.path.stat().st_size
    assert not list(world.folder.glob("*.part"))


def test_the_sender_can_read_its_own_file_and_a_stranger_cannot(world: World) -> None:
    info = world.write()
    assert code_of(info.path, world.branch.age_identity) == "ok"
    assert code_of(info.path, new_device_keys().age_identity) == "E-NOTFORUS"


def test_the_payload_is_the_same_however_often_it_is_generated(world: World) -> None:
    writer = BagWriter(members(world.contents(blobs=2)), [("Contact-Name", "Leeds")])
    first = b"".join(writer.chunks())
    assert first == b"".join(writer.chunks()) == b"".join(writer.chunks())
    assert first == b"".join(BagWriter(members(world.contents(blobs=2)), [("Contact-Name", "Leeds")]).chunks()), (
        "the same records give the same bytes on another day"
    )


def test_an_attachment_that_changes_while_the_file_is_made_stops_it(world: World) -> None:
    contents = world.contents()
    ((digest, _),) = contents.blobs.items()
    right = b"".join(contents.blobs[digest]())
    answers = iter([right, b"b" * 1000])
    contents.blobs = {digest: lambda: iter([next(answers)])}
    with pytest.raises(PackError) as refused:
        world.write(contents)
    assert refused.value.code == "E-READBACK"
    assert list(world.folder.iterdir()) == []


def test_an_attachment_that_rotted_is_not_sent(world: World) -> None:
    contents = world.contents()
    ((digest, _),) = contents.blobs.items()
    contents.blobs = {digest: lambda: iter([b"something else"])}
    with pytest.raises(StoreError) as refused:
        world.write(contents)
    assert refused.value.code == "E-HASH"
    assert list(world.folder.iterdir()) == []


def test_a_file_larger_than_memory_is_read_back_and_opened_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "SPOOL_MEMORY", 10_000)
    info = world.write(world.contents(blobs=2, blob_bytes=200_000))
    assert code_of(info.path, world.office.age_identity) == "ok"


def test_a_file_that_cannot_be_read_back_never_gets_its_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class RottenDisk(files.Disk):
        """Says it wrote, and wrote something else: bad memory, a dying stick."""

        def write(self, descriptor: int, data: bytes | memoryview) -> int:
            changed = bytearray(data)
            changed[len(changed) // 2] ^= 1
            return os.write(descriptor, changed)

    monkeypatch.setattr(files, "DISK", RottenDisk())
    with pytest.raises(PackError) as refused:
        world.write()
    assert refused.value.code == "E-READBACK"
    assert list(world.folder.iterdir()) == []


def test_a_full_disk_is_said_in_words_and_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk(files.Disk):
        def write(self, descriptor: int, data: bytes | memoryview) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "DISK", FullDisk())
    with pytest.raises(FileProblem) as refused:
        world.write()
    assert refused.value.code == "E-DISKFULL"
    assert list(world.folder.iterdir()) == []


def test_over_500_mb_is_refused_before_anything_is_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "WRITE_PACK_BYTES", 5000)
    with pytest.raises(PackError) as refused:
        world.write(world.contents(blobs=3, blob_bytes=4000))
    assert refused.value.code == "E-TOOBIG"
    assert list(world.folder.iterdir()) == []


# --- classes of failure -----------------------------------------------------------------------------------------------


def test_things_people_have_instead_of_the_file(world: World) -> None:
    for content, code in (
        (b"Dear colleague,\n" * 200, "E-NOTAGE"),
        (b"PK\x03\x04" + bytes(4000), "E-NOTAGE"),
        (b"<!DOCTYPE html><html>Sign in</html>", "E-NOTAGE"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", "E-NOTAGE"),
        (b"age-encryption.org/v2\n" + bytes(4000), "E-NOTAGE"),
        (b"", "E-TRUNCATED"),
        (b"age-encry", "E-TRUNCATED"),
    ):
        path = world.folder / "x.branchpack"
        path.write_bytes(content)
        assert code_of(path, world.office.age_identity) == code


def test_a_whole_chunk_missing_is_told_from_damage(world: World) -> None:
    info = world.write(world.contents(blobs=1, blob_bytes=300_000))
    whole = info.path.read_bytes()
    for cut in (len(whole) - 1, len(whole) - 70_000, len(whole) // 2):
        info.path.write_bytes(whole[:cut])
        with pytest.raises(PackError) as refused:
            open_pack(info.path, [world.office.age_identity])
        assert refused.value.code == "E-TRUNCATED"
        assert f"{cut:,} of {len(whole):,}" in refused.value.what
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 8
    info.path.write_bytes(flipped)
    assert code_of(info.path, world.office.age_identity) == "E-DAMAGED"
    info.path.write_bytes(whole + b"\r\n")
    assert code_of(info.path, world.office.age_identity) == "E-DAMAGED", "something stuck to the end"
    assert peek(info.path).bytes == len(whole) + 2


def test_another_age_file_for_us_is_not_a_pack(world: World) -> None:
    for plaintext in (b"holiday pictures " * 1000, b"\n" * 4000, b"BRANCH-EVIDENCE\n" * 400):
        assert code_of(world.encrypted(plaintext), world.office.age_identity) == "E-NOTPACK"


def test_forged_in_every_way_a_stranger_could_try(world: World) -> None:
    good = world.plaintext(world.write())
    lines = good.split(b"\n", 6)
    other = world.plaintext(world.write(world.contents(revisions=1), name="other")).split(b"\n", 6)

    def changed(number: int, line: bytes) -> Path:
        return world.encrypted(b"\n".join([*lines[:number], line, *lines[number + 1 :]]))

    assert code_of(world.encrypted(good), world.office.age_identity) == "ok", "the test's own way of wrapping is right"
    for path in (
        changed(1, b"untrusted comment: signature"),
        changed(1, lines[1][:-4] + b"AAAA"),
        changed(2, lines[2].replace(b"RU", b"RW", 1)),
        changed(2, other[2]),
        changed(3, lines[3].replace(b'"number":7', b'"number":8')),
        changed(3, other[3]),
        changed(4, other[4]),
        changed(5, b" "),
        changed(6, lines[6][:-1] + bytes([lines[6][-1] ^ 1])),
        changed(6, other[6]),
        changed(6, lines[6] + b"\0"),
    ):
        assert code_of(path, world.office.age_identity) == "E-FORGED"
    # The right way to sign, by somebody else, in this device's name.
    stranger = new_device_keys()
    assert code_of(world.signed(world.bag(), device=stranger.device), world.office.age_identity) == "E-FORGED"
    assert code_of(world.signed(world.bag(), payload_len=3), world.office.age_identity) == "E-FORGED"
    assert code_of(world.signed(world.bag(), payload_sha256="0" * 64), world.office.age_identity) == "E-FORGED"


def test_passed_on_by_a_third_person(world: World) -> None:
    info = world.write()
    nosy = new_device_keys()
    again = world.encrypted(world.plaintext(info), recipients=[nosy.age_recipient])
    assert code_of(again, nosy.age_identity) == "E-NOTFORUS"


def test_newer_versions_are_kept_for_later(world: World) -> None:
    payload = world.bag()
    for path in (
        world.signed(payload, magic=b"BRANCH-EVIDENCE PACK 2\n"),
        world.signed(payload, major=2),
        world.signed(payload, critical=["chunked-attachments"]),
    ):
        assert code_of(path, world.office.age_identity) == "E-NEWER"
    minor = world.signed(payload, minor=4, something_new={"kept": True})
    with open_pack(minor, [world.office.age_identity]) as found:
        assert found.header["something_new"] == {"kept": True}


def test_a_signed_header_that_makes_no_sense(world: World) -> None:
    payload = world.bag()
    for changes in (
        {"format": "sendx"},
        {"pack": None},
        {"pack": "../../etc/passwd"},
        {"kind": "chain letter"},
        {"number": "7"},
        {"number": True},
        {"recipients": "age1"},
        {"recipients": [1]},
        {"critical": "none"},
        {"branch": "Leeds\u202esdeeL"},
        {"counts": []},
        {"offset_min": 0.5},
    ):
        assert code_of(world.signed(payload, **changes), world.office.age_identity) == "E-HEADER", changes
    assert code_of(world.signed(payload, app="x" * 5000), world.office.age_identity) == "E-TOOBIG"


def test_a_file_over_a_gigabyte_is_refused_by_its_size_alone(world: World) -> None:
    path = world.folder / "huge.branchpack"
    with path.open("wb") as file:
        file.truncate(limits.PACK_BYTES + 1)
    assert code_of(path, world.office.age_identity) == "E-TOOBIG"


def test_an_age_header_that_never_ends(world: World) -> None:
    path = world.folder / "x.branchpack"
    path.write_bytes(b"age-encryption.org/v1\n" + b"-> X25519 AAAA\nBBBB\n" * 60 + bytes(100))
    assert code_of(path, world.office.age_identity) == "E-DAMAGED"
    path.write_bytes(b"age-encryption.org/v1\n" + b"-> " * 40_000)
    assert code_of(path, world.office.age_identity) == "E-DAMAGED"


def test_the_file_may_be_exchanged_between_the_two_passes(world: World) -> None:
    """Pass 2 must see what pass 1 signed for, even if a sync program swaps the bytes in between."""
    first = world.write().path.read_bytes()
    second = world.write(world.contents(revisions=2), name="second").path.read_bytes()

    class Swapping:
        def __init__(self) -> None:
            self.reads, self.file = 0, world.folder / "swap"
            self.file.write_bytes(first)
            self.open = self.file.open("rb")

        def seek(self, *where: int) -> int:
            if where == (0,):
                self.reads += 1
            if self.reads == 3:  # the size and the age header, pass 1, pass 2
                self.open.close()
                self.file.write_bytes(second)
                self.open = self.file.open("rb")
                self.reads += 1
            return self.open.seek(*where)

        def read(self, size: int = -1) -> bytes:
            return self.open.read(size)

    with pytest.raises(PackError) as refused:
        open_pack(Swapping(), [world.office.age_identity])  # type: ignore[arg-type]
    assert refused.value.code == "E-DAMAGED"


def test_age_length_is_what_age_makes(world: World) -> None:
    reader = [pyrage.x25519.Recipient.from_str(world.office.age_recipient)]
    for size in (2000, 65_535, 65_536, 65_537, 200_000):
        made = pyrage.encrypt(bytes(size), reader)
        assert len(made) == made.index(b"\n--- ") + len(b"\n--- ") + 43 + 1 + age_length(size)


# --- damage at every place --------------------------------------------------------------------------------------------


def test_flips_and_cuts_everywhere_are_refused_and_let_nothing_out(
    world: World, effort: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No parser runs and no spool is filled for a damaged file: pass 2 is never reached."""
    word = "Kestrel-planted-word"
    info = world.write(PackContents(world.contents().registration, revisions=[revision_line(world.branch, word)]))
    whole = info.path.read_bytes()
    released: list[bytes] = []

    class Watched(files.Spool):
        def write(self, data: bytes) -> int:
            released.append(bytes(data))
            return super().write(data)

    monkeypatch.setattr(container, "Spool", Watched)
    path = world.folder / "damaged.branchpack"
    step = max(1, len(whole) // (250 * effort))
    allowed = {"E-NOTAGE", "E-NOTFORUS", "E-DAMAGED", "E-TRUNCATED"}
    seen = set()
    for position in range(0, len(whole), step):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << (position % 8)
        for data in (bytes(flipped), whole[:position]):
            path.write_bytes(data)
            code = code_of(path, world.office.age_identity)
            assert code in allowed, (position, len(data), code)
            seen.add(code)
    assert released == []
    assert seen == allowed
    path.write_bytes(whole)
    assert code_of(path, world.office.age_identity) == "ok" and released, "the watch itself works"


# --- large files ------------------------------------------------------------------------------------------------------


def test_a_large_file_needs_little_memory_and_leaves_no_plaintext_on_the_disk(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """48 MB of attachments: more than the spool keeps in memory, so it goes through the disk, sealed."""
    word = b"Kestrel-planted-word"
    block = word + hashlib.shake_256(b"noise").digest(250_000)

    def attachment(number: int) -> Callable[[], Iterator[bytes]]:
        return lambda: chain([number.to_bytes(8, "big")], repeat(block, 32))

    digests = {}
    for number in range(6):
        digest = hashlib.sha256()
        for piece in attachment(number)():
            digest.update(piece)
        digests[digest.hexdigest()] = attachment(number)
    written: list[Path] = []

    def named_file() -> IO[bytes]:
        written.append(world.folder / f"spool {len(written)}")
        return written[-1].open("w+b")

    monkeypatch.setattr(tempfile, "TemporaryFile", named_file)
    contents = PackContents(world.contents().registration, blobs=digests)
    tracemalloc.start()
    try:
        info = world.write(contents)
        writing = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        with open_pack(info.path, [world.office.age_identity]) as found:
            for digest in found.payload.blobs():
                assert sum(map(len, found.payload.blob(digest))) == 8 + 32 * len(block)
        reading = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert info.bytes > 48_000_000
    assert writing < 25_000_000, "one attachment at a time"
    assert reading < 80_000_000, "the spool's 32 MB, twice while it turns to the disk, and some chunks"
    assert written and any(path.stat().st_size > 40_000_000 for path in written), "it did go through the disk"
    for path in [*written, info.path]:
        assert word not in path.read_bytes()
