"""PDF/A-3a: the same report as a copy to keep for decades, with what it says as data attached (ISO 19005-3).

A PDF/A says which colours it means (an sRGB profile), names the standard in its description, and holds every font. The
attached JSON is what the report prints, as its audience may see it, so that nobody has to type figures off a page.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desktop_app.reports.packed import PackedDocument, pdf_text, reference
from desktop_app.reports.view import Answer, Reading

if TYPE_CHECKING:
    from desktop_app.reports.audience import Prepared

DATA_NAME = "report-data.json"
XMP_NAMESPACES = (
    ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"'
)
# PDF/A allows only properties it knows; pdfuaid must be described (ISO 19005-3 6.6.2.3).
XMP_CLAIM = """<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
"""
# sRGB as LittleCMS writes it (ICC version 4), compressed; its date is fixed so that two copies are the same bytes.
_SRGB = (
    "eNqVkb1Lw1AUxU9bRdFKBx1EHDJUcWhBFMRR69ClSKkVrLokr2krJGlIUqS4Ci4OBQfRxa/B/0BXwVVBEBRBxNnRr0VKPGkKLaKD9/Fyf5y8c7"
    "nvPiCY0oRud8wAuuFYmWRCWsotS10vCHA1Qha2OZtOp/BnfN75Z2/jXi38L3rzqi2AQDd5SpiWQ2Y3SK07psfb5AFRkvPkQ3LMYoPkK09XfH72"
    "uOjzu8dWNjMHBL2aUrGNlTYWJUsnj5GjulYRzX68m4RVY3GBeYh7GDYySCIBCQoqWIMGB3FmgzP73Tfe8M2jTI/g10QVFh1FlOiNUa2wqspcoK"
    "5yaah6c/85T7swOeFXDyeAzifXfRsBunaAes11v45ct34MhB6BC6PlL3NO0x/Uay0tegBENoGzy5am7ALnW8DggylbckMKcQcLBeD1FOjLAf03"
    "QM+KP6vmf5zcA9kNPtE1sLcPjPJ8ZPUbPitnsA=="
)


def attach(document: PackedDocument, data: Iterable[bytes], made: datetime) -> None:
    """Make the document a PDF/A-3a: colours declared, ``data`` attached (the description claims it, `XMP_CLAIM`)."""
    profile, attached = document.allot(), document.allot()
    document.write_stream(profile, b"/N 3", [zlib.decompress(base64.b64decode("".join(_SRGB)))])
    intent = document.add(
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %s>>"
        % reference(profile)
    )
    stamp = f"D:{made:%Y%m%d%H%M%S}Z".encode("ascii")
    kind = b"/Type/EmbeddedFile/Subtype/application#2Fjson"

    def entries(size: int) -> bytes:
        return b"%s/Params<</Size %d/CreationDate(%s)/ModDate(%s)>>" % (kind, size, stamp, stamp)

    document.write_long_stream(attached, entries, data)
    name = pdf_text(DATA_NAME)
    spec = document.add(
        b"<</Type/Filespec/F(%s)/UF %s/Desc(What this report says, as data)/AFRelationship/Data/EF<</F %s/UF %s>>>>"
        % (DATA_NAME.encode("ascii"), name, reference(attached), reference(attached))
    )
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents", "AF", "Names"]
    catalog.OutputIntents = b"[%s]" % reference(intent)
    catalog.AF = b"[%s]" % reference(spec)
    catalog.Names = b"<</EmbeddedFiles<</Names[%s %s]>>>>" % (name, reference(spec))


def data_of(prepared: Prepared) -> Iterator[bytes]:
    """What the report prints, as its audience may see it: records with their answers, in JSON, a record at a time."""
    given = prepared.given
    document = {
        "report": given.kind,
        "audience": given.audience,
        "made": given.made.isoformat(timespec="seconds"),
        "branch": given.branch,
    }
    yield _json(document)[:-2] + b',\n "records": ['
    between = b"\n"
    for reading in prepared.readings:
        yield between + _json(_record(reading))
        between = b",\n"
    yield b"]\n}\n"


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _record(reading: Reading) -> dict[str, Any]:
    item = reading.item
    return {
        "reference": item.reference,
        "form": item.form.id,
        "title": item.title,
        "authorities": list(item.authorities),
        "when": reading.when,
        "branch": item.branch,
        "answers": [_answer(answer) for answer in reading.answers if not answer.aside],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    made: dict[str, Any] = {"number": answer.number, "question": answer.label, "answer": answer.words}
    if answer.versions:
        made["two_versions"] = list(answer.versions)
    if answer.detail is not None and not answer.detail.aside:
        made["detail"] = answer.detail.words
    return made
