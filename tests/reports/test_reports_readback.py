"""A withheld word is found wherever a PDF can hide one: a file that holds it is never written."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Stream, String
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from desktop_app.paths import resource
from desktop_app.reports import readback

WORD = "Zebedee"
NAME = "Zebedee Quillfeather"
SECRET = "The head said that Zebedee would be left in the corridor until June"


def page(*lines: str, packed: bool = True, at: float = 72) -> bytes:
    """A PDF with these lines on one page, one under the other."""
    pdfmetrics.registerFont(TTFont("Read", str(resource("fonts", "SourceSans3-Regular.ttf"))))
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=int(packed))
    canvas.setFont("Read", 11)
    for number, line in enumerate(lines):
        canvas.drawString(at, 760 - 16 * number, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page("Nothing here."))) as pdf:
        change(pdf)
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    return out.getvalue()


def in_docinfo(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Keywords"] = String(f"SEND, {NAME}")


def in_xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as meta:
        meta["dc:description"] = f"About {NAME}"


def in_outline(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("1", 0))
        outline.root[0].children.append(OutlineItem(NAME, 0))


def in_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["data.txt"] = f"one,two\n{NAME}".encode()


def in_attachment_utf16(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["data.txt"] = f"one,two\n{NAME}".encode("utf-16")


def in_attachment_name(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[f"{NAME}.txt"] = b"nothing"


def in_alternative_text(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lost = pdf.make_indirect(Dictionary(S=Name.Figure, Alt=String(f"A drawing by {NAME}")))


def in_a_note(pdf: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=String(NAME))
    pdf.pages[0].Annots = Array([pdf.make_indirect(note)])


def in_a_link(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String("https://example.org/?pupil=Zebedee"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    pdf.pages[0].Annots = Array([link])


def in_a_field(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(Dictionary(T=String("name"), V=String(NAME)))]))


def in_a_packed_stream(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(Stream(pdf, f"<x>{NAME}</x>".encode()))


def in_deep_lists(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = Array([Array([Array([Dictionary(Deep=Array([String(NAME)]))])])])


@pytest.mark.parametrize(
    "place",
    [in_docinfo, in_xmp, in_outline, in_attachment, in_attachment_utf16, in_attachment_name, in_alternative_text,
     in_a_note, in_a_link, in_a_field, in_a_packed_stream, in_deep_lists],
)  # fmt: skip
def test_behind_the_page(place: Callable[[pikepdf.Pdf], None]) -> None:
    assert readback.words_in(changed(place), [WORD]) == [WORD]
    assert readback.words_in(changed(lambda _pdf: None), [WORD]) == []


@pytest.mark.parametrize(
    "lines",
    [
        (f"We met {NAME} there.",),
        ("We met Zebedee", "Quillfeather there."),
        ("We met Zebe-", "dee Quillfeather there."),
        ("We met Zebe\u2010", "dee Quillfeather there."),
        ("We met Zebe", "dee Quillfeather there."),
        ("We met Ze\u00adbe\u00addee Quill\u00adfeather there.",),
        ("WE MET ZEBEDEE QUILLFEATHER",),
        ("we met zebedee  quillfeather",),
        ("We met Zebedee\u00a0Quillfeather.",),
    ],
)  # fmt: skip
def test_on_the_page_however_it_is_broken(lines: tuple[str, ...]) -> None:
    for packed in (True, False):
        assert readback.words_in(page(*lines, packed=packed), [NAME]) == [NAME], lines


def test_outside_the_page_and_in_its_name() -> None:
    assert readback.words_in(page(NAME, at=-900), [NAME]) == [NAME]
    assert readback.words_in(page("Nothing."), [NAME], name="zebedee quillfeather 2026") == [NAME]


def test_other_forms_of_the_same_letters() -> None:
    for written in ("Siân Prydderch", unicodedata.normalize("NFD", "Siân Prydderch"), "Siân\u00a0Prydderch"):
        for sought in ("Siân Prydderch", unicodedata.normalize("NFD", "Siân Prydderch")):
            assert readback.words_in(page(f"Told {written} so."), [sought]) == [sought]
    assert readback.words_in(page("The o\ufb03ce of Gri\ufb03ths"), ["Griffiths"]) == ["Griffiths"]


def test_an_ordinary_word_in_small_letters_is_the_word() -> None:
    assert readback.words_in(page("They will hope for a grace period."), ["Will", "Hope", "Grace"]) == []
    assert readback.words_in(page("So Grace said, and HOPE."), ["Will", "Hope", "Grace"]) == ["Hope", "Grace"]
    assert readback.words_in(page("Zebedees and Kaydenne."), ["Zebedee", "Kayden"]) == ["Zebedee"], (
        "the plural is the name"
    )


def test_a_withheld_answer_is_found_broken_and_in_other_cases() -> None:
    halves = (SECRET[:31] + "-", SECRET[31:])
    for lines in ((SECRET,), halves, (SECRET.upper(),), (SECRET[:40], SECRET[40:])):
        assert readback.found_in(page(*lines), [SECRET]) == [SECRET], lines
    assert readback.found_in(page("The head said nothing."), [SECRET]) == []
    assert readback.found_in(page(SECRET), [SECRET], agreed=[f"Another wrote: {SECRET}."]) == []
    assert readback.found_in(changed(in_attachment), [f"two {NAME}"]) == [f"two {NAME}"]


def test_a_short_answer_is_found_apart_because_it_proves_nothing_alone() -> None:
    """It also stands in headings, names of places and other people's words (`refusing` tries what it means)."""
    said = ["Leeds: three terms. Leeds,", "twelve terms."]
    for short in ("Leeds", "three terms!", "terms"):  # at most eleven letters, as they are compared
        assert readback.Check([short]).of(said) == ([], [], [short])
        assert readback.found_in(page(*said), [short]) == []
    assert readback.Check(["L", "eds", "eleven"]).of(said) == ([], [], [])
    assert readback.Check(["Leeds"]).of(said, agreed=["In Leeds it is so."]) == ([], [], [])
    assert readback.Check(["twelve terms on"]).of(["In all twelve terms on end."]) == (["twelve terms on"], [], [])
    assert readback.how_often(said, ["Leeds", "terms"]) == {"Leeds": 2, "terms": 2}
    told = resource("help", "privacy-check.md").read_text(encoding="utf-8")
    assert readback.SHORTEST == 12 and "answers of twelve letters and more" in " ".join(told.split())


