"""Builds the questions other rooms see from the model the engine runs."""

from __future__ import annotations

from collections.abc import Mapping

from .definition import Choice, Kind, Question
from .node import Node
from .shape import Control, Itemset, Model, Pieces, Shape
from .xpath.tree import Path

_INPUT_KINDS: dict[str, Kind] = {
    "int": "integer", "long": "integer", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "datetime",
    "geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape", "barcode": "barcode", "boolean": "boolean",
}  # fmt: skip
_TAG_KINDS: dict[str, Kind] = {
    "select1": "select_one", "select": "select_multiple", "rank": "rank", "range": "range", "trigger": "trigger",
}  # fmt: skip


def build_questions(model: Model, sources: Mapping[str, str]) -> tuple[Question, tuple[Question, ...]]:
    """The whole form as one question, and every question under it in document order."""
    root = _Builder(model, sources, model.groups).build(model.root)
    return root, tuple(root.walk())[1:]


def group_controls(body: list[Control]) -> dict[tuple[str, ...], Control]:
    """The group that gives a node its label; a group around a single repeat is that repeat's label (JavaRosa)."""
    found: dict[tuple[str, ...], Control] = {}
    waiting = list(reversed(body))
    while waiting:
        here = waiting.pop()
        if here.tag == "group" and here.parameters.get("layout") != "only":
            found.setdefault(here.names, here)
            if len(here.children) == 1 and here.children[0].tag == "repeat":
                found.setdefault(here.children[0].names, here)
        waiting.extend(reversed(here.children))
    return found


class _Builder:
    def __init__(self, model: Model, sources: Mapping[str, str], groups: dict[tuple[str, ...], Control]) -> None:
        self._model = model
        self._sources = sources
        self._groups = groups
        # Several questions choose from one list: its choices are made once.
        self._lists: dict[tuple[object, ...], tuple[Choice, ...]] = {}

    def build(self, shape: Shape) -> Question:
        control = (
            shape.control if shape.control is not None and shape.control.is_question else self._groups.get(shape.names)
        )
        kind = _kind(shape, control)
        bind = shape.bind
        label, hint, media = "", "", {}
        if control is not None:
            label = self._text(control.label, control.label_id)
            hint = self._text(control.hint, control.hint_id)
            media = dict(self._model.media.get(self._model.default_language, {}).get(control.label_id or "", {}))
        return Question(
            path=shape.path,
            name=shape.name,
            kind=kind,
            label=label,
            hint=hint,
            appearance=_appearance(shape, control),
            required=bool(bind and (bind.required or "required" in bind.rules)),
            readonly=bool(bind and bind.readonly),
            be=dict(bind.be) if bind else {},
            choices=self._choices(control),
            list_file=self._list_file(control),
            children=tuple(self.build(child) for child in shape.children.values()),
            parameters=_parameters(shape, control),
            control=shape.control is not None or bool(shape.children),
            calculated=bool(bind and ("calculate" in bind.rules or bind.preload)),
            media=media,
        )

    def _text(self, pieces: Pieces, text_id: str | None) -> str:
        """A text without its outputs worked out: each stands as “…”."""
        if text_id is not None:
            pieces = self._model.texts.get(self._model.default_language, {}).get(text_id, ())
        return "".join(piece if isinstance(piece, str) else "…" for piece in pieces)

    def _choices(self, control: Control | None) -> tuple[Choice, ...]:
        if control is None:
            return ()
        if control.itemset is None:
            return tuple(Choice(c.name, self._text(c.label, c.text_id)) for c in control.choices)
        instance = control.itemset.instance
        if instance is None or instance in self._sources or instance not in self._model.instances:
            return ()
        key = (
            control.itemset.nodes,
            control.itemset.value_path,
            control.itemset.label_path,
            control.itemset.label_is_itext,
        )
        if key not in self._lists:
            self._lists[key] = self._listed(control.itemset, instance)
        return self._lists[key]

    def _listed(self, itemset: Itemset, instance: str) -> tuple[Choice, ...]:
        found = []
        items = [self._model.instances[instance]]
        for step in itemset.nodes.steps[1:] if isinstance(itemset.nodes, Path) else ():
            items = [
                child for item in items for child in (item.children if step.name == "*" else item.named(step.name))
            ]
        for item in items:
            name, label = item_text(item, itemset.value_path), item_text(item, itemset.label_path)
            if itemset.label_is_itext:
                label = self._text((), label)
            found.append(Choice(name, label, extra_columns(item)))
        return tuple(found)

    def _list_file(self, control: Control | None) -> str | None:
        if control is None or control.itemset is None or control.itemset.instance is None:
            return None
        source = self._sources.get(control.itemset.instance)
        return source.rpartition("/")[2] if source else None


def item_text(item: Node, path: object) -> str:
    """The text of a column of a list's row."""
    node = item
    for step in path.steps if isinstance(path, Path) else ():
        if step.attribute:
            found = [(node.attributes or {}).get(step.name)]
        else:
            found = list(node.named(step.name)[:1])
        if not found or found[0] is None:
            return ""
        node = found[0]
    return node.value.text if node.value is not None else ""


def extra_columns(item: Node) -> dict[str, str]:
    return {child.name: child.value.text if child.value is not None else "" for child in item.children}


def _kind(shape: Shape, control: Control | None) -> Kind:
    if shape.repeat:
        return "repeat"
    if shape.children:
        return "group"
    if control is None or not control.is_question:
        return "calculate"
    if control.tag == "upload":
        media = control.parameters.get("mediatype", "").partition("/")[0]
        return {"image": "image", "audio": "audio", "video": "video"}.get(media, "file")  # type: ignore[return-value]
    if control.tag in _TAG_KINDS:
        return _TAG_KINDS[control.tag]
    bind = shape.bind
    if control.tag == "input" and shape.type in ("string", "null") and bind is not None and bind.readonly:
        return "text" if "calculate" in bind.rules else "note"
    return _INPUT_KINDS.get(shape.type, "text")


def _appearance(shape: Shape, control: Control | None) -> str:
    own = shape.control.appearance if shape.control is not None else ""
    outer = control.appearance if control is not None else ""
    if control is not None and control.tag == "secret":
        outer = f"{outer} masked".strip()
    return own if own and own != outer and not outer else outer


def _parameters(shape: Shape, control: Control | None) -> dict[str, str]:
    found = dict(control.parameters) if control is not None and control.is_question else {}
    if shape.control is not None and shape.control.tag == "repeat":
        found.update(shape.control.parameters)
        if shape.control.fixed:
            found["fixed"] = "counted" if shape.control.count is not None else "no-add-remove"
    return found
