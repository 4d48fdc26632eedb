"""Reads XML that strangers wrote: size, nesting, entities and document types are checked before anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_app.errors import FormError

if TYPE_CHECKING:
    from lxml import etree

MAX_BYTES = 5_000_000
# No element of a form needs more; sorting them for the form's identity takes the square of their number.
MAX_ATTRIBUTES = 500
_DOCTYPE = re.compile(
    rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)", re.IGNORECASE
)
_ENCODING = re.compile(rb"^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


def read_xml(data: bytes, what: str = "The form") -> etree._Element:
    """The root element. Raises FormError: too large, a document type (entities), or not well-formed."""
    from lxml import etree

    if len(data) > MAX_BYTES:
        raise FormError(f"{what} is larger than 5 MB.", do="Move long lists of choices to CSV files, or split it.")
    encoding = _ENCODING.match(data)
    if encoding and encoding[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"utf8"):
        raise FormError(f"{what} is written in an unusual character encoding.", do="Save it as UTF-8.")
    if _DOCTYPE.search(data):
        raise _declares(what)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise FormError(
            f"{what} is not well-formed XML (line {line}).", do="Compile it again from its spreadsheet."
        ) from None
    except ValueError:
        raise FormError(f"{what} is not XML.", do="Compile it again from its spreadsheet.") from None
    if root.getroottree().docinfo.internalDTD is not None:  # written so that the search above did not see it
        raise _declares(what)
    if any(len(element.attrib) > MAX_ATTRIBUTES or len(element.nsmap) > MAX_ATTRIBUTES for element in _crowded(root)):
        raise FormError(f"{what} has an element with more than {MAX_ATTRIBUTES} attributes.", do="Compile it again.")
    return root


def _declares(what: str) -> FormError:
    return FormError(
        f"{what} declares a document type or entities, which forms never need.",
        do="Remove the <!DOCTYPE …> part, or compile the form again.",
    )


def _crowded(root: etree._Element) -> Iterator[etree._Element]:
    """The elements that may have too many attributes, told quickly."""
    yield root
    yield from (element for element in root.iter() if len(element.attrib) > MAX_ATTRIBUTES)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return _without_namespace(element.tag)


@lru_cache(maxsize=4096)
def _without_namespace(tag: object) -> str:
    # A form of many thousand elements has a few dozen names.
    return str(tag).rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    return str(element.tag)[1:].partition("}")[0] if str(element.tag).startswith("{") else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its local name, without a namespace first."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, found in element.attrib.items():
        if str(key).rpartition("}")[2] == name and str(key).startswith("{"):
            return str(found)
    return None


def own_text(element: etree._Element) -> str:
    """The text of an element up to its first child and between its children."""
    return (element.text or "") + "".join(child.tail or "" for child in element)
