"""Setting up, recording, finding, changing and taking back, by commands alone."""

from __future__ import annotations

import json

import pytest

STORY = {
    "about": {
        "summary": "The educational psychologist's report came after the plan was due.",
        "title": "Late reports",
        "area": "one_authority",
        "authorities": "383",
        "topics": ["access_and_consequences"],
        "when_precision": "day",
        "when_from": "2026-03-14",
    },
    "access_and_consequences": {"waits": [{"wait_weeks": 27}, {"wait_weeks": "about 30"}]},
}


@pytest.fixture(scope="module")
def story(leeds):
    """One record, ready, with an attachment, entered from standard input."""
    note = leeds.folder / "note.txt"
    note.write_text("Minutes of the forum, item 4.", "utf-8")
    done = leeds.run(
        "record", "add", "evidence", "-", "--attach", str(note), "--state", "ready", given=json.dumps(STORY)
    )
    return done.data


def test_setup_gives_the_spare_key_once_and_refuses_a_second_time(leeds):
    again = leeds.run("setup", "--role", "branch", "--name", "Leeds", status=1)
    assert again.data["error"]["code"] == "E-EXISTS"


def test_setup_takes_an_ons_code_and_refuses_an_unknown_one(empty):
    done = empty.run("setup", "--role", "branch", "--name", "Kent", "--authority", "E10000016")
    assert len(done.data["recovery_code"]) > 30
    empty.profile = empty.folder / "other"
    refused = empty.run("setup", "--role", "branch", "--name", "Kent", "--authority", "000", status=1)
    assert refused.data["error"]["code"] == "E-NOTFOUND"
    assert not empty.profile.exists()


def test_setup_and_change_refuse_a_passphrase_that_opens_in_an_afternoon(empty):
    easy = empty.folder / "easy.txt"
    for words, names in (("Password1!", ("Kent",)), ("hullanddistrict", ("Hull and district", "--authority", "810"))):
        easy.write_text(words, "utf-8")
        empty.profile = empty.folder / "never set up"
        told = ("setup", "--role", "branch", "--name", *names, "--passphrase-file", str(easy))
        refused = empty.run(*told, passphrase=False, status=2)
        assert "easy to guess" in refused.data["error"]["what"], words
        assert not empty.profile.exists()


def test_office_is_given_its_recovery_identity_and_keeps_only_the_recipient(office):
    keys = office.run("keys", "show").data
    assert len(keys["recipients"]) == 2
    stored = b"".join(p.read_bytes() for p in office.profile.rglob("*") if p.is_file())
    assert b"AGE-SECRET-KEY" not in stored


def test_wrong_passphrase_is_refused_with_what_is_safe(leeds):
    wrong = leeds.folder / "wrong.txt"
    wrong.write_text("not the passphrase", "utf-8")
    done = leeds.run("record", "list", "--passphrase-file", str(wrong), passphrase=False, status=1)
    assert done.data["error"]["code"] == "E-PASSPHRASE"
    assert done.data["error"]["safe"]


def test_without_a_terminal_or_file_there_is_no_passphrase(leeds):
    done = leeds.run("record", "list", passphrase=False, status=1)
    assert done.data["error"]["code"] == "E-NOPASSPHRASE"


def test_added_record_says_what_is_missing_and_doubtful(story):
    assert story["rev"].startswith("r1:")
    assert {gap["path"] for gap in story["gaps"]} >= {"/data/about/strength", "/data/about/permission"}
    assert [doubt["raw"] for doubt in story["doubts"]] == ["about 30"]


def test_show_gives_back_every_word(leeds, story):
    shown = leeds.run("record", "show", story["id"]).data
    about = shown["answers"]["about"]
    assert about["summary"] == STORY["about"]["summary"]
    assert about["topics"] == "access_and_consequences"
    rows = shown["answers"]["access_and_consequences"]["waits"]
    assert [row.get("wait_weeks") for row in rows] == ["27", None]
    assert all(row["_id"] and row["_order"] for row in rows)
    assert list(shown["typed"].values()) == ["about 30"]
    assert [a["name"] for a in shown["attachments"]] == ["note.txt"]
    assert shown["standing"] == "Ready to send"


def test_text_for_people_names_question_and_answer(leeds, story):
    out = leeds.run("record", "show", story["id"], json_out=False).out
    assert "In your own words, what happened?: The educational psychologist" in out


@pytest.mark.parametrize("words", [["psychologist"], ["educ", "report"], ["LATE"]])
def test_search_finds_by_beginnings(leeds, story, words):
    assert story["id"] in [row["id"] for row in leeds.run("search", *words).data["records"]]


def test_lists_say_the_standing_in_words(leeds, story):
    for words in (["record", "list"], ["search", "psychologist"]):
        rows = {row["id"]: row for row in leeds.run(*words).data["records"]}
        assert rows[story["id"]]["standing"] == "Ready to send"
        assert "Ready to send" in leeds.run(*words, json_out=False).out


