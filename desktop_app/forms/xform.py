"""Reads an ODK XForm into a FormDefinition, refusing what JavaRosa refuses.

Limits (forms.md): 5 MB and 5,000 questions; entities and document types are refused; rules in a circle are refused.
"""

from __future__ import annotations

import copyreg
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from desktop_app.errors import FormError, NotFound

from .binds import Binds, is_action, read_action
from .body import Body
from .definition import FormDefinition
from .dependencies import CycleError, link
from .filtered_actions import check_filtered_actions
from .form_checks import check_lists, check_structure, choice_sources
from .instances import LAST_SAVED, MAX_LIST_BYTES, from_element, from_file
from .node import Node
from .primary import Primary
from .questions import build_questions, group_controls
from .shape import Action, Control, Model, Names, Rule
from .sharing import shared
from .texts import Translations, read_translations
from .watchers import watchers
from .xmlread import attribute, local, namespace, own_text, read_xml
from .xpath.tree import Call, Expression, Text, walk
from .xpath.tree import Path as XPath

if TYPE_CHECKING:
    from lxml import etree

# Characters of all rules together; the longest forms in use have a tenth of it.
MAX_RULES = 1_200_000


def load_form(path: Path) -> FormDefinition:
    """A form from a file: an XForm (.xml) or a spreadsheet; lists beside it, then in ``<stem>-media/``.

    Raises NotFound, FormError.
    """
    if not path.is_file():
        raise NotFound(f"There is no form at {path.name}.", do="Check the name of the file.")
    if path.suffix.lower() in (".xlsx", ".xls", ".md", ".csv"):
        from .xlsform import compile_xlsform

        return compile_xlsform(path)
    if path.stat().st_size > 5_000_000:
        raise FormError("The form is larger than 5 MB.", do="Move long lists of choices to CSV files, or split it.")
    data = path.read_bytes()
    return load_xform(data, lists_beside(path))


def lists_beside(path: Path) -> dict[str, bytes]:
    """The list files beside a form and in its media folder (which wins nothing: beside comes first)."""
    found: dict[str, bytes] = {}
    for folder in (path.parent, path.parent / f"{path.stem}-media"):
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir()):
            wanted = file.suffix.lower() in (".csv", ".xml", ".geojson") and file != path and file.name not in found
            if wanted and file.is_file() and file.stat().st_size <= MAX_LIST_BYTES:
                found[file.name] = file.read_bytes()
    return found


def load_xform(xml: bytes, lists: Mapping[str, bytes] | None = None) -> FormDefinition:
    """The form of an XForm's bytes. ``lists``: file name to content.

    Raises FormError, with the node and the rule named.
    """
    return _Loader(read_xml(xml), xml, lists or {}).definition()


def _for_another_process(form: FormDefinition) -> tuple[Callable[..., FormDefinition], tuple[bytes, dict[str, bytes]]]:
    """A form travels as its bytes and is read again there: what is worked out from them is no data."""
    return load_xform, (form.xml, dict(form.lists))


copyreg.pickle(FormDefinition, _for_another_process)


def used_lists(model_lists: Iterable[str], lists: Mapping[str, bytes]) -> dict[str, bytes]:
    """Only the list files a form names (a form package travels with these)."""
    names = set(model_lists)
    return {name: data for name, data in sorted(lists.items()) if name in names}


