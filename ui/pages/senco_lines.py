"""The lines of a SENCO meeting as the form holds them: read, added, marked and taken out, one undo step at a time.

The form's names (``notes/lines``, ``line_text`` …) are written here and nowhere else in the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.forms.form_page import FormPage

if TYPE_CHECKING:
    from desktop_app.forms.definition import Choice, Question

LINES = "/data/notes/lines"
ATTENDANCE = "/data/about/attendance"
NOT_AGREED = "not_agreed_yet"

# Short words for pills; the form's own labels are whole sentences.
CATEGORIES = {
    "plan_and_targets": "The plan",
    "access_and_consequences": "Access",
    "pressure_on_staff": "Staff pressure",
    "wider_pressures": "Wider pressures",
    "health_and_care": "Health and care",
    "talks_with_dfe": "Talks with the DfE",
    "something_else": "Anything else",
}
PERMISSIONS = {
    "quote": "May be quoted",
    "use_without_quoting": "Use without quoting",
    "background_only": "Background only",
    NOT_AGREED: "Not agreed yet",
}


@dataclass(frozen=True)
class NoteLine:
    """One line of the notes. ``row`` names it for good; ``path`` is where it stands now."""

    row: str
    path: str
    number: int
    text: str
    topic: str
    mark: str
    category: str
    permission: str
    action_role: str
    action_due: str


class MeetingLines:
    """The lines of the meeting on `form`'s page."""

    def __init__(self, form: FormPage) -> None:
        self.form = form

    def all(self) -> list[NoteLine]:
        """Every line, in order."""
        found = []
        for place, row in enumerate(self.form.session.rows(LINES)):
            held = row.held
            number = held.get("line_number", "")
            found.append(
                NoteLine(
                    row=row.id,
                    path=row.path,
                    number=int(number) if number.isdigit() else place + 1,
                    text=held.get("line_text", ""),
                    topic=held.get("line_topic", ""),
                    mark=held.get("line_mark", ""),
                    category=held.get("line_category", ""),
                    permission=held.get("line_permission", "") or NOT_AGREED,
                    action_role=held.get("line_action_role", ""),
                    action_due=held.get("line_action_due", ""),
                )
            )
        return found

    def line(self, row: str) -> NoteLine | None:
        return next((line for line in self.all() if line.row == row), None)

    def topics(self) -> list[Choice]:
        """The agenda, from the form."""
        return list(self._question("line_topic").choices)

    def choices(self, name: str) -> list[Choice]:
        """The choices of one of the line's questions (``line_category`` and so on)."""
        return list(self._question(name).choices)

    def add(self, topic: str, text: str) -> str:
        """A new line under an agenda item, numbered, "not agreed yet". Returns its row."""
        lines = self.all()
        empty = next((line for line in lines if not line.text and not line.topic), None)
        number = max((line.number for line in lines if line is not empty), default=0) + 1
        made = ""

        def do() -> None:
            nonlocal made
            session = self.form.session
            path = empty.path if empty is not None else session.add(LINES)
            for name, value in (
                ("line_number", str(number)),
                ("line_topic", topic),
                ("line_permission", NOT_AGREED),
                ("line_text", text),
            ):
                session.set(f"{path}/{name}", value)
            made = next(row.id for row in session.rows(LINES) if row.path == path)

        self.form.change(LINES, do)
        return made

    def type_text(self, row: str, text: str) -> None:
        """The words of a line as they are typed."""
        line = self.line(row)
        if line is not None and line.text != text:
            self.form.answer(f"{line.path}/line_text", text)

    def set(self, row: str, **answers: str) -> None:
        """Set some of a line's answers (mark, category, permission, action_role, action_due) in one step."""
        line = self.line(row)
        if line is None:
            return
        path = line.path

        def do() -> None:
            for name, value in answers.items():
                self.form.session.set(f"{path}/line_{name}", value)

        self.form.change(path, do)

    def remove(self, row: str) -> None:
        """Take a line out of the form."""
        line = self.line(row)
        if line is not None:
            path = line.path
            self.form.change(path, lambda: self.form.session.remove(path))

    def _question(self, name: str) -> Question:
        return self.form.session.form.question(f"{LINES}/{name}")


def attendance(form: FormPage) -> dict[str, str]:
    """How many came, by sector, as typed."""
    session = form.session
    found = {}
    for row in session.rows(ATTENDANCE):
        held = row.held
        if held.get("attendance_sector"):
            found[held["attendance_sector"]] = held.get("attendance_number", "")
    return found


def set_attendance(form: FormPage, sector: str, number: str) -> None:
    """Write how many came of one sector; nothing typed takes the row out."""
    session = form.session
    rows = {}
    spare = ""
    for row in session.rows(ATTENDANCE):
        held = row.held
        if held.get("attendance_sector"):
            rows[held["attendance_sector"]] = row.path
        elif not any(held.values()):
            spare = row.path

    def do() -> None:
        path = rows.get(sector, "")
        if not number.strip():
            if path:
                session.remove(path)
            return
        if not path:
            path = spare or session.add(ATTENDANCE)
            session.set(f"{path}/attendance_sector", sector)
        session.set(f"{path}/attendance_number", number.strip())

    form.change(ATTENDANCE, do)


def attendance_words(counts: dict[str, str], labels: dict[str, str]) -> str:
    """ "11 SENCOs: 7 primary, 3 secondary" - nothing when nobody has been counted."""
    numbers = {sector: int(number) for sector, number in counts.items() if number.isdigit() and int(number)}
    if not numbers:
        return ""
    total = sum(numbers.values())
    parts = ", ".join(f"{number} {_short(labels.get(sector, sector))}" for sector, number in numbers.items())
    return f"{total} SENCO{'s' if total != 1 else ''}: {parts}"


def _short(words: str) -> str:
    short = words.lower().replace("mainstream ", "").replace(" school", "")
    return "of another type" if short == "another type" else short
