"""Secondary instances: the lists a form chooses from, inline, CSV, XML and GeoJSON, as trees of nodes.

A list that is not there is an empty list, as in JavaRosa; ``forms check`` says which file is missing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from desktop_app.errors import FormError

from .node import Node
from .values import Answer, string
from .xmlread import local, read_xml
from .xpath.numbers import java_double, java_trim

if TYPE_CHECKING:
    from lxml import etree

    from .shape import Shape

MAX_LIST_BYTES = 20_000_000
LAST_SAVED = "jr://instance/last-saved"


def list_name(src: str) -> str:
    """The file name of ``jr://file-csv/places.csv`` and its like."""
    return src.rpartition("/")[2]


def from_element(element: etree._Element) -> Node:
    """An inline instance's tree. Lists of many thousand rows are common: nothing is worked out twice."""
    root = Node(local(element))
    names: dict[object, str] = {}
    answers: dict[str, Answer | None] = {"": None}
    waiting = [(element, root)]
    while waiting:
        source, node = waiting.pop()
        if not len(source):
            text = java_trim(source.text or "")
            if text not in answers:
                answers[text] = string(text)
            node.value = answers[text]
        for key, value in source.items():
            set_attribute(node, str(key).rpartition("}")[2], str(value))
        for child in source:
            name = names.get(child.tag)
            if name is None:
                name = names[child.tag] = local(child)
            made = Node(name, node)
            node.append_plain(made)
            waiting.append((child, made))
    return root


def set_attribute(node: Node, name: str, value: str, shape: Shape | None = None) -> None:
    """Gives ``node`` an attribute; ``shape`` where rules may set it."""
    if node.attributes is None:
        node.attributes = {}
    made = Node(f"@{name}", node, shape)
    made.value = string(value) if value else None
    node.attributes[name] = made


def from_file(src: str, lists: Mapping[str, bytes]) -> Node:
    """The tree of an external list. Raises FormError when the file cannot be read as what its name says."""
    name = list_name(src)
    data = lists.get(name)
    if data is None and "." not in name:
        data = lists.get(f"{name}.csv")
    if data is None:
        return Node("root")
    if len(data) > MAX_LIST_BYTES:
        raise FormError(f"The list {name} is larger than 20 MB.", do="Shorten the list.")
    if name.lower().endswith(".geojson"):
        return _from_geojson(name, data)
    if "file-csv" in src or name.lower().endswith(".csv"):
        return _from_csv(name, data)
    return from_element(read_xml(data, f"The list {name}"))


def csv_rows(name: str, data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV list by column. Raises FormError when it is not CSV in UTF-8 or names a column twice."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormError(f"The list {name} is not saved as UTF-8.", do="Save it as CSV UTF-8.") from None
    first_line = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first_line else ",")
    try:
        rows = [row for row in reader if row]
    except csv.Error:
        raise FormError(
            f"The list {name} is not a CSV file that can be read.", do="Save it again as CSV UTF-8."
        ) from None
    if not rows:
        raise FormError(f"The list {name} is empty.", do="Write at least the names of its columns.")
    header = rows[0]
    named = [column for column in header if column]
    if len(set(named)) < len(named):
        raise FormError(f"The list {name} has two columns of one name.", do="Rename one of them.")
    return [
        {column: (row[place] if place < len(row) else "") for place, column in enumerate(header) if column}
        for row in rows[1:]
    ]


def _from_csv(name: str, data: bytes) -> Node:
    return _from_rows(csv_rows(name, data))


def _from_rows(rows: list[dict[str, str]]) -> Node:
    root = Node("root")
    answers: dict[str, Answer] = {}
    for row in rows:
        item = Node("item", root)
        root.append_plain(item)
        for column, text in row.items():
            cell = Node(column, item)
            if text not in answers:
                answers[text] = string(text)
            cell.value = answers[text]
            item.append_plain(cell)
    return root


def _from_geojson(name: str, data: bytes) -> Node:
    wrong = FormError(f"The list {name} is not a GeoJSON collection of features.", do="Export it again as GeoJSON.")
    try:
        top = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(top, dict) or top.get("type") != "FeatureCollection" or not isinstance(top.get("features"), list):
        raise wrong
    try:
        return _from_rows([_feature(feature) for feature in top["features"]])
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise wrong from None


def _feature(feature: Mapping[str, Any]) -> dict[str, str]:
    if feature["type"] != "Feature":
        raise ValueError
    row = {"geometry": _geometry(feature["geometry"])}
    for key, value in (feature.get("properties") or {}).items():
        row[str(key)] = _scalar(value)
    if feature.get("id") is not None:
        row["id"] = _scalar(feature["id"])
    return row


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return java_double(value)
    if isinstance(value, list | dict):
        raise ValueError
    return str(value)


def _geometry(geometry: Mapping[str, Any]) -> str:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return _point(coordinates)
    if kind == "LineString":
        return "; ".join(_point(point) for point in coordinates)
    if kind == "Polygon":
        return "; ".join(_point(point) for point in coordinates[0]) if coordinates else ""
    raise ValueError


def _point(point: list[Any]) -> str:
    return f"{_scalar(point[1])} {_scalar(point[0])} 0 0"
