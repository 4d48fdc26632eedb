"""What the parts of a section need of the page they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ui.forms.turn import Turn
from ui.theme import Theme

if TYPE_CHECKING:
    from desktop_app.forms.session import FormSession, Item
    from ui.forms.question_row import QuestionRow


class Host(Protocol):
    """The page, as its parts know it."""

    theme: Theme
    session: FormSession
    turn: Turn

    def error_of(self, path: str) -> str: ...
    def is_kept_in(self, item: Item) -> bool: ...
    def row_made(self, row: QuestionRow) -> None: ...
    def add_row(self, repeat: str) -> None: ...
    def remove_row(self, path: str, words: str) -> None: ...
    def move_row(self, path: str, to: int) -> None: ...
    def duplicate_row(self, path: str) -> None: ...
    def open_row_id(self, repeat: str) -> str: ...
    def set_open_row(self, repeat: str, row_id: str) -> None: ...
