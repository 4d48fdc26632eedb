"""The instance while a form is filled: a tree of nodes with a value, relevance, required and read-only.

The same tree holds secondary instances (choice lists), where only names and values matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .shape import Shape
    from .values import Answer


@dataclass(slots=True)
class RowIdentity:
    """What names a repeat row in the record for good (record.md): its id and its fractional order key."""

    id: str
    order: str


class Node:
    """One element (or attribute). ``number`` counts from 0 among siblings of one name, as JavaRosa's
    multiplicity does."""

    __slots__ = (
        "_named",
        "attributes",
        "children",
        "enabled_inherited",
        "enabled_own",
        "name",
        "number",
        "parent",
        "relevant_inherited",
        "relevant_own",
        "required",
        "row",
        "shape",
        "value",
    )

    def __init__(self, name: str, parent: Node | None = None, shape: Shape | None = None) -> None:
        self.name = name
        self.number = 0
        self.parent = parent
        self.shape = shape
        # Shared until there is a first child: most nodes have none, and lists have many thousands of them.
        self.children = _NO_CHILDREN
        self._named = _NO_NAMES
        self.attributes: dict[str, Node] | None = None
        self.value: Answer | None = None
        self.relevant_own = self.relevant_inherited = True
        self.enabled_own = self.enabled_inherited = True
        self.required = False
        self.row: RowIdentity | None = None

    @property
    def relevant(self) -> bool:
        return self.relevant_own and self.relevant_inherited

    @property
    def enabled(self) -> bool:
        return self.enabled_own and self.enabled_inherited

    def named(self, name: str) -> list[Node]:
        """The children of one name in order (the list is the node's own: do not change it)."""
        return self._named.get(name, [])

    def append(self, child: Node) -> None:
        """Adds ``child`` after its last sibling of the same name, numbered on; it inherits relevance and read-only."""
        self._make_room()
        same = self._named.setdefault(child.name, [])
        child.number = len(same)
        child.parent = self
        if same:
            self.children.insert(self.children.index(same[-1]) + 1, child)
        else:
            self.children.append(child)
        same.append(child)
        child.set_inherited_relevance(self.relevant)
        child.set_inherited_enabled(self.enabled)

    def append_plain(self, child: Node) -> None:
        """As ``append`` in a list, whose rows all come in order and inherit nothing."""
        self._make_room()
        same = self._named.get(child.name)
        if same is None:
            self._named[child.name] = [child]
        else:
            child.number = len(same)
            same.append(child)
        self.children.append(child)

    def _make_room(self) -> None:
        if self._named is _NO_NAMES:
            self.children, self._named = [], {}

    def insert_first(self, child: Node, before: int) -> None:
        """Adds the first child of its name at a place among all children (a repeat that had no rows left)."""
        self.append(child)
        self.children.remove(child)
        self.children.insert(before, child)

    def remove(self, child: Node) -> None:
        self.children.remove(child)
        same = self._named[child.name]
        same.remove(child)
        for number, sibling in enumerate(same):
            sibling.number = number

    def reorder(self, child: Node, to: int) -> None:
        """Moves ``child`` to place ``to`` (from 0) among its siblings of the same name."""
        same = self._named[child.name]
        first = min(self.children.index(sibling) for sibling in same)
        same.remove(child)
        same.insert(to, child)
        others = [sibling for sibling in self.children if sibling.name != child.name]
        self.children[:] = [*others[:first], *same, *others[first:]]
        for number, sibling in enumerate(same):
            sibling.number = number

    def set_own_relevance(self, relevant: bool) -> list[Node]:
        """Returns the nodes whose relevance changed by it."""
        before = self.relevant
        self.relevant_own = relevant
        return self._pass_relevance(before)

    def set_inherited_relevance(self, relevant: bool) -> list[Node]:
        before = self.relevant
        self.relevant_inherited = relevant
        return self._pass_relevance(before)

    def _pass_relevance(self, before: bool) -> list[Node]:
        if self.relevant == before:
            return []
        changed = [self]
        for child in self.children:
            changed.extend(child.set_inherited_relevance(self.relevant))
        return changed

    def set_own_enabled(self, enabled: bool) -> None:
        before = self.enabled
        self.enabled_own = enabled
        self._pass_enabled(before)

    def set_inherited_enabled(self, enabled: bool) -> None:
        before = self.enabled
        self.enabled_inherited = enabled
        self._pass_enabled(before)

    def _pass_enabled(self, before: bool) -> None:
        if self.enabled != before:
            for child in self.children:
                child.set_inherited_enabled(self.enabled)

    def state(self) -> tuple[object, ...]:
        """Everything about this node that may change, for ``put_back``."""
        return (
            self.number,
            self.parent,
            list(self.children),
            {name: list(same) for name, same in self._named.items()},
            self.value,
            self.relevant_own,
            self.relevant_inherited,
            self.enabled_own,
            self.enabled_inherited,
            self.required,
            self.row,
        )

    def put_back(self, state: tuple[object, ...]) -> None:
        """What ``state`` gave."""
        (
            self.number,
            self.parent,
            self.children,
            self._named,
            self.value,
            self.relevant_own,
            self.relevant_inherited,
            self.enabled_own,
            self.enabled_inherited,
            self.required,
            self.row,
        ) = state  # type: ignore[assignment]

    def lineage(self) -> list[Node]:
        """From the root down to this node."""
        found = [self]
        here = self.parent
        while here is not None:
            found.append(here)
            here = here.parent
        found.reverse()
        return found

    def names(self) -> tuple[str, ...]:
        """The generic path: names from the root down, no numbers."""
        return tuple(node.name for node in self.lineage())

    def descendants(self) -> Iterator[Node]:
        """This node and everything under it, in document order."""
        waiting = [self]
        while waiting:
            here = waiting.pop()
            yield here
            waiting.extend(reversed(here.children))


_NO_CHILDREN: list[Node] = []
_NO_NAMES: dict[str, list[Node]] = {}
