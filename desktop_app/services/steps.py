"""Long work as a generator of steps, between which drafts are saved; and the same work taken in one go."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

from desktop_app.wanted import still_wanted

T = TypeVar("T")


def drained(steps: Generator[Any, None, T]) -> T:
    """What a generator returns, its steps taken one after the other."""
    while True:
        try:
            still_wanted()
            next(steps)
        except StopIteration as end:
            found: T = end.value
            return found