class _Loader:
    def __init__(self, root: etree._Element, xml: bytes, lists: Mapping[str, bytes]) -> None:
        self._document = root
        self._xml = xml
        self._lists = lists
        self._sources: dict[str, str] = {}
        self._last_saved: set[str] = set()
        self._lines: list[bytes] = []

    def definition(self) -> FormDefinition:
        model_element = _find(self._document, "model")
        if model_element is None:
            raise FormError("The file is not an ODK form: it has no model.", do="Choose an XForm or an XLSForm.")
        _check_model(model_element)
        if not _model_first(self._document):
            raise FormError("The questions of the form come before its model.", do="Compile the form again.")
        model = self._model(model_element)
        check_filtered_actions(model)
        canonical = _canonical(self._document)
        title_element = _find(self._document, "title")
        title = (own_text(title_element).strip() if title_element is not None else "") or model.root.name
        root_question, questions = build_questions(model, self._sources)
        instance_name = (*model.root.names, "meta", "instanceName")
        return FormDefinition(
            id=model.root_attributes.get("id") or model.namespace or model.root.name,
            version=model.version,
            title=title,
            package=hashlib.sha256(canonical).hexdigest(),
            xml=self._xml,
            lists=used_lists((source.rpartition("/")[2] for source in self._sources.values()), self._lists),
            root=root_question,
            questions=questions,
            languages=tuple(model.texts),
            default_language=model.default_language,
            instance_name_path="/" + "/".join(instance_name) if instance_name in model.shapes else None,
            model=model,
        )

    def _model(self, element: etree._Element) -> Model:
        instances = [child for child in element if local(child) == "instance"]
        if not instances or not len(instances[0]):
            raise FormError("The form has no instance: there is nothing to fill.", do="Compile the form again.")
        if len(instances[0]) > 1:
            raise FormError("The instance of the form has more than one root.", do="Compile the form again.")
        primary_element = instances[0][0]
        root = (local(primary_element),)
        translations = read_translations(next((child for child in element if local(child) == "itext"), None))
        written = sum(len(str(rule)) for child in element if local(child) == "bind" for rule in child.attrib.values())
        if written > MAX_RULES:
            raise FormError("The rules of the form are longer than a form may have.", do="Split it into several forms.")
        binds = Binds()
        for child in element:
            if local(child) == "bind":
                binds.read(child, root)
        actions = [read_action(c, binds.by_id, False) for c in element if is_action(c)]
        body = Body(root, binds.by_id, translations, self._written_as_pair)
        for part in self._document:
            if local(part) == "body":
                body.read(part, root, body.top)
        primary = Primary(primary_element, body.repeats, choice_sources(body.top))
        return self._assemble(primary_element, primary, binds, body, actions, translations, instances[1:])

    def _assemble(
        self,
        element: etree._Element,
        primary: Primary,
        binds: Binds,
        body: Body,
        actions: list[Action],
        translations: Translations,
        secondary: list[etree._Element],
    ) -> Model:
        shapes = primary.shapes
        for names, bind in binds.by_names.items():
            if names in shapes:
                shapes[names].bind = bind
                shapes[names].type = bind.type
        for names, control in body.controls.items():
            if names in shapes:
                shapes[names].control = control
                _select_type(shapes[names].type, control, names, primary)
        check_structure(primary, body, actions)
        rules = shared([rule for rule in binds.rules if rule.targets[0] in shapes], shapes)
        try:
            ordered, triggered = link(rules, shapes)
        except CycleError as error:
            shown = ", ".join(error.paths[:6])
            raise FormError(
                f"The rules of the form run in a circle: what they work out depends on itself ({shown}).",
                do="Change the relevant or calculation of one of these.",
            ) from None
        instances = self._instances(secondary, rules, binds, body, actions)
        check_lists(body.top, instances, self._sources)
        attributes = {str(key): str(value) for key, value in element.attrib.items()}
        return Model(
            root=primary.root,
            start=primary.start,
            root_attributes={key.rpartition("}")[2]: value for key, value in attributes.items()},
            namespaces={prefix: uri for prefix, uri in element.nsmap.items() if prefix is not None},
            namespace="" if namespace(element) == self._document.nsmap.get(None) else namespace(element),
            shapes=shapes,
            controls=body.controls,
            rules=ordered,
            triggered=triggered,
            repeat_relevance=_repeat_relevance(ordered, primary),
            model_actions=actions,
            event_controls=body.event_controls,
            instances=instances,
            last_saved=frozenset(self._last_saved),
            texts=translations.texts,
            plain_texts=translations.plain,
            media=translations.media,
            outputs=tuple(dict.fromkeys(translations.outputs)),
            default_language=translations.default,
            version=attribute(element, "version") or "",
            meta_namespaces=_namespaces(element),
            attribute_names=primary.attribute_names,
            body=body.top,
            groups=group_controls(body.top),
            watchers=watchers(body.controls, binds.by_names, translations),
        )

    def _written_as_pair(self, element: etree._Element) -> bool:
        """Whether an empty element stands as ``<label></label>``: JavaRosa's reader finds an empty text there, and none
        in ``<label/>``."""
        if not self._lines:
            self._lines = self._xml.splitlines()
        line = self._lines[(cast("int | None", element.sourceline) or 1) - 1]
        return re.search(rb"<(?:[\w.-]+:)?" + local(element).encode() + rb"(?:\s[^<>]*)?(?<!/)></", line) is not None

    def _instances(
        self, elements: list[etree._Element], rules: list[Rule], binds: Binds, body: Body, actions: list[Action]
    ) -> dict[str, Node]:
        """The secondary instances that some expression names; the others are never read (JavaRosa)."""
        named = _named_instances(_expressions(rules, binds, body, actions))
        found: dict[str, Node] = {}
        for element in elements:
            name = element.get("id") or ""
            source = attribute(element, "src")
            if name not in named:
                continue
            if source is None:
                if len(element) > 1:
                    raise FormError(f"The list “{name}” has more than one root.", do="Compile the form again.")
                found[name] = from_element(element[0] if len(element) else element)
            elif source.lower().startswith(("jr://file/", "jr://file-csv/")):
                found[name] = from_file(source, self._lists)
                self._sources[name] = source
            else:
                # Of this one a new form has none, as it has none of a source nobody knows (JavaRosa).
                if source.lower() == LAST_SAVED:
                    self._last_saved.add(name)
                found[name] = Node("root")
        return found


