"""Taking in ten thousand revisions, and writing a file with 200 MB, against the sum of the bare steps."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import tempfile
import time
from pathlib import Path

import pyrage
from ground import answers, new_profile
from measure import Row
from nacl.signing import VerifyKey

from desktop_app.exchange.container import open_pack
from desktop_app.services import receiving, recording, sending
from desktop_app.services.attachments import attach
from desktop_app.services.contacts import add_office_card, office_card
from desktop_app.services.profile import Profile
from desktop_app.storage.database import connect
from desktop_app.storage.ledger import set_device_state


def _pair(folder: Path) -> tuple[Profile, Profile]:
    """A branch and an office that know one another."""
    office = new_profile(folder / "office", "office", "Office")
    branch = new_profile(folder / "branch")
    add_office_card(branch, office_card_bytes(office, folder))
    return branch, office


def office_card_bytes(office: Profile, folder: Path) -> bytes:
    card = folder / "union.officecard"
    office_card(office, card)
    return card.read_bytes()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def take_in_row(folder: Path, count: int) -> Row:
    branch, office = _pair(folder)
    for number in range(count):
        recording.add_record(branch, "evidence", answers(number), (), "ready")
    pack = sending.send(branch, folder / "out", None, 400).packs[0].path
    # The office meets the laptop with this first look, and accepts it; the file itself is added below.
    receiving.receive(office, [pack])
    set_device_state(office.store, branch.me.device, "accepted")
    before = _peak_mb()
    started = time.perf_counter()
    found = receiving.receive(office, [pack])
    ours = (time.perf_counter() - started) * 1000
    assert found.files[0].new == count, found.files[0]
    grown = _peak_mb() - before
    bare = _bare_take_in(folder, pack, office)
    ratio = ours / bare
    note = f"one run; memory +{grown:.0f} MB"
    yardstick = "decrypt, verify, SHA-256, json.loads, bare insert and FTS"
    return Row(f"take in {count:,} revisions", yardstick, ours, bare, ratio, "2 x", ratio <= 2, note)


def _bare_take_in(folder: Path, pack: Path, office: Profile) -> float:
    """The steps nobody can leave out, without any of our code around them but the reading of the bag."""
    identity = pyrage.x25519.Identity.from_str(office.keys.age_identity)
    with open_pack(pack, [office.keys.age_identity]) as opened:
        lines = list(opened.payload.revisions())
        key = VerifyKey(opened.payload.registration().signing_key)
    connection = connect(folder / "bare.db", os.urandom(32), new=True)
    connection.execute("create table r(id text primary key, line blob)")
    connection.execute("create virtual table f using fts5(words, content='')")
    started = time.perf_counter()
    with pack.open("rb") as source, tempfile.TemporaryFile() as sink:
        pyrage.decrypt_io(source, sink, [identity])
    connection.execute("begin")
    for number, line in enumerate(lines):
        signature, body = line.split(b" ", 1)
        digest = hashlib.sha256(b"branch-evidence/revision/1\0" + body).hexdigest()
        from base64 import b64decode

        key.verify(b"branch-evidence/revision-signature/1\0" + body, b64decode(signature))
        said = json.loads(body)
        connection.execute("insert into r values(?, ?)", (digest, line))
        text = " ".join(str(v) for v in said["answers"]["about"].values())
        connection.execute("insert into f(rowid, words) values(?, ?)", (number + 1, text))
    connection.execute("commit")
    elapsed = (time.perf_counter() - started) * 1000
    connection.close()
    return elapsed


def write_row(folder: Path, megabytes: int) -> Row:
    branch, _office = _pair(folder)
    record = recording.start(branch, "evidence", answers(1))
    part = folder / "attachment.bin"
    for _ in range(megabytes // 20):
        part.write_bytes(os.urandom(20 * 1024 * 1024))
        attach(branch, record, part, shows_person="no", question="about/attachments")
    recording.mark_ready(branch, record)
    before = _peak_mb()
    started = time.perf_counter()
    made = sending.send(branch, folder / "out", None, 500).packs[0]
    ours = (time.perf_counter() - started) * 1000
    grown = _peak_mb() - before
    bare = _bare_write(branch, folder, made.path)
    note = f"one run; {made.bytes / 1e6:.0f} MB; memory +{grown:.0f} MB"
    yardstick = "read blobs, hash, store, encrypt, decrypt, hash"
    ratio = ours / bare
    return Row(f"write a file with {megabytes} MB", yardstick, ours, bare, ratio, "1.5 x", ratio <= 1.5, note)


def _bare_write(branch: Profile, folder: Path, pack: Path) -> float:
    """The bare steps over the same bytes: twice read and hashed, encrypted, read back and hashed."""
    from desktop_app.storage import blobs

    identity = pyrage.x25519.Identity.from_str(branch.keys.age_identity)
    digests = blobs.all_hashes(branch.store)
    plain, sealed, opened = folder / "plain", folder / "sealed", folder / "opened"
    started = time.perf_counter()
    with plain.open("wb") as file:
        for _ in range(2):
            file.seek(0)
            total, signed = hashlib.sha256(), hashlib.blake2b()
            for digest in digests:
                for chunk in blobs.read(branch.store, digest):
                    total.update(chunk)
                    signed.update(chunk)
                    file.write(chunk)
    with plain.open("rb") as source, sealed.open("wb") as sink:
        pyrage.encrypt_io(source, sink, [identity.to_public()])
    with sealed.open("rb") as source, opened.open("wb") as sink:
        pyrage.decrypt_io(source, sink, [identity])
    with opened.open("rb") as file:
        hashlib.file_digest(file, "sha256")
        file.seek(0)
        hashlib.file_digest(file, "blake2b")
    elapsed = (time.perf_counter() - started) * 1000
    for path in (plain, sealed, opened):
        path.unlink()
    return elapsed
