"""Forms listed, shown, checked and added; `fill` on a shipped form, a file, and standard input."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

XLSFORM = """
| survey |  |  |  |  |
| | type | name | label | relevant | constraint |
| | integer | age | How many weeks? |  | . >= 0 |
| | text | why | Why so long? | ${age} > 20 |  |
| | begin_repeat | steps | Steps |  |  |
| | text | what | What was done? |  |  |
| | end_repeat |  |  |  |  |
| settings |  |  |
| | form_id | form_title |
| | waits | Waiting |
"""


@pytest.fixture
def form(empty):
    path = empty.folder / "waits.md"
    path.write_text(XLSFORM, "utf-8")
    return path


def fill(line, form, steps, *more):
    return line.run("fill", str(form), json.dumps(steps), *more, passphrase=False).data


def test_list_without_records_is_the_shipped_forms(empty):
    ids = [entry["id"] for entry in empty.run("forms", "list", passphrase=False).data["forms"]]
    assert ids == ["evidence", "senco_meeting", "meeting", "plan", "forum_questions", "action"]


def test_show_names_question_and_choices(empty):
    questions = empty.run("forms", "show", "evidence", passphrase=False).data["questions"]
    by_path = {q["path"]: q for q in questions}
    assert by_path["/data/about/authorities"]["list_file"] == "local_authorities.csv"
    assert {"name", "label"} <= set(by_path["/data/about/strength"]["choices"][0])


def test_fill_a_form_as_collect_would(empty, form):
    steps = [
        {"set": "/data/age", "value": "27"},
        {"set": "/data/why", "value": "No psychologist"},
        {"set": "/data/age", "value": "-1"},
        {"set": "/data/steps[1]/what", "value": "Asked"},
        {"add": "/data/steps"},
        {"set": "/data/steps[2]/what", "value": "Asked again"},
        {"remove": "/data/steps[1]"},
        {"set": "/data/nothing", "value": "x"},
    ]
    answer = fill(empty, form, steps)
    assert [step["status"] for step in answer["steps"]] == ["ok", "ok", "constraint", "ok", "ok", "ok", "ok", "error"]
    values = {node["path"]: node["value"] for node in answer["nodes"]}
    assert values["/data/age"] == "27"
    assert values["/data/steps[1]/what"] == "Asked again"
    assert "/data/steps[2]/what" not in values
    assert answer["valid"] is True


def test_what_is_hidden_keeps_its_value_but_not_in_the_submission(empty, form):
    out = empty.folder / "submission.xml"
    steps = [
        {"set": "/data/age", "value": "27"},
        {"set": "/data/why", "value": "Kept"},
        {"set": "/data/age", "value": "3"},
    ]
    answer = fill(empty, form, steps, "--out-xml", str(out))
    why = next(node for node in answer["nodes"] if node["path"] == "/data/why")
    assert (why["relevant"], why["value"]) == (False, "Kept")
    tree = ElementTree.fromstring(out.read_bytes())
    assert tree.findtext("{*}age") == "3"
    assert tree.find("{*}why") is None


def test_fill_reads_the_form_and_then_the_steps_from_standard_input(empty, form):
    by_form = empty.run("fill", "-", "[]", "--seed", "1", given=XLSFORM.lstrip(), passphrase=False).data
    by_steps = empty.run("fill", str(form), "-", "--seed", "1", given="[]", passphrase=False).data
    assert by_form == by_steps


def test_the_clock_and_the_seed_can_be_fixed(empty):
    first = fill(empty, "evidence", [], "--now", "2026-11-22T09:30:00+00:00", "--seed", "1")
    again = fill(empty, "evidence", [], "--now", "2026-11-22T09:30:00+00:00", "--seed", "1")
    assert first == again


@pytest.mark.parametrize("words", [["--now", "yesterday"], ["--seed", "x"]])
def test_fill_refuses_a_clock_it_cannot_read(empty, words):
    empty.run("fill", "evidence", "[]", *words, status=2, passphrase=False)


@pytest.mark.parametrize("steps", ["{}", "[1]", "nonsense.json"])
def test_steps_must_be_a_list_of_objects(empty, steps):
    done = empty.run("fill", "evidence", steps, status=None, passphrase=False)
    assert done.status in (1, 2)
    assert "error" in done.data


def test_check_says_where(empty):
    bad = empty.folder / "bad.md"
    bad.write_text(XLSFORM.replace("${age} > 20", "${weeks} > 20"), "utf-8")
    done = empty.run("forms", "check", str(bad), status=1, passphrase=False)
    assert done.data["problems"]
    assert any("weeks" in problem["what"] for problem in done.data["problems"])


def test_a_form_of_anybodys_is_added_filled_and_listed(leeds, tmp_path):
    path = tmp_path / "waits.md"
    path.write_text(XLSFORM, "utf-8")
    leeds.run("forms", "add", str(path))
    assert "waits" in [entry["id"] for entry in leeds.run("forms", "list").data["forms"]]
    added = leeds.run("record", "add", "waits", '{"age": "30", "steps": [{"what": "One"}, {"what": "Two"}]}').data
    shown = leeds.run("record", "show", added["id"]).data
    assert [row["what"] for row in shown["answers"]["steps"]] == ["One", "Two"]
    assert added["id"] in [row["id"] for row in leeds.run("record", "list", "--form", "waits").data["records"]]


ANY_ROOT = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Household</h:title><model>
<instance><household id="household" version="1"><head_name/><person jr:template=""><age/></person></household></instance>
<bind nodeset="/household/head_name" type="string"/><bind nodeset="/household/person/age" type="int"/></model></h:head>
<h:body><input ref="/household/head_name"><label>Who is the head of the household?</label></input>
<group ref="/household/person"><label>Person</label><repeat nodeset="/household/person">
<input ref="/household/person/age"><label>How old?</label></input></repeat></group></h:body></h:html>"""


