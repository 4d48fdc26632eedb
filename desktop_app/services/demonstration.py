"""The whole story in a folder: two branches and the national office, on published facts and made-up records.

Everything is real but the people: encrypted records, files for the office, replies, PDFs. The published facts are those
of ``resources/reference/demo_published.json``; ``demo_invented.json`` adds what it takes to exercise every line of what
the union asked (`desktop_app.services.coverage`), and the story fails if a line is left.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_app import files
from desktop_app.errors import FileProblem, RecordError
from desktop_app.paths import ProfilePaths, resource
from desktop_app.reports.registry import render
from desktop_app.storage.keys import DEFAULT_COST, KdfCost
from desktop_app.storage.projection import Filters, Row

from . import meetings, papers, receiving, recording, reporting, sending, sharing
from .contacts import adding_card
from .content import Content, leaves
from .coverage import AskedLine, Exercised, asked_lines
from .office import ask
from .profile import Clock, Profile, create

# Made up, and printed at the end: these records hold nothing secret.
PASSPHRASE = "lantern orchard kettle ferry pebble"  # noqa: S105
OFFICE = "National office"
BRANCHES: tuple[tuple[str, str], ...] = (("Kent", "886"), ("Leeds", "383"))
QUESTION = "Which of the 2,200 were first requests? The table does not say."
PAPER = "National briefing, made of made-up records"
_ASKED_ABOUT = "published 5"

# What a report is about that is not about one authority.
_SCOPES: Mapping[str, Filters] = {
    "regional_picture": Filters(region="south_east"),
    "branch_summary": Filters(branch="Kent"),
    "feedback_to_office": Filters(branch="Kent"),
    "action_list": Filters(branch="Leeds"),
    "senco_invitation": Filters(),
    "senco_agenda": Filters(),
    "national_briefing": Filters(),
    "ministers_brief": Filters(),
}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Entered:
    """One record as it was entered: what the data calls it, whose it is, its id and its answers as given."""

    key: str
    branch: str
    form: str
    record: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class ExercisedLine:
    """One line of what the union asked, and where the demonstration touched it (never empty at the end)."""

    line: AskedLine
    where: str


@dataclass(frozen=True)
class MadeReport:
    """A PDF: its kind, and where it lies."""

    kind: str
    path: Path


@dataclass
class Story:
    """What the demonstration made, and where it lies."""

    folder: Path
    entered: list[Entered] = field(default_factory=list)
    mail: list[Path] = field(default_factory=list)
    replies: list[Path] = field(default_factory=list)
    pdfs: list[MadeReport] = field(default_factory=list)
    coverage: list[ExercisedLine] = field(default_factory=list)
    refused: str = ""

    def records_of(self, who: str) -> Path:
        """The folder of one laptop's records, to be opened with ``--profile``."""
        return self.folder / who

    @property
    def passphrase_file(self) -> Path:
        return self.folder / "passphrase.txt"

    @property
    def mail_folder(self) -> Path:
        return self.folder / "e-mails"

    @property
    def pdf_folder(self) -> Path:
        return self.folder / "PDFs"


def demonstrate(
    folder: Path, *, say: Say = lambda _: None, cost: KdfCost = DEFAULT_COST, clock: Clock | None = None
) -> Story:
    """Play the whole story in ``folder``, which must be empty or not there yet. Raises `FileProblem`, `RecordError`."""
    if folder.exists() and any(folder.iterdir()):
        raise FileProblem(
            f"There is something in {folder} already.", safe="It was not touched.", do="Name an empty or a new folder."
        )
    story = Story(folder.resolve())
    files.make_dirs(story.mail_folder)
    files.make_dirs(story.pdf_folder)
    files.write_atomic(story.passphrase_file, f"{PASSPHRASE}\n".encode())

    say("The national office sets up its records and writes its card.")
    office = _set_up(story, OFFICE, "office", cost, clock)
    card = story.mail_folder / "National office.officecard"
    receiving.office_card(office, card)
    branches: dict[str, Profile] = {}
    try:
        for name, authority in BRANCHES:
            say(f"{name} sets up its records with the office's card.")
            branches[name] = _set_up(
                story, name, "branch", cost, clock, authorities=(authority,), prepare=adding_card(card.read_bytes()),
                officer_role="local_secretary",
            )  # fmt: skip
        for name, profile in branches.items():
            mine = _enter(story, name, profile)
            say(f"{name} records {mine} pieces of evidence, meetings, plans, questions and actions.")
        _travel(story, office, branches, say)
        _print(story, office, branches["Kent"], say)
        _afterwards(story, office, branches, say)
        story.coverage = _coverage(story, office)
    finally:
        for profile in (office, *branches.values()):
            profile.close()
    empty = [row.line.ref for row in story.coverage if not row.where]
    if empty:
        raise RecordError(
            f"{len(empty)} lines of what the union asked were not exercised: {', '.join(empty)}.",
            safe="What was made lies in the folder.",
            do="Add a record for them to resources/reference/demo_invented.json.",
            code="E-COVERAGE",
        )
    return story


