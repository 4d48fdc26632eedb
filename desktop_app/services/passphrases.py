"""How hard a new passphrase is to guess for somebody who knows whose laptop it is.

The branch, its authority and the trade are the first things such a person tries, so they count as known words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from desktop_app.errors import NotFound, UsageProblem
from desktop_app.records.authorities import by_code

TOO_EASY = 1
"""zxcvbn's score up to which a passphrase is refused: a million tries, hours behind Argon2id."""
_OF_THE_TRADE = (
    "branch evidence", "national education union", "neu", "nasuwt", "union", "branch", "senco", "send", "safety valve",
    "delivering better value", "teacher", "school", "correct horse battery staple",
)  # fmt: skip
_SENTENCES = (
    "Very easy to guess. Use five words that do not belong together.",
    "Easy to guess. Use five words that do not belong together.",
    "Could be guessed with effort. Add another word.",
    "Hard to guess.",
    "Very hard to guess.",
)


@dataclass(frozen=True)
class Strength:
    """How hard a passphrase is to guess: ``score`` 0 to 4, and the sentence to show."""

    score: int
    sentence: str


def strength(passphrase: str, known: Sequence[str] = ()) -> Strength:
    """Estimated by zxcvbn; 3 and 4 are good enough. The passphrase goes nowhere.

    ``known``: words that somebody who finds the laptop tries first.
    """
    if not passphrase:
        return Strength(0, "Type a passphrase.")
    from zxcvbn import zxcvbn

    score = int(zxcvbn(passphrase[:72], user_inputs=list(known))["score"])
    return Strength(score, _SENTENCES[score])


def judged(passphrase: str, branch: str = "", authorities: Iterable[str] = ()) -> Strength:
    """The strength of a passphrase beside the branch's name and its authorities (three-digit codes)."""
    return strength(passphrase, _known(branch, authorities))


def refuse_easy(passphrase: str, branch: str = "", authorities: Iterable[str] = ()) -> None:
    """Raises `UsageProblem` for one that would open a stolen laptop in an afternoon."""
    if judged(passphrase, branch, authorities).score <= TOO_EASY:
        raise UsageProblem(
            "This passphrase is easy to guess, and it is all that keeps a stolen laptop shut.",
            safe="Nothing was changed.",
            do="Use five words that do not belong together, or let them be suggested.",
        )


def _known(branch: str, authorities: Iterable[str]) -> list[str]:
    """Each name whole, without its spaces, and its single words."""
    names = [branch, *_OF_THE_TRADE]
    for code in authorities:
        with suppress(NotFound):  # an authority of another year is no reason to refuse a passphrase
            found = by_code(code)
            names += [found.name, found.name.partition(",")[0], found.short_name, *found.aliases]
    plain = ["".join(c for c in name.casefold() if c.isalnum() or c == " ") for name in names if name]
    pieces = [word for name in plain for word in name.split() if len(word) > 2]
    return list(dict.fromkeys([*plain, *(name.replace(" ", "") for name in plain), *pieces]))
