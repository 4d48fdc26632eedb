"""The form's own instance: the shape of every node, what a new record starts with, and the template of each repeat row.

ODK XForms spec, "Repeats": a ``jr:template`` is never shown; without one the first row of the form is the template,
without
its values and the rows of repeats inside it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from desktop_app.errors import FormError

from .binds import JAVAROSA
from .shape import Blueprint, Names, Shape
from .xmlread import local, own_text
from .xpath.numbers import java_trim

if TYPE_CHECKING:
    from lxml import etree

MAX_NODES = 20_000


class Primary:
    """``start`` is the blueprint of a new record, ``shapes`` every node by generic path."""

    def __init__(self, element: etree._Element, repeats: Collection[Names], sources: Collection[Names] = ()) -> None:
        """``sources``: nodes that choices come from, which no row is made with unless a template says so (JavaRosa)."""
        self._repeats = frozenset(repeats)
        self._sources = frozenset(sources)
        self.shapes: dict[Names, Shape] = {}
        self.attribute_names: dict[Names, str] = {}
        self._templates: dict[Names, etree._Element] = {}
        self._count = 0
        name = local(element)
        self.root = self._shape_tree(element, None, (name,))
        for names in sorted(self._repeats, key=len):
            if names in self.shapes:
                self.shapes[names].repeat = True
        self.start = self._blueprint(element, self.root)
        self._find_templates(element, (name,), True)
        for names in sorted(self._repeats, key=len):
            self._make_template(names)

    def _shape_tree(self, element: etree._Element, parent: Shape | None, names: Names) -> Shape:
        self._count += 1
        if self._count > MAX_NODES:
            raise FormError(f"The form has more than {MAX_NODES:,} nodes.", do="Split it into several forms.")
        shape = self.shapes.get(names)
        if shape is None:
            shape = Shape(names[-1], names, parent)
            self.shapes[names] = shape
            if parent is not None:
                parent.children[shape.name] = shape
        for key in element.attrib:
            if not str(key).startswith(JAVAROSA):
                # Not a child of its node: attributes are never shown, but rules and actions may set them (entities).
                own = (*names, f"@{str(key).rpartition('}')[2]}")
                self.shapes.setdefault(own, Shape(own[-1], own, shape))
                self.attribute_names[own] = str(key)
        for child in element:
            self._shape_tree(child, shape, (*names, local(child)))
        return shape

    def _blueprint(self, element: etree._Element, shape: Shape) -> Blueprint:
        """The element without the templates inside it."""
        children = [
            self._blueprint(child, shape.children[local(child)]) for child in element if not _is_template(child)
        ]
        text = "" if len(element) else java_trim(own_text(element))
        attributes = {
            str(key): str(value) for key, value in element.attrib.items() if not str(key).startswith(JAVAROSA)
        }
        return Blueprint(shape, text or None, attributes, children)

    def _find_templates(self, element: etree._Element, names: Names, allowed: bool) -> None:
        seen: set[str] = set()
        for child in element:
            child_names = (*names, local(child))
            template = _is_template(child)
            if template:
                if local(child) in seen:
                    raise FormError(f"/{'/'.join(child_names)} has two templates.", do="Keep one of them.")
                seen.add(local(child))
                if not allowed or child_names not in self._repeats:
                    # JavaRosa drops such a template and then fails over its values.
                    raise FormError(
                        f"/{'/'.join(child_names)} is a template where there can be none.", do="Compile the form again."
                    )
                self._templates.setdefault(child_names, child)
            ordinary_row = child_names in self._repeats and not template
            self._find_templates(child, child_names, allowed and not ordinary_row)

    def _make_template(self, names: Names) -> None:
        shape = self.shapes.get(names)
        if shape is None:
            return
        explicit = self._templates.get(names)
        if explicit is not None:
            shape.template = self._blueprint(explicit, shape)
            return
        first = _first(self.start, names)
        if first is not None:
            shape.template = _without_repeats(first, self._sources)


def _is_template(element: etree._Element) -> bool:
    return element.get(JAVAROSA + "template") is not None


def _first(start: Blueprint, names: Names) -> Blueprint | None:
    """The first blueprint at a generic path, in document order."""
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here.shape.names == names:
            return here
        if here.shape.names == names[: len(here.shape.names)]:
            waiting.extend(reversed(here.children))
    return None


def _without_repeats(blueprint: Blueprint, sources: Collection[Names]) -> Blueprint:
    """A row as a template: without rows of repeats inside it and, as JavaRosa makes it before it reads values,
    empty."""
    kept = [
        _without_repeats(child, sources)
        for child in blueprint.children
        if not child.shape.repeat and child.shape.names not in sources
    ]
    return Blueprint(blueprint.shape, None, blueprint.attributes, kept)
