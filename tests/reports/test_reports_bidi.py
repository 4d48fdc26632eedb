"""Words that run from right to left: the order of the standard, lines broken as typed, standing at the right."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
import samples
from reportlab.pdfbase.ttfonts import shapeStr

from desktop_app.reports import bidi, page, readback, style, text
from desktop_app.reports.blocks import Story
from desktop_app.reports.righttoleft import BidiParagraph, paragraph
from desktop_app.reports.structure import Node

ARABIC = "طلبت المدرسة تقييمًا في شهر سبتمبر (رقم 24) ولم تسمع شيئا من Leeds City Council حتى الربيع."
HEBREW_LETTERS = {chr(65 + n): chr(0x5D0 + n) for n in range(22)}
ARABIC_LETTERS = dict(zip("ABCD", "بتثج", strict=True))


def order(words: str, base: int, letters: dict[str, str] = HEBREW_LETTERS) -> str:
    """The visual order, in the notation of UAX #9: capitals stand for letters that run from right to left."""
    typed = "".join(letters.get(c, c) for c in words)
    levels = bidi.levels(typed, base)
    places = bidi.visual(levels, base, typed)
    return "".join(bidi.mirrored(words[at]) if levels[at] % 2 else words[at] for at in places)


@pytest.mark.parametrize(
    ("typed", "base", "seen"),
    [
        # UAX #9, section 3.4 and the examples of rule N0.
        ("car means CAR.", 0, "car means RAC."),
        ("car MEANS CAR.", 1, ".RAC SNAEM car"),
        ("AB(CD[&ef]!)gh", 1, "gh(![ef&]DC)BA"),
        ("smith (fabrikam ARABIC) HEBREW", 1, "WERBEH (CIBARA fabrikam) smith"),
        ("ARABIC book(s)", 1, "book(s) CIBARA"),
        ("he said CAR 12.5 to me", 0, "he said 12.5 RAC to me"),
        ("A 1-2", 1, "1-2 A"),
    ],
)
def test_the_order_of_the_standard(typed: str, base: int, seen: str) -> None:
    assert order(typed, base) == seen


def test_numbers_after_arabic_letters_run_on_from_the_right() -> None:
    assert order("A 1-2", 1, ARABIC_LETTERS) == "2-1 A", "W2, W4: a minus does not join Arabic numbers"


def test_the_first_strong_letter_says_where_a_paragraph_begins() -> None:
    assert bidi.base_level("12 (محمد) said") == 1 and bidi.base_level("Mr محمد") == 0
    assert bidi.runs_right_to_left("Mr محمد") and not bidi.runs_right_to_left("Łódź ਸਿੰਘ")


def test_lines_are_broken_as_typed_and_nothing_is_lost() -> None:
    made = paragraph(ARABIC * 4, "body", Node("P", None))
    assert isinstance(made, BidiParagraph)
    made.wrap(300, 800)
    lines = made._lines or []
    assert len(lines) > 3
    assert all(line.right and line.width <= 300 for line in lines)
    read = " ".join("".join(run.read for run in line.runs).strip() for line in lines)
    assert " ".join(read.split()) == text.clean(ARABIC * 4)


def test_a_name_among_english_words_keeps_the_line_at_the_left() -> None:
    made = paragraph("The mother, محمد عبد الله, said so.", "body", Node("P", None))
    made.wrap(400, 800)
    (line,) = made._lines or []
    assert not line.right
    places = [run.x for run in line.runs]
    assert places == sorted(places) and [run.right_to_left for run in line.runs] == [False, True, False]


def test_a_word_wider_than_the_line_goes_on() -> None:
    made = paragraph("م" * 400, "body", Node("P", None))
    _, height = made.wrap(120, 9000)
    assert height > 15 * 5 and all(line.width <= 120 for line in made._lines or [])


def test_a_long_paragraph_goes_on_over_the_page_as_one_element() -> None:
    story = Story()
    story.title("محمد عبد الله")
    story.para(text.rich(ARABIC * 60))
    furniture = page.Furniture("Trial", "Shareable", "Trial", "Trial", samples.MADE)
    data = page.lay_out(story.flow, furniture)
    assert readback.page_count(data) > 1
    with pikepdf.open(io.BytesIO(data)) as pdf:
        document = pdf.Root.StructTreeRoot.K[0]
        assert [str(kid.S) for kid in document.K] == ["/H1", "/P"]
        assert b"/Lang(ar)" in pdf.pages[0].Contents.read_bytes()
    found = readback.plain(readback.text_of(data))
    assert "leedscitycouncil" in found


