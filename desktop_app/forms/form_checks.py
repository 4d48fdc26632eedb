"""What JavaRosa refuses in the structure of a form: controls without nodes, repeats that do not nest, lists
that are not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from desktop_app.errors import FormError

from .body import Body
from .node import Node
from .primary import Primary
from .references import resolve, shown
from .shape import Action, Blueprint, Control, Itemset, Names
from .xpath.tree import Expression, Path


def check_structure(primary: Primary, body: Body, actions: list[Action]) -> None:
    """Raises FormError for the first thing wrong."""
    repeats = {*body.repeats, *choice_sources(body.top)}
    for names in repeats:
        if len(names) <= 1:
            raise FormError("A repeat of the form is tied to its root.", do="Give the repeat a node of its own.")
    missing = [control for control in _all(body.top) if control.names not in primary.shapes]
    if missing:
        raise FormError(
            f"{shown(missing[0].names)}: a question, group or repeat is tied to a node that does not exist.",
            do="Compile the form again.",
        )
    _check_members(body.top, (), repeats)
    for target in [*(action.target for action in actions), *body.action_targets]:
        if target not in primary.shapes:
            raise FormError(f"{shown(target)}: an action sets a node that does not exist.", do="Correct the action.")
    _check_defaults(primary.start)
    for control in _all(body.top):
        if control.itemset is not None:
            _check_itemset(control, primary, repeats)
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


def choice_sources(controls: list[Control]) -> set[Names]:
    """The nodes of the record that choices come from or are copied to: JavaRosa takes them for repeats."""
    found: set[Names] = set()
    for control in _all(controls):
        itemset = control.itemset
        if itemset is None or not isinstance(itemset.nodes, Path):
            continue
        if itemset.instance is None:
            nodes = resolve(itemset.nodes, control.names, shown(control.names))
            if "*" not in nodes:
                found.add(nodes)
        if itemset.copy_path is not None:
            found.add(_copied_to(control, itemset))
    return found


def _copied_to(control: Control, itemset: Itemset) -> Names:
    assert isinstance(itemset.nodes, Path)
    where = shown(control.names)
    nodes = resolve(itemset.nodes, control.names, where)
    copied = itemset.copy_path
    if not isinstance(copied, Path):
        raise FormError(f"{where}: what its choices copy is not a path.", do="Correct the list of choices.")
    return (*control.names, resolve(copied, nodes, where)[-1])


def _check_itemset(control: Control, primary: Primary, repeats: Collection[Names]) -> None:
    itemset = control.itemset
    assert itemset is not None
    where = shown(control.names)
    wrong = FormError(f"{where}: its choices do not lie in the list they come from.", do="Correct the list of choices.")
    paths = [("name", itemset.value_path), ("label", itemset.label_path)]
    for text, path in paths:
        if path is not None and not isinstance(path, Path):
            raise FormError(f"{where}: the {text} of its choices is not a path.", do="Correct the list of choices.")
    assert isinstance(itemset.nodes, Path)
    nodes = resolve(itemset.nodes, control.names, where)
    inner = [resolve(path, nodes, where) for _, path in paths if isinstance(path, Path)]
    if any(names[: len(nodes)] != nodes for names in inner):
        raise wrong
    if itemset.copy_path is not None:
        _check_copy(control, itemset, primary, nodes, inner)
    elif control.names in repeats:
        raise FormError(f"{where}: a question with choices is tied to a repeat.", do="Give it a node of its own.")
    if itemset.instance is not None or "*" in nodes:
        return
    for names in inner:
        if names not in primary.shapes:
            raise FormError(
                f"{where}: its choices come from {shown(names)}, which does not exist.",
                do="Correct the list of choices.",
            )


def _check_copy(control: Control, itemset: Itemset, primary: Primary, nodes: Names, inner: list[Names]) -> None:
    """Choices that are copied (<copy>) need a repeat to be copied to; nothing else may be chosen by copying."""
    where = shown(control.names)
    assert isinstance(itemset.copy_path, Path)
    copied = resolve(itemset.copy_path, nodes, where)
    names = inner[0] if itemset.value_path is not None else copied
    if copied[: len(nodes)] != nodes or names[: len(copied)] != copied:
        raise FormError(f"{where}: what its choices copy does not hold them.", do="Correct the list of choices.")
    if _copied_to(control, itemset) not in primary.shapes:
        raise FormError(
            f"{where}: its choices are copied, but there is no repeat to copy them to.",
            do="Let the list name values instead of copies.",
        )


def _check_count(control: Control, primary: Primary) -> None:
    if control.count is not None and control.count not in primary.shapes:
        raise FormError(
            f"{shown(control.names)}: its count {shown(control.count)} does not exist.", do="Correct the repeat count."
        )


def check_lists(controls: list[Control], instances: Mapping[str, Node], external: Collection[str]) -> None:
    """A list must be there, with the columns its questions use; a file may be missing or hold no rows.

    Raises FormError.
    """
    for control in _all(controls):
        itemset = control.itemset
        if itemset is None or itemset.instance is None:
            continue
        root = instances.get(itemset.instance)
        if root is None:
            raise FormError(
                f"{shown(control.names)}: there is no list “{itemset.instance}”.", do="Add the list to the form."
            )
        if itemset.instance in external and not root.children:
            continue
        for text, path in (("name", itemset.value_path), ("label", itemset.label_path)):
            if path is not None and not _column(root, itemset.nodes, path):
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
