"""The office's keys by commands alone: two parts tried, a branch helped back in, the keys changed; the paper's yearly look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.paths import ProfilePaths
from desktop_app.services import rescue
from desktop_app.services.profile import unlock

STORY = json.dumps({"about": {"summary": "Told by a SENCO.", "title": "Told by a SENCO", "authorities": "383"}})


def parts_in(folder: Path, parts: list[str]) -> list[str]:
    """Each part in a file of its own, as two people would bring them."""
    folder.mkdir(exist_ok=True)
    for number, part in enumerate(parts, 1):
        (folder / f"part {number}.txt").write_text(part.upper() + "\n", "utf-8")
    return [str(folder / f"part {number}.txt") for number in range(1, len(parts) + 1)]


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, new_line: Any, quickened: Any
) -> tuple[Any, Any, dict[str, Any], dict[str, Any]]:
    """An office, and a branch that agreed to be helped and has sent a file; what each set-up said once."""
    office = new_line(tmp_path_factory.mktemp("office"))
    told = office.run("setup", "--role", "office", "--name", "Policy team").data
    quickened(office)
    card = office.folder / "union.officecard"
    office.run("office-card", str(card))
    leeds = new_line(tmp_path_factory.mktemp("leeds"))
    said = leeds.run(
        "setup", "--role", "branch", "--name", "Leeds", "--office-card", str(card), "--office-may-unlock"
    ).data
    quickened(leeds)
    leeds.run("record", "add", "evidence", STORY, "--state", "ready")
    (pack,) = leeds.run("send", "-o", str(leeds.folder / "out")).data["packs"]
    office.run("receive", pack["path"])
    office.run("devices", "accept", said["device"])
    return office, leeds, told, said


def test_records_set_up_by_command_know_their_groups(both: Any) -> None:
    _, leeds, _, said = both
    profile = unlock(ProfilePaths(leeds.profile), spare_key=said["recovery_code"])
    try:
        assert rescue.can_ask_two(profile), "two groups are enough for the yearly look"
        groups = said["recovery_code"].split("-")
        rescue.check_two(profile, [(3, groups[2]), (8, groups[7])])
        assert rescue.due(profile) == ("", True)
    finally:
        profile.close()


def test_the_office_is_let_in_only_with_its_card(empty: Any) -> None:
    done = empty.run("setup", "--role", "branch", "--name", "Hull", "--office-may-unlock", status=2)
    assert done.data["error"]["code"] == "E-USAGE"
    assert not empty.profile.exists()


def test_two_parts_are_tried(both: Any) -> None:
    office, leeds, told, _ = both
    parts = parts_in(office.folder / "paper", told["recovery_parts"])
    done = office.run("keys", "drill", parts[0], parts[2]).data
    assert (done["opened"], done["of"], done["current"]) == (1, 1, True)
    assert office.run("keys", "drill", parts[0], status=1).data["error"]["code"] == "E-SHARES"
    wrong = office.folder / "wrong.txt"
    wrong.write_text(told["recovery_parts"][1].rpartition(" ")[0] + " zzz", "utf-8")
    assert office.run("keys", "drill", parts[0], str(wrong), status=1).data["error"]["code"] == "E-SHARETYPO"
    assert leeds.run("keys", "drill", *parts[:2], status=1).data["error"]["code"] == "E-RECORD"


def test_a_branch_that_forgot_is_helped_back_in_and_the_keys_are_changed(both: Any) -> None:
    office, leeds, told, said = both
    parts = parts_in(office.folder / "paper", told["recovery_parts"])
    made = office.run("devices", "help", said["device"], *parts[:2], "-o", str(office.folder / "help")).data
    groups, new = leeds.folder / "groups.txt", leeds.folder / "new.txt"
    new.write_text("a wholly new passphrase", "utf-8")
    groups.write_text(said["recovery_code"], "utf-8")
    recover = ("passphrase", "recover", "--spare-key-file", str(groups), "--new-passphrase-file", str(new))
    groups.write_text(made["groups"].replace(made["groups"][0], "0" if made["groups"][0] != "0" else "2", 1), "utf-8")
    typo = leeds.run(*recover, "--office-file", made["path"], status=1, passphrase=False).data
    assert typo["error"]["code"] == "E-SPAREKEYTYPO"
    groups.write_text(made["groups"], "utf-8")
    leeds.run(*recover, "--office-file", made["path"], passphrase=False)
    leeds.passphrase_file.write_text("a wholly new passphrase", "utf-8")
    assert leeds.run("record", "list").data["records"]
    assert leeds.run(*recover, status=1, passphrase=False).data["error"]["code"] == "E-SPAREKEYWRONG", "their work is done"

    renewed = office.run("keys", "renew").data
    assert (renewed["number"], renewed["words"]) == (2, told["words"])
    leeds.run("record", "add", "evidence", STORY, "--state", "ready")
    (early,) = leeds.run("send", "-o", str(leeds.folder / "out")).data["packs"]
    before = office.run("receive", early["path"], "--reply", str(office.folder / "replies")).data
    assert before["files"][0]["outcome"] == "added", "a file for the earlier key"
    leeds.run("receive", *before["replies"])
    shown = leeds.run("keys", "show").data["recipients"]
    assert set(shown) >= set(office.run("keys", "show").data["recipients"])
    leeds.run("send", "-o", str(leeds.folder / "out"))
    newest = max((leeds.folder / "out").glob("*.branchpack"), key=lambda path: path.stat().st_mtime_ns)
    office.run("receive", str(newest))
    fresh = parts_in(office.folder / "new paper", renewed["recovery_parts"])
    done = office.run("keys", "drill", fresh[1], fresh[2]).data
    assert (done["opened"], done["of"]) == (1, 1), "the branch's records are locked for the new key too"
