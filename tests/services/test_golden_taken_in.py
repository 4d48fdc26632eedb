"""A file of every version ever released is taken in by today's office, and its reply by today's branch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.exchange.cards import DeviceKeys
from desktop_app.services import office as office_service
from desktop_app.services import receiving, recording
from desktop_app.services.profile import Profile

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
VERSIONS = sorted(path.name for path in GOLDEN.iterdir() if (path / "vectors.json").exists())


@pytest.mark.parametrize("version", VERSIONS)
def test_the_golden_files_are_taken_in(version: str, make_profile: Callable[..., Profile]) -> None:
    folder = GOLDEN / version
    keys = json.loads((folder / "keys.json").read_text())
    found = {each["file"]: each for each in json.loads((folder / "vectors.json").read_text())}
    (file,) = [name for name in found if name.startswith("Leeds-")]
    (reply,) = [name for name in found if name.startswith("Office-")]
    office, branch = make_profile("National office", role="office"), make_profile("Leeds")
    office.keys = DeviceKeys.from_json(json.dumps(keys["office"]["secrets"]))
    branch.keys = DeviceKeys.from_json(json.dumps(keys["branch"]["secrets"]))

    assert receiving.receive(office, [folder / file]).files[0].outcome == "waiting"
    (taken,) = receiving.accept_device(office, keys["branch"]["device"]).files
    assert (taken.outcome, taken.new) == ("added", 1)
    expect = found[file]["expect"]
    opened = recording.open_record(office, expect["record"])
    assert (opened.title, opened.content.answers) == (expect["title"], expect["answers"])
    assert {blob.name: blob.sha256 for blob in opened.content.blobs} == expect["attachments"]

    assert receiving.receive(branch, [folder / "office.officecard"]).files[0].words == office.words
    assert receiving.receive(branch, [folder / reply]).files[0].outcome == "reply"
    assert office_service.policy(branch.store).retention_months == found[reply]["expect"]["retention_months"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_bad_vector_is_refused_and_changes_no_row(version: str, make_profile: Callable[..., Profile]) -> None:
    folder = GOLDEN / version
    keys = json.loads((folder / "keys.json").read_text())
    office = make_profile("National office", role="office")
    office.keys = DeviceKeys.from_json(json.dumps(keys["office"]["secrets"]))
    receiving.receive(office, [path for path in folder.iterdir() if path.name.startswith("Leeds-")])
    receiving.accept_device(office, keys["branch"]["device"])
    before = [office.store.rows(f"select * from {table}") for table in ("revisions", "projection", "blobs", "imports")]
    bad = {
        each["file"]: each["class"]
        for each in json.loads((folder / "vectors.json").read_text())
        if each["class"] != "ok"
    }
    got = receiving.receive(office, [folder / name for name in bad])
    assert {Path(each.path).name: each.code for each in got.files} == bad
    assert {each.outcome for each in got.files} == {"refused"}
    assert before == [
        office.store.rows(f"select * from {table}") for table in ("revisions", "projection", "blobs", "imports")
    ]
    kept = {Path(each.path).read_bytes() for each in receiving.waiting_files(office)}
    assert kept == {(folder / name).read_bytes() for name in bad}
