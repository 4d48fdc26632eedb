"""Walks at random through our own forms: what ``fill`` shows and what a person sees beside it, in both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from engine_walk import Walk, forms_in

from desktop_app.forms.xlsform import compile_to_xml

pytestmark = pytest.mark.conformance

FOLDER = Path(__file__).parent / "forms"
SHIPPED = Path(__file__).parents[2] / "resources" / "forms"
TABLES = sorted(FOLDER.glob("*.md"))
XFORMS = [path for path in forms_in(FOLDER) if path.parent == FOLDER]


def walked(javarosa: Any, form: Path, tally: Any) -> None:
    one = Walk(javarosa, form, form.stem)
    found = one.go(8)
    tally.add(f"a walk through {form.stem}", found)
    assert not found.differences, one.steps


@pytest.mark.parametrize("path", XFORMS, ids=lambda path: path.stem)
def test_walk_through_an_xform_agrees(path: Path, javarosa: Any, tally: Any) -> None:
    walked(javarosa, path, tally)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_walk_through_a_table_form_agrees(path: Path, javarosa: Any, tally: Any, compiled_folder: Path) -> None:
    form = compiled_folder / f"{path.stem}.xml"
    if not form.is_file():
        form.write_bytes(compile_to_xml(path))
    if form in forms_in(compiled_folder):
        walked(javarosa, form, tally)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.xml")), ids=lambda path: path.stem)
def test_walk_through_a_shipped_form_agrees(path: Path, javarosa: Any, tally: Any) -> None:
    walked(javarosa, path, tally)
