"""A form changes while records exist: the next version of a record names the new form, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

from desktop_app.forms.earlier import earlier_answers
from desktop_app.forms.xform import load_form
from desktop_app.records.revision import FormRef
from desktop_app.services import recording
from desktop_app.services.history import history
from desktop_app.services.profile import Profile
from desktop_app.storage import drafts, revisions

FIRST = """| survey |
| | type | name | label |
| | text | title | What is it called? |
| | text | why | Why was that? |

| settings |
| | form_title | form_id | version | instance_name |
| | Trial | trial | 1 | ${title} |
"""
SECOND = FIRST.replace("| | text | why | Why was that? |", "| | text | how | How was that? |").replace("| 1 |", "| 2 |")


def add(profile: Profile, folder: Path, text: str) -> FormRef:
    path = folder / "trial.md"
    path.write_text(text, encoding="utf-8")
    form = load_form(path)
    profile.forms.use(form)
    return FormRef(form.id, form.version, form.package)


def test_the_next_version_names_the_new_form(branch: Profile, tmp_path: Path) -> None:
    first = add(branch, tmp_path, FIRST)
    made = recording.add_record(branch, "trial", {"title": "A case", "why": "Nobody said"}, state="ready").id
    second = add(branch, tmp_path, SECOND)
    opened = recording.open_record(branch, made)
    assert opened.form.package == first.package  # opening changes nothing
    assert opened.title == "A case"
    shown = recording.in_newest_form(branch, opened)
    assert (shown.form.package, shown.filled_with) == (second.package, opened.form)
    assert drafts.load(branch.store, made) is None
    recording.edit_record(branch, made, {"how": "By post"}, state="ready")
    newest = revisions.of_record(branch.store, made)[-1].revision
    assert newest.form == second
    assert newest.answers["how"] == "By post"
    (kept,) = earlier_answers(newest.answers)
    assert (kept.label, kept.value) == ("Why was that?", "Nobody said")
    told = history(branch, made)[0].changes
    assert [(change.label, change.after) for change in told] == [("How was that?", "By post")]


def test_an_older_form_never_takes_a_record_back(branch: Profile, tmp_path: Path) -> None:
    second = add(branch, tmp_path, SECOND)
    made = recording.add_record(branch, "trial", {"title": "A case", "how": "By post"}, state="ready").id
    branch.store.set_setting("forms_in_use", "{}")  # as on a laptop that has not had the office's reply
    branch.store.set_setting("forms_used_before", "{}")
    add(branch, tmp_path, FIRST)
    opened = recording.open_record(branch, made)
    assert recording.in_newest_form(branch, opened) is opened
    recording.edit_record(branch, made, {"how": "By hand"}, state="ready")
    assert revisions.of_record(branch.store, made)[-1].revision.form == second
