"""The system's box for printers. It offers no file: a file is saved from the page, where it is locked and remembered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QPageSize
from PySide6.QtWidgets import QWidget

from ui import dialogs


def ask(parent: QWidget, *, pages: int = 0, full_page: bool = False, printers: Sequence[str] | None = None) -> Any:
    """A `QPrinter` set to A4; None when the person left the box, or when there is no printer, which was said.

    ``pages``: how many there are to choose from, 0 when all are printed. ``printers``: their names; the system's when
    not given.
    """
    from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo

    from desktop_app.errors import WorldError

    if not (QPrinterInfo.availablePrinterNames() if printers is None else printers):
        # Qt would offer to "print" a file of pictures: without a password, and on no list of what lies outside.
        nothing = WorldError(
            "There is no printer on this computer.",
            safe="Nothing was printed, and no file was made.",
            do="Set one up in your system's settings, or save it as a PDF and print that elsewhere.",
            code="E-NOPRINTER",
        )
        dialogs.show_error(parent, nothing)
        return None
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(full_page)
    printer.setDocName("Branch Evidence")
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintToFile, False)
    if pages:
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, True)
        dialog.setMinMax(1, pages)
    return printer if dialogs.run(dialog) else None
