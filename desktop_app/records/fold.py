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
- A file taken out on one side and changed on the other, or another put in its place on both, is two versions of it
  (leaf: `FilePlace`); all files stay until somebody decides.
- Branch only and held: the careful side wins.

The fold is total: any order, duplicates, any number of heads, missing parents, even graphs that cannot exist (cycles).
It writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable
from typing import Any, NamedTuple

from desktop_app.errors import RecordError
from desktop_app.records.ancestry import Ancestry, Pairs
from desktop_app.records.leaves import (
    ROW_MEMBERS,
    Path,
    Row,
    flatten,
    in_order,
    leaf_name,
    path_key,
    path_of,
    unflatten,
)
from desktop_app.records.revision import BlobRef, Link, Revision, Signed
from desktop_app.records.state import Candidate, FilePlace, RecordState, TwoVersions


class _Leaf(NamedTuple):
    """What one revision says at one leaf: the value and the raw text beside it, either of which may be missing."""

    value: str | None
    typed: str | None = None


_NOTHING = _Leaf(None)


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


def began(revisions: Iterable[Signed]) -> Revision:
    """The revision a record began with: whose branch it is. There must be one at least."""
    said = [signed.revision for signed in revisions]
    roots = [revision for revision in said if not revision.parents] or said
    return min(roots, key=lambda revision: (revision.t.order, revision.device, revision.salt))


