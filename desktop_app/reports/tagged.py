"""The tagged writer: a canvas and flowables that make a ReportLab document PDF/UA-1 (ISO 14289-1).

A structure element is a `structure.Node`. A split paragraph or table keeps its one `Node` on both sides. Page
furniture, fills and rules are artifacts. Sources: ISO 32000-1 14.6-14.8, ISO 14289-1 clause 7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from desktop_app.reports.packed import PackedDocument, pdf_text, reference
from desktop_app.reports.structure import Node, Outline, Tree

STRUCTURE_LINK = "be-link"
STRUCTURE_SPAN = "be-span"


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """A canvas that writes marked content and keeps the structure tree of the document."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._doc.__class__ = PackedDocument
        self._doc.start()
        self.tree = Tree(self._doc)
        self.outline = Outline(self._doc)
        self.link_paragraph: TaggedParagraph | None = None
        self.page_forms: dict[str, int] = {}
        """Objects drawn on the page by name, written later: such as the count of pages."""
        catalog = self._doc.Catalog
        catalog.StructTreeRoot = reference(self.tree.number)
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        self.setViewerPreference("DisplayDocTitle", "true")
        self.setNamedCB(STRUCTURE_LINK, _link_callback)
        self.setNamedCB(STRUCTURE_SPAN, _span_callback)

    def place(self, node: Node) -> None:
        """Enter the node into the tree where it now stands."""
        self.tree.place(node)

    def open_mark(self, node: Node, role: str = "") -> str:
        """The operator that starts content of ``node``; the caller writes it where the content starts."""
        return f"/{role or node.role} <</MCID {self.tree.content(node)}>> BDC"

    def begin(self, node: Node) -> None:
        self._code.append(self.open_mark(node))

    def artifact(self, kind: str = "") -> None:
        """Start page furniture (``Header`` or ``Footer``) or decoration."""
        self._code.append(f"/Artifact <</Type/Pagination/Subtype/{kind}>> BDC" if kind else "/Artifact BMC")

    def end(self) -> None:
        self._code.append("EMC")

    def form_later(self, name: str) -> int:
        """Draw an object here that will be written when more is known; its number, for `PackedDocument.write_stream`."""
        self._code.append(f"/{name} Do")
        self.page_forms[name] = self._doc.allot()
        return self.page_forms[name]

    def _setAnnotations(self, page: Any) -> None:
        super()._setAnnotations(page)
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = self.tree.end_page()
        page.Tabs = PDFName("S")
        page.XObjects = PDFDictionary({name: reference(number) for name, number in self.page_forms.items()})
        self.page_forms = {}

    def save(self) -> None:
        self.tree.close()
        self._doc.outline_number = self.outline.close()
        super().save()

    def drawText(self, text_object: Any) -> None:
        if getattr(text_object, "be_open", False):
            text_object._code.append("EMC")
            text_object.be_open = False
        super().drawText(text_object)

    def linkURL(self, url: str, rect: Any, relative: int = 0, **_: Any) -> None:
        """Add a link annotation that belongs to a Link element of the paragraph being drawn."""
        paragraph = self.link_paragraph
        assert paragraph is not None
        index = int(url.partition(":")[2])
        target, node = paragraph.links[index]
        corners = " ".join(f"{corner:.2f}" for corner in self._absRect(rect, relative))
        address = pdf_text(target)
        # The action's address is a byte string in seven-bit ASCII (ISO 32000-1 12.6.4.7); `text.link` sees to that.
        action = b"<</S/URI/URI<%s>>>" % target.encode("ascii").hex().encode("ascii")
        annotation = self._doc.add(
            b"<</Type/Annot/Subtype/Link/Rect[%s]/A%s/F 4/Border[0 0 0]/StructParent %d/Contents %s>>"
            % (corners.encode("ascii"), action, self.tree.annotation(node), address)
        )
        self.tree.attach(node, annotation)
        self._annotationrefs.append(reference(annotation))


def _link_callback(canvas: TaggedCanvas, _kind: str, label: str) -> None:
    """Inside a paragraph's text: leave the paragraph's content for a link's, or come back."""
    paragraph = canvas.link_paragraph
    assert paragraph is not None
    text_object = canvas._curr_tx_info["tx"]
    paragraph.current_link = None if label == "end" else int(label)
    text_object._code.append("EMC " + canvas.open_mark(paragraph.mark_node()))


def _span_callback(canvas: TaggedCanvas, _kind: str, label: str) -> None:
    """Inside a paragraph's text: the real characters of a shaped run, which extraction would lose."""
    text_object = canvas._curr_tx_info["tx"]
    if label == "end":
        text_object._code.append("EMC")
    else:
        language, _, digits = label.partition(":")
        text_object._code.append(f"/Span <</Lang({language})/ActualText <FEFF{digits}>>> BDC")


