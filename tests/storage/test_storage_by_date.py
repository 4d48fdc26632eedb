"""Filters by date find what a loop over the rows finds, and pass by what cannot match."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from desktop_app.storage import listing, projection, search, stretches
from desktop_app.storage.database import Store
from desktop_app.storage.projection import AnswerRow, Filters, Projection

Project = Callable[..., Projection]
STEPS = 100


def steps_of(store: Store, filters: Filters) -> int:
    """How much work the engine does for the first page, in steps of its own machine."""
    seen = [0]

    def count() -> int:
        seen[0] += STEPS
        return 0

    store.conn.set_progress_handler(count, STEPS)
    try:
        listing.page(store, filters, 50)
    finally:
        store.conn.set_progress_handler(None, 0)
    return seen[0]


def by_hand(made: dict[str, Projection], filters: Filters) -> set[str]:
    found = set()
    for record, row in made.items():
        first = row.when_from or row.changed_utc[:10]
        last = row.when_to or first
        fits = (not filters.since or last >= filters.since) and (not filters.until or first <= filters.until)
        if fits and (not filters.authority or filters.authority in row.authorities):
            answered = any(answer.ref == filters.question for answer in row.answers)
            if (not filters.question or answered) and (not filters.form or filters.form == row.form_id):
                found.add(record)
    return found


def all_pages(store: Store, filters: Filters) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = listing.page(store, filters, 5, after)
        found += [row.id for row in page.rows]
        after = page.next
        if after is None:
            return found


def test_however_rows_come_change_and_go(store: Store, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "LENGTH", 4)
    dice = random.Random(5)
    made: dict[str, Projection] = {}

    def day() -> str:
        return dice.choice(("", f"20{dice.randrange(19, 27)}-0{dice.randrange(1, 10)}-1{dice.randrange(10)}"))

    def row(record: str, n: int) -> Projection:
        first = day()
        answers = tuple(AnswerRow(dice.choice("12"), f"q/{k}", "Q", "v", "V", "answered") for k in range(3))
        return project(
            record, n, when_from=first, when_to=first and max(first, day()), answers=answers,
            authorities=tuple(dice.sample(("886", "810"), dice.randrange(3))), form_id=dice.choice(("evidence", "jot")),
        )  # fmt: skip

    for n in range(240):
        record = f"r{dice.randrange(60)}"
        if record in made and dice.random() < 0.2:
            projection.delete(store, record)
            del made[record]
        elif record in made and dice.random() < 0.4:  # in place: its days may be others now
            changed = row(record, 0)
            made[record] = projection.Projection(**{**vars(changed), "changed_utc": made[record].changed_utc})
            projection.write(store, made[record])
        else:
            made[record] = row(record, n % 59)
            projection.write(store, made[record])
        if n % 12 == 0:
            newest_first = listing.ids(store)
            for filters in (
                Filters(until=day()), Filters(since=day()), Filters(since="2021-01-01", until=day() or "2023-01-01"),
                Filters(until="2022-06-30", authority="886"), Filters(since="2024-02-01", question="1"),
                Filters(until="2020-12-31", form="jot"), Filters(since="2022-01-01", authority="810", question="2"),
            ):  # fmt: skip
                fitting = by_hand(made, filters)
                assert all_pages(store, filters) == [one for one in newest_first if one in fitting]
                assert listing.ids(store, filters) == all_pages(store, filters)
                assert listing.count(store, filters) == len(fitting)


def test_what_happened_long_ago_is_found_without_reading_what_came_since(store: Store, project: Project) -> None:
    with search.indexed_later(store):
        many = [project(f"r{n}", n % 60, when_from=f"{2000 + n // 400}-01-01") for n in range(8000)]
        projection.add_new(store, [projection.packed(row) for row in many])
    every = steps_of(store, Filters())
    for filters in (Filters(until="2001-06-01"), Filters(until="1990-01-01"), Filters(since="2030-01-01"),
                    Filters(since="2005-01-01", until="2005-12-31"), Filters(until="2001-06-01", form="evidence")):  # fmt: skip
        assert steps_of(store, filters) < 3 * every + 20 * 8000 // stretches.LENGTH
    assert steps_of(store, Filters(permission="no such")) > 8000, "else this measures nothing"


def test_days_are_made_anew_with_the_rows(store: Store, project: Project) -> None:
    projection.write(store, project("r", 1, when_from="2001-01-01"))
    projection.clear_all(store)
    projection.write(store, project("r", 1, when_from="2020-01-01"))
    assert store.rows("select earliest, latest from stretches") == [("2020-01-01", "2020-01-01")]
