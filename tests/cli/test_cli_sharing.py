"""`report --audience shareable`: nothing personal goes out undecided, and what was not agreed never does."""

from __future__ import annotations

import json

import pytest

STORY = "A boy called Kayden in Year 4 waits. His mum is on 07700 900123."
NOT_AGREED = "The deputy said that the base will close before Christmas."


@pytest.fixture(scope="module")
def told(leeds):
    """One record that may be quoted and names somebody, one whose words nobody agreed to share."""
    ids = []
    for summary, permission in ((STORY, "quote"), (NOT_AGREED, "not_agreed_yet")):
        answers = {"about": {"title": "Waiting", "summary": summary, "permission": permission, "authorities": "383"}}
        ids.append(leeds.run("record", "add", "evidence", "-", given=json.dumps(answers)).data["id"])
    return leeds, ids


def words_of(path) -> str:
    from desktop_app.reports.readback import all_text_of

    return " ".join(all_text_of(path.read_bytes()).split())


def test_undecided_personal_data_stops_it_with_the_list_and_the_way_on(told):
    line, _ids = told
    out = line.folder / "refused.pdf"
    done = line.run("report", "branch_summary", "--audience", "shareable", "-o", str(out), status=1)
    assert done.data["error"]["code"] == "E-UNDECIDED"
    assert {"Kayden", "07700 900123"} <= {one["text"] for one in done.data["undecided"]}
    assert "a pupil in Year 4" in next(one for one in done.data["undecided"] if one["text"] == "Kayden")["instead"]
    assert "--decisions" in done.err and "Kayden" in done.err
    assert not out.exists()


def test_decided_one_by_one_it_is_made_and_says_nothing_else(told):
    line, ids = told
    out = line.folder / "decided.pdf"
    decisions = [
        {"text": "Kayden", "do": "replace", "words": "Pupil A"},
        {"text": "07700 900123", "do": "leave_out"},
    ]
    done = line.run(
        "report", "record", ids[0], "--audience", "shareable", "--decisions", "-", "-o", str(out),
        given=json.dumps(decisions),
    )  # fmt: skip
    words = words_of(out)
    assert done.data["path"] == str(out)
    assert "Kayden" not in words and "900123" not in words and "Pupil A in Year 4" in words


def test_all_the_rest_can_be_left_out_at_once(told):
    line, ids = told
    out = line.folder / "rest.pdf"
    line.run("report", "record", ids[0], "--audience", "shareable", "--decisions", "leave_out", "-o", str(out))
    assert "Kayden" not in words_of(out) and "[left out]" in words_of(out)


def test_what_was_not_agreed_is_withheld_and_said(told):
    line, ids = told
    out = line.folder / "withheld.pdf"
    done = line.run(
        "report", "authority_dossier", "--authority", "383", "--audience", "shareable", "--decisions", "leave_out",
        "-o", str(out),
    )  # fmt: skip
    assert any("not agreed yet" in why for why in done.data["withheld"])
    assert "close before Christmas" not in words_of(out)
    union = line.folder / "union.pdf"
    line.run("report", "record", ids[1], "-o", str(union))
    assert "close before Christmas" in words_of(union)


def test_feedback_is_made_as_the_text_of_an_e_mail_by_the_same_rules(told):
    line, ids = told
    out = line.folder / "feedback.txt"
    line.run("report", "feedback_to_office", "--audience", "shareable", "-o", str(out), status=1)
    assert not out.exists(), "undecided"
    chosen = ("--audience", "shareable", "--decisions", "leave_out")
    done = line.run("report", "feedback_to_office", *chosen, "-o", str(out))
    words = out.read_text("utf-8")
    assert (done.data["path"], done.data["pages"]) == (str(out), 0)
    assert words.startswith("Feedback to the national office from Leeds")
    assert "[left out] in Year 4 waits" in words
    assert "Kayden" not in words and "900123" not in words and "base will close" not in words
    line.run("report", "feedback_to_office", "-o", str(out))
    assert "base will close" in out.read_text("utf-8"), "for the union everything"
    none = line.run("report", "record", ids[0], *chosen, "-o", str(line.folder / "record.txt"), status=None)
    assert "no text for an e-mail" in none.data["error"]["what"]
    named = line.run("report", "feedback_to_office", *chosen, "-o", str(line.folder / "Kayden.txt"), status=1)
    assert named.data["error"]["code"] == "E-WITHHELD"
