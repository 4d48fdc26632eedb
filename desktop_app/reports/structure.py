"""The structure tree of a tagged PDF: what is a heading, a list, a table, in reading order (ISO 32000-1 14.7).

An element enters the tree when it is first drawn, so that the tree is in reading order by construction, and is written
out when enough others have come after it, so that a long report never holds its tree in memory.
"""

from __future__ import annotations

from array import array

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


class Outline:
    """The bookmarks: a title, a level, a page and a height each, written when the document is finished."""

    def __init__(self, document: PackedDocument) -> None:
        self._document = document
        self._entries: list[tuple[int, bytes, int, int]] = []

    def add(self, title: str, level: int, top: float) -> None:
        """A bookmark on the page being drawn; a level may be at most one deeper than the one before."""
        self._entries.append((level, title.encode("utf-16-be", "replace"), self._document.page_number, round(top)))

    def close(self) -> int:
        """Write them; the number of the outline, 0 when there is none. Below the sections they are folded."""
        entries = self._entries
        if not entries:
            return 0
        root = self._document.allot()
        first = self._document.objectcounter + 1
        numbers = [self._document.allot() for _ in entries]
        parents, before, after, children = self._relations()
        for at, (level, title, page, top) in enumerate(entries):
            parent = numbers[parents[at]] if parents[at] >= 0 else root
            parts = [b"<</Title<FEFF%s>/Parent %d 0 R" % (title.hex().upper().encode("ascii"), parent)]
            parts.append(b"/Dest[%d 0 R/XYZ 0 %d 0]" % (page, top))
            if before[at] >= 0:
                parts.append(b"/Prev %d 0 R" % numbers[before[at]])
            if after[at] >= 0:
                parts.append(b"/Next %d 0 R" % numbers[after[at]])
            if at in children:
                low, high, count = children[at]
                shown = count if level == 0 else -count
                parts.append(b"/First %d 0 R/Last %d 0 R/Count %d" % (numbers[low], numbers[high], shown))
            self._document.write(numbers[at], b"".join([*parts, b">>"]))
        low, high, count = children[-1]
        shown = count + sum(children[at][2] for at, entry in enumerate(entries) if not entry[0] and at in children)
        body = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (numbers[low], numbers[high], shown)
        assert numbers[0] == first
        self._document.write(root, body)
        return root

    def _relations(self) -> tuple[array[int], array[int], array[int], dict[int, tuple[int, int, int]]]:
        """Parent, previous and next of each entry (-1 for none), and (first, last, count) of the children of some."""
        size = len(self._entries)
        parents, before, after = (array("i", [-1]) * size for _ in range(3))
        children: dict[int, tuple[int, int, int]] = {}
        path: list[int] = []
        for at, (level, *_) in enumerate(self._entries):
            path = path[:level]
            parent = path[-1] if path else -1
            parents[at] = parent
            if parent in children:
                low, high, count = children[parent]
                before[at], after[high] = high, at
                children[parent] = (low, at, count + 1)
            else:
                children[parent] = (at, at, 1)
            path.append(at)
        return parents, before, after, children
