"""Who may see what: a report for the union has everything, a shareable one only what people agreed to share.

Rules (product.md "Numbers with honesty"; issue 5, points 4 and 5): a record or a meeting's line counts as agreed with
permission "quote" or "use without quoting"; words of the latter are left out; talks with the Department are in no
shareable report; records kept on this laptop only are in none; counts of people below five are "fewer than 5", and a
total that would give one away is left out. What is left out is returned as `Withheld`, its words as ``secrets`` for the
read-back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from desktop_app.records.removal import LEFT_OUT, without
from desktop_app.reports import readback
from desktop_app.reports.folded import Shelf
from desktop_app.reports.model import ReportInput, ReportItem, Withheld
from desktop_app.reports.personal import by_record, carried_out
from desktop_app.reports.seeking import plain
from desktop_app.reports.suppression import FEWER, WITHIN, given_away, of_people
from desktop_app.reports.view import CONFIDENTIAL, Answer, Reading, Rows, Section, sections

AGREED = ("quote", "use_without_quoting")
PUBLISHED = frozenset(
    {"schools_forum_paper", "council_paper", "published_report", "freedom_of_information_reply", "press"}
)
SINGLE = frozenset({"record", "minutes"})
"""Reports that show a chosen record: only these print one that is kept in the branch, and only for the union."""
WORDS_NOT_QUOTED = "May be used, not quoted: the words themselves are left out."
_WHY = {
    "": "nobody has said yet what may be done with it",
    "not_agreed_yet": "not agreed yet",
    "background_only": "background only",
}


@dataclass(frozen=True)
class Prepared:
    """A report's input as its audience may see it."""

    given: ReportInput
    readings: tuple[Reading, ...]
    withheld: tuple[Withheld, ...] = ()
    secrets: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    """Words that were replaced or left out by decision."""

    @property
    def shareable(self) -> bool:
        return self.given.audience == "shareable"

    def agreed_words(self) -> Iterator[str]:
        """Every text that the audience may see."""
        for reading in self.readings:
            yield reading.item.title
            for answer in reading.answers:
                yield answer.words
                yield from answer.versions
                if answer.detail is not None:
                    yield answer.detail.words

    def of(self, *forms: str) -> list[Reading]:
        """The records of these forms that still stand."""
        return [r for r in self.readings if r.form in forms and not r.item.withdrawn]


def prepare(given: ReportInput) -> Prepared:
    """The records as the audience may see them."""
    shelf = Shelf()
    readings: list[Reading] = []
    withheld: list[Withheld] = []
    if given.audience == "union":
        for item in given.items:
            if item.branch_only and given.kind not in SINGLE:
                withheld.append(Withheld(item.reference, "kept in the branch"))
            else:
                readings.append(shelf.fold(Reading(item)))
        return Prepared(given, tuple(readings), tuple(withheld))
    secrets: list[str] = []
    gone: dict[str, None] = {}
    decided = by_record(given.decisions)
    for item in given.items:
        found = sections(item)
        why = _left_out(item, found)
        if why:
            withheld.append(Withheld(item.reference or "A record", why))
            secrets.extend(_secret_words(found))
            secrets += [item.told] if item.told else []
            continue
        reading, kept_back, words = _reduced(item, found)
        reading, taken = carried_out(reading, decided(item.record))
        gone.update(dict.fromkeys(taken))
        readings.append(shelf.fold(reading))
        withheld.extend(kept_back)
        secrets.extend(words)
    chosen = given.chosen
    for one in gone if chosen else ():
        chosen, _ = without(chosen, one, LEFT_OUT)
    given = replace(given, chosen=chosen)
    return Prepared(given, tuple(readings), tuple(withheld), tuple(secrets), tuple(gone))


def _answers(found: Iterable[Section]) -> list[Answer]:
    return [answer for section in found for answer in section.answers()]


