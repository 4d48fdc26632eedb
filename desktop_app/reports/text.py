"""The one place where people's text becomes markup: cleaned, escaped, every character given a font that can draw it.

Blocks accept plain ``str`` (always treated as a person's text) or `Rich` (made only by the functions here).
Unescaped, an ampersand or a bracket somebody typed would break the report or change how it looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from xml.sax.saxutils import escape, quoteattr, unescape

from desktop_app.reports import style
from desktop_app.reports.tagged import STRUCTURE_LINK, STRUCTURE_SPAN

PARAGRAPH_LIMIT, LINES_LIMIT = 2400, 40
"""Characters and lines somebody broke in one paragraph: ReportLab's paragraphs are quadratic in their length."""

_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\u2066-\u2069\u202a-\u202e\ufe00-\ufe0f\ufeff"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e01ff]"
)
_JOINERS = "\u200c\u200d"
_PLAIN = {"\u2011": "-", "\u2010": "-", "\u00ad": "", "\u2028": "\n", "\u2029": "\n\n", "\u202f": "\u00a0", "\t": " "}
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
RIGHT_TO_LEFT = frozenset({style.SCRIPT_FONTS["Arabic"], style.SCRIPT_FONTS["Hebrew"]})


class Rich(str):
    """Markup that is already safe.

    ``shaped``: some run needs shaping. ``bidi``: some run goes from right to left. ``links``: the addresses, in order.
    """

    shaped: bool = False
    bidi: bool = False
    links: tuple[str, ...] = ()

    @classmethod
    def of(cls, markup: str, *, shaped: bool = False, bidi: bool = False, links: Iterable[str] = ()) -> Rich:
        made = cls(markup)
        made.shaped = shaped
        made.bidi = bidi
        made.links = tuple(links)
        return made


def clean(text: str) -> str:
    """NFC text without controls, lone surrogates, bidi overrides and variation selectors; newlines are ``\\n``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text
    text = _DROPPED.sub("", text)
    for old, new in _PLAIN.items():
        if old in text:
            text = text.replace(old, new)
    return unicodedata.normalize("NFC", text)


@cache
def _font_for(character: str) -> str:
    """The embedded font that draws the character: "" for the report's own, a script font's name, or "?"."""
    drawable = style.fonts()
    code = ord(character)
    own = all(code in drawable[name] for name in (style.REGULAR, style.BOLD, style.ITALIC))
    if own:
        return ""
    for font in style.SCRIPT_FONTS.values():
        if code in drawable.get(font, ()):
            return font
    return "?"


@cache
def _substitute(character: str) -> str:
    """What is printed for a character that no embedded font draws: nearest letters, a symbol's name, else a box."""
    plain = unicodedata.normalize("NFKD", character)
    if plain != character:
        kept = "".join(c for c in plain if _font_for(c) == "")
        if kept:
            return kept
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf", "Sk"):
        return ""
    if category in ("So", "Sm"):
        name = unicodedata.name(character, "").lower()
        return f"[{name}]" if name else "\u25a1"
    return "\u25a1"


def _runs(text: str) -> list[tuple[str, str]]:
    """(font, text) runs; "" is the report's own font. Undrawable characters are already replaced."""
    runs: list[tuple[str, str]] = []
    for character in text:
        if character in _JOINERS:
            if runs and runs[-1][0]:
                runs[-1] = (runs[-1][0], runs[-1][1] + character)
            continue
        font = _font_for(character)
        if font == "?":
            character, font = _substitute(character), ""
            if not character:
                continue
        if runs and (runs[-1][0] == font or (runs[-1][0] and character == " ")):
            runs[-1] = (runs[-1][0], runs[-1][1] + character)
        else:
            runs.append((font, character))
    tidy: list[tuple[str, str]] = []
    for font, run in runs:
        body = run.rstrip(" ") if font else run
        tidy.append((font, body))
        if len(body) < len(run):
            tidy.append(("", run[len(body) :]))
    return tidy


def _script_run(font: str, run: str) -> str:
    """A run in a script font, shaped by the paragraph, its real characters kept as ActualText.

    A paragraph with right-to-left words does both itself, and the order of its words too (`righttoleft`).
    """
    inside = f'<font name="{font}">{escape(run)}</font>'
    if font in RIGHT_TO_LEFT:
        return inside
    digits = run.encode("utf-16-be", "replace").hex().upper()
    start = f'<onDraw name="{STRUCTURE_SPAN}" label="{style.LANGUAGES[font]}:{digits}"/>'
    return f'{start}{inside}<onDraw name="{STRUCTURE_SPAN}" label="end"/>'


