"""Deleted for good, everywhere (T10): a planted word is in no table, no later file, no later backup, and comes back by
no way in: an old file added again, an old backup restored, an undone adding, another laptop of the branch."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from exchange_world import change, evidence, holds_words, introduce, plaintext, ready, story

from desktop_app import files
from desktop_app.errors import NotFound, PackError, RecordError, UsageProblem
from desktop_app.paths import ProfilePaths
from desktop_app.records.erasure import make_order
from desktop_app.services import attachments, erasing, keeping, receiving, recording, replying, reporting, sending
from desktop_app.services.profile import Profile, unlock
from desktop_app.storage import backup, blobs, erasures, incoming, revisions, rotation

PLANTED = "Zebrafish"
PASSPHRASE = "five words make it long"


@pytest.fixture
def office(make_profile: Callable[..., Profile]) -> Profile:
    return make_profile("Policy team", "office")


@pytest.fixture
def known(branch: Profile, office: Profile, tmp_path: Path) -> Path:
    introduce(branch, office, tmp_path / "post")
    return tmp_path / "post"


def planted(branch: Profile, tmp_path: Path) -> str:
    """A record full of the word: in an earlier version, in the draft, in its undo, in an attachment's name and text."""
    record = ready(branch, f"{PLANTED} was refused.")
    change(branch, record, f"{PLANTED} was refused twice.")
    paper = tmp_path / f"{PLANTED} letter.txt"
    paper.write_text(f"Dear {PLANTED}", "utf-8")
    recording.attach(branch, record, paper, shows_person="no", question="attachments")
    recording.mark_ready(branch, record)
    return record


def test_nothing_of_it_is_left_anywhere_here(branch: Profile, tmp_path: Path) -> None:
    record = planted(branch, tmp_path)
    change(branch, record, f"{PLANTED}, still being typed.", state="draft")
    (attached,) = recording.open_record(branch, record).content.blobs
    opened = attachments.open_copy(branch, attached)
    rotation.automatic(branch.store, branch.paths, reason="start")
    assert holds_words(branch, PLANTED) and len(rotation.listing(branch.paths)) == 1
    (old,) = rotation.listing(branch.paths)

    done = erasing.erase(branch, record, "asked")

    assert holds_words(branch, PLANTED) == []
    assert not blobs.has(branch.store, attached.sha256)
    assert not opened.exists()
    assert not old[0].exists() and done.backups == 1
    (made,) = rotation.listing(branch.paths)
    restored = backup.restore(made[0], tmp_path / "again")
    again = unlock(restored, passphrase=PASSPHRASE)
    assert holds_words(again, PLANTED) == []
    again.close()
    with pytest.raises(NotFound):
        recording.open_record(branch, record)
    assert [(order.record, order.code) for order in erasing.deleted(branch)] == [(record, "asked")]


def test_a_shared_attachment_stays_with_the_record_that_stays(branch: Profile, tmp_path: Path) -> None:
    paper = tmp_path / "shared.txt"
    paper.write_text("The same paper.", "utf-8")
    first, second = ready(branch, "One."), ready(branch, "Two.")
    for record in (first, second):
        recording.attach(branch, record, paper, shows_person="no", question="attachments")
    erasing.erase(branch, first, "mistake")
    (blob,) = recording.open_record(branch, second).content.blobs
    assert b"".join(blobs.read(branch.store, blob.sha256)) == b"The same paper."


def test_the_order_reaches_the_office_and_the_office_says_so(
    branch: Profile, office: Profile, known: Path, tmp_path: Path
) -> None:
    record = planted(branch, tmp_path)
    (first,) = sending.send(branch, known / "a").packs
    receiving.receive(office, [first.path])
    assert holds_words(office, PLANTED)

    done = erasing.erase(branch, record, "asked")
    assert done.travels and done.files_left == [first.path]
    assert sending.preview(branch).deletions == 1
    (second,) = sending.send(branch, known / "b").packs
    assert second.records == 0
    assert PLANTED.encode() not in plaintext(second.path, branch.keys.age_identity)

    seen = receiving.preview(office, [second.path])
    assert seen.files[0].deleted == 1
    assert story(office, record).startswith(PLANTED), "a look deletes nothing"
    assert not office.paths.erasures.exists()
    found = receiving.receive(office, [second.path], known / "r")
    assert (found.files[0].outcome, found.files[0].deleted) == ("added", 1)
    assert holds_words(office, PLANTED) == []
    assert erasures.side_lines(office.store) == erasures.lines(branch.store)

    receiving.receive(branch, found.replies)
    assert sending.preview(branch).deletions == 0
    assert sending.send(branch, known / "c").packs == []
    assert [waiting.number for waiting in sending.waiting_files(branch)] == []


