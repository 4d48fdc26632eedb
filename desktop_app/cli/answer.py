"""What a command gives back: one JSON document, and the same for a person to read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """``data`` is printed by ``--json``, ``text`` otherwise. ``status`` 1: done, and found wanting."""

    data: Mapping[str, Any]
    text: str
    status: int = 0


def as_json(data: Mapping[str, Any]) -> str:
    """One document, readable by people as well."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def table(rows: Sequence[Sequence[str]], empty: str = "Nothing.") -> str:
    """Columns of text, each as wide as its widest cell; ``empty`` when there are no rows."""
    if not rows:
        return empty
    cells = [[str(cell).replace("\n", " ") for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)
