"""The office's charts: the reports' own drawing in the window's colours, a sentence for a screen reader, the numbers."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtGui import QColor
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel

from ui.chart_view import ChartView, coloured
from ui.theme import DARK, LIGHT


def _evidence(number: int) -> dict[str, Any]:
    return {
        "about": {
            "summary": f"Report {number}: the request came back.",
            "title": f"Report {number}",
            "area": "one_authority",
            "authorities": "886" if number % 2 else "878",
            "when_from": f"2026-0{1 + number % 3}-14",
            "topics": "access_and_consequences",
        },
        "access_and_consequences": {
            "c2_refuses_first_assessment": "yes",
            "waits": [
                {"_id": f"w{number}", "_order": "a0", "wait_service": "educational_psychology", "wait_weeks": "27"}
            ],
        },
    }


def test_the_charts_are_drawn_beside_their_numbers(office_desk: Any) -> None:
    def add(profile: Any) -> None:
        from desktop_app.services import recording

        for number in range(1, 6):
            recording.add_record(profile, "evidence", _evidence(number), state="ready")

    office_desk.db(add)
    page = office_desk.page("overview")
    page.figures.start.click()
    office_desk.settle()
    views = page.figures.findChildren(ChartView)
    assert [view.figure.name for view in views] == ["category", "month", "authority", "waits"]
    category, month, authority, waits = (view.figure for view in views)
    assert ("Access and consequences", "5") in category.rows
    assert month.rows == (("Jan 2026", "1"), ("Feb 2026", "2"), ("Mar 2026", "2"))
    assert authority.rows == (("Kent", "3", "3"), ("Devon", "2", "2"))
    assert waits.rows == (("Educational psychology", "5", "27", "27", "27"),)
    for view in views:
        assert view.drawing.accessibleDescription() == view.figure.alt
        shown = {each.text() for each in view.table.findChildren(QLabel)}
        assert {words for row in view.figure.rows for words in row} <= shown
        inside = view.drawing.grab().toImage()
        accent = QColor(office_desk.app.theme.colours.accent)
        seen = {inside.pixelColor(x, y).name() for x in range(0, inside.width(), 3) for y in range(inside.height())}
        assert accent.name() in seen, view.figure.name
    assert "As at" in page.figures.words.text()


def test_every_colour_of_a_drawing_is_the_windows() -> None:
    from desktop_app.reports import charts

    drawings = [
        charts.bars([charts.Bar("A & B", 5, 2), charts.Bar("C", None)], what="Category", part_name="with a concern"),
        charts.months([("Jan 2026", 3), ("Feb 2026", 0)]),
        charts.waits([charts.Wait("Speech therapy", (6.0, 31.5))]),
    ]
    for colours in (LIGHT, DARK):
        for drawing in drawings:
            svg = coloured(charts.to_svg(drawing), colours)
            assert b"{" not in svg and b"rgb(" not in svg
            assert QSvgRenderer(svg).isValid()
            used = set(re.findall(rb"#[0-9a-f]{6}", svg))
            assert colours.text.encode() in used and colours.accent.encode() in used


def test_records_with_two_versions_are_marked_beside_the_counts(office_desk: Any) -> None:
    def apart(profile: Any) -> None:
        from desktop_app.services import recording
        from desktop_app.services.content import Content
        from desktop_app.storage import revisions

        record = recording.add_record(profile, "evidence", _evidence(1), state="ready").id
        state = revisions.state(profile.store, record)
        for title in ("Mine", "Theirs"):
            content = Content.of_state(state).with_answer("about/title", title)
            recording.make_revision(profile, record, state.form, content, parents=state.heads, op="put")
        recording.refresh(profile, record)

    office_desk.db(apart)
    page = office_desk.page("overview")
    office_desk.settle()
    assert any("1 record with two versions, not yet decided" in words.text() for words in page.findChildren(QLabel))
