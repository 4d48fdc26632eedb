"""What a rule that cannot be worked out raises."""

from __future__ import annotations

from .xpath.errors import XPathError


class RuleError(XPathError):
    """A rule that could not be worked out: which node, and why."""