class TaggedParagraph(Paragraph):  # type: ignore[misc]
    """A paragraph drawn as content of one `Node`. ``links`` are (address, Link node) in the order of their marks."""

    def __init__(self, markup: str, style: Any, node: Node | None = None, **kwargs: Any) -> None:
        self.node = node
        self.links: list[tuple[str, Node]] = []
        self.shared: dict[str, int | None] = {"link": None}
        self.outline: tuple[str, int] | None = None
        super().__init__(markup, style, **kwargs)

    @property
    def current_link(self) -> int | None:
        return self.shared["link"]

    @current_link.setter
    def current_link(self, value: int | None) -> None:
        self.shared["link"] = value

    def mark_node(self) -> Node:
        """The element the text now belongs to: the open link's, else the paragraph's own."""
        assert self.node is not None
        return self.node if self.current_link is None else self.links[self.current_link][1]

    def split(self, avail_width: float, avail_height: float) -> list[Any]:
        parts: list[Any] = super().split(avail_width, avail_height)
        for number, part in enumerate(parts):
            if part is not self:
                part.node, part.links, part.shared = self.node, self.links, self.shared
                part.outline = self.outline if number == 0 else None
        return parts

    def beginText(self, x: float, y: float) -> Any:
        text_object = self.canv.beginText(x, y)
        if self.links and self.node is not None:
            text_object._code.append(self.canv.open_mark(self.mark_node()))
            text_object.be_open = True
        return text_object

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        if self.outline is not None:
            _, top = canvas.absolutePosition(x, y + self.height + 12)
            canvas.outline.add(*self.outline, top)
        if self.node is None:
            super().drawOn(canvas, x, y, _sW)
        elif self.links:
            canvas.place(self.node)
            canvas.link_paragraph = self
            super().drawOn(canvas, x, y, _sW)
            canvas.link_paragraph = None
        else:
            canvas.begin(self.node)
            super().drawOn(canvas, x, y, _sW)
            canvas.end()


class Beside(Flowable):  # type: ignore[misc]
    """Paragraphs drawn in the margin column beside what follows; takes no height itself.

    ``before``: the space above what follows, which is left out at the head of a page.
    """

    def __init__(
        self, paragraphs: Sequence[TaggedParagraph], width: float, drop: float = 0.0, before: float = 0.0
    ) -> None:
        super().__init__()
        self.before = before
        self.paragraphs = paragraphs
        self.column = width
        self.drop = drop

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        frame = getattr(self, "_frame", None)
        if frame is not None and frame._atTop:
            self.before = 0.0
        return self.column, 0

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        top = y - self.drop - self.before
        for paragraph in self.paragraphs:
            _, height = paragraph.wrapOn(canvas, self.column, 400)
            top -= height
            paragraph.drawOn(canvas, x, top)


class TaggedDrawing(Flowable):  # type: ignore[misc]
    """A drawing as one Figure with its alternative text, or, without a node, as decoration."""

    def __init__(self, drawing: Drawing, node: Node | None = None, space_after: float = 8.0) -> None:
        super().__init__()
        self.drawing = drawing
        self.node = node
        self.spaceAfter = space_after
        self.width, self.height = drawing.width, drawing.height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        if self.node is None:
            canvas.artifact()
        else:
            box = f"{x:.2f} {y:.2f} {x + self.width:.2f} {y + self.height:.2f}"
            self.node.attributes = f"<</O/Layout/Placement/Block/BBox[{box}]>>".encode("ascii")
            canvas.begin(self.node)
        self.drawing.drawOn(canvas, x, y)
        canvas.end()


class Decoration(Flowable):  # type: ignore[misc]
    """A flowable of fixed height drawn by a function as an artifact: rules, panels, empty lines to write on.

    ``between``: it parts what is above from what is below, so at the head of a page there is nothing to draw.
    """

    def __init__(
        self, height: float, draw: Callable[[Any, float], None], width: float, *, between: bool = False
    ) -> None:
        super().__init__()
        self.height = height
        self.between = between
        self.width = width
        self._paint = draw

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        frame = getattr(self, "_frame", None)
        if self.between and frame is not None and frame._atTop:
            self.height = 0.0
        return self.width, self.height

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:
        if not self.height:
            return
        canvas.artifact()
        canvas.saveState()
        canvas.translate(x, y)
        self._paint(canvas, self.height)
        canvas.restoreState()
        canvas.end()


class TableTagger:
    """ReportLab's table callback: Table, TR, TH with scope, TD; fills and rules are artifacts.

    One tagger serves every chunk and split part of a table, so they stay one Table element; a header row drawn again is
    an artifact. ``row_heads`` makes the first cell of each row a header of that row.
    """

    def __init__(self, node: Node, row_heads: bool = False) -> None:
        self.node = node
        self.row_heads = row_heads
        self._row: Node | None = None
        self._head = False
        self._skip = False

    def __call__(self, table: Any, command: str, *details: Any) -> None:
        canvas = table.canv
        if command in ("startBG", "startLines"):
            canvas.artifact()
        elif command in ("endBG", "endLines"):
            canvas.end()
        elif command == "startRow":
            self._head = details[0] < table.repeatRows
            self._skip = self._head and self.node.header_done
            self._row = None if self._skip else Node("TR", self.node)
            if self._skip:
                canvas.artifact()
        elif command == "endRow":
            if self._skip:
                canvas.end()
            elif self._head:
                self.node.header_done = True
        elif command == "startCell":
            self._start_cell(canvas, details[1], details[2])

    def _start_cell(self, canvas: Any, column: int, content: Any) -> None:
        paragraphs = content if isinstance(content, (list, tuple)) else [content]
        if self._skip:
            for paragraph in paragraphs:
                if isinstance(paragraph, TaggedParagraph):
                    paragraph.node = None
            return
        assert self._row is not None
        if self._head:
            cell = Node("TH", self._row, attributes=b"<</O/Table/Scope/Column>>")
        elif self.row_heads and column == 0:
            cell = Node("TH", self._row, attributes=b"<</O/Table/Scope/Row>>")
        else:
            cell = Node("TD", self._row)
        canvas.place(cell)
        if len(paragraphs) == 1 and isinstance(paragraphs[0], TaggedParagraph) and not paragraphs[0].links:
            paragraphs[0].node = cell  # one paragraph needs no element of its own: a third fewer in a long table
            return
        for paragraph in paragraphs:
            if isinstance(paragraph, TaggedParagraph):
                paragraph.node = Node("P", cell)
