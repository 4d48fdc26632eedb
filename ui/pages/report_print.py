"""Printing a PDF that was made: the system's own box, and the pages as pictures."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QPageSize
from PySide6.QtWidgets import QWidget

from ui import dialogs


def choose_printer(parent: QWidget, pages: int) -> Any:
    """Ask for a printer and pages; a `QPrinter` set to A4, or None when the person left the box."""
    from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setDocName("Branch Evidence")
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, True)
    dialog.setMinMax(1, pages)
    return printer if dialogs.run(dialog) else None


def page_range(printer: Any, pages: int) -> tuple[int, int]:
    """First and last page to print, from 0."""
    first, last = printer.fromPage(), printer.toPage()
    if first <= 0:
        return 0, pages - 1
    return first - 1, min(last or pages, pages) - 1