def test_a_form_whose_root_has_another_name_works_like_any(leeds, tmp_path):
    path = tmp_path / "household.xml"
    path.write_text(ANY_ROOT, "utf-8")
    leeds.run("forms", "add", str(path))
    answers = '{"head_name": "Winifred Marsh", "person": [{"age": "41"}, {"age": "9"}]}'
    added = leeds.run("record", "add", "household", answers).data
    shown = leeds.run("record", "show", added["id"])
    assert [row["age"] for row in shown.data["answers"]["person"]] == ["41", "9"]
    assert (
        "Who is the head of the household?: Winifred Marsh"
        in leeds.run("record", "show", added["id"], json_out=False).out
    )
    # The list's search and the export know the answer by its question.
    assert added["id"] in [row["id"] for row in leeds.run("search", "Winifred").data["records"]]
    leeds.run("export", "--format", "csv", "-o", str(tmp_path / "out"))
    exported = "".join(file.read_text("utf-8-sig") for file in (tmp_path / "out").rglob("*.csv"))
    assert "Winifred Marsh" in exported and "head_name" in exported


def test_a_changed_form_needs_a_higher_version(leeds, tmp_path):
    path = tmp_path / "household.xml"

    def add(version, label, **expect):
        text = ANY_ROOT.replace('version="1"', f'version="{version}"').replace("How old?", label)
        path.write_text(text, "utf-8")
        return leeds.run("forms", "add", str(path), **expect).data

    add("10", "How old?")
    for version, label, why in (
        ("10", "How old?", "in use already"),
        ("10", "What age?", "Its version is “10”"),
        ("9", "What age?", "higher version"),
    ):
        refused = add(version, label, status=1)["error"]
        assert why in refused["what"] and refused["safe"] == "The form in use stays."
    assert add("11", "What age?")["forms"][0]["version"] == "11"
    assert "in use before" in add("10", "How old?", status=1)["error"]["what"]


def test_a_form_that_cannot_begin_is_not_taken_into_use(leeds, tmp_path):
    path = tmp_path / "household.xml"
    path.write_text(
        ANY_ROOT.replace('id="household"', 'id="stuck"').replace('type="string"/>', 'calculate="round()"/>'), "utf-8"
    )
    refused = leeds.run("forms", "add", str(path), status=1).data["error"]
    assert "round()" in refused["what"]
    assert "stuck" not in [entry["id"] for entry in leeds.run("forms", "list").data["forms"]]


