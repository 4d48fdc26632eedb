"""Remove these words everywhere: afterwards no table, no undo and no file made later holds them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.errors import UsageProblem
from desktop_app.paths import ProfilePaths
from desktop_app.services import profile as profiles
from desktop_app.services import recording
from desktop_app.services.profile import Profile
from desktop_app.services.removing import remove_words
from desktop_app.storage import drafts, revisions
from desktop_app.storage.keys import KdfCost

NAME = "Zebedee Quillfeather"


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    made = profiles.create(
        ProfilePaths(tmp_path / "records"), role="branch", name="Leeds", passphrase="four plain words here",
        authorities=("383",), cost=KdfCost(1, 8 * 2**20),
    )  # fmt: skip
    yield made.profile
    made.profile.close()


def everything(profile: Profile) -> str:
    """Every text and blob of every table, as one reads it with the key."""
    tables = [row[0] for row in profile.store.rows("select name from sqlite_master where type = 'table'")]
    parts: list[str] = []
    for table in tables:
        for row in profile.store.rows(f'select * from "{table}"'):
            parts += [v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row]
    return "\n".join(parts).casefold()


def story(words: str) -> dict[str, object]:
    return {"about": {"summary": words, "title": f"About {NAME}", "authorities": "383", "area": "one_authority"}}


def test_a_draft_and_what_could_be_undone(profile: Profile) -> None:
    record = recording.start(profile, "evidence", story(f"{NAME} waited; zebedee  quillfeather's mum rang."))
    opened = recording.open_record(profile, record)
    drafts.push(profile.store, record, opened.content.as_json())
    removed = remove_words(profile, record, NAME, "Pupil A")
    assert (removed.places, removed.shredded, removed.sent) == (3, 0, False)
    about = recording.open_record(profile, record).content.answers["about"]
    assert about["summary"] == "Pupil A waited; Pupil A's mum rang." and about["title"] == "About Pupil A"
    assert drafts.undo(profile.store, record) is None
    assert "quillfeather" not in everything(profile)


def test_versions_that_were_never_sent_are_shredded(profile: Profile) -> None:
    record = recording.add_record(profile, "evidence", story(f"{NAME} waited."), state="ready").id
    recording.edit_record(profile, record, {"about": {"summary": "Nobody is named."}}, state="ready")
    recording.edit_record(profile, record, {"about": {"summary": f"A draft names {NAME} again."}})
    assert "quillfeather" in everything(profile)
    removed = remove_words(profile, record, NAME)
    assert removed.shredded >= 2 and not removed.sent
    assert "quillfeather" not in everything(profile)
    opened = recording.open_record(profile, record)
    assert opened.has_draft and opened.content.answers["about"]["summary"] == "A draft names again."
    recording.mark_ready(profile, record)
    assert revisions.state(profile.store, record).two_versions == ()  # type: ignore[union-attr]


def test_what_was_sent_is_said_and_the_next_version_is_without_it(profile: Profile) -> None:
    record = recording.add_record(profile, "evidence", story(f"{NAME} waited."), state="ready").id
    (rev,) = revisions.unsent(profile.store, record)
    profile.store.conn.execute("insert into pack_revisions(pack, rev) values('p', ?)", (rev,))
    removed = remove_words(profile, record, NAME, "a pupil in Year 4")
    assert removed.sent and removed.shredded == 0
    assert recording.open_record(profile, record).content.answers["about"]["summary"] == "a pupil in Year 4 waited."


def test_nothing_is_not_removed(profile: Profile) -> None:
    record = recording.start(profile, "evidence", story("Nothing."))
    for words, instead in ((" ", ""), ("Ann", "Ann B")):
        with pytest.raises(UsageProblem):
            remove_words(profile, record, words, instead)


def test_a_name_at_the_start_of_a_line_and_one_broken_over_two_are_seen_in_earlier_versions(profile: Profile) -> None:
    told = f"It went on for a year.\n{NAME} waited, and Quill-\nfeather's mum rang."
    record = recording.add_record(profile, "evidence", {"about": {"summary": told}}, state="ready").id
    (rev,) = revisions.unsent(profile.store, record)
    profile.store.conn.execute("insert into pack_revisions(pack, rev) values('p', ?)", (rev,))
    assert remove_words(profile, record, NAME).sent
    assert remove_words(profile, record, "Quillfeather").sent
    recording.edit_record(
        profile, record, {"about": {"summary": "Nothing left; the Quill-\nfeathers moved."}}, state="ready"
    )
    recording.edit_record(profile, record, {"about": {"summary": "Nothing left."}}, state="ready")
    assert remove_words(profile, record, "Quillfeather").shredded >= 1
    assert "feathers" not in everything(profile)
