"""Printing goes to printers: "print to a file" would leave a report behind without a password, and on no list."""

from __future__ import annotations

from typing import Any

from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog
from PySide6.QtWidgets import QWidget

from ui import printing


def test_without_a_printer_it_says_what_to_do(qtbot: Any, no_unexpected_dialogs: list[Any]) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert printing.ask(parent, pages=3, printers=()) is None
    (box,) = no_unexpected_dialogs
    assert not isinstance(box, QPrintDialog)
    assert "There is no printer on this computer." in box.accessibleName()


def test_the_box_offers_no_file(qtbot: Any, no_unexpected_dialogs: list[Any]) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert printing.ask(parent, pages=3, printers=["The office's printer"]) is None, "the box was left"
    (box,) = no_unexpected_dialogs
    assert isinstance(box, QPrintDialog)
    assert not box.testOption(QAbstractPrintDialog.PrintDialogOption.PrintToFile)
    assert box.testOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
    assert (box.minPage(), box.maxPage()) == (1, 3)
