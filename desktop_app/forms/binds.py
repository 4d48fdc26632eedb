"""Reads the model: binds with their rules, and setvalue actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from desktop_app.errors import FormError

from .definition import BE_NAMESPACE
from .dependencies import triggers
from .references import expression, names_of, shown
from .shape import Action, Bind, Names, Rule, RuleKind
from .values import data_type
from .xmlread import attribute, local, namespace
from .xpath.errors import XPathError
from .xpath.tree import Expression, Path, Text

if TYPE_CHECKING:
    from lxml import etree

ODK = "http://www.opendatakit.org/xforms"
JAVAROSA = "{http://openrosa.org/javarosa}"
EVENTS = {
    "odk-instance-first-load", "odk-instance-load", "xforms-ready", "odk-new-repeat", "jr-insert",
    "xforms-value-changed", "xforms-revalidate",
}  # fmt: skip
TOP_EVENTS = {"odk-instance-first-load", "odk-instance-load", "xforms-ready", "xforms-revalidate"}
_LOADED = {"odk-instance-first-load", "odk-instance-load", "xforms-ready"}
ACTION_TAGS = ("setvalue", "setgeopoint", "recordaudio")
_CONDITIONS: tuple[RuleKind, ...] = ("relevant", "required", "readonly")


class Binds:
    """The binds of a form by path and by id, and all their rules in the order written."""

    def __init__(self) -> None:
        self.by_names: dict[Names, Bind] = {}
        self.by_id: dict[str, Names] = {}
        self.rules: list[Rule] = []

    def read(self, element: etree._Element, root: Names) -> None:
        """One <bind>. Raises FormError."""
        nodeset = element.get("nodeset")
        if nodeset is None:
            raise FormError(
                "A rule (<bind>) in the form does not say which node it is for.", do="Compile the form again."
            )
        names = names_of(str(nodeset), root, "A rule of the form")
        where = shown(names)
        bind = self.by_names.setdefault(names, Bind(names))
        bind_id = element.get("id")
        if bind_id is not None:
            if bind_id in self.by_id:
                raise FormError(f"Two rules of the form have the id “{bind_id}”.", do="Give one of them another id.")
            self.by_id[str(bind_id)] = names
        bind.type = data_type(element.get("type"))
        for kind in _CONDITIONS:
            self._condition(bind, kind, element.get(kind), where)
        constraint = element.get("constraint")
        if constraint is not None:
            bind.constraint = expression(str(constraint), where, "constraint")
            bind.constraint_message = str(element.get(JAVAROSA + "constraintMsg") or "")
        bind.required_message = str(element.get(JAVAROSA + "requiredMsg") or "")
        calculate = element.get("calculate")
        if calculate is not None:
            self._rule(bind, "calculate", str(calculate), where)
        bind.preload = element.get(JAVAROSA + "preload")
        bind.preload_params = str(element.get(JAVAROSA + "preloadParams") or "")
        for key, value in element.attrib.items():
            if str(key).startswith("{" + BE_NAMESPACE + "}"):
                bind.be[str(key).rpartition("}")[2]] = str(value)

    def _condition(self, bind: Bind, kind: RuleKind, written: str | None, where: str) -> None:
        static = {"relevant": True, "required": False, "readonly": False}[kind]
        if written is not None and written not in ("true()", "false()"):
            self._rule(bind, kind, str(written), where)
            return
        if written is not None:
            static = written == "true()"
        setattr(bind, kind, static)

    def _rule(self, bind: Bind, kind: RuleKind, written: str, where: str) -> None:
        called = {"calculate": "calculation"}.get(kind, kind)
        tree = expression(written, where, called)
        bind.rules[kind] = tree
        try:
            looked_at = triggers(tree, bind.names)
        except XPathError as error:
            raise FormError(f"{where}: the {called}: {error}", do=f"Correct the {called}.") from None
        self.rules.append(Rule(kind, (bind.names,), tree, looked_at, bind.names, bind.names))


def read_action(element: etree._Element, by_id: Mapping[str, Names], inside: bool) -> Action:
    """One action. Raises FormError: unknown event, no target, an event that belongs elsewhere.

    What a laptop cannot do, finding its place (odk:setgeopoint) and recording (odk:recordaudio), never happens.
    """
    events = tuple((element.get("event") or attribute(element, "event") or "").split(" "))
    unknown = [event for event in events if event not in EVENTS]
    if unknown:
        raise FormError(
            f"An action waits for “{' '.join(unknown)}”, which is no event a form has.", do="Correct the event."
        )
    if local(element) != "setvalue":
        return _impossible(element, events)
    if not inside and events == ("odk-new-repeat",):
        raise FormError("An action on a new row must stand inside its repeat.", do="Move it into the repeat.")
    ref, bind = element.get("ref"), element.get("bind")
    if bind is not None:
        target = by_id.get(str(bind))
        if target is None:
            raise FormError(f"An action names the rule “{bind}”, which is not there.", do="Correct the action.")
    elif ref is not None:
        target = names_of(str(ref), (), "An action of the form")
    else:
        raise FormError("An action of the form has no target.", do="Name the node it sets.")
    written = element.get("value")
    value: Expression = Text("")
    if written is None:
        value = Text(element.text or "")
    elif written:
        value = expression(str(written), shown(target), "action")
    return Action(events, target, value, _filtered(str(ref), shown(target)) if bind is None else None)


def _filtered(written: str, where: str) -> Path | None:
    path = expression(written, where, "reference")
    return path if isinstance(path, Path) and any(step.predicates for step in path.steps) else None


def _impossible(element: etree._Element, events: tuple[str, ...]) -> Action:
    ref = element.get("ref")
    if namespace(element) != ODK or ref is None:
        raise FormError(
            "An action that records a place or sound is not written as ODK writes it.", do="Compile the form again."
        )
    if local(element) == "recordaudio" and not _LOADED.issuperset(events):
        raise FormError("A sound can be recorded only from the beginning of a record.", do="Correct the event.")
    return Action((), names_of(str(ref), (), "An action of the form"), Text(""))


def is_action(element: etree._Element) -> bool:
    return local(element) in ACTION_TAGS
