"""T7: versions that meet. 200 histories in 1,000 orders each: one state, byte for byte, and the one that a model of values
gives. The same histories as files in any order, through the code that takes files in, in a real database, and all that a
person can see of it compared: in the long run 1,000 orders of each as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from torture_histories import DEVICES, RECORDS, SEEDS, File, History, history
from torture_work import CHEAP

from desktop_app.paths import ProfilePaths
from desktop_app.records.fold import fold
from desktop_app.records.revision import Signed
from desktop_app.records.signing import public_key
from desktop_app.records.state import RecordState
from desktop_app.services import erasing, profile
from desktop_app.services.profile import Profile
from desktop_app.services.sifting import Sieve, Taken
from desktop_app.services.versions import refresh
from desktop_app.storage import incoming, laptops, revisions
from desktop_app.storage.laptops import Device

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
HISTORIES, ORDERS = 200, 1000
BEGINNINGS, ENDINGS = 5, 5
"""Orders of the files of each history in the database: so many first halves, each gone on with in so many ways."""
IN_THE_LONG_RUN = 40, 25
UTC = "2026-11-22T10:00:00Z"
Fold = Callable[[list[Signed]], RecordState]


# ---- any order of the versions themselves --------------------------------------------------------------------------


def digest(state: RecordState) -> bytes:
    """Everything a state says, as bytes."""
    return repr(state).encode()


def disagreements(build: Fold, histories: int, orders: int) -> tuple[int, int, int]:
    """How often an order, and how often a value, came out differently; and how many leaves had two versions."""
    in_order = in_value = two = 0
    for seed in range(histories):
        made = history(seed)
        dice = random.Random(seed)
        for record in RECORDS:
            model = made.models[record]
            versions = [made.versions[rev] for rev in sorted(made.of(record))]
            state = build(versions)
            whole = digest(state)
            for _ in range(orders):
                some_twice = versions + dice.choices(versions, k=3)
                dice.shuffle(some_twice)
                in_order += digest(build(some_twice)) != whole
            in_value += len(model.disagreements(state, frozenset(model.seen)))
            two += len(state.two_versions)
    return in_order, in_value, two


def test_every_order_gives_one_state_and_the_values_of_the_model(figure: Callable[[str], None]) -> None:
    in_order, in_value, two = disagreements(fold, HISTORIES, ORDERS)
    figure(f"T7 seeds 0-{HISTORIES - 1}: {HISTORIES} histories x {ORDERS} orders, {two} answers in two versions")
    assert (in_order, in_value) == (0, 0)
    assert two > 100, "the histories must contain two versions to prove anything"


def test_the_harness_catches_a_fold_that_lets_the_last_one_win() -> None:
    def last_wins(versions: list[Signed]) -> RecordState:
        return fold([max(versions, key=lambda signed: (signed.revision.t.order, signed.id))])

    in_order, in_value, _ = disagreements(last_wins, 40, 2)
    assert in_order == 0, "it converges, and that is why a digest alone proves nothing"
    assert in_value > 20


def test_the_harness_catches_a_fold_that_lets_the_first_to_arrive_win() -> None:
    in_order, _, _ = disagreements(lambda versions: fold(versions[: len(versions) // 2 + 1]), 20, 10)
    assert in_order > 50


# ---- any order of files, through the code that takes them in ---------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profile]:
    """An office that has accepted every laptop of the histories."""
    paths = ProfilePaths(tmp_path_factory.mktemp("office") / "records")
    made = profile.create(paths, role="office", name="", passphrase="plain words for tests only", cost=CHEAP).profile
    for device, seed in zip(DEVICES, SEEDS, strict=True):
        laptops.put_device(made.store, Device(device, "", "Leeds", "", public_key(seed), "", b"", "accepted"))
    yield made
    made.close()


class _TakenBackAgain(Exception):
    pass


@contextmanager
def nothing_stays(made: Profile) -> Iterator[None]:
    """What is done inside happens in the real database, and is rolled back."""
    try:
        with made.store.atomic():
            yield
            raise _TakenBackAgain
    except _TakenBackAgain:
        pass


def take(made: Profile, file: File) -> int:
    """As adding a file does once it has been opened (`taking_in.take_in`): orders first, then the versions."""
    store = made.store
    number = incoming.begin_import(store, utc=UTC, pack="p", device=DEVICES[0], name="f", sha256="0" * 64)
    orders = erasing.take_orders(made, [each.line for each in file.orders], by_office=False)
    assert not orders.waiting
    taken = Taken()
    sieve = Sieve(made, taken, UTC)
    sieve.sift([signed.line for signed in file.lines]).write(store, number)
    assert not taken.waiting
    for record in taken.records:
        if record not in taken.shown:
            refresh(made, record)
    return number


def seen_in(made: Profile) -> bytes:
    """All that a person can see of the histories' records: each state, each row of the lists, what was deleted."""
    states = [revisions.state(made.store, record) for record in RECORDS]
    columns = "form, title, authorities, when_from, standing, branch, changed_utc, two_versions, draft, words, standing_words"
    rows = made.store.rows(f"select record, {columns} from projection order by record")
    answers = made.store.rows(
        "select p.record, a.leaf, a.label, a.value, a.value_label, a.verdict from answers a join projection p on p.n = a.n"
        " order by 1, 2, 4"
    )
    return repr([states, rows, answers, sorted(revisions.erased(made.store))]).encode()


