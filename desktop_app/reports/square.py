"""A key as a square code (QR), for another device to read from paper: which modules are dark."""

from __future__ import annotations

BORDER = 2
"""Light modules round the code; the paper gives the other two that ISO/IEC 18004 asks for."""


def dark(words: str) -> list[list[bool]]:
    """The rows of modules, from above; a quarter of the code may be stained and is still read (level Q)."""
    import segno

    return [[bool(module) for module in row] for row in segno.make(words, error="q", micro=False).matrix_iter(border=BORDER)]
