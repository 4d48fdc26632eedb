"""The window's keys. They win over a text field's own meaning of the same keys (Ctrl+E is "end of line" on some systems).

A key with a `command` is handed to the page: from the widget with the keyboard upwards, the first that has a method of
that name gets it. A page therefore takes part by having ``do_save``, ``do_find``, ``do_print`` or ``do_add_files``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from PySide6 import QtCore, QtGui
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Key:
    """One key: what it does in words, and either a window action or a page's method."""

    keys: str
    words: str
    action: str


KEYS: tuple[Key, ...] = (
    Key("Ctrl+N", "Record evidence", "new"),
    Key("Ctrl+J", "Jot something down", "jot"),
    Key("Ctrl+M", "Start a SENCO meeting", "meeting"),
    Key("Ctrl+S", "Save now (it is saved as you type)", "do_save"),
    Key("Ctrl+F", "Find", "do_find"),
    Key("Ctrl+P", "Make a PDF", "do_print"),
    Key("Ctrl+E", "Send to the office", "send"),
    Key("Ctrl+I", "Add files", "do_add_files"),
    Key("Ctrl+L", "Lock", "lock"),
    Key("Ctrl+,", "Settings", "settings"),
    Key("F1", "Help for this page", "help"),
    Key("Ctrl+/", "These keys", "keys"),
    Key("F6", "Go between sidebar, list and page", "panes"),
)
EVERYWHERE: tuple[tuple[str, str], ...] = (
    ("Tab, Shift+Tab", "Next and previous field"),
    ("Space, Enter", "Press a button, open a row"),
    ("Up, Down", "Move in a list or among choices"),
    ("Esc", "Leave a box; back from a record to its list"),
    ("Ctrl+Z, Ctrl+Y", "Undo and do again while typing"),
    ("Ctrl+Enter", "Mark as ready; in a SENCO meeting, make the records"),
)


def ours_first(event: QtGui.QKeyEvent) -> bool:
    """Lets our shortcuts through before a text field takes them for itself. True: the field is not asked."""
    if event.type() == QtCore.QEvent.Type.ShortcutOverride and QKeySequence(event.keyCombination()).toString() in _ours():
        event.ignore()
        return True
    return False


@cache
def _ours() -> frozenset[str]:
    return frozenset(QKeySequence(key.keys).toString() for key in KEYS)


def install(window: QWidget, run: Callable[[str], None]) -> dict[str, QShortcut]:
    """Make every key call `run(action)`. Returns the shortcuts by action, so that a locked window can switch them off."""
    made = {}
    for key in KEYS:
        shortcut = QShortcut(QKeySequence(key.keys), window)
        shortcut.activated.connect(lambda action=key.action: run(action))
        made[key.action] = shortcut
    return made


def hand_to_page(method: str, start: QWidget | None, page: QWidget | None) -> bool:
    """Call the first `method` found from `start` upwards, else the page's own. False when nobody has it."""
    widget = start
    while widget is not None:
        found = getattr(widget, method, None)
        if callable(found):
            found()
            return True
        widget = widget.parentWidget()
    found = getattr(page, method, None)
    if callable(found):
        found()
        return True
    return False
