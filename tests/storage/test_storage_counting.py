"""Counting goes a step at a time, so that a draft can go in between, and comes to the same as all at once."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from desktop_app.storage import counting, listing, projection, search
from desktop_app.storage.database import Store
from desktop_app.storage.projection import AnswerRow, Filters, Projection

Project = Callable[..., Projection]
FILTERS = (
    Filters(), Filters(question="2"), Filters(question="2", answer="yes"), Filters(question="2", concern=True),
    Filters(answer="no"), Filters(concern=True), Filters(concern=False), Filters(authority="886"),
    Filters(authority="886", question="1"), Filters(region="london", question="3"), Filters(words="odd"),
    Filters(words="odd", question="2"), Filters(since="2026-03-10"), Filters(form="jot", question="1"),
)  # fmt: skip


@pytest.fixture
def filled(store: Store, project: Project) -> Store:
    """300 records; questions repeat within one of them."""
    dice = random.Random(3)
    with search.indexed_later(store):
        for n in range(300):
            answers = tuple(
                AnswerRow(ref, f"q/{ref}/{row}", f"Question {ref}", value, value.title(), verdict, ref == "3")
                for row in range(dice.randrange(3))
                for ref in ("1", "2", "3")
                for value, verdict in [dice.choice((("yes", "concern"), ("no", "reassure"), ("yes no", "partly")))]
            )
            projection.write(
                store,
                project(
                    f"r{n}", n, answers=answers, form_id=dice.choice(("evidence", "jot")),
                    authorities=tuple(dice.sample(("886", "810", "383"), dice.randrange(3))),
                    regions=(dice.choice(("london", "south_east")),), when_from=f"2026-03-{1 + n % 28:02d}",
                    words="odd" if n % 2 else "even",
                ),
            )  # fmt: skip
    return store


@pytest.fixture
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_FIRST_STEP", 7)
    monkeypatch.setattr(counting, "STEP_SECONDS", 0.0)


def taken_all(store: Store, filters: Filters) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = listing.page(store, filters, 11, after)
        found += [row.id for row in page.rows]
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize("filters", FILTERS)
def test_steps_count_what_the_list_shows_each_record_once(filled: Store, short_steps: None, filters: Filters) -> None:
    shown = taken_all(filled, filters)
    assert len(set(shown)) == len(shown) > 0
    assert listing.ids(filled, filters) == shown
    assert len(listing.numbers(filled, filters)) == len(shown)
    assert listing.count(filled, filters) == len(shown)
    steps = counting.count_steps(filled, filters)
    assert filters == Filters() or sum(1 for _ in counting.count_steps(filled, filters)) > 2
    assert counting.taken(steps) == len(shown)


def counts_by_hand(store: Store, by: str, filters: Filters) -> dict[str, tuple[int, int, bool]]:
    made: dict[str, tuple[set[str], set[str], bool]] = {}
    for record in listing.ids(store, filters):
        row = projection.get(store, record)
        assert row is not None
        answers = projection.answers(store, record)
        if by == "form":
            keys = {row.form: answers}
        elif by == "authority":
            keys = dict.fromkeys(row.authorities, answers)
        else:
            keys = {a.ref: [b for b in answers if b.ref == a.ref] for a in answers}
        for key, own in keys.items():
            records, concerns, people = made.setdefault(key, (set(), set(), False))
            records.add(record)
            if any(a.verdict == "concern" for a in own):
                concerns.add(record)
            made[key] = (records, concerns, people or any(a.people for a in own))
    return {key: (len(records), len(concerns), people) for key, (records, concerns, people) in made.items()}


@pytest.mark.parametrize("by", ["form", "authority", "question"])
@pytest.mark.parametrize("filters", [Filters(), Filters(question="2"), Filters(authority="810"), Filters(words="odd")])
def test_steps_add_up_to_what_a_loop_over_the_records_counts(
    filled: Store, short_steps: None, by: str, filters: Filters
) -> None:
    rows = counting.stats(filled, by, filters)
    assert {row["key"]: (row["records"], row["concerns"], row["people"]) for row in rows} == counts_by_hand(
        filled, by, filters
    )
    assert [row["records"] for row in rows] == sorted((row["records"] for row in rows), reverse=True)


def test_each_choice_of_several_is_counted_once_a_record(filled: Store, short_steps: None) -> None:
    said = counting.taken(counting.choice_steps(filled, "2", "evidence"))
    for choice in ("yes", "no"):
        assert said[choice] == listing.count(filled, Filters(form="evidence", question="2", answer=choice)) > 0


def test_branches_are_told_from_the_index(store: Store, project: Project) -> None:
    assert counting.branches(store) == 0
    for n in range(12):
        projection.write(store, project(f"r{n}", n, branch=("Leeds", "Kent", "Hull")[n % 3]))
    assert counting.branches(store) == len(counting.stats(store, "branch")) == 3


def test_what_all_answers_say_is_kept_with_the_row_while_it_changes(store: Store, project: Project) -> None:
    def made(*verdicts: str, people: bool = False) -> Projection:
        answers = (AnswerRow("1", f"q/{n}", "Q", "v", "V", verdict, people) for n, verdict in enumerate(verdicts))
        return project("r", 1, answers=tuple(answers))

    def said() -> dict[str, object]:
        return counting.stats(store, "form")[0]

    projection.write(store, made("concern", "partly", people=True))
    assert (said()["concerns"], said()["partly"], said()["reassures"], said()["people"]) == (1, 1, 0, True)
    assert listing.count(store, Filters(concern=True)) == 1
    projection.write(store, made("reassure"))
    assert (said()["concerns"], said()["partly"], said()["reassures"], said()["people"]) == (0, 0, 1, False)
    assert listing.count(store, Filters(concern=True)) == 0
    assert listing.count(store, Filters(concern=False)) == 1
