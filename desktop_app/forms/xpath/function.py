"""What a function of expressions is: its run over worked-out values, and how many it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .context import Context, NodeSet, Value
from .errors import XPathError

Run = Callable[[Context, list[Value]], Value]


@dataclass(frozen=True, slots=True)
class Function:
    run: Run
    least: int
    most: int | None


def node_set(value: Value, name: str) -> NodeSet:
    """``value`` as a node set. Raises XPathError when it is a single value."""
    if not isinstance(value, NodeSet):
        raise XPathError(f"{name}() needs a path to fields, not a value.")
    return value
