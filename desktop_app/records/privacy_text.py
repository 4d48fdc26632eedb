"""A text as the check for names reads it: its words, where they stand, and what parts them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


@dataclass(frozen=True)
class Token:
    """A word and where it stands."""

    start: int
    end: int
    word: str  # without a possessive ending

    @property
    def lower(self) -> str:
        return self.word.lower()

    @property
    def capital(self) -> bool:
        return self.word[:1].isupper()


@dataclass(frozen=True)
class Words:
    """The words of one text, and which of them are free to be a name."""

    text: str
    tokens: list[Token]
    free: list[bool]

    def gap(self, index: int) -> str:
        """What stands between this word and the next one."""
        return self.text[self.tokens[index].end : self.tokens[index + 1].start]

    def at(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def next_lower(self, index: int) -> str:
        """The next word in small letters when a space and nothing else parts it from this one."""
        following = self.at(index + 1)
        return following.lower if following is not None and self.gap(index) in (" ", "\u00a0") else ""

    def before_lower(self, index: int) -> str:
        before = self.at(index - 1)
        return before.lower if before is not None and self.gap(index - 1) in (" ", "\u00a0", ", ") else ""

    def bracketed(self, first: int, last: int) -> str:
        """The word before a bracket that holds these words and nothing else: "the caseworker (Sam)"."""
        before, after = self.at(first - 1), self.text[self.tokens[last].end : self.tokens[last].end + 1]
        return before.lower if before is not None and self.gap(first - 1) == " (" and after == ")" else ""

    def starts(self, index: int) -> bool:
        """Whether a word begins a sentence, where a capital says nothing."""
        end = self.tokens[index].start
        while end and self.text[end - 1] in " \t“\"'‘(":
            end -= 1
        return not end or self.text[end - 1] in ".!?:;\n•-–"


class Stretches:
    """Parts of a text, from a place to before a place, that do not overlap; a text may have many thousand."""

    def __init__(self) -> None:
        self._begin: list[int] = []
        self._stop: list[int] = []

    def meet(self, start: int, end: int) -> bool:
        """Whether one of them shares a letter with this part."""
        place = bisect_left(self._begin, end)
        return place > 0 and self._stop[place - 1] > start

    def add(self, start: int, end: int) -> None:
        """One more, which meets none of the others."""
        place = bisect_left(self._begin, start)
        self._begin.insert(place, start)
        self._stop.insert(place, end)


def words_of(text: str, taken: Stretches) -> Words:
    """The words of a text; those in the stretches ``taken`` are not free."""
    tokens = []
    for match in _TOKEN.finditer(text):
        word = re.sub(r"['’]s?$", "", match[0]) or match[0]
        tokens.append(Token(match.start(), match.start() + len(word), word))
    return Words(text, tokens, [not taken.meet(token.start, token.end) for token in tokens])
