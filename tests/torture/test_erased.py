"""T10: what is deleted for good is in no byte of the database and of any backup of ours, and nothing brings it back."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from torture_work import CHEAP

from desktop_app.paths import ProfilePaths
from desktop_app.services import erasing, keeping, profile, receiving, recording, restoring, sending, versions
from desktop_app.services.profile import Profile
from desktop_app.storage import backup, rotation
from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
SEED = 20261122
HISTORIES, IN_THE_LONG_RUN = 30, 500
PASS = "plain words for tests only"


def story(words: str) -> dict[str, dict[str, str]]:
    return {"about": {"summary": words, "area": "one_authority", "authorities": "383"}}


def held(store: Store, word: str) -> list[str]:
    """The tables that hold the word, the index's own included."""
    found = []
    for (table,) in store.rows("select name from sqlite_master where type = 'table'"):
        for row in store.rows(f'select * from "{table}"'):
            for value in row:
                data = value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else b""
                if word.encode() in data.lower():
                    found.append(str(table))
    return found


class Office:
    """A branch and an office that know each other, made once and copied for each history."""

    def __init__(self, base: Path) -> None:
        self.base = base
        office = profile.create(ProfilePaths(base / "office"), role="office", name="", passphrase=PASS, cost=CHEAP).profile
        branch = profile.create(
            ProfilePaths(base / "branch"), role="branch", name="Leeds", passphrase=PASS, cost=CHEAP
        ).profile
        receiving.office_card(office, base / "card.officecard")
        receiving.add_office_card(branch, base / "card.officecard")
        recording.add_record(branch, "evidence", story("Innocent."), state="ready")
        (pack,) = sending.send(branch, base / "first").packs
        receiving.receive(office, [pack.path])
        receiving.receive(branch, receiving.accept_device(office, branch.me.device, base / "first").replies)
        self.keys = {"branch": branch.store._key, "office": office.store._key}
        office.close()
        branch.close()

    def copy(self, folder: Path) -> tuple[Profile, Profile]:
        shutil.copytree(self.base, folder)
        return self.open(folder, "branch"), self.open(folder, "office")

    def open(self, folder: Path, who: str) -> Profile:
        paths = ProfilePaths(folder / who)
        return Profile(paths, open_store(paths, self.keys[who]))


def came_back(folder: Path, branch: Profile, office: Profile, old: list[Path], copies: list[Path], word: str) -> list[str]:
    """Every way in which it could come back: old files added again, old backups put back, our own backups opened."""
    found = [f"branch: {table}" for table in held(branch.store, word)]
    receiving.receive(office, old)
    found += [f"office: {table}" for table in held(office.store, word)]
    for path, _ in [*rotation.listing(branch.paths), *rotation.listing(office.paths)]:
        into = folder / "look"
        backup.restore(path, into)
        whose = branch if branch.paths.backups in path.parents else office
        with open_store(ProfilePaths(into), whose.store._key) as store:
            found += [f"backup {path.name}: {table}" for table in held(store, word)]
        shutil.rmtree(into)
    for number, copy in enumerate(copies):
        into = folder / f"restored {number}"
        keeping.restore(copy, into, known=branch.paths)
        opened = profile.unlock(ProfilePaths(into), passphrase=PASS)
        found += [f"restored: {table}" for table in held(opened.store, word)]
        opened.close()
    if copies:
        branch.close()
        opened, _ = restoring.put_back(branch.paths, copies[-1], passphrase=PASS)
        found += [f"put back: {table}" for table in held(opened.store, word)]
        opened.close()
    return found


def one_history(ground: Office, folder: Path, dice: random.Random, word: str) -> list[str]:
    branch, office = ground.copy(folder)
    record = recording.add_record(branch, "evidence", story(f"The {word} story."), state="ready").id
    old: list[Path] = []
    copies: list[Path] = []
    for _ in range(dice.randrange(1, 7)):
        what = dice.choice(("edit", "send", "backup", "keep", "back", "innocent"))
        if what == "edit":
            recording.edit_record(branch, record, {"about": {"summary": f"Still {word}."}}, state="ready")
        elif what == "send":
            made = sending.send(branch, folder / "out").packs
            old += [pack.path for pack in made]
            receiving.receive(office, [pack.path for pack in made], folder / "replies")
        elif what == "backup":
            copies.append(folder / f"copy {len(copies)}.branchbackup")
            keeping.backup(branch, copies[-1])
        elif what == "keep":
            keeping.keep_safe(branch, "now")
            keeping.keep_safe(office, "now")
        elif what == "back":
            versions.take_back(branch, record)
        else:
            recording.add_record(branch, "evidence", story("Another."), state="ready")
    done = erasing.erase(branch, record, "mistake")
    if done.travels:
        receiving.receive(office, [pack.path for pack in sending.send(branch, folder / "out").packs])
    try:
        return came_back(folder, branch, office, old, copies, word)
    finally:
        branch.close()
        office.close()
        shutil.rmtree(folder)


def test_what_is_deleted_for_good_is_nowhere_and_comes_back_from_nowhere(
    quick: Path, effort: int, figure: Callable[[str], None]
) -> None:
    ground = Office(quick / "ground")
    dice = random.Random(SEED)
    histories = IN_THE_LONG_RUN if effort > 1 else HISTORIES
    for number in range(histories):
        assert one_history(ground, quick / "history", dice, f"quokka{number}") == [], f"seed {SEED}, history {number}"
    figure(f"T10 seed {SEED}: {histories} histories, nothing came back")


def test_the_harness_catches_a_restore_that_forgets_the_orders(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.storage import erasures

    ground = Office(quick / "ground")
    monkeypatch.setattr(erasures, "apply_side_file", lambda _store: 0)
    dice = random.Random(SEED)
    assert any(one_history(ground, quick / "history", dice, "quokka") for _ in range(20))
