"""Spreadsheets of questions: compiled, read, and wrong cells named by sheet, row and column; custom columns; shipped forms."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from desktop_app.errors import FormError, UsageProblem
from desktop_app.forms.fill import run_fill
from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form
from desktop_app.forms.xlsform import compile_xlsform, problems

SHIPPED = Path(__file__).parents[2] / "resources" / "forms"

GOOD = """| survey |
| | type | name | label | relevant | bind::be:role | bind::be:ref |
| | text | title | Title |  | title | A1 |
| | date | when | When |  | when_from | A2 |
| | select_multiple area | areas | Areas |  | authority | A3 |
| | begin_group | g | Group | ${when} != '' |  |  |
| | integer | n | How many |  |  |  |
| | end_group | |  |  |  |  |

| choices |
| | list_name | name | label |
| | area | 886 | Kent |

| settings |
| | form_id | form_title | version | namespaces |
| | good | Good | 3 | be="urn:branch-evidence:1" |
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "form.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_sheet_compiles_with_its_custom_columns(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert problems(path) == []
    form = compile_xlsform(path)
    assert (form.id, form.version, form.title) == ("good", "3", "Good")
    assert [question.path for question in form.by_role("authority")] == ["/data/areas"]
    found = form.by_ref("A2")
    assert found is not None
    assert (found.name, found.kind) == ("when", "date")
    assert [(choice.name, choice.label) for choice in form.question("/data/areas").choices] == [("886", "Kent")]
    canonical = etree.tostring(etree.fromstring(form.xml), method="c14n", with_comments=False)
    assert form.package == hashlib.sha256(canonical).hexdigest()


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("${when} != ''", "${wen} != ''", 5, "relevant"),
        ("${when} != ''", "${when} !! ''", 5, "relevant"),
        ("${when} != ''", "frob(${when})", 5, "relevant"),
        ("| integer | n |", "| integer | my n |", 6, "name"),
        ("select_multiple area |", "select_multiple place |", 4, "type"),
        ("| integer | n |", "| intiger | n |", 6, "type"),
        ("| when_from |", "| when_ever |", 3, "bind::be:role"),
        ("${when} != ''", "${n} = 1", 5, "relevant"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, old: str, new: str, row: int, column: str) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    found = problems(written(tmp_path, text))
    assert found
    assert any(problem.where.get("row") == row for problem in found), found
    assert any(problem.where.get("column") == column for problem in found), found
    assert all(problem.what and problem.do for problem in found)


def test_several_wrong_cells_are_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("${when} != ''", "${wen} !! ''").replace("area |", "place |", 1)
    rows = {problem.where["row"] for problem in problems(written(tmp_path, text))}
    assert {4, 5} <= rows


def test_a_branch_evidence_form_needs_its_roles_and_any_other_form_does_not(tmp_path: Path) -> None:
    missing = problems(written(tmp_path, GOOD.replace("| title | A1", "|  | A1")))
    assert any("title" in problem.what for problem in missing)
    plain = (
        "\n".join(line for line in GOOD.splitlines()).replace("bind::be:role", "note1").replace("bind::be:ref", "note2")
    )
    assert problems(written(tmp_path, plain)) == []


def test_a_list_file_is_read_from_beside_the_form_and_missed_when_absent(tmp_path: Path) -> None:
    text = GOOD.replace("select_multiple area", "select_multiple_from_file towns.csv")
    path = written(tmp_path, text)
    assert any("towns.csv" in problem.what for problem in problems(path))
    media = tmp_path / "form-media"
    media.mkdir()
    (media / "towns.csv").write_text("name,label,region\n1,Leeds,north\n2,Hove,south\n", encoding="utf-8-sig")
    assert problems(path) == []
    form = compile_xlsform(path)
    assert set(form.lists) == {"towns.csv"}
    assert form.question("/data/areas").list_file == "towns.csv"
    chosen = FormSession(form).choices("/data/areas")
    assert [(choice.name, choice.label, choice.extra["region"]) for choice in chosen] == [
        ("1", "Leeds", "north"),
        ("2", "Hove", "south"),
    ]


@pytest.mark.parametrize("text", ["", "hello", "| survey |\n| | type |\n"])
def test_a_file_that_is_no_form_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormError):
        compile_xlsform(written(tmp_path, text))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.md")), ids=lambda path: path.stem)
def test_shipped_forms_have_no_problems_and_begin(path: Path) -> None:
    assert problems(path) == []
    session = FormSession(load_form(path.with_suffix(".xml")))
    assert session.problems() == []
    assert session.answers().keys() <= {question.name for question in session.form.root.children}


def test_fill_answers_as_the_command_line_promises(tmp_path: Path) -> None:
    form = compile_xlsform(written(tmp_path, GOOD))
    steps: list[dict[str, Any]] = [
        {"set": "/data/when", "value": "2026-11-22"},
        {"set": "/data/g/n", "value": "many"},
        {"set": "/data/zz", "value": "1"},
        {"add": "/data/zz"},
    ]
    answer = run_fill(form, steps)
    assert [step["status"] for step in answer["steps"]] == ["ok", "ok", "error", "error"]
    assert set(answer) == {"steps", "nodes", "valid", "problems", "answers", "typed"}
    assert answer["nodes"][1] == {
        "path": "/data/when", "relevant": True, "required": False, "readonly": False, "value": "2026-11-22",
    }  # fmt: skip
    assert answer["answers"] == {"when": "2026-11-22"}
    assert answer["typed"] == {"g/n": "many"}
    assert answer["valid"]
    with pytest.raises(UsageProblem):
        run_fill(form, [{"do": "x"}])
