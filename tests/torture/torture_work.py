"""A busy day in the store, step by step, and the oracle: whatever a person was told is saved must be there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from desktop_app.errors import NotFound, WorldError
from desktop_app.paths import ProfilePaths
from desktop_app.records.erasure import make_order
from desktop_app.records.revision import FormRef, Revision, Stamp, sign
from desktop_app.storage import backup, blobs, drafts, erasures, keys, revisions, rotation, soundness
from desktop_app.storage.database import Store
from desktop_app.storage.opening import open_store

CHEAP = keys.KdfCost(1, 8 * 1024 * 1024)
SEED = bytes(range(32))
FORM = FormRef("evidence", "1", "f" * 64)
RECORD = "00000000-0000-4000-8000-%012d"
Tell = Callable[[str], None]


def new_records(folder: Path) -> tuple[ProfilePaths, bytes]:
    """Empty records under the passphrase ``words 0``, closed."""
    paths, key = ProfilePaths(folder), keys.new_data_key()
    Store.create(paths, key).close()
    keys.create_slots(paths, key, "words 0", CHEAP)
    return paths, key


def day(store: Store, number: int, tell: Tell) -> None:
    """One step of a busy day; told when the call that did it has returned."""
    kind = number % 6
    if kind == 0:
        drafts.save(store, "draft", FORM, {"n": number, "text": "x" * (number * 997 % 5000)}, ())
        tell(f"draft {number}")
    elif kind == 1:
        made = Revision(
            RECORD % number, FORM, "put", (), "ready", False, {"told": f"{number} " * 50}, {}, (), {}, (), (),
            "Leeds", "d", "", Stamp("2026-11-22T10:00:00Z", 0, number), "0" * 32,
        )  # fmt: skip
        revisions.add(store, sign(made, SEED))
        tell(f"revision {number}")
    elif kind == 2:
        sha256, _ = blobs.put(store, f"{number} ".encode() * 9_000, "a.pdf", "application/pdf")
        tell(f"blob {sha256}")
    elif kind == 3:
        with store.atomic():
            store.set_setting("left", str(number))
            store.set_setting("right", str(number))
        tell(f"pair {number}")
    elif kind == 4:
        erasures.add(store, make_order(RECORD % (number - 3), "mistake", "2026-11-22T10:00:00Z", "Leeds", SEED))
        tell(f"erased {number - 3}")
    elif number % 24 == 5:
        made_backup = rotation.automatic(store, store.paths, reason="now")
        assert made_backup
        tell(f"backup {made_backup.path.name}")
    elif number % 24 == 11:
        keys.change_passphrase(store.paths, store._key, f"words {number}", CHEAP)
        tell(f"words {number}")
    else:
        revisions.next_counter(store)
        tell(f"counter {store.setting('counter')}")


def missing(paths: ProfilePaths, key: bytes, told: Iterable[str], *, full: bool = False) -> list[str]:
    """What was told and is not there, and anything damaged or half-done. Opens the records as the program does."""
    told = list(told)
    try:
        with open_store(paths, key) as store:
            return [*_wrong_inside(store, told, full), *_wrong_beside(paths, key, told, full)]
    except WorldError as error:
        return [f"cannot be opened: {error.what}"]
    except (ValueError, KeyError) as error:
        return [f"what is read is not what was written: {error!r}"]


def _wrong_inside(store: Store, told: list[str], full: bool) -> list[str]:
    wrong = list(soundness.check(store, full=full))
    if store.setting("left") != store.setting("right"):
        wrong.append("half a pair")
    draft = drafts.load(store, "draft")
    latest = {
        "draft": int(draft.content["n"]) if draft else -1,
        "pair": int(store.setting("left") or -1),
        "counter": int(store.setting("counter") or -1),
    }
    here = {str(row[0]) for row in store.rows("select record from revisions where live = 1")}
    gone = {order.record for order in erasures.orders(store)}
    held = set(blobs.all_hashes(store))
    wrong += [f"an attachment in part {sha256}" for sha256 in held if not _whole(store, sha256)]
    wrong += [f"erased and still there {record}" for record in here & gone]
    for each in told:
        kind, value = each.split()
        if kind in latest:
            there = latest[kind] >= int(value)
        elif kind == "revision":
            there = RECORD % int(value) in here | gone
        elif kind == "erased":
            there = RECORD % int(value) in gone
        elif kind == "blob":
            there = value in held
        else:
            continue
        if not there:
            wrong.append(each)
    return wrong


def _whole(store: Store, sha256: str) -> bool:
    try:
        return sum(map(len, blobs.read(store, sha256))) == blobs.size(store, sha256)
    except NotFound:
        return False


def _wrong_beside(paths: ProfilePaths, key: bytes, told: list[str], full: bool) -> list[str]:
    wrong: list[str] = []
    made = [path.name for path, _ in rotation.listing(paths)]
    for each in told:
        kind, value = each.split()
        if kind == "backup" and value not in made and len(made) < rotation.KEEP_NEWEST:
            wrong.append(each)
    for path, _ in rotation.listing(paths):
        backup.describe(path)
    slots = json.loads(keys.slots_bytes(paths))
    if not slots:
        wrong.append("no way in")
    if full:  # the passphrase told last, or a later one that was on its way
        last = max([0, *(int(each.split()[1]) for each in told if each.startswith("words "))])
        steps = [int(each.split()[1]) for each in told if each.split()[0] in ("draft", "revision", "pair")]
        first, beyond = min(steps, default=0), max(steps, default=0) + 48
        for words in (last, *(number for number in range(max(first - 24, last + 1), beyond) if number % 24 == 11)):
            try:
                if keys.open_with_passphrase(paths, f"words {words}") == key:
                    break
            except WorldError:
                continue
        else:
            wrong.append(f"words {last}")
    return wrong