def _find(element: etree._Element, name: str) -> etree._Element | None:
    return next((found for found in element.iter() if isinstance(found.tag, str) and local(found) == name), None)


def _model_first(document: etree._Element) -> bool:
    for part in document:
        if local(part) == "model" or any(local(inner) == "model" for inner in part):
            return True
        if local(part) == "body":
            return False
    return True


def _canonical(document: etree._Element) -> bytes:
    """C14N; of a form with a namespace that is no address, which C14N 1.0 has no form of, C14N 2.0."""
    from lxml import etree

    try:
        return bytes(etree.tostring(document, method="c14n", with_comments=False))
    except etree.C14NError:
        return str(etree.canonicalize(etree.tostring(document, encoding="unicode"))).encode()


def _check_model(element: etree._Element) -> None:
    for child in element:
        if local(child) not in ("itext", "instance", "bind", "submission") and not is_action(child):
            raise FormError(
                f"The model of the form holds <{local(child)}>, which does not belong there.", do="Remove it."
            )
    if own_text(element).strip():
        raise FormError("The model of the form holds loose text.", do="Remove it.")


def _select_type(kind: str, control: Control, names: Names, primary: Primary) -> None:
    """A control with choices makes its node a selection where the bind says text or nothing (JavaRosa)."""
    if kind in ("null", "string"):
        if control.tag == "select1":
            primary.shapes[names].type = "choice"
        elif control.tag in ("select", "rank"):
            primary.shapes[names].type = "choices"


def _repeat_relevance(rules: list[Rule], primary: Primary) -> dict[Names, Rule]:
    return {
        target: rule
        for rule in rules
        if rule.kind != "calculate"
        for target in rule.targets
        if primary.shapes[target].repeat
    }


def _namespaces(element: etree._Element) -> dict[Names, str]:
    """The namespace of every node that has another one than the root (the meta block)."""
    own = namespace(element)
    found: dict[Names, str] = {}
    waiting: list[tuple[etree._Element, Names]] = [(element, (local(element),))]
    while waiting:
        here, names = waiting.pop()
        if namespace(here) != own:
            found[names] = namespace(here)
        waiting.extend((child, (*names, local(child))) for child in here)
    return found


def _expressions(rules: list[Rule], binds: Binds, body: Body, actions: list[Action]) -> Iterable[Expression]:
    yield from (rule.expression for rule in rules)
    yield from (bind.constraint for bind in binds.by_names.values() if bind.constraint is not None)
    yield from (action.value for action in actions)
    waiting = list(body.top)
    while waiting:
        control = waiting.pop()
        waiting.extend(control.children)
        yield from (action.value for action in control.actions)
        yield from (piece for piece in (*control.label, *control.hint) if not isinstance(piece, str))
        if control.itemset is not None:
            yield control.itemset.nodes
            if control.itemset.seed is not None:
                yield control.itemset.seed
    for texts in body.translations.texts.values():
        for pieces in texts.values():
            yield from (piece for piece in pieces if not isinstance(piece, str))


def _named_instances(expressions: Iterable[Expression]) -> set[str]:
    found: set[str] = set()
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, XPath) and part.start == "instance":
                found.add(part.instance)
            elif isinstance(part, Call) and part.name in ("instance", "pulldata"):
                found.update(argument.value for argument in part.arguments[:1] if isinstance(argument, Text))
    return found