def _plain(text: str) -> Rich:
    if "\n" in text:
        lines = [_plain(line) for line in text.split("\n")]
        return Rich.of("<br/>".join(lines), shaped=any(x.shaped for x in lines), bidi=any(x.bidi for x in lines))
    if text.isascii():
        return Rich.of(escape(text))
    runs = _runs(text)
    return Rich.of(
        "".join(_script_run(font, run) if font else escape(run) for font, run in runs),
        shaped=any(font for font, _ in runs),
        bidi=any(font in RIGHT_TO_LEFT for font, _ in runs),
    )


def rich(text: str, *, links: bool = False) -> Rich:
    """Safe markup for one paragraph. Single newlines become line breaks; with ``links``, web addresses become links."""
    if isinstance(text, Rich):
        return text
    text = clean(text)
    if not links or "http" not in text:
        return _plain(text)
    parts: list[Rich] = []
    last = 0
    for found in _ADDRESS.finditer(text):
        parts += [rich(text[last : found.start()]), link(found.group(), found.group())]
        last = found.end()
    parts.append(rich(text[last:]))
    return join("", parts)


def link(words: str, address: str) -> Rich:
    """A link; only http, https and mailto addresses become one, anything else stays words."""
    if not re.match(r"(https?://|mailto:)[!-~]+$", address):
        return rich(words)
    body = rich(words)
    # The number of the link within its paragraph is filled in by `numbered`.
    markup = f'<onDraw name="{STRUCTURE_LINK}" label="\x01"/><link href="lk:\x01" color="#0b6b66">{body}</link>'
    return Rich.of(
        markup + f'<onDraw name="{STRUCTURE_LINK}" label="end"/>', shaped=body.shaped, bidi=body.bidi, links=[address]
    )


def numbered(markup: Rich) -> str:
    """The markup with its links numbered from nought, as the paragraph's callbacks expect."""
    if not markup.links:
        return str(markup)
    pieces = str(markup).split("\x01")
    parts = [pieces[0]]
    for position, piece in enumerate(pieces[1:]):
        parts += [str(position // 2), piece]
    return "".join(parts)


def join(separator: str, parts: Iterable[str]) -> Rich:
    """Join people's text and markup to markup."""
    made = [rich(part) for part in parts]
    links = [address for part in made for address in part.links]
    shaped, bidi = any(part.shaped for part in made), any(part.bidi for part in made)
    return Rich.of(rich(separator).join(made), shaped=shaped, bidi=bidi, links=links)


def _wrapped(tag: str) -> Callable[[str], Rich]:
    def wrap(text: str) -> Rich:
        made = rich(text)
        return Rich.of(f"<{tag}>{made}</{tag}>", shaped=made.shaped, bidi=made.bidi, links=made.links)

    return wrap


bold = _wrapped("b")
italic = _wrapped("i")


def coloured(text: str, colour: str) -> Rich:
    """Markup in a colour given as ``#rrggbb``."""
    made = rich(text)
    markup = f"<font color={quoteattr(colour)}>{made}</font>"
    return Rich.of(markup, shaped=made.shaped, bidi=made.bidi, links=made.links)


def one_line(text: str, limit: int = 160) -> str:
    """A person's text for headings, bookmarks and drawings: one line, drawable, shortened with an ellipsis."""
    words = " ".join(clean(text).split())
    if len(words) > limit:
        kept, _, part = words[:limit].rpartition(" ")
        words = (kept if kept and len(part) < 30 else words[: limit - 1]).rstrip() + "\u2026"  # whole words if it can
    return words


def plain(words: str) -> str:
    """The words of markup made here, without it; other words as they are."""
    if not isinstance(words, Rich):
        return words
    return unescape(re.sub(r"<[^>]*>", "", words.replace("<br/>", "\n")), {"&quot;": '"'})


def drawable(text: str, limit: int = 80) -> str:
    """As `one_line`, with every character in the report's own font (charts draw no other)."""
    kept = "".join(c if _font_for(c) == "" else _substitute(c) for c in one_line(text, limit) if c not in _JOINERS)
    return one_line(kept, limit)


def pieces(text: str, limit: int = PARAGRAPH_LIMIT) -> list[str]:
    """A long text cut at blank lines, and then at sentence or word ends, so that no paragraph is over ``limit``."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", clean(text)):
        block = block.strip("\n ")
        while len(block) > limit:
            cut = max(block.rfind(mark, limit // 2, limit) for mark in (". ", "? ", "! ", "\n"))
            if cut < 0:
                cut = block.rfind(" ", limit // 2, limit)
            cut = limit if cut < 0 else cut + 1
            found.append(block[:cut].strip())
            block = block[cut:].strip()
        if block:
            found.append(block)
    return [piece for block in found for piece in _by_lines(block)]


def _by_lines(block: str) -> list[str]:
    if block.count("\n") < LINES_LIMIT:
        return [block]
    lines = block.split("\n")
    return ["\n".join(lines[start : start + LINES_LIMIT]) for start in range(0, len(lines), LINES_LIMIT)]
