"""The reports there are: one line each. ReportLab is imported only when a report is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from desktop_app.errors import NotFound, ReportError
from desktop_app.files import Spool
from desktop_app.reports.model import AUDIENCE_WORDS, Made, ReportInput

if TYPE_CHECKING:
    from desktop_app.reports.audience import Prepared
    from desktop_app.reports.blocks import Story


PIECE = 256 * 1024


@dataclass(frozen=True)
class Report:
    """A kind of report. ``forms`` are the forms it reads; ``one`` means it is about a single record; ``paper`` that it
    holds no record at all, and so says for what it is in place of an audience; ``bare`` that it prints no words of
    anybody's, so nothing was left out. The module of the same name has ``build(prepared, story) -> title``.
    """

    kind: str
    title: str
    what: str
    forms: tuple[str, ...] = ()
    one: bool = False
    paper: str = ""
    bare: bool = False

    def head(self, given: ReportInput) -> str:
        """For whom it is, or for what: on every page, and before what is copied for Word."""
        return self.paper or AUDIENCE_WORDS[given.audience]

    def build(self, prepared: Prepared, story: Story) -> str:
        """Write the report into the story; the document's title."""
        module = import_module(f"desktop_app.reports.{self.kind}")
        return cast(str, module.build(prepared, story))

    def used(self, prepared: Prepared) -> int:
        """How many records the report rests on: all there are, where its module does not choose among them."""
        chosen = getattr(import_module(f"desktop_app.reports.{self.kind}"), "used", None)
        return len(prepared.readings) if chosen is None else cast(int, chosen(prepared))


_ALL = ("evidence", "senco_meeting", "meeting", "plan", "forum_questions", "action")
_TOLD = ("evidence", "senco_meeting")
_LIST = (
    Report("record", "Record", "One record, every answer.", _ALL, one=True),
    Report("minutes", "Minutes", "Notes of a meeting, each line numbered.", ("senco_meeting", "meeting"), one=True),
    Report(
        "senco_invitation",
        "SENCO invitation",
        "Invites SENCOs, says what happens to what they say.",
        ("senco_meeting",),
        bare=True,
    ),
    Report(
        "senco_agenda",
        "SENCO agenda",
        "Six items with room for notes, and the notice to read out.",
        ("senco_meeting",),
        bare=True,
    ),
    Report(
        "feedback_specialist_services",
        "Specialist support services",
        "Barriers, limits and waits: empty or filled.",
        _TOLD,
    ),
    Report(
        "feedback_health_care",
        "Health and care",
        "What they give and who pays: empty or filled.",
        (*_TOLD, "forum_questions"),
    ),
    Report(
        "branch_agenda_item",
        "Branch agenda item",
        "School funding on the agenda, with the papers to hand out.",
        ("evidence",),
    ),
    Report(
        "forum_question_sheet",
        "Schools Forum questions",
        "Questions with room for answers, or answered.",
        ("forum_questions",),
    ),
    Report(
        "feedback_to_office",
        "Feedback to the office",
        "All by the papers’ numbers; needs no program of ours.",
        ("evidence", "meeting", "action"),
    ),
    Report("plan_assessment", "Plan assessment", "A plan against the tests in the union’s paper.", ("plan", "meeting")),
    Report(
        "points_to_raise",
        "Points to raise",
        "Per concern: ground, what is recorded, the question, room for the answer.",
        ("evidence", "plan", "meeting"),
    ),
    Report(
        "promise_against_practice",
        "Promise against practice",
        "What a plan promises beside what is reported.",
        _ALL[:-1],
    ),
    Report("authority_dossier", "Authority dossier", "All that is recorded about one authority.", _ALL),
    Report(
        "regional_picture",
        "Regional picture",
        "By authority and trust; special and mainstream apart.",
        ("evidence", "plan", "meeting"),
    ),
    Report(
        "branch_summary",
        "Branch summary",
        "The branch’s evidence and meetings for its committee.",
        ("evidence", "senco_meeting", "meeting"),
    ),
    Report(
        "action_list",
        "Action list",
        "What is to be done, by which role, by when.",
        ("action", "senco_meeting", "meeting"),
    ),
    Report(
        "national_briefing", "National briefing", "All branches; every figure with what it rests on.", ("evidence",)
    ),
    Report(
        "ministers_brief",
        "Ministers’ brief",
        "Two pages of what may be used and is known at first hand.",
        ("evidence",),
    ),
    Report("blank_form", "Blank form", "A form to fill in on paper.", paper="To fill in by hand"),
    Report("spare_key_sheet", "Spare key", "The spare key on paper.", paper="Keep this secret"),
    Report(
        "laptop_sheet",
        "If this laptop is lost",
        "For the data protection officer, in counts.",
        paper="For the data protection officer",
    ),
)
REPORTS: Mapping[str, Report] = {report.kind: report for report in _LIST}


