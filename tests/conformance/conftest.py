"""One JVM for all conformance tests, and the agreement printed at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import javarosa_reference
import pytest
from compare_engines import Agreement


class Tally:
    """What was compared in this run."""

    def __init__(self) -> None:
        self.forms = 0
        self.checked = 0
        self.differences: list[str] = []

    def add(self, name: str, found: Agreement) -> None:
        self.forms += 1
        self.checked += found.checked
        self.differences.extend(f"{name}: {difference}" for difference in found.differences)


_tally = Tally()


@pytest.fixture(scope="session")
def javarosa() -> Iterator[javarosa_reference.JavaRosa]:
    if not javarosa_reference.available():
        pytest.skip("JavaRosa needs a Java runtime")
    return javarosa_reference.JavaRosa()


@pytest.fixture
def tally() -> Tally:
    return _tally


@pytest.fixture(scope="session")
def compiled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the list files of the forms, for the XForms compiled from tables."""
    folder = tmp_path_factory.mktemp("forms")
    for name in ("fruits.csv", "places.xml", "spots.geojson"):
        (folder / name).write_bytes((Path(__file__).parent / "forms" / name).read_bytes())
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _tally.checked:
        agreed = _tally.checked - len(_tally.differences)
        terminalreporter.write_line(
            f"agreement with JavaRosa: {100 * agreed / _tally.checked:.3f} % "
            f"({agreed:,} of {_tally.checked:,} facts, {_tally.forms} forms)"
        )
