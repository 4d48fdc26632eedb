"""What changed between two versions of a form, to read: the sentences, and before and after where words were replaced."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ui.theme import Colours, set_kind
from ui.widgets import label

if TYPE_CHECKING:
    from desktop_app.forms.comparison import Comparison
    from desktop_app.services.recording import OpenRecord

_SHOWN_TEXTS = frozenset({"reworded", "hint", "section", "title", "moved"})


def changes_as_html(comparison: Comparison, colours: Colours) -> str:
    """One paragraph a change; replaced words before and after, struck through and underlined (never colour alone)."""
    if not comparison.changes:
        return f"<p>{escape(comparison.summary())}</p>"
    parts = []
    for change in comparison.changes:
        text = f"<p>{escape(change.words)}"
        if change.kind in _SHOWN_TEXTS and (change.before or change.after):
            before, after = escape(change.before or "nothing"), escape(change.after or "nothing")
            text += (
                f"<br><span style='color:{colours.muted}'>Before:</span> {before}"
                f"<br><span style='color:{colours.muted}'>Now:</span> <b>{after}</b>"
            )
        parts.append(f"{text}</p>")
    return "".join(parts)


def changes_view(comparison: Comparison, colours: Colours) -> QTextBrowser:
    """The changes in a box that scrolls and takes the keyboard."""
    text = QTextBrowser()
    text.setAccessibleName("What has changed")
    text.setTabChangesFocus(True)
    text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    text.setHtml(changes_as_html(comparison, colours))
    return text


class FormChangesDialog(QDialog):
    """Reads; changes nothing."""

    def __init__(self, title: str, comparison: Comparison, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What has changed")
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(720, room.width() - 40), min(560, room.height() - 40))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.addWidget(label(f"{title}: what has changed", "h2"))
        versions = f"Version {comparison.new_version or '?'} instead of version {comparison.old_version or '?'}. "
        self.summary = label(versions + comparison.summary())
        column.addWidget(self.summary)
        self.text = changes_view(comparison, colours)
        column.addWidget(self.text, 1)
        box = QDialogButtonBox()
        close = QPushButton("Close")
        set_kind(close, "primary")
        close.clicked.connect(self.reject)
        box.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        column.addWidget(box)


def form_notice(opened: OpenRecord) -> str:
    """What the page of a record says when its form has a newer version than the record was filled with."""
    from desktop_app.forms.earlier import earlier_answers

    old = opened.filled_with
    assert old is not None
    kept = len(earlier_answers(opened.content.answers))
    words = "The questions of this form have changed since this record was filled in. Every answer is kept."
    if kept:
        many = f"{kept} of them answer questions" if kept > 1 else "One of them answers a question"
        words += f" {many} no longer asked; {'they stand' if kept > 1 else 'it stands'} beside the questions."
    return words
