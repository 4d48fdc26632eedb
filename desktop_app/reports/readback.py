"""Reading a PDF: the text of a finished report, the check for words that must not be in it, pictures of its pages."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from desktop_app.records.removal import pattern

if TYPE_CHECKING:
    from PIL.Image import Image

SHORTEST = 12
"""Letters and figures; shorter words prove nothing when they are found."""
WINDOW = 48


def page_count(data: bytes, password: str | None = None) -> int:
    """The number of pages of a PDF."""
    import pypdfium2

    with pypdfium2.PdfDocument(io.BytesIO(data), password=password) as document:
        return len(document)


def text_of(data: bytes, password: str | None = None) -> str:
    """All text of a PDF, page after page."""
    import pypdfium2

    parts: list[str] = []
    with pypdfium2.PdfDocument(io.BytesIO(data), password=password) as document:
        for page in document:
            text_page = page.get_textpage()
            parts.append(text_page.get_text_bounded())
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
    """What a page does not show: description, bookmarks, alternative text, attachments."""
    import pikepdf

    parts: list[str] = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        parts.extend(str(value) for value in dict(pdf.docinfo).values())
        metadata = pdf.Root.get("/Metadata")
        if metadata is not None:
            parts.append(bytes(metadata.read_bytes()).decode("utf-8", "replace"))
        with pdf.open_outline() as outline:
            waiting = list(outline.root)
            while waiting:
                entry = waiting.pop()
                parts.append(str(entry.title))
                waiting.extend(entry.children)
        for name, attached in pdf.attachments.items():
            parts += [name, attached.get_file().read_bytes().decode("utf-8", "replace")]
        for element in pdf.objects:
            if isinstance(element, pikepdf.Dictionary):
                parts.extend(
                    str(element[key])
                    for key in ("/Alt", "/ActualText", "/E", "/Contents")
                    if key in element and isinstance(element[key], pikepdf.String)
                )
    return "\n".join(parts)


def plain(words: str) -> str:
    """Letters and figures only, in lower case: how a page breaks, hyphenates or spaces words does not matter."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", words).casefold())


def found_in(data: bytes, secrets: Iterable[str], agreed: Iterable[str] = (), password: str | None = None) -> list[str]:
    """Those of the withheld words of which a stretch stands in the file, in its text or behind it.

    A secret of any length is looked for in stretches of some eight words, so that a page break inside it hides little.
    A stretch that also stands in words ``agreed`` for use (another record's) proves nothing and is passed over.
    """
    hidden = hidden_text_of(data) if password is None else ""
    return found_in_words(f"{text_of(data, password)}\n{hidden}", secrets, agreed)


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


def words_in(data: bytes, words: Iterable[str], agreed: Iterable[str] = ()) -> list[str]:
    """Those of the words that stand in the file as whole words, in its text or behind it.

    Words that also stand in text ``agreed`` for use (a name that another record keeps) prove nothing.
    """
    sought = list(words)
    return gone_words_in(f"{text_of(data)}\n{hidden_text_of(data)}", sought, agreed) if sought else []


def gone_words_in(read: str, words: Iterable[str], agreed: Iterable[str] = ()) -> list[str]:
    """As `words_in`, for text that was read already."""
    wanted = {word: pattern(word) for word in words}
    read = " ".join(read.split())
    found = [word for word, sought in wanted.items() if sought.search(read)]
    known = "\n".join(agreed) if found else ""
    return [word for word in found if not wanted[word].search(known)]


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
