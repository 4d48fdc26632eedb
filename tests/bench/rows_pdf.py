"""A report of 200 records, tagged, against the same report with nothing of the tagging done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ground import answers, new_profile
from measure import Row, milliseconds, paired

from desktop_app.services import recording, reporting
from desktop_app.storage.projection import Filters

ITEMS = 200


def pdf_row(folder: Path) -> Row:
    profile = new_profile(folder / "pdf")
    for number in range(ITEMS):
        given = answers(number)
        given["about"]["authorities"] = "886"
        recording.add_record(profile, "evidence", given, (), "ready")
    asked = reporting.prepare(profile, "authority_dossier", (), Filters(authority="886"), "union")
    _lay_out(asked, tagged=True)
    row = paired(
        f"{ITEMS} records as a tagged PDF",
        lambda: milliseconds(lambda: _lay_out(asked, tagged=True)),
        "the same pages, untagged platypus",
        lambda: milliseconds(lambda: _lay_out(asked, tagged=False)),
        at_most=1.15,
        rounds=5,
    )
    profile.close()
    return row


def _lay_out(asked: Any, *, tagged: bool) -> None:
    from desktop_app.reports import page, registry
    from desktop_app.reports.audience import prepare
    from desktop_app.reports.blocks import Story

    layout = page.Layout(page.Furniture("Trial", "For the union only", "Trial", "Trial", asked.made))
    if not tagged:
        layout._template.canv.__class__ = _untagged()
    story = Story(layout.take)
    registry.report(asked.kind).build(prepare(asked), story)
    layout.take(story.flow)
    layout.close("Trial")


def _untagged() -> Any:
    """Our canvas with every step that only tagging needs left out."""
    from reportlab.pdfgen.canvas import Canvas

    from desktop_app.reports import page

    def nothing(*_: Any, **__: Any) -> str:
        return ""

    steps = dict.fromkeys(("begin", "end", "artifact", "place", "open_mark", "linkURL"), nothing)
    return type("Untagged", (page._Canvas,), {**steps, "_setAnnotations": Canvas._setAnnotations})
