"""What is to be done, by whom (a role) and by when; and which of the suggested actions nobody has taken up yet."""

from __future__ import annotations

from desktop_app.forms.wording import british_date
from desktop_app.reports import style
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.coverage import suggested_actions
from desktop_app.reports.parts import day, nothing
from desktop_app.reports.view import MARK, Reading, authority_names

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
        nothing(story, "No action is recorded.")
    _part(
        story,
        "To do and in hand",
        sorted(open_ones, key=lambda a: (a.value("due_on") or "9999", a.item.reference)),
        today,
    )
    _part(story, "Done", sorted(done, key=lambda a: a.value("done_on"), reverse=True), "")
    _part(story, "Dropped", [a for a in actions if a.value("progress") == "dropped"], "")
    taken = {a.value("ready_made") for a in actions}
    left = [what for name, what, _ in suggested_actions() if name not in taken]
    if left:
        story.section("Suggested by the union, not taken up here yet")
        story.bullets(left)
    return "Actions"


def _part(story: Story, heading: str, listed: list[Reading], today: str) -> None:
    if not listed:
        return
    story.section(heading)
    rows = []
    for action in listed:
        due = action.value("due_on")
        late = " · late" if today and "" < due < today else ""
        when = british_date(action.value("done_on")) if action.value("progress") == "done" else ""
        outcome = action.words("outcome")
        what = action.item.title + (f" {MARK}" if action.item.two_versions else "")
        if action.item.authorities:
            what += f" ({authority_names(action.item.authorities)})"
        rows.append(
            [
                what + (f"\n{outcome}" if outcome else ""),
                action.words("owner_role") or "No role yet",
                when or ((british_date(due) or action.words("due_on") or "No date") + late),
                action.words("progress") or "To do",
            ]
        )
    story.table(
        ("What", "Who", "By when" if today else "When", "Standing"),
        rows,
        widths=(style.WIDTH - 120 - 104 - 58, 120, 104, 58),
    )
