"""The history of a record: every version, who made it and when, and what changed, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ui.theme import Colours, set_kind
from ui.widgets import label

if TYPE_CHECKING:
    from desktop_app.services.history import Change, HistoryEntry


def british_time(when: object) -> str:
    """A moment as "22 November 2026, 14:02" in local time."""
    from datetime import datetime

    assert isinstance(when, datetime)
    local = when.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def word_difference(before: str, after: str, colours: Colours) -> tuple[str, str]:
    """Both texts as rich text; what went is struck through, what came is underlined (never colour alone)."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    left, right = [], []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = escape("".join(old[a:b])), escape("".join(new[c:d]))
        if tag == "equal":
            left.append(gone)
            right.append(came)
            continue
        if gone:
            left.append(f"<s style='background:{colours.bad_tint};color:{colours.bad}'>{gone}</s>")
        if came:
            right.append(f"<u style='background:{colours.good_tint};color:{colours.good}'>{came}</u>")
    return "".join(left).replace("\n", "<br>"), "".join(right).replace("\n", "<br>")


def changes_as_html(changes: Sequence[Change], colours: Colours) -> str:
    """A table: the question, then before and after side by side."""
    if not changes:
        return "<p>No answer changed.</p>"
    parts = []
    for change in changes:
        before, after = word_difference(change.before, change.after, colours)
        nothing = f"<span style='color:{colours.muted}'>nothing</span>"
        parts.append(
            f"<p><b>{escape(change.label)}</b></p><table width='100%' cellpadding='4'><tr>"
            f"<td width='50%'>{before or nothing}</td><td width='50%'>{after or nothing}</td></tr></table>"
        )
    return "".join(parts)


class HistoryDialog(QDialog):
    """Versions on the left, what changed on the right. `restored` is the version the person wants back, if any."""

    def __init__(self, entries: Sequence[HistoryEntry], colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Earlier versions")
        self._entries = list(entries)
        self._colours = colours
        self.restored = ""
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(900, room.width() - 40), min(600, room.height() - 40))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.addWidget(label("Earlier versions", "h2"))
        across = QHBoxLayout()
        self.list = QListWidget()
        self.list.setAccessibleName("Versions, newest first")
        self.list.setWordWrap(True)
        self.list.setMinimumWidth(160)
        for entry in self._entries:
            why = f"\nAlthough: {entry.reason}" if entry.reason else ""
            self.list.addItem(f"{british_time(entry.when)}\n{entry.what}\n{entry.who}{why}")
        self.text = QTextBrowser()
        self.text.setAccessibleName("What changed: before on the left, after on the right")
        self.text.setTabChangesFocus(True)
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        across.addWidget(self.list, 2)
        across.addWidget(self.text, 5)
        column.addLayout(across, 1)
        box = QDialogButtonBox()
        self.restore_button = QPushButton("Make this version the newest")
        self.restore_button.clicked.connect(self._restore)
        box.addButton(self.restore_button, QDialogButtonBox.ButtonRole.ActionRole)
        close = QPushButton("Close")
        set_kind(close, "primary")
        close.clicked.connect(self.reject)
        box.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        column.addWidget(box)
        self.list.currentRowChanged.connect(self._show)
        if self._entries:
            self.list.setCurrentRow(0)
        else:
            self.text.setPlainText("This record has not been marked as ready yet, so there is no earlier version.")
            self.restore_button.setEnabled(False)

    def _show(self, row: int) -> None:
        entry = self._entries[row]
        self.text.setHtml(changes_as_html(entry.changes, self._colours))
        self.restore_button.setEnabled(row > 0)

    def _restore(self) -> None:
        self.restored = self._entries[self.list.currentRow()].rev
        self.accept()