def _permissions(item: ReportItem, found: list[Section]) -> list[str]:
    """The permission given, all of them where two versions stand: the most careful counts."""
    for answer in _answers(found):
        if answer.question.be.get("ref") == "ABOUT12" or answer.name == "permission":
            both = [c.value or "" for two in item.two_versions if two.leaf == answer.leaf for c in two.candidates]
            return ["" if answer.aside or answer.raw else answer.value, *both]
    return [""]


def asks_permission(item: ReportItem) -> bool:
    """True when the record's form asks what the person agreed to."""
    return any(question.name == "permission" for question in item.form.questions)


def _left_out(item: ReportItem, found: list[Section]) -> str:
    """Why the whole record stays out of a shareable report, or nothing."""
    if item.branch_only:
        return "kept in the branch"
    if item.withdrawn:
        return "taken back"
    if item.confidential or _speaks_of_talks(item, found):
        return "it speaks of talks with the Department for Education, which are confidential"
    if asks_permission(item):
        for permission in _permissions(item, found):
            if permission not in AGREED:
                return _WHY.get(permission, "not agreed yet")
    if item.told and _still_says(item, found):
        return "it has the words of a meeting's line that may not be shared"
    return ""


def _still_says(item: ReportItem, found: list[Section]) -> bool:
    """Whether a record made of a meeting's line still has its words, or only what somebody wrote since."""
    line = plain(item.told)
    texts = [item.title, *(answer.words for answer in _answers(found) if answer.is_text)]
    same = any(plain(text) in line for text in texts if len(text.split()) > 2)
    return same or line in plain(" ".join(texts)) or bool(readback.Check((item.told,)).of(texts)[0])


def _speaks_of_talks(item: ReportItem, found: list[Section]) -> bool:
    """Whether it has answers about them, or says that it is about them: then its summary may be about nothing else."""
    if any(section.name == CONFIDENTIAL for section in found):
        return True
    for answer in _answers(found):
        if answer.name == "topics":
            both = [c.value or "" for two in item.two_versions if two.leaf == answer.leaf for c in two.candidates]
            if any(CONFIDENTIAL in value.split() for value in (answer.value, *both)):
                return True
    return False


def _secret_words(found: Iterable[Section]) -> list[str]:
    secrets = []
    for answer in _answers(found):
        for said in (answer, answer.detail):
            if said is not None and said.narrative and said.words:
                secrets.append(said.words)
            elif said is not None and said.raw:
                secrets.append(said.raw)
    return secrets


def _reduced(item: ReportItem, found: list[Section]) -> tuple[Reading, list[Withheld], list[str]]:
    """The record without what may not be shared: lines not agreed, words not for quoting, small counts of people."""
    permissions = _permissions(item, found) if asks_permission(item) else []
    # What SENCOs said outside the numbered lines has no permission of its own: its words stay in the union.
    by_line = any(question.name == "line_permission" for question in item.form.questions)
    quoting = "use_without_quoting" not in permissions and not by_line
    published = any(a.name == "source_kind" and a.value in PUBLISHED for a in _answers(found))
    withheld: list[Withheld] = []
    secrets: list[str] = []
    if not quoting and not by_line:
        withheld.append(Withheld(item.reference, "its words may be used but not quoted; they are left out"))
    hidden = frozenset() if published else given_away(_answers(found))
    made: list[Section] = []
    for section in found:
        entries: list[Answer | Rows] = []
        for entry in section.entries:
            if isinstance(entry, Rows):
                rows, lines, words = _lines(item, entry, published, quoting)
                withheld.extend(lines)
                secrets.extend(words)
                if rows.rows:
                    entries.append(rows)
                continue
            kept, words = _shared(entry, quoting, published)
            secrets.extend(words)
            if words and by_line:
                withheld.append(Withheld(f"{item.reference}, “{entry.label}”", "not a numbered line: nobody was asked"))
            if kept is not None and kept.leaf in hidden and kept.words != FEWER:
                kept = replace(kept, words=WITHIN)
            if kept is not None:
                entries.append(kept)
        if entries:
            made.append(Section(section.name, section.label, tuple(entries)))
    title = item.title
    shown = _answers(made)
    if not any(a.question.be.get("role") == "title" and a.value for a in shown):
        # Without a title of its own a record is called by its first words: where those are left out, by its subject.
        told = any(a.narrative and not a.versions and _begins(title, a.words) for a in shown)
        title = title if told else _subject(item, shown)
    notes = () if quoting or by_line else (WORDS_NOT_QUOTED,)
    called = replace(item, title=title)
    return Reading(called, made, notes, shared=True), withheld, secrets


