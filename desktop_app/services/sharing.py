"""Before a shareable file exists: likely personal data is decided about, piece by piece (DP-02, DP-08).

Each piece is kept with a reason, replaced, or left out. What nobody decided about stops the report. Decisions live as
long as the making of one report and are stored nowhere: a kept label would be a key that leads back to a child.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from desktop_app.errors import Undecided, UsageProblem
from desktop_app.reports.model import Decision, ReportInput
from desktop_app.reports.personal import Likely, checked
from desktop_app.reports.registry import report

LEAVE_OUT_THE_REST = "leave_out"
MOST_NAMED = 30
HOW = (
    "Decide about each with --decisions: a list such as "
    '[{"text": "Kayden", "do": "replace", "words": "a pupil in Year 4"}, {"text": "0113 496 0123", "do": "leave_out"}, '
    '{"text": "Cllr Brown", "do": "keep", "reason": "acting in public"}]; “--decisions leave_out” leaves all of it out. '
    "Or make it for the union."
)
_ROUNDS = 5


def decided(given: ReportInput, decisions: Iterable[Decision]) -> ReportInput:
    """The same report with these decisions about likely personal data. Raises `UsageProblem`."""
    return replace(given, decisions=tuple(checked(decision) for decision in decisions))


def decisions_from(found: Any) -> tuple[Decision, ...]:
    """Decisions as JSON: ``[{"text", "do": "keep"|"replace"|"leave_out", "words", "reason", "record"}]``.

    Raises `UsageProblem`.
    """
    known = {"text", "do", "words", "reason", "record"}
    if not isinstance(found, list) or not all(isinstance(one, dict) and {"text", "do"} <= set(one) for one in found):
        raise UsageProblem("The decisions are not a list of texts with what to do.", do="See: help, personal data.")
    if any(set(one) - known or not all(isinstance(value, str) for value in one.values()) for one in found):
        raise UsageProblem("A decision has something in it that is not known.", do=f"Known are: {sorted(known)}.")
    return tuple(checked(Decision(**one)) for one in found)


def personal_data(given: ReportInput) -> list[Likely]:
    """Likely personal data in the words a shareable report would print, but for what was decided to be kept (DP-02).

    Each says what could stand instead; `Likely.decide` makes the `Decision` that `decided` takes.
    """
    return list(_likely(given))


def _likely(given: ReportInput) -> Iterator[Likely]:
    from desktop_app.reports.audience import prepare
    from desktop_app.reports.personal import likely

    return likely(prepare(replace(given, audience="shareable")).readings, given.decisions)


def undecided(given: ReportInput) -> list[Likely]:
    """What nobody decided about yet; nothing for a report for the union, or one with no record's words in it."""
    return list(_undecided(given))


def _undecided(given: ReportInput) -> Iterator[Likely]:
    if given.audience != "shareable" or report(given.kind).bare or not given.items:
        return
    # What a person typed to stand instead is their decision already.
    instead = " ".join(dict.fromkeys(decision.words for decision in given.decisions)).casefold()
    for one in _likely(given):
        if one.finding.text.casefold() not in instead:
            yield one


def refuse_undecided(given: ReportInput) -> None:
    """Raises `Undecided`, with the list and how to decide."""
    found = undecided(given)
    if found:
        raise refusal(found)


def refusal(found: Sequence[Likely], what: str = "report") -> Undecided:
    """Why there is no file yet, and how to decide."""
    lines = list(dict.fromkeys(f"{one.reference}, {one.label}: {one.finding.text}" for one in found))
    listed = "\n".join(f"  {line}" for line in lines[:MOST_NAMED])
    more = f"\n  and {len(lines) - MOST_NAMED} more" if len(lines) > MOST_NAMED else ""
    return Undecided(
        f"Likely personal data would be in this shareable {what}, and nobody has decided about it:\n{listed}{more}",
        [_as_json(one) for one in found],
        safe="No file was written.",
        do=HOW,
    )


def _as_json(one: Likely) -> dict[str, object]:
    return {
        "record": one.record,
        "reference": one.reference,
        "where": one.label,
        "kind": one.finding.kind,
        "text": one.finding.text,
        "around": one.around,
        "instead": list(one.choices),
        "suggestion": one.finding.suggestion,
    }


def leave_out_the_rest(given: ReportInput) -> ReportInput:
    """The same report with everything undecided left out, each piece in its own record only."""
    for _ in range(_ROUNDS):  # what was beside a name may look like one when the name has gone
        more = dict.fromkeys(one.decide("leave_out") for one in _undecided(given))
        if not more:
            break
        given = replace(given, decisions=(*given.decisions, *more))
    return given
