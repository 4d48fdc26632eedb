"""The state of a record as a pure function of its set of revisions (record.md "State of a record").

Every entered leaf is traced in every head to its *origins*: the revisions that last changed it. A revision that only
repeats what its parents already came to has changed nothing, so the trace goes through it; one with a parent that is
not here counts as having said everything itself (unknown ancestry counts as concurrent). Origins that are ancestors of
another are dropped. One value left is the value; more are two versions, all kept.

Rules beyond single leaves, so that nothing a person said goes without being seen:

- Only a `resolve` decides between two versions. A `put` that follows both and repeats one of them (because the person
  changed something else) leaves both standing; one that says a third thing has changed the leaf.
- A row removed on one side and changed on the other stays, whole, with two versions at the changed leaf.
- A `withdraw` beside a concurrent `put` is two versions of the record (leaf ``""``); the record stays visible.
- A `withdraw` without answers takes back the record as its parents left it.
- Attachments, links: there as soon as one side still wants them; "shows a person" takes the most careful answer.
- Branch only and held: the careful side wins.

The fold is total: any order, duplicates, any number of heads, missing parents, even graphs that cannot exist (cycles).
It writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from desktop_app.errors import RecordError
from desktop_app.records.revision import BlobRef, FormRef, Link, Signed, Stamp

ROW_MEMBERS = ("_id", "_order")


@dataclass(frozen=True)
class Candidate:
    """One of two versions. ``value`` `None`: nothing there (emptied or removed); ``typed``: raw text beside the value.

    For the whole record (leaf ``""``) the value is the word ``withdraw`` or ``put``.
    """

    value: str | None
    rev: str
    device: str
    branch: str
    t: Stamp
    typed: str | None = None


@dataclass(frozen=True)
class TwoVersions:
    """A leaf with more than one version; candidates in the order of their clocks, the one shown last."""

    leaf: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class RecordState:
    """What a record says now. Where there are two versions, ``answers`` shows the latest by clock, for display only."""

    record: str
    form: FormRef
    branch: str
    heads: tuple[str, ...]
    answers: dict[str, Any]
    typed: dict[str, str]
    aside: tuple[str, ...]
    derived: dict[str, str]
    blobs: tuple[BlobRef, ...]
    links: tuple[Link, ...]
    branch_only: bool
    state: str
    withdrawn: bool
    two_versions: tuple[TwoVersions, ...]
    created: Stamp
    changed: Stamp
    device: str = ""
    role: str = ""


class Row(NamedTuple):
    """A step of a leaf path into the repeat row with this ``_id``."""

    id: str


Step = str | Row
Path = tuple[Step, ...]


class _Leaf(NamedTuple):
    """What one revision says at one leaf: the value and the raw text beside it, either of which may be missing."""

    value: str | None
    typed: str | None = None


_NOTHING = _Leaf(None)


def leaf_name(path: Path) -> str:
    """A path as the rest of the program writes it: ``waits/<_id>/wait_weeks``."""
    return "/".join(step.id if isinstance(step, Row) else step for step in path)


def flatten(answers: dict[str, Any]) -> dict[Path, str]:
    """The entered leaves of an answers object, each row with a leaf ``_id`` of its own."""
    leaves: dict[Path, str] = {}

    def walk(group: dict[str, Any], at: Path) -> None:
        for name, item in group.items():
            if isinstance(item, dict):
                walk(item, (*at, name))
            elif isinstance(item, list):
                for row in item:
                    here = (*at, name, Row(row["_id"]))
                    leaves[(*here, "_id")] = row["_id"]
                    walk({k: v for k, v in row.items() if k != "_id"}, here)
            elif item != "":
                leaves[(*at, name)] = item

    walk(answers, ())
    return leaves


def unflatten(leaves: dict[Path, str]) -> dict[str, Any]:
    """The answers object of these leaves, rows in order. A leaf whose place is a group goes under ``earlier``."""
    root: dict[str, Any] = {}
    rows: dict[int, dict[str, dict[str, Any]]] = {}
    homeless: dict[str, str] = {}
    for path in sorted(leaves, key=_path_key):
        value = leaves[path]
        group: Any = root
        for index, step in enumerate(path[:-1]):
            if isinstance(step, Row):
                made = rows[id(group)]
                if step.id not in made:
                    made[step.id] = {"_id": step.id}
                    group.append(made[step.id])
                group = made[step.id]
                continue
            follows = path[index + 1]
            kind = list if isinstance(follows, Row) else dict
            if step not in group:
                group[step] = kind()
                if kind is list:
                    rows[id(group[step])] = {}
            if not isinstance(group[step], kind):
                group = None
                break
            group = group[step]
        name = path[-1]
        if group is None or not isinstance(name, str) or isinstance(group.get(name), dict | list):
            homeless[leaf_name(path)] = value
        else:
            group[name] = value
    _sort_rows(root)
    if homeless:
        key = "earlier"
        while not isinstance(root.get(key, {}), dict):
            key += "_"
        taken = root.setdefault(key, {})
        taken.update({name: value for name, value in homeless.items() if name not in taken})
    return root


def _path_key(path: Path) -> tuple[tuple[bool, str], ...]:
    return tuple((isinstance(step, Row), step.id if isinstance(step, Row) else step) for step in path)


def _sort_rows(group: dict[str, Any]) -> None:
    for item in group.values():
        if isinstance(item, list):
            item.sort(key=lambda row: (str(row.get("_order", "")), row["_id"]))
            for row in item:
                _sort_rows(row)
        elif isinstance(item, dict):
            _sort_rows(item)


def fold(revisions: Iterable[Signed], erased: Container[str] = ()) -> RecordState:
    """The state of one record. ``erased`` holds revision ids, or the record's id, that are gone for good.

    Raises `RecordError` when nothing is left, or when the revisions are of several records.
    """
    live = {one.id: one for one in revisions if one.id not in erased and one.revision.record not in erased}
    if not live:
        raise RecordError("There is nothing left of this record.", code="E-NOTFOUND")
    if len({signed.revision.record for signed in live.values()}) != 1:
        raise RecordError("These entries belong to different records.")
    if len(live) == 1:
        (only,) = live.values()
        if not only.revision.typed and not only.revision.aside:
            return _alone(only)
    return _Fold(live).state()


def _alone(signed: Signed) -> RecordState:
    """The state of a record with one revision: what it says, put in order. As `_Fold`, which would trace it at length."""
    said = signed.revision
    blobs = {(blob.sha256, blob.question): blob for blob in said.blobs}
    return RecordState(
        record=said.record,
        form=said.form,
        branch=said.branch,
        heads=(signed.id,),
        answers=_in_order(said.answers),
        typed={},
        aside=(),
        derived=dict(said.derived),
        blobs=tuple(sorted(blobs.values(), key=lambda blob: (blob.question, blob.name, blob.sha256))),
        links=tuple(sorted(set(said.links), key=lambda link: (link.rel, link.record, link.row))),
        branch_only=said.branch_only,
        state=said.state,
        withdrawn=said.op == "withdraw",
        two_versions=(),
        created=said.t,
        changed=said.t,
        device=said.device,
        role=said.role,
    )


def _in_order(group: dict[str, Any]) -> dict[str, Any]:
    """The entered leaves of a group by name, rows by their place; what holds no leaf is left out."""
    made: dict[str, Any] = {}
    for name in sorted(group):
        item = group[name]
        if isinstance(item, str):
            if item:
                made[name] = item
        elif isinstance(item, list):
            if item:
                made[name] = rows = [{"_id": row["_id"], **_in_order(row)} for row in item]
                rows.sort(key=lambda row: (str(row.get("_order", "")), row["_id"]))
        elif inside := _in_order(item):
            made[name] = inside
    return made


class _Fold:
    def __init__(self, live: dict[str, Signed]) -> None:
        self.live = live
        self.parents, self.order = _graph(live)
        named = {parent for known in self.parents.values() for parent in known}
        self.heads = sorted(rev for rev in live if rev not in named)
        self._bit = {rev: 1 << index for index, rev in enumerate(self.order)}
        self._ancestors: dict[str, int] = {}
        for rev in self.order:
            mask = 0
            for parent in self.parents[rev]:
                mask |= self._ancestors[parent] | self._bit[parent]
            self._ancestors[rev] = mask
        self._whole = {rev: len(self.parents[rev]) == len(set(live[rev].revision.parents)) for rev in self.order}
        self._leaves: dict[str, dict[Path, _Leaf]] = {}
        # One head and nowhere a `put` that joined several: the head says everything, nothing need be traced.
        joined = (rev for rev in self.order if len(self.parents[rev]) > 1 and live[rev].revision.op != "resolve")
        self._straight = len(self.heads) == 1 and next(joined, None) is None

    # ---- the state ------------------------------------------------------------------------------------------------

    def state(self) -> RecordState:
        newest = self.live[max(self.heads, key=self._clock)].revision
        chosen, versions = self._answers()
        answers = {path: leaf.value for path, leaf in chosen.items() if leaf.value is not None}
        typed = {leaf_name(path): leaf.typed for path, leaf in chosen.items() if leaf.typed is not None}
        present = {leaf_name(path) for path in answers} | set(typed)
        withdraws = [rev for rev in self.heads if self.live[rev].revision.op == "withdraw"]
        if withdraws and len(withdraws) < len(self.heads):
            versions.insert(0, self._whole_record())
        revisions = [signed.revision for signed in self.live.values()]
        roots = [revision for revision in revisions if not revision.parents] or revisions
        first = min(roots, key=lambda revision: (revision.t.order, revision.device, revision.salt))
        return RecordState(
            record=newest.record,
            form=newest.form,
            branch=first.branch,
            heads=tuple(self.heads),
            answers=unflatten(answers),
            typed=dict(sorted(typed.items())),
            aside=tuple(sorted(name for name in self._aside() if name in present)),
            derived=dict(newest.derived),
            blobs=self._blobs(),
            links=self._links(),
            branch_only=any(self._simple("branch_only")),
            state="held" if "held" in self._simple("state") else "ready",
            withdrawn=len(withdraws) == len(self.heads),
            two_versions=tuple(versions),
            created=min((revision.t for revision in revisions), key=lambda t: t.order),
            changed=newest.t,
            device=newest.device,
            role=newest.role,
        )

    def _clock(self, rev: str) -> tuple[str, int, str]:
        return (*self.live[rev].revision.t.order, rev)

    # ---- leaves ---------------------------------------------------------------------------------------------------

    def _of(self, rev: str) -> dict[Path, _Leaf]:
        if rev not in self._leaves:
            revision = self.live[rev].revision
            leaves = {path: _Leaf(value) for path, value in flatten(revision.answers).items()}
            if revision.typed:
                by_name = {leaf_name(path): path for path in leaves}
                rows = {path[:-1] for path in leaves if path[-1] == "_id"}
                for name, text in revision.typed.items():
                    path = by_name.get(name) or _path_of(name, rows)
                    leaves[path] = _Leaf(leaves.get(path, _NOTHING).value, text)
            self._leaves[rev] = leaves
        return self._leaves[rev]

    def _transparent(self, rev: str) -> bool:
        revision = self.live[rev].revision
        return revision.op == "withdraw" and not revision.answers and not revision.typed and bool(self.parents[rev])

    def _answers(self) -> tuple[dict[Path, _Leaf], list[TwoVersions]]:
        if self._straight and not self._transparent(self.heads[0]):
            return dict(self._of(self.heads[0])), []
        chosen = self._unchanged()
        changed = {path for rev in self.order for path in self._of(rev) if path not in chosen}
        paths = sorted(changed, key=_path_key)
        presence = {path[:-1]: self._trace_presence(path) for path in paths if path[-1] == "_id"}
        versions: dict[Path, set[tuple[str, _Leaf]]] = {}
        traces: dict[Path, dict[str, frozenset[tuple[str, Any]]]] = {}
        for path in paths:
            if path[-1] == "_id":
                traces[path] = presence[path[:-1]]
            else:
                traces[path] = self._trace_leaf(path, presence)
            self._settle(path, self._merge(traces[path], self.heads), chosen, versions)
        self._keep_changed_rows(paths, traces, presence, chosen, versions)
        listed = [self._two_versions(path, pairs) for path, pairs in versions.items() if path[-1] not in ROW_MEMBERS]
        filled = {path: leaf for path, leaf in chosen.items() if leaf != _NOTHING}
        return filled, sorted(listed, key=lambda two: two.leaf)

    def _unchanged(self) -> dict[Path, _Leaf]:
        """The leaves that every revision says alike: most of them, and nothing need be traced."""
        telling = [self._of(rev).items() for rev in self.order if not self._transparent(rev)]
        return dict(set(telling[0]).intersection(*telling[1:])) if telling else {}

    def _settle(
        self,
        path: Path,
        pairs: set[tuple[str, Any]],
        chosen: dict[Path, _Leaf],
        versions: dict[Path, set[tuple[str, _Leaf]]],
    ) -> None:
        chosen[path] = max(pairs, key=lambda pair: self._clock(pair[0]))[1] if pairs else _NOTHING
        versions.pop(path, None)
        if len({leaf for _, leaf in pairs}) > 1:
            versions[path] = pairs

    def _keep_changed_rows(
        self,
        paths: list[Path],
        traces: dict[Path, dict[str, frozenset[tuple[str, Any]]]],
        presence: dict[Path, dict[str, frozenset[tuple[str, Any]]]],
        chosen: dict[Path, _Leaf],
        versions: dict[Path, set[tuple[str, _Leaf]]],
    ) -> None:
        """A row that one head removed and another changed: its other leaves as the heads say that still have it."""
        members: dict[Path, list[Path]] = {row: [] for row in presence}
        for path in paths:
            for index, step in enumerate(path):
                if isinstance(step, Row) and path[: index + 1] in members:
                    members[path[: index + 1]].append(path)
        for row in sorted(presence, key=_path_key):
            inside = [path for path in members[row] if path[-1] not in ROW_MEMBERS]
            gone = chosen[(*row, "_id")] == _NOTHING
            if not any(path in versions or (gone and chosen[path] != _NOTHING) for path in inside):
                continue
            having = [head for head in self.heads if any(leaf != _NOTHING for _, leaf in presence[row][head])]
            if not having or (len(having) == len(self.heads) and not gone):
                continue
            for path in members[row]:
                if path not in versions and chosen[path] == _NOTHING:
                    self._settle(path, self._merge(traces[path], having), chosen, versions)
            if chosen[(*row, "_id")] == _NOTHING:
                chosen[(*row, "_id")] = _Leaf(row[-1].id if isinstance(row[-1], Row) else None)

    def _trace_presence(self, path: Path) -> dict[str, frozenset[tuple[str, Any]]]:
        return self._trace(lambda rev: self._of(rev).get(path, _NOTHING), self._transparent)

    def _trace_leaf(
        self, path: Path, presence: dict[Path, dict[str, frozenset[tuple[str, Any]]]]
    ) -> dict[str, frozenset[tuple[str, Any]]]:
        """As `_trace`; where the row a leaf is in is not there, the leaf's absence is as old as the row's."""
        rows = [path[: index + 1] for index, step in enumerate(path) if isinstance(step, Row)]

        def absent(rev: str) -> frozenset[tuple[str, Any]] | None:
            leaves = self._of(rev)
            if path in leaves or self._transparent(rev):
                return None
            for row in rows:
                if row in presence and (*row, "_id") not in leaves:
                    return frozenset((origin, _NOTHING) for origin, _ in presence[row][rev])
            return None

        return self._trace(lambda rev: self._of(rev).get(path, _NOTHING), self._transparent, absent)

    def _trace(
        self,
        value_of: Callable[[str], Hashable],
        transparent: Callable[[str], bool] = lambda rev: False,
        given: Callable[[str], frozenset[tuple[str, Any]] | None] = lambda rev: None,
    ) -> dict[str, frozenset[tuple[str, Any]]]:
        """For every revision the surviving (origin, value) pairs of one leaf."""
        traced: dict[str, frozenset[tuple[str, Any]]] = {}
        for rev in self.order:
            ready = given(rev)
            if ready is not None:
                traced[rev] = ready
                continue
            if self.parents[rev] and (self._whole[rev] or transparent(rev)):
                before = self._merge(traced, self.parents[rev])
                values = {value for _, value in before}
                undecided = len(values) > 1 and self.live[rev].revision.op != "resolve"
                if transparent(rev) or (value_of(rev) in values and (undecided or len(values) == 1)):
                    traced[rev] = frozenset(before)
                    continue
            traced[rev] = frozenset({(rev, value_of(rev))})
        return traced

    def _merge(self, traced: dict[str, frozenset[tuple[str, Any]]], revs: Iterable[str]) -> set[tuple[str, Any]]:
        """The pairs of several revisions without those whose origin is an ancestor of another's."""
        pairs = set().union(*(traced[rev] for rev in revs))
        if len(pairs) < 2:
            return pairs
        covered = 0
        for origin, _ in pairs:
            covered |= self._ancestors[origin]
        return {pair for pair in pairs if not self._bit[pair[0]] & covered}

    def _two_versions(self, path: Path, pairs: set[tuple[str, _Leaf]]) -> TwoVersions:
        latest: dict[_Leaf, str] = {}
        for origin, leaf in pairs:
            if leaf not in latest or self._clock(origin) > self._clock(latest[leaf]):
                latest[leaf] = origin
        ordered = sorted(latest.items(), key=lambda item: self._clock(item[1]))
        candidates = tuple(self._candidate(rev, leaf.value, leaf.typed) for leaf, rev in ordered)
        return TwoVersions(leaf_name(path), candidates)

    def _candidate(self, rev: str, value: str | None, typed: str | None = None) -> Candidate:
        revision = self.live[rev].revision
        return Candidate(value, rev, revision.device, revision.branch, revision.t, typed)

    def _whole_record(self) -> TwoVersions:
        ordered = sorted(self.heads, key=self._clock)
        words = {rev: "withdraw" if self.live[rev].revision.op == "withdraw" else "put" for rev in ordered}
        return TwoVersions("", tuple(self._candidate(rev, words[rev]) for rev in ordered))

    # ---- what is not a leaf ---------------------------------------------------------------------------------------

    def _simple(self, member: str) -> set[Any]:
        if self._straight:
            return {getattr(self.live[self.heads[0]].revision, member)}
        traced = self._trace(lambda rev: getattr(self.live[rev].revision, member))
        return {value for _, value in self._merge(traced, self.heads)}

    def _aside(self) -> set[str]:
        """Put aside where every side that changed it says so; else it is shown."""
        names = {name for rev in self.heads for name in self.live[rev].revision.aside}
        if self._straight:
            return names
        kept = set()
        for name in names:
            traced = self._trace(lambda rev, name=name: name in self.live[rev].revision.aside)  # type: ignore[misc]
            if {value for _, value in self._merge(traced, self.heads)} == {True}:
                kept.add(name)
        return kept

    def _members(self, of: Callable[[str], dict[Hashable, Any]]) -> dict[Hashable, set[Any]]:
        """For every key in any head the values that survive, without `None` (not there)."""
        found: dict[Hashable, set[Any]] = {}
        for key in {key for rev in self.heads for key in of(rev)}:
            if self._straight:
                found[key] = {of(self.heads[0])[key]}
                continue
            traced = self._trace(lambda rev, key=key: of(rev).get(key))  # type: ignore[misc]
            found[key] = {value for _, value in self._merge(traced, self.heads) if value is not None}
        return {key: values for key, values in found.items() if values}

    def _blobs(self) -> tuple[BlobRef, ...]:
        careful = {"yes": 2, "not_sure": 1, "no": 0}

        def of(rev: str) -> dict[Hashable, Any]:
            return {(blob.sha256, blob.question): blob for blob in self.live[rev].revision.blobs}

        kept = (
            max(values, key=lambda blob: (careful.get(blob.shows_person, 2), blob.name, blob.type, blob.len))
            for values in self._members(of).values()
        )
        return tuple(sorted(kept, key=lambda blob: (blob.question, blob.name, blob.sha256)))

    def _links(self) -> tuple[Link, ...]:
        def of(rev: str) -> dict[Hashable, Any]:
            return {link: link for link in self.live[rev].revision.links}

        kept = [link for values in self._members(of).values() for link in values]
        return tuple(sorted(kept, key=lambda link: (link.rel, link.record, link.row)))