def published_items() -> list[dict[str, Any]]:
    """The published facts, each with the records made of it and the questions its prompts are answered in."""
    items: list[dict[str, Any]] = _read("demo_published.json")["items"]
    return items


def invented_records() -> list[dict[str, Any]]:
    """The made-up records that exercise the rest."""
    records: list[dict[str, Any]] = _read("demo_invented.json")["records"]
    return records


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("reference", name).read_text(encoding="utf-8"))
    return found


# --- entering ---------------------------------------------------------------------------------------------------------


def _set_up(story: Story, who: str, role: str, cost: KdfCost, clock: Clock | None, **more: Any) -> Profile:
    paths = ProfilePaths(story.records_of(who))
    return create(paths, role=role, name=who, passphrase=PASSPHRASE, cost=cost, clock=clock, **more).profile


def _enter(story: Story, branch: str, profile: Profile) -> int:
    before = len(story.entered)
    for item in published_items():
        if item["branch"] == branch:
            for number, record in enumerate(item["records"]):
                key = f"published {item['id']}" + (f", {number + 1}" if number else "")
                _add(story, profile, key, branch, record)
    for record in invented_records():
        if record["branch"] == branch:
            _add(story, profile, record["key"], branch, record)
    return len(story.entered) - before


def _add(story: Story, profile: Profile, key: str, branch: str, record: Mapping[str, Any]) -> None:
    papers = [_paper(story, paper["name"], paper["text"]) for paper in record.get("attach", ())]
    lines_become_records = record.get("lines_become_records", False)
    added = recording.add_record(
        profile, record["form"], record["answers"], papers, state="draft" if lines_become_records else "ready"
    )
    story.entered.append(Entered(key, branch, record["form"], added.id, record["answers"]))
    if lines_become_records:
        for number, made in enumerate(meetings.make_records(profile, added.id), start=1):
            content = recording.open_record(profile, made)
            recording.mark_ready(profile, made)
            story.entered.append(
                Entered(f"{key}, record {number}", branch, content.form.id, made, content.content.answers)
            )
        recording.mark_ready(profile, added.id)


def _paper(story: Story, name: str, text: str) -> Path:
    path = story.folder / "papers to attach" / name
    files.make_dirs(path.parent)
    files.write_atomic(path, text.encode())
    return path


# --- files for the office and replies ---------------------------------------------------------------------------------


def _travel(story: Story, office: Profile, branches: Mapping[str, Profile], say: Say) -> None:
    for name, profile in branches.items():
        sent = sending.send(profile, story.mail_folder)
        for pack in sent.packs:
            sending.mark_emailed(profile, pack.number, True)
            story.mail.append(pack.path)
            say(f"{name} makes a file for the office: {pack.path.name}, read back and found whole.")
    story.refused = _try_a_damaged_copy(story, office)
    say(f"A copy cut short on the way is refused, and changes nothing: {story.refused}")
    receiving.receive(office, story.mail)
    for device in receiving.devices(office):
        if device.state == "waiting":
            say(f"The office phones {device.branch}, compares six words ({device.words}) and accepts its laptop.")
            receiving.accept_device(office, device.id)
    asked = next(entered for entered in story.entered if entered.key == _ASKED_ABOUT)
    ask(office, asked.record, QUESTION)
    say("The office has everything, and asks Kent one question back.")
    _put_on_the_shelf(story, office)
    say(f"The office puts a paper on the shelf, which goes with its replies: {PAPER}.")
    story.replies = receiving.reply_to_all(office, story.mail_folder)
    for name, profile in branches.items():
        outcomes = receiving.receive(profile, story.replies).files
        added = next(outcome for outcome in outcomes if outcome.outcome == "reply")
        if not any(paper.here for paper in papers.shelf(profile)):
            raise RecordError("The paper did not come with the reply.", do="Do not use this program.", code="E-BUG")
        say(f"{name} adds the reply {Path(added.path).name}. {_confirmed(profile)}.")


def _put_on_the_shelf(story: Story, office: Profile) -> None:
    """The union's briefing for branches to hand out: made of what the office has just been sent, shareable."""
    given = reporting.prepare(office, "national_briefing", (), Filters(), "shareable", {})
    out = story.folder / "papers to attach" / "National briefing.pdf"
    files.make_dirs(out.parent)
    render(sharing.leave_out_the_rest(given), out)
    papers.put(office, out, PAPER)


def _confirmed(profile: Profile) -> str:
    standings = [row.standing_words for row in listed(profile)]
    has = sum(words.startswith("The office has it") for words in standings)
    asks = sum(words == "Office asks a question" for words in standings)
    return f"The office has {has + asks} of its {len(standings)} records" + (f", and asks about {asks}" if asks else "")


