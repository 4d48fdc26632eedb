"""Two versions: each answer with what both sides say, word by word, who said it and when; and a person chooses.

Nothing is chosen beforehand, and nothing is settled along with another answer: the choice is used when all is decided.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.services.deciding import Decision
from ui.forms.breakable import breakable
from ui.forms.choice_line import ChoiceLine
from ui.forms.link import Link
from ui.half_written import HalfWritten
from ui.pages.record_history import british_time
from ui.theme import Colours, set_kind
from ui.widgets import button, flow, label

if TYPE_CHECKING:
    from desktop_app.records.revision import BlobRef
    from desktop_app.services.two_versions import Pair, Side
    from ui.context import AppContext

INDENT = 42
ALIKE = 0.4
"""How much of two texts must be the same before their differences are marked word by word (0 to 1)."""


class VersionsDialog(QDialog):
    """`chosen`: what stands, by leaf path; whole once "Use what I chose" can be pressed.

    What was typed under "Something else" and not used - later, or the records were locked - is there again.
    """

    def __init__(
        self,
        app: AppContext,
        record: str,
        pairs: Sequence[Pair],
        parent: QWidget | None = None,
        *,
        look: Callable[[BlobRef], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Two versions - Branch Evidence")
        self.setAccessibleName("Two versions")
        self.chosen: dict[str, Decision] = {}
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(820, room.width() - 40), min(660, room.height() - 40))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.addWidget(label("Two versions", "h2"))
        told = (
            "This was changed in two places. Both versions are kept. Choose the one that stands; the other remains in the "
            "earlier versions. What only one side added, files and links too, is there without a question."
        )
        column.addWidget(label(told, "muted"))
        if len(pairs) > 1:
            column.addWidget(self._all_of_one(pairs))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        set_kind(inside, "page")
        below = QVBoxLayout(inside)
        self.cards = [PairCard(pair, app.theme.colours, look) for pair in pairs]
        for card in self.cards:
            card.decided.connect(self._decided)
            card.met.connect(lambda widget: self.area.ensureWidgetVisible(widget, 0, 40))
            below.addWidget(card)
            self._outlive_locking(app, record, card)
        below.addStretch(1)
        self.area.setWidget(inside)
        column.addWidget(self.area, 1)
        self.state = label("", "muted")
        column.addWidget(self.state)
        box = QDialogButtonBox()
        self.use_button = QPushButton("Use what I chose")
        set_kind(self.use_button, "primary")
        self.use_button.setAutoDefault(False)
        self.use_button.clicked.connect(self.accept)
        box.addButton(self.use_button, QDialogButtonBox.ButtonRole.AcceptRole)
        later = QPushButton("Later")
        later.setAutoDefault(False)
        later.clicked.connect(self.reject)
        box.addButton(later, QDialogButtonBox.ButtonRole.RejectRole)
        column.addWidget(box)
        self._decided()
        if self.cards:
            self.cards[0].buttons[0].setFocus()

    def _outlive_locking(self, app: AppContext, record: str, card: PairCard) -> None:
        from desktop_app.services.deciding import box_of

        if card.own is not None:
            words = HalfWritten(app, card.own, box_of(record, card.pair.leaf))
            words.begin(card.began)
            self.accepted.connect(words.flush)  # until they are used, they are kept here

    def _all_of_one(self, pairs: Sequence[Pair]) -> QWidget:
        """For a record changed throughout on two sides: everything as one of them has it, to begin from."""
        return flow(
            [button(f"Everything as: {name}", lambda at=places: self._take_all(at)) for name, places in _throughout(pairs)]
        )

    def _take_all(self, places: Sequence[int]) -> None:
        for card, place in zip(self.cards, places, strict=True):
            card.buttons[place].click()

    def _decided(self) -> None:
        self.chosen = {card.pair.leaf: card.decision for card in self.cards if card.decision is not None}
        done, all_of_it = len(self.chosen), len(self.cards)
        self.use_button.setEnabled(done == all_of_it)
        self.state.setText("" if all_of_it == 1 else f"{done} of {all_of_it} decided")


class PairCard(QFrame):
    """One thing to decide. `decided`: what stands here changed; `met`: the keyboard came to this part of it."""

    decided = Signal()
    met = Signal(QWidget)

    def __init__(self, pair: Pair, colours: Colours, look: Callable[[BlobRef], None] | None = None) -> None:
        super().__init__()
        self.pair = pair
        self._look = look
        self.decision: Decision | None = None
        self.setProperty("kind", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self.heading = pair.question if not pair.where else f"{pair.where}: {pair.question}"
        if pair.kind == "row":
            self.heading = pair.where or pair.question
        self._column.addWidget(label(breakable(self.heading), "h3"))
        self._group = QButtonGroup(self)
        self.buttons: list[QRadioButton] = []
        self.lines: list[ChoiceLine] = []
        for side, shown in zip(pair.sides, _shown(pair, colours), strict=True):
            whence = f"{side.who}, {british_time(side.when)}"
            line = self._choice(f"{side.said or 'No answer'}. {whence}", Decision(side.value, side.typed))
            line.words.setTextFormat(Qt.TextFormat.RichText)
            line.words.setText(shown)
            under = label(breakable(whence), "muted")
            under.setContentsMargins(INDENT, 0, 0, 6)
            self._column.addWidget(under)
            if side.files:
                self._offer_files(side)
        if pair.both is not None:
            words = "Both, one after the other" if " " in pair.both and pair.writable else "Both"
            if pair.kind == "file":
                words = "Both: keep all of these files"
            self._choice(words, Decision(pair.both))
        self.own: QPlainTextEdit | QLineEdit | None = None
        self.began = (pair.both if pair.long else None) or pair.sides[-1].said
        if pair.writable:
            self._offer_own()

    def _offer_files(self, side: Side) -> None:
        """Each file of a side can be looked at before anything is chosen."""
        holder = QVBoxLayout()
        holder.setContentsMargins(INDENT, 0, 0, 6)
        holder.setSpacing(2)
        look = self._look
        for file in side.files:
            name = file.blob.name
            if file.here and look is not None:
                show = Link(f"Look at {name}", widest=640)
                show.setAccessibleName(f"Look at {name}, {side.who}")
                show.clicked.connect(lambda _on=False, blob=file.blob: look(blob))
                show.installEventFilter(self)
                holder.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                holder.addWidget(label(breakable(f"{name} is not on this computer: it stays where it was added."), "muted"))
        self._column.addLayout(holder)

    def _choice(self, words: str, decision: Decision) -> ChoiceLine:
        made = QRadioButton()
        self._group.addButton(made)
        line = ChoiceLine(made, words)
        made.setAccessibleDescription(self.heading)
        made.clicked.connect(lambda _on=False: self._decide(decision))
        made.installEventFilter(self)
        self.buttons.append(made)
        self.lines.append(line)
        self._column.addWidget(line)
        return line

    def _offer_own(self) -> None:
        self._choice("Something else", Decision("", raw=True))
        place = len(self.buttons) - 1
        self.buttons[place].clicked.disconnect()
        self.buttons[place].clicked.connect(lambda _on=False: self._own_words())
        self.own = QPlainTextEdit() if self.pair.long else QLineEdit()
        if isinstance(self.own, QPlainTextEdit):
            self.own.setTabChangesFocus(True)
            self.own.setMaximumHeight(110)
            self.own.setPlainText(self.began)
        else:
            self.own.setText(self.began)
        self.own.setAccessibleName(f"Something else: {self.heading}")
        self.own.textChanged.connect(self._own_words_changed)
        self.own.installEventFilter(self)
        self.own.hide()
        holder = QVBoxLayout()
        holder.setContentsMargins(INDENT, 0, 0, 0)
        holder.addWidget(self.own)
        self._column.addLayout(holder)

    def _own_words(self) -> None:
        assert self.own is not None
        self.own.show()
        self.own.setFocus()
        if isinstance(self.own, QLineEdit) and self._typed() == self.began:
            self.own.selectAll()
        self._own_words_changed()

    def _own_words_changed(self) -> None:
        if self.own is None:
            return
        if not self.buttons[-1].isChecked():
            # Words typed before, come back: to be seen, and chosen only by whoever goes on with them.
            self.own.show()
            if not self.own.hasFocus():
                return
            self.buttons[-1].setChecked(True)
        self._decide(Decision(self._typed().strip() or None, raw=True))

    def _typed(self) -> str:
        assert self.own is not None
        return self.own.toPlainText() if isinstance(self.own, QPlainTextEdit) else self.own.text()

    def _decide(self, decision: Decision) -> None:
        self.decision = decision
        if self.own is not None and not self.buttons[-1].isChecked():
            self.own.hide()
        self.decided.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.met.emit(watched)
        return super().eventFilter(watched, event)


def _throughout(pairs: Sequence[Pair]) -> list[tuple[str, list[int]]]:
    """Who has a side everywhere, and which side of each pair it is. Two laptops of one person are told apart by their time,
    two versions of one laptop by which came first.
    """
    found: list[tuple[str, list[int]]] = []
    for who in dict.fromkeys(side.who for pair in pairs for side in pair.sides):
        laptops = dict.fromkeys(side.device for pair in pairs for side in pair.sides if side.who == who)
        several = any(sum(side.who == who for side in pair.sides) > 1 for pair in pairs)
        times = [_newest(pairs, laptop) for laptop in laptops]
        for laptop in laptops:
            at = [[n for n, side in enumerate(pair.sides) if (side.who, side.device) == (who, laptop)] for pair in pairs]
            time = _newest(pairs, laptop)
            name = who if not several or len(laptops) == 1 else f"{who}, {time}"
            if times.count(time) > 1:
                name += f", laptop {laptop[:6]}"
            if not all(at):
                continue
            if all(len(each) == 1 for each in at):
                found.append((name, [each[0] for each in at]))
            else:
                found.append((f"{name}, the earlier", [each[0] for each in at]))
                found.append((f"{name}, the later", [each[-1] for each in at]))
    return found


def _newest(pairs: Sequence[Pair], laptop: str) -> str:
    return british_time(max(side.when for pair in pairs for side in pair.sides if side.device == laptop))


def _shown(pair: Pair, colours: Colours) -> list[str]:
    """What each side says; of two, the words in which they differ are underlined alike: neither is the wrong one."""
    sides = pair.sides
    nothing = f"<span style='color:{colours.muted}'>No answer</span>"
    plain = [_html(side.said) or nothing for side in sides]
    if pair.kind != "answer" or len(sides) != 2 or not all(side.said for side in sides):
        return plain
    one, other = (re.findall(r"\s+|[^\s]+", side.said) for side in sides)
    matched = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matched.ratio() < ALIKE:  # two wholly different texts: a mark on every word would say nothing
        return plain
    marked: list[list[str]] = [[], []]
    for tag, a, b, c, d in matched.get_opcodes():
        for words, into in (("".join(one[a:b]), marked[0]), ("".join(other[c:d]), marked[1])):
            said = _html(words)
            same = tag == "equal" or not words.strip()
            into.append(said if same else f"<u style='background:{colours.tint}'>{said}</u>")
    return ["".join(parts) for parts in marked]


def _html(said: str) -> str:
    return escape(breakable(said)).replace("\n", "<br>")
