"""Words somebody wrote, as a tool tip: never read as markup."""

from __future__ import annotations

from html import escape


def plain_tip(words: str) -> str:
    """`words` for `setToolTip`. Qt guesses what is markup, and would fetch the pictures that a name or title asks for."""
    return f"<span>{escape(words)}</span>".replace("\n", "<br>") if "<" in words else words
