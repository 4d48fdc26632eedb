"""Whether a shareable report says what it may not, and the refusal (DP-08).

A withheld answer of a dozen letters or more proves itself where it stands. A shorter one may be the program's own words
("two terms", "12"), so it is tried: the report is made once more from records in which that answer is nonsense. What
the program says itself is said as often as before; said less often, it came from the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop_app.errors import ReportError
from desktop_app.records.removal import without
from desktop_app.reports import readback
from desktop_app.reports.items import Items
from desktop_app.reports.model import ReportInput, ReportItem

if TYPE_CHECKING:
    from desktop_app.reports.audience import Prepared

NONSENSE = "Qvxzkwj"
_TEXT = ("text", "barcode")

Said = Callable[[], Iterable[str]]
"""Reads out, part by part, everything that a finished report says."""
Again = Callable[[ReportInput, Callable[[Said], None]], None]
"""Makes the same report of other records, unchecked, and has it read out."""


def refuse_withheld(said: Said, prepared: Prepared, given: ReportInput, again: Again | None) -> None:
    """Raises `ReportError` when words that were withheld or left out stand in what is said.

    Without ``again`` short withheld answers are passed over.
    """
    found = readback.Check(prepared.secrets, prepared.gone).of(said(), prepared.agreed_words())
    withheld = bool(found.withheld)
    if found.short and not withheld and again is not None:
        before = readback.how_often(said(), found.short)
        after: dict[str, int] = {}
        again(_otherwise(given, found.short), lambda told: after.update(readback.how_often(told(), found.short)))
        withheld = any(before[word] > after.get(word, 0) for word in found.short)
    if withheld:
        raise ReportError(
            "Something that was not agreed for use would have been in this report.",
            safe="No file was written.",
            do="Look for the same words in the file's name, in another record or line, and check what was agreed for each.",
            code="E-WITHHELD",
        )
    if found.gone:
        raise ReportError(
            f"Words that were to be left out would still have been in this report: {', '.join(found.gone)}.",
            safe="No file was written.",
            do="Look for them in the file's name, the title, the filters and the other records of this report.",
            code="E-WITHHELD",
        )


def _otherwise(given: ReportInput, words: Sequence[str]) -> ReportInput:
    """The same records with nonsense wherever one of these answers was given."""
    sought = {_bare(word) for word in words}

    def plainly(text: str) -> str:
        for word in words:
            text, _ = without(text, word, NONSENSE)
        return text

    def instead(text: str | None) -> str | None:
        return NONSENSE if text is not None and _bare(text) in sought else text

    def other(item: ReportItem) -> ReportItem:
        texts = {question.name for question in item.form.questions if question.kind in _TEXT}
        two_versions = tuple(
            replace(two, candidates=tuple(replace(c, value=instead(c.value), typed=instead(c.typed)) for c in two.candidates))
            if two.leaf.rpartition("/")[2] in texts
            else two
            for two in item.two_versions
        )
        return replace(
            item,
            answers=_changed(item.answers, texts, instead),
            typed={leaf: instead(words) or "" for leaf, words in item.typed.items()},
            two_versions=two_versions,
            title=plainly(item.title),
            when_text=plainly(item.when_text),
        )

    return replace(given, items=Items(map(other, given.items)))


def _changed(part: Any, texts: set[str], instead: Callable[[str | None], str | None]) -> Any:
    """The answers with others to the questions that are answered in words: names of choices stay what they are."""
    if isinstance(part, Mapping):
        return {
            name: (instead(inner) if name in texts else inner)
            if isinstance(inner, str)
            else _changed(inner, texts, instead)
            for name, inner in part.items()
        }
    return [_changed(row, texts, instead) for row in part] if isinstance(part, (list, tuple)) else part


def _bare(words: str) -> str:
    return " ".join(words.split()).casefold()
