"""A person's records on this computer: setting them up, opening them, and who they say they are.

`Profile` is what every other service is given. It belongs to one thread, the one that opened it.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop_app.errors import FileProblem, KeySlotError, StoreError, UsageProblem, WorldError
from desktop_app.exchange.cards import DeviceKeys, minisign_public_key, new_device_keys, new_recovery_identity
from desktop_app.files import make_dirs, problem, remove, remove_empty
from desktop_app.paths import ProfilePaths
from desktop_app.records.words import six_words
from desktop_app.storage import keys as key_slots
from desktop_app.storage import slot_file
from desktop_app.storage.backup import set_unfinished_aside
from desktop_app.storage.database import Store
from desktop_app.storage.laptops import Device, put_device, set_device_state, set_recipient
from desktop_app.storage.opening import open_store

from . import passphrases, this_laptop
from .tidying import sweep_unfinished, tidy, wipe_opened_copies

if TYPE_CHECKING:
    from .form_library import FormLibrary

OFFICE_NAME = "National office"
EARLIER_IDENTITIES = "earlier_identities"
Role = Literal["branch", "office"]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Me:
    """Who these records belong to. ``practice`` records are made up and can never be sent."""

    role: Role
    practice: bool
    branch: str
    name: str
    officer_role: str
    authorities: tuple[str, ...]
    device: str


class Profile:
    """Opened records: the store, this device's keys, the forms, and a clock (local time with its offset)."""

    def __init__(self, paths: ProfilePaths, store: Store, clock: Clock | None = None) -> None:
        self.paths = paths
        self.store = store
        self.clock: Clock = clock or (lambda: datetime.now().astimezone())
        self.me = _read_me(store)
        self.keys = DeviceKeys.from_json(_required(store, "device_keys"))
        self._forms: FormLibrary | None = None

    @property
    def forms(self) -> FormLibrary:
        """The forms these records can be filled with, read when first needed."""
        if self._forms is None:
            from .form_library import FormLibrary

            self._forms = FormLibrary(self.store)
        return self._forms

    @property
    def changes(self) -> tuple[int, int]:
        """As long as it stays the same nothing was written, and whatever is read again is what was read before."""
        return self.store.changes

    @property
    def reading_identities(self) -> list[str]:
        """The secrets that open files made for this computer: today's, and at the office those of before a change."""
        earlier = json.loads(self.store.setting(EARLIER_IDENTITIES) or "[]")
        return [self.keys.age_identity, *earlier]

    def take_keys(self, keys: DeviceKeys) -> None:
        """Go on with these keys: the signing key, by which others know this computer, is the same. The old secret stays.

        For the office's change of keys (inside the caller's transaction).
        """
        if keys.signing_seed != self.keys.signing_seed:
            raise ValueError("another signing key is another computer")
        kept = json.dumps(self.reading_identities)
        self.store.set_setting(EARLIER_IDENTITIES, kept)
        self.store.set_setting("device_keys", keys.to_json())
        set_recipient(self.store, keys.device, keys.age_recipient)
        self.keys = keys

    def utc_now(self) -> str:
        """The time as revisions and ledgers write it: ``2026-11-22T14:02:05Z``."""
        return self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def words(self) -> str:
        """Six words that stand for this device's keys, to compare by telephone."""
        return six_words(self.keys.signing_public)

    def change_me(self, **changes: object) -> None:
        """Change name, role or authorities; the branch and the device stay what they are."""
        if {"device", "role", "practice"} & set(changes):
            raise UsageProblem("The kind of records cannot be changed afterwards.", do="Set up new records instead.")
        self.me = replace(self.me, **changes)  # type: ignore[arg-type]
        self.store.set_setting("me", json.dumps(asdict(self.me)))

    def close(self) -> None:
        """Close the database; the key is dropped with it, and no opened copy of an attachment stays behind."""
        wipe_opened_copies(self.paths)
        if self.store.conn is not None and self._has_a_place:
            this_laptop.note(self.store, self.paths, self.me.device)
        self.store.close()

    @property
    def _has_a_place(self) -> bool:
        """The office is its keys, wherever it is; made-up records go nowhere."""
        return self.me.role == "branch" and not self.me.practice

    def be_this_laptop(self) -> None:
        """Go on under a name of its own when these records turn out to be a copy (`this_laptop`)."""
        if not self._has_a_place:
            return
        keys = this_laptop.keys_for_copy(self.store, self.paths, self.keys)
        if keys is not None:
            try:
                self._go_on_as(keys)
            except WorldError:  # a full disk: under the old name until the next opening, which tries again
                return
        this_laptop.note(self.store, self.paths, self.me.device)

    def _go_on_as(self, keys: DeviceKeys) -> None:
        me = replace(self.me, device=keys.device)
        with self.store.atomic():
            this_laptop.take_name(self.store, self.paths, self.keys, keys)
            earlier = [one for one in self.reading_identities if one != keys.age_identity]
            self.store.set_setting(EARLIER_IDENTITIES, json.dumps(earlier))
            self.store.set_setting("device_keys", keys.to_json())
            self.store.set_setting("me", json.dumps(asdict(me)))
            set_device_state(self.store, self.me.device, "accepted")
            put_device(self.store, _own_row(me, keys))
        self.me, self.keys = me, keys