def _begins(title: str, words: str) -> bool:
    return " ".join(words.split()).startswith(title.rstrip("…").rstrip())


def _subject(item: ReportItem, shown: list[Answer]) -> str:
    """What a record without a title is about, in the words of its form."""
    topics = next((a for a in shown if a.name == "topics" and a.counted and not a.versions), None)
    if topics is None:
        return f"{item.form.title} without a title"
    labels = {choice.name: choice.label for choice in topics.question.choices}
    first, *more = topics.value.split()
    label = re.sub(r"^\d+\.\s*", "", labels.get(first, first))
    return label + (f" and {len(more)} more" if more else "")


def _shared(answer: Answer, quoting: bool, published: bool) -> tuple[Answer | None, list[str]]:
    """The answer as it may be shared, and the words that are not."""
    words: list[str] = []
    detail = answer.detail
    if answer.aside:
        return None, _secret_words([Section("", "", (answer,))])
    if detail is not None and (not quoting or detail.aside):
        words += [detail.words]
        detail = None
    if answer.raw and not quoting:
        return None, [*words, answer.raw]
    if answer.narrative and not quoting:
        return None, [*words, answer.words]
    shown = replace(answer, detail=detail)
    if answer.people and not published:
        shown = of_people(shown)
    return shown, words


def _lines(item: ReportItem, rows: Rows, published: bool, quoting_all: bool) -> tuple[Rows, list[Withheld], list[str]]:
    """The rows that may be shared. A row with its own permission (a meeting's line) is judged by it."""
    kept: list[tuple[Answer, ...]] = []
    ids: list[str] = []
    withheld: list[Withheld] = []
    secrets: list[str] = []
    judged = any(child.name == "line_permission" for child in rows.question.children)
    for position, row in enumerate(rows.rows):
        permission = next((a for a in row if a.name == "line_permission" and not a.aside and not a.raw), None)
        values = {permission.value} if permission else {""}
        if permission is not None:
            values |= {
                c.value or "" for two in item.two_versions if two.leaf == permission.leaf for c in two.candidates
            }
        confidential = any(a.name == "line_category" and a.value == CONFIDENTIAL for a in row)
        number = next((a.words for a in row if a.name == "line_number"), str(position + 1))
        if judged and (confidential or not values <= set(AGREED)):
            worst = "confidential" if confidential else next(iter(values - set(AGREED)))
            withheld.append(Withheld(f"{item.reference}, line {number}", _WHY.get(worst, worst)))
            secrets.extend(_secret_words([Section("", "", row)]))
            continue
        quoting = "use_without_quoting" not in values if judged else quoting_all
        if not quoting and judged:  # of another repeat's rows the record itself says so
            withheld.append(
                Withheld(f"{item.reference}, line {number}", "may be used, not quoted; its words are left out")
            )
        shared: list[Answer] = []
        for answer in row:
            shown, words = _shared(answer, quoting, published)
            secrets.extend(words)
            if shown is not None:
                shared.append(shown)
        kept.append(tuple(shared))
        ids.append(rows.ids[position] if position < len(rows.ids) else "")
    return replace(rows, rows=tuple(kept), ids=tuple(ids)), withheld, secrets
