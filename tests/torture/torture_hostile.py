"""Files made to do harm: one thing after another in them is changed, before they are signed or after, and nothing may crash.

Whoever holds the office's card can make a file that is signed in every place and says whatever they like; so what stands
inside a signature is changed as well as what stands outside. The files come from an accepted laptop, which may be in the
wrong hands, and from the office itself.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
from nacl.signing import SigningKey

from desktop_app.errors import WorldError
from desktop_app.exchange import minisign, queries, receipts
from desktop_app.exchange.bag import BagWriter
from desktop_app.exchange.cards import DeviceKeys, minisign_public_key
from desktop_app.exchange.head import MAGIC
from desktop_app.exchange.payload import PackContents, members, to_json
from desktop_app.paths import ProfilePaths
from desktop_app.records import erasure
from desktop_app.records import revision as revision_bytes
from desktop_app.records.signing import sign_bytes
from desktop_app.services import clocks, deciding, history, office, receiving, recording, sending
from desktop_app.services.contacts import registration
from desktop_app.services.packing import add_forms
from desktop_app.services.profile import Profile, create
from desktop_app.storage import incoming, keys, laptops, listing, office_slots, revisions
from desktop_app.storage.projection import Filters

WAYS = (
    "outside", "head", "first lines", "revision", "order", "sender", "receipt", "question", "answer", "policy", "library",
    "slots", "bag", "form", "card",
)  # fmt: skip
BY_OFFICE = ("receipt", "question", "policy", "library")
STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 10**16, -(10**16), "", " ", "\ud800", "\0", "²", "2026-11-22", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "../../passwd", "..\\x.exe", "<b>x</b>", "a" * 70_000, [], {}, [[]], [{}], {"a": {"b": 1}}, ["x"],
    "r1:" + "0" * 64, "=cmd()", "\u202e", "\n\r\t", base64.b64encode(bytes(32)).decode(), "{0}",
)  # fmt: skip


class Signs:
    """Stands for what a sender says of their computer, whatever that is."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said

    def as_dict(self) -> dict[str, Any]:
        return self.said


