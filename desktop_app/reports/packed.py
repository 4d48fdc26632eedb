"""The file as it grows: every object is written when it is finished and forgotten (ISO 32000-1 7.5.7, 7.5.8).

ReportLab keeps a document as objects until it is saved. A tagged report has some forty small objects a record, so that
ten thousand records would be half a gigabyte of them. Here pages, their text, the structure and the bookmarks go into
compressed object streams as they come; what is left for the end is a handful of fonts and the cross-references.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from array import array
from collections.abc import Iterable
from typing import Any

from reportlab.pdfbase import pdfdoc

IN_ONE_STREAM = 200
_FREE, _PLAIN, _PACKED = 0, 1, 2


def reference(number: int) -> bytes:
    """An indirect reference to the object of this number."""
    return b"%d 0 R" % number


def pdf_text(words: str) -> bytes:
    """A PDF text string as UTF-16BE hexadecimal, which needs no escaping."""
    return b"<FEFF" + words.encode("utf-16-be", "replace").hex().upper().encode("ascii") + b">"


class PackedDocument(pdfdoc.PDFDocument):  # type: ignore[misc]
    """A `PDFDocument` written as PDF 1.7 with object streams and a cross-reference stream, object by object."""

    def start(self) -> None:
        """Called once, after an ordinary document was made one of these."""
        self.out = io.BytesIO()  # its bytes can be had without a copy
        self.out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self.outline_number = 0
        # Kind, place and index of each object, by its number: arrays, since there are hundreds of thousands.
        self._kinds, self._places, self._indexes = array("B", [_FREE]), array("Q", [0]), array("H", [65535])
        self._waiting: list[tuple[int, bytes]] = []
        self._container = 0
        self._page = 0

    def allot(self) -> int:
        """A number for an object that will be written later."""
        self.objectcounter += 1
        return int(self.objectcounter)

    def _note(self, number: int, kind: int, place: int, index: int = 0) -> None:
        short = number + 1 - len(self._kinds)
        if short > 0:
            self._kinds.extend([_FREE] * short)
            self._places.extend([0] * short)
            self._indexes.extend([0] * short)
        self._kinds[number], self._places[number], self._indexes[number] = kind, place, index

    def _written(self, number: int) -> bool:
        return number < len(self._kinds) and self._kinds[number] != _FREE

    def write(self, number: int, body: bytes) -> None:
        """Write a finished object that is no stream."""
        if not self._waiting:
            self._container = self.allot()
        self._note(number, _PACKED, self._container, len(self._waiting))
        self._waiting.append((number, body))
        if len(self._waiting) == IN_ONE_STREAM:
            self._flush()

    def add(self, body: bytes) -> int:
        """Write a finished object that is no stream; its number."""
        number = self.allot()
        self.write(number, body)
        return number

    def write_stream(self, number: int, entries: bytes, parts: Iterable[bytes]) -> None:
        """Write a stream, compressed here; ``entries`` are the other entries of its dictionary."""
        squeeze = zlib.compressobj()
        data = b"".join([*(squeeze.compress(part) for part in parts), squeeze.flush()])
        head = b"<<%s/Filter/FlateDecode/Length %d>>" % (entries, len(data))
        self._put(number, b"%s\nstream\n%s\nendstream" % (head, data))

    def _put(self, number: int, body: bytes) -> None:
        self._note(number, _PLAIN, self.out.tell())
        self.out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _flush(self) -> None:
        index, at = [], 0
        for number, body in self._waiting:
            index.append(b"%d %d" % (number, at))
            at += len(body) + 1
        head = b" ".join(index) + b"\n"
        entries = b"/Type/ObjStm/N %d/First %d" % (len(self._waiting), len(head))
        bodies = b"\n".join(body for _, body in self._waiting)
        self._waiting = []
        self.write_stream(self._container, entries, [head, bodies])

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
        self.write(self.page_number, pdfdoc.pdfdocEnc(page.format(self)).strip())
        self.Pages.addPage(reference(self.page_number))
        self._page = 0
        self.pageCounter += 1
        self.inObject = None

    # -- the end -------------------------------------------------------------------------------------------------

    def format(self) -> bytes:
        """What is left: fonts, catalog, description; then the cross-references. Returns the whole file."""
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
                self.write(number, body)
        if self._waiting:
            self._flush()
        self._cross_references(root, info)
        return self.out.getvalue()

    def _cross_references(self, root: Any, info: Any) -> None:
        identity = b"<" + hashlib.md5(self.out.getbuffer(), usedforsecurity=False).hexdigest().encode("ascii") + b">"
        start, own = self.out.tell(), self.allot()
        self._note(own, _PLAIN, start)
        rows = (struct.pack(">BIH", *row) for row in zip(self._kinds, self._places, self._indexes, strict=True))
        entries = b"/Type/XRef/Size %d/W[1 4 2]/Root %s/Info %s/ID[%s%s]" % (
            own + 1,
            pdfdoc.pdfdocEnc(root.format(self)),
            pdfdoc.pdfdocEnc(info.format(self)),
            identity,
            identity,
        )
        self.write_stream(own, entries, rows)
        self._places[own] = start
        self.out.write(b"startxref\n%d\n%%%%EOF\n" % start)
