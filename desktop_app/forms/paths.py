"""Instance paths of cli.md: local names, every repeat step with its row from 1; and what stands at them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from desktop_app.errors import FormError

from .leaves import is_leaf
from .node import Node
from .shape import Control, Names

Step = tuple[str, int | None]
_STEP = re.compile(r"([^\[\]/]+)(?:\[([0-9]{1,6})\])?")


def parse_path(path: str) -> list[Step]:
    """The steps of ``/data/waits[2]/weeks``; an unreadable path has none."""
    if not path.startswith("/"):
        return []
    steps: list[Step] = []
    for written in path[1:].split("/"):
        match = _STEP.fullmatch(written)
        if match is None:
            return []
        steps.append((match[1].rpartition(":")[2], int(match[2]) if match[2] else None))
    return steps


def find(root: Node, steps: list[Step]) -> Node | None:
    """The node at ``steps``; a repeat step must have its number and no other step may have one."""
    if not steps or steps[0] != (root.name, None):
        return None
    node = root
    for name, number in steps[1:]:
        same = node.named(name)
        shape = node.shape.children.get(name) if node.shape is not None else None
        repeat = shape is not None and shape.repeat
        if repeat != (number is not None):
            return None
        place = 0 if number is None else number - 1
        if not 0 <= place < len(same):
            return None
        node = same[place]
    return node


def leaf_at(root: Node, path: str) -> Node | None:
    """The leaf at an instance path."""
    node = find(root, parse_path(path))
    return node if node is not None and is_leaf(node) else None


def row_at(root: Node, path: str) -> Node:
    """The row at an instance path. Raises FormError when there is none."""
    node = find(root, parse_path(path))
    if node is None or node.shape is None or not node.shape.repeat or node.parent is None:
        raise FormError(f"There is no row at {path}.")
    return node


def repeat_at(root: Node, controls: Mapping[Names, Control], path: str) -> tuple[Node, Control]:
    """The parent and control of a repeat named without (or with any) row number. Raises FormError."""
    steps = parse_path(path)
    parent = find(root, steps[:-1]) if steps else None
    if parent is not None and parent.shape is not None:
        shape = parent.shape.children.get(steps[-1][0])
        if shape is not None and shape.repeat:
            return parent, controls[shape.names]
    raise FormError(f"There is no repeat at {path}.")
