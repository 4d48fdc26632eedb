"""Small forms written in the tests."""

from __future__ import annotations

from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.xform import load_xform

NAMESPACES = (
    'xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:be="urn:branch-evidence:1" xmlns:orx="http://openrosa.org/xforms"'
)


def xml(instance: str, model: str = "", body: str = "") -> bytes:
    """An XForm with this instance, these binds and this body."""
    return (
        f"<h:html {NAMESPACES}><h:head><h:title>Small</h:title><model>"
        f'<instance><data id="small" version="1">{instance}</data></instance>{model}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    ).encode()


def form(instance: str, model: str = "", body: str = "") -> FormDefinition:
    return load_xform(xml(instance, model, body))


def inputs(*names: str) -> str:
    return "".join(f'<input ref="/data/{name}"><label>{name}</label></input>' for name in names)


def repeat(name: str, *fields: str, attributes: str = "") -> str:
    inside = inputs(*(f"{name}/{field}" for field in fields))
    return (
        f'<group ref="/data/{name}"><label>{name}</label>'
        f'<repeat nodeset="/data/{name}" {attributes}>{inside}</repeat></group>'
    )
