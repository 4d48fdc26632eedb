"""What Home shows, read in one go on the worker's thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from desktop_app.records.standing import Standing
from ui.words import long_date

if TYPE_CHECKING:
    from desktop_app.services.actions import Due
    from desktop_app.services.keeping import SecondPlace
    from desktop_app.services.profile import Profile
    from desktop_app.services.sending import WaitingFile
    from desktop_app.storage.projection import Row

NAG_AFTER_DAYS = 7
ACTIONS = 4  # as many as stand beside what is to be carried on with; the list has the others


@dataclass
class HomeData:
    """Everything on the page. Counts are of records."""

    drafts: list[Row] = field(default_factory=list)
    asked: list[Row] = field(default_factory=list)
    two_versions: list[Row] = field(default_factory=list)
    actions: list[Due] = field(default_factory=list)
    has: int = 0
    ready: int = 0
    changed: int = 0
    total: int = 0
    waiting: list[WaitingFile] = field(default_factory=list)
    waiting_branches: int = 0
    has_card: bool = True
    spare_due: str = ""  # when it is near or past
    rescue_due: str = ""  # at the office, the same for two parts of its rescue key
    spare_ever: bool = False  # it was checked before: this is the yearly look
    review: int = 0
    from_the_future: str = ""  # the date of an entry that lies ahead of this computer's clock
    copied: str = ""  # this laptop's six words, when the records turned out to be a copy and nobody was told yet
    second_place: SecondPlace | None = None  # where copies of backups go, when that needs a word
    copies: int = 0  # PDFs made for the mail program that still lie outside
    forms: list[tuple[str, str]] = field(default_factory=list)  # forms the office changed: title, and what in a line


def read(profile: Profile) -> HomeData:
    """Gather it. Writes nothing."""
    from desktop_app.services import (
        actions,
        clocks,
        copies,
        keeping,
        office_keys,
        recording,
        rescue,
        retention,
        sending,
    )
    from desktop_app.services.contacts import office_of
    from desktop_app.storage import laptops, listing
    from desktop_app.storage.projection import Filters

    store = profile.store
    ahead = clocks.ahead_of_us(profile)

    def rows(standing: Standing, most: int) -> list[Row]:
        return recording.list_records(profile, Filters(standing=standing.value), most).rows

    def count(standing: Standing) -> int:
        return listing.count(store, Filters(standing=standing.value))

    found = HomeData(
        drafts=rows(Standing.DRAFT, 4),
        asked=rows(Standing.OFFICE_ASKS, 3),
        two_versions=rows(Standing.TWO_VERSIONS, 3),
        actions=actions.next_due(profile, ACTIONS),
        has=count(Standing.OFFICE_HAS_IT) + count(Standing.OFFICE_HAS_IT_BY_PHONE),
        ready=count(Standing.READY),
        changed=count(Standing.CHANGED),
        total=listing.count(store, Filters()),
        spare_due=rescue.due(profile)[0],
        rescue_due=office_keys.due(profile) if profile.me.role == "office" else "",
        spare_ever=rescue.due(profile)[1],
        review=retention.count_due(profile),
        copies=copies.for_mail(profile),
        from_the_future=ahead.date().isoformat() if ahead else "",
    )
    place = keeping.second_place_state(profile)
    if place is not None and (place.trouble or _missed_long(place, profile.clock())):
        found.second_place = place
    if profile.me.role == "branch":
        from desktop_app.services.form_workshop import news

        found.forms = [(each.form.title, each.summary) for each in news(profile)]
    if profile.me.role == "branch" and not profile.me.practice:
        from desktop_app.services import this_laptop

        found.copied = profile.words if this_laptop.is_new(store) else ""
        found.waiting = [each for each in sending.waiting_files(profile) if each.days >= NAG_AFTER_DAYS]
        found.has_card = office_of(profile) is not None
    if profile.me.role == "office":
        found.waiting_branches = sum(device.state == "waiting" for device in laptops.devices(store))
    return found


def _missed_long(place: SecondPlace, now: datetime) -> bool:
    """A stick is out most of the time; a week without a copy is worth a word."""
    if place.there:
        return False
    copied = datetime.fromisoformat(place.copied_utc.replace("Z", "+00:00")) if place.copied_utc else None
    return copied is None or (now - copied).days >= NAG_AFTER_DAYS


def second_place_words(place: SecondPlace) -> str:
    """Where copies of backups go, and what hinders them."""
    last = f"The last copy went there on {long_date(place.copied_utc)}." if place.copied_utc else "No copy has gone there yet."
    if place.trouble:
        return f"The backup was made, but not its copy in {place.folder}: {place.trouble} {last}"
    if not place.there:
        return f"Copies of backups go to {place.folder}, which is not there now. {last} Put the drive in, and the next one goes."
    return f"A copy goes to {place.folder}. {last}"


def due_words(due: date | None, today: date) -> tuple[str, str]:
    """When an action is due, and how the words are tinted: ("2 days late", "bad"), ("Thursday", "warn")."""
    if due is None:
        return "No date", ""
    days = (due - today).days
    if days < 0:
        return ("1 day late" if days == -1 else f"{-days} days late"), "bad"
    if days == 0:
        return "Today", "warn"
    if days == 1:
        return "Tomorrow", "warn"
    if days < 7:
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        return names[due.weekday()], "warn"
    from desktop_app.records.standing import short_date

    return short_date(due), ""