def _try_a_damaged_copy(story: Story, office: Profile) -> str:
    """A file that lost its end on the way: it must be refused, and nothing may have come of it. Returns why."""
    whole = story.mail[0].read_bytes()
    damaged = story.folder / "damaged on purpose.branchpack"
    files.write_atomic(damaged, whole[: len(whole) * 2 // 3])
    outcome = receiving.receive(office, [damaged]).files[0]
    if outcome.outcome != "refused" or any(True for _ in listed(office)):
        raise RecordError("A damaged file was not refused.", do="Do not use this program.", code="E-BUG")
    return outcome.what


def _afterwards(story: Story, office: Profile, branches: Mapping[str, Profile], say: Say) -> None:
    """A little work since the file went: the branch's pages have something to send, and two versions to choose from."""
    since = _read("demo_invented.json")["afterwards"]
    profile = branches[since["branch"]]
    recording.jot(profile, since["jotting"])
    recording.add_record(profile, since["ready"]["form"], since["ready"]["answers"], state="ready")
    note = since["branch_only"]
    recording.mark_ready(profile, recording.start(profile, note["form"], note["answers"], branch_only=True))
    by_key = {entered.key: entered.record for entered in story.entered}
    recording.edit_record(profile, by_key[since["changed"]["key"]], since["changed"]["answers"], state="ready")
    say(f"{since['branch']} goes on: a jotting, a new record, one for the branch only, and one changed since.")
    both = since["changed_by_both"]
    recording.edit_record(office, by_key[both["key"]], both["office"], state="ready")
    recording.edit_record(profile, by_key[both["key"]], both["branch"], state="ready")
    story.replies += receiving.reply_to_all(office, story.mail_folder)
    receiving.receive(profile, story.replies)
    if not recording.open_record(profile, by_key[both["key"]]).two_versions:
        raise RecordError("Two versions of an answer were not seen.", do="Do not use this program.", code="E-BUG")
    say("The office and the branch have changed the same answer: both versions are kept, and the branch will choose.")


# --- reports ----------------------------------------------------------------------------------------------------------


def _print(story: Story, office: Profile, branch: Profile, say: Say) -> None:
    senco = next(entered for entered in story.entered if entered.form == "senco_meeting")
    _keep(story, "invitation to the SENCO meeting.txt", meetings.invitation_text(branch, senco.record).encode())
    _keep(story, "invitation to the SENCO meeting.ics", meetings.invitation_calendar(branch, senco.record))
    for kind in reporting.kinds():
        for occasion in _occasions(story, kind):
            given = reporting.prepare(
                office, kind.kind, occasion.ids, occasion.filters, occasion.audience, occasion.options
            )
            given = sharing.leave_out_the_rest(given)
            out = story.pdf_folder / reporting.suggested_name(given, occasion.title)
            render(given, out)
            story.pdfs.append(MadeReport(kind.kind, out))
    say(f"{len(story.pdfs)} PDFs are made, one or more of every kind there is.")


@dataclass(frozen=True)
class _Occasion:
    """One report to make. Records are named, or found by the filters; ``title`` begins the file's name."""

    audience: str
    ids: tuple[str, ...] = ()
    filters: Filters | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    title: str = ""


def _occasions(story: Story, kind: reporting.Kind) -> list[_Occasion]:
    """What to make a report of: every form for a blank one, a record of each form for a record's own, else the lot."""
    if kind.paper:
        return [
            _Occasion("shareable", options={"form": form}, title=f"{kind.title} {form.replace('_', ' ')}")
            for form in dict.fromkeys(entered.form for entered in story.entered)
        ]
    if kind.one:
        first = {entered.form: entered.record for entered in reversed(story.entered) if entered.form in kind.forms}
        return [_Occasion("union", ids=(record,)) for record in first.values()]
    scopes = [_SCOPES[kind.kind]] if kind.kind in _SCOPES else [Filters(authority=code) for _, code in BRANCHES]
    shareable = _Occasion("shareable", filters=scopes[0])
    return [*(_Occasion("union", filters=scope) for scope in scopes), shareable]


def _keep(story: Story, name: str, data: bytes) -> None:
    files.write_atomic(story.pdf_folder / name, data, private=False)


# --- what was exercised -----------------------------------------------------------------------------------------------


def _coverage(story: Story, office: Profile) -> list[ExercisedLine]:
    """Every line of what the union asked and where it stands in what the *office* holds, or in what was made."""
    seen = Exercised()
    for row in listed(office):
        opened = recording.open_record(office, row.id)
        content: Content = opened.content
        aside = set(content.aside)
        said = [leaf for leaf in leaves(content.answers, opened.form) if leaf.path not in aside]
        seen.read(opened.form.id, f"{opened.reference}, {opened.title}", said, attachments=bool(content.blobs))
    for pdf in story.pdfs:
        seen.made(pdf.kind, pdf.path.name)
    return [ExercisedLine(line, seen.where(line)) for line in asked_lines()]


def listed(profile: Profile) -> Iterable[Row]:
    """Every line of the list of records, newest first."""
    after: str | None = None
    while True:
        page = recording.list_records(profile, Filters(), 200, after)
        yield from page.rows
        after = page.next
        if after is None:
            return
