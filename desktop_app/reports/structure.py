"""The structure tree of a tagged PDF: what is a heading, a list, a table, in reading order (ISO 32000-1 14.7).

An element enters the tree when it is first drawn, so that the tree is in reading order by construction, and is written
out when enough others have come after it, so that a long report never holds its tree in memory.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from desktop_app.reports.packed import PackedDocument, pdf_text, reference

OPEN = 32
"""Children of one element that wait for more content: a paragraph that goes on over a page, a list being drawn."""


class Node:
    """One structure element. ``attributes`` is raw PDF for ``/A``, ``alt`` is the alternative text of a figure."""

    __slots__ = ("alt", "attributes", "children", "header_done", "kids", "number", "page", "parent", "role")

    def __init__(self, role: str, parent: Node | None, *, alt: str = "", attributes: bytes = b"") -> None:
        self.role = role
        self.parent = parent
        self.alt = alt
        self.attributes = attributes
        self.header_done = False
        self.number = 0
        """Its object; 0 before it is in the tree, less than 0 after it was written."""
        self.page = 0
        self.kids = bytearray()
        self.children: list[Node] = []


class Tree:
    """The tree of one document, written as it closes, and the parent tree that leads from a page back to it."""

    def __init__(self, document: PackedDocument) -> None:
        self._document = document
        self.number = document.allot()
        self.document = Node("Document", None)
        self.document.number = document.allot()
        self._entries = array("I")
        self._page_nodes = array("I")
        self._page_key = self._claim(0)
        self.reopened = 0
        """Elements that came back after they were written and had to go on as a second one: none, if all is well."""

    def _claim(self, number: int) -> int:
        self._entries.append(number)
        return len(self._entries) - 1

    def place(self, node: Node) -> None:
        """Enter the node, and before it its ancestors, into the tree: first drawn, first read."""
        if node is self.document:
            return
        if node.parent is None:
            node.parent = self.document
        parent = node.parent
        if node.number <= 0:
            self.place(parent)
            self.reopened += node.number < 0
            node.number = self._document.allot()
            parent.kids += reference(node.number) + b" "
            parent.children.append(node)
            if len(parent.children) > OPEN:
                self._write(parent.children.pop(0))
        elif parent.children[-1] is not node:
            # Touched again, so the last to be written.
            parent.children.remove(node)
            parent.children.append(node)
            self.place(parent)

    def content(self, node: Node) -> int:
        """Marked content of the node begins on the page being drawn: its number there."""
        self.place(node)
        number = len(self._page_nodes)
        self._page_nodes.append(node.number)
        page = self._document.page_number
        if not node.page:
            node.page = page
        node.kids += b"%d " % number if node.page == page else b"<</Type/MCR/Pg %d 0 R/MCID %d>> " % (page, number)
        return number

    def annotation(self, node: Node) -> int:
        """The key under which an annotation of the node is found; `attach` follows when it has a number."""
        self.place(node)
        return self._claim(node.number)

    def attach(self, node: Node, annotation: int) -> None:
        page = self._document.page_number
        node.page = node.page or page
        node.kids += b"<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>> " % (page, annotation)

    def end_page(self) -> int:
        """The key of the page that was drawn; what is on it is written down."""
        key = self._page_key
        listed = b" ".join(map(reference, self._page_nodes))
        self._entries[key] = self._document.add(b"[%s]" % listed)
        self._page_nodes = array("I")
        self._page_key = self._claim(0)
        return key

    def _write(self, node: Node) -> None:
        for child in node.children:
            self._write(child)
        assert node.parent is not None
        self._put(node, node.parent.number)
        node.number, node.page = -1, 0
        node.children = []
        node.kids = bytearray()

    def _put(self, node: Node, parent: int) -> None:
        parts = [b"<</Type/StructElem/S/%s/P %d 0 R" % (node.role.encode("ascii"), parent)]
        if node.page:
            parts.append(b"/Pg " + reference(node.page))
        if node.alt:
            parts.append(b"/Alt " + pdf_text(node.alt))
        if node.attributes:
            parts.append(b"/A" + node.attributes)
        parts.append(b"/K[%s]>>" % bytes(node.kids))
        self._document.write(node.number, b"".join(parts))

    def close(self) -> None:
        """Write all that is still open, and the root."""
        for child in self.document.children:
            self._write(child)
        self.document.children = []
        self._put(self.document, self.number)
        # The last key was claimed for a page that never came.
        nums = b"\n".join(b"%d %d 0 R" % (key, number) for key, number in enumerate(self._entries) if number)
        body = b"<</Type/StructTreeRoot/K[%s]/ParentTree <</Nums[%s]>>/ParentTreeNextKey %d>>"
        self._document.write(self.number, body % (reference(self.document.number), nums, len(self._entries)))


@dataclass
class _Entry:
    """A bookmark that is not written yet: what follows it, or stands under it, may still come."""

    number: int
    title: str
    page: int
    top: int
    level: int
    before: int = 0
    first: int = 0
    last: int = 0
    count: int = 0
    """Bookmarks right under it."""


class Outline:
    """The bookmarks: a title, a level, a page and a height each, written as soon as it is known what follows."""

    def __init__(self, document: PackedDocument) -> None:
        self._document = document
        self._path: list[_Entry] = []
        self._root = _Entry(0, "", 0, 0, -1)
        self._shown = 0
        """Bookmarks that are seen when the file is opened: those of the first two levels."""

    def add(self, title: str, level: int, top: float) -> None:
        """A bookmark on the page being drawn; a level may be at most one deeper than the one before."""
        if not self._root.number:
            self._root.number = self._document.allot()
        number = self._document.allot()
        before = 0
        while len(self._path) > level:
            over = self._path.pop()
            before = over.number if over.level == level else 0
            self._write(over, before and number)
        parent = self._path[-1] if self._path else self._root
        parent.first, parent.last, parent.count = parent.first or number, number, parent.count + 1
        self._shown += level < 2
        self._path.append(_Entry(number, title, self._document.page_number, round(top), level, before))

    def _write(self, entry: _Entry, after: int) -> None:
        parent = self._path[-1] if self._path else self._root
        parts = [b"<</Title%s/Parent %d 0 R" % (pdf_text(entry.title), parent.number)]
        parts.append(b"/Dest[%d 0 R/XYZ 0 %d 0]" % (entry.page, entry.top))
        if entry.before:
            parts.append(b"/Prev %d 0 R" % entry.before)
        if after:
            parts.append(b"/Next %d 0 R" % after)
        if entry.count:
            shown = entry.count if entry.level == 0 else -entry.count
            parts.append(b"/First %d 0 R/Last %d 0 R/Count %d" % (entry.first, entry.last, shown))
        self._document.write(entry.number, b"".join([*parts, b">>"]))

    def close(self) -> int:
        """Write what is left; the number of the outline, 0 when there is none. Below the sections they are folded."""
        while self._path:
            self._write(self._path.pop(), 0)
        root = self._root
        if root.number:
            body = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (root.first, root.last, self._shown)
            self._document.write(root.number, body)
        return root.number
