"""What JavaRosa refuses in the structure of a form: controls without nodes, repeats that do not nest, lists
that are not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from desktop_app.errors import FormError

from .body import Body
from .node import Node
from .primary import Primary
from .references import resolve, shown
from .shape import Action, Blueprint, Control, Names
from .xpath.tree import Expression, Path


def check_structure(primary: Primary, body: Body, actions: list[Action]) -> None:
    """Raises FormError for the first thing wrong."""
    for names in body.repeats:
        if len(names) <= 1:
            raise FormError("A repeat of the form is tied to its root.", do="Give the repeat a node of its own.")
    missing = [control for control in _all(body.top) if control.names not in primary.shapes]
    if missing:
        raise FormError(
            f"{shown(missing[0].names)}: a question, group or repeat is tied to a node that does not exist.",
            do="Compile the form again.",
        )
    _check_members(body.top, (), set(body.repeats))
    for target in [*(action.target for action in actions), *body.action_targets]:
        if target not in primary.shapes:
            raise FormError(f"{shown(target)}: an action sets a node that does not exist.", do="Correct the action.")
    _check_defaults(primary.start)
    for control in _all(body.top):
        if control.itemset is not None:
            _check_itemset(control, primary)
        if control.count is not None:
            _check_count(control, primary)


def _check_defaults(start: Blueprint) -> None:
    """A selection that begins with a choice needs the question the choice is from (JavaRosa)."""
    waiting = [start]
    while waiting:
        here = waiting.pop()
        waiting.extend(here.children)
        shape = here.shape
        if here.default and shape.type in ("choice", "choices") and shape.control is None:
            raise FormError(f"{shape.path} begins with a choice of no question.", do="Remove its default.")


def _all(controls: list[Control]) -> list[Control]:
    found: list[Control] = []
    waiting = list(reversed(controls))
    while waiting:
        here = waiting.pop()
        found.append(here)
        waiting.extend(reversed(here.children))
    return found


def _check_members(controls: list[Control], repeat: Names, repeats: set[Names]) -> None:
    for control in (_collapsed(control) for control in controls):
        names = control.names
        is_repeat = control.tag == "repeat"
        if names[: len(repeat)] != repeat:
            raise FormError(
                f"{shown(names)} is shown inside the repeat {shown(repeat)} but is not a part of it.",
                do="Move it out of the repeat.",
            )
        if is_repeat and names == repeat:
            raise FormError(f"{shown(names)}: a repeat is inside itself.", do="Remove one of them.")
        for depth in range(len(repeat) + 1, len(names) + 1):
            between = names[:depth]
            if between in repeats and not (depth == len(names) and is_repeat):
                raise FormError(
                    f"{shown(names)} belongs to the repeat {shown(between)} but is shown outside it.",
                    do="Move it into the repeat.",
                )
        _check_members(control.children, names if is_repeat else repeat, repeats)


def _collapsed(control: Control) -> Control:
    """A group around a single repeat counts as that repeat (JavaRosa)."""
    if control.tag == "group" and len(control.children) == 1 and control.children[0].tag == "repeat":
        return control.children[0]
    return control


def _check_itemset(control: Control, primary: Primary) -> None:
    itemset = control.itemset
    assert itemset is not None
    for text, path in (("name", itemset.value_path), ("label", itemset.label_path)):
        if not isinstance(path, Path):
            raise FormError(
                f"{shown(control.names)}: the {text} of its choices is not a path.", do="Correct the list of choices."
            )
    if itemset.instance is not None or not isinstance(itemset.nodes, Path):
        return
    nodes = resolve(itemset.nodes, control.names, shown(control.names))
    if "*" in nodes:
        return
    for path in (itemset.value_path, itemset.label_path):
        assert isinstance(path, Path)
        inner = resolve(path, nodes, shown(control.names))
        if inner[: len(nodes)] != nodes or inner not in primary.shapes:
            raise FormError(
                f"{shown(control.names)}: its choices come from {shown(inner)}, which does not exist.",
                do="Correct the list of choices.",
            )


def _check_count(control: Control, primary: Primary) -> None:
    if control.count is not None and control.count not in primary.shapes:
        raise FormError(
            f"{shown(control.names)}: its count {shown(control.count)} does not exist.", do="Correct the repeat count."
        )


def check_lists(controls: list[Control], instances: Mapping[str, Node], external: Collection[str]) -> None:
    """A list written in the form must be there, with the columns its questions use. Raises FormError."""
    for control in _all(controls):
        itemset = control.itemset
        if itemset is None or itemset.instance is None or itemset.instance in external:
            continue
        root = instances.get(itemset.instance)
        if root is None:
            raise FormError(
                f"{shown(control.names)}: there is no list “{itemset.instance}”.", do="Add the list to the form."
            )
        for text, path in (("name", itemset.value_path), ("label", itemset.label_path)):
            if not _column(root, itemset.nodes, path):
                raise FormError(
                    f"{shown(control.names)}: the list “{itemset.instance}” has no {text} for its choices.",
                    do="Correct the list.",
                )


def _column(root: Node, nodes: Expression, path: Expression) -> bool:
    """Whether the first row of a list has the column (JavaRosa looks at no other row)."""
    assert isinstance(nodes, Path) and isinstance(path, Path)
    here = root
    for step in (*nodes.steps[1:], *path.steps):
        if step.attribute:
            return step.name in (here.attributes or {})
        found = here.children if step.name == "*" else here.named(step.name)
        if not found:
            return False
        here = found[0]
    return True
