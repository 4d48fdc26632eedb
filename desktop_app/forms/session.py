"""Filling one record: values in, outcomes and changes out, exactly as JavaRosa behaves; nothing a person typed is lost.

What the engine refuses or cannot read as a value stays in ``typed`` (record.md): shown in the editor, listed as a
doubt,
ignored by calculations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from desktop_app.errors import FormError

from .definition import Choice, FormDefinition, Question, template_path
from .instances import from_element
from .leaves import is_attached, is_childless, is_leaf
from .node import Node as TreeNode
from .paths import find, parse_path
from .places import leaf_of, path_of, place_of
from .preloads import preloaded, stamp_end
from .record_answers import Filler, clear_entered, collect, entered, name_rows
from .row_order import between
from .runner import RuleError, Runner
from .shape import Control
from .shown_texts import ShownTexts
from .submission import submission
from .validity import Validity
from .values import Answer, parse
from .views import FormProblem, Item, Node, Outcome, Snapshot
from .walk import Walk
from .xmlread import read_xml
from .xpath.context import Environment
from .xpath.errors import XPathError


@dataclass
class _Typed:
    """What was typed beside the value of a leaf, and why it is not the value."""

    raw: str
    message: str
    kind: Literal["required", "constraint", "type"]


class FormSession:
    """One record being filled. Raises FormError when the form cannot begin (a rule that cannot be worked out)."""

    def __init__(
        self,
        form: FormDefinition,
        answers: Mapping[str, Any] | None = None,
        typed: Mapping[str, str] | None = None,
        *,
        record: str = "",
        now: datetime | None = None,
        seed: int | None = None,
        aside: Iterable[str] = (),
        first_load: bool | None = None,
        language: str | None = None,
        last_saved: bytes = b"",
    ) -> None:
        """``answers`` None or empty: a new record (defaults, first-load events). ``first_load`` True does the same
        and then
        puts ``answers`` in. ``aside`` is worked out anew from relevance and need not be given.
        ``last_saved``: the submission of the record of this form saved last, for forms that look at it."""
        self.form = form
        self._record = record
        fixed = now
        instances = form.model.instances
        if last_saved and form.model.last_saved:
            tree = from_element(read_xml(last_saved, "The last record"))
            instances = {**instances, **dict.fromkeys(form.model.last_saved, tree)}
        self._environment = Environment(
            TreeNode("?"), instances, (lambda: fixed) if fixed else datetime.now, form_version=form.version
        )
        if seed is not None:
            self._environment.rng.seed(seed)
        self._runner = Runner(form.model, self._environment)
        self._texts = ShownTexts(self._runner, language or form.default_language)
        self._validity = Validity(self._runner, self._texts)
        self._walk = Walk(self._runner, form.model.body, self._preload)
        self._typed: dict[str, _Typed] = {}
        # How many nodes there had been when the rows were last given their identity.
        self._named = 0
        self._earlier: dict[str, Any] = {}
        self._texts.dropped = self._drop
        fresh = not answers if first_load is None else first_load
        try:
            self._begin(fresh, answers or {})
        except XPathError as error:
            raise FormError(f"The form cannot be filled: {error}", do="Tell the office which form it is.") from None
        for leaf, raw in (typed or {}).items():
            self._typed[leaf] = _Typed(raw, "", "type")
        self._runner.begin()

    def _begin(self, fresh: bool, answers: Mapping[str, Any]) -> None:
        runner = self._runner
        root = self._environment.root = runner.grow(self.form.model.start)
        if fresh:
            self._preload(root)
        if answers:
            filler = Filler(runner, self._record)
            if not fresh:
                self._empty(root)
            filler.fill(root, answers)
            self._earlier = filler.earlier
            for leaf, raw in filler.unreadable.items():
                self._typed[leaf] = _Typed(raw, "", "type")
            if not fresh:
                self._preload(root, only_uid=True)
        if fresh:
            for event in ("odk-instance-first-load", "xforms-ready"):
                runner.fire_top(event)
        runner.fire_top("odk-instance-load")
        runner.start()
        self._after(False)

    def _empty(self, root: TreeNode) -> None:
        """A stored record says itself what is in it: defaults go, and rows it does not name."""
        clear_entered(root, lambda node: False)
        for node in list(root.descendants()):
            if (
                node.shape is not None
                and node.shape.repeat
                and node.parent is not None
                and node in node.parent.children
            ):
                node.parent.remove(node)

    def _preload(self, root: TreeNode, only_uid: bool = False) -> None:
        for node in root.descendants():
            bind = node.shape.bind if node.shape is not None else None
            if bind is None or bind.preload is None or (only_uid and bind.preload != "uid"):
                continue
            value = preloaded(node, self._environment, self._record)
            if value is not None:
                node.value = value

    def _after(self, by_person: bool) -> None:
        """What follows every change: the walk through the form, and rows get their identity."""
        if self._runner.grown != self._named:
            name_rows(self._environment.root, self._record, by_person)
        if self._walk.through():
            name_rows(self._environment.root, self._record, False)
        self._named = self._runner.grown

    # Changing

    def set(self, path: str, text: str) -> Outcome:
        """Gives the question at ``path`` the canonical ``text`` ("" empties it).

        Never raises for what a person typed.
        """
        self._runner.begin()
        node = self._node(path)
        if node is None or node.shape is None or node.shape.control is None or not node.shape.control.is_question:
            return Outcome("error", f"There is no question at {path}.")
        leaf = leaf_of(node)
        try:
            value = self._parse(node, text)
            if value is None and node.required:
                self._typed[leaf] = _Typed(
                    text, self._validity.required_message(node), "required" if not text else "type"
                )
                return Outcome("required", self._validity.required_message(node), frozenset((path_of(node),)))
            if value is not None and not self._validity.allowed(node, value):
                message = self._validity.constraint_message(node)
                self._typed[leaf] = _Typed(text, message, "constraint")
                return Outcome("constraint", message, frozenset((path_of(node),)))
        except XPathError as error:
            self._typed[leaf] = _Typed(text, str(error), "type")
            return Outcome("error", str(error), frozenset((path_of(node),)))
        if value is None and text:
            self._typed[leaf] = _Typed(text, "", "type")
        else:
            self._typed.pop(leaf, None)
        return self._change(lambda: self._put(node, value), node)

    def _put(self, node: TreeNode, value: Answer | None) -> None:
        if value is not None or node.value is not None:
            self._runner.put(node, value)

    def _parse(self, node: TreeNode, text: str) -> Answer | None:
        assert node.shape is not None
        if not text:
            return None
        value = parse(text, node.shape.type, self._environment.now, node.shape.choice_names)
        if value is not None and not value.text and node.shape.type == "choices":
            return None
        return value

    def _drop(self, node: TreeNode, text: str) -> None:
        """An answer the list no longer offers leaves the value but is kept as typed."""
        self._typed[leaf_of(node)] = _Typed(text, "This choice is not offered any more.", "type")

    def clear(self, path: str) -> Outcome:
        """Empties a question."""
        return self.set(path, "")

    def _change(self, action: Any, node: TreeNode | None = None) -> Outcome:
        """Runs one change; a rule that cannot be worked out becomes an error, what was done before it stays
        (JavaRosa)."""
        message = ""
        try:
            action()
            self._after(True)
        except XPathError as error:
            message = str(error)
            self._walk.everywhere = True
            name_rows(self._environment.root, self._record, True)
        if node is not None:
            self._runner.changed.add(node)
        return Outcome("error" if message else "ok", message, self._changed_paths())

    def add(self, path: str) -> str:
        """Adds a last row to a repeat and returns its path.

        Raises FormError: no such repeat, or the form decides its rows.
        """
        return self.add_row(path)[0]

    def add_row(self, path: str) -> tuple[str, Outcome]:
        """As ``add``, with what changed."""
        self._runner.begin()
        parent, control = self._repeat(path)
        try:
            allowed = not control.fixed and self._runner.row_allowed(parent, control.names, control)
        except XPathError as error:
            raise FormError(str(error)) from None
        if not allowed:
            raise FormError("A row cannot be added here.", do="The form decides how many rows there are.")
        outcome = self._change(lambda: self._runner.new_row(parent, control.names, self._preload))
        if outcome.status == "error":
            raise FormError(outcome.message)
        return path_of(parent.named(control.names[-1])[-1]), outcome

    def remove(self, path: str) -> Outcome:
        """Removes a row. Raises FormError when there is none at ``path``."""
        self._runner.begin()
        row = self._row(path)
        gone = leaf_of(row)
        for leaf in [leaf for leaf in self._typed if leaf.startswith(gone + "/")]:
            del self._typed[leaf]
        return self._change(lambda: self._runner.remove_row(row))

    def move(self, path: str, to: int) -> Outcome:
        """Moves a row to place ``to`` (from 1) among its rows. Raises FormError when there is no such row or place."""
        self._runner.begin()
        row = self._row(path)
        assert row.parent is not None and row.row is not None
        rows = row.parent.named(row.name)
        if not 1 <= to <= len(rows):
            raise FormError(f"There is no place {to} among {len(rows)} rows.")
        parent = row.parent
        parent.reorder(row, to - 1)
        before = rows[to - 2].row if to > 1 else None
        after = rows[to].row if to < len(rows) else None
        row.row.order = between(before.order if before else None, after.order if after else None)
        for sibling in rows:
            self._runner.changed.update(sibling.descendants())
        return self._change(self._runner.start)

    def set_language(self, language: str) -> None:
        """Shows texts in another of the form's languages."""
        self._texts.language = language

    # Looking

    def node(self, path: str) -> Node:
        """The leaf at an instance path. Raises KeyError when there is none."""
        node = self._node(path)
        if node is None:
            raise KeyError(path)
        return self._shown(node)

    def nodes(self) -> list[Node]:
        """Every childless element in document order, non-relevant ones included."""
        return [self._shown(node) for node in self._environment.root.descendants() if is_childless(node)]

    def children(self, path: str) -> list[Item]:
        """The children of a group or row; of a repeat (a path without a row number) its rows. Raises KeyError."""
        steps = parse_path(path)
        node = find(self._environment.root, steps)
        if node is None:
            parent, control = self._repeat(path)
            return [self._row_item(row) for row in parent.named(control.names[-1])]
        found = []
        for shape in node.shape.children.values() if node.shape is not None else ():
            if shape.repeat:
                found.append(self._repeat_item(node, shape.name, path_of(node)))
            else:
                found.extend(self._item(child) for child in node.named(shape.name))
        return found

    def _item(self, node: TreeNode) -> Item:
        question = self._question(node)
        if is_leaf(node):
            shown = self._shown(node)
            return Item(shown.path, question, "question", shown, 0, node.relevant, shown.label)
        return Item(path_of(node), question, "group", None, 0, node.relevant, self._label(node))

    def _repeat_item(self, parent: TreeNode, name: str, parent_path: str) -> Item:
        path = f"{parent_path}/{name}"
        rows = parent.named(name)
        question = self.form.question(path)
        control = self.form.model.controls[tuple(template_path(path).split("/")[1:])]
        try:
            relevant = self._runner.row_allowed(parent, control.names, control) or any(row.relevant for row in rows)
        except XPathError:
            relevant = True
        return Item(path, question, "repeat", None, len(rows), relevant, question.label)

    def _row_item(self, row: TreeNode) -> Item:
        return Item(path_of(row), self._question(row), "row", None, 0, row.relevant, self._label(row))

    def choices(self, path: str) -> list[Choice]:
        """The choices of a question now, filtered and in the current language.

        Raises KeyError; FormError for a broken filter.
        """
        node = self._node(path)
        if node is None or node.shape is None or node.shape.control is None:
            raise KeyError(path)
        try:
            return self._texts.choices(node.shape.control, node)
        except XPathError as error:
            raise FormError(f"The choices cannot be worked out: {error}") from None

    def problems(self, *, typed: bool = True) -> list[FormProblem]:
        """What stands between the record and being valid: relevant questions only, in document order.

        ``typed`` False leaves out what was typed and refused: the value kept beside it is what JavaRosa would judge.
        """
        found: list[FormProblem] = []
        for node in self._environment.root.descendants():
            if not is_leaf(node) or not node.relevant or node.shape is None or node.shape.control is None:
                continue
            problem = self._problem(node, typed)
            if problem is not None:
                found.append(problem)
        return found

    def _problem(self, node: TreeNode, with_typed: bool) -> FormProblem | None:
        path, typed = path_of(node), self._typed.get(leaf_of(node))
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
            for node in self._environment.root.descendants():
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

    # Content

    def answers(self) -> dict[str, Any]:
        found = collect(self._environment.root)
        if self._earlier:
            found["earlier"] = self._earlier
        return found

    @property
    def earlier(self) -> dict[str, Any]:
        """Answers that have no question in this form (record.md: ``earlier``)."""
        return self._earlier

    def typed(self) -> dict[str, str]:
        return {leaf: kept.raw for leaf, kept in self._typed.items()}

    def aside(self) -> list[str]:
        """Leaf paths of answers hidden by relevance."""
        return [
            leaf_of(node)
            for node in self._environment.root.descendants()
            if is_leaf(node) and not node.relevant and entered(node) and node.value is not None and node.value.text
        ]

    def derived(self) -> dict[str, str]:
        """What the form works out, for readers: relevant calculations and preloads by leaf path, and
        ``instance_name``."""
        found = {
            leaf_of(node): node.value.text
            for node in self._environment.root.descendants()
            if is_leaf(node) and node.relevant and not entered(node) and node.value is not None and node.value.text
        }
        name = self.instance_name()
        if name:
            found["instance_name"] = name
        return found

    def instance_name(self) -> str:
        path = self.form.instance_name_path
        node = self._node(path) if path else None
        return node.value.text if node is not None and node.value is not None and node.relevant else ""

    def snapshot(self) -> Snapshot:
        return Snapshot(_copied(self.answers()), self.typed(), self.aside(), self.derived())

    def submission_xml(self) -> bytes:
        """The record as an ODK submission: non-relevant nodes left out."""
        self._finish()
        return submission(self.form, self._environment.root)

    def _finish(self) -> None:
        try:
            self._runner.fire_top("xforms-revalidate")
        except XPathError:
            # A last action that fails leaves its target as it was; the record must still be handed on.
            self._runner.begin()
        stamp_end(self._environment.root, self._environment)

    @property
    def evaluations(self) -> int:
        """Expressions worked out so far."""
        return self._runner.evaluations

    # Inside

    def _node(self, path: str) -> TreeNode | None:
        node = find(self._environment.root, parse_path(path))
        return node if node is not None and is_leaf(node) else None

    def _row(self, path: str) -> TreeNode:
        node = find(self._environment.root, parse_path(path))
        if node is None or node.shape is None or not node.shape.repeat or node.parent is None:
            raise FormError(f"There is no row at {path}.")
        return node

    def _repeat(self, path: str) -> tuple[TreeNode, Control]:
        """The parent and control of a repeat named without (or with any) row number."""
        steps = parse_path(path)
        parent = find(self._environment.root, steps[:-1]) if steps else None
        if parent is not None and parent.shape is not None:
            shape = parent.shape.children.get(steps[-1][0])
            if shape is not None and shape.repeat:
                return parent, self.form.model.controls[shape.names]
        raise FormError(f"There is no repeat at {path}.")

    def _question(self, node: TreeNode) -> Question:
        assert node.shape is not None
        return self.form.question(node.shape.path)

    def _label(self, node: TreeNode) -> str:
        control = self.form.group_control(node.shape.names) if node.shape is not None else None
        return self._texts.text(control.label, control.label_id, node) if control is not None else ""

    def _shown(self, node: TreeNode) -> Node:
        shape = node.shape
        assert shape is not None
        control, leaf = shape.control, leaf_of(node)
        typed = self._typed.get(leaf)
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

    def _changed_paths(self) -> frozenset[str]:
        """The nodes a change touched and the questions whose texts or choices look at them."""
        touched = {node for node in self._runner.changed if is_attached(node, self._environment.root)}
        watching = self.form.model.watchers
        if watching:
            for node in list(touched):
                for names in watching.get(node.names(), ()):
                    touched.update(self._runner.expand(names, place_of(node)))
        return frozenset(path_of(node) for node in touched)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


__all__ = ["FormProblem", "FormSession", "Item", "Node", "Outcome", "RuleError", "Snapshot"]