@dataclass(frozen=True)
class Created:
    """What set-up made. ``spare_key`` and ``recovery_identity`` are shown once and kept nowhere."""

    profile: Profile
    device: str
    words: str
    spare_key: str
    recovery_identity: str | None


def create(
    paths: ProfilePaths,
    *,
    role: str,
    name: str,
    passphrase: str,
    officer_role: str = "",
    authorities: tuple[str, ...] = (),
    prepare: Callable[[Profile], None] | None = None,
    practice: bool = False,
    cost: key_slots.KdfCost = key_slots.DEFAULT_COST,
    clock: Clock | None = None,
) -> Created:
    """Set up new, empty records in ``paths.folder``.

    ``name`` is the branch's name (the office's is fixed). ``prepare`` is given the new records before they can be opened
    (`contacts.adding_card`): when it raises, nothing is left. Raises `UsageProblem` for an unusable name, a passphrase that
    is empty or easy to guess, and `StoreError` when there are records already. Nothing is left behind when it fails
    half-way: ``keys.json``, which makes the records openable, is written last.
    """
    if role not in ("branch", "office"):
        raise UsageProblem(f"“{role}” is not a kind of records.", do="Choose branch or office.")
    branch = OFFICE_NAME if role == "office" else clean_name(name)
    if not branch:
        raise UsageProblem("The branch has no name.", do="Type the name of your branch.")
    if not passphrase.strip():
        raise UsageProblem("The passphrase is empty.", do="Type a passphrase of several words.")
    if paths.exists():
        raise StoreError(
            "There are records in this folder already.",
            safe="They have not been touched.",
            do="Open them, or choose another folder.",
            code="E-EXISTS",
        )
    if not practice:
        _refuse_synced(paths)
        passphrases.refuse_easy(passphrase, clean_name(name), authorities)
    made = make_dirs(paths.folder)
    with ExitStack() as otherwise:
        otherwise.push(_as_before(paths, made))
        data_key = secrets.token_bytes(32)
        try:
            set_unfinished_aside(paths)
            store = Store.create(paths, data_key)
        except OSError as error:  # the folder's name is not too long, and that of a file in it is
            raise problem(error, paths.database) from error
        otherwise.callback(_take_away, paths)
        otherwise.callback(store.close)
        profile, recovery_identity = _first_rows(
            paths,
            store,
            clock,
            Me(
                role="office" if role == "office" else "branch",
                practice=practice,
                branch=branch,
                name=clean_name(name) or branch,
                officer_role=officer_role.strip(),
                authorities=tuple(authorities),
                device="",
            ),
        )
        if prepare is not None:
            prepare(profile)
        spare_key = key_slots.create_slots(paths, data_key, passphrase, cost)
        otherwise.pop_all()
    with suppress(WorldError):  # they are set up; where they are is noted when they are opened
        profile.be_this_laptop()
    return Created(profile, profile.me.device, profile.words, spare_key, recovery_identity)


def _as_before(paths: ProfilePaths, made: list[Path]) -> Callable[..., None]:
    """What takes the folders away again that were made for a set-up that failed, unless another window sets up there."""

    def leave(_kind: object, error: BaseException | None, _trace: object) -> None:
        elsewhere = isinstance(error, WorldError) and error.code in ("E-INUSE", "E-EXISTS")
        if error is None or elsewhere or not made or paths.exists():
            return
        with suppress(WorldError):
            remove(paths.database)
            remove(paths.lock)
        remove_empty(made)

    return leave


def _take_away(paths: ProfilePaths) -> None:
    """What a set-up has made that did not come to its end."""
    with suppress(WorldError):  # what cannot be removed now is put aside by the next try
        key_slots.remove_slots(paths)
        remove(paths.database)


