"""What stands inside attached files is found too, in real files; what cannot be read is counted and said."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from exchange_world import ready
from PIL import Image
from reportlab.pdfgen import canvas

from desktop_app.services import attachments, inside, keeping, recording, rights
from desktop_app.services.inside import words_inside
from desktop_app.services.profile import Profile

WORDS = "Mrs Ångström of the panel"


def docx(path: Path, words: str = WORDS) -> None:
    """As Word writes it: one name torn over several runs, in a document with a header of its own."""
    torn = "".join(f"<w:r><w:t xml:space='preserve'>{part}</w:t></w:r>" for part in (words[:6], words[6:]))
    body = f"<w:document><w:body><w:p>Fees &amp; refusals</w:p><w:p>{torn}</w:p></w:body></w:document>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", body)
        packed.writestr("word/header1.xml", "<w:hdr><w:p>Only in the header</w:p></w:hdr>")
        packed.writestr("word/media/image1.png", b"Mrs Picture")


def xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(3, 2, WORDS)


def odt(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("content.xml", f"<office><text:p>{WORDS[:5]}<text:span>{WORDS[5:]}</text:span></text:p></office>")


def pdf(path: Path) -> None:
    page = canvas.Canvas(str(path))
    page.drawString(72, 700, "Mrs Angstrom of the panel")
    page.save()


MAKERS: dict[str, Callable[[Path], object]] = {
    "letter.docx": docx,
    "table.xlsx": xlsx,
    "notes.odt": odt,
    "minutes.pdf": pdf,
    "plain.txt": lambda path: path.write_text(WORDS, "utf-8"),
    "windows.txt": lambda path: path.write_bytes(WORDS.encode("cp1252")),
    "notepad.csv": lambda path: path.write_bytes(f"name,\n{WORDS},".encode("utf-16")),
    "old.rtf": lambda path: path.write_bytes(b"{\\rtf1\\ansi Mrs \\'c5ngstr\\'f6m of the panel}"),
    "page.html": lambda path: path.write_text(f"<p>{WORDS[:7]}<b>{WORDS[7:]}</b></p>", "utf-8"),
}


@pytest.mark.parametrize("name", MAKERS)
def test_words_are_read_out_of_a_file(name: str, tmp_path: Path) -> None:
    MAKERS[name](tmp_path / name)
    said = words_inside((tmp_path / name).read_bytes(), name)
    assert said is not None
    assert "mrs angstrom of the panel" in rights.plain(" ".join(said.split()))


def test_what_cannot_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docx(tmp_path / "a.docx")
    whole = (tmp_path / "a.docx").read_bytes()
    said = words_inside(whole, "a.docx")
    assert said is not None and "Only in the header" in said and "Fees & refusals" in said and "Picture" not in said
    assert words_inside(whole[: len(whole) // 2], "a.docx") is None
    assert words_inside(b"no document at all", "a.docx") is None
    assert words_inside(b"%PDF-1.4 broken", "a.pdf") is None
    Image.new("RGB", (4, 4)).save(tmp_path / "scan.png")
    assert words_inside((tmp_path / "scan.png").read_bytes(), "scan.png", "image/png") is None
    monkeypatch.setattr(inside, "MOST_BYTES", 60)
    assert words_inside(whole, "a.docx") is None, "a document that unpacks to too much is not read"


def find(profile: Profile, words: str, *, look_inside: bool = True) -> rights.Search:
    return keeping.drained(rights.find(profile, words, inside=look_inside))


def test_everything_about_a_word_looks_inside_attached_files(branch: Profile, tmp_path: Path) -> None:
    first, second = ready(branch, "One."), ready(branch, "Two.")
    docx(tmp_path / "letter.docx")
    Image.new("RGB", (4, 4)).save(tmp_path / "scan.png")
    for record in (first, second):
        recording.attach(branch, record, tmp_path / "letter.docx", shows_person="no", question="attachments")
    recording.attach(branch, second, tmp_path / "scan.png", shows_person="no", question="attachments")
    search = find(branch, "ANGSTROM")
    assert {one.record for one in search.found} == {first, second}
    (place,) = search.found[0].places
    assert place.where == "Inside the attached file “letter.docx”"
    assert "of the panel" in place.words and not place.earlier
    assert (search.read, search.unread) == (1, 1), "a file on two records is read once; the scan is counted"
    assert find(branch, "ANGSTROM", look_inside=False).found == []


def test_a_file_that_hangs_on_an_earlier_version_only_is_found_there(branch: Profile, tmp_path: Path) -> None:
    record = ready(branch, "One.")
    docx(tmp_path / "letter.docx")
    blob = recording.attach(branch, record, tmp_path / "letter.docx", shows_person="no", question="attachments").blob
    recording.mark_ready(branch, record)
    without = attachments.detach(recording.open_record(branch, record).content, blob.sha256)
    recording.save_draft(branch, record, without)
    recording.mark_ready(branch, record)
    (one,) = find(branch, "ångström").found
    assert [place.earlier for place in one.places] == [True]


def test_a_name_inside_a_document_is_told_when_it_is_attached(branch: Profile, tmp_path: Path) -> None:
    record = ready(branch, "One.")
    docx(tmp_path / "letter.docx", "Mrs Catherine Sample told us")
    attached = recording.attach(branch, record, tmp_path / "letter.docx", shows_person="no", question="attachments")
    assert attached.checked
    assert any("Sample" in finding.text for finding in attached.findings)
