"""A record's answers in the order of its form, in words. Reports read records only through this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from desktop_app.errors import NotFound
from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.forms.direction import counts_people, verdict
from desktop_app.forms.earlier import EARLIER, earlier_answers
from desktop_app.forms.wording import british_date, choice_labels, in_words
from desktop_app.records.authorities import by_code
from desktop_app.reports.model import ReportItem

DETAIL = "_detail"
CONFIDENTIAL = "talks_with_dfe"
EARLIER_SECTION = "earlier"
"""The section of answers to questions that the form no longer asks."""
MARK = "◆"
_SILENT = ("note", "group", "repeat", "calculate", "trigger")
_UNITS = {
    "weeks": ("week", "weeks"),
    "hours": ("hour", "hours"),
    "percent": ("%", "%"),
    "fte": ("full-time post", "full-time posts"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``words`` is what is printed; ``versions`` are both values where two versions stand.

    ``raw`` is what was typed where it was not understood; then ``words`` is that, as typed, and counts ignore it.
    """

    question: Question
    section: str
    leaf: str
    value: str
    words: str
    verdict: str = ""
    aside: bool = False
    raw: str = ""
    versions: tuple[str, ...] = ()
    detail: Answer | None = None

    @property
    def ref(self) -> str:
        return str(self.question.be.get("ref", ""))

    @property
    def number(self) -> str:
        """The number people know the question by, from the union's papers; "" for questions those do not number."""
        return paper_number(self.question)

    @property
    def name(self) -> str:
        return self.question.name

    @property
    def label(self) -> str:
        return self.question.label or self.question.name

    @property
    def people(self) -> bool:
        return counts_people(self.question)

    @property
    def is_text(self) -> bool:
        return self.question.kind in ("text", "barcode")

    @property
    def narrative(self) -> bool:
        """A person's own words: what may not be quoted without permission."""
        roles = self.question.be.get("role", "").split()
        return self.is_text and ("narrative" in roles or "multiline" in self.question.appearance)

    @property
    def counted(self) -> bool:
        """True when counts may use it: understood, not put aside, not waiting for a choice between two versions."""
        return not self.aside and not self.raw and bool(self.value)


@dataclass(frozen=True, slots=True)
class Rows:
    """A repeat with its rows, each a list of answers."""

    question: Question
    section: str
    rows: tuple[tuple[Answer, ...], ...]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form with what was answered in it."""

    name: str
    label: str
    entries: tuple[Answer | Rows, ...]

    def answers(self) -> Iterator[Answer]:
        """Every answer, those of rows as well."""
        for entry in self.entries:
            if isinstance(entry, Rows):
                for row in entry.rows:
                    yield from row
            else:
                yield entry


@dataclass
class _Reader:
    item: ReportItem
    versions: Mapping[str, tuple[str, ...]]
    aside: frozenset[str]
    used: set[str] = field(default_factory=set)

    def entries(self, parent: Question, part: Any, leaf: str, section: str) -> Iterator[Answer | Rows]:
        part = part if isinstance(part, Mapping) else {}
        for question in parent.children:
            here = f"{leaf}{question.name}"
            if question.kind == "group":
                yield from self.entries(question, part.get(question.name), f"{here}/", section)
            elif question.kind == "repeat":
                found = part.get(question.name)
                rows = sorted(found if isinstance(found, list) else [], key=_order)
                made = tuple(
                    _with_details(
                        [
                            a
                            for a in self.entries(question, row, f"{here}/{row.get('_id', '')}/", section)
                            if isinstance(a, Answer)
                        ]
                    )
                    for row in rows
                )
                if any(made):
                    yield Rows(question, section, made, tuple(str(row.get("_id", "")) for row in rows))
            elif question.kind not in _SILENT and question.control:
                answer = self.answer(question, part.get(question.name), here, section)
                if answer is not None:
                    yield answer

    def answer(self, question: Question, value: Any, leaf: str, section: str) -> Answer | None:
        self.used.add(leaf)
        value = value if isinstance(value, str) else ""
        raw = self.item.typed.get(leaf, "")
        versions = self.versions.get(leaf, ())
        if not value and not raw and not versions:
            return None
        form = self.item.form
        both = tuple(said(form, question, version) if version else "nothing" for version in versions)
        return Answer(
            question=question,
            section=section,
            leaf=leaf,
            value=value,
            words=raw or said(form, question, value),
            verdict="" if raw else verdict(question, value),
            aside=leaf in self.aside,
            raw=raw,
            versions=both,
        )


def _order(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row.get("_order", "")), str(row.get("_id", ""))


def paper_number(question: Question) -> str:
    """The number of a question in the union's papers (1.1a, 7), "" for the others."""
    ref = str(question.be.get("ref", ""))
    return ref if ref[:1].isdigit() else ""


def said(form: FormDefinition, question: Question, value: str) -> str:
    """An answer as people write it, with its unit: "27 weeks", "£1,200,000", "22 November 2026"."""
    words = in_words(form, question, value)
    if question.kind == "select_multiple" and " " in value:
        labels = choice_labels(form, question)
        named = [labels.get(name, name) for name in value.split()]
        words = ("; " if any("," in label or " " in label for label in named) else ", ").join(named)
    unit = _UNITS.get(str(question.be.get("unit", "")))
    if unit and value:
        joiner = "" if unit[0] == "%" else " "
        return f"{words}{joiner}{unit[0] if value in ('1', '1.0') else unit[1]}"
    return words