def test_old_files_bring_nothing_back_at_the_office(
    branch: Profile, office: Profile, known: Path, tmp_path: Path
) -> None:
    record = planted(branch, tmp_path)
    (first,) = sending.send(branch, known / "a").packs
    erasing.erase(branch, record, "not-needed")
    (second,) = sending.send(branch, known / "b").packs
    # The order first, then the old file, twice: order does not matter.
    assert receiving.receive(office, [second.path]).files[0].deleted == 0
    for _ in range(2):
        late = receiving.receive(office, [first.path]).files[0]
        assert (late.outcome, late.left_out, late.new) == ("already", 1, 0)
    assert holds_words(office, PLANTED) == []
    # An adding that is undone and done again brings nothing back either.
    (adding,) = [made for made in incoming.imports(office.store) if made.pack and made.number == second.number]
    receiving.undo(office, adding.id)
    receiving.receive(office, [first.path, second.path])
    assert holds_words(office, PLANTED) == [] and erasures.is_erased(office.store, record)


def test_a_file_that_waited_brings_nothing_back(
    branch: Profile, office: Profile, known: Path, tmp_path: Path
) -> None:
    """A laptop that is not accepted any more: its files wait, the order among them; accepted again, all of it counts."""
    record = planted(branch, tmp_path)
    (first,) = sending.send(branch, known / "a").packs
    receiving.stop_device(office, branch.me.device)
    assert receiving.receive(office, [first.path]).files[0].outcome == "refused"
    erasing.erase(branch, record, "asked")
    (second,) = sending.send(branch, known / "b").packs
    assert receiving.receive(office, [second.path]).files[0].outcome == "refused"
    assert not erasures.is_erased(office.store, record)
    receiving.accept_device(office, branch.me.device)
    assert erasures.is_erased(office.store, record)
    assert holds_words(office, PLANTED) == []
    assert receiving.receive(office, [first.path]).files[0].left_out == 1


def test_the_office_deletes_at_the_branch(branch: Profile, office: Profile, known: Path, tmp_path: Path) -> None:
    record = planted(branch, tmp_path)
    (first,) = sending.send(branch, known / "a").packs
    told = receiving.receive(office, [first.path], known / "r")
    receiving.receive(branch, told.replies)
    erasing.erase(office, record, "officer")
    assert holds_words(office, PLANTED) == []
    (reply,) = receiving.reply_to_all(office, known / "later")
    assert PLANTED.encode() not in plaintext(reply, branch.keys.age_identity)
    found = receiving.receive(branch, [reply])
    assert (found.files[0].outcome, found.files[0].deleted) == ("reply", 1)
    assert holds_words(branch, PLANTED) == []
    assert sending.preview(branch).deletions == 1, "the branch's file confirms nothing yet; sending it is harmless"
    with pytest.raises(RecordError):
        erasing.erase(branch, record, "asked")


def test_old_replies_and_old_backups_bring_nothing_back_at_the_branch(
    branch: Profile, office: Profile, known: Path, tmp_path: Path
) -> None:
    record = planted(branch, tmp_path)
    copy = tmp_path / "on a stick.branchbackup"
    keeping.backup(branch, copy)
    (first,) = sending.send(branch, known / "a").packs
    told = receiving.receive(office, [first.path], known / "r")
    erasing.erase(branch, record, "asked", files_too=True)
    assert not first.path.exists(), "asked for: the file made here that held it is gone"
    receiving.receive(branch, told.replies)
    assert holds_words(branch, PLANTED) == []

    # Restored on this computer: the orders known here hold there too.
    keeping.restore(copy, tmp_path / "restored", known=branch.paths)
    again = unlock(ProfilePaths(tmp_path / "restored"), passphrase=PASSPHRASE)
    assert holds_words(again, PLANTED) == [] and erasures.is_erased(again.store, record)
    again.close()
    # Restored on another computer, which knows of no order: any reply of the office puts it right.
    (second,) = sending.send(branch, known / "b").packs
    reply = receiving.receive(office, [second.path], known / "r2").replies
    keeping.restore(copy, tmp_path / "elsewhere")
    elsewhere = unlock(ProfilePaths(tmp_path / "elsewhere"), passphrase=PASSPHRASE)
    assert holds_words(elsewhere, PLANTED)
    receiving.receive(elsewhere, reply)
    assert holds_words(elsewhere, PLANTED) == []
    elsewhere.close()


