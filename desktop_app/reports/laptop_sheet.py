"""One page for the data protection officer when a laptop is lost: whom to tell, the 72 hours, what was on it in counts."""

from __future__ import annotations

from datetime import datetime

from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.parts import day


def build(prepared: Prepared, story: Story) -> str:
    """The options ``officer``, ``noticed``, ``until`` (ISO), ``words``, ``records`` and ``groups`` (heading, lines)."""
    options = prepared.given.options
    story.title("If this laptop is lost", "For the union’s data protection officer. Counts only: no words of any record.")
    noticed, until = str(options.get("noticed", "")), str(options.get("until", ""))
    story.section("Whom to tell, and by when")
    officer = str(options.get("officer", "")) or "Ring the national office and ask for the data protection officer."
    story.facts(
        [
            ("Data protection officer", officer),
            ("Noticed", _when(noticed) or "____________________ (day and time)"),
            ("72 hours end", _when(until) or "____________________ (72 hours after that)"),
            ("Branch", str(prepared.given.branch)),
            ("Six words of this laptop", str(options.get("words", ""))),
            ("Counted", day(prepared.given.made)),
        ]
    )
    story.section(f"What was on it: {int(options.get('records', 0)):,} records, encrypted")
    for heading, lines in options.get("groups", ()):
        story.para(str(heading), "strong")
        story.facts([(str(words), f"{int(count):,}") for words, count in lines])
    story.section("What to do")
    story.bullets(
        [
            "Ring now; do not wait until everything is known.",
            "Say when and where it was last in your hands, whether it was locked, and where the spare key on paper was.",
            "Ask the office to stop accepting this laptop.",
            "Write down whom you told, when, and what you were told.",
        ]
    )
    return "If this laptop is lost"


def _when(iso: str) -> str:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return ""
    return f"{day(moment)}, {moment:%H:%M}"