def test_addresses_in_a_line_from_the_right_are_links_where_they_stand() -> None:
    """Also one that is broken over two lines: a field on each, one element."""
    far = "https://example.org/?a=1&b=" + "a-long-way/" * 8 + "end"
    story = Story()
    story.title("T")
    story.para(f"{ARABIC} https://example.org/one {ARABIC} {far} {ARABIC}", links=True)
    furniture = page.Furniture("Trial", "Shareable", "Trial", "Trial", samples.MADE)
    data = page.lay_out(story.flow, furniture)
    with pikepdf.open(io.BytesIO(data)) as pdf, pypdfium2.PdfDocument(data) as drawn:
        fields = [(str(one.A.URI), [float(at) for at in one.Rect]) for one in pdf.pages[0].Annots]
        assert [address for address, _ in fields][:1] == ["https://example.org/one"]
        assert {address for address, _ in fields[1:]} == {far} and len(fields) == 3
        words = drawn[0].get_textpage()
        read = [words.get_text_bounded(left + 1, low, right - 1, high).strip() for _, (left, low, right, high) in fields]
        assert read[0] == "https://example.org/one" and far.startswith(read[1])
        assert sorted("".join(read[1:])) == sorted(far), "PDFium reads what begins a line from the right in its own order"
        (paragraph,) = [kid for kid in pdf.Root.StructTreeRoot.K[0].K if str(kid.S) == "/P"]
        links = [kid for kid in paragraph.K if isinstance(kid, pikepdf.Dictionary) and str(kid.get("/S", "")) == "/Link"]
        assert [sum("/Obj" in kid for kid in link.K if isinstance(kid, pikepdf.Dictionary)) for link in links] == [
            1,
            len(fields) - 1,
        ]


def _drawn(data: bytes, size: float, widths: list[float]) -> list[tuple[float, float]]:
    """Where each glyph of that size is drawn: points after the first one's pen, points above the line."""
    found: list[tuple[float, float]] = []
    at = rise = 0.0
    ours = False
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(operator) == "Tf":
                ours = float(operands[1]) == size
            elif str(operator) == "Ts":
                rise = float(operands[0])
            elif str(operator) in ("Tj", "TJ") and ours:
                for part in operands[0] if str(operator) == "TJ" else operands:
                    if isinstance(part, pikepdf.String):
                        for _ in bytes(part):
                            found.append((round(at, 2), round(rise, 2)))
                            at += widths[len(found) - 1] * size / 1000
                    else:
                        at -= float(part) * size / 1000
    return found


@pytest.mark.parametrize("word", ["شيئًا", "محمَّد", "سُئِلَ شيئًا مهمًّا", "שָׁלוֹם", "ਗੁਰਪ੍ਰੀਤ", "রক্ষণাবেক্ষণ"])
def test_every_mark_and_letter_stands_where_the_font_puts_it(word: str) -> None:
    """Marks above one another must not take the letters after them along."""
    story = Story()
    story.title("T")
    story.section(word)
    furniture = page.Furniture("Trial", "Shareable", "Trial", "Trial", samples.MADE)
    data = page.lay_out(story.flow, furniture)
    look = style.STYLES["h2"]
    shaped = shapeStr(text.clean(word), text._font_for(word[0]), look.fontSize, force=True).__shapeData__
    wanted, pen = [], 0.0
    for glyph in shaped:
        scale = look.fontSize / 1000
        wanted.append((pen + glyph.x_offset * scale, glyph.y_offset * scale))
        pen += glyph.x_advance * scale
    drawn = _drawn(data, look.fontSize, [glyph.width for glyph in shaped])
    assert len(drawn) == len(wanted) and any(up for _, up in drawn) == any(up for _, up in wanted)
    for one, other in zip(drawn, wanted, strict=True):
        assert one == pytest.approx(other, abs=0.05)
