"""The one place where people's text becomes markup: whatever is typed is printed, and nothing typed is obeyed."""

from __future__ import annotations

import unicodedata

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.reports import page, readback, style, text
from desktop_app.reports.blocks import Story


def printed(*words: str) -> str:
    story = Story()
    story.title("T")
    for part in words:
        story.prose(part)
    furniture = page.Furniture("Trial", "Shareable", "T", "", samples.MADE)
    return readback.text_of(page.lay_out(story.flow, furniture))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_printed(words: str) -> None:
    assert "Page 1 of" in printed(words)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>&;/abfont img='\"#=x {}[]\n", max_size=120))
def test_markup_is_printed_not_obeyed(words: str) -> None:
    assert readback.plain(words) in readback.plain(printed("begin " + words + " end"))


@pytest.mark.parametrize(
    "words",
    [
        "<b>unclosed",
        "<img src='/etc/hostname'/>",
        "<img src='http://example.org/x.png'/>",
        "</para><para fontSize=40>",
        "<font color='[__import__(\"os\")]'>",
        "&copy y &#x110000; AT&T a < b",
        "<onDraw name='be-span' label='x'/>",
        "<a href='javascript:alert(1)'>x</a>",
        "\x01\x00\x02",
    ],
)
def test_known_traps(words: str) -> None:
    shown = printed(words)
    assert readback.plain(words) in readback.plain(shown)


def test_letters_of_welsh_polish_turkish_czech_are_whole() -> None:
    words = "ŵŷẁẃẅỳ ŴŶ ŻŹĆŁ ąęśó İıŞğ řůĺž őű"
    assert words in printed(words)


def test_what_no_font_draws_is_named_or_boxed() -> None:
    shown = printed("see 😀 and 李明 and a\u202egnp.exe\u202c")
    assert "[grinning face]" in shown
    assert "□□" in shown
    assert "\u202e" not in shown and "agnp.exe" in shown


def test_scripts_are_shaped_only_where_they_stand() -> None:
    mixed = text.rich("Mr (محمد عبد الله), teacher")
    assert mixed.shaped and "NotoNaskhArabic" in mixed
    assert not text.rich("Mr Smith, ŵŷ").shaped
    assert "be-span" not in mixed, "a paragraph with right-to-left words says their letters itself"
    punjabi = text.rich("Mr ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ, teacher")
    digits = "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ".encode("utf-16-be").hex().upper()
    assert mixed.bidi and not punjabi.bidi
    assert digits in punjabi, "the real letters travel beside the shaped ones"


def test_shaped_words_lose_no_letter_when_read_back() -> None:
    shown = unicodedata.normalize("NFC", printed("name ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ here"))
    assert "ਗੁਰਪ੍ਰੀਤ" in shown


def test_a_megabyte_is_printed_whole_and_soon() -> None:
    words = " ".join(f"w{n}" for n in range(40_000))
    shown = printed(words)
    assert "w39999" in shown and "w20000" in shown


def test_pieces_keep_every_word() -> None:
    words = "One. " * 2000 + "\n\n" + "x" * 9000 + "\n\n" + "last"
    parts = text.pieces(words)
    assert max(map(len, parts)) <= text.PARAGRAPH_LIMIT
    assert "".join("".join(parts).split()) == "".join(words.split())


def test_long_words_do_not_leave_the_page() -> None:
    import io

    import pypdfium2

    story = Story()
    story.title("W" * 200)
    story.prose("W" * 500)
    story.table(("A", "B"), [["W" * 80, "i" * 200]])
    furniture = page.Furniture("Trial", "Shareable", "T", "", samples.MADE)
    with pypdfium2.PdfDocument(io.BytesIO(page.lay_out(story.flow, furniture))) as document:
        for sheet in document:
            read = sheet.get_textpage()
            boxes = [read.get_charbox(n) for n in range(read.count_chars())]
            assert max(box[2] for box in boxes) <= style.PAGE_WIDTH - style.MARGIN + 2
            read.close()
            sheet.close()
