"""Taking records out: whole, formula-safe, read back equal, for whom it is, in flat memory, and nothing left when stopped."""

from __future__ import annotations

import csv
import json
import sqlite3
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop_app.errors import FileProblem, Undecided, UsageProblem
from desktop_app.records.revision import Stamp
from desktop_app.records.state import Candidate, TwoVersions
from desktop_app.services import copies, export_csv, export_xlsx, exporting, recording, sharing
from desktop_app.services.export_gathering import Gathering
from desktop_app.services.export_tables import Cell, Column, Tables
from desktop_app.services.profile import Profile
from desktop_app.storage.projection import Filters

HOSTILE = (
    "=1+1",
    "+44 7700 900123",
    "-2",
    "@SUM(A1)",
    "=x\ty",
    "https://example.org/x",
    "ŵ £5 😀 ਪੰਜਾਬੀ",
    "a\nb",
    "007",
    "1e5",
)


def add(profile: Profile, summary: str, *, title: str = "Told", waits: Any = None, **about: Any) -> str:
    answers: dict[str, Any] = {"about": {"title": title, "summary": summary, "authorities": "886", **about}}
    if waits:
        answers["about"]["topics"] = "access_and_consequences"
        answers["access_and_consequences"] = {"waits": waits}
    return recording.add_record(profile, "evidence", answers, state="ready").id


def columns_of(sheet: Any) -> list[str]:
    return [cell.value for cell in sheet[2]]


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    names = columns_of(sheet)
    return [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=3, values_only=True)]


