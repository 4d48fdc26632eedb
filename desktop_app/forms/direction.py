"""What an answer means for the union: a concern or a reassurance. "Yes" alone says neither.

The direction of a question is its bind attribute ``be:concern`` (design page "Forms", paragraph "Direction"):
``yes`` - yes is the concern; ``no`` - no is the concern; ``choice:a|b`` - choosing any of these is; ``none`` - the
question has no direction and an answer is only an answer.
"""

from __future__ import annotations

from typing import Literal

from .definition import Question

Verdict = Literal["concern", "reassure", "partly", "dont_know", "answered", ""]

DONT_KNOW = frozenset({"dont_know", "dk", "not_known"})


def verdict(question: Question, value: str) -> Verdict:
    """What ``value`` (a canonical answer; several choices separated by spaces) says; ``""`` when there is none."""
    chosen = value.split()
    if not chosen:
        return ""
    direction = question.be.get("concern", "none")
    if direction in ("", "none"):
        return "answered"
    if direction.startswith("choice:"):
        worrying = set(direction[len("choice:") :].split("|"))
        if worrying.intersection(chosen):
            return "concern"
        return "dont_know" if DONT_KNOW.issuperset(chosen) else "reassure"
    answer = chosen[0]
    if answer in DONT_KNOW:
        return "dont_know"
    if answer == "partly":
        return "partly"
    return "concern" if answer == direction else "reassure"


def counts_people(question: Question) -> bool:
    """True when the answer is a number of people, so that small figures are kept back in anything shareable."""
    return question.be.get("counts", "") == "people"
