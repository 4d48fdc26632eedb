"""What kind of node of the tree one is: a leaf, childless, still part of the tree."""

from __future__ import annotations

from .node import Node


def is_leaf(node: Node) -> bool:
    """A node that can hold a value."""
    return not node.children and (node.shape is None or not node.shape.children)


def is_childless(node: Node) -> bool:
    """A leaf, or a row with nothing in it; a group that holds only an empty repeat holds its template and is none."""
    if node.children or node.shape is None:
        return not node.children
    if not any(child.template is not None for child in node.shape.children.values()):
        return True
    return any(here.shape is not None and here.shape.repeat for here in node.lineage())


def is_attached(node: Node, root: Node) -> bool:
    """Whether a node still hangs on the tree of ``root``."""
    here: Node | None = node
    while here is not None and here.parent is not None:
        if here not in here.parent.named(here.name):
            return False
        here = here.parent
    return here is root
