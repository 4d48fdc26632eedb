"""Makes the test vectors of one version of the file format: real files, and one for every class of failure.

Run once for a new version and commit the result; what was released is never made again, it is only read (packs.md
"Readers read every major ever released")::

    .venv/bin/python tests/golden/make_vectors.py

The keys in ``keys.json`` protect nothing: they are published so that anybody can try a reader on these files.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "exchange")]

from pack_world import World, revision_line  # noqa: E402

from desktop_app.exchange.bag import BagWriter  # noqa: E402
from desktop_app.exchange.cards import minisign_public_key, new_device_keys  # noqa: E402
from desktop_app.exchange.payload import PackContents, members  # noqa: E402
from desktop_app.exchange.zipping import Member, StrictZip, directory  # noqa: E402
from desktop_app.paths import ProfilePaths  # noqa: E402
from desktop_app.services import office as office_service  # noqa: E402
from desktop_app.services import profile as profiles  # noqa: E402
from desktop_app.services import receiving, recording, sending  # noqa: E402
from desktop_app.services.recording import attach  # noqa: E402
from desktop_app.storage.keys import KdfCost  # noqa: E402

VERSION = "1.0"
OUT = Path(__file__).resolve().parent / VERSION
WHEN = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)


def main() -> None:
    OUT.mkdir(exist_ok=True)
    vectors: list[dict[str, Any]] = []

    def add(name: str, data: bytes, code: str, what: str, **more: Any) -> None:
        (OUT / name).write_bytes(data)
        vectors.append(
            {"file": name, "class": code, "what": what, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            | {"reader": "office"}
            | more
        )

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        branch, office = _real_files(folder, add)
        world = World(folder / "made", branch, office)
        world.folder.mkdir()
        _failures(world, add)
    keys = {
        name: {
            "device": keys.device,
            "age_identity": keys.age_identity,
            "age_recipient": keys.age_recipient,
            "minisign_public_key": minisign_public_key(keys.signing_public),
            "secrets": json.loads(keys.to_json()),
        }
        for name, keys in (("branch", branch), ("office", office))
    }
    (OUT / "keys.json").write_text(json.dumps(keys, indent=1) + "\n")
    (OUT / "vectors.json").write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(vectors)} files, {sum(each['bytes'] for each in vectors):,} bytes, in {OUT}")


def _real_files(folder: Path, add: Any) -> tuple[Any, Any]:
    """A branch's file and the office's reply, made by the program itself."""

    def create(role: str, name: str, **more: Any) -> Any:
        return profiles.create(
            ProfilePaths(folder / role), role=role, name=name, passphrase="golden files hold nothing real",
            cost=KdfCost(1, 8 * 1024 * 1024), clock=lambda: WHEN, **more,
        ).profile  # fmt: skip

    office, branch = create("office", "National office"), create("branch", "Leeds", officer_role="local_secretary")
    card = folder / "office.officecard"
    receiving.office_card(office, card)
    receiving.add_office_card(branch, card)
    record = recording.start(
        branch,
        "evidence",
        {
            "about": {
                "title": "First requests come back refused",
                "summary": "“Most first requests come back refused”, a SENCO said – the second time they pass. 中文 ✓",
                "area": "several_authorities",
                "authorities": "383 886",
                "when_text": "spring term 2024",
                "source_reference": "SENCO meeting, primary school",
                "strength": "second_hand",
                "permission": "use_without_quoting",
                "topics": "access_and_consequences",
            },
            "access_and_consequences": {
                "c2_refuses_first_assessment": "yes",
                "waits": [{"wait_service": "educational_psychology", "wait_weeks": "31"}],
            },
        },
    )
    paper = folder / "minutes.txt"
    paper.write_text("Minutes of an invented meeting.\n")
    attach(branch, record, paper, shows_person="no", question="attachments")
    recording.mark_ready(branch, record)
    (pack,) = sending.send(branch, folder / "out").packs
    receiving.receive(office, [pack.path])
    office_service.set_policy(office, {"retention_months": 18, "feedback_address": "evidence@example.org"})
    (reply,) = receiving.accept_device(office, branch.me.device, folder / "out").replies
    opened = recording.open_record(branch, record)
    expect = {
        "record": record,
        "title": opened.title,
        "answers": opened.content.answers,
        "attachments": {blob.name: blob.sha256 for blob in opened.content.blobs},
        "parts_hold": "Minutes of an invented meeting.",
    }
    add("office.officecard", card.read_bytes(), "ok", "The office's card.", expect={"words": office.words})
    add(pack.path.name, pack.path.read_bytes(), "ok", "A branch's file: one record and its attachment.", expect=expect)
    add(
        reply.name, reply.read_bytes(), "ok", "The office's reply: a receipt and a policy.", reader="branch",
        expect={"pack": json.loads(_header(pack.path, office))["pack"], "retention_months": 18},
    )  # fmt: skip
    keys = branch.keys, office.keys
    branch.close()
    office.close()
    return keys


def _header(path: Path, office: Any) -> str:
    return json.dumps(receiving.verify(office, path)["header"])


def _failures(world: World, add: Any) -> None:
    """One file for each way of being wrong, each wrong in that way only."""
    info = world.write(world.contents(revisions=2, blobs=1, blob_bytes=70_000))
    whole = info.path.read_bytes()
    small = world.write(world.contents(revisions=2), name="small").path.read_bytes()
    add("not-age.branchpack", b"Dear colleague,\nthe file is attached.\n", "E-NOTAGE", "A letter, not an age file.")
    add("zipped.branchpack", _zip({"Leeds-7.branchpack": b"x"}), "E-NOTAGE", "A ZIP, as some mail programs make.")
    add("empty.branchpack", b"", "E-TRUNCATED", "Nothing arrived.")
    add("cut-in-age-header.branchpack", small[:120], "E-TRUNCATED", "Cut inside the age header.")
    add("cut-short.branchpack", whole[: len(whole) - 9_000], "E-TRUNCATED", "The last part is missing.")
    flipped = bytearray(small)
    flipped[len(small) // 2] ^= 1
    add("damaged.branchpack", bytes(flipped), "E-DAMAGED", "One bit changed in the middle.")
    add("text-mode.branchpack", small.replace(b"\n", b"\r\n"), "E-NOTAGE", "Line ends changed by a mail gateway.")
    add("appended.branchpack", small + b"\r\n-- \r\nSent from my telephone\r\n", "E-DAMAGED", "Text added at the end.")
    stranger = new_device_keys()
    contents = world.contents(revisions=1)
    other = World(world.folder, world.branch, stranger).write(contents, name="stranger").path.read_bytes()
    add("another-office.branchpack", other, "E-NOTFORUS", "Encrypted to another office.")
    passed = world.signed(world.bag(), recipients=[stranger.age_recipient]).read_bytes()
    add("passed-on.branchpack", passed, "E-NOTFORUS", "Made for another office and encrypted again for this one.")
    add(
        "not-a-pack.branchpack",
        world.encrypted(b"holiday pictures " * 300).read_bytes(),
        "E-NOTPACK",
        "Something else.",
    )

    good = world.plaintext(info)
    lines = good.split(b"\n", 6)
    payload = bytearray(lines[6])
    payload[len(payload) // 2] ^= 1
    add(
        "changed-payload.branchpack",
        _joined(world, lines, 6, bytes(payload)),
        "E-FORGED",
        "Payload changed, encrypted again.",
    )
    renumbered = lines[3].replace(b'"number":7', b'"number":8')
    add(
        "changed-header.branchpack",
        _joined(world, lines, 3, renumbered),
        "E-FORGED",
        "Header changed, encrypted again.",
    )
    add(
        "no-signature.branchpack",
        world.encrypted(lines[0] + b"\n" + lines[6]).read_bytes(),
        "E-FORGED",
        "Signature taken out.",
    )
    bag = world.bag()
    false = world.signed(bag, device=stranger.device).read_bytes()
    add("another-device.branchpack", false, "E-FORGED", "Rightly signed, in the name of another laptop.")
    add(
        "newer-major.branchpack",
        world.signed(bag, major=2).read_bytes(),
        "E-NEWER",
        "Another major version in the header.",
    )
    magic = world.signed(bag, magic=b"BRANCH-EVIDENCE PACK 2\n").read_bytes()
    add("newer-magic.branchpack", magic, "E-NEWER", "Another major version in the first line.")
    critical = world.signed(bag, critical=["colour"]).read_bytes()
    add("newer-critical.branchpack", critical, "E-NEWER", "Needs a feature that version 1.0 does not have.")
    add("header-nonsense.branchpack", world.signed(bag, format="sendx").read_bytes(), "E-HEADER", "Not our header.")

    parts = _parts(bag)
    noise = hashlib.shake_256(b"vectors").digest(3000)
    for name, data, code, what in (
        ("zip-trailing", bag + b"\0", "E-ZIP", "A byte after the end of the ZIP."),
        ("zip-gap", b"MZ" + bag, "E-ZIP", "Bytes before the start of the ZIP."),
        ("zip-second-name", _zip({**parts, "data/readme.txt": noise}), "E-ZIP", "Two names that differ in case only."),
        ("zip-overlap", _overlap(bag), "E-ZIP", "Two entries over the same bytes."),
        ("zip-bomb", _bomb(), "E-TOOBIG", "A part that would unpack to a hundred times and more."),
        (
            "bag-missing",
            _zip({n: d for n, d in parts.items() if n != "data/README.txt"}),
            "E-BAG",
            "A part is missing.",
        ),
        ("bag-extra", _zip({**parts, "data/extra.txt": noise}), "E-BAG", "A part that the list does not name."),
        ("bag-changed", _zip({**parts, "data/README.txt": noise}), "E-BAG", "A part is not what the list says."),
        (
            "bag-no-list",
            _zip({n: d for n, d in parts.items() if "manifest" not in n}),
            "E-BAG",
            "The lists are missing.",
        ),
        ("bag-path", _bag({"data/../../evil.txt": noise}), "E-BAG", "A name that climbs out of the folder."),
        ("bag-false-hash", _bag({"data/blobs/" + "0" * 64: noise}), "E-BAG", "An attachment under another hash."),
    ):
        add(f"{name}.branchpack", world.signed(data).read_bytes(), code, what)

    reg = contents.registration
    line = revision_line(world.branch, "Signed by nobody.", number=5)
    unsigned = b"A" * 86 + b"==" + line[88:]
    made = {"revisions": [unsigned]}
    add(
        "revision-forged.branchpack",
        _signed_contents(world, reg, made),
        "E-FORGED",
        "A revision's signature is false.",
        stage="content",
    )
    made = {"revisions": [line.replace(b'"answers":{', b'"answers":[],"answers":{')]}
    add(
        "revision-malformed.branchpack",
        _signed_contents(world, reg, made),
        "E-REVISION",
        "A name stands twice.",
        stage="content",
    )
    foreign = replace(reg, device=stranger.device, signing_key=stranger.signing_public)
    add(
        "registration-foreign.branchpack",
        _signed_contents(world, foreign, {}),
        "E-FORGED",
        "Signed by one laptop, registered as another.",
        stage="content",
    )
    optional = {**contents.reference}
    minor = BagWriter(
        [*members(PackContents(reg, revisions=[line], reference=optional)),
         Member("data/sketches.jsonl", lambda: [b'{"new":true}\n'], deflate=True)], [],
    )  # fmt: skip
    data = world.signed(b"".join(minor.chunks()), minor=9, something_new=[1]).read_bytes()
    add(
        "newer-minor.branchpack",
        data,
        "ok",
        "A later minor version: unknown optional parts and members.",
        expect={"unknown": ["data/sketches.jsonl"]},
    )


def _signed_contents(world: World, registration: Any, parts: dict[str, Any]) -> bytes:
    return world.signed(world.bag(PackContents(registration, **parts))).read_bytes()


def _joined(world: World, lines: list[bytes], number: int, line: bytes) -> bytes:
    return world.encrypted(b"\n".join([*lines[:number], line, *lines[number + 1 :]])).read_bytes()


def _parts(data: bytes) -> dict[str, bytes]:
    found = StrictZip(io.BytesIO(data), len(data))
    return {name: b"".join(found.chunks(name)) for name in found.entries}


def _zip(parts: dict[str, bytes]) -> bytes:
    made = [Member(name, lambda data=data: [data], deflate=True) for name, data in parts.items()]
    body = b""
    for member in made:
        packed = b"".join(member.measure())
        body += member.local_header() + packed
    return body + directory(made)


def _bag(parts: dict[str, bytes]) -> bytes:
    return b"".join(BagWriter([Member(n, lambda d=d: [d], deflate=True) for n, d in parts.items()], []).chunks())


def _overlap(bag: bytes) -> bytes:
    changed = bytearray(bag)
    second = bag.index(b"PK\1\2", bag.index(b"PK\1\2") + 1)
    changed[second + 42 : second + 46] = b"\0\0\0\0"
    return bytes(changed)


def _bomb() -> bytes:
    """A deflated part whose sizes are told truly: two million zeros in two kilobytes."""
    member = Member("data/README.txt", lambda: [bytes(2_000_000)], deflate=True)
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(2_000_000)) + packer.flush()
    member._note(2_000_000, len(packed), zlib.crc32(bytes(2_000_000)), "", 8)
    return member.local_header() + packed + directory([member])


if __name__ == "__main__":
    main()
