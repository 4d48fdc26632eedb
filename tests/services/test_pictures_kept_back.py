"""Pictures: what the camera noted is gone, and those that show a person stay on this laptop whatever goes out."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from desktop_app.services import exporting, recording, reporting
from desktop_app.services.profile import Profile
from desktop_app.services.recording import attach
from desktop_app.storage import blobs

PLACE = "Canon of Zebedee Quillfeather"


def photo(path: Path) -> Path:
    """A picture that says with which camera, when and where it was taken."""
    picture = Image.new("RGB", (40, 30), (0, 128, sum(path.name.encode()) % 256))  # each its own
    notes = Image.Exif()
    notes[0x010F] = PLACE
    notes[0x0132] = "2026:11:20 10:11:12"
    notes.get_ifd(0x8825).update({1: "N", 2: (53.0, 48.0, 1.0), 3: "W", 4: (1.0, 33.0, 2.0)})
    if path.suffix == ".png":
        text = PngInfo()
        text.add_text("Author", PLACE)
        picture.save(path, exif=notes, pnginfo=text)
    else:
        picture.save(path, exif=notes)
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tiff"])
def test_camera_place_and_author_are_gone_from_what_is_kept(branch: Profile, tmp_path: Path, name: str) -> None:
    path = photo(tmp_path / name)
    with Image.open(path) as before:
        assert before.getexif().get(0x010F) == PLACE, "the picture said whose camera it was"
    record = recording.start(branch, "evidence", {"about": {"title": "A picture"}})
    blob = attach(branch, record, path, shows_person="no", question="attachments").blob
    kept = b"".join(blobs.read(branch.store, blob.sha256))
    assert PLACE.encode() not in kept and b"2026:11:20" not in kept
    with Image.open(io.BytesIO(kept)) as after:
        assert dict(after.getexif().get_ifd(0x8825)) == {} and after.getexif().get(0x010F) is None
        assert not {"exif", "Author", "xmp"} & set(after.info)
        assert after.size == (40, 30)


def test_a_picture_of_a_person_goes_out_in_nothing_but_a_copy_for_oneself(branch: Profile, tmp_path: Path) -> None:
    answers = {"about": {"title": "Two pictures", "summary": "Told", "permission": "quote", "authorities": "383"}}
    record = recording.start(branch, "evidence", answers)
    for name, shows in (("wall.jpg", "no"), ("faces.jpg", "yes"), ("perhaps.jpg", "not_sure")):
        attach(branch, record, photo(tmp_path / name), shows_person=shows, question="attachments")
    recording.mark_ready(branch, record)

    def named(audience: str) -> set[str]:
        exporting.export(branch, "sqlite", tmp_path / "x.db", audience=audience)
        with sqlite3.connect(tmp_path / "x.db") as database:
            found = {row[0] for row in database.execute("select name from attachments")}
        database.close()
        exporting.export(branch, "odk", tmp_path / "x.zip", audience=audience)
        with zipfile.ZipFile(tmp_path / "x.zip") as archive:
            assert {name.rpartition("/")[2] for name in archive.namelist() if name.endswith(".jpg")} == found
        return found

    assert named("own") == {"wall.jpg", "faces.jpg", "perhaps.jpg"}
    assert named("union") == {"wall.jpg"}
    exporting.export(branch, "csv", tmp_path / "shared.csv", audience="shareable")
    assert "jpg" not in "".join(path.read_text("utf-8-sig") for path in tmp_path.glob("shared*.csv"))
    from desktop_app.reports.readback import all_text_of

    made = reporting.make(branch, "record", [record], None, "shareable", tmp_path / "shared.pdf")
    assert "jpg" not in all_text_of(made.path.read_bytes())
