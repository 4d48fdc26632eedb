"""Reading a PDF: the text of a finished report, the check for words that must not be in it, pictures of its pages."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from desktop_app.records.privacy_lists import is_word

if TYPE_CHECKING:
    from PIL.Image import Image

SHORTEST = 12
"""Letters and figures; shorter words prove nothing when they are found."""
WINDOW = 48
PIECE = 8192
"""Characters made plain at a time: each step of a whole report's words would be another copy of them."""
_BARE = re.compile(r"[\W_]+")


def page_count(data: bytes, password: str | None = None) -> int:
    """The number of pages of a PDF."""
    import pypdfium2

    with pypdfium2.PdfDocument(io.BytesIO(data), password=password) as document:
        return len(document)


def text_of(data: bytes, password: str | None = None, *, beyond: bool = False) -> str:
    """All text of a PDF, page after page; ``beyond``: also what is drawn outside the pages."""
    import pypdfium2

    parts: list[str] = []
    with pypdfium2.PdfDocument(io.BytesIO(data), password=password) as document:
        for page in document:
            text_page = page.get_textpage()
            parts.append(text_page.get_text_bounded())
            if beyond:  # what lies outside the page is in the file all the same
                parts.append(text_page.get_text_range())
            text_page.close()
            page.close()
    return "\n".join(parts)


def text_of_pdf(data: bytes) -> str:
    """All text of somebody's PDF, "" when it has none that can be read: damaged, locked, or a scan."""
    import pypdfium2

    try:
        return text_of(data)
    except pypdfium2.PdfiumError:
        return ""


def hidden_text_of(data: bytes) -> str:
    """What a page does not show: description, bookmarks, alternative text, links, notes, attachments, and any other
    text in any object or packed stream of the file.
    """
    from desktop_app.reports.scan import texts

    return "\n".join(dict.fromkeys(part for part in texts(data) if part))


def plain(words: str) -> str:
    """Letters and figures only, in lower case: how a page breaks, hyphenates or spaces words does not matter."""
    pieces = (words[at : at + PIECE] for at in range(0, len(words), PIECE))
    return "".join(_BARE.sub("", unicodedata.normalize("NFKD", piece).casefold()) for piece in pieces)


def all_text_of(data: bytes, name: str = "") -> str:
    """Everything a finished file says: on its pages, behind them, and in its own name."""
    return f"{name}\n{text_of(data, beyond=True)}\n{hidden_text_of(data)}"


def found_in(data: bytes, secrets: Iterable[str], agreed: Iterable[str] = (), name: str = "") -> list[str]:
    """Those of the withheld words of which a stretch stands in the file, in its text, behind it or in its name.

    A secret of any length is looked for in stretches of some eight words, so that a page break inside it hides little.
    A stretch that also stands in words ``agreed`` for use (another record's) proves nothing and is passed over.
    """
    return found_in_words(all_text_of(data, name), secrets, agreed)


def found_in_words(read: str, secrets: Iterable[str], agreed: Iterable[str] = ()) -> list[str]:
    """As `found_in`, for text that was read already."""
    wanted: dict[str, list[str]] = {}
    for secret in secrets:
        words = plain(secret)
        if len(words) < SHORTEST:
            continue
        stretches = [words[start : start + WINDOW] for start in range(0, len(words), WINDOW)]
        if len(stretches) > 1 and len(stretches[-1]) < WINDOW:
            stretches[-1] = words[-WINDOW:]
        wanted[secret] = stretches
    if not wanted:
        return []
    every = {stretch for stretches in wanted.values() for stretch in stretches}
    seen = _standing(every, plain(read))
    seen -= _standing(seen, "\n".join(map(plain, agreed)))
    return [secret for secret, stretches in wanted.items() if seen.intersection(stretches)]


def _standing(stretches: set[str], words: str) -> set[str]:
    """Those of the stretches that stand in the words; many of one length are looked for in one walk."""
    found: set[str] = set()
    lengths: dict[int, set[str]] = {}
    for stretch in stretches:
        lengths.setdefault(len(stretch), set()).add(stretch)
    for length, group in lengths.items():
        if len(group) > 400:
            found |= group.intersection(words[at : at + length] for at in range(len(words) - length + 1))
        else:
            found |= {stretch for stretch in group if stretch in words}
    return found


def words_in(data: bytes, words: Iterable[str], agreed: Iterable[str] = (), name: str = "") -> list[str]:
    """Those of the words that stand in the file as whole words, in its text, behind it or in its name.

    Words that also stand in text ``agreed`` for use (a name that another record keeps) prove nothing.
    """
    sought = list(words)
    return gone_words_in(all_text_of(data, name), sought, agreed) if sought else []


def gone_words_in(read: str, words: Iterable[str], agreed: Iterable[str] = ()) -> list[str]:
    """As `words_in`, for text that was read already. Broken over two lines, hyphenated, in other letters of the same
    shape (NFKC) or, where it is no ordinary word, in another case: it is the same word.
    """
    wanted = {word: _broken(word) for word in words}
    read = unicodedata.normalize("NFKC", read)
    found = [word for word, sought in wanted.items() if sought.search(read)]
    known = unicodedata.normalize("NFKC", "\n".join(agreed)) if found else ""
    return [word for word in found if not wanted[word].search(known)]


_BREAK = r"(?:[\u00ad\u200b\u200c\u200d\u2060\ufeff]|[-\u2010\ufffe\x02]?[ \t\r]*\n\s*|[\ufffe\x02]\s*)?"
"""What a line's end may put between two letters of a word: a hyphen and a new line, or marks nobody sees."""


def _broken(words: str) -> re.Pattern[str]:
    """Where these words stand, however a page broke them.

    A single ordinary word ("Grace", "Will") counts only as it was written or in capitals: in small letters it is the word.
    """
    parts = unicodedata.normalize("NFKC", words).split()
    ordinary = len(parts) == 1 and parts[0].isalpha() and is_word(parts[0].lower())
    forms = {" ".join(parts), " ".join(parts).upper()} if ordinary else {" ".join(parts)}
    bodies = [r"\s+".join(_BREAK.join(map(re.escape, part)) for part in form.split()) for form in sorted(forms)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(bodies)})(?!\w)", 0 if ordinary else re.IGNORECASE)


def words_of_html(page: str) -> str:
    """The words of one of our own pages, without its marks."""
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", " ", page))


def picture(data: bytes, page: int, width: int, password: str | None = None) -> Image:
    """A page (from 0) as a picture ``width`` pixels wide, for a preview."""
    import pypdfium2

    with pypdfium2.PdfDocument(io.BytesIO(data), password=password) as document:
        found = document[page]
        shown: Image = found.render(scale=width / found.get_width()).to_pil()
        return shown
