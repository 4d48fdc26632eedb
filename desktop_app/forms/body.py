"""Reads the body of a form: controls, groups and repeats, with their texts, choices and actions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from desktop_app.errors import FormError

from .binds import JAVAROSA, TOP_EVENTS, is_action, read_action
from .references import expression, names_of, resolve, shown
from .shape import Action, Control, Itemset, Names, Pieces, StaticChoice
from .texts import Translations, pieces, text_reference
from .xmlread import attribute, local, own_text
from .xpath.numbers import java_trim
from .xpath.tree import Call, Path

if TYPE_CHECKING:
    from lxml import etree

QUESTION_TAGS = ("input", "range", "secret", "select", "select1", "rank", "trigger", "upload")
SELECT_TAGS = ("select", "select1", "rank")
MAX_QUESTIONS = 5_000
_KNOWN = {"ref", "bind", "nodeset", "appearance"}


class Body:
    """The controls of a form in order; ``controls`` holds the first control of each node."""

    def __init__(
        self,
        root: Names,
        by_id: Mapping[str, Names],
        translations: Translations,
        written_as_pair: Callable[[etree._Element], bool],
    ) -> None:
        self._by_id = by_id
        self._written_as_pair = written_as_pair
        self.translations = translations
        self.top: list[Control] = []
        self.controls: dict[Names, Control] = {}
        self.repeats: list[Names] = []
        self.action_targets: list[Names] = []
        self.event_controls: list[Control] = []
        self._count = 0

    def read(self, element: etree._Element, base: Names, into: list[Control], depth: int = 0) -> None:
        """Every control under ``element``; what is no control is looked through (JavaRosa)."""
        if depth > 60:
            raise FormError("The groups of the form are nested too deeply.", do="Flatten them.")
        for child in element:
            name = local(child)
            if name in QUESTION_TAGS:
                self._question(child, name, base, into)
            elif name in ("group", "repeat"):
                self._group(child, name, base, into, depth)
            elif name == "label" and into is self.top:
                raise FormError("A label of the form belongs to no question and no group.", do="Remove it.")
            elif name not in ("label", "hint", "model", "title", "meta") and not is_action(child):
                self.read(child, base, into, depth + 1)

    def _target(self, element: etree._Element, base: Names, what: str, attributes: tuple[str, ...]) -> Names | None:
        bind = element.get("bind")
        if bind is not None:
            if str(bind) not in self._by_id:
                raise FormError(f"{what} names the rule “{bind}”, which is not there.", do="Compile the form again.")
            return self._by_id[str(bind)]
        for name in attributes:
            ref = element.get(name)
            if ref is not None:
                return names_of(str(ref), base, what)
        return None

    def _add(self, control: Control, into: list[Control]) -> None:
        self._count += 1
        if self._count > MAX_QUESTIONS:
            raise FormError(f"The form has more than {MAX_QUESTIONS:,} questions.", do="Split it into several forms.")
        into.append(control)
        if control.is_question or control.tag == "repeat":
            self.controls.setdefault(control.names, control)

    def _texts(self, element: etree._Element, name: str) -> tuple[Pieces, str | None]:
        for child in element:
            if local(child) == name:
                text_id = text_reference(child)
                if text_id is not None and not self.translations.known(text_id):
                    raise FormError(
                        f"A {name} of the form uses the text “{text_id}”, which its default language does not have.",
                        do="Add the text.",
                    )
                return pieces(child), text_id
        return (), None

    def _control(self, element: etree._Element, tag: str, names: Names) -> Control:
        label, label_id = self._texts(element, "label")
        hint, hint_id = self._texts(element, "hint")
        parameters = {
            str(key).rpartition("}")[2]: str(value)
            for key, value in element.attrib.items()
            if str(key) not in _KNOWN and not str(key).startswith(JAVAROSA)
        }
        return Control(names, tag, label, label_id, hint, hint_id, str(element.get("appearance") or ""), parameters)

    def _question(self, element: etree._Element, tag: str, base: Names, into: list[Control]) -> None:
        names = self._target(element, base, "A question", ("ref",))
        if names is None:
            if tag == "trigger":
                return
            raise FormError("A question of the form is not tied to a node.", do="Compile the form again.")
        control = self._control(element, tag, names)
        self._actions(element, control)
        if tag in SELECT_TAGS:
            self._choices(element, control)
        if tag == "range":
            _check_range(control)
        self._add(control, into)

    def _actions(self, element: etree._Element, control: Control) -> None:
        for child in element:
            if is_action(child):
                action = read_action(child, self._by_id, True)
                self._keep(action, control)

    def _keep(self, action: Action, control: Control) -> None:
        control.actions.append(action)
        self.action_targets.append(action.target)
        if TOP_EVENTS.intersection(action.events) and control not in self.event_controls:
            self.event_controls.append(control)

    def _choices(self, element: etree._Element, control: Control) -> None:
        where = shown(control.names)
        for child in element:
            name = local(child)
            if name == "item":
                control.choices.append(self._item(child, where))
            elif name == "itemset":
                control.itemset = self._itemset(child, control.names, where)
        if control.choices and control.itemset is not None:
            raise FormError(f"{where}: the question has both written choices and a list.", do="Keep one of them.")
        if not control.choices and control.itemset is None:
            raise FormError(f"{where}: the question has no choices.", do="Give it a list of choices.")

    def _item(self, element: etree._Element, where: str) -> StaticChoice:
        label, text_id = self._texts(element, "label")
        has_label = any(local(child) == "label" and self._says(child) for child in element)
        values = [java_trim(own_text(child)) for child in element if local(child) == "value" and self._says(child)]
        if not has_label or not values:
            raise FormError(f"{where}: a choice has no label or no name.", do="Give every choice both.")
        return StaticChoice(values[-1], label, text_id)

    def _says(self, element: etree._Element) -> bool:
        return bool(len(element) or element.text or element.get("ref")) or self._written_as_pair(element)

    def _itemset(self, element: etree._Element, names: Names, where: str) -> Itemset:
        written = element.get("nodeset")
        if written is None:
            raise FormError(f"{where}: the list of choices names no nodes.", do="Compile the form again.")
        nodes = expression(str(written), where, "choice filter")
        randomize, seed = False, None
        if isinstance(nodes, Call):
            cut = _first_of(str(written).strip()) if nodes.name == "randomize" else None
            if cut is None:
                raise FormError(
                    f"{where}: choices may only be shuffled with randomize().", do="Correct the choice filter."
                )
            randomize = True
            seed = nodes.arguments[1] if len(nodes.arguments) == 2 else None
            nodes = expression(cut, where, "choice filter")
        if not isinstance(nodes, Path):
            raise FormError(f"{where}: the choices do not come from a path.", do="Correct the choice filter.")
        value, label, copied = (_child_ref(element, name) for name in ("value", "label", "copy"))
        if label is None or (value is None and copied is None):
            missing = "name" if label is not None else "label"
            raise FormError(
                f"{where}: the list of choices has no {missing}.", do="Name the columns for name and label."
            )
        if copied is None and any(local(child) == "copy" for child in element):
            raise FormError(f"{where}: the list of choices copies nothing.", do="Name the node to copy.")
        is_itext = label.startswith("jr:itext(") and label.endswith(")")
        if is_itext:
            label = label[len("jr:itext(") : -1]
        return Itemset(
            nodes=nodes,
            label=label,
            label_is_itext=is_itext,
            randomize=randomize,
            seed=seed,
            instance=nodes.instance if nodes.start == "instance" else None,
            value_path=expression(value, where, "choice name") if value is not None else None,
            label_path=expression(label, where, "choice label"),
            copy_path=expression(copied, where, "choice copy") if copied is not None else None,
        )

    def _group(self, element: etree._Element, tag: str, base: Names, into: list[Control], depth: int) -> None:
        repeat = tag == "repeat"
        names = self._target(
            element, base, "A repeat" if repeat else "A group", ("nodeset",) if repeat else ("ref", "nodeset")
        )
        if names is None and repeat:
            raise FormError("A repeat of the form is not tied to a node.", do="Compile the form again.")
        control = self._control(element, tag, names if names is not None else base)
        if repeat:
            self.repeats.append(control.names)
            count = element.get(JAVAROSA + "count")
            if count is not None:
                control.count = _count(str(count), base, control.names)
            control.fixed = count is not None or element.get(JAVAROSA + "noAddRemove") is not None
            self._actions(element, control)
        self._add(control, into)
        self.read(element, control.names, control.children, depth + 1)
        if names is None:
            control.parameters["layout"] = "only"


def _first_of(shuffle: str) -> str | None:
    """What ``randomize(nodes, seed)`` shuffles, cut out as JavaRosa cuts it: beside a filter no function is a seed."""
    if not shuffle.startswith("randomize(") or not shuffle.endswith(")"):
        return None
    if "[" not in shuffle:
        return shuffle[len("randomize(") : -1].split(",")[0].strip() or None
    match = re.fullmatch(r"randomize\((.+?),?([^,)\]]+?)?\)", shuffle)
    return match[1].strip() if match else None


def _count(written: str, base: Names, names: Names) -> Names:
    """The node of a repeat count; a relative path starts at the enclosing group (JavaRosa)."""
    path = expression(written, shown(names), "repeat count")
    if not isinstance(path, Path):
        raise FormError(f"{shown(names)}: the repeat count is not a path.", do="Put the count in a calculation.")
    return resolve(path, base, shown(names))


def _child_ref(element: etree._Element, name: str) -> str | None:
    return next((ref for child in element if local(child) == name and (ref := attribute(child, "ref"))), None)


def _check_range(control: Control) -> None:
    for name in ("start", "end", "step"):
        written = control.parameters.get(name)
        if written is None:
            continue
        try:
            Decimal(written)
        except InvalidOperation:
            raise FormError(
                f"{shown(control.names)}: the {name} of the range, “{written}”, is not a number.",
                do="Correct the parameters.",
            ) from None