def _with_details(found: list[Answer]) -> tuple[Answer, ...]:
    """Each detail box under the answer it belongs to; a detail without its answer stands alone."""
    details = {answer.leaf: answer for answer in found if answer.name.endswith(DETAIL)}
    made: list[Answer] = []
    taken: set[str] = set()
    for answer in found:
        box = details.get(answer.leaf + DETAIL)
        if box is not None:
            taken.add(box.leaf)
            made.append(replace(answer, detail=box))
        elif answer.leaf not in taken:
            made.append(answer)
    return tuple(answer for answer in made if answer.leaf not in taken)


def sections(item: ReportItem) -> list[Section]:
    """What was answered, section by section, in the form's order; then what an earlier form asked."""
    versions = {two.leaf: tuple(c.typed or c.value or "" for c in two.candidates) for two in item.two_versions}
    reader = _Reader(item, versions, frozenset(item.aside))
    made: list[Section] = []
    loose: list[Answer | Rows] = []
    for child in item.form.root.children:
        part = item.answers.get(child.name) if isinstance(item.answers, Mapping) else None
        if child.kind == "group":
            entries = _merged(list(reader.entries(child, part, f"{child.name}/", child.name)))
            if entries:
                made.append(Section(child.name, child.label or child.name, entries))
        else:
            wrapper = replace(item.form.root, children=(child,))
            loose.extend(reader.entries(wrapper, item.answers, "", ""))
    if loose:
        made.insert(0, Section("", item.form.title, _merged(loose)))
    made.append(_earlier(item))
    return [section for section in made if section.entries]


def _merged(entries: list[Answer | Rows]) -> tuple[Answer | Rows, ...]:
    flat = {a.leaf: a for a in _with_details([e for e in entries if isinstance(e, Answer)])}
    return tuple(
        entry if isinstance(entry, Rows) else flat[entry.leaf]
        for entry in entries
        if isinstance(entry, Rows) or entry.leaf in flat
    )


def _earlier(item: ReportItem) -> Section:
    """Answers to questions the form no longer asks: printed with their old label, never counted."""
    entries: list[Answer | Rows] = []
    for found in earlier_answers(item.answers):
        question = replace(item.form.root, name=found.label, label=found.label, kind="text", children=(), be={})
        entries.append(Answer(question, EARLIER_SECTION, f"{EARLIER}/{found.leaf}", found.value, found.words))
    return Section(EARLIER, "Answers to questions of an earlier form", tuple(entries))


class Reading:
    """A record as a report reads it: its sections (perhaps with some left out), read once."""

    def __init__(
        self, item: ReportItem, found: list[Section] | None = None, notes: tuple[str, ...] = (), *, shared: bool = False
    ) -> None:
        self.item = item
        self.sections = sections(item) if found is None else found
        self.notes = notes
        self.shared = shared

    @cached_property
    def answers(self) -> list[Answer]:
        """Every answer, in the form's order, details under theirs."""
        return [answer for section in self.sections for answer in section.answers()]

    @cached_property
    def _by_name(self) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        for answer in self.answers:
            if not answer.aside:
                found.setdefault(answer.name, answer)
        return found

    def get(self, name: str) -> Answer | None:
        """The first answer to a question of this name that is not put aside."""
        return self._by_name.get(name)

    def value(self, name: str) -> str:
        found = self.get(name)
        return found.value if found else ""

    def words(self, name: str) -> str:
        found = self.get(name)
        return found.words if found else ""

    def rows(self, name: str) -> Rows | None:
        """The repeat of this name."""
        for section in self.sections:
            for entry in section.entries:
                if isinstance(entry, Rows) and entry.question.name == name:
                    return entry
        return None

    def section(self, name: str) -> Section | None:
        return next((section for section in self.sections if section.name == name), None)

    @property
    def form(self) -> str:
        return self.item.form.id

    @property
    def topics(self) -> list[str]:
        return self.value("topics").split()

    @property
    def when(self) -> str:
        """The date as the source gives it, else as precisely as it is known and no more."""
        return self.item.when_text or self.dated

    @property
    def dated(self) -> str:
        """The date as entered, as precisely as it is known and no more."""
        start, end = british_date(self.item.when_from), british_date(self.item.when_to)
        precision = self.value("when_precision")
        if precision == "month" and start:
            start, end = start.partition(" ")[2], end.partition(" ")[2]
        elif precision in ("term", "school_year") and start and not end:
            return f"from {start.partition(' ')[2]}"
        if start and end and start != end:
            return f"{start} to {end}"
        return start or (f"until {end}" if end else "")


def authority_name(code: str) -> str:
    """A short name for a code, the code itself where it is unknown."""
    try:
        return by_code(code).short_name or by_code(code).name
    except NotFound:
        return code


def authority_names(codes: tuple[str, ...]) -> str:
    """Names joined as a list is spoken."""
    return spoken([authority_name(code) for code in codes])


def spoken(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]
