"""Counts over very many records, in steps short enough for a draft to be saved in between.

Every record has one row number, so what is counted of one range of numbers and of the next adds up. A step takes as many
numbers as fit into about `STEP_SECONDS`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

from desktop_app.errors import UsageProblem
from desktop_app.storage.database import Store
from desktop_app.storage.listing import count, narrowed
from desktop_app.storage.projection import PEOPLE, VERDICTS, Filters

STEP_SECONDS = 0.02
_FIRST_STEP = 2_000  # row numbers
_T = TypeVar("_T")

_GROUPINGS = {
    "authority": ("cross join tags t on t.n = p.n and t.kind = 'authority'", "t.value", "''"),
    "region": ("cross join tags t on t.n = p.n and t.kind = 'region'", "t.value", "''"),
    "programme": ("cross join tags t on t.n = p.n and t.kind = 'programme'", "t.value", "''"),
    "form": ("", "p.form", "''"),
    "branch": ("", "p.branch", "''"),
    "standing": ("", "p.standing", "''"),
    "strength": ("", "p.strength", "''"),
    "permission": ("", "p.permission", "''"),
    "month": ("", "substr(coalesce(p.when_from, p.changed_utc), 1, 7)", "''"),
    "question": ("cross join answers g on g.n = p.n and g.ref <> ''", "g.ref", "max(g.label)"),
    "answer": ("cross join answers g on g.n = p.n and g.ref <> ''", "g.ref || ' ' || g.value", "max(g.value_label)"),
    "concern": ("cross join answers g on g.n = p.n and g.verdict = 'concern'", "g.ref", "max(g.label)"),
}


def taken(steps: Generator[None, None, _T]) -> _T:
    """What steps come to, one taken after the other."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: _T = end.value
            return found


def count_steps(store: Store, filters: Filters | None = None) -> Generator[None, None, int]:
    """As `listing.count`, a step at a time; returns the number."""
    narrow = narrowed(store, filters or Filters(), by_days=False)
    if not narrow.where:  # an index alone tells
        return count(store)
    sql = narrow.only(f"{narrow.key} between ? and ?").unsorted(narrow.number_of)
    found = 0
    for first, last in _ranges(store):
        found += store.rows(sql, [*narrow.parameters, first, last])[0][0]
        yield
    return found


