"""What is to be done, by whom (a role) and by when; and which of the suggested actions nobody has taken up yet."""

from __future__ import annotations

from desktop_app.forms.wording import british_date
from desktop_app.reports import style, text
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.coverage import suggested_actions
from desktop_app.reports.parts import day, nothing_yet
from desktop_app.reports.view import MARK, Reading, authority_names

SHORT = 400
"""Letters of a meeting's line: a longer one is begun here and told in the minutes."""
_OPEN = ("in_hand", "to_do", "")


def build(prepared: Prepared, story: Story) -> str:
    actions = prepared.of("action")
    today = prepared.given.made.date().isoformat()
    open_ones = [a for a in actions if a.value("progress") in _OPEN]
    late = [a for a in open_ones if "" < a.value("due_on") < today]
    done = [a for a in actions if a.value("progress") == "done"]
    story.title("Actions", f"As at {day(prepared.given.made)}. Roles, not names.")
    story.key_figures(
        [
            KeyFigure(str(len(open_ones)), "to do or in hand"),
            KeyFigure(str(len(late)), "past their date"),
            KeyFigure(str(len(done)), "done"),
        ]
    )
    if not actions:
        nothing_yet(
            prepared, story, "No action", "Begin one with Ctrl+N, Action, or mark a line of a meeting as an action."
        )
    _part(
        story,
        "To do and in hand",
        sorted(open_ones, key=lambda a: (a.value("due_on") or "9999", a.item.reference)),
        today,
    )
    _part(story, "Done", sorted(done, key=lambda a: a.value("done_on"), reverse=True), "", when="Done on")
    _part(story, "Dropped", [a for a in actions if a.value("progress") == "dropped"], "", when="Was due by")
    _from_meetings(story, prepared)
    _agenda(story, prepared)
    taken = {a.value("ready_made") for a in actions}
    left = [what for name, what, _ in suggested_actions() if name not in taken]
    if left:
        story.section("Suggested by the union, not taken up here yet")
        story.bullets(left, name="cell")
    return "Actions"


def _part(story: Story, heading: str, listed: list[Reading], today: str, *, when: str = "By when") -> None:
    """Actions in a table; what is over needs no standing, its heading says it."""
    if not listed:
        return
    story.section(heading)
    rows = (_row(action, today) for action in listed)
    if today:
        widths = (style.WIDTH - 120 - 108 - 54, 120, 108, 54)
        story.table(("What", "Who", when, "Standing"), rows, widths=widths)
    else:
        story.table(("What", "Who", when), (row[:3] for row in rows), widths=(style.WIDTH - 230, 120, 110))


def _row(action: Reading, today: str) -> list[str]:
    due = action.value("due_on")
    late = bool(today) and "" < due < today
    date = british_date(due) or action.words("due_on") or "No date"
    if action.value("progress") == "done":
        date = british_date(action.value("done_on")) or action.words("done_on") or "No date"
    outcome = action.words("outcome")
    suggested = action.words("ready_made") if action.value("ready_made") not in ("", "own") else ""
    what = action.item.title + (f" {MARK}" if action.item.two_versions else "")
    if action.item.authorities:
        what += f" ({authority_names(action.item.authorities)})"
    return [
        "\n".join(part for part in (what, suggested and f"Suggested: {suggested}", outcome) if part),
        action.words("owner_role") or "No role yet",
        text.join("", [date, text.bold(" · late")]) if late else date,
        action.words("progress") or "To do",
    ]


def _from_meetings(story: Story, prepared: Prepared) -> None:
    """Lines of meetings marked as actions; when a record was made of one, it is in the list above too."""
    rows = []
    for meeting in prepared.of("senco_meeting"):
        made = {link.row for link in meeting.item.links if link.rel == "became"}
        lines = meeting.rows("lines")
        for row_id, row in zip(lines.ids, lines.rows, strict=False) if lines else ():
            said = {a.name: a for a in row if not a.aside}
            if "line_mark" in said and said["line_mark"].value == "action" and row_id not in made:
                words = [said[name].words if name in said else "" for name in ("line_text", "line_action_role")]
                words[0] = text.one_line(words[0], SHORT)  # the whole of it stands in the minutes
                due = said["line_action_due"].words if "line_action_due" in said else "No date"
                number = said["line_number"].words if "line_number" in said else ""
                rows.append([words[0], words[1] or "No role yet", due, f"{meeting.item.title}, line {number}"])
    if rows:
        story.section("Agreed at meetings, not an action of its own yet")
        story.table(("What", "Who", "By when", "Where it was agreed"), rows, widths=(style.WIDTH - 330, 120, 90, 120))


def _agenda(story: Story, prepared: Prepared) -> None:
    """School funding on the agenda, and copies of the briefing handed out."""
    rows = [
        [m.item.title, m.when, m.words("funding_on_agenda") or "Not said", m.words("briefing_copies") or "Not said"]
        for m in prepared.of("meeting")
        if m.get("funding_on_agenda") or m.get("briefing_copies")
    ]
    if rows:
        story.section("School funding on the agenda")
        story.table(
            ("Meeting", "When", "On the agenda", "Copies handed out"), rows, widths=(style.WIDTH - 300, 110, 90, 100)
        )
