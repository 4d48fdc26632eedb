"""A record written as an ODK submission (ODK XForms spec): the instance without what is not relevant."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .definition import FormDefinition
from .node import Node

if TYPE_CHECKING:
    from lxml import etree


def submission(form: FormDefinition, root: Node) -> bytes:
    """UTF-8 XML with the form's prefixes; the namespace of XForms itself is left out, as Collect does."""
    from lxml import etree

    element = _element(form, root, None, itertools.count())
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8"))


def _element(form: FormDefinition, node: Node, parent: etree._Element | None, made_up: Iterator[int]) -> etree._Element:
    """``made_up`` numbers the prefixes of namespaces the form declares inside its instance, as JavaRosa's do."""
    from lxml import etree

    names = node.shape.names if node.shape is not None else (node.name,)
    uri = form.model.meta_namespaces.get(names, form.model.namespace)
    tag = f"{{{uri}}}{node.name}" if uri else node.name
    if parent is None:
        prefixes: dict[str | None, str] = dict(form.model.namespaces.items())
        if uri:
            prefixes[None] = uri
        made = etree.Element(tag, nsmap=prefixes)  # type: ignore[arg-type]
    else:
        declared = not uri or uri in parent.nsmap.values()
        made = etree.SubElement(parent, tag, nsmap={} if declared else {f"n{next(made_up)}": uri})
    for name, attribute in (node.attributes or {}).items():
        key = form.model.attribute_names.get((*names, f"@{name}"), name)
        made.set(key, _allowed(attribute.value.text) if attribute.value is not None else "")
    if node.children:
        for child in node.children:
            if child.relevant:
                _element(form, child, made, made_up)
    elif node.value is not None:
        made.text = _allowed(node.value.text)
    return made


def _allowed(text: str) -> str:
    """Characters XML cannot hold are dropped."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )
