"""What is asked of hundreds of rows with every key says the same as looking at each question."""

from __future__ import annotations

import random
from typing import Any

import pytest

from desktop_app.errors import FormError
from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form
from desktop_app.paths import resource

TOPICS = "plan_and_targets access_and_consequences pressure_on_staff"
WAITS = "/data/access_and_consequences/waits"


@pytest.fixture(params=[1, 2, 3])
def session(request: pytest.FixtureRequest) -> FormSession:
    """The evidence form, some of it filled: rows, words that are no number, rows left empty."""
    dice = random.Random(request.param)
    made = FormSession(load_form(resource("forms", "evidence.xml")), {"about": {"topics": TOPICS}})
    for number in range(12):
        path = made.add(WAITS)
        if number == 0 or dice.random() < 0.7:
            made.set(f"{path}/wait_weeks", "twelve" if number == 0 else dice.choice(("7", "twelve", "30")))
    made.set("/data/about/title", "A title")
    if request.param == 3:
        made.set("/data/about/topics", "plan_and_targets")  # the rows are there, and not asked for any more
    return made


def under(session: FormSession, path: str) -> list[Any]:
    """Every question asked now under a path, found one by one."""
    found = []
    for item in session.children(path):
        if item.relevant:
            found += [item.node] if item.node is not None else under(session, item.path)
    return found


def test_rows_hold_what_their_questions_hold(session: FormSession) -> None:
    rows = session.rows(WAITS)
    items = session.children(WAITS)
    assert [row.path for row in rows] == [item.path for item in items]
    assert len({row.id for row in rows}) == 12
    for row, item in zip(rows, items, strict=True):
        nodes = [child.node for child in session.children(item.path) if child.node is not None]
        assert row.held == {node.question.name: node.typed or node.value for node in nodes}
        assert all(f"/{row.id}/" in f"/{node.leaf}" for node in nodes)
    assert any(row.held["wait_weeks"] == "twelve" for row in rows)


def test_filled_rows_are_those_with_an_answer_that_is_asked_for(session: FormSession) -> None:
    by_hand = sum(
        any(node.value or node.typed for node in under(session, item.path)) for item in session.children(WAITS)
    )
    assert session.filled(WAITS) == by_hand


def test_unanswered_is_what_is_asked_and_empty(session: FormSession) -> None:
    names = ("strength", "wait_weeks", "title")
    wanted = {question.path for question in session.form.questions if question.name in names}
    by_hand = [
        node.path
        for node in session.nodes()
        if node.relevant and not node.value and not node.typed and (node.required or node.question.path in wanted)
    ]
    assert [node.path for node in session.unanswered(wanted)] == by_hand
    assert "/data/about/title" not in by_hand and any(path.endswith("/strength") for path in by_hand)


def test_what_is_no_repeat_has_no_rows(session: FormSession) -> None:
    for ask in (session.rows, session.filled):
        with pytest.raises(FormError):
            ask("/data/about")
