"""Two versions of a form: what changed, in words, and where the answers of the old one go (record.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.forms.comparison import Comparison, compare
from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.earlier import earlier_answers, taken_on
from desktop_app.forms.rule_texts import readable
from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form
from desktop_app.forms.xlsform import compile_xlsform
from desktop_app.paths import resource

OLD = """| survey |
| | type | name | label | hint | relevant | constraint | required |
| | begin_group | about | About | | | | |
| | text | title | What is it called? | Short | | | |
| | select_one yes_no | delayed | Was it delayed? | | | | |
| | integer | weeks | How many weeks? | | ${delayed} = 'yes' | . < 100 | |
| | text | why | Why was that? | | | | |
| | end_group | about | | | | | |
| | begin_repeat | waits | Waits | | | | |
| | text | for_what | Waited for what? | | | | |
| | text | who | Who was told? | | | | |
| | end_repeat | waits | | | | | |
| | begin_group | end | The end | | | | |
| | text | more | Anything else? | | | | |
| | end_group | end | | | | | |

| choices |
| | list_name | name | label |
| | yes_no | yes | Yes |
| | yes_no | no | No |

| settings |
| | form_title | form_id | version |
| | Trial | trial | 1 |
"""

NEW = """| survey |
| | type | name | label | hint | relevant | constraint | required |
| | begin_group | about | About the case | | | | |
| | text | title | What do people call it? | | | | yes |
| | select_one yes_no | delayed | Was it delayed? | | | | |
| | decimal | weeks | How many weeks? | | ${delayed} != 'no' | . < 52 | |
| | text | more | Anything else? | | | | |
| | end_group | about | | | | | |
| | begin_repeat | waits | Waits | | | | |
| | text | for_what | Waited for what? | | | | |
| | date | since | Since when? | | | | |
| | end_repeat | waits | | | | | |

| choices |
| | list_name | name | label |
| | yes_no | yes | Yes |
| | yes_no | no | No, it was not |
| | yes_no | dont_know | Don't know |

| settings |
| | form_title | form_id | version |
| | Trial again | trial | 2 |
"""


def form(folder: Path, text: str, name: str = "form") -> FormDefinition:
    path = folder / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return compile_xlsform(path)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[FormDefinition, FormDefinition]:
    folder = tmp_path_factory.mktemp("versions")
    return form(folder, OLD, "old"), form(folder, NEW, "new")


@pytest.fixture(scope="module")
def found(both: tuple[FormDefinition, FormDefinition]) -> Comparison:
    return compare(*both)


def words(found: Comparison, kind: str) -> list[str]:
    return [change.words for change in found.changes if change.kind == kind]


def test_every_sort_of_change_is_told(found: Comparison) -> None:
    assert words(found, "added") == ["New question in “Waits”: “Since when?” (a date)."]
    assert words(found, "removed") == [
        "No longer asked in “About”: “Why was that?”. Answers given before are kept, with its words.",
        "No longer asked in “Waits”: “Who was told?”. Answers given before are kept, with its words.",
    ]
    assert words(found, "moved") == ["“Anything else?” has moved."]
    assert words(found, "type") == ["“How many weeks?” takes another kind of answer: a number, before a whole number."]
    assert words(found, "hint") == ["“What do people call it?” has no hint any more."]
    assert words(found, "choices") == [
        "“Was it delayed?” has other choices: new “Don't know”; “No” is now “No, it was not”."
    ]
    assert words(found, "rule") == [
        "“What do people call it?” needs an answer.",
        "“How many weeks?” is asked only when ${delayed} != 'no'.",
        "“How many weeks?” takes only answers for which . < 52.",
    ]
    reworded = next(change for change in found.changes if change.kind == "reworded")
    assert (reworded.before, reworded.after) == ("What is it called?", "What do people call it?")
    moved = next(change for change in found.changes if change.kind == "moved")
    assert (moved.before, moved.after) == ("The end", "About the case")
    assert [change.after for change in found.changes if change.kind == "title"] == ["Trial again"]
    assert "The section “The end” has gone." in words(found, "section")
    assert found.summary() == "1 question added, 2 removed, 7 changed."


def test_the_same_form_has_not_changed(both: tuple[FormDefinition, FormDefinition]) -> None:
    same = compare(both[0], both[0])
    assert same.changes == ()
    assert "Nothing" in same.summary()


def test_a_question_set_before_its_neighbour_is_the_one_that_moved(tmp_path: Path) -> None:
    lines = "| survey |\n| | type | name | label |\n"
    one = form(tmp_path, lines + "".join(f"| | text | q{n} | Question {n} |\n" for n in (1, 2, 3, 4)), "one")
    two = form(tmp_path, lines + "".join(f"| | text | q{n} | Question {n} |\n" for n in (4, 1, 2, 3)), "two")
    moved = [change.words for change in compare(one, two).changes if change.kind == "moved"]
    assert moved == ["“Question 4” now stands first."]


def test_shipped_forms_are_the_same_as_themselves() -> None:
    evidence = load_form(resource("forms", "evidence.xml"))
    assert compare(evidence, evidence).changes == ()


def test_rules_read_as_their_author_wrote_them() -> None:
    assert readable(" /data/about/area  = 'a/b/c' and ../weeks > 3") == "${area} = 'a/b/c' and ${weeks} > 3"
    assert readable("count(/data/waits) div 2 > today()") == "count(${waits}) div 2 > today()"


def test_answers_go_on_and_none_is_lost(both: tuple[FormDefinition, FormDefinition]) -> None:
    old, new = both
    first = FormSession(old, record="r")
    for path, text in (
        ("/data/about/title", "A case"),
        ("/data/about/delayed", "yes"),
        ("/data/about/weeks", "seven"),
        ("/data/about/why", "Nobody said"),
        ("/data/end/more", "No"),
        ("/data/waits[1]/for_what", "A plan"),
        ("/data/waits[1]/who", "The parents"),
    ):
        first.set(path, text)
    row = first.answers()["waits"][0]["_id"]
    moved = taken_on(first.answers(), first.typed(), old, new)
    assert moved.answers["about"] == {"title": "A case", "delayed": "yes", "more": "No"}
    assert moved.typed == {"about/weeks": "seven"}
    kept = {entry.leaf: (entry.label, entry.words) for entry in earlier_answers(moved.answers)}
    assert kept == {
        "about/why": ("Why was that?", "Nobody said"),
        f"waits/{row}/who": ("Who was told?", "The parents"),
    }
    again = FormSession(new, moved.answers, moved.typed, record="r")
    assert again.node("/data/about/more").value == "No"
    assert earlier_answers(again.answers()) == earlier_answers(moved.answers)
    back = taken_on(again.answers(), again.typed(), new, old)
    assert back.answers["about"]["why"] == "Nobody said"  # the question came back, and finds its answer


def test_a_choice_that_has_gone_keeps_its_words(tmp_path: Path) -> None:
    old = form(tmp_path, OLD, "old")
    new = form(
        tmp_path,
        OLD.replace("| | select_one yes_no | delayed | Was it delayed? | | | | |\n", "").replace(
            "${delayed} = 'yes'", ""
        ),
        "new",
    )
    moved = taken_on({"about": {"delayed": "no"}}, {}, old, new)
    (entry,) = earlier_answers(moved.answers)
    assert (entry.label, entry.value, entry.words) == ("Was it delayed?", "no", "No")
