"""Printing a PDF that was made: the system's own box, and the pages as pictures."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from ui import printing


def choose_printer(parent: QWidget, pages: int) -> Any:
    """Ask for a printer and pages; a `QPrinter` set to A4, or None when the person left the box."""
    return printing.ask(parent, pages=pages, full_page=True)


def pages_of(data: bytes) -> int:
    """The number of pages of a PDF made elsewhere. Raises `WorldError` for one that is damaged or has a password."""
    import io

    import pypdfium2

    from desktop_app.errors import WorldError

    try:
        with pypdfium2.PdfDocument(io.BytesIO(data)) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        raise WorldError(
            "This PDF cannot be read here, so it cannot be printed here: it has a password, or is damaged.",
            safe="It is as it was, and nothing was printed.",
            do="Choose Open, and print it from the program that shows it.",
        ) from error


def page_range(printer: Any, pages: int) -> tuple[int, int]:
    """First and last page to print, from 0."""
    first, last = printer.fromPage(), printer.toPage()
    if first <= 0:
        return 0, pages - 1
    return first - 1, min(last or pages, pages) - 1
