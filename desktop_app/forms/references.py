"""References from the form's own elements (binds, controls, actions) to its nodes, as generic paths."""

from __future__ import annotations

from desktop_app.errors import FormError

from .shape import Names
from .xpath.errors import XPathSyntaxError
from .xpath.parser import parse
from .xpath.tree import Expression, Path, Step


def expression(text: str, where: str, rule: str) -> Expression:
    """The tree of one rule. Raises FormError naming the place and the rule."""
    try:
        return parse(text)
    except XPathSyntaxError as error:
        raise FormError(
            f"{where}: the {rule} “{_short(text)}” cannot be read. {error}", do=f"Correct the {rule}."
        ) from None


def names_of(text: str, base: Names, what: str) -> Names:
    """The generic path a reference means from ``base``. Raises FormError when it is no plain path."""
    path = expression(text, what, "reference")
    if not isinstance(path, Path) or path.start == "instance":
        raise FormError(f"{what}: “{_short(text)}” is not a path to a node of the form.", do="Correct the reference.")
    names = resolve(path, base, what)
    # The root is the root, whatever a path from it calls it (JavaRosa).
    return (base[0], *names[1:]) if path.start == "root" and base else names


def resolve(path: Path, base: Names, what: str) -> Names:
    if path.start in ("root", "instance"):
        return tuple(step_name(step) for step in path.steps)
    if path.up > len(base):
        raise FormError(f"{what}: a path goes above the root of the form.", do="Correct the reference.")
    return (*base[: len(base) - path.up], *(step_name(step) for step in path.steps))


def step_name(step: Step) -> str:
    """The name of a step in a generic path; an attribute begins with @."""
    return f"@{step.name}" if step.attribute else step.name


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "…"


def shown(names: Names) -> str:
    return "/" + "/".join(names)