def test_what_never_left_is_nobodys_business(branch: Profile, office: Profile, known: Path) -> None:
    record = ready(branch, f"{PLANTED} was refused.")
    assert not erasing.erase(branch, record, "mistake").travels
    draft = recording.start(branch, "evidence", evidence(PLANTED))
    assert not erasing.erase(branch, draft, "mistake").travels
    assert holds_words(branch, PLANTED) == []
    assert sending.preview(branch).deletions == 0
    assert sending.send(branch, known / "a").packs == []


def test_another_branchs_order_waits(
    branch: Profile, office: Profile, known: Path, make_profile: Callable[..., Profile], tmp_path: Path
) -> None:
    """A laptop of Kent may not delete what Leeds recorded."""
    record = planted(branch, tmp_path)
    (first,) = sending.send(branch, known / "a").packs
    receiving.receive(office, [first.path])
    kent = make_profile("Kent", authorities=("886",))
    introduce(kent, office, tmp_path / "post of Kent")
    erasures.add(kent.store, make_order(record, "mistake", kent.utc_now(), "Kent", kent.keys.signing_seed))
    (theirs,) = sending.send(kent, known / "kent").packs
    found = receiving.receive(office, [theirs.path]).files[0]
    assert (found.outcome, found.code, found.deleted) == ("waiting", "E-OTHERBRANCH", 0)
    assert story(office, record).startswith(PLANTED)


def test_a_forged_order_refuses_the_whole_file(branch: Profile, office: Profile, known: Path, tmp_path: Path) -> None:
    record = planted(branch, tmp_path)
    (first,) = sending.send(branch, known / "a").packs
    receiving.receive(office, [first.path])
    order = make_order(record, "mistake", branch.utc_now(), "Leeds", branch.keys.signing_seed)
    with pytest.raises(PackError) as told:
        erasing.take_orders(office, [order.line.replace(b"mistake", b"officer")], by_office=False)
    assert told.value.code == "E-FORGED"
    assert story(office, record).startswith(PLANTED)


def test_the_order_holds_no_words_and_takes_no_free_text(branch: Profile) -> None:
    record = ready(branch, PLANTED)
    with pytest.raises(UsageProblem):
        erasing.erase(branch, record, "because he asked")
    with pytest.raises(NotFound):
        erasing.erase(branch, "7c9e6679-7425-40de-944b-e07fc1f90ae7", "mistake")
    erasing.erase(branch, record, "mistake")
    (line,) = erasures.side_lines(branch.store)
    told = json.loads(line.partition(b" ")[2])
    assert set(told) == {"v", "record", "code", "utc", "device", "branch", "signing_key"}


class _HeldBackups(files.Disk):
    """A disk on which the backups cannot be removed: another program has them open."""

    def unlink(self, path: Path) -> None:
        if path.parent.name == "backups":
            raise OSError(errno.EACCES, "held", str(path))
        super().unlink(path)


