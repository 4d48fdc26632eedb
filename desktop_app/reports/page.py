"""From a list of flowables to a finished, tagged file: page furniture, metadata, the pages as they fill."""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import XMP
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from desktop_app.files import Spool
from desktop_app.reports import archive, style
from desktop_app.reports.packed import PackedDocument
from desktop_app.reports.tagged import TaggedCanvas
from desktop_app.reports.text import clean, drawable

PRODUCER = "Branch Evidence"


@dataclass(frozen=True)
class Furniture:
    """What stands on every page and in the file's description."""

    report: str
    audience: str
    title: str
    footer: str
    made: datetime
    practice: bool = False
    subject: str = ""
    keywords: tuple[str, ...] = field(default=())
    archive: bool = False
    """True for PDF/A-3a: the description claims it (`archive.attach` makes it so)."""


def _watermark(canvas: TaggedCanvas) -> None:
    canvas.artifact()
    canvas.saveState()
    canvas.setFillColor(style.TRACK)
    canvas.setFont(style.BOLD, 96)
    canvas.translate(style.PAGE_WIDTH / 2, style.PAGE_HEIGHT / 2)
    canvas.rotate(52)
    canvas.drawCentredString(0, -34, "PRACTICE")
    canvas.restoreState()
    canvas.end()


def _draw_furniture(canvas: _Canvas, furniture: Furniture) -> None:
    left, right = style.MARGIN, style.PAGE_WIDTH - style.MARGIN
    if furniture.practice:
        _watermark(canvas)
    canvas.saveState()
    canvas.artifact("Header")
    head = style.PAGE_HEIGHT - 56
    canvas.setFillColor(style.SOFT)
    canvas.setFont(style.REGULAR, 9)
    canvas.drawString(left, head, drawable(f"{PRODUCER} · {furniture.report}", 90))
    marked = f"PRACTICE · {furniture.audience}" if furniture.practice else furniture.audience
    canvas.setFont(style.BOLD if marked != "Shareable" else style.REGULAR, 9)
    canvas.drawRightString(right, head, marked)
    canvas.setStrokeColor(style.RULE)
    canvas.setLineWidth(0.6)
    canvas.line(left, head - 11, right, head - 11)
    canvas.end()
    canvas.artifact("Footer")
    canvas.line(left, 52, right, 52)
    canvas.setFont(style.REGULAR, 9)
    canvas.setFillColor(style.SOFT)
    canvas.drawString(left, 38, drawable(furniture.footer, 100))
    canvas.count_pages_here()
    canvas.end()
    canvas.restoreState()