def workbook(path, survey, **sheets):
    """An Excel file as the office would save it: one sheet for each part of the form, numbers as numbers."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in {"survey": survey, **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_form_made_in_excel_is_checked_added_and_filled(leeds, tmp_path):
    survey = [
        ["type", "name", "label", "constraint", "required"],
        ["integer", "weeks", "How many weeks?", ". <= 200", None],
        ["select_one yes_no", "late", "Was it late?", None, "yes"],
    ]
    choices = [["list_name", "name", "label"], ["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]]
    settings = [["form_id", "form_title", "version"], ["excel_waits", "Waits, from Excel", 2026112201]]
    path = workbook(tmp_path / "waits in excel.xlsx", survey, choices=choices, settings=settings)
    assert leeds.run("forms", "check", str(path)).data == {"problems": []}
    assert leeds.run("forms", "check", "-", given=path.read_bytes()).data == {"problems": []}
    [added] = leeds.run("forms", "add", str(path)).data["forms"]
    assert (added["id"], added["title"], added["questions"]) == ("excel_waits", "Waits, from Excel", 2)
    gaps = leeds.run("record", "add", "excel_waits", '{"weeks": 27}').data["gaps"]
    assert [gap["path"] for gap in gaps] == ["/data/late"]


def test_check_of_an_excel_file_names_sheet_row_and_column(empty):
    survey = [["type", "name", "label"], ["select_one colours", "colour", "Which?"], ["text", "colour", "Again?"]]
    path = workbook(empty.folder / "bad.xlsx", survey, choices=[["list_name", "name", "label"]])
    found = empty.run("forms", "check", str(path), status=1, passphrase=False).data["problems"]
    assert any(problem["where"]["sheet"] == "survey" and problem["where"]["row"] in (2, 3) for problem in found)
    assert all(problem["do"] for problem in found)


@pytest.mark.parametrize("folder", ["", "towns-media"])
def test_lists_are_found_beside_the_form_and_then_in_its_media_folder(empty, folder):
    survey = [
        ["type", "name", "label", "choice_filter"],
        ["select_one_from_file regions.csv", "region", "Region", None],
        ["select_one_from_file towns.csv", "town", "Town", "region = ${region}"],
    ]
    path = workbook(empty.folder / "towns.xlsx", survey, settings=[["form_id", "form_title"], ["towns", "Towns"]])
    lists = empty.folder / folder
    lists.mkdir(exist_ok=True)
    (lists / "regions.csv").write_text("name,label\nn,North\ns,South\n", "utf-8")
    (lists / "towns.csv").write_text("name,label,region\nleeds,Leeds,n\nhove,Hove,s\n", "utf-8")
    steps = [
        {"set": "/data/region", "value": "s"},
        {"set": "/data/town", "value": "hove"},
        {"set": "/data/region", "value": "n"},
        {"set": "/data/town", "value": "leeds"},
    ]
    answer = fill(empty, path, steps)
    assert [step["status"] for step in answer["steps"]] == ["ok"] * 4
    assert answer["answers"] == {"region": "n", "town": "leeds"}
    if folder:
        # What lies beside the form comes first.
        (empty.folder / "towns.csv").write_text("name,label,region\nyork,York,n\n", "utf-8")
        beside = fill(empty, path, [{"set": "/data/region", "value": "n"}, {"set": "/data/town", "value": "york"}])
        assert beside["answers"] == {"region": "n", "town": "york"}


def test_a_form_that_is_not_one(empty):
    bad = empty.folder / "letter.xml"
    bad.write_text("<letter>Dear all</letter>", "utf-8")
    assert empty.run("fill", str(bad), "[]", status=1, passphrase=False).data["error"]["code"] == "E-FORM"


def test_what_the_compiler_advises_is_shown_and_is_no_problem(empty, tmp_path):
    sheet = tmp_path / "advice.md"
    sheet.write_text(
        "| survey |\n| | type | name | label::English (en) | label::French (fr) | hint::English (en) |\n"
        "| | begin repeat | waits | | | |\n| | select_one area | where | Where? | Où ? | One. |\n| | end repeat | | | | |\n"
        "| choices |\n| | list_name | name | label |\n| | area | north | North |\n| | area | south | |\n",
        encoding="utf-8",
    )
    done = empty.run("forms", "check", str(sheet))
    told = {(line["where"]["sheet"], line["where"]["row"]): line["what"] for line in done.data["advice"]}
    assert told["survey", 2] == "“waits” has no heading."
    assert told["choices", 3] == "A choice has no label."
    assert any("French (fr)" in what for what in told.values())
