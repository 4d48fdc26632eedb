"""Where a node stands: its place among rows, its instance path, and its leaf path in a record (record.md)."""

from __future__ import annotations

from .node import Node
from .shape import Names

Place = tuple[tuple[str, int], ...]


def contextualized(names: Names, place: Place) -> Place:
    """``names`` with the row numbers of ``place`` as far as they run together; -1 is every row."""
    found: list[tuple[str, int]] = []
    together = True
    for depth, name in enumerate(names):
        together = together and depth < len(place) and place[depth][0] == name
        found.append((name, place[depth][1] if together else -1))
    return tuple(found)


def place_of(node: Node) -> Place:
    return tuple((here.name, here.number) for here in node.lineage())


def place_among(parent: Node, names: Names) -> int:
    """Where the first row of a repeat belongs among all children: in the form's own order, inside another row
    last (JavaRosa)."""
    if parent.shape is None or any(node.shape is not None and node.shape.repeat for node in parent.lineage()):
        return len(parent.children)
    order = list(parent.shape.children)
    before = set(order[: order.index(names[-1])])
    place = 0
    for number, child in enumerate(parent.children):
        if child.name in before:
            place = number + 1
    return place


def path_of(node: Node) -> str:
    """The instance path: every repeat step with its row from 1."""
    pieces = []
    for here in node.lineage():
        repeat = here.shape is not None and here.shape.repeat
        pieces.append(f"{here.name}[{here.number + 1}]" if repeat else here.name)
    return "/" + "/".join(pieces)


def leaf_of(node: Node) -> str:
    """The leaf path of a record: without the root, rows by their id (record.md)."""
    pieces: list[str] = []
    for here in node.lineage()[1:]:
        pieces.append(here.name)
        if here.row is not None:
            pieces.append(here.row.id)
    return "/".join(pieces)
