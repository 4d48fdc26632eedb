"""What a report is made from: plain data, fit to be handed to another process. Nothing here imports ReportLab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from desktop_app.forms.definition import FormDefinition
from desktop_app.records.revision import BlobRef, Link
from desktop_app.records.state import TwoVersions

Audience = Literal["union", "shareable"]
AUDIENCE_WORDS: Mapping[str, str] = {"union": "For the union only", "shareable": "Shareable"}
CAVEAT = "Counts are reports received, not children affected. One report may concern a whole school."


@dataclass(frozen=True, slots=True)
class ReportItem:
    """One record as it stands: answers in record.md's JSON shape, and what lists know of it.

    ``authorities`` are DfE codes; ``when_*`` ISO dates and the source's words; ``standing`` is in record.md's words.
    """

    record: str
    reference: str
    form: FormDefinition
    answers: Mapping[str, Any]
    typed: Mapping[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    two_versions: tuple[TwoVersions, ...] = ()
    title: str = ""
    authorities: tuple[str, ...] = ()
    when_from: str = ""
    when_to: str = ""
    when_text: str = ""
    standing: str = ""
    branch: str = ""
    branch_only: bool = False
    withdrawn: bool = False
    confidential: bool = False
    changed_utc: str = ""
    ready_reason: str = ""
    """Why it was marked as ready although something was open."""
    kept_words: tuple[str, ...] = ()
    """Likely names that a person looked at and let stand."""
    blobs: tuple[BlobRef, ...] = ()
    links: tuple[Link, ...] = ()
    told: str = ""
    """The words of the meeting's line it was made of, where they may not be shared."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about likely personal data: ``text`` as it stands in the record.

    ``words`` stand instead of it, ``reason`` says why it may stay; ``record`` limits it to one record, "" is all of
    them. Nothing of it is stored: it lives as long as the making of one report.
    """

    text: str
    do: Literal["keep", "replace", "leave_out"]
    words: str = ""
    reason: str = ""
    record: str = ""


@dataclass(frozen=True)
class ReportInput:
    """Everything a report needs. ``options`` are a report's own settings, such as the form of a blank form."""

    kind: str
    items: Sequence[ReportItem] = ()
    """The records: a tuple, or `items.Items` where there may be thousands."""
    audience: Audience = "union"
    practice: bool = False
    made: datetime = field(default_factory=lambda: datetime(2026, 1, 1))
    branch: str = ""
    forms: Mapping[str, FormDefinition] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    chosen: str = ""
    """How the records were chosen, in words, printed under the title: "Evidence about Kent since 1 September 2026"."""
    decisions: tuple[Decision, ...] = ()
    """What was decided about likely personal data; carried out in a shareable report."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something a shareable report leaves out, and why; ``what`` never repeats the words left out."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


@dataclass(frozen=True)
class Made:
    """A finished report. ``withheld`` says what a shareable one left out and why."""

    path: Path
    pages: int
    withheld: list[str]
