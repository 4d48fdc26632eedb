"""Counting with honesty: testimonies, never children; concerns, never "yes"; one document cited twice is one source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from desktop_app.forms.definition import Question
from desktop_app.reports.charts import MONTHS, Bar, Wait
from desktop_app.reports.view import CONFIDENTIAL, Answer, Reading, Rows

VERDICTS = ("concern", "partly", "reassure", "dont_know")


@dataclass
class Tally:
    """One question with a direction: how many testimonies say what."""

    question: Question
    section: str
    said: dict[str, int] = field(default_factory=dict)
    concerned: list[Reading] = field(default_factory=list)
    two_versions: int = 0

    @property
    def ref(self) -> str:
        return str(self.question.be.get("ref", ""))

    def count(self, verdict: str) -> int:
        return self.said.get(verdict, 0)


def directed(answer: Answer) -> bool:
    """True when the question has an answer that is a concern."""
    return str(answer.question.be.get("concern", "none")) not in ("", "none")


def tallies(readings: Sequence[Reading]) -> list[Tally]:
    """Each question with a direction, in the form's order: testimonies by what they say. Two versions are set apart."""
    found: dict[str, Tally] = {}
    for reading in readings:
        said: dict[str, str] = {}
        for answer in reading.answers:
            path = answer.question.path
            if not directed(answer) or answer.section == CONFIDENTIAL or not answer.counted:
                continue
            tally = found.setdefault(path, Tally(answer.question, answer.section))
            if answer.versions:
                tally.two_versions += 1
                continue
            if answer.verdict == "concern" and (not tally.concerned or tally.concerned[-1] is not reading):
                tally.concerned.append(reading)
            # A question asked of several rows is said once by a testimony, as its gravest row says it.
            said[path] = min(said.get(path, answer.verdict), answer.verdict, key=_gravity)
        for path, verdict in said.items():
            found[path].said[verdict] = found[path].said.get(verdict, 0) + 1
    forms = {reading.item.form.package: reading.item.form for reading in readings}
    order = {question.path: number for form in forms.values() for number, question in enumerate(form.questions)}
    return sorted(found.values(), key=lambda tally: order.get(tally.question.path, 0))


def _gravity(verdict: str) -> int:
    return VERDICTS.index(verdict) if verdict in VERDICTS else len(VERDICTS)


def has_concern(reading: Reading) -> bool:
    """True when some answer of the testimony is a concern (talks with the Department not counted)."""
    return any(
        a.verdict == "concern" and a.counted and not a.versions and a.section != CONFIDENTIAL for a in reading.answers
    )


def categories(readings: Iterable[Reading]) -> list[tuple[str, str, list[Reading]]]:
    """(name, label, testimonies) for each category; one testimony may be in several. Talks are left out."""
    labels: dict[str, str] = {}
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        topics = reading.get("topics")
        if topics is None or not topics.counted or topics.versions:
            continue
        for choice in topics.question.choices:
            labels.setdefault(choice.name, choice.label)
            found.setdefault(choice.name, [])
        for name in topics.value.split():
            found.setdefault(name, []).append(reading)
            labels.setdefault(name, name)
    return [(name, labels[name], found[name]) for name in labels if name != CONFIDENTIAL]


_SHORT = {
    "plan_and_targets": "Plan and targets",
    "access_and_consequences": "Access and consequences",
    "pressure_on_staff": "Pressure on staff",
    "wider_pressures": "Wider pressures",
    "health_and_care": "Health and care",
}


def short(label: str) -> str:
    """A category's label without its number."""
    return re.sub(r"^\d+\.\s*", "", label)


def category(name: str, label: str) -> str:
    """A category as charts name it."""
    return _SHORT.get(name, short(label))


def category_bars(readings: Sequence[Reading]) -> list[Bar]:
    """Testimonies by category, of them those with a concern."""
    bars = []
    for name, label, listed in categories(readings):
        part = sum(
            any(a.section == name and a.verdict == "concern" and a.counted and not a.versions for a in reading.answers)
            for reading in listed
        )
        bars.append(Bar(category(name, label), len(listed), part))
    return bars


def by_month(readings: Iterable[Reading]) -> list[tuple[str, int]]:
    """Testimonies by the month they speak of, with the empty months between; years when it is more than three years."""
    months: dict[tuple[int, int], int] = {}
    for reading in readings:
        try:
            day = date.fromisoformat(reading.item.when_from[:10])
        except ValueError:
            continue
        months[day.year, day.month] = months.get((day.year, day.month), 0) + 1
    return _between(months)


def listed_months(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """As `by_month`, of counts by ``YYYY-MM``; what is dated otherwise is left out."""
    months = {}
    for key, count in counted.items():
        if re.fullmatch(r"\d{4}-\d{2}", key):
            months[int(key[:4]), int(key[5:])] = count
    return _between(months)


def _between(months: Mapping[tuple[int, int], int]) -> list[tuple[str, int]]:
    if not months:
        return []
    first, last = min(months), max(months)
    if (last[0] - first[0]) * 12 + last[1] - first[1] >= 36:
        return [
            (str(year), sum(n for (y, _), n in months.items() if y == year)) for year in range(first[0], last[0] + 1)
        ]
    listed = []
    year, month = first
    while (year, month) <= last:
        listed.append((f"{MONTHS[month - 1]} {year}", months.get((year, month), 0)))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return listed


def wait_rows(readings: Iterable[Reading]) -> Iterator[tuple[Reading, tuple[Answer, ...]]]:
    """Every row about a wait, with its testimony."""
    for reading in readings:
        for section in reading.sections:
            for entry in section.entries:
                if isinstance(entry, Rows) and entry.question.name == "waits":
                    yield from ((reading, row) for row in entry.rows)


def waits(readings: Iterable[Reading]) -> list[Wait]:
    """Weeks reported, by service; figures put aside or not understood are not counted."""
    found: dict[str, list[float]] = {}
    for _, row in wait_rows(readings):
        service = next(
            (a.words for a in row if a.name == "wait_service" and a.counted and not a.versions), "Service not named"
        )
        for answer in row:
            if answer.name == "wait_weeks" and answer.counted and not answer.versions:
                try:
                    found.setdefault(service, []).append(float(answer.value))
                except ValueError:
                    continue
    return [Wait(name, tuple(weeks)) for name, weeks in sorted(found.items(), key=lambda pair: -max(pair[1]))]


def sources(readings: Iterable[Reading]) -> int:
    """Different sources: two testimonies that cite one document are one; one without a reference is its own."""
    seen: set[str] = set()
    for reading in readings:
        cited = re.sub(r"[\W_]+", "", reading.value("source_reference").casefold())
        seen.add(cited or reading.item.record)
    return len(seen)


def branches(readings: Iterable[Reading]) -> list[str]:
    """The branches the testimonies come from."""
    return sorted({reading.item.branch for reading in readings if reading.item.branch})


def two_versions(readings: Iterable[Reading]) -> int:
    """Testimonies in which two versions stand."""
    return sum(bool(reading.item.two_versions) for reading in readings)


def span(readings: Iterable[Reading]) -> tuple[str, str]:
    """The first and last dates spoken of, ISO; empty when no date is known."""
    days = [d for r in readings for d in (r.item.when_from[:10], r.item.when_to[:10]) if d]
    return (min(days), max(days)) if days else ("", "")