def test_old_backups_go_at_the_next_start_when_they_could_not_go_at_once(
    branch: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ready(branch, PLANTED)
    rotation.automatic(branch.store, branch.paths, reason="start")
    (old,) = rotation.listing(branch.paths)
    with monkeypatch.context() as held:
        held.setattr(files, "DISK", _HeldBackups())
        done = erasing.erase(branch, record, "mistake")
    assert "does not allow" in done.backup_problem and old[0].exists()
    assert holds_words(branch, PLANTED) == [], "the record itself is gone all the same"
    branch.close()
    again = unlock(branch.paths, passphrase=PASSPHRASE)
    assert not old[0].exists()
    assert len(rotation.listing(again.paths)) == 1
    again.close()


def test_the_second_place_is_cleared_too_and_waits_for_its_drive(branch: Profile, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    keeping.set_second_place(branch, drive)
    record = ready(branch, PLANTED)
    keeping.keep_safe(branch)
    other = drive / f"{rotation.copies_begin('Leeds', branch.me.device)}2025-01-01.branchbackup"
    other.write_bytes(b"an older copy")
    away = tmp_path / "away"
    drive.rename(away)
    done = erasing.erase(branch, record, "mistake")
    assert "drive" in done.backup_problem
    away.rename(drive)
    branch.close()
    again = unlock(branch.paths, passphrase=PASSPHRASE)
    (left,) = drive.iterdir()
    assert again.store.setting("backups_hold_deleted") is None
    again.close()
    restored = unlock(backup.restore(left, tmp_path / "from the drive"), passphrase=PASSPHRASE)
    assert holds_words(restored, PLANTED) == []
    restored.close()


def test_what_one_should_know_before(branch: Profile, office: Profile, known: Path, tmp_path: Path) -> None:
    record = planted(branch, tmp_path)
    told = erasing.before(branch, record)
    assert (told.sent, told.attachments, told.files, told.outside) == (False, 1, [], 0)
    reporting.make(branch, "record", [record], out=tmp_path / "r.pdf")
    assert erasing.before(branch, record).outside == 1, "a PDF of it lies outside, and its list is pointed to"
    (first,) = sending.send(branch, known / "a").packs
    told = erasing.before(branch, record)
    assert told.sent and told.files == [first.path] and told.reference.startswith("LEE-")
    assert revisions.with_live(branch.store, [record]) == {record}, "asking deletes nothing"


def test_a_receipt_of_an_order_changes_no_record(branch: Profile, office: Profile, known: Path, tmp_path: Path) -> None:
    """Saying that a file was e-mailed still works when a record in it was deleted since."""
    record = planted(branch, tmp_path)
    (first,) = sending.send(branch, known / "a").packs
    erasing.erase(branch, record, "asked")
    sending.mark_emailed(branch, first.number)
    assert keeping.drained(replying.write_replies(office, known / "none", {})) == []


def test_an_order_for_a_record_nobody_has_seen_never_touches_another_branchs(
    branch: Profile, office: Profile, known: Path, make_profile: Callable[..., Profile], tmp_path: Path
) -> None:
    """Kent's laptop names a record of Leeds that the office does not have yet: taken on Kent's word for Kent's records only.

    When the record comes, it is Leeds's and stays - also after a restored backup applies the orders beside it again.
    """
    kent = make_profile("Kent", authorities=("886",))
    introduce(kent, office, tmp_path / "post of Kent")
    record = ready(branch, "Leeds has not sent this yet.")
    order = make_order(record, "mistake", kent.utc_now(), "Kent", kent.keys.signing_seed)
    erasures.add(kent.store, order)
    (false,) = sending.send(kent, tmp_path / "kent").packs
    assert receiving.receive(office, [false.path]).files[0].outcome == "added"
    assert [each.id for each in erasures.orders(office.store)] == [order.id]

    (true,) = sending.send(branch, known / "leeds").packs
    come = receiving.receive(office, [true.path]).files[0]
    assert (come.new, come.left_out) == (1, 0)
    assert story(office, record) == "Leeds has not sent this yet."
    assert not erasures.is_erased(office.store, record)

    copy = tmp_path / "copy.branchbackup"
    keeping.backup(office, copy)
    keeping.restore(copy, tmp_path / "again", known=office.paths)
    again = unlock(ProfilePaths(tmp_path / "again"), passphrase=PASSPHRASE)
    assert story(again, record) == "Leeds has not sent this yet."
    again.store.conn.execute("delete from erase_orders")  # as a backup made before the order would have it
    again.close()
    again = unlock(ProfilePaths(tmp_path / "again"), passphrase=PASSPHRASE)
    assert story(again, record) == "Leeds has not sent this yet."
    again.close()

    erasing.erase(branch, record, "asked")
    (second,) = sending.send(branch, known / "b").packs
    assert receiving.receive(office, [second.path]).files[0].deleted == 1
    assert erasures.is_erased(office.store, record)
    assert receiving.receive(office, [true.path]).files[0].left_out == 1


def test_a_damaged_file_that_was_moved_aside_goes_with_what_is_deleted(branch: Profile, tmp_path: Path) -> None:
    record = planted(branch, tmp_path)
    aside = branch.paths.folder / "records-damaged-20261122T105619Z.db"
    aside.write_bytes(branch.paths.database.read_bytes())  # the same key opens it
    erasing.erase(branch, record, "asked")
    assert not aside.exists()
