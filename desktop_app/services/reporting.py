"""Reports: choose the records, hand plain data to the reports room, get a PDF.

`prepare` reads the records (on the thread that owns the profile); `render` needs only what it returns and can run in
another process. `make` is both.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from desktop_app.errors import NotFound, UsageProblem
from desktop_app.forms.wording import british_date
from desktop_app.records.authorities import REGIONS, by_code
from desktop_app.records.standing import Standing
from desktop_app.reports.audience import AGREED
from desktop_app.reports.items import Items
from desktop_app.reports.model import AUDIENCE_WORDS, Audience, Decision, Made, ReportInput, ReportItem
from desktop_app.reports.registry import REPORTS, Report, file_name, render, render_bytes, render_rich, report
from desktop_app.reports.registry import drawn as drawn
from desktop_app.storage import reviews
from desktop_app.storage.projection import Filters

from . import copies, papers, sharing
from .content import KEPT_WORDS, REASON
from .profile import Created, Profile
from .projecting import CONFIDENTIAL_SECTION, project
from .recording import OpenRecord, list_records, open_record
from .sharing import decided
from .sorting import FROM_LINE
from .steps import drained

if TYPE_CHECKING:
    from PIL.Image import Image

PAGE = 500
_OWN_DOOR = ("spare_key_sheet", "laptop_sheet")  # made from the page they belong to
MOST = 20_000
"""Records in one report; more is a matter for the spreadsheet."""


@dataclass(frozen=True)
class Kind:
    """A report a person can choose. ``one`` needs a single record; ``paper`` needs none."""

    kind: str
    title: str
    what: str
    forms: tuple[str, ...]
    one: bool
    paper: bool


def kinds() -> list[Kind]:
    """Every report, in the order they are offered."""
    return [_kind(found) for found in REPORTS.values() if found.kind not in _OWN_DOOR]


def _kind(found: Report) -> Kind:
    return Kind(found.kind, found.title, found.what, found.forms, found.one, bool(found.paper))


def make(
    profile: Profile,
    kind: str,
    ids: Iterable[str] = (),
    filters: Filters | None = None,
    audience: str = "union",
    out: Path = Path("report.pdf"),
    password: str | None = None,
    options: Mapping[str, Any] | None = None,
    decisions: Iterable[Decision] = (),
    leave_out_the_rest: bool = False,
) -> Made:
    """Make a report of the records named, or of those found. Raises `ReportError`, `NotFound`, `UsageProblem`.

    In a shareable one likely personal data is treated as ``decisions`` say; `Undecided` is raised, and no file written,
    when nobody decided about some of it. With ``leave_out_the_rest`` that is left out.
    """
    given = decided(prepare(profile, kind, ids, filters, audience, options), decisions)
    if leave_out_the_rest:
        given = sharing.leave_out_the_rest(given)
    sharing.refuse_undecided(given)
    made = render(given, out, password)
    note_use(profile, given)
    audience = "" if report(kind).paper else given.audience
    copies.note(profile, out, title=report(kind).title, audience=audience, locked=bool(password))
    return made


def note_use(profile: Profile, given: ReportInput) -> None:
    """A report was kept: its records know it, for the day they are due for review ("used in 2 reports")."""
    reviews.note_use(profile.store, [item.record for item in given.items], given.kind, profile.utc_now())


def prepare(
    profile: Profile,
    kind: str,
    ids: Iterable[str] = (),
    filters: Filters | None = None,
    audience: str = "union",
    options: Mapping[str, Any] | None = None,
) -> ReportInput:
    """The plain data of a report. Nothing is written."""
    return drained(prepared(profile, kind, ids, filters, audience, options))


def prepared(
    profile: Profile,
    kind: str,
    ids: Iterable[str] = (),
    filters: Filters | None = None,
    audience: str = "union",
    options: Mapping[str, Any] | None = None,
) -> Generator[tuple[int, int], None, ReportInput]:
    """As `prepare`, a record a step, so that drafts are saved in between and it can be stopped: (read, of how many)."""
    wanted = report(kind)
    if audience not in AUDIENCE_WORDS:
        raise UsageProblem(f"A report cannot be for “{audience}”.", do="Choose union or shareable.")
    named = list(ids)
    chosen = dict(options or {})
    sought = filters or Filters()
    if sought.authority:
        chosen.setdefault("authority", by_code(sought.authority).code)
    if sought.region:
        chosen.setdefault("region", sought.region)
    if wanted.kind == "branch_agenda_item":
        chosen.setdefault("papers", [paper.title for paper in papers.shelf(profile)])
    if wanted.one and not named:
        raise UsageProblem(f"“{wanted.title}” is about one record.", do="Name the record.")
    if not wanted.paper and not named:
        named = _found(profile, wanted, sought)
    items = Items()
    for number, record in enumerate([] if wanted.paper else named, 1):
        items.append(item_of(profile, open_record(profile, record), shareable=audience == "shareable"))
        yield number, len(named)
    return ReportInput(
        kind=kind,
        items=items,
        audience=cast(Audience, audience),
        practice=profile.me.practice,
        made=profile.clock(),
        branch=profile.me.branch,
        forms=_forms(profile, wanted, chosen),
        policy=_policy(profile),
        options=chosen,
        chosen=in_words(sought) if filters and filters != Filters() else "",
    )


def _found(profile: Profile, wanted: Report, filters: Filters) -> list[str]:
    """Ids of the records the filters find, oldest change last, of the forms this report reads."""
    found: list[str] = []
    for form in [filters.form] if filters.form else wanted.forms:
        after: str | None = None
        while True:
            page = list_records(profile, replace(filters, form=form), PAGE, after)
            found.extend(row.id for row in page.rows)
            after = page.next
            if after is None:
                break
            if len(found) > MOST:
                raise UsageProblem(
                    "That is too many records for one report.", do="Narrow the choice, or make a spreadsheet."
                )
    return found


def _forms(profile: Profile, wanted: Report, options: Mapping[str, Any]) -> dict[str, Any]:
    """The forms a report prints empty or takes its questions from, as new records would use them."""
    form = str(options.get("form", "") or "evidence")
    if wanted.kind == "blank_form":
        return {form: profile.forms.current(form)}
    return {name: profile.forms.current(name) for name in wanted.forms}


def _policy(profile: Profile) -> dict[str, Any]:
    from .meetings import notice
    from .office import policy

    return {**asdict(policy(profile.store)), "notice": notice(profile)}


def item_of(profile: Profile, opened: OpenRecord, *, shareable: bool = False) -> ReportItem:
    """A record as reports read it: the draft if there is one."""
    content = opened.content
    row = project(
        opened.form,
        opened.id,
        content,
        standing=Standing(opened.standing_code),
        standing_words=opened.standing,
        branch=opened.branch,
        changed_utc="",
        undecided=tuple(two.leaf for two in opened.two_versions),
    )
    return ReportItem(
        record=opened.id,
        reference=opened.reference,
        form=opened.form,
        answers=content.answers,
        typed=dict(content.typed),
        aside=tuple(content.aside),
        two_versions=opened.two_versions,
        title=opened.title,
        authorities=row.authorities,
        when_from=row.when_from,
        when_to=row.when_to,
        when_text=row.when_text,
        standing=opened.standing,
        branch=opened.branch,
        branch_only=content.branch_only,
        withdrawn=opened.standing_code == "taken_back",
        confidential=row.confidential,
        ready_reason=content.derived.get(REASON, ""),
        kept_words=_kept_words(content.derived.get(KEPT_WORDS, "")),
        blobs=content.blobs,
        links=content.links,
        told=_told(profile, opened) if shareable else "",
    )


def _told(profile: Profile, opened: OpenRecord) -> str:
    """The words of the meeting's line a record was made of, where they may not be shared; else nothing.

    An action has no permission of its own, and what was written of a line is as free as the line is today.
    """
    from .meetings import lines

    free = ("quote",) if opened.form.id == "action" else AGREED
    for link in opened.content.links:
        if link.rel == FROM_LINE and link.row:
            try:
                meeting = open_record(profile, link.record)
            except NotFound:
                continue  # deleted since
            leaf = f"notes/lines/{link.row}/line_permission"
            both = {c.value or "" for two in meeting.two_versions if two.leaf == leaf for c in two.candidates}
            for line in lines(meeting.content):
                confidential = line.category == CONFIDENTIAL_SECTION
                if line.row == link.row and (confidential or not {line.permission, *both} <= set(free)):
                    return line.text
    return ""


def _kept_words(stored: str) -> tuple[str, ...]:
    """The words of the stored pairs (place, words), each once."""
    try:
        pairs = json.loads(stored) if stored else []
    except ValueError:
        return ()
    return tuple(dict.fromkeys(str(pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2))


def in_words(filters: Filters) -> str:
    """How the records were chosen, for the line under a report's title."""
    parts = ["Evidence"]
    if filters.authority:
        parts.append(f"about {_authority(filters.authority)}")
    if filters.region:
        parts.append(f"in {REGIONS.get(filters.region, filters.region)}")
    if filters.programme:
        parts.append(f"on {filters.programme.replace('_', ' ')}")
    if filters.question:
        parts.append(f"that answers question {filters.question}")
    if filters.concern:
        parts.append("with a concern")
    if filters.branch:
        parts.append(f"from {filters.branch}")
    if filters.new_since or filters.came_with:
        parts.append("that came with one file" if filters.came_with else "that came with one file or since")
    if filters.words:
        parts.append(f"with the words “{filters.words}”")
    if filters.since:
        parts.append(f"since {british_date(filters.since)}")
    if filters.until:
        parts.append(f"up to {british_date(filters.until)}")
    return " ".join(parts)


