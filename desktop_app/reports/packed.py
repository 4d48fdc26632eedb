"""The file as it grows: every object is written when it is finished and forgotten (ISO 32000-1 7.5.7, 7.5.8).

ReportLab keeps a document as objects until it is saved. A tagged report has some forty small objects a record, so that
ten thousand records would be half a gigabyte of them. Here pages, their text, the structure and the bookmarks go into
compressed object streams as they come; what is left for the end is a handful of fonts and the cross-references.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase import pdfdoc

from desktop_app.files import Spool

IN_ONE_STREAM = 200
IN_MEMORY = 2 * 1024 * 1024
"""Bytes of a finished file that are kept in memory; what is longer waits sealed on the disk (`Spool`)."""
PIECE = 256 * 1024
WIDTHS = (1, 4, 2)
"""Bytes of kind, place and index in a row of the cross-references (ISO 32000-1 7.5.8.3)."""
ROW = struct.Struct(">BIH")
APART = b"/BE_Pages true"
"""Marks the object streams that hold pages and what they are drawn with, not structure and bookmarks: a reader that
goes from page to page then opens a few of them, not all."""
_FREE, PLAIN, PACKED = 0, 1, 2


def reference(number: int) -> bytes:
    """An indirect reference to the object of this number."""
    return b"%d 0 R" % number


def pdf_text(words: str) -> bytes:
    """A PDF text string as UTF-16BE hexadecimal, which needs no escaping."""
    return b"<FEFF" + words.encode("utf-16-be", "replace").hex().upper().encode("ascii") + b">"


@dataclass
class _Container:
    """An object stream that is filled; ``more`` are entries of its dictionary."""

    more: bytes
    number: int = 0
    waiting: list[tuple[int, bytes]] = field(default_factory=list)


class PackedDocument(pdfdoc.PDFDocument):  # type: ignore[misc]
    """A `PDFDocument` written as PDF 1.7 with object streams and a cross-reference stream, object by object."""

    def start(self) -> None:
        """Called once, after an ordinary document was made one of these."""
        self.out = Spool(IN_MEMORY)
        self._digest = hashlib.md5(usedforsecurity=False)
        self._out(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self.outline_number = 0
        # The cross-references as they will be written: there are hundreds of thousands.
        self._rows = bytearray(ROW.pack(_FREE, 0, 65535))
        self._apart, self._others = _Container(APART), _Container(b"")
        self._page = 0

    def allot(self) -> int:
        """A number for an object that will be written later."""
        self.objectcounter += 1
        return int(self.objectcounter)

    def _out(self, data: bytes) -> None:
        self.out.write(data)
        self._digest.update(data)

    def _note(self, number: int, kind: int, place: int, index: int = 0) -> None:
        short = (number + 1) * ROW.size - len(self._rows)
        if short > 0:
            self._rows += bytes(short)
        ROW.pack_into(self._rows, number * ROW.size, kind, place, index)

    def _written(self, number: int) -> bool:
        at = number * ROW.size
        return at < len(self._rows) and self._rows[at] != _FREE

    def write(self, number: int, body: bytes, *, apart: bool = False) -> None:
        """Write a finished object that is no stream; ``apart``: among pages and what they are drawn with."""
        queue = self._apart if apart else self._others
        if not queue.waiting:
            queue.number = self.allot()
        self._note(number, PACKED, queue.number, len(queue.waiting))
        queue.waiting.append((number, body))
        if len(queue.waiting) == IN_ONE_STREAM:
            self._flush(queue)

    def add(self, body: bytes) -> int:
        """Write a finished object that is no stream; its number."""
        number = self.allot()
        self.write(number, body)
        return number

    def write_stream(self, number: int, entries: bytes, parts: Iterable[bytes | bytearray]) -> None:
        """Write a stream, compressed here; ``entries`` are the other entries of its dictionary."""
        squeeze = zlib.compressobj()
        data = b"".join([*(squeeze.compress(part) for part in parts), squeeze.flush()])
        head = b"<<%s/Filter/FlateDecode/Length %d>>" % (entries, len(data))
        self._put(number, b"%s\nstream\n%s\nendstream" % (head, data))

    def write_long_stream(self, number: int, entries: Callable[[int], bytes], parts: Iterable[bytes]) -> None:
        """As `write_stream`, for one as long as the report; ``entries`` are asked for when its length is known."""
        squeeze = zlib.compressobj()
        length = 0
        with Spool(IN_MEMORY) as held:
            for part in parts:
                length += len(part)
                held.write(squeeze.compress(part))
            held.write(squeeze.flush())
            self._note(number, PLAIN, len(self.out))
            head = b"%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>\nstream\n"
            self._out(head % (number, entries(length), len(held)))
            with held.reader() as reader:
                while piece := reader.read(PIECE):
                    self._out(piece)
        self._out(b"\nendstream\nendobj\n")

    def _put(self, number: int, body: bytes) -> None:
        self._note(number, PLAIN, len(self.out))
        self._out(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _flush(self, queue: _Container) -> None:
        index, at = [], 0
        for number, body in queue.waiting:
            index.append(b"%d %d" % (number, at))
            at += len(body) + 1
        head = b" ".join(index) + b"\n"
        entries = b"/Type/ObjStm%s/N %d/First %d" % (queue.more, len(queue.waiting), len(head))
        bodies = b"\n".join(body for _, body in queue.waiting)
        queue.waiting = []
        self.write_stream(queue.number, entries, [head, bodies])

    # -- pages ---------------------------------------------------------------------------------------------------

    @property
    def page_number(self) -> int:
        """The object that will be the page now being drawn."""
        if not self._page:
            self._page = self.allot()
        return self._page

    def thisPageRef(self) -> Any:
        return reference(self.page_number)

    def addPage(self, page: Any) -> None:
        """Write the page and its content; only its number is kept."""
        content = self.allot()
        self.write_stream(content, b"", [pdfdoc.pdfdocEnc(page.stream)])
        page.stream, page.Contents = None, reference(content)
        self.write(self.page_number, pdfdoc.pdfdocEnc(page.format(self)).strip(), apart=True)
        self.Pages.addPage(reference(self.page_number))
        self._page = 0
        self.pageCounter += 1
        self.inObject = None

    # -- the end -------------------------------------------------------------------------------------------------

    def format(self) -> bytes:
        """What is left: fonts, catalog, description; then the cross-references. The whole file is then in `out`."""
        self.encrypt.prepare(self)
        self.defaultStreamFilters = [pdfdoc.PDFZCompress]
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        if self.outline_number:
            self.Catalog.Outlines = reference(self.outline_number)
        number = 0
        while number < self.objectcounter:  # formatting one object may add others
            number += 1
            if number not in self.numberToId or self._written(number):
                continue
            name = self.numberToId[number]
            body = pdfdoc.pdfdocEnc(pdfdoc.format(self.idToObject[name], self, toplevel=1)).strip()
            self.idToObject[name] = None
            if body.endswith(b"endstream"):
                # ISO 19005-3 6.1.7.1: an end of line before endstream, which ReportLab leaves out.
                self._put(number, body.removesuffix(b"endstream") + b"\nendstream")
            else:
                self.write(number, body, apart=True)
        for queue in (self._apart, self._others):
            if queue.waiting:
                self._flush(queue)
        self._cross_references(root, info)
        return b""

    def _cross_references(self, root: Any, info: Any) -> None:
        identity = b"<" + self._digest.hexdigest().encode("ascii") + b">"
        start, own = len(self.out), self.allot()
        self._note(own, PLAIN, start)
        entries = b"/Type/XRef/Size %d/W[%d %d %d]/Root %s/Info %s/ID[%s%s]" % (
            own + 1,
            *WIDTHS,
            pdfdoc.pdfdocEnc(root.format(self)),
            pdfdoc.pdfdocEnc(info.format(self)),
            identity,
            identity,
        )
        self.write_stream(own, entries, [self._rows])
        self._out(b"startxref\n%d\n%%%%EOF\n" % start)
