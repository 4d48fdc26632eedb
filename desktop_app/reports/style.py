"""One grid, one type scale, one palette for every report: A4, one column with a margin column for references.

Sizes and positions are points. Colours are chosen to print well in grey and to keep 4.5 : 1 for text.
"""

from __future__ import annotations

from functools import cache

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from desktop_app.paths import resource

REGULAR, BOLD, ITALIC = "SourceSans3", "SourceSans3-Bold", "SourceSans3-Italic"
SCRIPT_FONTS = {
    "Arabic": "NotoNaskhArabic",
    "Gurmukhi": "NotoSansGurmukhi",
    "Bengali": "NotoSansBengali",
    "Hebrew": "NotoSansHebrew",
}
LANGUAGES = {
    "NotoNaskhArabic": "ar",
    "NotoSansGurmukhi": "pa",
    "NotoSansBengali": "bn",
    "NotoSansHebrew": "he",
}
"""The language words in a script font are read aloud in: the likeliest one of the script."""
_FILES = {
    REGULAR: "SourceSans3-Regular.ttf",
    BOLD: "SourceSans3-Bold.ttf",
    ITALIC: "SourceSans3-Italic.ttf",
    "NotoNaskhArabic": "NotoNaskhArabic-Regular.ttf",
    "NotoSansGurmukhi": "NotoSansGurmukhi-Regular.ttf",
    "NotoSansBengali": "NotoSansBengali-Regular.ttf",
    "NotoSansHebrew": "NotoSansHebrew-Regular.ttf",
}

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 54.0
TOP = 92.0
BOTTOM = 74.0
WIDTH = PAGE_WIDTH - 2 * MARGIN
SIDE = 66.0
"""Width of the margin column that holds a reference or a line number."""

INK: Color = HexColor("#16191d")
SOFT: Color = HexColor("#4d545c")
RULE: Color = HexColor("#d3d7dc")
FIRM: Color = HexColor("#9aa1a9")
ACCENT: Color = HexColor("#0b6b66")
TRACK: Color = HexColor("#eceef1")
PANEL: Color = HexColor("#f3f5f7")
LIGHT: Color = HexColor("#9ccbc6")
WHITE: Color = HexColor("#ffffff")


@cache
def fonts() -> dict[str, frozenset[int]]:
    """Register the embedded fonts once a process; the code points each can draw, by font name."""
    drawable: dict[str, frozenset[int]] = {}
    for name, file in _FILES.items():
        path = resource("fonts", file)
        if name not in (REGULAR, BOLD, ITALIC) and not path.exists():
            continue
        # ReportLab shapes a paragraph only if the style's own font may be shaped too; styles say which.
        font = TTFont(name, str(path), shapable=True)
        pdfmetrics.registerFont(font)
        drawable[name] = frozenset(font.face.charToGlyph)
    for name in SCRIPT_FONTS.values():
        if name in drawable:
            pdfmetrics.registerFontFamily(name, normal=name, bold=name, italic=name, boldItalic=name)
    from desktop_app.reports.shaping import install

    install()
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)
    return drawable


def _style(name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    settings: dict[str, object] = {
        "fontName": REGULAR,
        "textColor": INK,
        "alignment": TA_LEFT,
        "allowWidows": 0,
        "allowOrphans": 0,
        "splitLongWords": 1,
        "spaceBefore": 0,
        "spaceAfter": 0,
    }
    settings.update(more)
    return ParagraphStyle(name, fontSize=size, leading=leading, **settings)


STYLES: dict[str, ParagraphStyle] = {
    style.name: style
    for style in (
        _style("title", 25, 30, fontName=BOLD, spaceAfter=5),
        _style("lede", 12, 17.5, textColor=SOFT, spaceAfter=10),
        _style("h2", 14, 18, fontName=BOLD, spaceBefore=20, spaceAfter=7),
        _style("h3", 11, 15, fontName=BOLD, spaceBefore=8, spaceAfter=1.5),
        _style("body", 10.5, 15, spaceAfter=5),
        _style("strong", 10.5, 15, fontName=BOLD, spaceAfter=2),
        _style("quote", 10.5, 15, fontName=ITALIC, spaceAfter=5),
        _style("meta", 9, 12.5, textColor=SOFT, spaceAfter=3),
        _style("label", 9.5, 13, textColor=SOFT, spaceAfter=0.5),
        _style("answer", 10.5, 15, spaceAfter=7),
        _style("answer_first", 10.5, 15, spaceAfter=1.5),
        _style("small", 9, 12.5, textColor=SOFT, spaceAfter=4),
        _style("note", 9.5, 13.5, textColor=SOFT),
        _style("figure", 21, 25, fontName=BOLD),
        _style("figure_words", 15, 18, fontName=BOLD),
        _style("figure_label", 9, 12, textColor=SOFT),
        _style("cell", 9.5, 13),
        _style("cell_number", 9.5, 13, alignment=TA_RIGHT),
        _style("cell_head", 9, 12, fontName=BOLD, textColor=SOFT),
        _style("cell_head_number", 9, 12, fontName=BOLD, textColor=SOFT, alignment=TA_RIGHT),
        _style("side", 9.5, 13, fontName=BOLD, textColor=ACCENT),
        _style("side_soft", 9, 13, textColor=SOFT),
    )
}


@cache
def derived(name: str, indent: float = 0.0, shaped: bool = False, right: bool = False) -> ParagraphStyle:
    """A style of the scale, indented and, for scripts that need it, shaped (eleven times slower: only where needed)."""
    base = STYLES[name]
    if not indent and not shaped and not right:
        return base
    style = ParagraphStyle(f"{name}-{indent}-{shaped}-{right}", parent=base)
    style.leftIndent = indent
    if shaped:
        style.shaping = 1
    if right:
        style.alignment = TA_RIGHT
    return style
