"""The spare key on paper: opens the records when the passphrase is forgotten."""

from __future__ import annotations

from reportlab.graphics.shapes import Drawing, Rect

from desktop_app.errors import ReportError
from desktop_app.reports import square, style, text
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.parts import day


def build(prepared: Prepared, story: Story) -> str:
    """The options ``spare_key``, ``name``, ``words`` and ``folder`` say whose key it is."""
    options = prepared.given.options
    key = str(options.get("spare_key", ""))
    if not key:
        raise ReportError("There is no spare key to print.", safe="Nothing was made.")
    story.title(
        "Spare key", "This opens your records if you forget your passphrase. Keep it on paper, away from the laptop."
    )
    groups = text.clean(key).replace("-", " - ").split(" - ")
    story.section("The key")
    lines = [" - ".join(groups[start : start + 4]) for start in range(0, len(groups), 4)]
    for line in lines:
        story.para(line, "figure_words")
    story.space(14)
    story.figure(square_code(key), "The same key as a square code, to photograph with another device.")
    story.section("Whose it is")
    story.facts(
        [
            ("Branch or office", str(options.get("name", ""))),
            ("Made", day(prepared.given.made)),
            ("Six words of this laptop", str(options.get("words", ""))),
            ("The records lie in", str(options.get("folder", ""))),
        ]
    )
    story.section("What to do with it")
    story.bullets(
        [
            (
                "Put this sheet where you keep other papers that matter: not in the laptop bag, not in a photograph in"
                " the cloud."
            ),
            (
                "Whoever has this sheet and the laptop can read your records. If the sheet is lost, make a new spare key"
                " under Settings: this one then opens nothing."
            ),
            (
                "To use it: open Branch Evidence, choose “Use the spare key on paper”, and type the key."
                " Small mistakes are noticed and named."
            ),
            "Delete this file when it is printed.",
        ]
    )
    return "Spare key"


def square_code(words: str, module: float = 4.2) -> Drawing:
    """A QR code as vectors: rows of dark modules as rectangles."""
    matrix = square.dark(words)
    side = len(matrix) * module
    drawing = Drawing(side, side)
    for down, row in enumerate(matrix):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                drawing.add(
                    Rect(
                        start * module,
                        side - (down + 1) * module,
                        (end - start) * module,
                        module,
                        fillColor=style.INK,
                        strokeColor=None,
                    )
                )
            start = end + 1
    return drawing
