"""Whether an answer may stand: its constraint, whether its choice is still offered, and the words for what is wrong."""

from __future__ import annotations

from .node import Node
from .runner import Runner
from .shown_texts import ShownTexts
from .values import Answer, still_offered
from .xpath.context import Context, as_boolean
from .xpath.errors import XPathError
from .xpath.evaluate import compiled

CONSTRAINT_WORDS = "This answer is not allowed here."
REQUIRED_WORDS = "This question needs an answer."


class Validity:
    """Judges the answers of one record; changes none."""

    def __init__(self, runner: Runner, texts: ShownTexts) -> None:
        self._runner = runner
        self._texts = texts

    def available(self, node: Node) -> Answer | None:
        """The value, or None when it is a choice its list no longer offers (JavaRosa looks at the choices first)."""
        control = node.shape.control if node.shape is not None else None
        if node.value is None or control is None or control.itemset is None:
            return node.value
        try:
            offered = {choice.name for choice in self._texts.choices(control, node)}
        except XPathError:
            return node.value
        assert node.shape is not None
        return still_offered(node.value, node.shape.type, offered)

    def allowed(self, node: Node, value: Answer) -> bool:
        """Whether the constraint of a node's bind holds for a value. Raises XPathError."""
        bind = node.shape.bind if node.shape is not None else None
        if bind is None or bind.constraint is None:
            return True
        self._runner.evaluations += 1
        return as_boolean(compiled(bind.constraint)(Context(self._runner.environment, node, candidate=value)))

    def constraint_message(self, node: Node) -> str:
        """What the form says of an answer that breaks its constraint, or our own words."""
        bind = node.shape.bind if node.shape is not None else None
        return (
            self._texts.message(bind.constraint_message, node) if bind and bind.constraint_message else CONSTRAINT_WORDS
        )

    def required_message(self, node: Node) -> str:
        """What the form says of a missing answer, or our own words."""
        bind = node.shape.bind if node.shape is not None else None
        return self._texts.message(bind.required_message, node) if bind and bind.required_message else REQUIRED_WORDS
