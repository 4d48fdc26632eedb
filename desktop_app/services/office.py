"""What the national office does besides receiving: its policy, questions back to branches, and the overview."""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from desktop_app.errors import RecordError, UsageProblem
from desktop_app.exchange.cards import is_recipient
from desktop_app.records.authorities import Authority, all_authorities
from desktop_app.storage import counting, office_words
from desktop_app.storage.database import Store
from desktop_app.storage.projection import Filters

from .profile import Profile
from .recording import normal
from .versions import refresh

DIMENSIONS = ("authority", "region", "programme", "form", "question", "answer", "concern", "month")
CAVEAT = "Reports received, not children affected."
LONGEST_KEPT = 120  # months


@dataclass(frozen=True)
class Policy:
    """What the office lays down for branches; empty members fall back to the program's cautious words."""

    data_protection_officer: str = ""
    privacy_notice: str = ""
    notice: str = ""
    retention_months: int = 12
    feedback_address: str = ""
    consent_wording: str = ""
    extra_readers: tuple[str, ...] = ()
    from_office_utc: str = ""


def policy(store: Store) -> Policy:
    """The policy in force here; the built-in one before the office has sent any."""
    found = office_words.policy(store)
    if not found:
        return Policy()
    known = {f.name for f in fields(Policy)}
    kept: dict[str, Any] = {name: value for name, value in found.items() if name in known}
    kept["extra_readers"] = tuple(kept.get("extra_readers", ()))
    return Policy(**kept)


def readable(found: Mapping[str, Any]) -> bool:
    """Whether a policy that came in a reply says what a policy can say; members of a newer version are left alone."""
    texts = {f.name for f in fields(Policy)} - {"retention_months", "extra_readers"}
    months, readers = found.get("retention_months", 12), found.get("extra_readers", [])
    return (
        all(isinstance(found.get(name, ""), str) for name in texts)
        and type(months) is int
        and 1 <= months <= LONGEST_KEPT
        and isinstance(readers, list)
        and all(isinstance(each, str) and is_recipient(each) for each in readers)
    )


CAUTIOUS = Policy(
    data_protection_officer="Ring the national office and ask for the data protection officer.",
    privacy_notice=(
        "We write down what is happening to support for children with special educational needs, so that the union can"
        " raise it. We write no names of children, staff or schools. What you agree to is kept with what you said, and you"
        " may change your mind. Ask the branch to see, correct or delete what you told us."
    ),
    consent_wording=(
        "May we quote these words without your name, use them without quoting, or only keep them as background? Until you"
        " say, they go no further."
    ),
)
"""What holds before the office has said anything: nothing is promised that the program does not keep."""


def in_force(store: Store) -> Policy:
    """The policy with the program's cautious words wherever the office has said nothing."""
    said = policy(store)
    empty = {f.name: getattr(CAUTIOUS, f.name) for f in fields(Policy) if not getattr(said, f.name)}
    return replace(said, **empty)


def set_policy(profile: Profile, changes: Mapping[str, Any]) -> Policy:
    """Change the policy at the office; it travels with the next replies."""
    _office_only(profile)
    known = {f.name for f in fields(Policy)} - {"from_office_utc"}
    unknown = set(changes) - known
    if unknown:
        raise UsageProblem(f"The policy has no {', '.join(sorted(unknown))}.", safe="Nothing was changed.")
    months = changes.get("retention_months", 12)
    if not isinstance(months, int) or not 1 <= months <= LONGEST_KEPT:
        raise UsageProblem(f"Records are kept between 1 and {LONGEST_KEPT} months.", safe="Nothing was changed.")
    wrong = [reader for reader in changes.get("extra_readers", ()) if not is_recipient(reader)]
    if wrong:
        raise UsageProblem(
            f"“{wrong[0][:20]}…” is not an address for files; one begins with age1 and has 62 characters.",
            safe="Nothing was changed.",
            do="Ask the reader for it again and copy it whole.",
        )
    merged = {**asdict(policy(profile.store)), **changes, "from_office_utc": profile.utc_now()}
    with profile.store.atomic():
        office_words.set_policy(profile.store, json.loads(json.dumps(merged)))
    return policy(profile.store)


def ask(profile: Profile, record: str, question: str) -> str:
    """Put a question on a record to the branch that made it; it travels with the next reply. Returns its id."""
    _office_only(profile)
    if not question.strip():
        raise UsageProblem("The question is empty.", do="Type what the branch should answer.")
    query = str(uuid.uuid4())
    with profile.store.atomic():
        office_words.add_query(profile.store, query, record, question.strip(), profile.utc_now())
        refresh(profile, record)
    return query


@dataclass(frozen=True)
class AuthorityLine:
    """One authority in the overview."""

    authority: Authority
    records: int
    concerns: int
    newest_utc: str


def overview(profile: Profile) -> list[AuthorityLine]:
    """Every authority with what has been received about it; silence is a line with nought."""
    return counting.taken(overview_steps(profile))


def overview_steps(profile: Profile) -> Generator[None, None, list[AuthorityLine]]:
    """As `overview`, a step at a time."""
    by_code = {row["key"]: row for row in (yield from counting.stats_steps(profile.store, "authority"))}
    found = []
    for authority in all_authorities():
        row = by_code.get(authority.code, {})
        found.append(
            AuthorityLine(
                authority, int(row.get("records", 0)), int(row.get("concerns", 0)), str(row.get("newest", ""))
            )
        )
    return found


def stats(profile: Profile, by: str, filters: Filters) -> dict[str, Any]:
    """Counts of testimonies by one dimension: ``{rows, caveat}`` (design page "Command line")."""
    if by not in DIMENSIONS:
        raise UsageProblem(f"Cannot count by “{by}”.", do=f"Count by one of: {', '.join(DIMENSIONS)}.")
    return {"rows": counting.stats(profile.store, by, normal(filters)), "caveat": CAVEAT}


def _office_only(profile: Profile) -> None:
    if profile.me.role != "office":
        raise RecordError("Only the national office does this.", safe="Nothing was changed.")
