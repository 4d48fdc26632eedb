"""A tree of nodes as it stands, to be put back after something was tried on it."""

from __future__ import annotations

from collections.abc import Callable

from .node import Node


def remembered(root: Node) -> Callable[[], None]:
    """A function that puts every node under ``root`` back: values, relevance, rows and their order."""
    kept = []
    for element in root.descendants():
        for node in (element, *(element.attributes or {}).values()):
            kept.append((node, node.state()))

    def restore() -> None:
        for node, state in kept:
            node.put_back(state)

    return restore