def _ranges(store: Store) -> Iterator[tuple[int, int]]:
    """Ranges of row numbers, newest first, each so long that what is done with it takes about a step's time."""
    row = store.one("select max(n) from projection")
    last, size = int(row[0] or 0) if row else 0, _FIRST_STEP
    while last > 0:
        started = time.perf_counter()
        yield max(last - size + 1, 1), last
        took = time.perf_counter() - started
        last -= size
        size = min(max(int(size * STEP_SECONDS / max(took, 1e-6)), size // 4, 100), size * 4)


def branches(store: Store) -> int:
    """How many branches records are from: the index is asked for one after the other, not for every record."""
    row = store.one(
        "with recursive named(b) as (select min(branch) from projection union all"
        " select (select min(branch) from projection where branch > b) from named where b is not null)"
        " select count(b) from named"
    )
    return int(row[0]) if row else 0


def choice_steps(store: Store, question: str, form: str) -> Generator[None, None, dict[str, int]]:
    """In how many records of a form each choice of a question stands, several of them in one answer included.

    An answer in two versions is in no count until somebody has chosen.
    """
    sql = (
        "select distinct g.n, g.value from answers g join projection p on p.n = g.n"
        " where g.ref = ? and g.n between ? and ? and p.form = ? and g.verdict <> 'two_versions' order by g.n"
    )
    found: Counter[str] = Counter()
    for first, last in _ranges(store):
        seen: dict[int, set[str]] = {}
        for number, value in store.rows(sql, (question, first, last, form)):
            seen.setdefault(number, set()).update(value.split())
        for choices in seen.values():
            found.update(choices)
        yield
    return dict(found)


def stats(store: Store, by: str, filters: Filters | None = None) -> list[dict[str, Any]]:
    """Counts of testimonies by one dimension (or several, separated by commas: then ``key`` joins them with `` | ``).

    Each row: ``{key, label, records, concerns, reassures, partly, dont_know, answered, two_versions, people, newest}``.
    ``records`` counts records, the verdicts count records with at least one such answer (of the question, if counted by question
    or answer), ``people`` says that the answers count people, ``newest`` is the latest change. Raises `UsageProblem`.
    """
    return taken(stats_steps(store, by, filters))


def stats_steps(
    store: Store, by: str, filters: Filters | None = None
) -> Generator[None, None, list[dict[str, Any]]]:
    """As `stats`, a step at a time."""
    names = [name.strip() for name in by.split(",") if name.strip()]
    unknown = [name for name in names if name not in _GROUPINGS]
    if unknown or not names:
        raise UsageProblem(f"Cannot count by “{', '.join(unknown) or by}”.", do=f"Use: {', '.join(_GROUPINGS)}.")
    sql, parameters = _sql(store, names, filters or Filters())
    found: dict[tuple[str, ...], list[Any]] = {}
    width = len(names)
    for first, last in _ranges(store):
        for row in store.rows(sql, [*parameters, first, last]):
            key = tuple(str(part) for part in row[:width])
            so_far = found.setdefault(key, [[""] * width, [0] * (len(VERDICTS) + 1), False, ""])
            so_far[0] = [max(a, str(b)) for a, b in zip(so_far[0], row[width : 2 * width], strict=True)]
            so_far[1] = [a + b for a, b in zip(so_far[1], row[2 * width : -2], strict=True)]
            so_far[2] = so_far[2] or bool(row[-2])
            so_far[3] = max(so_far[3], str(row[-1]))
        yield
    rows = sorted(found.items(), key=lambda one: (-one[1][1][0], one[0]))
    members = ("records", "concerns", "reassures", "partly", "dont_know", "answered", "two_versions")
    return [
        {
            "key": " | ".join(key),
            "label": " | ".join(label for label in labels if label),
            **dict(zip(members, numbers, strict=True)),
            "people": people,
            "newest": newest,
        }
        for key, (labels, numbers, people, newest) in rows
    ]


def _sql(store: Store, names: list[str], filters: Filters) -> tuple[str, list[Any]]:
    """The query of one range of numbers: each record once a key, what was said of it as the bits of one number."""
    narrow = narrowed(store, filters, by_days=False)
    joins, keys, labels, own = "", [], [], ""
    for place, name in enumerate(names):
        join, key, label = _GROUPINGS[name]
        short = "t" if " t on " in join else "g" if " g on " in join else ""
        if short:
            alias = f"{short}{place}"
            join, key, label = (
                part.replace(f" {short} on ", f" {alias} on ").replace(f"{short}.", f"{alias}.")
                for part in (join, key, label)
            )
            if short == "g":
                own = alias
        joins += f" {join}"
        keys.append(f"{key} as k{place}")
        labels.append(f"{label} as l{place}")
    bits = " + ".join(
        [f"{1 << place} * max(v.verdict = '{verdict}')" for place, verdict in enumerate(VERDICTS)]
        + [f"{PEOPLE} * max(v.people)"]
    )
    # Without answers of its own a dimension takes what all answers of the record say. A record then comes once for each of
    # its keys, unless the source repeats it.
    said = bits.replace("v.", f"{own}.") if own else "p.said"
    grouped = ", ".join(f"k{place}" for place in range(len(names)))
    within = " and ".join([*narrow.where, f"{narrow.key} between ? and ?"])
    once = f" group by {grouped}, p.n" if own or narrow.repeats else ""
    inner = (
        f"select {', '.join(keys)}, {', '.join(labels)}, {said} as said, p.changed_utc as utc"  # noqa: S608
        f" from {narrow.source}{joins} where {within}{once}"
    )
    sums = ", ".join(f"sum((said >> {place}) & 1)" for place in range(len(VERDICTS)))
    shown = ", ".join(f"max(l{place})" for place in range(len(names)))
    return (
        f"select {grouped}, {shown}, count(*), {sums}, max(said >= {PEOPLE}), max(utc) from ({inner}) group by {grouped}",  # noqa: S608
        narrow.parameters,
    )
