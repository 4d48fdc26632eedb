"""Forms that must end in a sentence: broken, hostile, or refused by JavaRosa; each within a second or so."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from form_text import form, inputs, xml

from desktop_app.errors import FormError, NotFound
from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form, load_xform

BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
COUNT = (
    '<group ref="/data/r"><label>r</label><repeat nodeset="/data/r" jr:count="/data/n">'
    + inputs("r/a")
    + "</repeat></group>"
)
HOSTILE = {
    "entities": BOMB,
    "entities in UTF-16": BOMB.decode().replace("1.0", "1.0").encode("utf-16"),
    "not XML": b"\x00\x01\x02",
    "nothing": b"",
    "too large": b"<a>" + b"x" * 6_000_000 + b"</a>",
    "nodes": xml("".join(f"<n{n}/>" for n in range(100_000))),
    "questions": xml("".join(f"<n{n}/>" for n in range(6_000)), "", inputs(*(f"n{n}" for n in range(6_000)))),
    "deep elements": xml("<g>" * 3000 + "</g>" * 3000),
    "deep expression": xml("<a/>", f'<bind nodeset="/data/a" relevant="{"(" * 5000}1{")" * 5000}"/>', inputs("a")),
    "deep negation": xml("<a/>", f'<bind nodeset="/data/a" relevant="{"-" * 20000}1"/>', inputs("a")),
    "circle": xml(
        "".join(f"<n{n}/>" for n in range(1000)),
        "".join(f'<bind nodeset="/data/n{n}" calculate="/data/n{(n + 1) % 1000}"/>' for n in range(1000)),
        inputs("n0"),
    ),
    "doubling texts": xml(
        "".join(f"<n{n}/>" for n in range(60)),
        '<bind nodeset="/data/n0" calculate="\'xxxxxxxxxx\'"/>'
        + "".join(
            f'<bind nodeset="/data/n{n}" calculate="concat(/data/n{n - 1}, /data/n{n - 1})"/>' for n in range(1, 60)
        ),
        inputs("n59"),
    ),
    "rows without end": xml(
        '<n>999999999</n><r jr:template=""><a/></r>', '<bind nodeset="/data/n" type="int"/>', COUNT
    ),
    "rows that make rows": xml(
        "<n>1</n>" + "".join(f"<s{n}/>" for n in range(60)) + '<r jr:template=""><a/><b/></r>',
        '<bind nodeset="/data/n" type="int" calculate="count(/data/r) + 1"/>'
        + "".join(f'<bind nodeset="/data/s{n}" calculate="sum(/data/r/a)"/>' for n in range(60))
        + '<bind nodeset="/data/r/a" calculate="position(..)"/>',
        COUNT,
    ),
    "filters three deep": xml(
        "<v/>",
        '<instance id="l"><root>'
        + "".join(f"<item><name>{n}</name></item>" for n in range(200))
        + '</root></instance><bind nodeset="/data/v" calculate="count(instance(\'l\')/root/item['
        "count(instance('l')/root/item[count(instance('l')/root/item[name &gt; 3]) &gt; 2]) &gt; 1])\"/>",
    ),
    "slow pattern in a filter": xml(
        "<v/>",
        '<instance id="l"><root>'
        + "".join(f"<item><name>{n}</name></item>" for n in range(2000))
        + '</root></instance><bind nodeset="/data/v" calculate="count(instance(\'l\')/root/item['
        "regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '(a|aa|a.a)+(b|a+)+c')])\"/>",
    ),
    "attributes": xml("<a " + " ".join(f'x{n}="1"' for n in range(20_000)) + "/>", "", inputs("a")),
    "languages": xml(
        "<a/>",
        "<itext>"
        + "".join(f'<translation lang="l{n}"><text id="t"/></translation>' for n in range(9_000))
        + "</itext>",
        inputs("a"),
    ),
    "steps of a path": xml("<a/>", f'<bind nodeset="/data/a" calculate="{"/x" * 40_000}"/>', inputs("a")),
    "rules without end": xml(
        "".join(f"<n{n}/>" for n in range(40)),
        "".join(f'<bind nodeset="/data/n{n}" calculate="{"+".join(["/data/q"] * 9_000)}"/>' for n in range(40)),
        inputs("n0"),
    ),
    "nested groups": xml("<a/>", "", "<group>" * 200 + inputs("a") + "</group>" * 200),
    "deep calls": xml("<a/>", f'<bind nodeset="/data/a" calculate="{"not(" * 3_000}1{")" * 3_000}"/>', inputs("a")),
    "pulldata in pulldata": xml(
        "<a/>",
        '<bind nodeset="/data/a" calculate="' + "pulldata('l', 'x', 'name', " * 500 + "1" + ")" * 500 + '"/>',
        inputs("a"),
    ),
    "indexed-repeat in indexed-repeat": xml(
        "<r><k/></r><b/>",
        '<bind nodeset="/data/b" calculate="' + "indexed-repeat(/data/r/k, /data/r, " * 500 + "1" + ")" * 500 + '"/>',
        '<repeat nodeset="/data/r">' + inputs("r/k") + "</repeat>",
    ),
    "repeats in repeats in repeats": xml(
        '<n>900</n><r jr:template=""><s jr:template=""><t jr:template=""><k/></t></s></r>',
        '<bind nodeset="/data/n" type="int"/>',
        '<repeat nodeset="/data/r" jr:count="/data/n"><repeat nodeset="/data/r/s" jr:count="/data/n">'
        '<repeat nodeset="/data/r/s/t" jr:count="/data/n">' + inputs("r/s/t/k") + "</repeat></repeat></repeat>",
    ),
    "actions that multiply": xml(
        "".join(f"<n{n}/>" for n in range(40)),
        "",
        "".join(
            f'<input ref="/data/n{n}"><label>x</label>'
            + "".join(
                '<setvalue event="xforms-value-changed odk-instance-first-load" '
                f'ref="/data/n{other}" value="random()"/>'
                for other in range(n + 1, 40)
            )
            + "</input>"
            for n in range(40)
        ),
    ),
    "filters in filters": xml(
        "<v/>",
        '<instance id="l"><root>'
        + "".join(f"<item><name>{n}</name></item>" for n in range(2000))
        + '</root></instance><bind nodeset="/data/v" calculate="count(instance(\'l\')/root/item['
        "count(instance('l')/root/item[name + 0 &gt; current()/name]) &gt; 5])\"/>",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_form_ends_in_a_sentence(name: str) -> None:
    started = time.process_time()
    with pytest.raises(FormError) as refused:
        FormSession(load_xform(HOSTILE[name]))
    # Time on the processor, so that a loaded machine does not matter; most take a tenth of a second.
    assert time.process_time() - started < 1
    assert refused.value.what.endswith((".", ")"))


LIST = "".join(f"<item><name>n{n}</name><label>L{n}</label></item>" for n in range(30_000))
LARGE = {
    "a long list": xml(
        "<a/><b/>",
        f'<instance id="l"><root>{LIST}</root></instance>',
        "".join(
            f'<select1 ref="/data/{name}"><label>a</label><itemset nodeset="instance(\'l\')/root/item">'
            '<value ref="name"/><label ref="label"/></itemset></select1>'
            for name in "ab"
        ),
    ),
    "many texts": xml(
        "<a/>",
        '<itext><translation lang="e">'
        + "".join(f'<text id="t{n}"><value>x</value></text>' for n in range(40_000))
        + "</translation></itext>",
        '<input ref="/data/a"><label ref="jr:itext(\'t7\')"/></input>',
    ),
    "a text in itself": xml(
        "<a/>",
        '<itext><translation lang="e"><text id="t"><value>x<output value="jr:itext(\'t\')"/></value></text>'
        '</translation></itext><bind nodeset="/data/a" calculate="jr:itext(\'t\')"/>',
        '<input ref="/data/a"><label ref="jr:itext(\'t\')"/></input>',
    ),
    "a list asked in every row": xml(
        "<r><k/></r>" * 500,
        f'<instance id="l"><root>{LIST}</root></instance>'
        "<bind nodeset=\"/data/r/k\" calculate=\"pulldata('l', 'label', 'name', 'zz')\"/>",
        '<repeat nodeset="/data/r">' + inputs("r/k") + "</repeat>",
    ),
    "every row looks at the row before": xml(
        "<r><k/><j/></r>" * 500,
        '<bind nodeset="/data/r/j" calculate="indexed-repeat(/data/r/k, /data/r, position(..) - 1)"/>',
        '<repeat nodeset="/data/r">' + inputs("r/k") + "</repeat>",
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_form_is_not_taken_for_a_hostile_one(name: str) -> None:
    started = time.process_time()
    session = FormSession(load_xform(LARGE[name]))
    assert session.nodes()
    assert time.process_time() - started < 1.5


def test_a_pattern_without_end_is_stopped() -> None:
    slow = form("<a/>", '<bind nodeset="/data/a" constraint="regex(., \'(a|aa|a.a)+(b|a+)+c\')"/>', inputs("a"))
    started = time.monotonic()
    outcome = FormSession(slow).set("/data/a", "a" * 60)
    assert time.monotonic() - started < 5
    assert outcome.status in ("error", "constraint")


def test_actions_that_set_one_another_are_stopped() -> None:
    ping = form(
        "<a/><b/>",
        "",
        '<input ref="/data/a"><label>a</label>'
        '<setvalue event="xforms-value-changed" ref="/data/b" value="/data/a + 1"/></input>'
        '<input ref="/data/b"><label>b</label>'
        '<setvalue event="xforms-value-changed" ref="/data/a" value="/data/b + 1"/></input>',
    )
    assert FormSession(ping).set("/data/a", "1").status == "error"


@pytest.mark.parametrize(
    ("model", "word"),
    [
        ('<bind nodeset="/data/a" relevant="1 +"/>', "/data/a"),
        ('<bind nodeset="/data/a" calculate="/data/b"/><bind nodeset="/data/b" calculate="/data/a"/>', "/data/b"),
        ('<bind nodeset="/data/a" constraint="count(//a)"/>', "constraint"),
        ('<bind nodeset="/data/a" relevant="ancestor::x"/>', "ancestor"),
    ],
)
def test_a_refusal_names_the_place(model: str, word: str) -> None:
    with pytest.raises(FormError, match=word):
        form("<a/><b/>", model, inputs("a", "b"))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_form(tmp_path / "none.xml")


def test_no_name_of_a_file_outside_is_ever_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("name,label\nx,y\n", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    path = inner / "f.xml"
    path.write_bytes(
        xml(
            "<a/><n/>",
            '<instance id="l" src="jr://file-csv/../secret.csv"/>'
            '<bind nodeset="/data/n" calculate="count(instance(\'l\')/root/item)"/>',
            inputs("a"),
        )
    )
    assert FormSession(load_form(path)).node("/data/n").value == "0"
