"""Spelling in answers of several lines: a wavy line under words the dictionary lacks, suggestions in the menu.

Off the path of a keystroke: highlighting only looks at words already judged; new ones are judged when typing pauses.
`begin` is called where records are opened; before that, and where there is no dictionary, nothing is underlined.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QMenu, QPlainTextEdit

from desktop_app.platform.spelling import Dictionary, available, words_of

if TYPE_CHECKING:
    from desktop_app.services.profile import Profile
    from ui.context import AppContext

PAUSE_MS = 350
_current: Speller | None = None


def begin(app: AppContext) -> None:
    """Load the dictionary for these records, once; it reaches the boxes shown as soon as it is there."""
    global _current
    if _current is None or _current.app() is not app:
        _current = Speller(app)
    if app.preferences.spelling:
        _current.load()


def switch(app: AppContext, on: bool) -> None:
    """Settings: spelling on or off, in the boxes shown too."""
    app.preferences.spelling = on
    begin(app)
    if _current is not None:
        _current.again()


def attach(field: QPlainTextEdit) -> Underline:
    """Have a box's words looked at, now or as soon as there is a dictionary."""
    return Underline(field)


class Speller:
    """The dictionary and what it has said of words so far."""

    def __init__(self, app: AppContext) -> None:
        self._app = weakref.ref(app)
        self.dictionary: Dictionary | None = None
        self.judged: dict[str, bool] = {}
        self._loading = False

    def app(self) -> AppContext | None:
        return self._app()

    @property
    def on(self) -> bool:
        app = self.app()
        return self.dictionary is not None and app is not None and app.preferences.spelling

    def load(self) -> None:
        """On the worker, which may read the words a person added."""
        app = self.app()
        if app is None or self._loading or self.dictionary is not None or not available():
            return
        self._loading = True

        def work(profile: Profile) -> Dictionary:
            from desktop_app.services.own_words import own_words

            return Dictionary(own_words(profile))

        app.runner.db(work, self._loaded, self._not_loaded)

    def _loaded(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self._loading = False
        self.again()

    def _not_loaded(self, _problem: Exception) -> None:
        self._loading = False  # locked meanwhile, or the files are gone: writing goes on without it

    def mark(self) -> QTextCharFormat:
        """How a word that is not known looks: a wavy line in the theme's colour for what is wrong."""
        found = QTextCharFormat()
        found.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
        app = self.app()
        if app is not None:
            found.setUnderlineColor(QColor(app.theme.colours.bad))
        return found

    def judge(self, word: str) -> bool:
        assert self.dictionary is not None
        found = self.judged[word] = self.dictionary.knows(word)
        return found

    def add(self, word: str) -> None:
        """The word is right from now on, here and after the next start."""
        app = self.app()
        if app is None or self.dictionary is None:
            return

        def keep(profile: Profile) -> None:
            from desktop_app.services.own_words import add_word

            add_word(profile, word)

        self.dictionary.add(word)
        self.judged.clear()
        app.runner.db(keep)
        self.again()

    def again(self) -> None:
        """Every box shown is looked at anew."""
        for underline in list(_underlines):
            if shiboken6.isValid(underline):
                underline.soon()


_underlines: weakref.WeakSet[Underline] = weakref.WeakSet()


class Underline(QSyntaxHighlighter):
    """The wavy lines of one box, and the words in its menu."""

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field.document())
        self._field = field
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(PAUSE_MS)
        self._waiting.timeout.connect(self._judge)
        self._menu_filter = _MenuFilter(self)
        field.installEventFilter(self._menu_filter)
        _underlines.add(self)

    def soon(self) -> None:
        """Look at everything again when there is a moment."""
        self._waiting.start()

    def highlightBlock(self, text: str) -> None:
        if _current is None or not _current.on:
            return
        judged, wrong = _current.judged, _current.mark()
        for place, word in words_of(text):
            right = judged.get(word)
            if right is None:
                self._waiting.start()
            elif not right:
                self.setFormat(place, len(word), wrong)

    def _judge(self) -> None:
        """Judge what is new. The word being typed is left alone until the cursor has left it."""
        if _current is not None and _current.on:
            for _place, word in words_of(self._field.toPlainText()):
                if word not in _current.judged:
                    _current.judge(word)
        self.rehighlight()

    def wrong_words(self) -> list[str]:
        """The words underlined now, in order."""
        if _current is None or not _current.on:
            return []
        return [word for _place, word in words_of(self._field.toPlainText()) if _current.judged.get(word) is False]

    # the menu ----------------------------------------------------------------------------------------------------

    def menu(self, at: QTextCursor) -> QMenu:
        """The usual menu, led by suggestions when the word at the cursor is underlined."""
        menu = self._field.createStandardContextMenu()
        word, cursor = self._word_at(at)
        if _current is None or not _current.on or not word or _current.judged.get(word) is not False:
            return menu
        assert _current.dictionary is not None
        first = menu.actions()[0] if menu.actions() else None
        suggested = _current.dictionary.suggest(word)
        for suggestion in suggested:
            action = menu.addAction(suggestion)
            action.triggered.connect(lambda _on=False, words=suggestion: cursor.insertText(words))
            menu.insertAction(first, action)
        if not suggested:
            none = menu.addAction("No suggestions")
            none.setEnabled(False)
            menu.insertAction(first, none)
        add = menu.addAction(f"Add “{word}” to the dictionary")
        add.triggered.connect(lambda: _current.add(word) if _current is not None else None)
        menu.insertAction(first, add)
        menu.insertSeparator(first)
        return menu

    def _word_at(self, at: QTextCursor) -> tuple[str, QTextCursor]:
        block = at.block()
        inside = at.position() - block.position()
        for place, word in words_of(block.text()):
            if place <= inside <= place + len(word):
                cursor = QTextCursor(_document(self._field))
                cursor.setPosition(block.position() + place)
                cursor.setPosition(block.position() + place + len(word), QTextCursor.MoveMode.KeepAnchor)
                return word, cursor
        return "", at


class _MenuFilter(QObject):
    """Shows our menu in place of the box's own, for the mouse and for the menu key."""

    def __init__(self, underline: Underline) -> None:
        super().__init__(underline)
        self._underline = underline

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent) and isinstance(watched, QPlainTextEdit) and not watched.isReadOnly():
            by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
            cursor = watched.cursorForPosition(event.pos()) if by_mouse else watched.textCursor()
            place = event.globalPos() if by_mouse else watched.mapToGlobal(watched.cursorRect().bottomLeft())
            menu = self._underline.menu(cursor)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)
            return True
        return super().eventFilter(watched, event)


def _document(field: QPlainTextEdit) -> QTextDocument:
    return field.document()
