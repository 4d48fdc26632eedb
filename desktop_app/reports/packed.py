"""The last step of writing: ReportLab's objects in compressed object streams, freed as they are written (ISO 32000-1
7.5.7, 7.5.8).

A tagged report has some forty small objects an item. Written one by one they make a file three times as large; packing
them afterwards takes a second copy of everything in memory.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

from reportlab.pdfbase import pdfdoc

IN_ONE_STREAM = 200


class PackedDocument(pdfdoc.PDFDocument):  # type: ignore[misc]
    """A `PDFDocument` that is written as PDF 1.7 with object streams and a cross-reference stream."""

    def format(self) -> bytes:
        self.encrypt.prepare(self)
        self.defaultStreamFilters = [pdfdoc.PDFZCompress]
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places: dict[int, tuple[int, int, int]] = {}
        packed: list[tuple[int, int, bytes]] = []
        waiting: list[tuple[int, bytes]] = []
        number = 0
        while number + 1 in self.numberToId:  # formatting one object may add others
            number += 1
            name = self.numberToId[number]
            body = pdfdoc.pdfdocEnc(pdfdoc.format(self.idToObject[name], self, toplevel=1)).strip()
            self.idToObject[name] = None
            if body.endswith(b"endstream"):
                places[number] = (1, len(out), 0)
                out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
                continue
            places[number] = (2, len(packed), len(waiting))
            waiting.append((number, body))
            if len(waiting) == IN_ONE_STREAM:
                packed.append(_object_stream(waiting))
                waiting = []
        if waiting:
            packed.append(_object_stream(waiting))
        first = number + 1
        for index, (count, start, data) in enumerate(packed):
            places[first + index] = (1, len(out), 0)
            head = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (count, start, len(data))
            out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (first + index, head, data)
        self._cross_references(out, places, first, first + len(packed), root, info)
        return bytes(out)

    def _cross_references(
        self, out: bytearray, places: dict[int, tuple[int, int, int]], first: int, own: int, root: Any, info: Any
    ) -> None:
        start = len(out)
        places[own] = (1, start, 0)
        rows = [struct.pack(">BIH", 0, 0, 65535)]
        for number in range(1, own + 1):
            kind, at, index = places[number]
            rows.append(struct.pack(">BIH", kind, first + at if kind == 2 else at, index))
        data = zlib.compress(b"".join(rows))
        identity = b"<" + self.signature.hexdigest().encode("ascii") + b">"
        head = b"<</Type/XRef/Size %d/W[1 4 2]/Root %s/Info %s/ID[%s%s]/Filter/FlateDecode/Length %d>>" % (
            own + 1,
            pdfdoc.pdfdocEnc(root.format(self)),
            pdfdoc.pdfdocEnc(info.format(self)),
            identity,
            identity,
            len(data),
        )
        out += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (own, head, data, start)


def _object_stream(objects: list[tuple[int, bytes]]) -> tuple[int, int, bytes]:
    """How many objects, where the first begins, and the compressed stream."""
    index, at = [], 0
    for number, body in objects:
        index.append(b"%d %d" % (number, at))
        at += len(body) + 1
    head = b" ".join(index) + b"\n"
    return len(objects), len(head), zlib.compress(head + b"\n".join(body for _, body in objects))
