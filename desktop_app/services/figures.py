"""The office's figures as charts: what the reports draw, for the window.

`gathered` reads the counts (on the thread that owns the records); `drawn` makes the charts of them with the reports' own
chart code and can run in another process.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

from desktop_app.reports.items import Items
from desktop_app.reports.view import CONFIDENTIAL, authority_name
from desktop_app.storage import counting
from desktop_app.storage.projection import Filters

from .profile import Profile
from .recording import list_records, open_record

MOST_AUTHORITIES = 15
MOST_WAITS = 1000
"""Records read for the waits: the newest."""


@dataclass(frozen=True)
class Gathered:
    """Counts of reports received: categories as (name, label, reports), authorities as (label, reports, of them with
    a concern), months as ``YYYY-MM``.
    """

    categories: tuple[tuple[str, str, int], ...] = ()
    authorities: tuple[tuple[str, int, int], ...] = ()
    authorities_in_all: int = 0
    months: tuple[tuple[str, int], ...] = ()
    waits: Items = field(default_factory=Items)


@dataclass(frozen=True)
class Figure:
    """One chart: what it says in a sentence, its figures as a table, its drawing as SVG with named colours."""

    name: str
    title: str
    alt: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: bytes
    note: str = ""


def gathered(profile: Profile) -> Generator[None, None, Gathered]:
    """The figures' counts, in steps: of all the evidence that was received."""
    from .reporting import item_of

    store = profile.store
    form = profile.forms.current("evidence")
    topics = next((q for q in form.questions if q.name == "topics"), None)
    ref = str(topics.be.get("ref", "")) if topics else ""
    said = yield from counting.choice_steps(store, ref, form.id)
    choices = topics.choices if topics else ()
    # Talks with the Department are in no count (product.md "What must work", 6).
    categories = [(c.name, c.label, said.get(c.name, 0)) for c in choices if c.name != CONFIDENTIAL]
    evidence = Filters(form="evidence")
    places = yield from counting.stats_steps(store, "authority", evidence)
    months = yield from counting.stats_steps(store, "month", evidence)
    weeks = next((q for q in form.questions if q.name == "wait_weeks"), None)
    waits = Items()
    if weeks is not None:
        wanted = Filters(form="evidence", question=str(weeks.be.get("ref", "")))
        for row in list_records(profile, wanted, MOST_WAITS).rows:
            waits.append(item_of(profile, open_record(profile, row.id)))
            yield
    named = [(authority_name(row["key"]), int(row["records"]), int(row["concerns"])) for row in places if row["key"]]
    return Gathered(
        tuple(categories),
        tuple(named[:MOST_AUTHORITIES]),
        len(named),
        tuple((str(row["key"]), int(row["records"])) for row in months),
        waits,
    )


def drawn(found: Gathered) -> list[Figure]:
    """The charts that have something to show, as the reports draw them."""
    from desktop_app.reports import charts, counts
    from desktop_app.reports.view import Reading

    made = []
    bars = [charts.Bar(counts.category(name, label), count) for name, label, count in found.categories]
    if any(bar.value for bar in bars):
        made.append(_figure("category", "By category", charts.bars(bars, what="Category")))
    months = counts.listed_months(dict(found.months))
    if months:
        note = "A report without a date stands in the month it was last changed."
        made.append(_figure("month", "By month", charts.months(months), note))
    places = [charts.Bar(*place) for place in found.authorities]
    if places:
        left = found.authorities_in_all - len(places)
        note = f"The {len(places)} with most reports; {left} more have some." if left > 0 else ""
        chart = charts.bars(places, what="Authority", part_name="with a concern")
        made.append(_figure("authority", "By authority", chart, note))
    waits = counts.waits(map(Reading, found.waits))
    if waits:
        made.append(_figure("waits", "Waits against the law’s 6 and 20 weeks", charts.waits(waits)))
    return made


def _figure(name: str, title: str, chart: object, note: str = "") -> Figure:
    from desktop_app.reports import charts

    assert isinstance(chart, charts.Chart)
    return Figure(name, title, chart.alt, chart.head, chart.rows, charts.to_svg(chart), note)
