"""The 153 English authorities with programme, source and date: data, not program text (``local_authorities.csv``)."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache

from desktop_app.errors import NotFound
from desktop_app.paths import resource

REGIONS = {
    "north_east": "North East",
    "north_west": "North West",
    "yorkshire_and_the_humber": "Yorkshire and The Humber",
    "east_midlands": "East Midlands",
    "west_midlands": "West Midlands",
    "east_of_england": "East of England",
    "london": "London",
    "south_east": "South East",
    "south_west": "South West",
}

# How the published lists name a programme, and how answers do.
PROGRAMMES = {"SV": "safety_valve", "DBV": "delivering_better_value"}


@dataclass(frozen=True)
class Authority:
    """One local authority. ``code`` is the DfE's three digits, ``region`` a key of `REGIONS`, ``programme`` SV, DBV or
    empty; ``confirmed`` is False where the membership rests on one source; ``aliases`` are other names and old codes.
    """

    code: str
    ons: str
    name: str
    short_name: str
    region: str
    programme: str
    round: str
    agreement_date: str
    source: str
    confirmed: bool
    as_at: str
    aliases: tuple[str, ...] = ()
    note: str = ""


@cache
def all_authorities() -> tuple[Authority, ...]:
    """Every authority, by name."""
    with open(resource("reference", "local_authorities.csv"), encoding="utf-8-sig", newline="") as reading:
        found = [_authority(row) for row in csv.DictReader(reading)]
    return tuple(sorted(found, key=lambda authority: authority.name))


def _authority(row: dict[str, str]) -> Authority:
    aliases = tuple(part.strip() for part in (row.get("aliases") or "").replace("|", ";").split(";") if part.strip())
    return Authority(
        code=row["code"],
        ons=row["ons"],
        name=row["name"],
        short_name=row["short_name"] or row["name"],
        region=row["region"],
        programme=row["programme"],
        round=row["round"],
        agreement_date=row["agreement_date"],
        source=row["source"],
        confirmed=row["confirmed"].strip().lower() in ("yes", "true", "1"),
        as_at=row["as_at"],
        aliases=aliases,
        note=row.get("note") or "",
    )


@cache
def _by_code() -> dict[str, Authority]:
    found: dict[str, Authority] = {}
    for authority in all_authorities():
        for alias in authority.aliases:
            if any(letter.isdigit() for letter in alias):
                found.setdefault(alias.upper(), authority)
    for authority in all_authorities():
        found[authority.code.upper()] = authority
        found[authority.ons.upper()] = authority
    return found


def by_code(code: str) -> Authority:
    """By DfE code (``886``) or ONS code, old codes included. Raises `NotFound`."""
    try:
        return _by_code()[code.strip().upper()]
    except KeyError:
        raise NotFound(
            f"There is no authority with the code “{code}”.",
            do="Use the three digits of the Department for Education (Kent is 886), or the ONS code.",
        ) from None


def find(text: str) -> list[Authority]:
    """Authorities whose name, short name, alias or code holds the words typed; beginnings of a name first.

    ``hull`` finds Kingston upon Hull.
    """
    sought = _plain(text)
    if not sought:
        return list(all_authorities())
    ranked: list[tuple[int, str, Authority]] = []
    for authority in all_authorities():
        names = [_plain(name) for name in (authority.name, authority.short_name, *authority.aliases)]
        if sought in (authority.code, authority.ons.lower()) or sought in names:
            ranked.append((0, authority.name, authority))
        elif any(name.startswith(sought) for name in names):
            ranked.append((1, authority.name, authority))
        elif any(f" {sought}" in name for name in names):
            ranked.append((2, authority.name, authority))
        elif any(sought in name for name in names):
            ranked.append((3, authority.name, authority))
    return [authority for _, _, authority in sorted(ranked, key=lambda item: item[:2])]


def _plain(text: str) -> str:
    spaced = "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFKD", text).lower() if c != "'")
    return " ".join(spaced.split())