def _path_of(name: str, rows: set[Path]) -> Path:
    """The path of a leaf that has raw text only, found by the rows that are there."""
    best: Path = ()
    for row in rows:
        if len(row) > len(best) and name.startswith(leaf_name(row) + "/"):
            best = row
    rest = name[len(leaf_name(best)) + 1 :] if best else name
    return (*best, *rest.split("/"))


def _graph(live: dict[str, Signed]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Known parents, and an order with parents first. Edges that would close a circle are cut, so it always ends."""
    parents = {
        rev: tuple(sorted(parent for parent in set(signed.revision.parents) if parent in live and parent != rev))
        for rev, signed in live.items()
    }
    children: dict[str, list[str]] = {rev: [] for rev in live}
    waiting: dict[str, int] = {}
    for rev, known in parents.items():
        waiting[rev] = len(known)
        for parent in known:
            children[parent].append(rev)
    order: list[str] = []
    ready = sorted((rev for rev, count in waiting.items() if not count), reverse=True)
    done: set[str] = set()
    while len(order) < len(live):
        if not ready:
            cut = min(rev for rev in live if rev not in done)
            parents[cut] = tuple(parent for parent in parents[cut] if parent in done)
            ready.append(cut)
        rev = ready.pop()
        if rev in done:
            continue
        done.add(rev)
        order.append(rev)
        for child in children[rev]:
            waiting[child] -= 1
            if waiting[child] == 0 and child not in done:
                ready.append(child)
    return parents, order
