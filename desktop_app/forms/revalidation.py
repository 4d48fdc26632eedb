"""Judging a whole record, as JavaRosa does before it is handed on: what stands in the way, and whether its rules hold."""

from __future__ import annotations

from .leaves import is_leaf
from .memento import remembered
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

    def valid(self) -> bool:
        """Whether every answer may be given again, one after the other, as JavaRosa gives them.

        An answer its list no longer offers is taken away on the way, and rules follow; afterwards all is as it was.
        """
        restore = remembered(self._runner.environment.root)
        grown, changed, dropped = self._runner.grown, set(self._runner.changed), self._texts.dropped
        # What falls out of a list only now is not told.
        self._texts.dropped = lambda node, text: None
        try:
            return self._given_again()
        except XPathError:
            return False
        finally:
            restore()
            self._texts.dropped = dropped
            self._runner.grown = grown
            self._runner.begin()
            self._runner.changed.update(changed)
            self._walk.everywhere = True

    def _given_again(self) -> bool:
        for node in self._runner.environment.root.descendants():
            shape = node.shape
            control = shape.control if shape is not None else None
            if control is None or not control.is_question or not node.relevant:
                continue
            if control.itemset is not None:
                if control.itemset.copy_path is not None:
                    return False
                # A list that cannot be worked out fails here.
                self._texts.choices(control, node)
            if not is_leaf(node):
                continue
            value = node.value = self._validity.available(node)
            if value is None:
                # No rule follows an answer that the list took away altogether (JavaRosa).
                if node.required:
                    return False
                continue
            if not self._validity.allowed(node, value):
                return False
            self._runner.put(node, value)
        self._walk.everywhere = True
        self._walk.through()
        return True
