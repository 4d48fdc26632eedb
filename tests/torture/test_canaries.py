"""A harness that cannot fail proves nothing: each is named in `canaries.toml` with the broken build it must catch."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def test_every_harness_names_its_canary_and_has_it() -> None:
    listed = tomllib.loads((HERE / "canaries.toml").read_text("utf-8"))
    for name, canary in listed.items():
        tests = {
            node.name
            for node in ast.walk(ast.parse((HERE / canary["harness"]).read_text("utf-8")))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        }
        assert canary["canary"] in tests, f"[{name}] names a test that is not there"
        assert canary["broken"]
    harnesses = {path.name for path in HERE.glob("test_*.py")} - {Path(__file__).name}
    assert {canary["harness"] for canary in listed.values()} == harnesses
