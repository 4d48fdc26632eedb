"""Whether these records are still on the laptop they name, or a copy of them: put back from a backup, handed over, cloned.

Two copies that went on under one name could not be told apart by the office or by each other. So a mark lies inside the
records and in a file beside them, with this computer, the folder, and how far the records had come; no backup carries that
file. Where they disagree the records are a copy, which takes a name (a signing key) of its own and stays of its branch; the
old keys are kept for reading. Nothing written under the old name changes: what two copies write meets like any two laptops'.

Moving the folder by hand is no copy, as long as no records with the same mark are left where it was.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from desktop_app import files
from desktop_app.errors import WorldError
from desktop_app.exchange.cards import DeviceKeys, new_device_keys
from desktop_app.paths import ProfilePaths
from desktop_app.platform import computer
from desktop_app.storage.database import Store

_MARK, _BEFORE, _NEWS = "laptop_mark", "laptops_before", "laptop_is_new"


@dataclass(frozen=True)
class _Beside:
    """The file beside the records. ``computers``: where this very folder was opened, and under which name."""

    mark: str
    computer: str
    folder: str
    counter: int
    computers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Before:
    """A name these records went by: its device id, and its keys."""

    device: str
    keys: str


def keys_for_copy(store: Store, paths: ProfilePaths, keys: DeviceKeys) -> DeviceKeys | None:
    """The keys to go on with when these records are a copy; None when they are where they were, or were only moved.

    Records opened a second time on a computer, as from a drive that is carried about, have the name they had there. Writes
    nothing.
    """
    mark = store.setting(_MARK)
    if mark is None:
        return None
    beside = _read(paths)
    here = computer.mark()
    if beside is None or beside.mark != mark or beside.counter > _counter(store):
        return new_device_keys()
    if beside.computer != here:
        known = beside.computers.get(here, "")
        again = next((one for one in before(store) if one.device == known), None)
        return DeviceKeys.from_json(again.keys) if again is not None else new_device_keys()
    folder = Path(beside.folder)
    if folder != paths.folder.absolute():
        other = ProfilePaths(folder)
        there = _read(other)
        if other.exists() and there is not None and there.mark == mark:
            return new_device_keys()
    return None


def take_name(store: Store, paths: ProfilePaths, old: DeviceKeys, new: DeviceKeys) -> None:
    """Note that these records go on under another name (inside the caller's transaction). Raises `FileProblem`."""
    mark = secrets.token_hex(16)
    _write(store, paths, mark, new.device)  # first: records without it would take yet another name at the next opening
    kept = [one for one in before(store) if one.device not in (old.device, new.device)]
    kept.append(Before(old.device, old.to_json()))
    store.set_setting(_BEFORE, json.dumps([asdict(one) for one in kept]))
    store.set_setting(_MARK, mark)
    store.set_setting(_NEWS, "1")


def note(store: Store, paths: ProfilePaths, device: str) -> None:
    """Note where the records are now and how far they have come. A disk that refuses is asked again the next time."""
    with suppress(WorldError):
        mark = store.setting(_MARK)
        if mark is None:
            mark = secrets.token_hex(16)
            _write(store, paths, mark, device)
            store.set_setting(_MARK, mark)
        else:
            _write(store, paths, mark, device)


def forget(paths: ProfilePaths) -> None:
    """What comes next in this folder is a copy: an older state was put back. Raises `FileProblem`."""
    files.remove(paths.laptop)


def before(store: Store) -> list[Before]:
    """The names these records went by before, the newest last."""
    return [Before(**one) for one in json.loads(store.setting(_BEFORE) or "[]")]


def is_new(store: Store) -> bool:
    """Whether the person has yet to be told that this laptop goes by a name of its own."""
    return store.setting(_NEWS) is not None


def was_told(store: Store) -> None:
    """The person knows."""
    store.set_setting(_NEWS, None)


def _counter(store: Store) -> int:
    return int(store.setting("counter") or 0)


def _read(paths: ProfilePaths) -> _Beside | None:
    try:
        return _Beside(**json.loads(paths.laptop.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _write(store: Store, paths: ProfilePaths, mark: str, device: str) -> None:
    here, found = computer.mark(), _read(paths)
    now = _Beside(mark, here, str(paths.folder.absolute()), _counter(store), {here: device})
    if found is not None:
        now = replace(now, computers={**found.computers, here: device})
    if now != found:
        files.write_atomic(paths.laptop, json.dumps(asdict(now)).encode())
