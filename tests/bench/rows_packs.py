"""Taking in ten thousand revisions, and writing a file with 200 MB, against the sum of the bare steps."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import os
import random
import resource
import shutil
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
from ground import PASSPHRASE, answers, new_profile
from measure import Row, milliseconds, paired
from nacl.signing import VerifyKey

from desktop_app.exchange.container import open_pack
from desktop_app.paths import ProfilePaths
from desktop_app.services import profile as profiles
from desktop_app.services import receiving, recording, sending, versions
from desktop_app.services.contacts import add_office_card, office_card
from desktop_app.services.content import Content
from desktop_app.services.form_library import reference
from desktop_app.services.profile import Profile
from desktop_app.services.recording import attach
from desktop_app.storage.laptops import set_device_state


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


def _file_of(folder: Path, count: int) -> tuple[Path, Path, Path]:
    """A file of so many records, each of one revision; the folder of an office that knows the laptop, and a work one."""
    branch, office = _pair(folder)
    form = reference(branch.forms.current("evidence"))
    with branch.store.atomic():
        for number in range(count):
            given = answers(number)
            given["access_and_consequences"]["waits"][0].update(_id=str(uuid.UUID(int=number)), _order="a0")
            record = str(uuid.uuid4())
            versions.make_revision(branch, record, form, Content(given), parents=())
            versions.refresh(branch, record)
    pack = sending.send(branch, folder / "out", None, 400).packs[0].path
    # The office meets the laptop with this first look, and accepts it; the file itself is added below.
    receiving.receive(office, [pack])
    set_device_state(office.store, branch.me.device, "accepted")
    branch.close()
    office.close()
    return pack, folder / "office", folder / "work"


def _office(source: Path, work: Path) -> Profile:
    """The office as it was before the file."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(source, work)
    return profiles.unlock(ProfilePaths(work), passphrase=PASSPHRASE)


def take_in_rows(folder: Path, count: int) -> list[Row]:
    pack, source, work = _file_of(folder, count)
    grown: list[float] = []
    made: dict[str, list[Any]] = {}

    def ours() -> float:
        office = _office(source, work)
        before = _peak_mb()
        elapsed = milliseconds(lambda: _all_new(receiving.receive(office, [pack]), count))
        grown.append(_peak_mb() - before)
        if not made:
            made.update({table: office.store.rows(f"select * from {table}") for table in TABLES})
        office.close()
        return elapsed

    def bare() -> float:
        office = _office(source, work)
        elapsed = _bare_take_in(folder, pack, office, made)
        office.close()
        return elapsed

    taken = paired(
        f"take in {count:,} revisions",
        ours,
        "decrypt, verify, SHA-256, json.loads, bare insert and FTS rebuild of the same rows",
        bare,
        at_most=2,
        note=lambda: f"memory +{grown[0]:.0f} MB the first time, +{max(grown[1:]):.0f} MB later",
    )
    return [taken, _saving_meanwhile(pack, source, work, count)]


def _all_new(found: receiving.Import, count: int) -> None:
    assert found.files[0].new == count, found.files[0]


def _saving_meanwhile(pack: Path, source: Path, work: Path, count: int) -> Row:
    """A draft wanted at any moment of an adding: it waits for the rest of the step at hand, and is then saved."""
    chance = random.Random(1)
    longest: list[float] = []

    def saving(office: Profile) -> Callable[[], float]:
        record = recording.start(office, "evidence", answers(1))
        content = recording.open_record(office, record).content
        numbers = itertools.count()

        def save() -> float:
            changed = content.with_answer("about/title", f"title {next(numbers)}")
            return milliseconds(lambda: recording.save_draft(office, record, changed))

        return save

    def meanwhile() -> float:
        office = _office(source, work)
        save = saving(office)
        took = save()
        moments: list[tuple[float, float]] = []
        steps = receiving.receive_steps(office, [pack])
        going = True
        while going:
            started = time.perf_counter()
            going = next(steps, None) is not None
            moments.append(((time.perf_counter() - started) * 1000, took))
            if len(moments) % 3 == 0:
                took = save()
        office.close()
        longest.append(max(step for step, _ in moments))
        asked = chance.choices(moments, [step for step, _ in moments], k=2001)
        return statistics.median(step * chance.random() + took for step, took in asked)

    def idle() -> float:
        office = _office(source, work)
        save = saving(office)
        middle = statistics.median(save() for _ in range(20))
        office.close()
        return middle

    return paired(
        f"save a draft while {count:,} are taken in",
        meanwhile,
        "the same, idle",
        idle,
        at_most=5,
        note=lambda: f"median over all moments; the longest step, at the end, {statistics.median(longest):.0f} ms",
    )


TABLES = ("revisions", "revision_imports", "projection", "tags", "answers")


def _bare_take_in(folder: Path, pack: Path, office: Profile, made: dict[str, list[Any]]) -> float:
    """The steps nobody can leave out, and the same rows into the same tables through the bare driver."""
    identity = pyrage.x25519.Identity.from_str(office.keys.age_identity)
    with open_pack(pack, [office.keys.age_identity]) as opened:
        lines = list(opened.payload.revisions())
        key = VerifyKey(opened.payload.registration().signing_key)
    connection = office.store.conn
    started = time.perf_counter()
    with pack.open("rb") as source, tempfile.TemporaryFile() as sink:
        pyrage.decrypt_io(source, sink, [identity])
    for line in lines:
        signature, body = line.split(b" ", 1)
        hashlib.sha256(b"branch-evidence/revision/1\0" + body).hexdigest()
        key.verify(b"branch-evidence/revision-signature/1\0" + body, base64.b64decode(signature))
        json.loads(body)
    connection.execute("begin immediate")
    for table, rows in made.items():
        connection.executemany(f"insert into {table} values({','.join('?' * len(rows[0]))})", rows)
    connection.execute("insert into search(search) values('rebuild')")
    connection.execute("commit")
    return (time.perf_counter() - started) * 1000


def write_row(folder: Path, megabytes: int) -> Row:
    branch, _office = _pair(folder)
    record = recording.start(branch, "evidence", answers(1))
    part = folder / "attachment.bin"
    for _ in range(megabytes // 20):
        part.write_bytes(os.urandom(20 * 1024 * 1024))
        attach(branch, record, part, shows_person="no", question="about/attachments")
    recording.mark_ready(branch, record)
    before = _peak_mb()
    made: list[Any] = []

    def ours() -> float:
        # Nothing is confirmed, so every file carries it all again.
        return milliseconds(lambda: made.append(sending.send(branch, folder / "out", None, 500).packs[0]))

    def bare() -> float:
        elapsed = _bare_write(branch, folder, made[-1].path)
        made.pop().path.unlink()
        return elapsed

    row = paired(
        f"write a file with {megabytes} MB",
        ours,
        "read blobs, hash, store, encrypt, decrypt, hash",
        bare,
        at_most=1.5,
        note=lambda: f"memory +{_peak_mb() - before:.0f} MB",
    )
    branch.close()
    return row


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
