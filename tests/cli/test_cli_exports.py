"""What is taken out is whole, and nothing in it turns into a formula."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

LONG = "word " * 14_000
FORMULA = '=HYPERLINK("http://example.org","click")'


@pytest.fixture(scope="module")
def filled(leeds):
    """Three records: a plain one with rows and doubts, one with a formula for a title, one with 70,000 letters."""
    ids = []
    records = (
        ("evidence", {"about": {"title": "Plain", "summary": "Ysgol ŵ £5", "topics": "access_and_consequences",
                                "authorities": "886 383", "when_from": "2026-03-14"},
                      "access_and_consequences": {"waits": [{"wait_weeks": "27"}, {"wait_weeks": "about 30"}]}}),
        ("evidence", {"about": {"title": FORMULA, "summary": "-1+2", "topics": "", "authorities": "383"}}),
        ("evidence", {"about": {"title": "Long", "summary": LONG}}),
    )  # fmt: skip
    for form, answers in records:
        done = leeds.run("record", "add", form, "-", "--state", "ready", given=json.dumps(answers))
        ids.append(done.data["id"])
    return leeds, ids


def export(filled, kind: str, name: str, *filters: str):
    line, _ = filled
    out = line.folder / name
    done = line.run("export", "--format", kind, "-o", str(out), *filters)
    assert "not encrypted" in done.err
    return out, done.data["rows"]


def test_xlsx_holds_every_answer_as_text(filled):
    import openpyxl

    out, rows = export(filled, "xlsx", "all.xlsx")
    assert rows == 3
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[0] == "evidence"
    sheet = book["evidence"]
    names = [cell.value for cell in sheet[2]]
    by_title = {row[names.index("about/title")].value: row for row in sheet.iter_rows(min_row=3)}
    formula = by_title[FORMULA][names.index("about/title")]
    assert formula.data_type == "s"
    assert formula.hyperlink is None
    assert by_title["Plain"][names.index("about/authorities")].value == "Kent, Leeds"
    assert by_title["Plain"][names.index("about/when_from")].value.date().isoformat() == "2026-03-14"
    shown = by_title["Long"][names.index("about/summary")].value
    rest = "".join(row[2].value for row in book["Long texts"].iter_rows(min_row=2))
    assert shown[:32_000] + rest == LONG
    assert shown[32_000:] == " […continued on the sheet “Long texts”, row 2]"
    waits = book["evidence-waits"]
    header = [cell.value for cell in waits[2]]
    weeks = [row[header.index("access_and_consequences/waits/wait_weeks")].value for row in waits.iter_rows(min_row=3)]
    assert weeks == [27, "about 30"]


def test_csv_opens_in_excel_and_cannot_run(filled):
    out, _ = export(filled, "csv", "all.csv")
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = {row["about/title"]: row for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))}
    assert "'" + FORMULA in rows
    assert rows["'" + FORMULA]["about/summary"] == "'-1+2"
    assert rows["Plain"]["about/summary"] == "Ysgol ŵ £5"
    assert rows["Long"]["about/summary"] == LONG
    waits = out.with_name("all-evidence-waits.csv")
    assert len(list(csv.DictReader(io.StringIO(waits.read_text("utf-8-sig"))))) == 2


def test_json_matches_its_own_schema(filled):
    out, rows = export(filled, "json", "all.json")
    data = json.loads(out.read_bytes())
    jsonschema.validate(data, json.loads(out.with_name("all.schema.json").read_bytes()))
    assert rows == len(data["records"]) == 3
    line, ids = filled
    shown = line.run("record", "show", ids[0]).data
    record = next(r for r in data["records"] if r["id"] == ids[0])
    assert record["answers"] == shown["answers"]
    assert record["typed"] == shown["typed"]


def test_odk_submissions_are_xml_of_their_form(filled):
    out, rows = export(filled, "odk", "all.zip")
    with zipfile.ZipFile(out) as archive:
        submissions = [name for name in archive.namelist() if name.endswith("submission.xml")]
        trees = [ElementTree.fromstring(archive.read(name)) for name in submissions]
        assert any(name.startswith("forms/evidence/") for name in archive.namelist())
    assert rows == len(submissions) == 3
    assert {tree.get("id") for tree in trees} == {"evidence"}
    summaries = {tree.findtext("{*}about/{*}summary") for tree in trees}
    assert "Ysgol ŵ £5" in summaries


def test_odk_of_one_record_is_one_xml(filled):
    line, _ = filled
    done = line.run("export", "--format", "odk", "-o", str(line.folder / "x.xml"), status=2)
    assert "3 records" in done.data["error"]["what"]
    assert not (line.folder / "x.xml").exists()


def test_sqlite_is_plain_and_holds_no_key(filled):
    out, rows = export(filled, "sqlite", "all.sqlite")
    with sqlite3.connect(out) as database:
        (count,) = database.execute("select count(*) from all_records").fetchone()
        answers = dict(database.execute("select path, value from all_answers where value like 'Ysgol%'"))
        (weeks,) = database.execute('select count(*) from "evidence_waits"').fetchone()
    database.close()
    assert rows == count == 3
    assert answers == {"about/summary": "Ysgol ŵ £5"}
    assert weeks == 2
    assert b"AGE-SECRET-KEY" not in out.read_bytes()


def test_filters_choose_what_goes_out(filled):
    _, rows = export(filled, "json", "kent.json", "--authority", "886")
    assert rows == 1


@pytest.mark.parametrize(
    ("option", "given", "possible"),
    [
        ("--form", "evidnce", "evidence, senco_meeting"),
        ("--strength", "strong", "first_hand, second_hand, document"),
        ("--permission", "yes", "quote, use_without_quoting, background_only, not_agreed_yet"),
    ],
)
def test_a_value_that_nothing_has_is_refused_and_not_counted_as_nothing(filled, option, given, possible):
    line, _ = filled
    out = line.folder / "refused"
    for words in (
        ["export", "--format", "json", "-o", str(out)],
        ["stats", "--by", "form"],
        ["report", "branch_summary", "-o", f"{out}.pdf"],
        ["search", "Plain"],
    ):
        refused = line.run(*words, option, given, status=2).data["error"]
        assert f"“{given}” is not " in refused["what"] and possible in refused["do"], words
    assert not out.exists() and not Path(f"{out}.pdf").exists()


def test_a_place_that_cannot_be_written_leaves_nothing(filled):
    line, _ = filled
    out = line.folder / "no such folder" / "x.sqlite"
    for kind in ("sqlite", "xlsx", "json"):
        done = line.run("export", "--format", kind, "-o", str(out), status=1)
        assert done.data["error"]["code"].startswith("E-")
        assert done.data["error"]["code"] != "E-BUG"
    assert not out.parent.exists()


def test_what_is_new_since_a_file(leeds, office):
    """In every format, by the name the file came with."""
    card = office.folder / "union.officecard"
    office.run("office-card", str(card))
    leeds.run("receive", str(card))
    names = []
    leeds.run("record", "add", "evidence", json.dumps({"about": {"title": "Before"}}), "--state", "ready")
    before = leeds.run("send", "-o", str(leeds.folder / "out")).data["packs"][0]["path"]  # with what other tests wrote
    office.run("receive", before)
    (waiting,) = [each for each in office.run("devices").data["devices"] if each["state"] == "waiting"]
    office.run("devices", "accept", waiting["id"])
    for number in (1, 2, 3):
        story = {"about": {"summary": f"Told by SENCO {number}.", "title": f"Story {number}", "authorities": "383"}}
        leeds.run("record", "add", "evidence", json.dumps(story), "--state", "ready")
        pack = leeds.run("send", "-o", str(leeds.folder / "out")).data["packs"][0]["path"]
        office.run("receive", pack)
        names.append(Path(pack).name)
    for number, name in enumerate(names, start=1):
        titles = [f"Story {n}" for n in range(3, number - 1, -1)]
        listed = office.run("record", "list", "--new-since", name).data["records"]
        assert [row["title"] for row in listed] == titles
        for form in ("json", "csv", "xlsx"):
            out = office.folder / f"new {number}.{form}"
            assert office.run("export", "--format", form, "-o", str(out), "--new-since", name).data["rows"] == len(
                titles
            )
        counted = office.run("stats", "--by", "form", "--new-since", f"/somewhere/else/{name}").data["rows"]
        assert sum(row["records"] for row in counted) == len(titles)
    unknown = office.run(
        "export", "--format", "json", "-o", str(office.folder / "x"), "--new-since", "nothing", status=1
    )
    assert "No file “nothing” was added here." in unknown.data["error"]["what"]
    assert not (office.folder / "x").exists()
