"""The sheet of paper with the spare key: drawn by Qt, because it is printed before any report can be made.

It never lies on a disk unless the person saves it, and then through `files.write_atomic`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QUrl
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QWidget

from desktop_app import files
from desktop_app.errors import WorldError
from desktop_app.forms.wording import british_date
from ui import dialogs, printing

SQUARE, SQUARE_WIDTH, MODULE_PIXELS = "square-code", 170, 12


def document(title: str, secret: str, folder: Path, *, whose: str) -> QTextDocument:
    """The sheet: what it is, the groups, where to keep it, what to do with it."""
    groups = secret.split("-") if secret.count("-") == 7 else [secret]
    cells = "".join(
        f"<td style='padding:6px 14px'><span style='color:#555'>{number}</span> <b>{escape(group)}</b></td>"
        + ("</tr><tr>" if number % 4 == 0 else "")
        for number, group in enumerate(groups, 1)
    )
    made = QTextDocument()
    made.addResource(QTextDocument.ResourceType.ImageResource, QUrl(SQUARE), square_code(secret))
    made.setHtml(
        f"<body style='font-family:\"Source Sans 3\",sans-serif;font-size:12pt;color:#000'>"
        f"<h1>{escape(title)}</h1>"
        f"<p>{escape(whose)}, made on {british_date(date.today().isoformat())}.</p>"
        f"<table style='font-family:monospace;font-size:15pt'><tr>{cells}</tr></table>"
        f"<p><img src='{SQUARE}' width='{SQUARE_WIDTH}'></p><p>The same key as a square code, for another device to read.</p>"
        "<p>Whoever has this sheet and the computer can read the records. Keep it where you keep a passport, not with "
        "the computer, and not as a photograph that is copied elsewhere. There is no copy of it anywhere.</p>"
        "<p>To use it: open Branch Evidence, choose “Use the spare key on paper”, and type the groups in their order. "
        "Capital or small letters do not matter; O and 0, I and 1 are taken for each other.</p>"
        f"<p>The records are in {escape(str(folder))}.</p></body>"
    )
    made.setMetaInformation(QTextDocument.MetaInformation.DocumentTitle, title)
    return made


def square_code(secret: str) -> QImage:
    """The key as a square code, several pixels a module so that no printer smooths it away."""
    from desktop_app.reports.square import dark

    rows = dark(secret)
    small = QImage(len(rows[0]), len(rows), QImage.Format.Format_RGB32)
    for down, row in enumerate(rows):
        for across, is_dark in enumerate(row):
            small.setPixel(across, down, 0xFF000000 if is_dark else 0xFFFFFFFF)
    return small.scaled(small.size() * MODULE_PIXELS)


def rescue_document(parts: Sequence[str]) -> QTextDocument:
    """A page for each part of the office's rescue key, to lie in three places."""
    made = QTextDocument()
    today = british_date(date.today().isoformat())
    pages = []
    for number, part in enumerate(parts, 1):
        words = part.split()
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td style='padding:5px 12px'><span style='color:#555'>{at + 1}</span> <b>{escape(words[at])}</b></td>"
                for at in range(start, min(start + 4, len(words)))
            )
            + "</tr>"
            for start in range(0, len(words), 4)
        )
        # Qt breaks pages at a paragraph or heading, not at a `div`: two parts on one page would be the key.
        anew = " style='page-break-before:always'" if number > 1 else ""
        pages.append(
            f"<h1{anew}>Rescue key of the national office, part {number} of {len(parts)}</h1>"
            f"<p>Made on {today}. Any two parts are enough; this one alone is worthless.</p>"
            f"<table style='font-family:monospace;font-size:13pt'>{rows}</table>"
            "<p>Keep it apart from the other parts. To help a branch that has forgotten its passphrase: Inbox, the laptop, "
            "“Help it back in”, and type two parts, all 33 words of each in their order.</p>"
        )
    made.setHtml(f"<body style='font-family:\"Source Sans 3\",sans-serif;font-size:12pt;color:#000'>{''.join(pages)}</body>")
    made.setMetaInformation(QTextDocument.MetaInformation.DocumentTitle, "Rescue key of the national office")
    return made


def as_pdf(sheet: QTextDocument) -> bytes:
    """The sheet as a PDF of A4 pages."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(sheet.metaInformation(QTextDocument.MetaInformation.DocumentTitle))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(20, 20, 20, 20), QPageLayout.Unit.Millimeter)
    writer.setResolution(96)
    sheet.print_(writer)
    del writer  # finishes the file
    return bytes(buffer.data().data())


def save_it(parent: QWidget, sheet: QTextDocument, title: str, name: str) -> Path | None:
    """Ask where the sheet shall go, and write it there as a PDF. `None`: nowhere, or it could not be, which was said."""
    path = dialogs.save_file(parent, title, name, "PDF (*.pdf)")
    if path is None:
        return None
    try:
        files.write_atomic(path, as_pdf(sheet))
    except WorldError as problem:
        dialogs.show_error(parent, problem)
        return None
    return path


def print_it(parent: QWidget, sheet: QTextDocument) -> bool:
    """Ask for a printer and print; False when the person left the box or there is no printer."""
    printer = printing.ask(parent)
    if printer is None:
        return False
    sheet.print_(printer)
    return True
