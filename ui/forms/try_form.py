"""Trying a form: the real page on a session that is thrown away. Nothing is kept, nothing is sent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.forms.form_page import FormPage
from ui.theme import Theme
from ui.widgets import button, label

if TYPE_CHECKING:
    from desktop_app.forms.definition import FormDefinition
    from desktop_app.forms.session import FormSession, Snapshot


class TryForm(QDialog):
    """Fills the window with a form page. Raises FormError when the form cannot begin."""

    def __init__(self, theme: Theme, form: FormDefinition, parent: QWidget | None = None) -> None:
        from desktop_app.forms.session import FormSession

        super().__init__(parent)
        self.setWindowTitle(f"Trying: {form.title}")
        room = parent.window().size() if parent is not None else self.size()
        self.resize(max(600, room.width() - 60), max(340, room.height() - 60))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 12)
        top = QHBoxLayout()
        top.addWidget(label(f"Trying: {form.title}", "h2", wrap=False))
        top.addWidget(label("Nothing you type here is kept.", "muted", wrap=False))
        top.addStretch(1)
        self.close_button = button("Close", self.reject)
        self.close_button.setAutoDefault(False)
        top.addWidget(self.close_button)
        column.addLayout(top)
        self._form = form
        session = FormSession(form, record="trial", now=datetime.now().astimezone())
        self.page = FormPage(theme, session, self._reopen)
        column.addWidget(self.page, 1)
        QTimer.singleShot(0, self.page, self.page.enter_section)
        for keys, act in (("Ctrl+Z", self.page.undo), ("Ctrl+Y", self.page.redo)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _reopen(self, snapshot: Snapshot) -> FormSession:
        from desktop_app.forms.session import FormSession

        now = datetime.now().astimezone()
        return FormSession(
            self._form,
            snapshot.answers,
            snapshot.typed,
            record="trial",
            now=now,
            aside=snapshot.aside,
            first_load=False,
        )
