"""Our engine and JavaRosa on forms made by hand, one for every construct, compared after every step.

A table (.md) is an XLSForm with a sheet ``steps``; an XForm (.xml) has its steps beside it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from compare_engines import Agreement, compare, ours

from desktop_app.forms.xlsform import compile_to_xml

pytestmark = pytest.mark.conformance

FOLDER = Path(__file__).parent / "forms"
SHIPPED = Path(__file__).parents[2] / "resources" / "forms"
# Values that are random or of the moment.
MOMENTARY = ("/instanceID", "/start", "/end", "/uid")
TABLES = sorted(FOLDER.glob("*.md"))
XFORMS = sorted(path.with_name(path.name.replace(".steps.json", ".xml")) for path in FOLDER.glob("*.steps.json"))


def table_steps(path: Path) -> list[dict[str, str]]:
    """The rows of the ``steps`` sheet."""
    lines = path.read_text(encoding="utf-8").partition("| steps |")[2].strip().splitlines()
    rows = [[cell.strip(" ") for cell in line.strip()[1:-1].split("|")][1:] for line in lines]
    steps = []
    for do, target, value in rows[1:]:
        if do == "set":
            steps.append({"set": target, "value": value})
        elif do:
            steps.append({do: target})
    return steps


def agree(javarosa: Any, form: Path, steps: list[dict[str, str]]) -> Agreement:
    """Both engines taken through every beginning of ``steps``."""
    total = Agreement()
    for size in range(len(steps) + 1):
        theirs = javarosa.run(form, steps[:size])
        found = compare(theirs, ours(form, steps[:size]), MOMENTARY)
        total.checked += found.checked
        total.differences.extend(f"after {size} steps, {difference}" for difference in found.differences)
        if "refused" in theirs:
            break
    return total


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table_form_agrees(path: Path, javarosa: Any, tally: Any, compiled_folder: Path) -> None:
    form = compiled_folder / f"{path.stem}.xml"
    form.write_bytes(compile_to_xml(path))
    found = agree(javarosa, form, table_steps(path))
    tally.add(path.stem, found)
    assert not found.differences


@pytest.mark.parametrize("path", XFORMS, ids=lambda path: path.stem)
def test_xform_agrees(path: Path, javarosa: Any, tally: Any) -> None:
    steps = json.loads(path.with_name(f"{path.stem}.steps.json").read_text(encoding="utf-8"))
    found = agree(javarosa, path, steps)
    tally.add(path.stem, found)
    assert not found.differences


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.xml")), ids=lambda path: path.stem)
def test_shipped_form_agrees(path: Path, javarosa: Any, tally: Any) -> None:
    found = compare(javarosa.run(path, []), ours(path, []), ("/instanceID", "/instanceName"))
    tally.add(path.stem, found)
    assert not found.differences
