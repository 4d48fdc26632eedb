"""What the Reports page has done elsewhere: on the worker's thread, or in a process of its own. Only printing knows Qt."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop_app.reports.model import ReportInput
    from desktop_app.reports.personal import Likely
    from desktop_app.services.profile import Profile
    from desktop_app.services.reporting import Kind
    from desktop_app.storage.projection import Filters, Row

MOST_ROWS = 200


@dataclass
class Drawn:
    """What is said of a finished PDF, or, when `likely` is not empty, what is to be decided first."""

    pages: int = 0
    withheld: list[str] = field(default_factory=list)
    likely: list[Likely] = field(default_factory=list)


@dataclass(frozen=True)
class Fitting:
    """The records a choice of filters finds: the newest ones, and how many there are."""

    rows: list[Row]
    count: int


@dataclass(frozen=True)
class PagePicture:
    """One page: RGB bytes, its size in pixels, and its words for a screen reader."""

    raw: bytes
    width: int
    height: int
    words: str


def kinds() -> list[Kind]:
    from desktop_app.services import reporting

    return reporting.kinds()


def rows_for(profile: Profile, forms: Sequence[str], ids: Sequence[str]) -> list[Row]:
    """The newest records a report can be about; those asked for are always among them."""
    from desktop_app.services import recording
    from desktop_app.storage.projection import Filters

    rows = {row.id: row for row in rows_named(profile, forms, ids)}
    for form in forms:
        for row in recording.list_records(profile, Filters(form=form), 60).rows:
            rows.setdefault(row.id, row)
    return list(rows.values())


def rows_named(profile: Profile, forms: Sequence[str], ids: Sequence[str]) -> list[Row]:
    from desktop_app.storage import projection

    found = (projection.get(profile.store, record) for record in ids)
    return [row for row in found if row is not None and row.form in forms]


def fitting(profile: Profile, forms: Sequence[str], filters: Filters) -> Fitting:
    """The newest records of these forms that the filters find. Writes nothing."""
    from dataclasses import replace

    from desktop_app.services import recording
    from desktop_app.storage import listing

    rows: list[Row] = []
    count = 0
    for form in forms if not filters.form else [filters.form]:
        wanted = replace(filters, form=form)
        count += listing.count(profile.store, wanted)
        rows.extend(recording.list_records(profile, wanted, MOST_ROWS).rows)
    rows.sort(key=lambda row: row.changed_utc, reverse=True)
    return Fitting(rows[:MOST_ROWS], count)


def filter_choices(profile: Profile) -> dict[str, list[tuple[str, str]]]:
    """How it is known, and what was agreed: choices of the evidence form, which is data and not program text."""
    form = profile.forms.current("evidence")
    found = {}
    for name in ("strength", "permission"):
        question = next((q for q in form.questions if q.name == name), None)
        found[name] = [(choice.name, choice.label) for choice in question.choices] if question else []
    return found


def draw(given: ReportInput, progress: Callable[[str | bytes], None]) -> Drawn:
    """In a process of its own: the finished PDF, unless something has to be decided about first.

    `progress` is told in words what is being done, and then given the file, a piece at a time, so that it is never whole
    in the process that made it.
    """
    from desktop_app.services import reporting, sharing

    if given.audience == "shareable" and given.items:
        progress("Looking for personal data…")
        likely = sharing.undecided(given)
        if likely:
            return Drawn(likely=likely)
    with reporting.drawn(given, say=progress) as made:
        for piece in made.pieces():
            progress(piece)
        return Drawn(pages=made.pages, withheld=made.withheld)


def rich_text(given: ReportInput) -> tuple[str, str]:
    """In a process of its own: the report for Word, as HTML and as plain text for programs that take no other."""
    from desktop_app.services import reporting

    rich = reporting.as_rich_text(given)
    return rich, plain_of(rich)


def plain_text(given: ReportInput) -> str:
    """In a process of its own: the report as the text of an e-mail or a letter."""
    from desktop_app.services import reporting

    return reporting.as_text(given)


class _Plain(HTMLParser):
    """Text of our own HTML: a line a block, a tab between the cells of a table."""

    LINES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "li", "tr", "table", "ul", "ol", "div", "br", "caption"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("style", "head", "title")
        if tag in self.LINES:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "head", "title")
        if tag in self.LINES:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split()) if data.strip() else " " if data else "")
            if data[-1:].isspace():
                self.parts.append(" ")


def plain_of(rich: str) -> str:
    """The words of `rich`, a line a block."""
    reader = _Plain()
    reader.feed(rich)
    lines = ("\t".join(" ".join(cell.split()) for cell in line.split("\t")) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line.strip("\t ") for line in lines if line.strip())


def write(given: ReportInput, data: bytes, path: str, password: str) -> None:
    """In a process of its own: lock it when a password is given, and write it, unless its name says what it may not."""
    from desktop_app import files
    from desktop_app.reports.registry import check_name

    check_name(given, Path(path).stem)
    if password:
        from desktop_app.reports.page import finish

        data, _pages = finish(data, password)
    files.make_dirs(Path(path).parent)
    files.write_atomic(Path(path), data)


def page_picture(data: bytes, page: int, pixels: int) -> PagePicture:
    """A page (from 0) as a picture `pixels` wide."""
    from desktop_app.services import reporting

    picture = reporting.page_picture(data, page, pixels).convert("RGB")
    return PagePicture(picture.tobytes(), picture.width, picture.height, page_words(data, page))


def page_words(data: bytes, page: int) -> str:
    import io

    import pypdfium2

    with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
        sheet = document[page]
        text = sheet.get_textpage()
        words = str(text.get_text_bounded())
        text.close()
        sheet.close()
    return " ".join(words.split())


def print_pages(printer: Any, data: bytes, first: int, last: int) -> Generator[tuple[int, int], None, int]:
    """Paint pages `first` to `last` (from 0) on a printer, one a step; yields (done, of), returns how many.

    Qt allows painting on a printer from any thread, so the window stays free while a long report is printed.
    """
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    from desktop_app.errors import WorldError
    from desktop_app.services import reporting

    whole = printer.paperRect(printer.Unit.DevicePixel)
    pixels = int(min(whole.width(), 210 / 25.4 * 220))  # 220 dots an inch reads well and keeps memory small
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        raise WorldError(
            "The printer did not answer.", safe="Nothing was printed.", do="Choose another, or save the PDF."
        )
    try:
        total = last - first + 1
        for done, page in enumerate(range(first, last + 1)):
            if done:
                printer.newPage()
            made = reporting.page_picture(data, page, pixels).convert("RGB")
            image = QImage(made.tobytes(), made.width, made.height, made.width * 3, QImage.Format.Format_RGB888)
            high = whole.width() * made.height / made.width
            painter.drawImage(QRectF(0, 0, whole.width(), high), image)
            yield done + 1, total
    finally:
        painter.end()
    return total