class _Template(BaseDocTemplate):  # type: ignore[misc]
    """One column on A4."""

    def __init__(self, target: Any, furniture: Furniture) -> None:
        super().__init__(
            target,
            pagesize=(style.PAGE_WIDTH, style.PAGE_HEIGHT),
            title=clean(furniture.title),
            author=PRODUCER,
            subject=clean(furniture.subject or furniture.report),
            creator=PRODUCER,
            producer=PRODUCER,
            keywords=", ".join(furniture.keywords),
            initialFontName=style.REGULAR,
            lang="en-GB",
            invariant=1,
            pageCompression=1,
        )
        frame = Frame(
            style.MARGIN,
            style.BOTTOM,
            style.WIDTH,
            style.PAGE_HEIGHT - style.TOP - style.BOTTOM,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        self.addPageTemplates(PageTemplate("page", [frame], onPage=lambda c, _: _draw_furniture(c, furniture)))
        self.furniture = furniture

    def beforeDocument(self) -> None:
        canvas: TaggedCanvas = self.canv
        catalog = canvas._doc.Catalog
        if not self.furniture.archive:
            # A later lock (`locked`) is an extension of PDF 1.7 by the one who proposed it for 2.0.
            catalog.__NoDefault__ = [*catalog.__NoDefault__, "Extensions"]
            catalog.Extensions = b"<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>"
        catalog.Metadata = XMP(creator=lambda _: _xmp(self.furniture))
        canvas.setDateFormatter(lambda *_: pdf_date(self.furniture.made))
        canvas.showOutline()


class _Canvas(TaggedCanvas):
    """Writes "Page x of y" as one small form a page, filled when y is known: one pass, linear."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counts = array("I")

    def count_pages_here(self) -> None:
        """Room for "Page x of y" in the foot of the page being drawn."""
        self._counts.append(self.form_later("PageCount"))

    def save(self) -> None:
        fonts, _ = self._doc.idToObjectNumberAndVersion["BasicFonts"]
        box = f"[0 0 {style.PAGE_WIDTH:.0f} 60]"
        entries = f"/Type/XObject/Subtype/Form/FormType 1/BBox{box}/Resources<</Font {fonts} 0 R/ProcSet[/PDF/Text]>>"
        for number, form in enumerate(self._counts, 1):
            self.beginForm("PageCount")
            self.setFillColor(style.SOFT)
            self.setFont(style.REGULAR, 9)
            self.drawRightString(style.PAGE_WIDTH - style.MARGIN, 38, f"Page {number} of {len(self._counts)}")
            code = "\n".join([self._preamble, *self._code])
            self._restartAccumulators()
            self.pop_state_stack()
            self._doc.inObject = None
            self._doc.write_stream(form, entries.encode("ascii"), [code.encode("latin-1")])
        super().save()


def pdf_date(moment: datetime) -> str:
    """A moment as PDF writes it (ISO 32000-1 7.9.4): when the report was made, not when the library was."""
    offset = moment.strftime("%z") or "+0000"
    return f"D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"


def _xmp(furniture: Furniture) -> bytes:
    stamp = furniture.made.isoformat(timespec="seconds")
    title, subject = escape(clean(furniture.title)), escape(clean(furniture.subject or furniture.report))
    claim, spaces = (archive.XMP_CLAIM, archive.XMP_NAMESPACES) if furniture.archive else ("", "")
    packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"{spaces}>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{PRODUCER}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><xmp:CreateDate>{stamp}</xmp:CreateDate>
<xmp:ModifyDate>{stamp}</xmp:ModifyDate><pdf:Producer>{PRODUCER}</pdf:Producer>
<pdfuaid:part>1</pdfuaid:part>
{claim}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
    return packet.encode("utf-8")


class _Nowhere:
    """What ReportLab writes its finished file to: it is in the document's own spool already."""

    def write(self, data: bytes) -> None: ...


class Layout:
    """Lays flowables out as they come, page after page, so that a long report is never held as flowables."""

    def __init__(self, furniture: Furniture) -> None:
        style.fonts()
        self._pages = 0
        self._template = _Template(_Nowhere(), furniture)
        self._template._startBuild(None, _Canvas)
        self._template.canv._doctemplate = self._template

    def take(self, flow: list[Flowable]) -> None:
        """Lay out everything in ``flow``, which is empty afterwards."""
        while flow:
            self._template.clean_hanging()
            self._template.handle_flowable(flow)

    @property
    def pages(self) -> int:
        """Pages begun so far; when it is closed, those there are."""
        return self._pages or int(self._template.page)

    def close(self, title: str = "", attached: Iterable[bytes] | None = None) -> Spool:
        """The finished document, not locked, for the caller to close; ``attached`` is the data of one for the archive."""
        template = self._template
        document: PackedDocument = template.canv._doc
        if title:
            template.furniture = replace(template.furniture, title=title)
            template.canv.setTitle(clean(title))
        if attached is not None:
            archive.attach(document, attached, template.furniture.made)
        del template.canv._doctemplate
        template._endBuild()
        self._pages = document.pageCounter - 1
        return document.out


def lay_out(flow: list[Flowable], furniture: Furniture) -> bytes:
    """A whole report at once, as `Layout` writes it."""
    layout = Layout(furniture)
    layout.take(flow)
    with layout.close() as made, made.reader() as reader:
        return reader.read()


def finish(data: bytes, password: str | None = None) -> tuple[bytes, int]:
    """A finished file in memory, locked when a password is given (`locked`), and the number of its pages."""
    from desktop_app.reports.locked import lock
    from desktop_app.reports.readback import page_count

    pages = page_count(data)
    if password:
        out = io.BytesIO()
        lock(io.BytesIO(data), password, out)
        data = out.getvalue()
    return data, pages
