"""What Home says is due: by date, however old the record is, and nothing that is finished."""

from __future__ import annotations

from datetime import date

from desktop_app.services import actions, recording
from desktop_app.services.profile import Profile


def _action(profile: Profile, title: str, due: str = "", progress: str = "", state: str = "draft") -> str:
    about = {"title": title, "due_on": due, "progress": progress}
    added = recording.add_record(profile, "action", {"about": {k: v for k, v in about.items() if v}}, state=state)
    return added.id


def test_the_earliest_come_first_and_those_without_a_day_last(branch: Profile) -> None:
    _action(branch, "late since October", "2026-10-01")
    for number in range(70):  # more than any page of a list, all newer
        _action(branch, f"some day {number}")
    _action(branch, "in December", "2026-12-03")
    found = actions.next_due(branch, 3)
    assert [each.due for each in found] == [date(2026, 10, 1), date(2026, 12, 3), None]


def test_what_is_done_dropped_or_taken_back_is_not_due(branch: Profile) -> None:
    done = _action(branch, "done", "2026-11-01", "done")
    dropped = _action(branch, "dropped", "2026-11-02", "dropped")
    taken = _action(branch, "taken back", "2026-11-03", state="ready")
    recording.take_back(branch, taken)
    open_ = _action(branch, "still open", "2026-11-04", "in_hand")
    found = [each.record for each in actions.next_due(branch, 9)]
    assert found == [open_]
    assert not {done, dropped, taken} & set(found)
