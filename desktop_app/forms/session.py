"""Filling one record: values in, outcomes and changes out, exactly as JavaRosa behaves; nothing a person typed is lost.

What the engine refuses or cannot read as a value stays in ``typed`` (record.md): shown in the editor, listed as a
doubt,
ignored by calculations.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any

from desktop_app.errors import FormError

from .definition import Choice, FormDefinition
from .instance_view import InstanceView
from .instances import from_element
from .node import Node as TreeNode
from .paths import leaf_at, repeat_at, row_at
from .places import leaf_of, path_of
from .preloads import preload, stamp_end
from .record_answers import Filler, collect, empty, name_rows, put_aside, worked_out
from .revalidation import Revalidation
from .row_order import between
from .runner import Runner
from .shown_texts import ShownTexts
from .submission import submission
from .typed import TypedAnswers
from .validity import Validity
from .values import Answer, parse
from .views import FormProblem, Item, Node, Outcome, Row, Snapshot
from .walk import Walk
from .xmlread import read_xml
from .xpath.context import Environment
from .xpath.errors import XPathError


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
        self._typed = TypedAnswers()
        self._view = InstanceView(form, self._runner, self._texts, self._typed)
        self._revalidation = Revalidation(self._runner, self._texts, self._validity, self._typed, self._walk)
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
            self._typed.keep(leaf, raw)
        self._runner.begin()

    def _begin(self, fresh: bool, answers: Mapping[str, Any]) -> None:
        runner = self._runner
        root = self._environment.root = runner.grow(self.form.model.start)
        if fresh:
            self._preload(root)
        if answers:
            filler = Filler(runner, self._record)
            if not fresh:
                empty(root)
            filler.fill(root, answers)
            self._earlier = filler.earlier
            for leaf, raw in filler.unreadable.items():
                self._typed.keep(leaf, raw)
            if not fresh:
                self._preload(root, only_uid=True)
        if fresh:
            for event in ("odk-instance-first-load", "xforms-ready"):
                runner.actions.fire_everywhere(event)
        runner.actions.fire_everywhere("odk-instance-load")
        runner.start()
        self._after(False)

    def _preload(self, root: TreeNode, only_uid: bool = False) -> None:
        preload(root, self._environment, self._record, only_uid)

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
        node = leaf_at(self._environment.root, path)
        if node is None or node.shape is None or node.shape.control is None or not node.shape.control.is_question:
            return Outcome("error", f"There is no question at {path}.")
        leaf = leaf_of(node)
        try:
            value = self._parse(node, text)
            if value is None and node.required:
                self._typed.keep(leaf, text, self._validity.required_message(node), "type" if text else "required")
                return Outcome("required", self._validity.required_message(node), frozenset((path_of(node),)))
            if value is not None and not self._validity.allowed(node, value):
                message = self._validity.constraint_message(node)
                self._typed.keep(leaf, text, message, "constraint")
                return Outcome("constraint", message, frozenset((path_of(node),)))
        except XPathError as error:
            self._typed.keep(leaf, text, str(error))
            return Outcome("error", str(error), frozenset((path_of(node),)))
        if value is None and text:
            self._typed.keep(leaf, text)
        else:
            self._typed.forget(leaf)
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
        self._typed.keep(leaf_of(node), text, "This choice is not offered any more.")

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
        return Outcome("error" if message else "ok", message, self._view.changed())

    def add(self, path: str) -> str:
        """Adds a last row to a repeat and returns its path.

        Raises FormError: no such repeat, or the form decides its rows.
        """
        return self.add_row(path)[0]

    def add_row(self, path: str) -> tuple[str, Outcome]:
        """As ``add``, with what changed."""
        self._runner.begin()
        parent, control = repeat_at(self._environment.root, self.form.model.controls, path)
        try:
            allowed = not control.fixed and self._runner.repeats.allowed(parent, control.names, control)
        except XPathError as error:
            raise FormError(str(error)) from None
        if not allowed:
            raise FormError("A row cannot be added here.", do="The form decides how many rows there are.")
        outcome = self._change(lambda: self._runner.repeats.add(parent, control.names, self._preload))
        if outcome.status == "error":
            raise FormError(outcome.message)
        return path_of(parent.named(control.names[-1])[-1]), outcome

    def remove(self, path: str) -> Outcome:
        """Removes a row. Raises FormError when there is none at ``path``."""
        self._runner.begin()
        row = row_at(self._environment.root, path)
        self._typed.forget_row(leaf_of(row))
        return self._change(lambda: self._runner.repeats.remove(row))

    def move(self, path: str, to: int) -> Outcome:
        """Moves a row to place ``to`` (from 1) among its rows. Raises FormError when there is no such row or place."""
        self._runner.begin()
        row = row_at(self._environment.root, path)
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
        return self._view.node(path)

    def nodes(self) -> list[Node]:
        """Every childless element in document order, non-relevant ones included."""
        return self._view.nodes()

    def children(self, path: str) -> list[Item]:
        """The children of a group or row; of a repeat (a path without a row number) its rows. Raises KeyError."""
        return self._view.children(path)

    def rows(self, path: str) -> list[Row]:
        """The rows of a repeat with what their own questions hold, many of them quickly. Raises FormError."""
        return self._view.rows(path)

    def filled(self, path: str) -> int:
        """How many rows of a repeat hold an answer that is asked for now. Raises FormError."""
        return self._view.filled(path)

    def unanswered(self, among: Container[str] = ()) -> list[Node]:
        """What is asked and holds nothing, and either must be answered or is of these questions (their paths)."""
        return self._view.unanswered(among)

    def choices(self, path: str) -> list[Choice]:
        """The choices of a question now, filtered and in the current language.

        Raises KeyError; FormError for a broken filter.
        """
        return self._view.choices(path)

    def problems(self, *, typed: bool = True) -> list[FormProblem]:
        """What stands between the record and being valid: relevant questions only, in document order.

        ``typed`` False leaves out what was typed and refused: the value kept beside it is what JavaRosa would judge.
        """
        return self._revalidation.problems(typed=typed)

    def valid(self) -> bool:
        """Whether JavaRosa would take the record as it stands. Changes nothing."""
        return self._revalidation.valid()

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
        return dict(self._typed)

    def aside(self) -> list[str]:
        """Leaf paths of answers hidden by relevance."""
        return put_aside(self._environment.root)

    def derived(self) -> dict[str, str]:
        """What the form works out, for readers: relevant calculations and preloads by leaf path, and
        ``instance_name``."""
        found = worked_out(self._environment.root)
        name = self.instance_name()
        if name:
            found["instance_name"] = name
        return found

    def instance_name(self) -> str:
        path = self.form.instance_name_path
        node = leaf_at(self._environment.root, path) if path else None
        return node.value.text if node is not None and node.value is not None and node.relevant else ""

    def snapshot(self) -> Snapshot:
        return Snapshot(_copied(self.answers()), self.typed(), self.aside(), self.derived())

    def submission_xml(self) -> bytes:
        """The record as an ODK submission: non-relevant nodes left out."""
        self._finish()
        return submission(self.form, self._environment.root)

    def _finish(self) -> None:
        try:
            self._runner.actions.fire_everywhere("xforms-revalidate")
        except XPathError:
            # A last action that fails leaves its target as it was; the record must still be handed on.
            self._runner.begin()
        stamp_end(self._environment.root, self._environment)

    @property
    def evaluations(self) -> int:
        """Expressions worked out so far."""
        return self._runner.evaluations


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


__all__ = ["FormProblem", "FormSession", "Item", "Node", "Outcome", "Snapshot"]
