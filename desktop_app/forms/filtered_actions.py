"""Actions that say by a filter which node they set: JavaRosa looks for it when it reads the form."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_app.errors import FormError

from .node import Node
from .references import shown
from .runner import Runner
from .shape import Action, Control, Model
from .xpath.context import Context, Environment
from .xpath.errors import XPathError
from .xpath.evaluate import target_nodes


def check_filtered_actions(model: Model) -> None:
    """Raises FormError when a filter finds none of the nodes of a form without any answer."""
    filtered = [action for action in _actions(model) if action.filtered is not None]
    if not filtered:
        return
    environment = Environment(Node("?"), model.instances)
    runner = Runner(model, environment)
    environment.root = runner.grow(model.start)
    _add_templates(runner)
    for node in environment.root.descendants():
        node.value = None
    for action in filtered:
        assert action.filtered is not None
        try:
            found = target_nodes(action.filtered)(Context(environment, environment.root))
        except XPathError as error:
            raise FormError(
                f"{shown(action.target)}: an action cannot find it. {error}", do="Correct the action."
            ) from None
        if not found and runner.expand(action.target):
            raise FormError(
                f"{shown(action.target)}: an action finds no such node in an empty form.", do="Correct its filter."
            )


def _add_templates(runner: Runner) -> None:
    """The row new ones are copied from stands after the others when JavaRosa looks (``[position() = 2]`` finds it)."""
    shapes = runner.model.shapes
    for names in sorted((names for names, shape in shapes.items() if shape.template is not None), key=len):
        template = shapes[names].template
        assert template is not None
        for parent in runner.expand(names[:-1]):
            parent.append(runner.grow(template))


def _actions(model: Model) -> Iterator[Action]:
    yield from model.model_actions
    waiting: list[Control] = list(model.body)
    while waiting:
        control = waiting.pop()
        waiting.extend(control.children)
        yield from control.actions
