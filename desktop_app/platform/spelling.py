"""British English spelling, offline: the dictionary in ``resources/spelling`` read by Hunspell, where its wheel exists.

There is no wheel for Macs with Intel processors nor for ARM Windows: there spelling is off, and Settings says so.
Loading takes about a tenth of a second and a suggestion as long, so both belong off the window's thread or on request;
looking a word up takes some microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from desktop_app.paths import resource

UNAVAILABLE = "Spelling is not available on this kind of computer. Everything else works."
MOST_SUGGESTED = 6
# A word with its inner apostrophes; what holds a digit or is all capitals (EHCP, SENCO) is no word to check.
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def available() -> bool:
    """Whether this computer has the library."""
    return find_spec("hunspell") is not None


def words_of(text: str) -> list[tuple[int, str]]:
    """The words of a text that can be checked, each with its place."""
    found = []
    for match in WORD.finditer(text):
        word = match[0]
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        beside_digit = before.isdigit() or after.isdigit() or "@" in (before, after)
        if len(word) > 1 and not word.isupper() and not beside_digit:
            found.append((match.start(), word))
    return found


class Dictionary:
    """Knows words; also those a person added."""

    def __init__(self, own_words: Iterable[str] = ()) -> None:
        """Raises ImportError where there is no wheel (see `available`)."""
        from hunspell import Hunspell

        self._speller: Any = Hunspell("en_GB", hunspell_data_dir=str(resource("spelling")))
        self._own: set[str] = set()
        for word in own_words:
            self.add(word)

    def knows(self, word: str) -> bool:
        """Whether a word is spelled as the dictionary or a person has it."""
        plain = word.replace("’", "'")
        return plain.casefold() in self._own or bool(self._speller.spell(plain))

    def suggest(self, word: str) -> list[str]:
        """At most six words that may have been meant, likeliest first."""
        found = self._speller.suggest(word.replace("’", "'"))
        return [str(each) for each in found][:MOST_SUGGESTED]

    def add(self, word: str) -> None:
        """From now on this word is right, in capitals or not."""
        self._own.add(word.replace("’", "'").casefold())
