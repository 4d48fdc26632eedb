"""The shelf of papers by commands alone: put there at the office, there at the branch after a reply, saved, taken off."""

from __future__ import annotations

import json

STORY = {"about": {"summary": "Told by a SENCO.", "title": "Told by a SENCO", "authorities": "383"}}
PAPER = b"%PDF-1.7\nA briefing made up for this test.\n%%EOF\n"


def test_a_paper_travels_to_the_branch_and_is_taken_off_again(leeds, office):
    assert office.run("papers", "list").data["papers"] == []
    file = office.folder / "briefing.pdf"
    file.write_bytes(PAPER)
    put = office.run("papers", "put", str(file), "--title", "Guidance on Safety Valve").data["paper"]
    assert (put["title"], put["name"], put["bytes"], put["here"]) == (
        "Guidance on Safety Valve", "briefing.pdf", len(PAPER), True,
    )  # fmt: skip

    card = office.folder / "union.officecard"
    office.run("office-card", str(card))
    leeds.run("receive", str(card))
    leeds.run("record", "add", "evidence", json.dumps(STORY), "--state", "ready")
    pack = leeds.run("send", "-o", str(leeds.folder / "out")).data["packs"][0]["path"]
    office.run("receive", pack)
    (waiting,) = [each for each in office.run("devices").data["devices"] if each["state"] == "waiting"]
    replies = office.folder / "replies"
    done = office.run("devices", "accept", waiting["id"], "--reply", str(replies))
    leeds.run("receive", done.data["replies"][0])

    (there,) = leeds.run("papers", "list").data["papers"]
    assert there == put
    assert "Guidance on Safety Valve" in leeds.run("papers", "list", json_out=False).out
    out = leeds.folder / "copy.pdf"
    assert leeds.run("papers", "save", put["sha256"][:8], "-o", str(out)).data["bytes"] == len(PAPER)
    assert out.read_bytes() == PAPER
    refused = leeds.run("papers", "put", str(out), status=1).data["error"]
    assert "Only the national office" in refused["what"]

    assert office.run("papers", "take-off", put["sha256"]).data["taken_off"] == put["sha256"]
    assert office.run("papers", "list").data["papers"] == []
    assert office.run("papers", "save", put["sha256"], "-o", str(out), status=1).data["error"]["what"]


def test_a_heavy_paper_is_put_there_with_a_warning(office):
    small, large = office.folder / "small.pdf", office.folder / "large.pdf"
    small.write_bytes(PAPER)
    large.write_bytes(PAPER.ljust(11 * 2**20))
    assert "mail services" not in office.run("papers", "put", str(small)).err
    assert "It has 11 MB, and so has the reply" in office.run("papers", "put", str(large)).err
