"""What the tests of the shipped resources share."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest

from desktop_app.paths import resource

Table = Callable[..., list[dict[str, str]]]


def read(*parts: str) -> list[dict[str, str]]:
    with resource(*parts).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def table() -> Table:
    """Reads a shipped CSV file as dictionaries: `table("forms", "local_authorities.csv")`."""
    return read


@pytest.fixture(scope="session")
def coverage() -> list[dict[str, str]]:
    return read("reference", "coverage.csv")


@pytest.fixture(scope="session")
def authorities() -> list[dict[str, str]]:
    return read("reference", "local_authorities.csv")
