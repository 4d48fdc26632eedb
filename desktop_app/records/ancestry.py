"""Who came after whom among the revisions of one record, and where each thing said was first said.

A revision that only repeats what its parents already came to has changed nothing: a trace goes through it. One with a
parent that is not here counts as having said everything itself. Origins that are ancestors of another are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from desktop_app.records.revision import Signed

Pairs = frozenset[tuple[str, Any]]
"""What survives of one leaf at one revision: each with the id of the revision that said it."""


class Ancestry:
    """The graph of one record's revisions. Total: missing parents and even circles, which cannot exist, have an order.

    ``order`` has parents first; ``heads`` are those that nothing follows; ``straight``: one head and nowhere a `put`
    that joined several, so the head says everything and nothing need be traced.
    """

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
        # One head and nowhere a `put` that joined several: the head says everything, nothing need be traced.
        joined = (rev for rev in self.order if len(self.parents[rev]) > 1 and live[rev].revision.op != "resolve")
        self.straight = len(self.heads) == 1 and next(joined, None) is None

    def trace(
        self,
        value_of: Callable[[str], Hashable],
        transparent: Callable[[str], bool] = lambda rev: False,
        given: Callable[[str], Pairs | None] = lambda rev: None,
        together: Callable[[set[Any]], Hashable] | None = None,
    ) -> dict[str, Pairs]:
        """For every revision the surviving (origin, value) pairs of one leaf.

        ``together``: what several values come to where all are kept; a revision that says this has only repeated them.
        """
        traced: dict[str, Pairs] = {}
        for rev in self.order:
            ready = given(rev)
            if ready is not None:
                traced[rev] = ready
                continue
            if self.parents[rev] and (self._whole[rev] or transparent(rev)):
                before = self.merge(traced, self.parents[rev])
                values = {value for _, value in before}
                undecided = len(values) > 1 and self.live[rev].revision.op != "resolve"
                repeats = value_of(rev) in values or (together is not None and value_of(rev) == together(values))
                if transparent(rev) or (repeats and (undecided or len(values) == 1)):
                    traced[rev] = frozenset(before)
                    continue
            traced[rev] = frozenset({(rev, value_of(rev))})
        return traced

    def merge(self, traced: dict[str, Pairs], revs: Iterable[str]) -> set[tuple[str, Any]]:
        """The pairs of several revisions without those whose origin is an ancestor of another's."""
        pairs = set().union(*(traced[rev] for rev in revs))
        if len(pairs) < 2:
            return pairs
        covered = 0
        for origin, _ in pairs:
            covered |= self._ancestors[origin]
        return {pair for pair in pairs if not self._bit[pair[0]] & covered}


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
