"""A form that begins with what the record before it said (``${last-saved#…}`` in a spreadsheet)."""

from __future__ import annotations

from pathlib import Path

from desktop_app.forms.xform import load_form
from desktop_app.services import recording
from desktop_app.services.profile import Profile

FORM = """| survey |
| | type | name | label | default |
| | text | street | Which street? | ${last-saved#street} |
| | text | house | Which house? | |

| settings |
| | form_title | form_id | version |
| | Visits | visits | 1 |
"""


def street(profile: Profile, record: str) -> str:
    return str(recording.open_record(profile, record).content.answers.get("street", ""))


def test_a_new_record_begins_with_the_last_one(branch: Profile, tmp_path: Path) -> None:
    path = tmp_path / "visits.md"
    path.write_text(FORM, encoding="utf-8")
    branch.forms.use(load_form(path))
    first = recording.start(branch, "visits")
    assert street(branch, first) == ""
    recording.edit_record(branch, first, {"street": "Mill Lane"}, state="draft")
    second = recording.start(branch, "visits")
    assert street(branch, second) == "Mill Lane"
    recording.edit_record(branch, second, {"street": "High Street"}, state="ready")
    assert street(branch, recording.start(branch, "visits")) == "High Street"
    assert street(branch, first) == "Mill Lane"
