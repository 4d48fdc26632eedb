"""Our engine and JavaRosa on richer forms made at random (form_maker_rich.py), and on where each of them fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compare_engines import before_rule_errors, compare, ours
from form_maker_rich import rich_form

pytestmark = pytest.mark.conformance
FORMS_A_TEST = 20


@pytest.mark.parametrize("start", range(0, 200, FORMS_A_TEST))
def test_rich_forms_agree(start: int, javarosa: Any, tally: Any, compiled_folder: Path) -> None:
    for seed in range(start, start + FORMS_A_TEST):
        made = rich_form(seed)
        form = compiled_folder / "rich.xml"
        form.write_text(made.xml, encoding="utf-8")
        steps = before_rule_errors(form, made.steps)
        theirs = javarosa.run(form, steps)
        found = compare(theirs, ours(form, steps))
        if len(steps) < len(made.steps) and "refused" not in theirs:
            failing = javarosa.run(form, made.steps[: len(steps) + 1])
            found.fact(f"step {len(steps) + 1}, whose rules fail", failing["steps"][-1], "error")
        tally.add(f"rich {seed}", found)
        assert not found.differences, f"seed {seed}\n{made.steps}\n{made.xml}"
