"""Areas, distances and fences over places (ODK XForms spec, "XPath functions": geography)."""

from __future__ import annotations

import itertools
import math

from .context import Context, NodeSet, Value, as_text, atom
from .errors import XPathError
from .function import Function, node_set
from .numbers import parse_decimal

EARTH_RADIUS_METRES = 6_378_100.0
_EARTH_ROUND_METRES = 2 * EARTH_RADIUS_METRES * math.pi

Place = tuple[float, float]


def _place(text: str, name: str) -> Place:
    numbers = [parse_decimal(piece) for piece in text.split(" ") if piece]
    if len(numbers) > 4 or any(number is None for number in numbers):
        raise XPathError(f"{name}() was given a value that is not a place.")
    padded = [number or 0.0 for number in numbers] + [0.0, 0.0]
    return padded[0], padded[1]


def _shape(text: str, name: str) -> list[Place]:
    parts = text.split(";")
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return [_place(part.strip(), name) for part in parts]


def _places(value: Value, name: str) -> list[Place]:
    texts = [as_text(item) for item in node_set(value, name).atoms()]
    if len(texts) == 1:
        return _shape(texts[0], name)
    return [_place(text, name) for text in texts]


def area(context: Context, values: list[Value]) -> Value:
    """Square metres inside a polygon, each degree taken as flat from the first point; in JavaRosa's order of
    arithmetic, so that the last digits are the same."""
    places = _places(values[0], "area")
    if len(places) < 3:
        return 0.0
    latitude, longitude = places[0]
    ys = [(place[0] - latitude) * _EARTH_ROUND_METRES / 360.0 for place in places[1:]]
    xs = [(place[1] - longitude) * _EARTH_ROUND_METRES * math.cos(_radians(place[0])) / 360.0 for place in places[1:]]
    result = 0.0
    for before in range(len(xs) - 1):
        result += (ys[before] * xs[before + 1] - xs[before] * ys[before + 1]) / 2
    return abs(result)


def distance(context: Context, values: list[Value]) -> Value:
    """Metres along a row of places."""
    if len(values) > 1:
        return _length([_place(as_text(value), "distance") for value in values])
    if isinstance(values[0], NodeSet):
        return _length(_places(values[0], "distance"))
    text = atom(values[0])
    if not isinstance(text, str):
        raise XPathError("distance() needs places.")
    return _length([_place(part, "distance") for part in text.split(";")])


def _length(places: list[Place]) -> float:
    total = 0.0
    for first, second in itertools.pairwise(places):
        total += _between(first, second)
    return total


def _between(first: Place, second: Place) -> float:
    turn = _radians(first[1] - second[1])
    a, b = _radians(first[0]), _radians(second[0])
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
    return math.acos(cosine) * EARTH_RADIUS_METRES if -1 <= cosine <= 1 else math.nan


def _radians(degrees: float) -> float:
    """An angle without end is no angle: Java's sine of it is no number, Python's is an error."""
    return degrees * (math.pi / 180.0) if math.isfinite(degrees) else math.nan


def geofence(context: Context, values: list[Value]) -> Value:
    """True when a place lies inside a closed shape (ray casting)."""
    y, x = _place(as_text(values[0]), "geofence")
    corners = _places(values[1], "geofence")
    inside = False
    for (y1, x1), (y2, x2) in itertools.pairwise(corners):
        if (y2 > y) != (y1 > y) and x < (x1 - x2) * (y - y2) / (y1 - y2) + x2:
            inside = not inside
    return inside


GEO_FUNCTIONS = {
    "area": Function(area, 1, 1),
    "enclosed-area": Function(area, 1, 1),
    "distance": Function(distance, 1, None),
    "geofence": Function(geofence, 2, 2),
}