def _refuse_synced(paths: ProfilePaths) -> None:
    from desktop_app import platform
    from desktop_app.paths import usual_profile_dir

    service = platform.current().is_synced(paths.folder)
    if service is not None:
        raise FileProblem(
            f"The folder {paths.folder} is copied elsewhere by {service}. Records are damaged that way.",
            safe="Nothing was set up.",
            do=f"Choose a folder on this computer that nothing copies; the usual one is {usual_profile_dir()}.",
            code="E-SYNCED",
        )


def _first_rows(paths: ProfilePaths, store: Store, clock: Clock | None, me: Me) -> tuple[Profile, str | None]:
    """Who these records belong to and this device's keys; at the office also the recovery key, which is kept nowhere."""
    device_keys = new_device_keys()
    me = replace(me, device=device_keys.device)
    recovery_identity: str | None = None
    with store.atomic():
        store.set_setting("me", json.dumps(asdict(me)))
        store.set_setting("device_keys", device_keys.to_json())
        if me.role == "office":
            recovery_identity, recipient = new_recovery_identity()
            store.set_setting("recovery_recipient", recipient)
        put_device(store, _own_row(me, device_keys))
    return Profile(paths, store, clock), recovery_identity


def _own_row(me: Me, keys: DeviceKeys) -> Device:
    return Device(
        id=me.device,
        name=me.name,
        branch=me.branch,
        role=me.officer_role or me.role,
        signing_key=keys.signing_public,
        age=keys.age_recipient,
        exchange=keys.exchange_public,
        state="self",
    )


def unlock(
    paths: ProfilePaths,
    *,
    passphrase: str | None = None,
    spare_key: str | None = None,
    clock: Clock | None = None,
) -> Profile:
    """Open the records with one of the two keys. Raises `KeySlotError` (three different messages) or `StoreError`."""
    if not paths.folder.exists():
        raise StoreError(
            "The folder of your records is not there.",
            safe="Nothing was changed.",
            do="If it is on a drive that can be removed, put the drive back in. Else set up records, or choose their folder.",
            code="E-NOPROFILE",
        )
    if not paths.exists():
        raise StoreError(
            "There are no records in this folder.",
            do="Set them up first, or choose the folder that holds them.",
            code="E-NOPROFILE",
        )
    if passphrase is not None:
        data_key = key_slots.open_with_passphrase(paths, passphrase)
    elif spare_key is not None:
        data_key = key_slots.open_with_spare_key(paths, spare_key)
    else:
        raise KeySlotError("No passphrase was given.", safe="Your records are as they were.", do="Type the passphrase.")
    store = open_store(paths, data_key)
    with ExitStack() as otherwise:
        otherwise.callback(store.close)  # else they would be "open in another window" at the next try
        opened = Profile(paths, store, clock)
        opened.be_this_laptop()
        wipe_opened_copies(paths)  # a computer that went off in between could not do it at closing
        sweep_unfinished(paths)
        tidy(store, paths, opened.me.branch, opened.me.device)  # what an erasure could not clear away then
        otherwise.pop_all()
    with suppress(WorldError):  # a folder that cannot be written to still has the copy that opened it
        slot_file.mend(paths)
    return opened


def change_passphrase(
    profile: Profile,
    new: str,
    *,
    old: str | None = None,
    spare_key: str | None = None,
    cost: key_slots.KdfCost = key_slots.DEFAULT_COST,
) -> None:
    """Rewrap the data key under a new passphrase; the records themselves are not rewritten.

    Raises `UsageProblem` for one that is empty or easy to guess, `KeySlotError` for a wrong old one.
    """
    if not new.strip():
        raise UsageProblem("The new passphrase is empty.", do="Type a passphrase of several words.")
    passphrases.refuse_easy(new, profile.me.branch, profile.me.authorities)
    if old is not None:
        data_key = key_slots.open_with_passphrase(profile.paths, old)
    else:
        data_key = key_slots.open_with_spare_key(profile.paths, spare_key or "")
    key_slots.change_passphrase(profile.paths, data_key, new, cost)


def device_public_key(profile: Profile) -> str:
    """This device's signing key as ``minisign -P`` takes it."""
    return minisign_public_key(profile.keys.signing_public)


def clean_name(text: str) -> str:
    """A name as it is stored: NFC, one line, single spaces, at most 80 characters."""
    visible = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join(visible.split())[:80]


def _read_me(store: Store) -> Me:
    found = json.loads(_required(store, "me"))
    found["authorities"] = tuple(found["authorities"])
    return Me(**found)


def _required(store: Store, name: str) -> str:
    value = store.setting(name)
    if value is None:
        raise StoreError(
            "These records were not set up to the end.",
            safe="Nothing had been written in them.",
            do="Set up new records in another folder.",
            code="E-UNFINISHED",
        )
    return value
