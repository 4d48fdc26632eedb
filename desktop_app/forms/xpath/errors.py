"""What can go wrong with an expression: when it is read, and when it is worked out."""

from __future__ import annotations


class XPathSyntaxError(Exception):
    """The expression cannot be read; the message is a sentence without the expression itself."""


class XPathError(Exception):
    """The expression cannot be worked out: a wrong type, an unknown function, a repeated field where one value
    is needed."""
