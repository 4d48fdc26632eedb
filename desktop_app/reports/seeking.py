"""Many words sought in a long text: each stretch of the text is walked over once, however many words are sought.

A report of thousands has thousands of words that must not be in it. One search for each would take time with the square
of the records; here a walk finds which of them may stand in a stretch, and only those are looked at closely.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

PIECE = 8192
"""Characters made plain at a time: each step of a whole report's words would be another copy of them."""
STRETCH = 65_536
LAP = 512
"""Characters of a stretch that the next begins with again, for what stands across their border."""
FEW = 100
"""So many are sought faster one by one."""
_STARTS = (12, 6)
_ENDINGS = ("", "s", "es")
"""Of a plural, shortest first: short words are sought with them."""
_BARE = re.compile(r"[\W_]+")
_SPACE = re.compile(r"\s+")


def plain(words: str) -> str:
    """Letters and figures only, in lower case: how a page breaks, hyphenates or spaces words does not matter."""
    pieces = (words[at : at + PIECE] for at in range(0, len(words), PIECE))
    return "".join(_BARE.sub("", _folded(piece)) for piece in pieces)


def _folded(words: str) -> str:
    return unicodedata.normalize("NFKD", words).casefold()


def stretches(parts: Iterable[str]) -> Iterator[str]:
    """The parts, a line each, in stretches of some `STRETCH` characters that overlap by `LAP`; no word is cut."""
    held, length = [""], 0
    for part in parts:
        for some in _cut(part):
            held.append(some)
            length += len(some) + 1
            if length >= STRETCH:
                whole = "\n".join(held)
                yield whole
                held, length = [_SPACE.split(whole[-LAP:], maxsplit=1)[-1]], 0
    if length:
        yield "\n".join(held)


def _cut(part: str) -> Iterator[str]:
    start = 0
    while len(part) - start > STRETCH:
        cut = max(part.rfind(" ", start, start + STRETCH), part.rfind("\n", start, start + STRETCH))
        cut = cut if cut > start else start + STRETCH
        yield part[start:cut]
        start = cut
    yield part[start:]


def standing(sought: Iterable[str], words: str) -> set[str]:
    """Those of the plain words sought that stand anywhere in plain words."""
    return Sought(sought).standing(words)


class Sought:
    """Plain words made ready once to be sought in one stretch after another."""

    def __init__(self, sought: Iterable[str]) -> None:
        left = set(sought)
        self._starts: list[tuple[int, dict[str, str | dict[int, set[str]]]]] = []
        if len(left) > FEW:
            for size in _STARTS:
                group = {one for one in left if len(one) >= size}
                left -= group
                if group:
                    self._starts.append((size, _by_start(group, size)))
        self._few = left

    def standing(self, words: str) -> set[str]:
        """Those that stand anywhere in it: at each place whether any begins so, and then of each length one look."""
        found = {one for one in self._few if one in words}
        for size, starts in self._starts:
            for at in range(len(words) - size + 1):
                some = starts.get(words[at : at + size])
                if some is None:
                    continue
                if isinstance(some, str):
                    if words.startswith(some, at):
                        found.add(some)
                    continue
                for length, ones in some.items():
                    here = words[at : at + length]
                    if here in ones:
                        found.add(here)
        return found


def _by_start(group: Iterable[str], size: int) -> dict[str, str | dict[int, set[str]]]:
    """The words by how they begin: mostly one alone, else by their length, so that many like ones cost one look."""
    starts: dict[str, str | dict[int, set[str]]] = {}
    for one in group:
        known = starts.setdefault(one[:size], one)
        if isinstance(known, str):
            if known == one:
                continue
            starts[one[:size]] = known = {len(known): {known}}
        known.setdefault(len(one), set()).add(one)
    return starts


class Words:
    """Words that are sought as whole words; ``in_stretch`` says which of them may stand in a stretch.

    It never misses one, and may name one that does not stand there: letters in one run that are no word of their own.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._long: dict[str, list[str]] = {}
        self._short: dict[str, list[str]] = {}
        self._other: list[str] = []
        for word in words:
            key = plain(word)
            kept = self._long if len(key) >= _STARTS[-1] else self._short
            if kept is self._short and key:
                for ending in _ENDINGS:
                    kept.setdefault(key + ending, []).append(word)
            elif key:
                kept.setdefault(key, []).append(word)
            else:
                self._other.append(word)
        self._sought = Sought(self._long)

    def in_stretch(self, stretch: str) -> list[str]:
        """The words that may stand in it."""
        found = list(self._other)
        if self._long:
            for key in self._sought.standing(plain(stretch)):
                found += self._long[key]
        if self._short:
            for key in self._short.keys() & _short_runs(stretch):
                found += self._short[key]
        return found


def _short_runs(stretch: str) -> set[str]:
    """Neighbouring groups of letters joined, as far as they are short: "Al-" and "ex" on the next line are "alex"."""
    groups = _BARE.split(_folded(stretch))
    found: set[str] = set()
    for at, joined in enumerate(groups):
        following = at + 1
        while len(joined) < _STARTS[-1] + len(_ENDINGS[-1]):
            found.add(joined)
            if following == len(groups):
                break
            joined += groups[following]
            following += 1
    return found
