"""Counted repeats (jr:count): rows are made while the form is walked through; none is ever taken away (JavaRosa)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .node import Node
from .places import place_of
from .runner import RuleError, Runner
from .shape import Control

MAX_ROWS = 1_000


def sync_counts(runner: Runner, body: Iterable[Control], preload: Callable[[Node], None]) -> bool:
    """Makes the rows that counts ask for, in the order of the form. True when any was made. Raises RuleError."""
    walker = _Walker(runner, preload)
    walker.walk(list(body), runner.environment.root)
    return walker.made


class _Walker:
    def __init__(self, runner: Runner, preload: Callable[[Node], None]) -> None:
        self._runner = runner
        self._preload = preload
        self.made = False

    def walk(self, controls: list[Control], near: Node) -> None:
        for control in controls:
            if control.tag == "repeat":
                self._repeat(control, near)
            elif control.children and _has_count(control):
                self.walk(control.children, near)

    def _repeat(self, control: Control, near: Node) -> None:
        if control.count is None and not _has_count(control):
            return
        for parent in self._runner.expand(control.names[:-1], place_of(near)):
            if control.count is not None:
                self._fill(control, parent)
            for row in list(parent.named(control.names[-1])):
                self.walk(control.children, row)

    def _fill(self, control: Control, parent: Node) -> None:
        while True:
            rows = len(parent.named(control.names[-1]))
            if rows >= self._runner.count_of(control, parent):
                return
            if not self._runner.row_allowed(parent, control.names, control):
                return
            if rows >= MAX_ROWS:
                raise RuleError(f"A repeat of the form asks for more than {MAX_ROWS:,} rows.")
            self._runner.new_row(parent, control.names, self._preload)
            self.made = True


def _has_count(control: Control) -> bool:
    if control.counted_inside is None:
        control.counted_inside = any(child.count is not None or _has_count(child) for child in control.children)
    return control.counted_inside
