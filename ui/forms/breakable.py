"""Words longer than a line: a label cannot break them by itself, and would push everything out at the side."""

from __future__ import annotations

import re

_LONGEST = 20
_LONG_WORD = re.compile(rf"\S{{{_LONGEST + 1},}}")
_ZERO_WIDTH_SPACE = "\u200b"


def breakable(text: str) -> str:
    """`text` with places to break in words of more than twenty letters. For showing only: never store it."""
    return _LONG_WORD.sub(lambda found: _ZERO_WIDTH_SPACE.join(re.findall(rf".{{1,{_LONGEST // 2}}}", found[0])), text)
