"""Filling a record: outcomes, what is kept as typed, what is put aside, rows and their identity, closing and opening again."""

from __future__ import annotations

import pickle
from datetime import datetime

import pytest
from form_text import form, inputs, repeat
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.errors import FormError
from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.row_order import between
from desktop_app.forms.session import FormSession

AGE = form(
    "<age/><name/><g><why/></g><double/>",
    '<bind nodeset="/data/age" type="int" constraint=". &lt; 120" jr:constraintMsg="Under 120, please."/>'
    '<bind nodeset="/data/name" required="/data/age &gt; 17" jr:requiredMsg="Adults have names."/>'
    '<bind nodeset="/data/g" relevant="/data/age &gt; 17"/><bind nodeset="/data/double" calculate="/data/age * 2"/>',
    inputs("age", "name") + '<group ref="/data/g"><label>G</label>' + inputs("g/why") + "</group>",
)
ROWS = form("<waits><weeks/></waits><total/>", '<bind nodeset="/data/waits/weeks" type="int"/>'
            '<bind nodeset="/data/total" calculate="sum(/data/waits/weeks)"/>', repeat("waits", "weeks"))  # fmt: skip


def test_a_good_answer_says_what_changed() -> None:
    session = FormSession(AGE)
    outcome = session.set("/data/age", "30")
    assert outcome.status == "ok"
    assert {"/data/age", "/data/double", "/data/g", "/data/g/why"} <= outcome.changed
    assert session.node("/data/double").value == "60"
    assert session.node("/data/g/why").relevant


def test_a_refused_answer_is_kept_as_typed_and_the_value_stays() -> None:
    session = FormSession(AGE)
    session.set("/data/age", "30")
    outcome = session.set("/data/age", "130")
    assert (outcome.status, outcome.message) == ("constraint", "Under 120, please.")
    node = session.node("/data/age")
    assert (node.value, node.typed, node.message) == ("30", "130", "Under 120, please.")
    assert session.typed() == {"age": "130"}
    assert [problem.kind for problem in session.problems()] == ["constraint", "required"]
    session.set("/data/age", "40")
    assert session.typed() == {}


def test_text_that_is_no_number_empties_the_value_and_stays_typed() -> None:
    session = FormSession(AGE)
    session.set("/data/age", "30")
    assert session.set("/data/age", "about thirty").status == "ok"
    assert session.answers() == {}
    assert session.typed() == {"age": "about thirty"}


def test_an_emptied_required_answer_stays_and_is_remembered_as_emptied() -> None:
    session = FormSession(AGE)
    session.set("/data/age", "30")
    session.set("/data/name", "Ann")
    outcome = session.clear("/data/name")
    assert (outcome.status, outcome.message) == ("required", "Adults have names.")
    assert session.node("/data/name").value == "Ann"
    assert session.typed() == {"name": ""}


def test_an_answer_hidden_by_relevance_is_put_aside_and_comes_back() -> None:
    session = FormSession(AGE)
    session.set("/data/age", "30")
    session.set("/data/g/why", "because")
    session.set("/data/age", "3")
    assert session.answers()["g"] == {"why": "because"}
    assert session.aside() == ["g/why"]
    assert b"because" not in session.submission_xml()
    session.set("/data/age", "20")
    assert session.aside() == []
    assert b"because" in session.submission_xml()


@pytest.mark.parametrize("path", ["/data/nothing", "/data/double", "/data/g", "data/age", "/data/age[1]", ""])
def test_setting_what_is_no_question_is_an_error_and_creates_nothing(path: str) -> None:
    session = FormSession(AGE)
    before = session.nodes()
    assert session.set(path, "1").status == "error"
    assert session.nodes() == before


