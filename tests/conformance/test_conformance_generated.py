"""Our engine and JavaRosa on forms nobody thought of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from compare_engines import before_rule_errors, compare, ours
from form_maker import Made, forms
from hypothesis import HealthCheck, given, settings

pytestmark = pytest.mark.conformance


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(made=forms())
def test_generated_form_agrees(made: Made, javarosa: Any, tally: Any, compiled_folder: Path) -> None:
    form = compiled_folder / "generated.xml"
    form.write_text(made.xml, encoding="utf-8")
    steps = before_rule_errors(form, made.steps)
    found = compare(javarosa.run(form, steps), ours(form, steps))
    tally.add("generated", found)
    assert not found.differences, f"{made.steps}\n{made.xml}"