def report(kind: str) -> Report:
    """The report of this kind. Raises `NotFound`."""
    if kind not in REPORTS:
        raise NotFound(f"There is no report called “{kind}”.", do="See the reports with: branch-evidence report list")
    return REPORTS[kind]


def render(given: ReportInput, out: Path, password: str | None = None) -> Made:
    """Make the report and write it to ``out``: tagged PDF/UA-1, locked with AES-256 when a password is given.

    A shareable report is read back first; if a withheld word is in it nothing is written. With the option ``archive``
    it is PDF/A-3a as well, with its data attached, and cannot have a password. Raises `ReportError`.
    """
    from desktop_app.files import AtomicWriter
    from desktop_app.reports import readback

    if password and given.options.get("archive"):
        raise ReportError(
            "A copy for the archive cannot have a password: PDF/A does not allow it.",
            safe="Nothing was written.",
            do="Leave out the password, or the archive copy.",
        )
    with drawn(given, out.stem) as made, made.file.reader() as reader:
        if readback.page_count(reader) != made.pages:
            raise ReportError("The report could not be read back.", safe="Nothing was written.", do="Try again.")
        if password:
            made = _locked(made, reader, password)
        with made, AtomicWriter(out) as writer:
            for piece in made.pieces():
                writer.write(piece)
        return Made(out, made.pages, made.withheld)


def _locked(made: Drawn, reader: BinaryIO, password: str) -> Drawn:
    """The same report, opening with the password. Raises `ReportError` when it does not."""
    from desktop_app.reports import readback
    from desktop_app.reports.locked import lock
    from desktop_app.reports.packed import IN_MEMORY

    spool = Spool(IN_MEMORY)
    lock(reader, password, cast(BinaryIO, spool))
    with spool.reader() as again:
        if readback.page_count(again, password) != made.pages:
            raise ReportError("The locked report could not be read back.", safe="Nothing was written.", do="Try again.")
    return Drawn(spool, made.pages, made.withheld)


@dataclass(frozen=True)
class Drawn:
    """A finished report that is in no folder: what is long of it waits sealed. To be closed."""

    file: Spool
    pages: int
    withheld: list[str]

    def __enter__(self) -> Drawn:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def pieces(self) -> Iterator[bytes]:
        """The file from its beginning, a piece at a time."""
        with self.file.reader() as reader:
            while piece := reader.read(PIECE):
                yield piece


def render_bytes(given: ReportInput, name: str = "") -> tuple[bytes, int, list[str]]:
    """The finished file as `drawn` makes it, in memory: its bytes, its pages, what a shareable one leaves out."""
    with drawn(given, name) as made:
        return b"".join(made.pieces()), made.pages, made.withheld


