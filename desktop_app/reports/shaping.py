"""Shaping of runs in script fonts only.

ReportLab's own `shapeFragWord` shapes a whole word with the font of its first letter, fails on words with callbacks in
them, and would shape Latin text too, which costs eleven times the time. This one takes its place for
paragraphs whose style asks for shaping: parts of a word in a script font are shaped, each by itself; the rest is left.
Its `setRise` forgets how high it is when two marks follow one another (5.1.0), so that all letters up to the next mark
are drawn at the height of the first one: it is replaced too.
"""

from __future__ import annotations

from typing import Any

from reportlab.lib.rl_accel import fp_str
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import ShapedStr, makeShapedFragWord
from reportlab.pdfbase.ttfonts import shapeFragWord as _shape
from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import paragraph

from desktop_app.reports.style import SCRIPT_FONTS

_SCRIPT = frozenset(SCRIPT_FONTS.values())


def shape_word(word: Any) -> Any:
    """A "frag word" ``[width, (frag, text), ...]`` with its parts in script fonts shaped."""
    if not any(part[0].fontName in _SCRIPT and part[1] for part in word[1:] if not hasattr(part[0], "cbDefn")):
        return word
    parts: list[Any] = []
    width = 0.0
    for frag, letters in word[1:]:
        if isinstance(letters, ShapedStr):
            parts.append((frag, letters))
            width += sum(data.x_advance for data in letters.__shapeData__) * frag.fontSize / 1000
            continue
        if hasattr(frag, "cbDefn") or frag.fontName not in _SCRIPT or not letters:
            parts.append((frag, letters))
            width += 0.0 if hasattr(frag, "cbDefn") else stringWidth(letters, frag.fontName, frag.fontSize)
            continue
        shaped = _shape([0, (frag, letters)], force=True)
        parts.extend(shaped[1:])
        width += shaped[0]
    made = makeShapedFragWord(word)([width])
    made.extend(parts)
    return made


def set_rise(words: Any, rise: float) -> None:
    """Draw what follows in a text object this much above its line, in points."""
    code = f"{fp_str(rise)} Ts"
    words._y += words._rise - rise
    words._rise = rise
    if words._code and words._code[-1].endswith(" Ts"):
        words._code[-1] = code
    else:
        words._code.append(code)


def install() -> None:
    """Put these in place of ReportLab's, once a process."""
    paragraph.shapeFragWord = shape_word
    PDFTextObject.setRise = set_rise
