"""What a page sees of a record's instance: leaves, groups, rows and choices as plain values, and what a change touched."""

from __future__ import annotations

from collections.abc import Container

from desktop_app.errors import FormError

from .definition import Choice, FormDefinition, Question, template_path
from .leaves import is_attached, is_childless, is_leaf
from .node import Node as TreeNode
from .paths import find, leaf_at, parse_path, repeat_at
from .places import leaf_of, path_of, place_of
from .runner import Runner
from .shown_texts import ShownTexts
from .typed import TypedAnswers
from .views import Item, Node, Row
from .xpath.errors import XPathError


class InstanceView:
    """Looks at one record; changes nothing."""

    def __init__(self, form: FormDefinition, runner: Runner, texts: ShownTexts, typed: TypedAnswers) -> None:
        self._form = form
        self._runner = runner
        self._texts = texts
        self._typed = typed

    @property
    def _root(self) -> TreeNode:
        return self._runner.environment.root

    def node(self, path: str) -> Node:
        """The leaf at an instance path. Raises KeyError when there is none."""
        node = leaf_at(self._root, path)
        if node is None:
            raise KeyError(path)
        return self._shown(node)

    def nodes(self) -> list[Node]:
        """Every childless element in document order, non-relevant ones included."""
        return [self._shown(node) for node in self._root.descendants() if is_childless(node)]

    def children(self, path: str) -> list[Item]:
        """The children of a group or row; of a repeat (a path without a row number) its rows. Raises KeyError."""
        steps = parse_path(path)
        node = find(self._root, steps)
        if node is None:
            parent, control = repeat_at(self._root, self._form.model.controls, path)
            return [self._row_item(row) for row in parent.named(control.names[-1])]
        found = []
        for shape in node.shape.children.values() if node.shape is not None else ():
            if shape.repeat:
                found.append(self._repeat_item(node, shape.name, path_of(node)))
            else:
                found.extend(self._item(child) for child in node.named(shape.name))
        return found

    def rows(self, path: str) -> list[Row]:
        """The rows of a repeat with what they hold and no more: there may be hundreds, looked at with every key.

        Raises FormError where there is no repeat.
        """
        parent, control = repeat_at(self._root, self._form.model.controls, path)
        name, above, leaves = control.names[-1], path_of(parent), leaf_of(parent)
        leaves = f"{leaves}/{name}" if leaves else name
        found = []
        for row in parent.named(name):
            row_id = row.row.id if row.row is not None else str(row.number + 1)
            held = {child.name: child.value.text if child.value is not None else "" for child in row.children if is_leaf(child)}
            for question in held if self._typed else ():
                typed = self._typed.of(f"{leaves}/{row_id}/{question}")
                held[question] = (typed.raw if typed is not None else "") or held[question]
            found.append(Row(f"{above}/{name}[{row.number + 1}]", row_id, held))
        return found

    def filled(self, path: str) -> int:
        """How many rows of a repeat hold an answer that is asked for now. Raises FormError where there is no repeat."""
        parent, control = repeat_at(self._root, self._form.model.controls, path)
        return sum(any(self._holds(node) for node in row.descendants()) for row in parent.named(control.names[-1]))

    def _holds(self, node: TreeNode) -> bool:
        if not node.relevant or not is_leaf(node):
            return False
        return bool(node.value is not None and node.value.text) or bool(self._typed and self._typed.of(leaf_of(node)))

    def unanswered(self, among: Container[str]) -> list[Node]:
        """What is asked and holds nothing, and either must be answered or is of these questions (their paths)."""
        return [
            self._shown(node)
            for node in self._root.descendants()
            if node.relevant
            and is_childless(node)
            and node.shape is not None
            and (node.required or node.shape.path in among)
            and not self._holds(node)
        ]

    def _item(self, node: TreeNode) -> Item:
        question = self._question(node)
        if is_leaf(node):
            shown = self._shown(node)
            return Item(shown.path, question, "question", shown, 0, node.relevant, shown.label)
        return Item(path_of(node), question, "group", None, 0, node.relevant, self._label(node))

    def _repeat_item(self, parent: TreeNode, name: str, parent_path: str) -> Item:
        path = f"{parent_path}/{name}"
        rows = parent.named(name)
        question = self._form.question(path)
        control = self._form.model.controls[tuple(template_path(path).split("/")[1:])]
        try:
            relevant = self._runner.repeats.allowed(parent, control.names, control) or any(row.relevant for row in rows)
        except XPathError:
            relevant = True
        return Item(path, question, "repeat", None, len(rows), relevant, question.label)

    def _row_item(self, row: TreeNode) -> Item:
        return Item(path_of(row), self._question(row), "row", None, 0, row.relevant, self._label(row))

    def choices(self, path: str) -> list[Choice]:
        """The choices of a question now, filtered and in the current language.

        Raises KeyError; FormError for a broken filter.
        """
        node = leaf_at(self._root, path)
        if node is None or node.shape is None or node.shape.control is None:
            raise KeyError(path)
        try:
            return self._texts.choices(node.shape.control, node)
        except XPathError as error:
            raise FormError(f"The choices cannot be worked out: {error}") from None

    def _question(self, node: TreeNode) -> Question:
        assert node.shape is not None
        return self._form.question(node.shape.path)

    def _label(self, node: TreeNode) -> str:
        control = self._form.group_control(node.shape.names) if node.shape is not None else None
        return self._texts.text(control.label, control.label_id, node) if control is not None else ""

    def _shown(self, node: TreeNode) -> Node:
        shape = node.shape
        assert shape is not None
        control, leaf = shape.control, leaf_of(node)
        typed = self._typed.of(leaf)
        return Node(
            path=path_of(node),
            question=self._question(node),
            relevant=node.relevant,
            required=node.required,
            readonly=not node.enabled,
            value=node.value.text if node.value is not None else "",
            typed=typed.raw if typed is not None else None,
            message=typed.message if typed is not None else "",
            label=self._texts.text(control.label, control.label_id, node) if control is not None else "",
            hint=self._texts.text(control.hint, control.hint_id, node) if control is not None else "",
            leaf=leaf,
        )

    def changed(self) -> frozenset[str]:
        """The nodes a change touched and the questions whose texts or choices look at them."""
        touched = {node for node in self._runner.changed if is_attached(node, self._root)}
        watching = self._form.model.watchers
        if watching:
            for node in list(touched):
                for names in watching.get(node.names(), ()):
                    touched.update(self._runner.expand(names, place_of(node)))
        return frozenset(path_of(node) for node in touched)