def _authority(code: str) -> str:
    try:
        return by_code(code).short_name
    except NotFound:
        return code


def preview(given: ReportInput) -> tuple[bytes, int, list[str]]:
    """The report in memory, for looking at: its bytes, its pages, what a shareable one leaves out."""
    return render_bytes(given)


def as_rich_text(given: ReportInput) -> str:
    """Copy for Word: any report as HTML with headings, tables and references. Raises `ReportError`."""
    return render_rich(given)


def as_text(given: ReportInput) -> str:
    """Feedback to the office, or points to raise, as the text of a letter. Raises `UsageProblem` for others."""
    from desktop_app.reports.letter import render_letter

    return render_letter(given)


def page_picture(data: bytes, page: int, width: int) -> Image:
    """A page (from 0) of a report as a picture ``width`` pixels wide."""
    from desktop_app.reports.readback import picture

    return picture(data, page, width)


def _place(given: ReportInput) -> str:
    """The authority or region a report is about, where it is about one."""
    if given.options.get("authority"):
        return _authority(str(given.options["authority"]))
    if given.options.get("region"):
        region = str(given.options["region"])
        return REGIONS.get(region, region)
    only = given.items[0].authorities if len(given.items) == 1 else ()
    return _authority(only[0]) if len(only) == 1 else ""


def suggested_name(given: ReportInput, title: str = "") -> str:
    """A file name that says what the report is, for whom and of when."""
    wanted = report(given.kind)
    if not title and len(given.items) == 1 and (wanted.one or len(wanted.forms) == 1):
        title = f"{wanted.title} {given.items[0].reference}"
    elif not title:
        place = _place(given)
        title = f"{wanted.title} {place}" if place else ""
    return file_name(given, title)


def recovery_sheet(created: Created, out: Path) -> Made:
    """The spare key on paper, right after set-up: the only time the key is known."""
    return spare_key_sheet(created.profile, created.spare_key, out)


def spare_key_sheet(profile: Profile, spare_key: str, out: Path) -> Made:
    """The sheet with the spare key as text and as a square code to photograph."""
    options = {
        "spare_key": spare_key,
        "name": profile.me.name,
        "words": profile.words,
        "folder": str(profile.paths.folder),
    }
    given = ReportInput(
        kind="spare_key_sheet",
        practice=profile.me.practice,
        made=profile.clock(),
        branch=profile.me.branch,
        options=options,
    )
    return render(given, out)
