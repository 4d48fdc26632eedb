"""Walking through a form as JavaRosa does after every change: from the first question to the last, repeat by repeat.

On the way counted repeats (jr:count) get their rows (none is ever taken away), and every other repeat is asked whether one
more row would be relevant. A relevance that cannot be worked out fails there, even where no row is yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .node import Node
from .places import place_of
from .rule_errors import RuleError
from .runner import Runner
from .shape import Control

MAX_ROWS = 1_000
# A count that grows with the rows it makes would never end.
MAX_GROWTH = 50


class Walk:
    """Walks through one record. Repeats whose relevance nothing touched since they were last asked are not asked again."""

    def __init__(self, runner: Runner, body: Iterable[Control], preload: Callable[[Node], None]) -> None:
        self._runner = runner
        self._body = list(body)
        self._preload = preload
        places = {id(rule): place for place, rule in enumerate(runner.model.rules)}
        self._rules = {names: places[id(rule)] for names, rule in runner.model.repeat_relevance.items()}
        # Until a walk has reached the end, the next one asks everywhere again; so it does after a change that failed.
        self.everywhere = True
        self._made = False

    def through(self) -> bool:
        """One walk. True when it made rows. Raises RuleError."""
        everywhere = self.everywhere or self._runner.rows_changed
        self.everywhere, self._made = True, False
        self._walk(self._body, self._runner.environment.root, everywhere)
        self.everywhere = False
        return self._made

    def _walk(self, controls: list[Control], near: Node, everywhere: bool) -> None:
        for control in controls:
            if control.tag == "repeat":
                self._repeat(control, near, everywhere)
            elif control.children and self._stops(control):
                self._walk(control.children, near, everywhere)

    def _repeat(self, control: Control, near: Node, everywhere: bool) -> None:
        inside = self._stops(control)
        rule = self._rules.get(control.names)
        asked = not control.fixed and rule is not None and (everywhere or self._made or rule in self._runner.ran)
        if control.count is None and not inside and not asked:
            return
        for parent in self._runner.expand(control.names[:-1], place_of(near)):
            if control.count is not None:
                self._fill(control, parent)
            if inside:
                for row in list(parent.named(control.names[-1])):
                    self._walk(control.children, row, everywhere)
            if asked:
                self._runner.repeats.allowed(parent, control.names, control)

    def _fill(self, control: Control, parent: Node) -> None:
        first = wanted = self._runner.repeats.count_of(control, parent)
        while True:
            rows = len(parent.named(control.names[-1]))
            if rows >= wanted:
                return
            if not self._runner.repeats.allowed(parent, control.names, control):
                return
            if wanted > first + MAX_GROWTH:
                raise RuleError("The number of rows of a repeat grows with its rows, without end.")
            if rows >= MAX_ROWS:
                raise RuleError(f"A repeat of the form asks for more than {MAX_ROWS:,} rows.")
            self._runner.repeats.add(parent, control.names, self._preload)
            self._made = True
            wanted = self._runner.repeats.count_of(control, parent)

    def _stops(self, control: Control) -> bool:
        """Whether a walk has anything to do inside a control."""
        if control.stops_inside is None:
            control.stops_inside = any(
                child.count is not None or (child.tag == "repeat" and child.names in self._rules) or self._stops(child)
                for child in control.children
            )
        return control.stops_inside
