"""Judging a whole record, as JavaRosa does before it is handed on: what stands in the way, and whether its rules hold."""

from __future__ import annotations

from .leaves import is_leaf
from .node import Node as TreeNode
from .places import leaf_of, path_of
from .runner import Runner
from .shown_texts import ShownTexts
from .typed import TypedAnswers
from .validity import Validity
from .views import FormProblem
from .walk import Walk
from .xpath.errors import XPathError


class Revalidation:
    """Judges one record; changes none of its answers."""

    def __init__(self, runner: Runner, texts: ShownTexts, validity: Validity, typed: TypedAnswers, walk: Walk) -> None:
        self._runner = runner
        self._texts = texts
        self._validity = validity
        self._typed = typed
        self._walk = walk

    def problems(self, *, typed: bool = True) -> list[FormProblem]:
        """What stands between the record and being valid: relevant questions only, in document order.

        ``typed`` False leaves out what was typed and refused: the value kept beside it is what JavaRosa would judge.
        """
        found: list[FormProblem] = []
        for node in self._runner.environment.root.descendants():
            if not is_leaf(node) or not node.relevant or node.shape is None or node.shape.control is None:
                continue
            problem = self._problem(node, typed)
            if problem is not None:
                found.append(problem)
        return found

    def _problem(self, node: TreeNode, with_typed: bool) -> FormProblem | None:
        path, typed = path_of(node), self._typed.of(leaf_of(node))
        if with_typed and typed is not None and typed.kind != "required":
            return FormProblem(path, typed.kind, typed.message or "This is not a value this question can hold.")
        value = self._validity.available(node)
        if node.required and value is None:
            return FormProblem(path, "required", self._validity.required_message(node))
        try:
            if value is not None and not self._validity.allowed(node, value):
                return FormProblem(path, "constraint", self._validity.constraint_message(node))
        except XPathError as error:
            return FormProblem(path, "constraint", str(error))
        return None

    def rules_hold(self) -> bool:
        """False when a rule cannot be worked out as things stand (JavaRosa's validation gives every answer again)."""
        try:
            for node in self._runner.environment.root.descendants():
                control = node.shape.control if node.shape is not None else None
                if control is not None and control.itemset is not None and node.relevant:
                    if control.itemset.copy_path is not None:
                        return False
                    self._texts.choices(control, node)
                if (
                    is_leaf(node)
                    and node.relevant
                    and node.value is not None
                    and node.shape is not None
                    and node.shape.control
                ):
                    self._runner.after_change(node)
            self._walk.everywhere = True
            self._walk.through()
        except XPathError:
            return False
        return True
