"""Which way each character of a paragraph runs: the Unicode bidirectional algorithm (UAX #9) without its controls.

Controls (embeddings, overrides, isolates) never reach this: `text.clean` drops them, since they can make words look like
others. What is left is one sequence with one base direction: rules P2-P3, W1-W7, N0-N2, I1-I2, L1, L2 and L4.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

RIGHT = frozenset({"R", "AL"})
_STRONG = frozenset({"L", "R", "AL"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_BRACKETS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›"}
_PAIRED = {"(": ")", "[": "]", "{": "}"}
_MIRRORED = {
    **_BRACKETS,
    **{close: opened for opened, close in _BRACKETS.items()},
    "<": ">",
    ">": "<",
    "≤": "≥",
    "≥": "≤",
}


def runs_right_to_left(text: str) -> bool:
    """True when some of the text is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(character) in RIGHT for character in text)


def base_level(text: str) -> int:
    """0 for a paragraph that begins with a left-to-right letter, 1 for right-to-left (P2, P3)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _STRONG:
            return int(kind in RIGHT)
    return 0


def levels(text: str, base: int) -> list[int]:
    """The level of each character: even runs to the right, odd to the left."""
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    around = "R" if base else "L"
    _weak(kinds, around)
    _brackets(text, kinds, around)
    _neutrals(kinds, around)
    found = []
    for kind in kinds:
        if base:  # I2
            found.append(2 if kind in ("L", "EN", "AN") else 1)
        else:  # I1
            found.append(1 if kind == "R" else 2 if kind in ("EN", "AN") else 0)
    return found


def _weak(kinds: list[str], around: str) -> None:
    before = around
    for at, kind in enumerate(kinds):  # W1; a boundary neutral takes the side of what it follows
        if kind in ("NSM", "BN"):
            kinds[at] = before
        before = kinds[at]
    strong = around
    for at, kind in enumerate(kinds):  # W2
        if kind in _STRONG:
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[at] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    for at in range(1, len(kinds) - 1):  # W4
        left, kind, right = kinds[at - 1 : at + 2]
        if left == right and ((kind == "ES" and left == "EN") or (kind == "CS" and left in ("EN", "AN"))):
            kinds[at] = left
    at = 0
    while at < len(kinds):  # W5
        if kinds[at] != "ET":
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        beside = (at > 0 and kinds[at - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")
        kinds[at:end] = ["EN" if beside else "ON"] * (end - at)
        at = end
    strong = around
    for at, kind in enumerate(kinds):  # W6, W7
        if kind in ("ES", "CS"):
            kinds[at] = "ON"
        elif kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


def _side(kind: str) -> str:
    """The direction a character counts as among neutrals; "" for a neutral."""
    return "L" if kind == "L" else "R" if kind in ("R", "EN", "AN") else ""


def _brackets(text: str, kinds: list[str], around: str) -> None:
    """N0: a pair of brackets takes the direction of what it holds."""
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for at, character in enumerate(text):
        if kinds[at] != "ON":
            continue
        if character in _PAIRED:
            opened.append((_PAIRED[character], at))
        elif any(close == character for close, _ in opened):
            while opened:
                close, start = opened.pop()
                if close == character:
                    pairs.append((start, at))
                    break
    for start, end in sorted(pairs):
        inside = {_side(kind) for kind in kinds[start + 1 : end]} - {""}
        if around in inside:
            made = around
        elif inside:
            earlier = next((_side(kind) for kind in reversed(kinds[:start]) if _side(kind)), around)
            made = earlier if earlier != around else around
        else:
            continue
        kinds[start] = kinds[end] = made


def _neutrals(kinds: list[str], around: str) -> None:
    at = 0
    while at < len(kinds):
        if kinds[at] not in _NEUTRAL:
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        left = _side(kinds[at - 1]) if at else around
        right = _side(kinds[end]) if end < len(kinds) else around
        kinds[at:end] = [left if left == right else around] * (end - at)  # N1, N2
        at = end


def visual(found: Sequence[int], base: int, text: str) -> list[int]:
    """The places of a line's characters in the order they stand on paper (L1, L2)."""
    line = list(found)
    at = len(line)
    while at and unicodedata.bidirectional(text[at - 1]) in ("WS", "B", "S"):
        at -= 1
        line[at] = base
    order = list(range(len(line)))
    odd = [level for level in line if level % 2]
    for level in range(max(line, default=0), min(odd, default=1) - 1, -1):
        start = 0
        while start < len(order):
            if line[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and line[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end
    return order


def mirrored(character: str) -> str:
    """The character as it is drawn in a right-to-left run: brackets turn round (L4)."""
    return _MIRRORED.get(character, character)