def test_rows_are_added_removed_and_moved_with_their_identity() -> None:
    session = FormSession(ROWS, record="r")
    session.set("/data/waits[1]/weeks", "1")
    assert session.add("/data/waits") == "/data/waits[2]"
    session.set("/data/waits[2]/weeks", "2")
    assert session.add("/data/waits") == "/data/waits[3]"
    session.set("/data/waits[3]/weeks", "3")
    ids = [row["_id"] for row in session.answers()["waits"]]
    session.move("/data/waits[3]", 1)
    moved = session.answers()["waits"]
    assert [row["weeks"] for row in moved] == ["3", "1", "2"]
    assert [row["_id"] for row in moved] == [ids[2], ids[0], ids[1]]
    assert [row["_order"] for row in moved] == sorted(row["_order"] for row in moved)
    session.remove("/data/waits[2]")
    assert session.node("/data/total").value == "5"
    assert [item.path for item in session.children("/data/waits")] == ["/data/waits[1]", "/data/waits[2]"]


def test_the_row_the_form_makes_has_the_same_id_on_every_device() -> None:
    first, second = FormSession(ROWS, record="r"), FormSession(ROWS, record="r")
    other = FormSession(ROWS, record="s")
    for session in (first, second, other):
        session.set("/data/waits[1]/weeks", "1")
    assert first.answers()["waits"][0]["_id"] == second.answers()["waits"][0]["_id"]
    assert first.answers()["waits"][0]["_id"] != other.answers()["waits"][0]["_id"]


def test_a_row_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(FormError):
        FormSession(ROWS).remove("/data/waits[7]")
    with pytest.raises(FormError):
        FormSession(ROWS).add("/data/nothing")


def test_a_record_opened_again_is_the_same() -> None:
    session = FormSession(ROWS, record="r")
    session.set("/data/waits[1]/weeks", "4")
    session.add("/data/waits")
    session.set("/data/waits[2]/weeks", "soon")
    again = FormSession(ROWS, session.answers(), session.typed(), record="r")
    assert again.snapshot() == session.snapshot()
    assert again.node("/data/waits[2]/weeks").typed == "soon"
    assert again.derived() == {"total": "4"}


def test_a_removed_form_made_row_does_not_come_back() -> None:
    session = FormSession(ROWS, record="r")
    session.add("/data/waits")
    session.set("/data/waits[2]/weeks", "4")
    session.remove("/data/waits[1]")
    again = FormSession(ROWS, session.answers(), record="r")
    assert len(again.children("/data/waits")) == 1


def test_defaults_belong_to_new_records_only() -> None:
    with_default = form("<a>start</a><b/>", "", inputs("a", "b"))
    assert FormSession(with_default).answers() == {"a": "start"}
    assert FormSession(with_default, {"b": "x"}).answers() == {"b": "x"}
    assert FormSession(with_default, {"b": "x"}, first_load=True).answers() == {"a": "start", "b": "x"}


def test_answers_the_form_no_longer_asks_for_are_kept_under_earlier() -> None:
    stored = {"age": "5", "old": "kept", "g": {"gone": "too"}, "list": [{"_id": "1", "x": "y"}]}
    session = FormSession(AGE, stored)
    assert session.answers()["earlier"] == {"old": "kept", "g": {"gone": "too"}, "list": [{"_id": "1", "x": "y"}]}
    assert FormSession(AGE, session.answers()).answers() == session.answers()


def test_a_stored_value_that_is_none_of_its_type_is_shown_as_typed() -> None:
    session = FormSession(AGE, {"age": "twelve"})
    assert session.typed() == {"age": "twelve"}
    assert session.answers() == {}


def test_once_survives_opening_again() -> None:
    drawn = form("<a/><b/>", '<bind nodeset="/data/a" calculate="once(random())"/>', inputs("b"))
    session = FormSession(drawn)
    assert FormSession(drawn, session.answers()).node("/data/a").value == session.node("/data/a").value


def test_the_clock_and_the_seed_can_be_given() -> None:
    clock = form("<a/><b/>", '<bind nodeset="/data/a" calculate="format-date(today(), \'%Y-%m-%d\')"/>'
                 '<bind nodeset="/data/b" calculate="random()"/>', "")  # fmt: skip
    one = FormSession(clock, now=datetime(2026, 11, 22, 9, 30), seed=3)
    two = FormSession(clock, now=datetime(2026, 11, 22, 9, 30), seed=3)
    assert one.node("/data/a").value == "2026-11-22"
    assert one.node("/data/b").value == two.node("/data/b").value


