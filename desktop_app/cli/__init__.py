"""The command line: a second front end, which proves that everything below works without a window (cli.md)."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 refused, 2 usage, 3 something must be installed first."""
    from desktop_app.cli.run import run

    return run(argv)
