"""Which question is served by which report: from ``coverage.csv``, the list of what the union asked."""

from __future__ import annotations

import csv
from functools import cache

from desktop_app.paths import resource


@cache
def served(kind: str) -> frozenset[tuple[str, str]]:
    """The questions a report must print: (form id, question name)."""
    with resource("reference", "coverage.csv").open(encoding="utf-8-sig", newline="") as reading:
        return frozenset(
            (row["form"], row["name"].partition("__")[0])
            for row in csv.DictReader(reading)
            if kind in row["served_by"].split("|") and row["form"]
        )


@cache
def suggested_actions() -> tuple[tuple[str, str, str], ...]:
    """The actions the papers ask for: (choice name, what, which reports help with it)."""
    with resource("reference", "coverage.csv").open(encoding="utf-8-sig", newline="") as reading:
        return tuple(
            (row["name"].partition("__")[2], row["question"], row["served_by"])
            for row in csv.DictReader(reading)
            if row["name"].startswith("ready_made__")
        )