class Hostile:
    """A branch and an office that know each other, and files between them that are no longer what the program makes."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.dice = random.Random(seed)
        self._now = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
        self.branch, self.office = self._records("Leeds", "branch"), self._records("National office", "office")
        receiving.office_card(self.office, folder / "office.officecard")
        receiving.add_office_card(self.branch, folder / "office.officecard")
        words = {"about": {"summary": "First requests are refused.", "area": "one_authority", "authorities": "383"}}
        self.record = recording.add_record(self.branch, "evidence", words, state="ready").id
        (pack,) = sending.send(self.branch, folder).packs
        receiving.receive(self.office, [pack.path])
        receiving.accept_device(self.office, self.branch.me.device)
        self.known = revisions.of_record(self.branch.store, self.record)[-1]
        self.question = office.ask(self.office, self.record, "Which year?")

    def close(self) -> None:
        self.branch.close()
        self.office.close()

    def take(self, way: str) -> str:
        """Make one such file, and do with it what people do: look, check, add, and read what came. Answers the outcome.

        What is raised and is no `WorldError` is what the test is about.
        """
        try:
            to, path = self._file(way)
        except UnicodeEncodeError:
            return "cannot be written"
        try:
            if self.dice.random() < 0.3:
                receiving.preview(to, [path])
            receiving.verify(to, path)
        except WorldError:
            pass
        (told,) = receiving.receive(to, [path]).files
        if told.outcome not in ("refused", "waiting"):
            self._read(to)
        path.unlink()
        return told.outcome

    def _read(self, profile: Profile) -> None:
        """What pages do with what was added."""
        listing.page(profile.store, Filters(), 50)
        clocks.ahead_of_us(profile)
        office.in_force(profile.store)
        receiving.devices(profile)
        kept = laptops.keyslots(profile.store, self.branch.me.device)
        looks: list[Callable[[], object]] = [lambda: office_slots.office_recipient(kept)] if kept else []
        for record in list(revisions.records(profile.store))[-3:]:
            looks += [
                lambda record=record: recording.open_record(profile, record),
                lambda record=record: history.history(profile, record),
                lambda record=record: deciding.pairs(profile, record),
            ]
        if profile is self.office:
            looks += [lambda: receiving.telephone_code(profile, incoming.imports(profile.store)[0].pack)]
        for look in looks:
            try:
                look()
            except WorldError:
                continue

    def _records(self, name: str, role: str) -> Profile:
        def clock() -> datetime:
            self._now += timedelta(seconds=1)
            return self._now

        cheap = keys.KdfCost(1, 8 * 1024 * 1024)
        paths = ProfilePaths(self.folder / role)
        return create(paths, role=role, name=name, passphrase="five words make it long", cost=cheap, clock=clock).profile

    # ---- making a file -------------------------------------------------------------------------------------------------

    def _file(self, way: str) -> tuple[Profile, Path]:
        if way == "card":
            path = self.folder / "other.officecard"
            path.write_bytes(self._dumped(self.changed(json.loads((self.folder / "office.officecard").read_bytes()))))
            return self.branch, path
        by_office = way in BY_OFFICE or (way in ("revision", "order", "head", "bag") and self.dice.random() < 0.25)
        sender, to = (self.office, self.branch) if by_office else (self.branch, self.office)
        payload = b"".join(BagWriter(members(self._contents(way, sender)), []).chunks())
        if way == "bag":
            payload = self.damaged(payload)
        plain = self._signed(way, payload, sender, to, "office" if by_office else "branch")
        if way == "first lines":
            plain = self.damaged(plain[:2000]) + plain[2000:]
        whole = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(to.keys.age_recipient)])
        path = self.folder / ("other.officepack" if by_office else "other.branchpack")
        path.write_bytes(self.damaged(whole) if way == "outside" else whole)
        return to, path

    def _contents(self, way: str, sender: Profile) -> PackContents:
        own = sender.keys
        contents = PackContents(registration(sender))
        if way == "revision":
            contents.revisions = list(self._revisions(own))
        elif way == "order":
            order = {
                "v": 1, "record": self.record, "code": "mistake", "utc": "2026-11-22T14:02:05Z", "device": own.device,
                "branch": "Leeds", "signing_key": base64.b64encode(own.signing_public).decode(),
            }  # fmt: skip
            contents.erasures = [self._line(erasure._SIGNATURE_DOMAIN, self.changed(order), own)]
        elif way == "sender":
            contents.registration = Signs(self.changed(registration(sender).as_dict()))  # type: ignore[assignment]
            contents.revisions = [self.known.line]
        elif way == "receipt":
            body = self._dumped(self.changed(self._receipt()))
            signature = SigningKey(own.signing_seed).sign(receipts._CONTEXT + body).signature
            contents.receipts = [base64.b64encode(signature) + b" " + body]
        elif way in ("question", "answer"):
            said = {"v": 1, "id": self.question, "record": self.record, "utc": "2026-11-22T14:02:05Z", "text": "Which?"}
            domain = queries._DOMAIN if way == "question" else queries._ANSWER_DOMAIN
            contents.queries = [self._line(domain, self.changed(said), own)]
        elif way == "policy":
            contents.policy = self.changed(
                {"data_protection_officer": "x", "notice": "", "retention_months": 12, "extra_readers": [],
                 "from_office_utc": "2026-11-22T15:02:05Z"}
            )  # fmt: skip
        elif way == "library":
            paper = {"title": "t", "name": "a.pdf", "sha256": "0" * 64, "len": 3, "put_utc": "2026-11-22T14:02:05Z"}
            listed = {"as_at": "2026-11-22T14:02:05Z", "list": [paper]}
            contents.library = self.changed({"use": {}, "papers": listed, "papers_here": ["0" * 64]})
        elif way == "slots":
            contents.keyslots = self._slots()
        elif way == "form":
            add_forms(self.branch, contents, {self.branch.forms.current("action").package})
            (data,) = contents.forms.values()
            form = json.loads(data)
            if self.dice.random() < 0.5:
                form["xform"] = self.damaged(form["xform"].encode()).decode("utf-8", "replace")
            else:
                form = self.changed(form)
            contents.forms = {hashlib.sha256(repr(form).encode()).hexdigest(): to_json(form)}
        return contents

    def _revisions(self, own: DeviceKeys) -> Iterator[bytes]:
        said = json.loads(self.known.body) | {"salt": f"{self.dice.getrandbits(128):032x}", "device": own.device}
        if self.dice.random() < 0.6:
            said["record"] = f"aaaaaaaa-2222-4333-8444-{self.dice.randrange(10**12):012d}"
        else:
            said["parents"] = [self.known.id]
        for _ in range(self.dice.choice((1, 1, 2))):
            yield self._line(revision_bytes._SIGNATURE_DOMAIN, self.changed(said), own)

    def _receipt(self) -> dict[str, Any]:
        return {
            "v": 1, "pack": "11111111-2222-4333-8444-555555555555", "payload_sha256": "0" * 64, "number": 1,
            "device": self.branch.me.device, "branch": "Leeds", "office": self.office.me.device,
            "utc": "2026-11-22T14:02:05Z", "held": [self.known.id], "known": [], "waiting": [], "not_held": [],
            "blobs_missing": [],
        }  # fmt: skip

    def _slots(self) -> dict[str, Any]:
        slot = {"kind": "office", "recipient": self.office.keys.age_recipient, "box": "AAAA"}
        slots: dict[str, Any] = self.changed({"format": "branch-evidence/keys", "v": 1, "slots": [slot]})
        for each in slots.get("slots") or [] if isinstance(slots.get("slots"), list) else []:
            if isinstance(each, dict):
                body = json.dumps(each, sort_keys=True, separators=(",", ":"))
                each["sha256"] = hashlib.sha256(body.encode()).hexdigest()
        return slots

    def _signed(self, way: str, payload: bytes, sender: Profile, to: Profile, kind: str) -> bytes:
        own, key = sender.keys, minisign_public_key(sender.keys.signing_public)
        head: dict[str, Any] = {
            "pack": f"11111111-2222-4333-8444-{self.dice.randrange(10**12):012d}", "kind": kind, "branch": "Leeds",
            "number": self.dice.randrange(1, 99), "previous_sha256": "", "created_utc": "2026-11-22T14:02:05Z",
            "offset_min": 0, "app": "t", "counts": {"records": 1, "revisions": self.dice.choice((1, 500))},
            "format": "branch-evidence-pack", "major": 1, "minor": 0, "critical": [], "device": own.device,
            "device_key": key, "recipients": [to.keys.age_recipient, own.age_recipient], "payload_len": len(payload),
            "payload_sha256": hashlib.sha256(payload).hexdigest(),
        }  # fmt: skip
        text = json.dumps(self.changed(head) if way == "head" else head).encode()
        digest = hashlib.blake2b(payload, digest_size=64).digest()
        block = minisign.sign(own.signing_seed, digest, text, b"branch-evidence device key " + key.encode())
        return MAGIC + block + b"\n" + payload

    def _line(self, domain: bytes, said: Any, own: DeviceKeys) -> bytes:
        body = self._dumped(said)
        return sign_bytes(domain, body, own.signing_seed) + b" " + body

    def _dumped(self, said: Any) -> bytes:
        escaped = self.dice.random() < 0.7
        return json.dumps(said, ensure_ascii=escaped, sort_keys=True).encode("utf-8", "surrogatepass")

    # ---- changing it ---------------------------------------------------------------------------------------------------

    def changed(self, said: Any) -> Any:
        """The same JSON with one to four places of it removed, doubled, renamed, or saying something else."""
        said = copy.deepcopy(said)
        for _ in range(self.dice.choice((1, 1, 1, 2, 4))):
            places = list(_places(said))
            if not places:
                return said
            holder, name = self.dice.choice(places)
            how = self.dice.randrange(5)
            if how == 0 and isinstance(holder, dict):
                del holder[name]
            elif how == 1 and isinstance(holder, dict):
                holder[self.dice.choice([each for each in STRANGE if isinstance(each, str)])] = copy.deepcopy(holder[name])
            elif how == 2 and isinstance(holder, list):
                holder.append(copy.deepcopy(holder[name]))
            elif how == 3 and isinstance(holder[name], str):
                half = len(holder[name]) // 2
                holder[name] = holder[name][:half] + str(self.dice.choice(STRANGE))[:50] + holder[name][half:]
            else:
                holder[name] = copy.deepcopy(self.dice.choice(STRANGE))
        return said

    def damaged(self, data: bytes) -> bytes:
        """The same bytes with some changed, taken out or put in."""
        made = bytearray(data)
        for _ in range(self.dice.choice((1, 1, 2, 8))):
            at, how = self.dice.randrange(len(made)), self.dice.randrange(3)
            if how == 0:
                made[at] ^= 1 << self.dice.randrange(8)
            elif how == 1:
                del made[at : at + min(self.dice.randrange(1, 50), len(made) - 1)]
            else:
                made[at:at] = self.dice.choice((b"\0", b"\n", b"\xff", b"{", b"<", self.dice.randbytes(9)))
        return bytes(made)


def _places(said: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value: what holds it, and its name or number there."""
    names = list(said) if isinstance(said, dict) else range(len(said)) if isinstance(said, list) else ()
    for name in names:
        yield said, name
        yield from _places(said[name])
