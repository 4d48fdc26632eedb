"""A branch sends, the office receives and replies, by commands alone; what is damaged changes nothing."""

from __future__ import annotations

import json
import shutil

import pytest

STORY = {"about": {"summary": "Told by a SENCO: ŵ £1.2m, Year 4.", "title": "Told by a SENCO", "authorities": "383"}}


@pytest.fixture(scope="module")
def introduced(leeds, office):
    """The office's card added to the branch's records."""
    card = office.folder / "union.officecard"
    words = office.run("office-card", str(card)).data["words"]
    assert leeds.run("receive", str(card)).data["words"] == words
    return leeds, office


@pytest.fixture(scope="module")
def sent(introduced):
    """One record with an attachment in one file, and a draft that stays."""
    leeds, _ = introduced
    note = leeds.folder / "minutes.txt"
    note.write_text("Minutes of the forum.", "utf-8")
    added = leeds.run(
        "record", "add", "evidence", json.dumps(STORY), "--attach", str(note), "--state", "ready"
    ).data
    draft = leeds.run("record", "add", "evidence", '{"about": {"summary": "Not yet"}}').data
    done = leeds.run("send", "-o", str(leeds.folder / "out")).data
    return leeds, introduced[1], added["id"], draft["id"], done


def pack_of(sent):
    return sent[4]["packs"][0]["path"]


def test_without_the_card_nothing_can_be_sent(empty):
    empty.run("setup", "--role", "branch", "--name", "Hull")
    empty.run("record", "add", "evidence", json.dumps(STORY), "--state", "ready")
    done = empty.run("send", "-o", str(empty.folder / "out"), status=1)
    assert done.data["error"]["code"] == "E-NOCARD"
    assert not list(empty.folder.glob("out/*"))


def test_send_says_what_went_and_what_stayed(sent):
    _, _, record, draft, done = sent
    assert [pack["records"] for pack in done["packs"]] == [1]
    assert draft in [held["id"] for held in done["held"]]
    assert record not in [held["id"] for held in done["held"]]
    assert pack_of(sent).endswith(".branchpack")


def test_verify_from_outside_and_inside(sent):
    _, office, _, _, done = sent
    outside = office.run("verify", pack_of(sent), passphrase=False).data
    assert outside["recipients"] >= 3
    assert "header" not in outside
    inside = office.run("verify", pack_of(sent)).data
    assert inside["signature"] == "holds"
    assert inside["revisions"] == done["packs"][0]["revisions"]


def test_verify_from_standard_input(sent):
    _, office, _, _, _ = sent
    with open(pack_of(sent), "rb") as file:
        assert office.run("verify", "-", given=file.read(), passphrase=False).data["age"] is True


def test_unknown_laptop_waits_is_accepted_and_the_reply_arrives(sent):
    leeds, office, record, _, _ = sent
    looked = office.run("receive", pack_of(sent), "--preview").data
    assert looked["import"] is None
    first = office.run("receive", pack_of(sent)).data
    assert [f["outcome"] for f in first["files"]] == ["waiting"]
    assert not office.run("record", "list").data["records"]
    (waiting,) = [d for d in office.run("devices").data["devices"] if d["state"] == "waiting"]
    assert waiting["words"] == first["files"][0]["words"]
    replies = office.folder / "replies"
    accepted = office.run("devices", "accept", waiting["id"], "--reply", str(replies)).data
    assert [f["outcome"] for f in accepted["files"]] == ["added"]
    shown, own = office.run("record", "show", record).data, leeds.run("record", "show", record).data
    assert shown["answers"] == own["answers"]
    assert [a["sha256"] for a in shown["attachments"]] == [a["sha256"] for a in own["attachments"]]

    again = office.run("receive", pack_of(sent), "--reply", str(replies)).data
    assert [(f["outcome"], f["new"], f["changed"]) for f in again["files"]] == [("already", 0, 0)]
    assert again["replies"]
    taken = leeds.run("receive", *again["replies"]).data
    assert [f["outcome"] for f in taken["files"]] == ["reply"]
    assert leeds.run("record", "show", record).data["standing"].startswith("The office has it, ")


def test_undo_and_again(sent):
    leeds, office, _, _, _ = sent
    new = leeds.run("record", "add", "evidence", json.dumps(STORY), "--state", "ready").data["id"]
    pack = leeds.run("send", new, "-o", str(leeds.folder / "second")).data["packs"][0]["path"]
    added = office.run("receive", pack).data
    office.run("record", "show", new)
    undone = office.run("receive", "--undo", str(added["import"])).data
    assert undone["records"] == [new]
    assert office.run("record", "show", new, status=1).data["error"]["code"] == "E-NOTFOUND"
    office.run("receive", pack)
    office.run("record", "show", new)
    assert office.run("receive", "--undo", "999", status=1).data["error"]["code"] == "E-NOTFOUND"


@pytest.mark.parametrize("damage", ["flip", "cut", "foreign", "empty"])
def test_a_file_that_is_not_right_changes_nothing_and_says_why(sent, damage):
    _, office, _, _, _ = sent
    bad = office.folder / f"{damage}.branchpack"
    shutil.copy(pack_of(sent), bad)
    data = bytearray(bad.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    bad.write_bytes({"cut": data[: len(data) // 2], "foreign": b"Dear all,", "empty": b""}.get(damage, data))
    before = office.run("record", "list", "--limit", "1000").data
    done = office.run("receive", str(bad), status=1).data
    (file,) = done["files"]
    assert file["outcome"] == "refused"
    assert file["code"].startswith("E-")
    assert file["what"]
    assert file["do"]
    assert office.run("record", "list", "--limit", "1000").data == before
    assert office.run("verify", str(bad), status=1).data["error"]["code"] == file["code"]


def test_another_card_is_refused_until_the_words_were_compared(introduced, empty):
    leeds, _ = introduced
    empty.run("setup", "--role", "office", "--name", "Someone else")
    card = empty.folder / "other.officecard"
    empty.run("office-card", str(card))
    assert leeds.run("receive", str(card), status=1).data["error"]["code"] == "E-OTHERCARD"


def test_only_the_office_accepts_laptops(introduced):
    leeds, office = introduced
    mine = next(d for d in leeds.run("devices").data["devices"] if d["state"] == "self")
    assert leeds.run("devices", "accept", mine["id"], status=1).data["error"]["code"] == "E-RECORD"
    assert office.run("devices", "stop", "0" * 32, status=1).data["error"]["code"] == "E-NOTFOUND"


def test_receive_needs_a_file(introduced):
    introduced[0].run("receive", status=2)
    introduced[0].run("receive", "no-such-file.officepack", status=1)
