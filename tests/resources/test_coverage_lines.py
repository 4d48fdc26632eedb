"""What help says about each line of what the union asked."""

from __future__ import annotations

from desktop_app.services.coverage import asked_lines, reports_in_words, where_in_words
from desktop_app.services.form_library import SHIPPED, shipped_form


def test_every_line_says_where_it_is_and_which_report_uses_it() -> None:
    lines = asked_lines()
    assert len(lines) == len({line.ref for line in lines}) == 348
    for line in lines:
        place = where_in_words(line, shipped_form(line.form) if line.form in SHIPPED else None)
        assert bool(place) == bool(line.form), line.ref
        assert reports_in_words(line), line.ref


def test_the_words_are_those_of_the_window() -> None:
    line = next(line for line in asked_lines() if line.ref == "WAIT3")
    assert where_in_words(line, shipped_form("evidence")) == (
        "Evidence, 2. Getting provision and support, and what follows for learners"
    )
    assert reports_in_words(line).startswith("Record, Authority dossier")


def test_what_the_papers_ask_comes_before_the_facts_around_it() -> None:
    refs = [line.ref for line in asked_lines()]
    assert refs[0] == "1.1a"
    assert refs.index("7") < refs.index("ABOUT1") < refs.index("PLAN1")
