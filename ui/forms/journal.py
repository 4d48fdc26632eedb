"""Undo and redo over a whole record: what it said before each step.

Typing in one question is one step until the person pauses or goes elsewhere; everything else is a step of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.forms.session import Snapshot

PAUSE_SECONDS = 2.0
_MOST_STEPS = 200


@dataclass(frozen=True)
class Step:
    """What the record said before (or, for redo, after) something was done at `path`.

    `beside`: what goes with the answers and is none, as the page's owner has it (attachments).
    """

    snapshot: Snapshot
    path: str
    kept_in: frozenset[str]
    beside: object = None


class Journal:
    """The steps that can be taken back, and those taken back that can be done again."""

    def __init__(self) -> None:
        self._undo: list[Step] = []
        self._redo: list[Step] = []
        self._typing_at = ""
        self._last = float("-inf")

    def starts_step(self, path: str, now: float, *, typing: bool) -> bool:
        """Whether what happens at `path` at `now` (seconds, monotonic) begins a new step; if so call `push` first."""
        goes_on = typing and path == self._typing_at and now - self._last < PAUSE_SECONDS and not self._redo
        self._typing_at, self._last = (path, now) if typing else ("", now)
        return not goes_on

    def push(self, step: Step) -> None:
        """Remember what the record said before the step that begins now."""
        self._undo.append(step)
        del self._undo[:-_MOST_STEPS]
        self._redo.clear()

    def undo(self, current: Step) -> Step | None:
        """The step to go back to, or None. `current` is what the record says now."""
        if not self._undo:
            return None
        self._typing_at = ""
        back = self._undo.pop()
        self._redo.append(replace(current, path=back.path))
        return back

    def redo(self, current: Step) -> Step | None:
        """The step to go forward to, or None."""
        if not self._redo:
            return None
        self._typing_at = ""
        forward = self._redo.pop()
        self._undo.append(replace(current, path=forward.path))
        return forward

    def forget(self) -> None:
        """Drop everything: what was removed off the record must not come back with Ctrl+Z."""
        self._undo.clear()
        self._redo.clear()
        self._typing_at = ""