def test_search_needs_every_word(leeds, story):
    assert not leeds.run("search", "psychologist", "zebra").data["records"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (["--authority", "383"], True),
        (["--authority", "E08000035"], True),
        (["--authority", "Leeds"], True),
        (["--authority", "886"], False),
        (["--form", "evidence"], True),
        (["--form", "plan"], False),
        (["--since", "2026-03-14", "--until", "2026-03-14"], True),
        (["--since", "2026-03-15"], False),
        (["--standing", "ready"], True),
        (["--standing", "Ready to send"], True),
        (["--standing", "READY TO SEND"], True),
        (["--standing", "Draft"], False),
        (["--standing", "The office has it, 22 November"], False),
        (["--region", "yorkshire_and_the_humber"], True),
        (["--region", "Yorkshire and the Humber"], True),
        (["--region", "South East"], False),
        (["--form", "Plan"], False),
        (["--branch", "Kent"], False),
    ],
)
def test_filters(leeds, story, filters, found):
    ids = [row["id"] for row in leeds.run("record", "list", *filters).data["records"]]
    assert (story["id"] in ids) is found


@pytest.mark.parametrize("filters", [["--since", "March"], ["--answer", "yes"], ["--standing", "somewhere"],
                                     ["--region", "Atlantis"], ["--programme", "XX"],
                                     ["--form", "evidnce"], ["--strength", "strong"], ["--permission", "yes"]])  # fmt: skip
def test_filters_that_make_no_sense_are_usage(leeds, filters):
    assert leeds.run("record", "list", *filters, status=2).data["error"]["code"] == "E-USAGE"


def test_strength_and_permission_are_known_by_name_and_in_words(leeds):
    told = {"about": {"title": "Told", "strength": "second_hand", "permission": "quote"}}
    added = leeds.run("record", "add", "evidence", json.dumps(told)).data["id"]
    for filters, found in (
        (["--strength", "second_hand"], True),
        (["--strength", "First-hand: the person saw it or did it"], False),
        (["--permission", "You may quote the words"], True),
        (["--permission", "not_agreed_yet"], False),
    ):
        ids = [row["id"] for row in leeds.run("record", "list", *filters).data["records"]]
        assert (added in ids) is found, filters


def test_list_goes_on_page_by_page(leeds, story):
    for number in range(3):
        leeds.run("record", "add", "action", json.dumps({"title": f"Action {number}"}) if number else "{}", status=None)
    seen, after = [], None
    while True:
        more = ["--after", after] if after else []
        page = leeds.run("record", "list", "--limit", "1", *more).data
        seen += [row["id"] for row in page["records"]]
        after = page["next"]
        if after is None:
            break
    everything = [row["id"] for row in leeds.run("record", "list").data["records"]]
    assert seen == everything
    assert len(set(seen)) == len(seen) >= 2


def test_edit_history_and_take_back(leeds):
    added = leeds.run("record", "add", "evidence", '{"about": {"summary": "First words"}}', "--state", "ready").data
    edited = leeds.run("record", "edit", added["id"], '{"about": {"summary": "Second words"}}', "--state", "ready").data
    assert edited["rev"] != added["rev"]
    history = leeds.run("record", "history", added["id"]).data["history"]
    assert [entry["rev"] for entry in history] == [edited["rev"], added["rev"]]
    assert ("First words", "Second words") in [(c["before"], c["after"]) for c in history[0]["changes"]]
    leeds.run("record", "take-back", added["id"])
    assert leeds.run("record", "show", added["id"]).data["standing"] == "Taken back"


def test_null_takes_an_answer_out(leeds):
    added = leeds.run("record", "add", "evidence", '{"about": {"summary": "Words", "title": "T"}}').data
    leeds.run("record", "edit", added["id"], '{"about": {"title": null}}')
    assert "title" not in leeds.run("record", "show", added["id"]).data["answers"]["about"]


def test_answers_in_any_order_and_rows_before_what_brings_them_up(leeds):
    given = {"access_and_consequences": STORY["access_and_consequences"], "about": STORY["about"]}
    added = leeds.run("record", "add", "evidence", json.dumps(given)).data
    rows = leeds.run("record", "show", added["id"]).data["answers"]["access_and_consequences"]["waits"]
    assert [row.get("wait_weeks") for row in rows] == ["27", None]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ('{"about": {"no_such_question": "x"}}', "E-NOQUESTION"),
        ("[]", "E-USAGE"),
        ("{not json", "E-USAGE"),
        ('{"about": "words"}', "E-NOQUESTION"),
    ],
)
def test_answers_that_do_not_fit_are_refused_and_record_nothing(leeds, answers, code):
    before = leeds.run("record", "list", "--limit", "1000").data["records"]
    assert leeds.run("record", "add", "evidence", answers, status=2).data["error"]["code"] == code
    assert leeds.run("record", "list", "--limit", "1000").data["records"] == before


