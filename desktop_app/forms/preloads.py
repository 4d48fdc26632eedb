"""What the form fills in by itself when a record is begun: jr:preload (ODK XForms spec, "Preload Attributes")."""

from __future__ import annotations

from .node import Node
from .values import Answer, date, date_time, string
from .xpath.context import Context, Environment
from .xpath.text_functions import make_uuid


def preload(root: Node, environment: Environment, record: str, only_uid: bool = False) -> None:
    """Fills in every preload under ``root``; ``only_uid`` in a stored record, which has the others."""
    for node in root.descendants():
        bind = node.shape.bind if node.shape is not None else None
        if bind is None or bind.preload is None or (only_uid and bind.preload != "uid"):
            continue
        value = _preloaded(node, environment, record)
        if value is not None:
            node.value = value


def _preloaded(node: Node, environment: Environment, record: str) -> Answer | None:
    """The preload of one node, or None. A stored record keeps one instance id: its own."""
    bind = node.shape.bind if node.shape is not None else None
    if bind is None or bind.preload is None:
        return None
    if bind.preload == "uid":
        identity = record or str(make_uuid(Context(environment, node), []))
        return string(f"uuid:{identity}")
    if bind.preload == "timestamp" and bind.preload_params == "start":
        return date_time(environment.moment())
    if bind.preload == "date" and bind.preload_params == "today":
        return date(environment.moment())
    return None


def stamp_end(root: Node, environment: Environment) -> None:
    """timestamp/end: the moment the record is handed on."""
    for node in root.descendants():
        bind = node.shape.bind if node.shape is not None else None
        if bind is not None and bind.preload == "timestamp" and bind.preload_params == "end" and not node.children:
            node.value = date_time(environment.moment())
