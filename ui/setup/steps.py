"""The steps of first run in which something is typed: who you are, and the passphrase."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from ui.authority_picker import AuthorityPicker
from ui.context import AppContext
from ui.setup.strength import StrengthLine
from ui.toast import announce
from ui.widgets import button, flow, label

OFFICER_ROLES = (
    ("local_secretary", "Local secretary"),
    ("local_negotiating_secretary", "Local negotiating secretary"),
    ("national_executive_member", "National executive member"),
    ("regional_organiser", "Regional organiser"),
    ("representative", "Another union representative"),
)
OFFICE_ROLES = (("send_policy", "SEND policy"), ("regional_office", "Regional office"), ("other", "Another team"))
MIN_PASSPHRASE = 8


@dataclass
class Answers:
    """What first run has been told so far. ``jotting`` is the one thing that may be written down before it ends."""

    role: str = "branch"
    name: str = ""
    officer_role: str = ""
    authorities: tuple[str, ...] = field(default_factory=tuple)
    passphrase: str = ""
    card: bytes | None = None
    office_may_unlock: bool = False
    jotting: tuple[str, str] = ("", "")


class Step(QWidget):
    """One step. It says `forward` or `back`; `enter()` is called when it comes on the screen."""

    forward = Signal()
    back = Signal()

    def __init__(self, app: AppContext, answers: Answers) -> None:
        super().__init__()
        self.app = app
        self.answers = answers
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.column = QVBoxLayout()
        self.column.setSpacing(12)
        outer.addLayout(self.column)
        outer.addStretch(1)
        self.wrong = label("", "error")
        self.wrong.hide()

    def heading(self, text: str, sub: str = "") -> None:
        title = label(text, "h1")
        self.column.addWidget(title)
        if sub:
            self.column.addWidget(label(sub, "muted"))
        self.setAccessibleName(text)

    def field(self, words: str, widget: QWidget, hint: str = "") -> None:
        """A labelled field; the label's words are also what a screen reader speaks."""
        named = label(words, "h3")
        named.setBuddy(widget)
        group = QVBoxLayout()
        group.setSpacing(4)
        self.column.addLayout(group)
        group.addWidget(named)
        if hint:
            group.addWidget(label(hint, "muted"))
        if not widget.accessibleName():
            widget.setAccessibleName(words)
        if hint:
            widget.setAccessibleDescription(hint)
        group.addWidget(widget)

    def buttons(self, forward: str = "Continue", back: str = "Back") -> None:
        self.column.addWidget(self.wrong)
        self.go = button(forward, self.try_forward, "primary")
        widgets = [self.go]
        if back:
            widgets.append(button(back, self.back.emit, "quiet"))
        self.column.addWidget(flow(widgets))

    def enter(self) -> None:
        """Called when the step is shown."""

    def problem(self) -> tuple[str, QWidget] | None:
        """What is still missing, and the field it is missing in."""
        return None

    def try_forward(self) -> None:
        found = self.problem()
        if found is not None:
            words, where = found
            self.wrong.setText(words)
            self.wrong.show()
            where.setFocus(Qt.FocusReason.OtherFocusReason)
            announce(self.wrong, words)
            return
        self.wrong.hide()
        self.forward.emit()


class WhoStep(Step):
    """The branch's name, the officer's role, the authorities."""

    def __init__(self, app: AppContext, answers: Answers) -> None:
        super().__init__(app, answers)
        office = answers.role == "office"
        if office:
            self.heading("The national office", "These records will receive what branches send.")
        else:
            self.heading("Who are you?", "The office sees the branch and the role, never a person's name.")
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name.setPlaceholderText("Policy team, desk 2" if office else "Leeds")
        self.field("What is this computer called?" if office else "What is your branch called?", self.name)
        self.role = QComboBox()
        self.role.addItem("Choose…", "")
        for code, words in OFFICE_ROLES if office else OFFICER_ROLES:
            self.role.addItem(words, code)
        self.role.setAccessibleName("Your team" if office else "Your role")
        self.field("Your team" if office else "Your role", self.role)
        self.authorities = AuthorityPicker("Your local authority")
        if not office:
            self.field(
                "Which local authority do you work with?",
                self.authorities,
                "Type three letters and press Enter. Add more than one if you need to; it is filled in for you later.",
            )
        self.buttons()

    def enter(self) -> None:
        self.name.setFocus()

    def problem(self) -> tuple[str, QWidget] | None:
        if not self.name.text().strip():
            return "Type a name, so that people know whose file it is.", self.name
        if not self.role.currentData():
            return "Choose your role. “Another union representative” is fine.", self.role
        self.answers.name = self.name.text().strip()
        self.answers.officer_role = str(self.role.currentData())
        self.answers.authorities = self.authorities.codes()
        return None


class PassphraseStep(Step):
    """Two times the same words, with how hard they are to guess, and a suggestion."""

    def __init__(self, app: AppContext, answers: Answers) -> None:
        super().__init__(app, answers)
        self.heading(
            "A passphrase",
            "It encrypts everything on this computer. Four or five words that do not belong together are better than "
            "a short password full of signs.",
        )
        self.first = QLineEdit()
        self.first.setEchoMode(QLineEdit.EchoMode.Password)
        self.field("Passphrase", self.first)
        self.strength = StrengthLine(app, self.first, lambda: (answers.name, answers.authorities))
        self.strength.suggested.connect(self._suggested)
        self.column.addWidget(self.strength)
        self.second = QLineEdit()
        self.second.setEchoMode(QLineEdit.EchoMode.Password)
        self.second.returnPressed.connect(self.try_forward)
        self.field("The same again", self.second)
        self._ask_office()
        self.buttons("Set up my records")

    def _ask_office(self) -> None:
        """Said openly, with neither answer chosen beforehand; asked only when the office's card is there."""
        self.office = QWidget()
        column = QVBoxLayout(self.office)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        question = "Let the national office unlock my records if I forget?"
        column.addWidget(label(question, "h3"))
        column.addWidget(
            label(
                "If you forget the passphrase and lose the paper, two people at the office can help you back in. They could "
                "also read your records if they had your laptop. You can change your mind under Settings.",
                "muted",
            )
        )
        self.let, self.let_not = QRadioButton("Yes, the office may help"), QRadioButton("No")
        for choice in (self.let, self.let_not):
            choice.setAccessibleDescription(question)
            column.addWidget(choice)
        self.column.addWidget(self.office)

    def enter(self) -> None:
        self.office.setVisible(self.answers.card is not None)
        self.first.setFocus()

    def problem(self) -> tuple[str, QWidget] | None:
        typed = self.first.text()
        if len(typed.strip()) < MIN_PASSPHRASE:
            return f"Use at least {MIN_PASSPHRASE} characters; four or five words are best.", self.first
        if typed != self.second.text():
            return "The two are not the same. Type the second again.", self.second
        if self.answers.card is not None and not (self.let.isChecked() or self.let_not.isChecked()):
            return "Say whether the office may help if you forget. No is fine.", self.let
        self.answers.office_may_unlock = self.answers.card is not None and self.let.isChecked()
        self.answers.passphrase = typed
        return None

    def forget(self) -> None:
        """Take the passphrase out of the fields once the records are made."""
        self.first.clear()
        self.second.clear()
        self.answers.passphrase = ""

    def _suggested(self) -> None:
        self.second.clear()
        self.second.setFocus()
