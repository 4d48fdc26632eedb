"""Events and the actions they set off: setvalue (ODK XForms spec, "Events and Actions")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .node import Node
from .places import path_of, place_of
from .rule_errors import RuleError
from .shape import Action
from .values import cast, from_result
from .xpath.context import Context, atom
from .xpath.errors import XPathError
from .xpath.evaluate import compiled, target_nodes

if TYPE_CHECKING:
    from .runner import Runner

# A chain of actions that set one another is stopped here; JavaRosa would run out of stack.
MAX_DEPTH = 50
# Actions that set several questions each multiply; one change may set this many values.
MAX_ACTIONS = 5_000


class Actions:
    """Fires events on one record. A value set by an action is put as a person's is, and may set off others."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._depth = 0
        self._done = 0

    def begin(self) -> None:
        """A new change: none done yet."""
        self._depth = self._done = 0

    def fire(self, actions: Iterable[Action], event: str, context: Node | None) -> None:
        for action in actions:
            if event in action.events:
                self._act(action, context)

    def _act(self, action: Action, context: Node | None) -> None:
        self._depth += 1
        self._done += 1
        if self._depth > MAX_DEPTH or self._done > MAX_ACTIONS:
            self._depth = 0
            raise RuleError("The actions of the form set one another without end.")
        targets = self._targets(action, context)
        if len(targets) > 1:
            raise RuleError(f"/{'/'.join(action.target)}: an action sets a repeated question without saying which row.")
        if targets:
            target = targets[0]
            assert target.shape is not None
            self._runner.evaluations += 1
            try:
                result = atom(compiled(action.value)(Context(self._runner.environment, target)))
                value = from_result(result, target.shape.type)
                value = None if value is None else cast(value, target.shape.type, self._runner.environment.now)
            except XPathError as error:
                raise RuleError(f"{path_of(target)}: {error}") from None
            self._runner.put(target, value)
        self._depth -= 1

    def _targets(self, action: Action, context: Node | None) -> list[Node]:
        if action.filtered is None:
            return self._runner.expand(action.target, place_of(context) if context is not None else ())
        try:
            return target_nodes(action.filtered)(
                Context(self._runner.environment, context or self._runner.environment.root)
            )
        except XPathError as error:
            raise RuleError(f"/{'/'.join(action.target)}: {error}") from None

    def fire_everywhere(self, event: str) -> None:
        """An event of the whole form: the model's actions, then those nested in controls, once for every row."""
        self.fire(self._runner.model.model_actions, event, None)
        for control in self._runner.model.event_controls:
            names = control.names if control.tag in ("repeat", "group") else control.names[:-1]
            for context in self._runner.expand(names):
                self.fire(control.actions, event, context)
