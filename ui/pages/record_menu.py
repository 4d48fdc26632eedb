"""What is under "More" on a record's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from ui.pages.record import RecordPage


class RecordMenu(QMenu):
    """Works for one record page, over all its loadings; some of it is shown only where it can be done."""

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self.history = QAction("Earlier versions…", self, triggered=page.deeds.show_history)
        self.branch_only = QAction("Keep in this branch only", self, checkable=True)
        self.branch_only.toggled.connect(page.set_branch_only)
        self.take_back = QAction("Take this record back", self, triggered=page.deeds.take_back)
        self.discard = QAction("Throw this draft away", self, triggered=page.deeds.discard)
        self.addAction(QAction("Undo\tCtrl+Z", self, triggered=page.undo))
        self.addAction(QAction("Do it again\tCtrl+Y", self, triggered=page.redo))
        self.addSeparator()
        self.addAction(QAction("Make a PDF\tCtrl+P", self, triggered=page.do_print))
        self.addAction(QAction("Add a file…\tCtrl+I", self, triggered=page.do_add_files))
        self.addAction(self.history)
        self.addAction(self.branch_only)
        self.addAction(QAction("Add a private note", self, triggered=page.deeds.add_private_note))
        self.addSeparator()
        self.addAction(self.take_back)
        self.addAction(self.discard)
        page.rights.add_to(self)

    def show_what_can_be_done(self, *, marked: bool, taken_back: bool, has_draft: bool, branch_only: bool) -> None:
        """As the record stands now."""
        self.take_back.setVisible(marked and not taken_back)
        self.discard.setVisible(has_draft)
        self.discard.setText("Throw away what is not marked as ready" if marked else "Throw this draft away")
        self.branch_only.blockSignals(True)
        self.branch_only.setChecked(branch_only)
        self.branch_only.blockSignals(False)
