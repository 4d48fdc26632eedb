"""The second card of the Reports page: what was left out, a password or a reason, and where the PDF goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout

from ui.widgets import Card, button, clear, flow, label, set_name
from ui.words import number_of

REASONS = (
    ("", "Choose…"),
    ("stays", "It stays on this computer, or is printed"),
    ("meeting", "I hand it over in person"),
    ("cannot", "The receiver cannot open a locked PDF"),
)
SHORTEST = 8
MOST_WITHHELD, MOST_NAMED = 20, 12


class KeepCard(Card):
    """`wanted(what)`: "save", "mail", "print", "copy" or "text", when a password or a reason is there if one is needed.

    Printing and copying ask for neither: no file comes of them.
    """

    wanted = Signal(str)
    again = Signal()  # decide again about likely personal data

    def __init__(self) -> None:
        super().__init__("Before you keep it")
        self._union = False
        self._archive = False
        self.lock_words = label("For the union only: give it a password, or say why not.", "h3")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("Password for the PDF")
        self.password.setAccessibleName("Password for the PDF")
        self.password.textChanged.connect(lambda _text: self._say_password())
        self.show_it = QCheckBox("Show it")
        self.show_it.toggled.connect(self._show_password)
        self.suggest = button("Suggest one", self._suggest, "link")
        self.reason = QComboBox()
        set_name(self.reason, "Why no password")
        self.reason.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.reason.setMinimumContentsLength(16)
        for code, words in REASONS:
            self.reason.addItem("Why no password: choose…" if not code else words, code)
        self.beside = flow([self.show_it, self.suggest])
        self.advice = label("", "muted")
        self.add(self.lock_words)
        for widget in (self.password, self.beside, self.advice, self.reason):
            self.add(widget)
        self.save = button("Save the PDF…", lambda: self._want("save"), "primary", hint="Ctrl+S")
        self.mail = button("E-mail it…", lambda: self._want("mail"))
        self.print = button("Print…", lambda: self._want("print"), hint="Ctrl+P")
        self.copy = button("Copy for Word", lambda: self._want("copy"))
        self.text = button("Copy the text", lambda: self._want("text"))
        self.text.setToolTip("As plain text, for an e-mail or a letter")
        self.text.hide()
        # These stand over the pages, where they are in sight; the page puts them there.
        self.deeds = flow([self.save, self.mail, self.print, self.copy, self.text])
        self.deeds.hide()
        self.said = label("", "error")
        self.said.hide()
        self.add(self.said)
        self.mail_words = label("", "muted")
        self.add(self.mail_words)
        self.decided_words = label("", "muted")
        self.again_button = button("Remove words…", self.again.emit, "link")
        self.add(self.decided_words)
        self.add(flow([self.again_button]))
        self.withheld_head = label("", "h3")
        self.add(self.withheld_head)
        self.withheld_list = QVBoxLayout()
        self.withheld_list.setSpacing(4)
        self.body.addLayout(self.withheld_list)
        self._say_password()

    def show_for(
        self, *, union: bool, shareable: bool, withheld: Sequence[str], decided: int, archive: bool = False
    ) -> None:
        """`union`: it asks for a password or a reason. `withheld`: sentences; `decided`: how many decisions stand."""
        self._union, self._archive = union, archive
        for widget in (self.password, self.beside, self.advice):
            widget.setVisible(union and not archive)
        self.lock_words.setVisible(union)
        self.lock_words.setText(
            "A copy for the archive cannot have a password: say why that is right."
            if archive
            else "For the union only: give it a password, or say why not."
        )
        self.reason.setVisible(union)
        if union:
            self._say_password()
        clear(self.withheld_list)
        self.withheld_head.setVisible(shareable or bool(withheld))
        self.withheld_head.setText(
            f"Left out, and why ({len(withheld):,})" if withheld else "Nothing had to be left out."
        )
        reasons = by_reason(withheld)
        for why, what in reasons[:MOST_WITHHELD]:
            more = f" and {len(what) - MOST_NAMED:,} more" if len(what) > MOST_NAMED else ""
            self.withheld_list.addWidget(label(f"{why}: {'; '.join(what[:MOST_NAMED])}{more}", "muted", select=True))
        self.decided_words.setVisible(shareable)
        self.again_button.setVisible(shareable)
        if decided:
            self.decided_words.setText(f"{number_of(decided, 'decision')} about likely personal data carried out.")
            self.again_button.setText("Decide again")
        else:
            self.decided_words.setText("No likely personal data was found. The check can miss some: read the pages.")
            self.again_button.setText("Remove words…")
        self.mail_words.setText(
            "E-mail starts from the shareable version. Use your union account."
            if union
            else "When you e-mail it, use your union account."
        )
        self.said.hide()

    def secret(self) -> str:
        return self.password.text() if self._union and not self._archive else ""

    def why_open(self) -> str:
        """Why a PDF for the union only has no password, in the words chosen; empty when it has one or needs none."""
        return self.reason.currentText() if self._union and not self.secret() else ""

    def problem(self) -> str:
        """What stands in the way of a file, in words."""
        if not self._union:
            return ""
        if self._archive:
            return "" if self.reason.currentData() else "Choose why this copy for the archive has no password."
        if not self.password.text():
            return "" if self.reason.currentData() else "Type a password, or choose why this one has none."
        if len(self.password.text()) < SHORTEST:
            return f"A password of fewer than {SHORTEST} characters is soon guessed. Use two or three words."
        return ""

    def may_keep(self) -> bool:
        """True when a file may be made; otherwise the reason is shown and the keyboard put where it is mended."""
        problem = self.problem()
        self.said.setText(problem)
        self.said.setVisible(bool(problem))
        if problem:
            (self.reason if self._archive else self.password).setFocus()
        return not problem

    def forget(self) -> None:
        """The password belongs to one report."""
        self.password.clear()
        self.reason.setCurrentIndex(0)
        self.show_it.setChecked(False)

    def setVisible(self, visible: bool) -> None:
        super().setVisible(visible)
        if self.deeds.parent() is not None:
            self.deeds.setVisible(visible)

    def _want(self, what: str) -> None:
        if what not in ("save", "mail") or self.may_keep():
            self.wanted.emit(what)

    def _say_password(self) -> None:
        has = bool(self.secret())
        self.reason.setEnabled(not has)
        self.advice.setText(
            "Tell the password by telephone or in person, never in the same e-mail. It cannot be recovered; "
            "some telephones cannot open a locked PDF."
            if has
            else "With a password the PDF is encrypted: only who knows it can read it."
        )

    def _show_password(self, on: bool) -> None:
        self.password.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    def _suggest(self) -> None:
        from desktop_app.records import words

        self.password.setText(words.suggestion())
        self.show_it.setChecked(True)
        self.password.setFocus()


def by_reason(withheld: Sequence[str]) -> list[tuple[str, list[str]]]:
    """"KEN-3YBR: not agreed yet" and its like, a reason once with all it is the reason for."""
    found: dict[str, list[str]] = {}
    for sentence in withheld:
        what, _, why = sentence.partition(": ")
        found.setdefault(why[:1].upper() + why[1:], []).append(what)
    return list(found.items())
