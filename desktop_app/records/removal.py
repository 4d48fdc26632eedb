"""Taking words out of text: whole words only, however they are spaced; the text around them stays as it was."""

from __future__ import annotations

import re

LEFT_OUT = "[left out]"


def pattern(words: str, *, any_case: bool = False) -> re.Pattern[str]:
    """Where these words stand as whole words.

    A name that is also a word ("Grace") must not take the word with it, so that single words match as written or all in
    capitals; anything with a figure, an @ or several words matches in any case. ``any_case`` always does.
    """
    parts = words.split()
    body = r"\s+".join(map(re.escape, parts))
    loose = any_case or len(parts) > 1 or re.search(r"[\d@]", words) is not None
    if not loose and words.upper() != words:
        body = f"(?:{body}|{re.escape(words.upper())})"
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE if loose else 0)


def without(text: str, words: str, instead: str = "", *, any_case: bool = False) -> tuple[str, int]:
    """The text with ``instead`` wherever the words stood, and how often; nothing for ``instead`` closes the gap."""
    if not words.strip():
        return text, 0
    sought = pattern(words, any_case=any_case)
    if instead:
        return sought.subn(lambda _: instead, text)
    left, count = re.subn(rf"[ \t]?{sought.pattern}", "", text, flags=sought.flags)
    return (left.lstrip() if count and not text[:1].isspace() else left), count
