"""Instance paths of cli.md: local names, every repeat step with its row from 1."""

from __future__ import annotations

import re

from .node import Node

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
