"""Small counts of people in anything shareable: one to four are "fewer than 5", and so is what would give one away.

Only numbers of people are held back, never places, posts in a published paper, hours, weeks, money, branches,
authorities or records (product.md "Numbers with honesty"; DP-08: counts 1 to 4). Nought is no person and is shown. A
total is left out when it gives a hidden part away, and of a pair (made, turned down) the second when the difference
would be below five.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop_app.reports.view import Answer

FEWER = "fewer than 5"
WITHIN = "not shown: with the number before it, it would give away one below 5"
_LEADING = re.compile(r"\s*(\d+(?:\.\d+)?)(?![\d,/-])")
_NUMBER = re.compile(r"(?<![\w.,£/-])\d[\d,]*(?:\.\d+)?(?![\w/-]|[.,]\d)")
_FEW = re.compile(r"\b(?:one|two|three|four|single|a couple)\b", re.IGNORECASE)
_PAIR = (("_made", "_refused"), ("_made", "_agreed"), ("_asked", "_refused"))


def small(number: float) -> bool:
    """True for a count that could point to a person: more than none, fewer than five."""
    return 0 < number < 5


def suppressed(value: str, words: str) -> str:
    """A count of people, "fewer than 5" when it is one to four; bands and other words stay as they are.

    ``value`` is the number as entered, or the words where there is none ("3", "3 full-time posts").
    """
    found = _LEADING.match(value) or _LEADING.match(words)
    return FEWER if found and small(float(found[1])) else words


def suppressed_raw(words: str) -> str:
    """What was typed instead of a count of people ("3 pupils", "one or two"): the same when it says a small number."""
    numbers = [float(each.replace(",", "")) for each in _NUMBER.findall(words)]
    if any(map(small, numbers)) or (not numbers and _FEW.search(words)):
        return FEWER
    return words


def of_people(answer: Answer) -> Answer:
    """The answer to a question that counts people, as a shareable report shows it."""
    return replace(
        answer,
        words=suppressed_raw(answer.words) if answer.raw else suppressed(answer.value, answer.words),
        raw=suppressed_raw(answer.raw) if answer.raw else "",
        versions=tuple(suppressed_raw(suppressed(words, words)) for words in answer.versions),
    )


def given_away(answers: Sequence[Answer]) -> frozenset[str]:
    """Leaves of counts that must not stand beside their partner: made 12 and turned down 9 say that 3 were agreed."""
    values: dict[str, tuple[str, float]] = {}
    for answer in answers:
        found = _LEADING.fullmatch(answer.value) if answer.people and answer.counted else None
        if found:
            values[answer.leaf] = (answer.leaf, float(found[1]))
    hidden = set()
    for leaf, (_, whole) in values.items():
        for first, second in _PAIR:
            part = values.get(leaf.removesuffix(first) + second) if leaf.endswith(first) else None
            if part is not None and small(whole - part[1]):
                hidden.add(part[0])
    return frozenset(hidden)


def total_of_people(parts: Iterable[str], shareable: bool) -> str:
    """The sum of counts of people; in a shareable report nothing when it gives hidden parts away.

    One hidden part is the total less the others; several are told when they can only be all one or all four.
    """
    numbers = [int(float(part)) for part in parts if part.replace(".", "", 1).isdigit()]
    total = sum(numbers)
    if not shareable:
        return str(total)
    hidden = [number for number in numbers if small(number)]
    if numbers and total == 0:
        return "0"
    if total < 5:
        return FEWER
    told = bool(hidden) and (len(hidden) == 1 or sum(hidden) in (len(hidden), 4 * len(hidden)))
    return "" if told else str(total)
