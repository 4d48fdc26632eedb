"""Taking words out of text: whole words only, however they are spaced or broken; the text around them stays as it was.

What is taken out and what is sought afterwards in a finished file is found by one function (`places`), so that neither
misses what the other sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from desktop_app.records.privacy_lists import is_word

LEFT_OUT = "[left out]"

_HYPHENS = "-\u2010\u2011\u2012\u2013"
_QUOTES = "'\u2018\u2019\u02bc"
_BREAK = re.compile(r"[\u00ad\u200b\u200c\u200d\u2060\ufeff]|[-\u2010\ufffe\x02]?[ \t\r]*\n\s*|[\ufffe\x02]\s*")
"""What a line's end may put between two letters of a word: a hyphen and a new line, or marks nobody sees."""
_APART = re.compile(rf"[{_HYPHENS}\s]+")
_GROUPING = re.compile(r"[\s().-]+")
_LONG_NUMBER = 6
_BETWEEN = r"[\W_]{0,6}"


def places(words: str, text: str, *, any_case: bool = False, inflected: bool = True) -> list[tuple[int, int]]:
    """Where in a text (NFC) these words stand as whole words: starts and ends, in order.

    A name that is also a word ("Grace") must not take the word with it: it counts as written or all in capitals. All
    else counts in any case (as everything does with ``any_case``), with other hyphens, apostrophes and accents ("Sian"
    is "Siân"), broken over lines, and, where it is ``inflected``, in the plural ("the Khans"). A long number counts
    however it is grouped.
    """
    whole = " ".join(unicodedata.normalize("NFC", words).split())
    if not whole:
        return []
    ordinary = whole.isalpha() and is_word(whole.lower())
    plural = inflected and not ordinary and len(whole) > 2 and whole[-3:].isalpha()
    forms = [whole] if any_case or not ordinary else sorted({whole, whole.upper()})
    found: list[tuple[int, int]] = []
    for form in forms:
        form, read = (form, text) if ordinary or (text.isascii() and form.isascii()) else (_bare(form), _bare(text))
        sought = _pattern(form, any_case or not ordinary, plural)
        at = 0
        while (match := sought.search(read, at)) is not None:
            fits = _fits(form, match[0])
            at = match.end() if fits else match.start() + 1
            if fits:
                start, end = match.span()
                # "(0113) 496-0123" found by "0113 496 0123": a bracket that is closed inside is opened outside.
                start -= match[0].count(")") > match[0].count("(") and read[start - 1 : start] == "("
                found.append((start, end))
    return sorted(found)


@lru_cache(maxsize=1000)
def _pattern(form: str, loose: bool, plural: bool) -> re.Pattern[str]:
    """Where the letters and figures of a form stand, whatever is between them; `_fits` then judges that."""
    letters = [one for one in form if one.isalnum()]
    body = _BETWEEN.join(letters) if letters else re.escape(form)
    return re.compile(rf"(?<!\w){body}{'(?:e?s)?' if plural else ''}(?!\w)", re.IGNORECASE if loose else 0)


def _fits(form: str, found: str) -> bool:
    """Whether between the letters of what was found there is only what the form has there, or a line's end."""
    if form == found:
        return True
    if sum(one.isdigit() for one in form) >= _LONG_NUMBER:
        return _GROUPING.sub("", form).casefold() == _GROUPING.sub("", found).casefold()
    if not any(one.isalnum() for one in form):
        return False
    read, at = _BREAK.sub("", found), 0
    form = form.strip("".join(one for one in set(form) if not one.isalnum()))
    for one in form:
        if one.isspace() or one in _HYPHENS:
            gap = _APART.match(read, at)
            at = gap.end() if gap else at
        elif at < len(read) and (one.casefold() == read[at].casefold() or {one, read[at]} <= set(_QUOTES)):
            at += 1
        else:
            return False
    return read[at:].casefold() in ("", "s", "es")


def _bare(text: str) -> str:
    """The text without accents, a letter for a letter, so that places in it are places in the text."""
    return text if text.isascii() else text.translate(_unaccented())


@cache
def _unaccented() -> dict[int, str]:
    table = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            table[code] = base
    return table


def without(text: str, words: str, instead: str = "", *, any_case: bool = False) -> tuple[str, int]:
    """The text with ``instead`` wherever the words stood, and how often; nothing for ``instead`` closes the gap."""
    found = places(words, text, any_case=any_case)
    if not found:
        return text, 0
    parts, at = [], 0
    for start, end in found:
        if not instead:
            start -= start > at and text[start - 1] in " \t"
            end += 2 if re.match(r"['’]s(?!\w)", text[end:]) else 0
        parts += [text[at:start], instead]
        at = end
    left = "".join([*parts, text[at:]])
    return (left.lstrip() if not instead and not text[:1].isspace() else left), len(found)


def strings(value: Any) -> Iterator[str]:
    """Every text in what was read from JSON, names of members too: in the bytes a new line is a letter n."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
