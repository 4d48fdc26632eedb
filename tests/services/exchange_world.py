"""A branch and an office that know each other, and ways to look at everything that is in a database or a file."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import pyrage

from desktop_app.exchange.bag import Bag
from desktop_app.services import receiving, recording, sending
from desktop_app.services.profile import Profile


def evidence(words: str = "First requests are refused as a rule.", **about: str) -> dict[str, Any]:
    return {"about": {"summary": words, "area": "one_authority", "authorities": "383", **about}}


def ready(profile: Profile, words: str = "First requests are refused as a rule.", **about: str) -> str:
    """A record of one story, marked as ready. Returns its id."""
    return recording.add_record(profile, "evidence", evidence(words, **about), state="ready").id


def change(profile: Profile, record: str, words: str, state: str = "ready") -> None:
    recording.edit_record(profile, record, {"about": {"summary": words}}, state=state)


def story(profile: Profile, record: str) -> str:
    """What a record tells here."""
    return str(recording.open_record(profile, record).content.answers["about"]["summary"])


def introduce(branch: Profile, office: Profile, folder: Path) -> None:
    """The branch has the office's card, and the office has accepted the branch's laptop."""
    folder.mkdir(exist_ok=True)
    card = folder / "office.officecard"
    receiving.office_card(office, card)
    receiving.add_office_card(branch, card)
    record = ready(branch, "A first file so that the two know each other.")
    (pack,) = sending.send(branch, folder / "first").packs
    assert receiving.receive(office, [pack.path]).files[0].outcome == "waiting"
    reply = receiving.accept_device(office, branch.me.device, folder / "first").replies
    receiving.receive(branch, reply)
    assert recording.open_record(branch, record).standing_code == "office_has_it"


def everything_in(profile: Profile) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, the index's own included."""
    tables = [row[0] for row in profile.store.rows("select name from sqlite_master where type = 'table' order by name")]
    return {table: sorted(profile.store.rows(f"select * from {table}"), key=repr) for table in tables}


def holds_words(profile: Profile, words: str) -> list[str]:
    """The tables of a database that hold these words, in any case, raw or packed."""
    import zlib

    found = []
    for table, rows in everything_in(profile).items():
        for value in (value for row in rows for value in row):
            data = value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else b""
            with contextlib.suppress(zlib.error):
                data += zlib.decompress(data)
            if words.lower().encode() in data.lower():
                found.append(table)
    return found


def plaintext(path: Path, identity: str) -> bytes:
    """Everything a reader of a file can see: the head, and every part unpacked."""
    opened = bytes(pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(identity)]))
    *head, payload = opened.split(b"\n", 6)
    bag = Bag(io.BytesIO(payload), len(payload))
    return b"\n".join([*head, *(chunk for name in bag.names() for chunk in bag.chunks(name))])
