"""What was typed and is not the value: refused, or not readable (record.md, ``typed``). Shown, listed as a doubt, never
counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Why = Literal["required", "constraint", "type"]


@dataclass(frozen=True)
class Typed:
    """What was typed beside the value of a leaf, and why it is not the value."""

    raw: str
    message: str
    kind: Why


class TypedAnswers:
    """What is kept as typed in one record, by leaf path."""

    def __init__(self) -> None:
        self._kept: dict[str, Typed] = {}

    def keep(self, leaf: str, raw: str, message: str = "", kind: Why = "type") -> None:
        self._kept[leaf] = Typed(raw, message, kind)

    def of(self, leaf: str) -> Typed | None:
        return self._kept.get(leaf)

    def forget(self, leaf: str) -> None:
        self._kept.pop(leaf, None)

    def forget_row(self, row: str) -> None:
        """What was typed in a row goes with it."""
        for leaf in [leaf for leaf in self._kept if leaf.startswith(row + "/")]:
            del self._kept[leaf]

    def __bool__(self) -> bool:
        return bool(self._kept)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Leaf paths with the raw text."""
        return ((leaf, kept.raw) for leaf, kept in self._kept.items())
