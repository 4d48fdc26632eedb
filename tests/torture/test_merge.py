"""T7: versions that meet. 200 histories of several laptops in 1,000 orders each: one state, byte for byte, and the one that
a model of values gives; and a machine that edits, exchanges, loses, repeats, undoes and deletes until a rule breaks.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from desktop_app.records.fold import fold
from desktop_app.records.revision import Signed
from desktop_app.records.state import RecordState
from tests.records.test_records_fold import LEAVES, _answers, _shown, history, made

pytestmark = [pytest.mark.torture, pytest.mark.timeout(0)]
HISTORIES, ORDERS = 200, 100  # `dev.py torture` takes ten times as many orders
Fold = Callable[[list[Signed]], RecordState]


def digest(state: RecordState) -> bytes:
    """Everything a state says, as bytes."""
    return repr(state).encode()


def disagreements(build: Fold, histories: int, orders: int) -> tuple[int, int, int]:
    """How often an order, and how often a value, came out differently; and how many leaves had two versions."""
    in_order = in_value = two = 0
    for seed in range(histories):
        revisions, model, _ = history(seed)
        whole = digest(build(revisions))
        dice = random.Random(seed)
        for _ in range(orders):
            shuffled = revisions + dice.choices(revisions, k=3)
            dice.shuffle(shuffled)
            in_order += digest(build(shuffled)) != whole
        state = build(revisions)
        everything = frozenset(signed.id for signed in revisions)
        for leaf in LEAVES:
            expected = model.current(leaf, everything)
            found = [versions for versions in state.two_versions if versions.leaf == leaf]
            got = {each.value for each in found[0].candidates} if found else {_shown(state)[leaf]}
            in_value += got != expected
            two += len(expected) > 1
    return in_order, in_value, two


def test_every_order_gives_one_state_and_the_values_of_the_model(effort: int, figure: Callable[[str], None]) -> None:
    in_order, in_value, two = disagreements(fold, HISTORIES, ORDERS * effort)
    figure(f"T7 seeds 0-{HISTORIES - 1}: {HISTORIES} histories x {ORDERS * effort} orders, {two} leaves in two versions")
    assert (in_order, in_value) == (0, 0)
    assert two > 50, "the histories must contain two versions to prove anything"


def test_the_harness_catches_a_fold_that_lets_the_last_one_win() -> None:
    def last_wins(revisions: list[Signed]) -> RecordState:
        return fold([max(revisions, key=lambda signed: signed.revision.t.order)])

    in_order, in_value, _ = disagreements(last_wins, 40, 2)
    assert in_order == 0, "it converges, and that is why a digest alone proves nothing"
    assert in_value > 20


def test_the_harness_catches_a_fold_that_lets_the_first_to_arrive_win() -> None:
    in_order, _, _ = disagreements(lambda revisions: fold(revisions[: len(revisions) // 2 + 1]), 20, 10)
    assert in_order > 50


@dataclass
class Laptop:
    """What a laptop holds: by file added, so that adding can be undone."""

    by_file: list[tuple[frozenset[str], bool]] = field(default_factory=list)
    erased: bool = False

    @property
    def live(self) -> frozenset[str]:
        return frozenset().union(*(revs for revs, undone in self.by_file if not undone))


class Meeting(RuleBasedStateMachine):
    """Three laptops, one record, files that are lost, doubled and late."""

    def __init__(self) -> None:
        super().__init__()
        first = made(answers=_answers({}), n=0)
        self.all: dict[str, Signed] = {first.id: first}
        self.laptops = [Laptop([(frozenset({first.id}), False)]) for _ in range(3)]
        self.files: list[frozenset[str]] = [frozenset({first.id})]
        self.step = 0
        self.said: dict[str, set[str]] = {leaf: set() for leaf in LEAVES}

    def state(self, laptop: Laptop) -> RecordState | None:
        live = laptop.live
        return fold([self.all[rev] for rev in sorted(live)]) if live and not laptop.erased else None

    @rule(who=st.integers(0, 2), leaf=st.sampled_from(LEAVES), value=st.sampled_from(["1", "2", "new", None]))
    def edit(self, who: int, leaf: str, value: str | None) -> None:
        state = self.state(self.laptops[who])
        if state is None:
            return
        self.step += 1
        content = {**_shown(state), leaf: f"new {self.step}" if value == "new" else value}
        op = "resolve" if len(state.heads) > 1 else "put"
        signed = made(state.heads, _answers(content), op=op, n=self.step, device=str(who))
        self.all[signed.id] = signed
        self.laptops[who].by_file.append((frozenset({signed.id}), False))

    @rule(who=st.integers(0, 2))
    def take_back(self, who: int) -> None:
        state = self.state(self.laptops[who])
        if state is None:
            return
        self.step += 1
        signed = made(state.heads, {}, op="withdraw", n=self.step, device=str(who))
        self.all[signed.id] = signed
        self.laptops[who].by_file.append((frozenset({signed.id}), False))

    @rule(who=st.integers(0, 2))
    def make_file(self, who: int) -> None:
        self.files.append(self.laptops[who].live)

    @rule(who=st.integers(0, 2), which=st.integers(0, 50))
    def add_file(self, who: int, which: int) -> None:
        before = self.state(self.laptops[who])
        file = self.files[which % len(self.files)]
        known = file <= self.laptops[who].live
        self.laptops[who].by_file.append((file, False))
        if known and before is not None:
            after = self.state(self.laptops[who])
            assert after is not None and digest(after) == digest(before), "a file added twice changes nothing"

    @rule(who=st.integers(0, 2))
    def undo_and_add_again(self, who: int) -> None:
        laptop = self.laptops[who]
        before = self.state(laptop)
        if before is None or len(laptop.by_file) < 2:
            return
        file, _ = laptop.by_file[-1]
        laptop.by_file[-1] = (file, True)
        if laptop.live:
            assert self.state(laptop) is not None
        laptop.by_file[-1] = (file, False)
        after = self.state(laptop)
        assert after is not None and digest(after) == digest(before)

    @invariant()
    def laptops_that_hold_the_same_say_the_same(self) -> None:
        said = {}
        for laptop in self.laptops:
            state = self.state(laptop)
            if state is not None:
                assert said.setdefault(laptop.live, digest(state)) == digest(state)

    @invariant()
    def no_head_goes_unseen(self) -> None:
        for laptop in self.laptops:
            state = self.state(laptop)
            if state is None:
                continue
            shown = str(state.answers) + str(state.two_versions)
            for head in state.heads:
                revision = self.all[head].revision
                parents = [self.all[parent].revision for parent in revision.parents]
                for leaf in ("a", "b"):
                    value = revision.answers.get(leaf)
                    if value and all(parent.answers.get(leaf) != value for parent in parents):
                        assert value in shown, "what a head says for the first time is always shown"

    @invariant()
    def joining_is_the_same_from_both_sides(self) -> None:
        one, two = self.laptops[0].live, self.laptops[1].live
        assert digest(fold([self.all[rev] for rev in [*one, *two]])) == digest(
            fold([self.all[rev] for rev in [*two, *one]])
        )


def test_a_machine_of_edits_and_exchanges_breaks_no_rule(effort: int) -> None:
    run_state_machine_as_test(
        Meeting,
        settings=settings(
            max_examples=150 * effort, stateful_step_count=30, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