def test_hostile_text_comes_back_equal_and_is_never_a_formula(branch: Profile, tmp_path: Path) -> None:
    for number, text in enumerate(HOSTILE):
        add(branch, text, title=f"Number {number}")
    out = tmp_path / "all.xlsx"
    assert exporting.export(branch, "xlsx", out).rows == len(HOSTILE)
    sheet = openpyxl.load_workbook(out)["evidence"]
    place = columns_of(sheet).index("about/summary")
    cells = [row[place] for row in sheet.iter_rows(min_row=3)]
    assert {cell.value for cell in cells} == set(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"} and not any(cell.hyperlink for cell in cells)
    exporting.export(branch, "csv", tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["about/summary"] for row in csv.DictReader(file)}
    assert {text.removeprefix("'") for text in told} == set(HOSTILE)
    assert all(text[0] not in "=+-@\t\r" or text == "-2" for text in told)


def test_a_sheet_can_be_read_as_it_opens(branch: Profile, tmp_path: Path) -> None:
    """Rows as tall as their words, up to five lines; no heading is there twice; numbers as in the union's papers."""
    add(branch, "Short.")
    add(branch, "Words that go on. " * 400)
    out = tmp_path / "all.xlsx"
    exporting.export(branch, "xlsx", out)
    sheet = openpyxl.load_workbook(out)["evidence"]
    heads = [cell.value for cell in sheet[1]]
    assert len(heads) == len(set(heads)) and not any(head.startswith("ABOUT") for head in heads)
    refused = "2.1.1a  Does the authority turn down first requests for an assessment of need as a matter of course?"
    assert refused in heads
    assert "2.1.1a  What else can you say about this?" in heads and "2.1.1a (code)" in heads
    assert sheet.freeze_panes == "C3" and sheet.column_dimensions["A"].width < 15
    heights = {row[0].row: sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows(min_row=3)}
    summary = columns_of(sheet).index("about/summary")
    tall = {len(sheet.cell(row, summary + 1).value): height for row, height in heights.items()}
    assert tall[max(tall)] == 5 * export_xlsx.LINE and (tall[min(tall)] or export_xlsx.LINE) < 3 * export_xlsx.LINE


def test_codes_and_labels_references_and_links_both_ways(branch: Profile, tmp_path: Path) -> None:
    add(branch, "Plain")
    record = add(branch, "Rows", permission="quote", waits=[{"wait_weeks": "27"}, {"wait_weeks": "30"}])
    out = tmp_path / "all.xlsx"
    exporting.export(branch, "xlsx", out)
    book = openpyxl.load_workbook(out)
    sheet, waits = book["evidence"], book["evidence-waits"]
    rows = {row["record"]: row for row in rows_of(sheet)}
    assert rows[record]["about/permission [code]"] == "quote" and rows[record]["about/permission"] != "quote"
    assert rows[record]["reference"] == recording.open_record(branch, record).reference
    count = columns_of(sheet).index("access_and_consequences/waits#")
    (there,) = [row[count] for row in sheet.iter_rows(min_row=3) if row[count].value]
    assert there.value == "2" and there.hyperlink.location == "'evidence-waits'!A3"
    back = waits.cell(3, columns_of(waits).index("reference") + 1).hyperlink.location
    assert sheet.cell(int(back.rpartition("!A")[2]), 1).value == record
    meanings = {(r["question"], r["code"]): r["label"] for r in rows_of(book["codes"])}
    assert meanings["about/permission", "quote"] == rows[record]["about/permission"]
    described = {r["column"]: r["question"] for r in rows_of(book["questions"])}
    ours = {name for name in columns_of(sheet)[9:] if not name.endswith(("[code]", "#"))}
    assert ours <= set(described)
    assert any(label[:1].isdigit() for label in described.values()), "the papers' numbers stand before the questions"


def test_answers_of_an_earlier_form_have_columns_of_their_own(branch: Profile) -> None:
    record = recording.open_record(branch, add(branch, "Told"))
    earlier = {"about": {"old_question": {"label": "What was asked once", "value": "yes", "words": "Yes"}}}
    record.content.answers["earlier"] = earlier
    with Tables() as tables:
        Gathering(tables).add(record)
        table = next(iter(tables))
        column = next(one for one in table.columns if one.name == "earlier/about/old_question")
        (row,) = table.rows()
        assert column.label == "Earlier form: What was asked once"
        assert row[table.columns.index(column)] == Cell("yes", "Yes")


def test_two_versions_are_marked_and_both_written(branch: Profile) -> None:
    opened = recording.open_record(branch, add(branch, "One"))
    stamp = Stamp("2026-11-22T10:00:00Z", 0, 1)
    one = Candidate("One", "r1:a", "d", "Leeds", stamp)
    both = TwoVersions("about/summary", (one, replace(one, value="Two", rev="r1:b", branch="Office")))
    with Tables() as tables:
        Gathering(tables).add(replace(opened, two_versions=(both,)))
        found = {table.name: table for table in tables}
        names = [column.name for column in found["evidence"].columns]
        (row,) = found["evidence"].rows()
        assert row[names.index("two_versions")].value == "about/summary"
        versions = [[cell.value for cell in line] for line in found["two versions"].rows()]
        assert [line[-2] for line in versions] == ["One", "Two"]
        assert [line[-3] for line in versions] == ["Leeds", "Office"]


def test_who_it_is_for_decides_what_is_in_it(branch: Profile, tmp_path: Path) -> None:
    add(branch, "Everybody may read that the quay is blocked.", permission="quote")
    add(branch, "Nobody agreed to the lighthouse.", permission="not_agreed_yet")
    private = {"about": {"title": "Private", "summary": "A harbour"}}
    recording.mark_ready(branch, recording.start(branch, "evidence", private, branch_only=True))

    def said(audience: str) -> str:
        exporting.export(branch, "csv", tmp_path / f"{audience}.csv", audience=audience)
        return "".join(path.read_text("utf-8-sig") for path in tmp_path.glob(f"{audience}*.csv"))

    own, union, shareable = said("own"), said("union"), said("shareable")
    assert "harbour" in own and "lighthouse" in own
    assert "harbour" not in union and "Private" not in union and "lighthouse" in union
    assert "quay" in shareable and "lighthouse" not in shareable and "harbour" not in shareable
    assert "not agreed yet" in shareable
    for kind in ("json", "odk", "sqlite"):
        with pytest.raises(UsageProblem):
            exporting.export(branch, kind, tmp_path / "x", audience="shareable")
    assert not (tmp_path / "x").exists()


def test_a_shareable_one_waits_for_decisions_too(branch: Profile, tmp_path: Path) -> None:
    add(branch, "A boy called Kayden waits.", permission="quote")
    out = tmp_path / "shared.xlsx"
    with pytest.raises(Undecided) as refused:
        exporting.export(branch, "xlsx", out, audience="shareable")
    assert refused.value.found[0]["text"] == "Kayden" and not out.exists()
    decisions = sharing.decisions_from([{"text": "Kayden", "do": "replace", "words": "Pupil A"}])
    exporting.export(branch, "xlsx", out, audience="shareable", decisions=decisions)
    (row,) = rows_of(openpyxl.load_workbook(out)["evidence"])
    assert row["about/summary"] == "A boy called Pupil A waits."
    exporting.export(branch, "xlsx", out, audience="shareable", leave_out_the_rest=True)
    assert "[left out]" in rows_of(openpyxl.load_workbook(out)["evidence"])[0]["about/summary"]


def test_every_format_holds_the_records_the_filters_find(branch: Profile, tmp_path: Path) -> None:
    add(branch, "One", authorities="886", permission="quote", when_from="2026-01-10", strength="first_hand")
    add(branch, "Two", authorities="383", permission="background_only", when_from="2026-05-10")
    recording.start(branch, "evidence", {"about": {"title": "A draft", "authorities": "886"}})
    sizes = set()
    for filters in (
        Filters(), Filters(authority="886"), Filters(authority="383"), Filters(region="south_east"), Filters(form="evidence"),
        Filters(permission="quote"), Filters(strength="first_hand"), Filters(since="2026-03-01"), Filters(until="2026-03-01"),
        Filters(standing="ready"), Filters(standing="draft"), Filters(programme="SV"), Filters(concern=True),
        Filters(question="ABOUT12"), Filters(question="ABOUT12", answer="quote"), Filters(branch="Leeds"),
    ):  # fmt: skip
        wanted = {row.id for row in recording.list_records(branch, filters).rows}
        sizes.add(len(wanted))
        out = tmp_path / "some.json"
        assert exporting.export(branch, "json", out, filters).rows == len(wanted)
        assert {one["id"] for one in json.loads(out.read_bytes())["records"]} == wanted, filters
        exporting.export(branch, "sqlite", tmp_path / "some.db", filters)
        with sqlite3.connect(tmp_path / "some.db") as database:
            assert {row[0] for row in database.execute("select record from all_records")} == wanted
        database.close()
    assert sizes >= {0, 1, 2, 3}


@pytest.mark.parametrize("kind", exporting.FORMATS)
def test_stopped_half_way_it_leaves_nothing(branch: Profile, tmp_path: Path, kind: str) -> None:
    for number in range(4):
        add(branch, f"Number {number}", waits=[{"wait_weeks": "27"}])
    whole = tmp_path / "whole"
    whole.mkdir()
    many = sum(1 for _ in exporting.export_steps(branch, kind, whole / f"x.{kind}"))
    assert many >= 4 and copies.outside(branch)
    for stop in range(1, many + 1):
        folder = tmp_path / f"{kind} {stop}"
        folder.mkdir()
        steps = exporting.export_steps(branch, kind, folder / f"x.{kind}")
        for _ in range(stop):
            next(steps)
        steps.close()
        assert list(folder.iterdir()) == [], stop


def test_what_was_written_is_known_as_lying_outside(branch: Profile, tmp_path: Path) -> None:
    add(branch, "Told", waits=[{"wait_weeks": "27"}])
    exporting.export(branch, "csv", tmp_path / "all.csv")
    exporting.export(branch, "json", tmp_path / "all.json")
    assert {Path(one.path).name for one in copies.outside(branch)} == {"all.csv", "all.json"}
    assert copies.delete(branch, [one.path for one in copies.outside(branch)]) == []
    assert list(tmp_path.glob("all*")) == [], "the tables beside and the schema go as well"
    assert copies.missing(branch) == []
    exporting.export(branch, "xlsx", tmp_path / "all.xlsx")
    (tmp_path / "all.xlsx").rename(tmp_path / "moved.xlsx")
    (gone,) = copies.missing(branch)
    assert gone.file.name == "all.xlsx"
    copies.forget(branch, [gone.path])
    assert copies.missing(branch) == []


def many_rows(tables: Tables, count: int) -> None:
    record = tables.of("evidence", "Evidence", ("record",))
    rows = tables.of("evidence-waits", "Waits", ("record", "reference"))
    record.column(Column("about/permission", "Permission", "select_one", coded=True))
    record.column(Column("about/summary", "Summary", "text"))
    for number in range(count):
        words = f"{number} " + "what was told, and told again " * 8
        told = {"record": Cell(str(number), str(number)), "about/permission": Cell("quote", "May be quoted")}
        at = record.add({**told, "about/summary": Cell(words, words)})
        rows.add({"record": Cell(str(number), str(number)), "reference": Cell("LEE", "LEE", ("evidence", at))})


def peak_of(steps: Iterator[int]) -> int:
    tracemalloc.start()
    for _ in steps:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_ten_times_the_rows_need_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 10_000):
        with Tables() as tables:
            many_rows(tables, count)
            peaks.append(peak_of(export_csv.write(tables, tmp_path / f"{count}.csv")))
    assert peaks[1] < peaks[0] * 1.5 + 1_000_000, peaks


