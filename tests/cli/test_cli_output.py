"""Tables for people, and what is said when a mistake is ours."""

from __future__ import annotations

import pytest

from desktop_app.cli.answer import as_json, table
from desktop_app.cli.run import run


def test_table_aligns_and_keeps_one_line_a_row():
    assert table([["a", "long"], ["bcd", "x\ny"]]) == "a    long\nbcd  x y"


def test_empty_table_says_so():
    assert table([], "No records.") == "No records."


def test_json_keeps_letters_readable():
    assert "Caerdydd ŵ" in as_json({"name": "Caerdydd ŵ"})


def test_a_mistake_of_ours_quotes_nobody(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The message of an unexpected error may hold an answer; only its kind and place are shown."""

    def fail(*_arguments, **_more):
        raise ValueError("Jamie Smith, Year 4")

    monkeypatch.setattr("desktop_app.services.form_library.shipped_form", fail)
    assert run(["--json", "forms", "list"]) == 1
    shown = "".join(capsys.readouterr())
    assert "E-BUG" in shown
    assert "ValueError" in shown
    assert "Jamie" not in shown


def test_a_missing_library_is_exit_3_with_the_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def fail(*_arguments, **_more):
        raise ModuleNotFoundError("No module named 'reportlab'", name="reportlab.platypus")

    monkeypatch.setattr("desktop_app.services.form_library.shipped_form", fail)
    assert run(["--json", "forms", "list"]) == 3
    assert "pip install reportlab" in capsys.readouterr().out