def in_many_orders(
    office: Profile, made: History, beginnings: int, endings: int, dice: random.Random
) -> Iterator[tuple[int, ...]]:
    """Add the files in any order, some twice; one that was lost comes at the end. Yields the order when all are in.

    A first half is added once and gone on with in several ways: the database goes back to where it stood in between.
    """
    for _ in range(beginnings):
        order = [*range(len(made.files)), *dice.choices(range(len(made.files)), k=2)]
        dice.shuffle(order)
        first, rest = order[: len(order) // 2], order[len(order) // 2 :]
        with nothing_stays(office):
            for which in first:
                take(office, made.files[which])
            for _ in range(endings):
                dice.shuffle(rest)
                with nothing_stays(office):
                    for which in rest:
                        take(office, made.files[which])
                    yield (*first, *rest)


def test_files_in_any_order_come_to_one_database_and_to_the_model(
    office: Profile, effort: int, figure: Callable[[str], None], read_once: Callable[[], None]
) -> None:
    beginnings, endings = IN_THE_LONG_RUN if effort > 1 else (BEGINNINGS, ENDINGS)
    two = gone = tried = different = copies = 0
    for seed in range(HISTORIES):
        made = history(seed)
        read_once()
        copies += made.copies
        outcomes: set[bytes] = set()
        orders: set[tuple[int, ...]] = set()
        for order in in_many_orders(office, made, beginnings, endings, random.Random(seed)):
            tried += 1
            orders.add(order)
            outcomes.add(seen_in(office))
            if len(orders) == 1:
                states = {record: revisions.state(office.store, record) for record in RECORDS}
        different += len(orders)
        assert len(outcomes) == 1, f"seed {seed}: {len(outcomes)} outcomes"
        for record, state in states.items():
            model = made.models[record]
            if record in made.deleted:
                assert state is None, f"seed {seed}: deleted for good, and there"
                gone += 1
                continue
            assert state is not None
            assert model.disagreements(state, frozenset(model.seen)) == [], f"seed {seed}"
            two += len(state.two_versions)
    figure(f"T7 seeds 0-{HISTORIES - 1}: {HISTORIES} histories x {tried // HISTORIES} orders of files in the database"
           f" ({different} different), {two} answers in two versions, {gone} records deleted for good, {copies} copies"
           " of a laptop that went on")  # fmt: skip
    assert two > 100 and gone > 20 and copies > 40


def test_the_harness_catches_a_database_that_keeps_the_first_to_arrive(
    office: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken build: what comes later of a record that is here is taken for known."""
    monkeypatch.setattr(revisions, "add_many", lambda *_args, **_more: 0)
    several = 0
    for seed in range(20):
        made = history(seed)
        outcomes = set()
        for _ in in_many_orders(office, made, 3, 2, random.Random(seed)):
            outcomes.add(seen_in(office))
        several += len(outcomes) > 1
    assert several > 10


def test_the_histories_are_as_long_as_they_should_be(tmp_path: Path) -> None:
    lengths = [len(history(seed).versions) for seed in range(50)]
    assert sum(lengths) / len(lengths) > 10
    assert sum(bool(history(seed).orders) for seed in range(100)) > 15
