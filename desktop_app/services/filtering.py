"""Filters held against what there is: a value nobody knows is refused, since it would find nothing and say so of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from desktop_app.errors import UsageProblem
from desktop_app.storage import listing
from desktop_app.storage.projection import Filters

from .profile import Profile

__all__ = ["known"]

_CHOICES = {"strength": "how something is known", "permission": "a permission"}


def known(profile: Profile, filters: Filters) -> Filters:
    """The same filters, with form, strength and permission by the names records have; they may be given in words too.

    Forms and choices are data, so what counts is the forms in use here, and what some record has from elsewhere or from
    before. Raises `UsageProblem` with the possible values.
    """
    changes: dict[str, Any] = {}
    if filters.form:
        changes["form"] = _one_of(profile, "form", filters.form, "a form here", _forms(profile))
    for name, called in _CHOICES.items():
        if getattr(filters, name):
            changes[name] = _one_of(profile, name, getattr(filters, name), called, _choices(profile, name))
    return replace(filters, **changes)


def _one_of(profile: Profile, name: str, given: str, called: str, offered: Iterator[tuple[str, str]]) -> str:
    seen: dict[str, None] = {}
    asked = given.strip().casefold()
    for value, label in offered:
        if asked in (value.casefold(), label.casefold()):
            return value
        seen[value] = None
    sought: dict[str, Any] = {name: given}
    if listing.count(profile.store, Filters(**sought)):
        return given
    raise UsageProblem(f"“{given}” is not {called}.", do=f"Give one of: {', '.join(seen)}.")


def _forms(profile: Profile) -> Iterator[tuple[str, str]]:
    for form_id in profile.forms.ids():
        yield form_id, profile.forms.current(form_id).title


def _choices(profile: Profile, name: str) -> Iterator[tuple[str, str]]:
    """The choices of the questions by which lists are filtered (`projecting.project` goes by their name)."""
    for form_id in profile.forms.ids():
        for question in profile.forms.current(form_id).questions:
            if question.name == name:
                for choice in question.choices:
                    yield choice.name, choice.label
