"""Waits on paper: against the weeks the law gives, and every wait reported in a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from desktop_app.reports import charts, counts, style, text
from desktop_app.reports.answers import answer_words
from desktop_app.reports.blocks import Story
from desktop_app.reports.view import Reading


def waits_part(story: Story, found: Sequence[charts.Wait]) -> None:
    """Waits against the statutory weeks, with the table of `counts.waits`."""
    story.chart(charts.waits(found))
    story.para(
        "The law gives an authority 6 weeks from a request to decide whether to assess, and 20 weeks to issue a final"
        " plan (Special Educational Needs and Disability Regulations 2014). Those limits are for education, health and"
        " care needs assessments; they are drawn beside the other waits for comparison.",
        "small",
    )
    story.space(6)


def waits_table(story: Story, readings: Sequence[Reading], *, records: bool = True) -> None:
    """Every wait reported, one row each; ``records`` False where they are all of one."""
    head: tuple[str, ...] = ("Service", "Waiting for", "Wait", "People", "As at")
    if records:
        with_record = (110.0, 86.0, 66.0, 72.0, 90.0, style.WIDTH - 424)
        story.table((*head, "Record"), _waits(readings), widths=with_record, row_heads=True)
    else:
        widths = (130.0, 96.0, 80.0, 78.0, style.WIDTH - 384)
        story.table(head, (row[:-1] for row in _waits(readings)), widths=widths, row_heads=True)


def _waits(readings: Sequence[Reading]) -> Iterator[list[str]]:
    for reading, row in counts.wait_rows(readings):
        by_name = {a.name: answer_words(a) for a in row if not a.aside}
        values = {a.name: a.value for a in row if a.counted}
        exact = {"exact": "exact", "estimate": "an estimate"}.get(values.get("wait_exact", ""), "")
        weeks = text.join(", ", [part for part in (by_name.get("wait_weeks", ""), exact) if part])
        still = {"yes": "still waiting", "no": "no longer waiting"}.get(values.get("wait_continues", ""), "")
        as_at = text.join("; ", [part for part in (by_name.get("wait_as_at", ""), still) if part])
        yield [
            by_name.get("wait_service", ""),
            by_name.get("wait_for", ""),
            weeks,
            by_name.get("wait_people", ""),
            as_at,
            reading.item.reference,
        ]
