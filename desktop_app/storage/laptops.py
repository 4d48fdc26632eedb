"""The laptops known here by their keys, and the wrapped keys that branches left with the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_app.errors import NotFound
from desktop_app.storage.database import Store

DeviceState = Literal["waiting", "accepted", "stopped", "self", "office"]


@dataclass(frozen=True)
class Device:
    """A laptop by its keys. ``signing_key`` and ``exchange`` are raw public keys, ``age`` its recipient (``age1…``)."""

    id: str
    name: str
    branch: str
    role: str
    signing_key: bytes
    age: str
    exchange: bytes
    state: DeviceState


_DEVICE = "id, name, branch, role, signing_key, age, exchange, state"


def devices(store: Store) -> list[Device]:
    """Every laptop known, by branch and name. None is ever forgotten: old signatures must still be verified."""
    return [Device(*row) for row in store.rows(f"select {_DEVICE} from devices order by branch, name, id")]  # noqa: S608


def device(store: Store, device_id: str) -> Device | None:
    row = store.one(f"select {_DEVICE} from devices where id = ?", (device_id,))  # noqa: S608 - constant
    return Device(*row) if row else None


def put_device(store: Store, made: Device, utc: str = "") -> None:
    """Add a laptop, or what is newly said of it. Keys of an id never change: the id is made of the key."""
    with store.atomic():
        store.conn.execute(
            f"insert into devices({_DEVICE}, seen_utc) values(?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " on conflict(id) do update set name=excluded.name, branch=excluded.branch, role=excluded.role,"
            " state=excluded.state, seen_utc=excluded.seen_utc",
            (made.id, made.name, made.branch, made.role, made.signing_key, made.age, made.exchange, made.state, utc),
        )


def set_device_state(store: Store, device_id: str, state: DeviceState) -> None:
    """Accept a laptop, or stop accepting it. Raises `NotFound`."""
    with store.atomic():
        if not store.conn.execute("update devices set state = ? where id = ?", (state, device_id)).rowcount:
            raise NotFound("This laptop is not known here.", do="See the list of laptops.")


def set_recipient(store: Store, device_id: str, age: str) -> None:
    """A computer, known by its signing key, is written to with another key from now on."""
    with store.atomic():
        store.conn.execute("update devices set age = ? where id = ?", (age, device_id))


def put_keyslots(store: Store, device_id: str, data: bytes, number: int) -> bool:
    """Keep a branch's wrapped keys, as they came with its file ``number``, for the day it forgets its passphrase.

    Empty ``data``: that file says that the branch agrees no longer; what it left here before is shredded. Files may come
    in any order: the highest number says what holds. Answers whether what is kept is another now.
    """
    before = keyslots(store, device_id)
    utc = f"n{number:012d}"  # in the column that once held the time; "n" sorts after every year
    with store.atomic():
        store.conn.execute(
            "insert into keyslots(device, utc, data) values(?, ?, ?) on conflict(device) do update set"
            " utc = excluded.utc, data = excluded.data where excluded.utc >= keyslots.utc",
            (device_id, utc, data),
        )
    return keyslots(store, device_id) != before


def keyslots(store: Store, device_id: str) -> bytes | None:
    row = store.one("select data from keyslots where device = ?", (device_id,))
    return None if row is None or not row[0] else bytes(row[0])


def keyslots_of_all(store: Store) -> dict[str, bytes]:
    """The wrapped keys of every laptop whose owner agreed, by device."""
    found = store.rows("select device, data from keyslots where length(data) > 0 order by device")
    return {str(device): bytes(data) for device, data in found}
