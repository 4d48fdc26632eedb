"""A report of 200 records, tagged, against the same words through plain platypus."""

from __future__ import annotations

import io
from pathlib import Path

from ground import answers, new_profile
from measure import Row, milliseconds, paired

from desktop_app.services import recording, reporting
from desktop_app.storage.projection import Filters

ITEMS = 200


def pdf_row(folder: Path) -> Row:
    profile = new_profile(folder / "pdf")
    for number in range(ITEMS):
        given = answers(number)
        given["about"]["authorities"] = "886"
        recording.add_record(profile, "evidence", given, (), "ready")
    out = folder / "dossier.pdf"

    def ours() -> float:
        filters = Filters(authority="886")
        return milliseconds(lambda: reporting.make(profile, "authority_dossier", (), filters, "union", out))

    ours()
    words = _words(out)
    row = paired(
        f"{ITEMS} records as a tagged PDF",
        ours,
        "the same lines, untagged platypus",
        lambda: milliseconds(lambda: _plain(words)),
        at_most=1.15,
        rounds=3,
        note=lambda: "ours also reads and opens every record",
    )
    profile.close()
    return row


def _words(out: Path) -> list[str]:
    from pypdf import PdfReader

    return [line for page in PdfReader(out).pages for line in page.extract_text().splitlines() if line.strip()]


def _plain(lines: list[str]) -> None:
    from xml.sax.saxutils import escape

    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(io.BytesIO()).build([Paragraph(escape(line), style) for line in lines])
