"""What is written and read again is only what changed, and the result is the same as if all had been."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from desktop_app.storage import drafts, projection, revisions, search
from desktop_app.storage.database import Store
from desktop_app.storage.projection import AnswerRow, Projection

Project = Callable[..., Projection]


def rows(store: Store, record: str) -> tuple[Any, ...]:
    """Everything the tables hold of a record's row but its number."""
    own = store.rows("select * from projection where record = ?", (record,))[0]
    tags = store.rows("select kind, value from tags where n = ? order by 1, 2", (own[0],))
    answers = store.rows(
        "select ref, leaf, label, value, value_label, verdict, people from answers where n = ? order by leaf", (own[0],)
    )
    return own[1:], tags, answers


def test_a_row_changed_in_place_is_as_one_written_anew(store: Store, project: Project) -> None:
    dice = random.Random(11)

    def answer(leaf: int) -> AnswerRow:
        value = str(dice.randrange(3))
        return AnswerRow(f"1.{leaf}", f"a/{leaf}", "Question", value, value.title(), dice.choice(projection.VERDICTS))

    def some(n: int) -> Projection:
        return project(
            "same", 1, title=f"Title {dice.randrange(3)}", words=f"words {n}", draft=bool(dice.randrange(2)),
            authorities=tuple(dice.sample(("886", "810", "383"), dice.randrange(4))),
            standing=dice.choice(("ready", "draft")),
            answers=tuple(answer(leaf) for leaf in sorted(dice.sample(range(6), dice.randrange(6)))),
        )  # fmt: skip

    for n in range(60):
        made = some(n)
        projection.write(store, made)
        projection.write(store, replace(made, record="new", changed_utc=f"2026-11-22T10:00:{n:02}Z"))
        again, anew = rows(store, "same"), rows(store, "new")
        assert again[1:] == anew[1:]
        assert [value for value in again[0] if value != "same"][:8] == [value for value in anew[0] if value != "new"][:8]
        assert {row.id for row in search.search(store, f"words {n}").rows} == {"same", "new"}
        projection.delete(store, "new")


def test_marking_ready_what_was_saved_changes_one_row_of_the_list(store: Store, project: Project) -> None:
    projection.write(store, project("a", 1, standing="draft", draft=True))
    before = store.conn.total_changes
    projection.write(store, project("a", 1, standing="ready", draft=False))
    assert store.conn.total_changes - before == 1


def test_a_revision_that_was_undone_is_not_remembered(store: Store, make: Callable[..., Any]) -> None:
    first = make()
    revisions.add(store, first)
    assert [one.id for one in revisions.of_record(store, first.revision.record)] == [first.id]
    second = make(record=first.revision.record, parents=(first.id,))
    with pytest.raises(RuntimeError), store.atomic():
        revisions.add(store, second)
        assert len(revisions.of_record(store, first.revision.record)) == 2
        raise RuntimeError("the disk is full")
    assert [one.id for one in revisions.of_record(store, first.revision.record)] == [first.id]


def test_a_record_of_more_versions_than_are_kept_in_mind_is_read_whole(
    store: Store, make: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "_PARSED", 5)
    first = make()
    made = [first] + [make(record=first.revision.record, parents=(first.id,)) for _ in range(8)]
    other = make()
    revisions.add_many(store, [*made, other])
    store.parsed.clear()
    for _ in range(2):
        assert [one.id for one in revisions.of_record(store, first.revision.record)] == [one.id for one in made]
        assert [one.id for one in revisions.of_record(store, other.revision.record)] == [other.id]
    assert len(store.parsed) <= len(made)


def test_what_a_draft_began_from_is_known_without_its_words(store: Store, make: Callable[..., Any]) -> None:
    form = make().revision.form
    assert drafts.basis(store, "r") is None
    drafts.save(store, "r", form, {"answers": {}}, ("r1:a",))
    assert drafts.basis(store, "r") == (form, ("r1:a",))