def test_unknown_record_and_form(leeds):
    nobody = "00000000-0000-4000-8000-000000000000"
    for words in (["record", "show", nobody], ["record", "history", nobody], ["record", "edit", nobody, "{}"]):
        assert leeds.run(*words, status=1).data["error"]["code"] == "E-NOTFOUND"
    assert leeds.run("record", "add", "no_such_form", "{}", status=1).data["error"]["code"] == "E-NOTFOUND"


def test_no_record_has_two_versions(leeds, story):
    assert leeds.run("record", "versions").data["records"] == []
    done = leeds.run("record", "choose", story["id"], '{"about/title": "x"}', status=1)
    assert done.data["error"]["code"] == "E-RECORD"


def test_likely_personal_data_is_named(leeds):
    words = {"about": {"summary": "Her number is 07700 900123 and she lives at LS1 4AP."}}
    kinds = {p["kind"] for p in leeds.run("record", "add", "evidence", json.dumps(words)).data["privacy"]}
    assert {"phone", "postcode"} <= kinds


def test_passphrase_change_and_recovery(empty):
    spare = empty.run("setup", "--role", "branch", "--name", "Hull").data["recovery_code"]
    new = empty.folder / "new.txt"
    new.write_text("another four plain words\n", "utf-8")
    easy = empty.folder / "easy.txt"
    easy.write_text("Password1!", "utf-8")
    refused = empty.run("passphrase", "change", "--new-passphrase-file", str(easy), status=2).data
    assert "easy to guess" in refused["error"]["what"]
    empty.run("passphrase", "change", "--new-passphrase-file", str(new))
    assert empty.run("check", status=1).data["error"]["code"] == "E-PASSPHRASE"
    again = empty.folder / "spare.txt"
    again.write_text(spare, "utf-8")
    old = str(empty.passphrase_file)
    empty.run("passphrase", "recover", "--spare-key-file", str(again), "--new-passphrase-file", old, passphrase=False)
    assert empty.run("check", "--full").data == {"sound": True, "problems": []}


def test_backup_and_restore_hold_every_record(leeds, story):
    copy = leeds.folder / "backup.bebackup"
    leeds.run("backup", "-o", str(copy))
    into = leeds.folder / "restored"
    leeds.run("restore", str(copy), "--into", str(into))
    before = leeds.run("record", "list", "--limit", "1000").data
    other = type(leeds)(leeds.folder)
    other.profile = into
    assert other.run("record", "list", "--limit", "1000").data == before
    assert other.run("record", "show", story["id"]).data == leeds.run("record", "show", story["id"]).data
    inside = leeds.run("backup", "-o", str(leeds.profile / "backup"), status=1)
    assert "lost with them" in inside.data["error"]["what"]


def test_what_is_erased_is_gone_and_a_restored_backup_does_not_bring_it_back(leeds, story):
    gone = leeds.run("record", "add", "evidence", '{"about": {"summary": "Quokka words."}}', "--state", "ready").data["id"]
    kept = leeds.folder / "with-it.branchbackup"
    leeds.run("backup", "-o", str(kept))
    done = leeds.run("erase", gone, "--code", "mistake")
    assert done.data["id"] == gone and done.data["travels"] is False
    assert leeds.run("record", "show", gone, status=1).data["error"]["code"] == "E-NOTFOUND"
    assert leeds.run("search", "quokka").data["records"] == []
    assert leeds.run("erase", gone, "--code", "mistake", status=1).data["error"]["code"] == "E-ERASED"
    again = leeds.folder / "again"
    leeds.run("restore", str(kept), "--into", str(again))
    other = type(leeds)(leeds.folder)
    other.profile = again
    assert other.run("search", "quokka").data["records"] == []
    other.run("record", "show", story["id"])


def test_keys_export_never_overwrites(leeds):
    out = leeds.folder / "identity.txt"
    done = leeds.run("keys", "export", "--identity", str(out))
    assert "Whoever has this file" in done.err
    assert out.read_text("utf-8").splitlines()[1].startswith("AGE-SECRET-KEY-1")
    assert (out.stat().st_mode & 0o077) == 0
    assert leeds.run("keys", "export", "--identity", str(out), status=1).data["error"]["code"] == "E-FILE"


def test_stats_count_testimonies_and_say_so(leeds, story):
    done = leeds.run("stats", "--by", "authority,form").data
    assert {row["by"] for row in done["rows"]} == {"authority", "form"}
    assert "children" in done["caveat"]
    leeds.run("stats", "--by", "shoe-size", status=2)
