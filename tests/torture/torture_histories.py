"""Made-up lives of a few records on several laptops, and what a model that knows nothing of graphs says they come to.

The model is a multi-value register for each answer: every value ever written, and what its writer had seen. It shares no
code with the fold: it never looks at parents, only at who knew what.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.records.erasure import EraseOrder, make_order
from desktop_app.records.fold import fold
from desktop_app.records.revision import FormRef, Revision, Signed, Stamp, sign
from desktop_app.records.signing import device_id, public_key
from desktop_app.records.state import RecordState
from desktop_app.services.form_library import reference, shipped_form

BRANCH = "Leeds"
ROW = "11111111-1111-4111-8111-111111111111"
WAITS = "access_and_consequences/waits"
LEAVES = ("about/summary", "about/title", f"{WAITS}/{ROW}/wait_weeks")
RECORDS = ("00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b")
SEEDS = tuple(bytes([number]) * 32 for number in range(1, 9))
"""The signing keys of the laptops, in their order."""
DEVICES = tuple(device_id(public_key(seed)) for seed in SEEDS)
Said = Mapping[str, str | None]


def evidence() -> FormRef:
    return reference(shipped_form("evidence"))


def revision(
    record: str, parents: Iterable[str], said: Said, who: int, number: int, dice: random.Random, op: str = "put"
) -> Signed:
    """A signed version. Its clock may be wrong by years: no clock decides anything."""
    year = dice.choice((2016, 2026, 2026, 2026, 2036))
    made = Revision(
        record, evidence(), op, tuple(sorted(parents)), "ready", False, _answers(said) if op != "withdraw" else {},
        {}, (), {}, (), (), BRANCH, DEVICES[who], "", Stamp(f"{year}-11-22T10:00:00Z", 0, dice.randrange(1, number + 2)),
        f"{dice.getrandbits(128):032x}",
    )  # fmt: skip
    return sign(made, SEEDS[who])


def _answers(said: Said) -> dict[str, Any]:
    about = {leaf.split("/")[1]: value for leaf, value in said.items() if leaf.startswith("about/") and value}
    row = {"_id": ROW, "_order": "a0"}
    if said.get(LEAVES[2]):
        row["wait_weeks"] = str(said[LEAVES[2]])
    return {**({"about": about} if about else {}), "access_and_consequences": {"waits": [row]}}


def shown(state: RecordState | None) -> dict[str, str | None]:
    """What a page shows at each leaf."""
    answers = state.answers if state is not None else {}
    about = answers.get("about", {})
    rows = answers.get("access_and_consequences", {}).get("waits", [{}])
    return {LEAVES[0]: about.get("summary"), LEAVES[1]: about.get("title"), LEAVES[2]: rows[0].get("wait_weeks")}


def candidates(state: RecordState, leaf: str) -> set[str | None]:
    """Every value a person is shown at a leaf: one, or the versions to choose from."""
    for two in state.two_versions:
        if two.leaf == leaf:
            return {each.value for each in two.candidates}
    return {shown(state)[leaf]}


@dataclass
class Model:
    """Who wrote what, having seen what. ``writes[leaf][version] = value``; ``seen[version]`` includes itself."""

    writes: dict[str, dict[str, str | None]] = field(default_factory=lambda: {leaf: {} for leaf in LEAVES})
    seen: dict[str, frozenset[str]] = field(default_factory=dict)
    withdrawals: set[str] = field(default_factory=set)

    def write(self, made: Signed, seen: frozenset[str], values: Said) -> None:
        self.seen[made.id] = seen | {made.id}
        for leaf, value in values.items():
            self.writes[leaf][made.id] = value
        if made.revision.op == "withdraw":
            self.withdrawals.add(made.id)

    def current(self, leaf: str, known: frozenset[str]) -> set[str | None]:
        """The values that nobody who had seen them has replaced."""
        here = self.writes[leaf].keys() & known
        covered = set().union(*(self.seen[rev] - {rev} for rev in here))
        return {self.writes[leaf][rev] for rev in here - covered} or {None}

    def last(self, known: frozenset[str]) -> frozenset[str]:
        """The versions that nothing known follows."""
        covered = set().union(*(self.seen[rev] - {rev} for rev in known))
        return known - covered

    def whole(self, known: frozenset[str]) -> bool:
        """Whether nothing is missing before what is known."""
        return all(self.seen[rev] <= known for rev in known)

    def disagreements(self, state: RecordState, known: frozenset[str]) -> list[str]:
        """In what a state differs from this model."""
        wrong = [
            f"{leaf}: {candidates(state, leaf)}, not {self.current(leaf, known)}"
            for leaf in LEAVES
            if candidates(state, leaf) != self.current(leaf, known)
        ]
        last = self.last(known)
        taken_back = last & self.withdrawals
        if set(state.heads) != set(last):
            wrong.append("the last versions")
        if state.withdrawn != (taken_back == last):
            wrong.append("taken back")
        if any(two.leaf == "" for two in state.two_versions) != bool(taken_back and taken_back != last):
            wrong.append("taken back beside a change")
        return wrong


@dataclass(frozen=True)
class File:
    """What travels: versions and orders to delete."""

    lines: tuple[Signed, ...]
    orders: tuple[EraseOrder, ...] = ()


@dataclass
class History:
    """All that was ever written, the files that were sent, and the model of each record."""

    versions: dict[str, Signed] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    orders: list[EraseOrder] = field(default_factory=list)
    models: dict[str, Model] = field(default_factory=lambda: {record: Model() for record in RECORDS})
    copies: int = 0
    """How often a laptop became the copy of another one that goes on."""

    def of(self, record: str) -> frozenset[str]:
        return frozenset(rev for rev, made in self.versions.items() if made.revision.record == record)

    @property
    def deleted(self) -> set[str]:
        return {order.record for order in self.orders}


def history(seed: int, steps: int = 22) -> History:
    """Two to eight laptops: they edit, choose, take back, exchange, are put back to an older day, and delete for good.

    Some are copies: a backup put back on a second laptop while the first goes on, both under the one key.
    """
    dice = random.Random(seed)
    made = History()
    laptops = dice.randrange(2, len(SEEDS) + 1)
    hands = list(range(laptops))  # under whose key each laptop writes
    for record in RECORDS:
        begun = revision(record, (), {}, 0, 0, dice)
        made.versions[begun.id] = begun
        made.models[record].write(begun, frozenset(), {})
    knows = [frozenset(made.versions) for _ in range(laptops)]
    backups = list(knows)
    for step in range(1, steps):
        who, record = dice.randrange(laptops), dice.choice(RECORDS)
        kind = dice.random()
        if kind < 0.3:
            knows[who] |= knows[dice.randrange(laptops)]
        elif kind < 0.4:
            made.files.append(File(tuple(made.versions[rev] for rev in knows[who])))
        elif kind < 0.45:
            backups[who] = knows[who]
        elif kind < 0.48:
            knows[who] = backups[who]
        elif kind < 0.51:
            of = dice.randrange(laptops)
            hands[who], knows[who], backups[who] = hands[of], backups[of], backups[of]
            made.copies += hands.count(hands[of]) > 1
        elif kind < 0.53:
            made.orders.append(make_order(record, "mistake", "2026-11-22T10:00:00Z", BRANCH, SEEDS[hands[who]]))
        else:
            knows[who] |= {_change(made, record, knows[who], hands[who], step, dice).id}
    made.files += [File(tuple(made.versions[rev] for rev in known)) for known in knows]
    everything = list(made.versions.values())
    dice.shuffle(everything)
    # Parts too: a file need not hold what came before.
    made.files += [File(tuple(everything[at : at + 3])) for at in range(0, len(everything), 3)]
    made.files += [File((), (order,)) for order in made.orders]
    return made


def _change(made: History, record: str, knows: frozenset[str], who: int, step: int, dice: random.Random) -> Signed:
    model = made.models[record]
    known = knows & made.of(record)
    last = model.last(known)
    choose = len(last) > 1 and dice.random() < 0.5
    parents = last if choose or dice.random() < 0.8 else frozenset({min(last)})
    seen = frozenset().union(*(model.seen[parent] for parent in parents))
    if dice.random() < 0.1:
        signed = revision(record, parents, {}, who, step, dice, "withdraw")
        model.write(signed, seen, {})
    else:
        said = shown(fold(made.versions[rev] for rev in seen))
        written: dict[str, str | None] = {}
        for leaf in LEAVES:
            now = model.current(leaf, seen)
            if dice.random() < 0.4:
                said[leaf] = dice.choice([None, "1", "2", str(100 + step)])
            if said[leaf] not in now or (choose and len(now) > 1):
                written[leaf] = said[leaf]
        signed = revision(record, parents, said, who, step, dice, "resolve" if choose else "put")
        model.write(signed, seen, written)
    made.versions[signed.id] = signed
    return signed
