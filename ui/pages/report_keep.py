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
MOST_WITHHELD = 40


class KeepCard(Card):
    """`wanted(what)`: "save", "mail", "print" or "copy", when a password or a reason is there if one is needed.

    Printing and copying ask for neither: no file comes of them.
    """

    wanted = Signal(str)
    again = Signal()  # decide again about likely personal data

    def __init__(self) -> None:
        super().__init__("Keep it")
        self._union = False
        self.withheld_head = label("", "h3")
        self.add(self.withheld_head)
        self.withheld_list = QVBoxLayout()
        self.withheld_list.setSpacing(2)
        self.body.addLayout(self.withheld_list)
        self.again_button = button("Decide again about likely personal data", self.again.emit, "link")
        self.add(flow([self.again_button]))
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
        self.copy.hide()
        self.add(flow([self.save, self.mail, self.print, self.copy]))
        self.mail_words = label("", "muted")
        self.add(self.mail_words)
        self.said = label("", "error")
        self.said.hide()
        self.add(self.said)
        self._say_password()

    def show_for(self, *, union: bool, shareable: bool, withheld: Sequence[str], decided: int) -> None:
        """`union`: it asks for a password or a reason. `withheld`: sentences; `decided`: how many decisions stand."""
        self._union = union
        for widget in (self.lock_words, self.password, self.beside, self.advice, self.reason):
            widget.setVisible(union)
        if union:
            self._say_password()
        clear(self.withheld_list)
        self.withheld_head.setVisible(shareable or bool(withheld))
        self.withheld_head.setText(
            f"Left out, and why ({len(withheld):,})" if withheld else "Nothing had to be left out."
        )
        for words in withheld[:MOST_WITHHELD]:
            self.withheld_list.addWidget(label(words, "muted", select=True))
        if len(withheld) > MOST_WITHHELD:
            self.withheld_list.addWidget(label(f"and {len(withheld) - MOST_WITHHELD:,} more", "muted"))
        self.again_button.setVisible(shareable)
        if decided:
            self.again_button.setText(f"{number_of(decided, 'decision')} about likely personal data: decide again")
        else:
            self.again_button.setText("No likely personal data was found: remove words all the same")
        self.mail_words.setText(
            "E-mail starts from the shareable version. Use your union account."
            if union
            else "When you e-mail it, use your union account."
        )
        self.said.hide()

    def secret(self) -> str:
        return self.password.text() if self._union else ""

    def why_open(self) -> str:
        """Why a PDF for the union only has no password, in the words chosen; empty when it has one or needs none."""
        return "" if not self._union or self.password.text() else self.reason.currentText()

    def problem(self) -> str:
        """What stands in the way of a file, in words."""
        if not self._union:
            return ""
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
            self.password.setFocus()
        return not problem

    def forget(self) -> None:
        """The password belongs to one report."""
        self.password.clear()
        self.reason.setCurrentIndex(0)
        self.show_it.setChecked(False)

    def _want(self, what: str) -> None:
        if what not in ("save", "mail") or self.may_keep():
            self.wanted.emit(what)

    def _say_password(self) -> None:
        has = bool(self.password.text())
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
