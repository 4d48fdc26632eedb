"""A SENCO telephones: "take out line 2". The words go from the branch, and the next file takes them from the office."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from exchange_world import introduce

from desktop_app.services import meetings, receiving, recording, sending
from desktop_app.services.profile import Profile
from desktop_app.storage.projection import Filters

SAID = "The heron of the canal came back"  # words that stand nowhere else
NOTES = {
    "about": {"title": "SENCOs in November", "authorities": "383", "held_on": "2026-11-19"},
    "notes": {
        "lines": [
            {"line_text": "Forms grew from four pages to eleven", "line_topic": "experiences", "line_mark": "note"},
            {"line_text": SAID, "line_topic": "pressures", "line_mark": "evidence", "line_permission": "quote"},
        ]
    },
}


def test_a_line_taken_out_after_sending_is_gone_at_the_office(
    make_profile: Callable[..., Profile], tmp_path: Path
) -> None:
    branch, office = make_profile("Leeds", authorities=("383",)), make_profile("National office", role="office")
    introduce(branch, office, tmp_path / "cards")
    meeting = meetings.start_meeting(branch, NOTES)
    (made,) = meetings.make_records(branch, meeting)
    for record in (meeting, made):
        recording.mark_ready(branch, record)
    receiving.receive(office, [pack.path for pack in sending.send(branch, tmp_path / "one").packs])
    assert {row.id for row in recording.search(office, "heron", Filters()).rows} == {meeting, made}

    row = next(line.row for line in meetings.lines(recording.open_record(branch, meeting).content) if line.number == 2)
    assert meetings.take_out_line(branch, meeting, row) == [meeting, made]
    assert recording.open_record(branch, made).standing_code == "taken_back"
    receiving.receive(office, [pack.path for pack in sending.send(branch, tmp_path / "two").packs])

    there = recording.open_record(office, meeting)
    assert [(line.number, line.text) for line in meetings.lines(there.content)] == [
        (1, "Forms grew from four pages to eleven")
    ]
    assert SAID not in str(there.content.as_json())
    assert all(link.record != made for link in there.content.links)
    assert recording.open_record(office, made).standing_code == "taken_back"
    assert meeting not in {found.id for found in recording.search(office, "heron", Filters()).rows}