def drawn(given: ReportInput, name: str = "", say: Callable[[str], None] | None = None) -> Drawn:
    """The finished file, not locked, for the caller to close.

    ``name`` is the file's, which must not say what the file may not; ``say`` is told what is being done. Raises
    `ReportError`.
    """
    from desktop_app.reports import readback
    from desktop_app.reports.audience import prepare
    from desktop_app.reports.refusing import Said, refuse_withheld

    say = say or (lambda _words: None)
    prepared = prepare(given)
    finished = _laid_out(prepared, say)
    if not prepared.shareable:
        return finished

    def again(other: ReportInput, hear: Callable[[Said], None]) -> None:
        with _laid_out(prepare(other), lambda _words: None) as made, made.file.reader() as reader:
            hear(lambda: readback.said_by(reader, name))

    say("Reading it back…")
    try:
        with finished.file.reader() as reader:
            refuse_withheld(lambda: readback.said_by(reader, name), prepared, given, again)
    except ReportError:
        finished.file.close()
        raise
    return finished


def _laid_out(prepared: Prepared, say: Callable[[str], None]) -> Drawn:
    from desktop_app.reports import archive
    from desktop_app.reports.blocks import Story
    from desktop_app.reports.page import Furniture, Layout
    from desktop_app.reports.parts import day, number_of

    given = prepared.given
    chosen = report(given.kind)
    archived = bool(given.options.get("archive"))
    used = chosen.used(prepared)
    based = f" · {number_of(used, 'record', 'records')}" if used and not chosen.paper and not chosen.bare else ""
    furniture = Furniture(
        report=chosen.title,
        audience=chosen.head(given),
        title=chosen.title,
        footer=f"Made {day(given.made)} on this computer{based}",
        made=given.made,
        practice=given.practice,
        subject=f"{chosen.title}, {chosen.head(given).lower()}",
        archive=archived,
    )
    say("Drawing the pages…")
    layout = Layout(furniture)
    story = Story(layout.take)
    title = chosen.build(prepared, story)
    layout.take(story.flow)
    title = f"{title} · {chosen.title}" if title != chosen.title else title
    say("Finishing the file…")
    made = layout.close(title, archive.data_of(prepared) if archived else None)
    return Drawn(made, layout.pages, [] if chosen.bare else [str(what) for what in prepared.withheld])


def check_name(given: ReportInput, name: str) -> None:
    """That a shareable file's own name does not say what the file may not. Raises `ReportError`."""
    from desktop_app.reports.audience import prepare
    from desktop_app.reports.refusing import refuse_withheld

    prepared = prepare(given)
    if prepared.shareable:
        refuse_withheld(lambda: [name], prepared, given, None)


def render_rich(given: ReportInput) -> str:
    """The report as one HTML page for pasting into Word or an e-mail, by the same rules about who may see what.

    Raises `ReportError` when something withheld would be in it.
    """
    from desktop_app.reports import readback
    from desktop_app.reports.audience import prepare
    from desktop_app.reports.refusing import Said, refuse_withheld

    prepared = prepare(given)
    page = _rich(prepared)

    def again(other: ReportInput, hear: Callable[[Said], None]) -> None:
        words = readback.words_of_html(_rich(prepare(other)))
        hear(lambda: [words])

    if prepared.shareable:
        refuse_withheld(lambda: [readback.words_of_html(page)], prepared, given, again)
    return page


def _rich(prepared: Prepared) -> str:
    from desktop_app.reports.parts import day
    from desktop_app.reports.rich import RichStory

    given = prepared.given
    chosen = report(given.kind)
    story = RichStory()
    title = chosen.build(prepared, story)
    practice = "PRACTICE, made-up records. " if given.practice else ""
    return story.document(
        title, f"{practice}{chosen.title}. {chosen.head(given)}. Made {day(given.made)} with Branch Evidence."
    )


def file_name(given: ReportInput, title: str = "") -> str:
    """A plain ASCII name that says what the file is, for whom and of when (old mail programs garble others)."""
    import unicodedata

    chosen = report(given.kind)
    words = unicodedata.normalize("NFKD", title or chosen.title)
    letters = (c for c in words if not unicodedata.combining(c))
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " -") else " " for c in letters)
    audience = "" if chosen.paper else " (shareable)" if given.audience == "shareable" else " (union only)"
    practice = "PRACTICE " if given.practice else ""
    return f"{practice}{' '.join(plain.split())[:60]}{audience} {given.made.date().isoformat()}.pdf"
