"""The demonstration as a person runs it, and what the office then holds against what was entered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from desktop_app.paths import ProfilePaths
from desktop_app.services.content import Content, leaves
from desktop_app.services.demonstration import invented_records, listed, published_items
from desktop_app.services.profile import Profile, unlock
from desktop_app.services.recording import OpenRecord, open_record

pytestmark = pytest.mark.story
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Played:
    """What `demo DIR --no-window --json` printed, the office's records, and each of them by form and title."""

    told: Mapping[str, Any]
    said: str
    office: Profile
    kent: Profile
    records: dict[tuple[str, str], OpenRecord]

    def of(self, form: str, answers: Mapping[str, Any]) -> OpenRecord:
        title = next(section["title"] for section in answers.values() if "title" in section)
        return self.records[form, title]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("demo") / "a folder with spaces"
    # The guard forbids the network and any import of Qt in the child.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests/cli/guard"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "ui", "demo", str(folder), "--no-window", "--json"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    told = json.loads(done.stdout)
    jsonschema.validate(told, json.loads((ROOT / "tests/cli/schemas/demo.json").read_text("utf-8")))
    opened = {
        who: unlock(ProfilePaths(Path(told["profiles"][who])), passphrase=told["passphrase"])
        for who in ("National office", "Kent")
    }
    office = opened["National office"]
    at_office = [open_record(office, row.id) for row in listed(office)]
    records = {(record.form.id, record.title): record for record in at_office}
    yield Played(told, done.stderr, office, opened["Kent"], records)
    for profile in opened.values():
        profile.close()


def said(content: Content | Mapping[str, Any]) -> list[tuple[str, str]]:
    answers = content.answers if isinstance(content, Content) else content
    return sorted((leaf.template, leaf.value) for leaf in leaves(answers, None))


def test_all_26_published_items_are_at_the_office_whole(played: Played) -> None:
    items = published_items()
    assert len(items) == 26
    for item in items:
        first = played.of("evidence", item["records"][0]["answers"])
        about = first.content.answers["about"]
        assert about.get("authorities", "").split() == item["authorities"], item["id"]
        assert about["when_text"] == item["when"], item["id"]
        assert about["source_reference"] == item["source"], item["id"]
        assert about["strength"] == "document", item["id"]
        for entered in item["records"]:
            there = played.of(entered["form"], entered["answers"])
            assert said(there.content) == said(entered["answers"]), (item["id"], entered["form"])


def test_every_prompt_of_every_published_item_is_answered_at_the_office(played: Played) -> None:
    for item in published_items():
        answered = {
            f"{entered['form']}{template.removeprefix('/data')}"
            for entered in item["records"]
            for template, _ in said(played.of(entered["form"], entered["answers"]).content)
        }
        assert item["prompts"], item["id"]
        for prompt, places in item["prompts"].items():
            assert set(places) <= answered, (item["id"], prompt)


def test_what_was_made_up_arrives_as_it_was_entered(played: Played) -> None:
    for record in invented_records():
        there = played.of(record["form"], record["answers"])
        found = [pair for pair in said(there.content) if not pair[0].endswith("/line_number")]
        assert found == said(record["answers"]), record["key"]
        assert len(there.content.blobs) == len(record.get("attach", ())), record["key"]


def test_nothing_typed_was_misunderstood_or_put_aside(played: Played) -> None:
    for record in played.records.values():
        assert not record.content.typed, record.title
        assert not record.content.aside, record.title


def test_marked_lines_of_the_senco_meeting_are_records_linked_both_ways(played: Played) -> None:
    meeting = next(record for (form, _), record in played.records.items() if form == "senco_meeting")
    marked = [row for row in meeting.content.answers["notes"]["lines"] if row["line_mark"] in ("evidence", "action")]
    became = {link.row: link.record for link in meeting.content.links if link.rel == "became"}
    assert set(became) == {row["_id"] for row in marked}
    by_id = {record.id: record for record in played.records.values()}
    for row in marked:
        made = by_id[became[row["_id"]]]
        assert (made.form.id, made.title) == (row["line_mark"], row["line_text"])
        assert [(link.rel, link.record, link.row) for link in made.content.links] == [
            ("from_line", meeting.id, row["_id"])
        ]


def test_every_line_of_what_the_union_asked_is_exercised(played: Played) -> None:
    from desktop_app.services.coverage import asked_lines

    assert [row["ref"] for row in played.told["coverage"]] == [line.ref for line in asked_lines()]
    assert not [row["ref"] for row in played.told["coverage"] if not row["where"]]


def test_a_question_nobody_answered_is_found_missing(played: Played) -> None:
    """The table can fail: with no record read, only what was made is exercised."""
    from desktop_app.services.coverage import Exercised, asked_lines

    nothing = Exercised()
    nothing.made("blank_form", "Blank form.pdf")
    assert [line.ref for line in asked_lines() if nothing.where(line)] == ["O18"]


def test_the_damaged_copy_was_refused_and_left_nothing(played: Played) -> None:
    assert "is refused, and changes nothing" in played.said
    assert len(played.records) == len(list(listed(played.office)))


def test_the_reply_told_the_branch_what_the_office_has(played: Played) -> None:
    standings = {row.standing_words for row in listed(played.kent)}
    assert any(words.startswith("The office has it") for words in standings), standings
    assert "Office asks a question" in standings


def test_the_branch_went_on_so_that_there_is_something_to_send(played: Played) -> None:
    standings = [row.standing_words for row in listed(played.kent)]
    for words in ("Draft", "Ready to send", "Branch only", "Two versions", "Office asks a question"):
        assert standings.count(words) == 1, words
    assert "Changed since the office's copy" in standings


def test_pdfs_of_every_kind_can_be_read_back(played: Played) -> None:
    from desktop_app.reports.readback import page_count, text_of
    from desktop_app.services.reporting import kinds

    made = played.told["reports"]
    assert {report["kind"] for report in made} == {kind.kind for kind in kinds()}
    for pdf in (Path(report["path"]) for report in made):
        data = pdf.read_bytes()
        assert page_count(data) >= 1, pdf.name
        words = " ".join(text_of(data).split())
        if "shareable" in pdf.name:
            assert "A paper is expected before Christmas" not in words, pdf.name
            assert "Nobody counts these moves" not in words, pdf.name


def test_the_end_says_where_everything_is_and_what_to_try(played: Played) -> None:
    told = played.told
    for path in (*told["profiles"].values(), *told["packs"], *told["replies"]):
        assert Path(path).exists(), path
    read_me = (Path(told["folder"]) / "READ ME FIRST.txt").read_text(encoding="utf-8")
    assert told["passphrase"] in read_me
    assert "What to try" in read_me
    assert f"{len(told['coverage'])} lines, none empty." in read_me


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    from desktop_app.cli import main

    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["demo", str(tmp_path), "--no-window"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_every_answer_at_the_office_is_printed_in_its_records_own_report(played: Played) -> None:
    from desktop_app.forms.wording import in_words
    from desktop_app.reports.readback import text_of
    from desktop_app.services import reporting

    def letters(words: str) -> str:
        return "".join(c for c in words.casefold() if c.isalnum())

    missing = []
    for record in played.records.values():
        pdf, _, _ = reporting.preview(reporting.prepare(played.office, "record", [record.id]))
        printed = letters(text_of(pdf))
        for leaf in leaves(record.content.answers, record.form):
            question = record.form.question(leaf.template)
            for words in in_words(record.form, question, leaf.value).split(", "):
                if letters(words) not in printed:
                    missing.append((record.title, question.name, words))
    assert not missing