def test_a_font_or_a_picture_is_not_read_as_words(tmp_path: Path) -> None:
    from PIL import Image

    out = tmp_path / "picture.pdf"
    canvas = Canvas(str(out))
    picture = tmp_path / "p.png"
    Image.new("RGB", (64, 64), "teal").save(picture)
    canvas.drawImage(str(picture), 72, 600)
    canvas.save()
    assert len(readback.hidden_text_of(out.read_bytes())) < 3_000


def test_the_real_letters_of_shaped_words_are_read() -> None:
    import samples

    from desktop_app.reports import page as pages
    from desktop_app.reports.blocks import Story

    story = Story()
    story.title("Names")
    story.para("The mother, محمد عبد الله, and ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ waited.")
    data = pages.lay_out(story.flow, pages.Furniture("Trial", "Shareable", "Trial", "Trial", samples.MADE))
    for name in ("محمد عبد الله", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"):
        assert readback.words_in(data, [name]) == [name]


def test_strings_with_brackets_escapes_and_no_object_pointing_to_them() -> None:
    from desktop_app.reports.scan import texts

    written = rb"1 0 obj <</A(one \(two\) \132ebedee)/B<FEFF005A>/C(deep (inside) it)>> endobj"
    assert list(texts(written)) == ["one (two) Zebedee", "deep (inside) it", "Z"]