def _alone(signed: Signed) -> RecordState:
    """The state of a record with one revision: what it says, put in order. As `_Fold`, which would trace it at length."""
    said = signed.revision
    blobs = {(blob.sha256, blob.question): blob for blob in said.blobs}
    return RecordState(
        record=said.record,
        form=said.form,
        branch=said.branch,
        heads=(signed.id,),
        answers=in_order(said.answers),
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


class _Fold:
    def __init__(self, live: dict[str, Signed]) -> None:
        self.live = live
        self.ancestry = Ancestry(live)
        self.heads, self.order = self.ancestry.heads, self.ancestry.order
        self._leaves: dict[str, dict[Path, _Leaf]] = {}

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
        versions += self._files_apart()
        revisions = [signed.revision for signed in self.live.values()]
        return RecordState(
            record=newest.record,
            form=newest.form,
            branch=began(self.live.values()).branch,
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
                    path = by_name.get(name) or path_of(name, rows)
                    leaves[path] = _Leaf(leaves.get(path, _NOTHING).value, text)
            self._leaves[rev] = leaves
        return self._leaves[rev]

    def _transparent(self, rev: str) -> bool:
        revision = self.live[rev].revision
        return (
            revision.op == "withdraw"
            and not revision.answers
            and not revision.typed
            and bool(self.ancestry.parents[rev])
        )

    def _answers(self) -> tuple[dict[Path, _Leaf], list[TwoVersions]]:
        if self.ancestry.straight and not self._transparent(self.heads[0]):
            return dict(self._of(self.heads[0])), []
        chosen = self._unchanged()
        changed = {path for rev in self.order for path in self._of(rev) if path not in chosen}
        paths = sorted(changed, key=path_key)
        presence = {path[:-1]: self._trace_presence(path) for path in paths if path[-1] == "_id"}
        versions: dict[Path, set[tuple[str, _Leaf]]] = {}
        traces: dict[Path, dict[str, Pairs]] = {}
        for path in paths:
            if path[-1] == "_id":
                traces[path] = presence[path[:-1]]
            else:
                traces[path] = self._trace_leaf(path, presence)
            self._settle(path, self.ancestry.merge(traces[path], self.heads), chosen, versions)
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
        traces: dict[Path, dict[str, Pairs]],
        presence: dict[Path, dict[str, Pairs]],
        chosen: dict[Path, _Leaf],
        versions: dict[Path, set[tuple[str, _Leaf]]],
    ) -> None:
        """A row that one head removed and another changed: its other leaves as the heads say that still have it."""
        members: dict[Path, list[Path]] = {row: [] for row in presence}
        for path in paths:
            for index, step in enumerate(path):
                if isinstance(step, Row) and path[: index + 1] in members:
                    members[path[: index + 1]].append(path)
        for row in sorted(presence, key=path_key):
            inside = [path for path in members[row] if path[-1] not in ROW_MEMBERS]
            gone = chosen[(*row, "_id")] == _NOTHING
            if not any(path in versions or (gone and chosen[path] != _NOTHING) for path in inside):
                continue
            having = [head for head in self.heads if any(leaf != _NOTHING for _, leaf in presence[row][head])]
            if not having or (len(having) == len(self.heads) and not gone):
                continue
            for path in members[row]:
                if path not in versions and chosen[path] == _NOTHING:
                    self._settle(path, self.ancestry.merge(traces[path], having), chosen, versions)
            if chosen[(*row, "_id")] == _NOTHING:
                chosen[(*row, "_id")] = _Leaf(row[-1].id if isinstance(row[-1], Row) else None)

    def _trace_presence(self, path: Path) -> dict[str, Pairs]:
        return self.ancestry.trace(lambda rev: self._of(rev).get(path, _NOTHING), self._transparent)

    def _trace_leaf(self, path: Path, presence: dict[Path, dict[str, Pairs]]) -> dict[str, Pairs]:
        """As `_trace`; where the row a leaf is in is not there, the leaf's absence is as old as the row's."""
        rows = [path[: index + 1] for index, step in enumerate(path) if isinstance(step, Row)]

        def absent(rev: str) -> Pairs | None:
            leaves = self._of(rev)
            if path in leaves or self._transparent(rev):
                return None
            for row in rows:
                if row in presence and (*row, "_id") not in leaves:
                    return frozenset((origin, _NOTHING) for origin, _ in presence[row][rev])
            return None

        return self.ancestry.trace(lambda rev: self._of(rev).get(path, _NOTHING), self._transparent, absent)

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
        if self.ancestry.straight:
            return {getattr(self.live[self.heads[0]].revision, member)}
        traced = self.ancestry.trace(lambda rev: getattr(self.live[rev].revision, member))
        return {value for _, value in self.ancestry.merge(traced, self.heads)}

    def _aside(self) -> set[str]:
        """Put aside where every side that changed it says so; else it is shown."""
        names = {name for rev in self.heads for name in self.live[rev].revision.aside}
        if self.ancestry.straight:
            return names
        kept = set()
        for name in names:
            traced = self.ancestry.trace(lambda rev, name=name: name in self.live[rev].revision.aside)  # type: ignore[misc]
            if {value for _, value in self.ancestry.merge(traced, self.heads)} == {True}:
                kept.add(name)
        return kept

    def _members(self, of: Callable[[str], dict[Hashable, Any]]) -> dict[Hashable, set[Any]]:
        """For every key in any head the values that survive, without `None` (not there)."""
        found: dict[Hashable, set[Any]] = {}
        for key in {key for rev in self.heads for key in of(rev)}:
            if self.ancestry.straight:
                found[key] = {of(self.heads[0])[key]}
                continue
            traced = self.ancestry.trace(lambda rev, key=key: of(rev).get(key))  # type: ignore[misc]
            found[key] = {value for _, value in self.ancestry.merge(traced, self.heads) if value is not None}
        return {key: values for key, values in found.items() if values}

    def _blobs(self) -> tuple[BlobRef, ...]:
        def of(rev: str) -> dict[Hashable, Any]:
            return {(blob.sha256, blob.question): blob for blob in self.live[rev].revision.blobs}

        kept = (
            max(values, key=lambda blob: (_careful(blob.shows_person), blob.name, blob.type, blob.len))
            for values in self._members(of).values()
        )
        return tuple(sorted(kept, key=lambda blob: (blob.question, blob.name, blob.sha256)))

    def _files_apart(self) -> list[TwoVersions]:
        """The places where the sides have different files now, each having changed what hangs there."""
        if self.ancestry.straight:
            return []
        places = {FilePlace(blob.question, blob.name) for one in self.live.values() for blob in one.revision.blobs}
        found = []
        for place in sorted(places):
            here = {
                rev: frozenset(
                    (blob.sha256, blob.shows_person)
                    for blob in self.live[rev].revision.blobs
                    if (blob.question, blob.name) == place
                )
                for rev in self.order
            }
            pairs = self.ancestry.merge(self.ancestry.trace(here.__getitem__, together=_all_files), self.heads)
            latest: dict[str, str] = {}
            for origin, value in sorted(pairs, key=lambda pair: self._clock(pair[0])):
                latest[" ".join(sorted({digest for digest, _ in value}))] = origin
            if len(latest) > 1:
                ordered = sorted(latest.items(), key=lambda item: self._clock(item[1]))
                said = tuple(self._candidate(rev, digests or None) for digests, rev in ordered)
                found.append(TwoVersions(place.leaf, said))
        return found

    def _links(self) -> tuple[Link, ...]:
        def of(rev: str) -> dict[Hashable, Any]:
            return {link: link for link in self.live[rev].revision.links}

        kept = [link for values in self._members(of).values() for link in values]
        return tuple(sorted(kept, key=lambda link: (link.rel, link.record, link.row)))


def _careful(shows_person: str) -> int:
    return {"yes": 2, "not_sure": 1, "no": 0}.get(shows_person, 2)


def _all_files(versions: set[frozenset[tuple[str, str]]]) -> frozenset[tuple[str, str]]:
    """Every file of all versions of a place, as the state shows it while nobody has chosen."""
    found: dict[str, str] = {}
    for digest, shows in (file for version in versions for file in version):
        found[digest] = max(found.get(digest, shows), shows, key=_careful)
    return frozenset(found.items())