def test_labels_and_choices_follow_answers_and_language() -> None:
    shown = form(
        "<who/><q/>",
        '<itext><translation lang="English"><text id="l"><value>Is <output value="/data/who"/> in?</value></text>'
        '<text id="y"><value>Yes</value></text></translation><translation lang="Cymraeg"><text id="l"><value>Ydy?</value>'
        '</text><text id="y"><value>Ydy</value></text></translation></itext>',
        inputs("who") + '<select1 ref="/data/q"><label ref="jr:itext(\'l\')"/>'
        "<item><label ref=\"jr:itext('y')\"/><value>yes</value></item></select1>",
    )
    session = FormSession(shown)
    assert "/data/q" in session.set("/data/who", "Ann").changed
    assert session.node("/data/q").label == "Is Ann in?"
    session.set_language("Cymraeg")
    assert session.node("/data/q").label == "Ydy?"
    assert [choice.label for choice in session.choices("/data/q")] == ["Ydy"]


def test_a_keystroke_runs_only_what_follows_from_it() -> None:
    count = 500
    chain = form(
        "".join(f"<q{n}/><c{n}/>" for n in range(count)),
        "".join(f'<bind nodeset="/data/c{n}" calculate="/data/q{n} + 1"/>' for n in range(count))
        + '<bind nodeset="/data/q9" relevant="/data/c7 &gt; 1"/>',
        inputs(*(f"q{n}" for n in range(count))),
    )
    session = FormSession(chain)
    before = session.evaluations
    session.set("/data/q7", "5")
    # c7, the relevance of q9 that looks at it, and c9 that looks at q9.
    assert session.evaluations - before == 3


def test_a_rule_that_fails_later_is_an_error_not_a_crash() -> None:
    failing = form("<r><a/></r><x/>", '<bind nodeset="/data/x" calculate="/data/r/a + 1"/>', repeat("r", "a"))
    session = FormSession(failing)
    with pytest.raises(FormError, match="repeated"):
        session.add("/data/r")


def test_a_form_goes_to_another_process_whole() -> None:
    copy: FormDefinition = pickle.loads(pickle.dumps(AGE))
    assert copy == AGE
    assert FormSession(copy).set("/data/age", "20").status == "ok"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_order_keys_always_leave_room(places: list[tuple[int, int]]) -> None:
    keys = ["a0"]
    for place, _ in places:
        at = place % (len(keys) + 1)
        made = between(keys[at - 1] if at else None, keys[at] if at < len(keys) else None)
        keys.insert(at, made)
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(st.text(max_size=30))
def test_nothing_typed_is_ever_lost(text: str) -> None:
    session = FormSession(AGE)
    session.set("/data/age", text)
    node = session.node("/data/age")
    if text:
        assert node.value or node.typed == text


def test_judging_a_record_changes_nothing_of_it() -> None:
    """JavaRosa takes answers away while it judges; a record that is only looked at keeps them."""
    chosen = form(
        "<town/><pick/><r jr:template=''><x/></r><n/><told/>",
        '<instance id="l"><root><item><name>a</name><town>leeds</town></item></root></instance>'
        '<bind nodeset="/data/n" type="int" calculate="if(/data/pick = \'\', 2, 0)"/>'
        "<bind nodeset=\"/data/told\" calculate=\"concat('[', /data/pick, ']')\"/>",
        inputs("town")
        + '<select1 ref="/data/pick"><label>p</label><itemset nodeset="instance(\'l\')/root/item[town = /data/town]">'
        '<value ref="name"/><label ref="name"/></itemset></select1>'
        '<repeat nodeset="/data/r" jr:count="/data/n">' + inputs("r/x") + "</repeat>",
    )
    session = FormSession(chosen)
    session.set("/data/town", "leeds")
    session.set("/data/pick", "a")
    session.set("/data/town", "york")  # "a" is not offered any more
    before = (session.snapshot(), session.nodes(), session.typed())
    assert session.valid()
    assert (session.snapshot(), session.nodes(), session.typed()) == before
    assert session.node("/data/told").value == "[a]"
    session.set("/data/town", "leeds")
    assert session.node("/data/pick").value == "a"
