"""Feedback on health and care in EHC plans, and who pays. Empty, or with what has been recorded."""

from __future__ import annotations

from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.feedback_specialist_services import behind, sheet

KIND = "feedback_health_care"


def used(prepared: Prepared) -> int:
    """How many records the sheet rests on."""
    return len(behind(prepared, KIND))


def build(prepared: Prepared, story: Story) -> str:
    return sheet(
        prepared,
        story,
        KIND,
        "Health and care",
        "What health and social care give to children with EHC plans, and who pays for what is agreed.",
    )
