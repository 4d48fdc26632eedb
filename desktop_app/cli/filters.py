"""The filters that `record list`, `search`, `report`, `export` and `stats` share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from desktop_app.errors import UsageProblem

if TYPE_CHECKING:
    from desktop_app.storage.projection import Filters

_NAMES = (
    "form", "authority", "region", "programme", "question", "answer", "concern", "strength", "permission", "standing",
    "since", "until", "new_since", "branch",
)  # fmt: skip


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the filter options; it is called with ``filters``, a `Filters`."""

    @wraps(function)
    def with_filters(*arguments: Any, **given: Any) -> Any:
        chosen = {name: given.pop(name) for name in _NAMES}
        return function(*arguments, filters=_filters(chosen), **given)

    options = (
        click.option("--form", metavar="ID", help="Only records of this form."),
        click.option("--authority", metavar="CODE", help="A DfE code such as 886, an ONS code, or a name."),
        click.option("--region", metavar="NAME"),
        click.option("--programme", metavar="SV|DBV"),
        click.option("--question", metavar="REF", help="Only records that answer this question."),
        click.option("--answer", metavar="X", help="… with this answer."),
        click.option("--concern", is_flag=True, help="Only records with an answer that is a concern."),
        click.option("--strength", metavar="X"),
        click.option("--permission", metavar="X"),
        click.option("--standing", metavar="X", help="As shown, such as “Ready to send”, or its code, such as ready."),
        click.option("--since", metavar="DATE", help="From this day on, as 2026-11-22."),
        click.option("--until", metavar="DATE"),
        click.option("--new-since", metavar="PACK", help="Only what came with or after this file (its name)."),
        click.option("--branch", metavar="NAME"),
    )
    command: Callable[..., Any] = with_filters
    for option in reversed(options):
        command = option(command)
    return command


def authority_code(text: str) -> str:
    """The DfE code for a code or a name. Raises `NotFound`, or `UsageProblem` when a name fits several."""
    from desktop_app.errors import NotFound
    from desktop_app.records.authorities import by_code, find

    try:
        return by_code(text).code
    except NotFound:
        # A code that is not known is not part of a name either.
        found = [] if any(c.isdigit() for c in text) else find(text)
        if not found:
            raise
        if len(found) > 1 and found[0].name.lower() != text.lower():
            names = ", ".join(f"{authority.code} {authority.name}" for authority in found[:6])
            raise UsageProblem(f"“{text}” fits several authorities.", do=f"Give one code: {names}.") from None
        return found[0].code


def _filters(given: dict[str, Any]) -> Filters:
    from desktop_app.storage.projection import Filters

    if given["authority"]:
        given["authority"] = authority_code(given["authority"])
    if given["region"]:
        given["region"] = _region(given["region"])
    if given["programme"]:
        given["programme"] = _programme(given["programme"])
    if given["new_since"]:
        given["new_since"] = PurePath(given["new_since"]).name
    if given["standing"]:
        given["standing"] = _standing(given["standing"])
    for name in ("since", "until"):
        if given[name]:
            _check_date(name, given[name])
    if given["answer"] and not given["question"]:
        raise UsageProblem("--answer needs to know of which question.", do="Add --question with its reference.")
    return Filters(**{name: value for name, value in given.items() if value not in (None, False)})


def _standing(text: str) -> str:
    """The code of a standing given as its code or in its words. Raises `UsageProblem` for what is neither."""
    from desktop_app.records.standing import Standing, code_of

    found = code_of(text)
    if found is None:
        codes = ", ".join(standing.value for standing in Standing)
        raise UsageProblem(f"“{text}” is not a standing.", do=f"Give its words as they are shown, or one of: {codes}.")
    return found.value


def _region(text: str) -> str:
    """The code of a region given as its code or its name. Raises `UsageProblem`."""
    from desktop_app.records.authorities import REGIONS

    asked = text.strip().lower()
    found = next((code for code, name in REGIONS.items() if asked in (code, name.lower())), "")
    if not found:
        raise UsageProblem(f"“{text}” is not a region.", do=f"Give one of: {', '.join(REGIONS.values())}.")
    return found


def _programme(text: str) -> str:
    """SV, DBV, or a programme as answers name it. Raises `UsageProblem`."""
    from desktop_app.records.authorities import PROGRAMMES

    others = ("esfa_support", "local_send_reform_plan", "none", "not_known")
    if text.upper() in PROGRAMMES:
        return PROGRAMMES[text.upper()]
    if text not in (*PROGRAMMES.values(), *others):
        raise UsageProblem(f"“{text}” is not a programme.", do=f"Give SV, DBV, or one of: {', '.join(others)}.")
    return text


def _check_date(name: str, text: str) -> None:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"--{name} {text} is not a date.", do="Write it as 2026-11-22.") from None
