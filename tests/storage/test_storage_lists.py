"""Lists, filters, search and counts: the same rows whichever way they are asked for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from desktop_app.errors import NotFound, UsageProblem
from desktop_app.storage import counting, incoming, listing, projection, revisions, search
from desktop_app.storage.database import Store
from desktop_app.storage.projection import AnswerRow, Filters, Projection

Project = Callable[..., Projection]


def all_pages(store: Store, filters: Filters, limit: int = 7) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = listing.page(store, filters, limit, after)
        found += [row.id for row in page.rows]
        after = page.next
        if after is None:
            return found


def test_pages_join_to_the_whole_newest_first(store: Store, project: Project) -> None:
    with search.indexed_later(store):
        for n in range(50):
            projection.write(store, project(f"r{n}", n))
    assert all_pages(store, Filters()) == [f"r{n}" for n in reversed(range(50))]
    assert all_pages(store, Filters(), 10) == [f"r{n}" for n in reversed(range(50))]
    assert listing.count(store) == 50
    assert listing.ids(store) == all_pages(store, Filters())
    numbers = listing.numbers(store)
    rows = listing.rows_of(store, numbers[:3])
    assert [rows[number].id for number in numbers[:3]] == ["r49", "r48", "r47"]
    with pytest.raises(UsageProblem):
        listing.page(store, Filters(), 10, "x' or 1")


def test_a_change_moves_to_the_top_and_a_new_standing_does_not(store: Store, project: Project) -> None:
    for n in range(5):
        projection.write(store, project(f"r{n}", n))
    projection.write(store, replace(project("r2", 2), standing="in_file"))
    assert listing.ids(store) == ["r4", "r3", "r2", "r1", "r0"]
    projection.write(store, project("r2", 99))
    assert listing.ids(store)[0] == "r2"
    assert search.search(store, "record 99").rows[0].id == "r2"
    assert not search.search(store, "record 2").rows


def test_every_filter_finds_what_a_loop_over_the_rows_finds(store: Store, project: Project) -> None:
    dice = random.Random(7)
    made: list[Projection] = []
    for n in range(150):
        answers = tuple(
            AnswerRow(ref, f"leaf/{ref}", f"Question {ref}", value, value.title(), verdict)
            for ref in ("1.5", "2.1", "3.4")
            for value, verdict in [dice.choice([("yes", "concern"), ("no", "reassure"), ("a_b c", "answered")])]
            if dice.random() < 0.7
        )
        made.append(
            project(
                f"r{n}",
                n,
                authorities=tuple(dice.sample(["886", "810", "383"], dice.randint(0, 2))),
                regions=tuple(dice.sample(["london", "south_east"], 1)),
                programmes=tuple(dice.sample(["SV", "DBV"], 1)),
                form_id=dice.choice(["evidence", "plan"]),
                strength=dice.choice(["first_hand", "reported"]),
                permission=dice.choice(["quote", "background"]),
                standing=dice.choice(["ready", "draft"]),
                branch=dice.choice(["Leeds", "Kent"]),
                when_from=dice.choice(["", "2026-01-10", "2026-06-01"]),
                answers=answers,
                words=dice.choice(["hull waits", "kent Wait", "Zażółć refusals"]),
            )
        )
        projection.write(store, made[-1])

    def matches(p: Projection, f: Filters) -> bool:
        one = [
            a
            for a in p.answers
            if (not f.question or a.ref == f.question)
            and (not f.answer or f.answer in (*a.value.split(), a.value_label))
            and (not f.concern or a.verdict == "concern")
        ]
        begins = [w.casefold() for w in p.words.replace("ż", "z").replace("ó", "o").replace("ł", "ł").split()]
        when_to = p.when_to or p.when_from or p.changed_utc[:10]
        return (
            all(getattr(p, "form_id" if k == "form" else k) == getattr(f, k) or not getattr(f, k)
                for k in ("form", "strength", "permission", "standing", "branch"))
            and (not f.authority or f.authority in p.authorities)
            and (not f.region or f.region in p.regions)
            and (not f.programme or f.programme in p.programmes)
            and (not (f.question or f.answer or f.concern) or bool(one))
            and (f.concern is not False or not any(a.verdict == "concern" for a in p.answers))
            and (not f.since or when_to >= f.since)
            and (not f.until or (p.when_from or p.changed_utc[:10]) <= f.until)
            and all(any(b.startswith(w.casefold()) for b in begins) for w in f.words.split())
        )  # fmt: skip

    tried = [
        Filters(form="plan"), Filters(authority="886"), Filters(region="london", programme="SV"),
        Filters(question="1.5"), Filters(question="1.5", answer="yes"), Filters(answer="No"), Filters(answer="a_b"),
        Filters(answer="c"), Filters(concern=True), Filters(concern=False), Filters(question="2.1", concern=True),
        Filters(strength="reported", permission="quote"), Filters(standing="draft", branch="Leeds"),
        Filters(since="2026-02-01"), Filters(until="2026-02-01"), Filters(since="2026-01-01", until="2026-03-01"),
        Filters(words="wai"), Filters(words="hul wait"), Filters(words="refusal", authority="810"),
        Filters(question="1.5", answer="yes", authority="886", strength="first_hand", permission="quote"),
    ]  # fmt: skip
    for filters in tried:
        expected = [p.record for p in reversed(made) if matches(p, filters)]
        assert all_pages(store, filters) == expected, filters
        assert listing.count(store, filters) == len(expected)
        assert 0 < len(expected) < 150, f"the filter proves nothing: {filters}"


def test_what_is_typed_into_search_is_never_a_command(store: Store, project: Project) -> None:
    projection.write(store, project("r", words='said "quoted" a OR b NOT c near* text:'))
    for typed in (
        '"',
        "a OR b",
        "NOT",
        "near*",
        "text:",
        "c-d",
        "()",
        "'; drop table projection; --",
        "*",
        "^said",
        "{a}",
    ):
        search.search(store, typed)
    assert search.search(store, "QUOTED sai").rows
    assert search.search(store, "   ").rows, "nothing to look for shows everything"
    assert not search.search(store, "absent").rows


def test_new_since_a_pack(store: Store, project: Project, make: Callable[..., Any]) -> None:
    for n, pack in enumerate(("one", "two", "three")):
        signed = make(n=n)
        name = f"Kent-{n + 1}.branchpack"
        adding = incoming.begin_import(store, utc=f"t{n}", pack=pack, device="d", name=name, sha256="")
        revisions.add(store, signed, import_id=adding)
        projection.write(store, project(signed.revision.record, n))
    ids = listing.ids(store)
    assert listing.ids(store, Filters(new_since="one")) == ids
    assert listing.ids(store, Filters(new_since="two")) == ids[:2]
    assert listing.ids(store, Filters(new_since="Kent-3.branchpack")) == ids[:1], "by the name it came with"
    assert listing.ids(store, Filters(came_with="two")) == ids[1:2]
    assert listing.ids(store, Filters(came_with="two", new_since="three")) == []
    with pytest.raises(NotFound, match=r"No file “unknown” was added here\."):
        listing.ids(store, Filters(new_since="unknown"))


def test_counts_are_of_records_and_of_concerns(store: Store, project: Project) -> None:
    def answer(ref: str, verdict: str, value: str = "yes") -> AnswerRow:
        return AnswerRow(ref, ref, f"Question {ref}", value, value.title(), verdict, people=ref == "2")

    projection.write(store, project("a", 1, answers=(answer("1", "concern"), answer("2", "concern"))))
    projection.write(store, project("b", 2, answers=(answer("1", "reassure", "no"),), authorities=("886", "810")))
    projection.write(store, project("c", 3, answers=(), authorities=("810",), when_from="2026-04-01"))

    def table(by: str) -> dict[str, tuple[int, int]]:
        return {row["key"]: (row["records"], row["concerns"]) for row in counting.stats(store, by)}

    assert table("authority") == {"886": (2, 1), "810": (2, 0)}
    assert table("question") == {"1": (2, 1), "2": (1, 1)}
    assert table("answer") == {"1 yes": (1, 1), "1 no": (1, 0), "2 yes": (1, 1)}
    assert table("concern") == {"1": (1, 1), "2": (1, 1)}
    assert table("month") == {"2026-03": (2, 1), "2026-04": (1, 0)}
    assert table("authority,question") == {"886 | 1": (2, 1), "886 | 2": (1, 1), "810 | 1": (1, 0)}
    assert {row["people"] for row in counting.stats(store, "question") if row["key"] == "2"} == {True}
    assert sum(row["records"] for row in counting.stats(store, "form", Filters(authority="810"))) == 2
    with pytest.raises(UsageProblem):
        counting.stats(store, "form; drop table")


def test_a_row_deleted_is_in_no_list_and_no_search(store: Store, project: Project) -> None:
    projection.write(store, project("a", 1))
    projection.write(store, project("b", 2))
    projection.delete(store, "a")
    projection.delete(store, "a")
    assert listing.ids(store) == ["b"]
    assert [row.id for row in search.search(store, "record").rows] == ["b"]
    assert projection.get(store, "a") is None
    assert projection.answers(store, "b")[0].people is True
    projection.clear_all(store)
    assert listing.count(store) == 0
    assert not search.search(store, "record").rows


def test_an_index_made_afterwards_is_the_same(store: Store, project: Project) -> None:
    projection.write(store, project("a", 1, words="alpha"))
    with search.indexed_later(store):
        projection.write(store, project("a", 2, words="beta"))
        projection.write(store, project("b", 3, words="beta gamma"))
        projection.delete(store, "b")
    assert [row.id for row in search.search(store, "be").rows] == ["a"]
    assert not search.search(store, "alpha").rows
    assert not search.search(store, "gamma").rows
    store.rows("insert into search(search, rank) values('integrity-check', 1)")


@pytest.mark.bench
def test_the_last_page_of_many_costs_what_the_first_does(store: Store, project: Project) -> None:
    with search.indexed_later(store):
        for n in range(5000):
            projection.write(store, project(f"r{n}", n))

    def cost(after: str | None) -> float:
        best = 1.0
        for _ in range(5):
            start = time.perf_counter()
            listing.page(store, Filters(), 100, after)
            best = min(best, time.perf_counter() - start)
        return best

    assert cost("150") < 5 * cost(None)