def test_a_workbook_is_written_in_flat_memory_but_for_its_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_xlsx, "MOST_LINKS", 100)
    peaks = []
    for count in (500, 5_000):
        with Tables() as tables:
            many_rows(tables, count)
            peaks.append(peak_of(export_xlsx.write(tables, tmp_path / f"{count}.xlsx")))
    assert peaks[1] < peaks[0] * 1.5 + 1_000_000, peaks


def test_a_sheet_that_is_full_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_xlsx, "MOST_ROWS", 12)
    with Tables() as tables:
        many_rows(tables, 25)
        for _ in export_xlsx.write(tables, tmp_path / "full.xlsx"):
            pass
    book = openpyxl.load_workbook(tmp_path / "full.xlsx")
    told = [row["record"] for name in ("evidence", "evidence 2", "evidence 3") for row in rows_of(book[name])]
    assert told == [str(number) for number in range(25)]


def test_no_room_for_its_parts_is_said_as_one_and_leaves_nothing(
    branch: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(branch, "Told")
    parts = tmp_path / "parts"
    parts.mkdir()
    monkeypatch.setattr(export_xlsx, "private_folder", lambda: parts / "gone")
    monkeypatch.setattr(export_xlsx, "remove_tree", lambda _folder: None)
    with pytest.raises(FileProblem):
        exporting.export(branch, "xlsx", tmp_path / "all.xlsx")
    assert not (tmp_path / "all.xlsx").exists()
