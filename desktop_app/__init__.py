"""Branch Evidence: everything the program does, without a window (no Qt below this package)."""

__version__ = "0.1.0"
