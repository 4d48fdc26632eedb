"""Reading a PDF: the text of a finished report, the check for words that must not be in it, pictures of its pages."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from desktop_app.records.removal import places
from desktop_app.reports.seeking import Sought, Words, plain, stretches

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

SHORTEST, LEAST = 12, 2
"""Letters and figures: shorter words than the first prove nothing alone when they are found (`Found.short`), and those
below the second nothing at all."""
WINDOW = 48
AT_A_TIME = 400
"""Pages read from a file that was opened once."""


def page_count(data: bytes | BinaryIO, password: str | None = None) -> int:
    """The number of pages of a PDF in memory, or of a report of ours in an open file."""
    from desktop_app.reports.finished import only_pages

    if not isinstance(data, bytes):
        data = only_pages(data)
    with _opened(data, password) as document:
        return len(document)


def _opened(data: bytes | BinaryIO, password: str | None) -> PdfDocument:
    import pypdfium2

    return pypdfium2.PdfDocument(data, password=password)


def text_of(data: bytes | BinaryIO, password: str | None = None, *, beyond: bool = False) -> str:
    """All text of a PDF, page after page; ``beyond``: also what is drawn outside the pages."""
    return "\n".join(_page_texts(data, password, beyond))


def _page_texts(data: bytes | BinaryIO, password: str | None = None, beyond: bool = False) -> Iterator[str]:
    """Opened anew now and then: PDFium keeps every object it has read until the document is closed."""
    from desktop_app.reports.finished import only_pages

    if not isinstance(data, bytes):
        data = only_pages(data)
    at, pages = 0, 1
    while at < pages:
        with _opened(data, password) as document:
            pages = len(document)
            for number in range(at, min(at + AT_A_TIME, pages)):
                page = document[number]
                text_page = page.get_textpage()
                yield text_page.get_text_bounded()
                if beyond:  # what lies outside the page is in the file all the same
                    yield text_page.get_text_range()
                text_page.close()
                page.close()
        at += AT_A_TIME


def text_of_pdf(data: bytes) -> str:
    """All text of somebody's PDF, "" when it has none that can be read: damaged, locked, or a scan."""
    import pypdfium2

    try:
        return text_of(data)
    except pypdfium2.PdfiumError:
        return ""


def hidden_text_of(data: bytes | BinaryIO) -> str:
    """What a page does not show: description, bookmarks, alternative text, links, notes, attachments, and any other
    text in any object or packed stream of the file.
    """
    from desktop_app.reports.scan import texts

    return "\n".join(dict.fromkeys(part for part in texts(data) if part))


def said_by(data: bytes | BinaryIO, name: str = "") -> Iterator[str]:
    """Everything a finished file says, part by part: its own name, its pages, what is behind them."""
    from desktop_app.reports.scan import texts

    yield name
    yield from _page_texts(data, beyond=True)
    yield from texts(data)


def all_text_of(data: bytes, name: str = "") -> str:
    """The same in one piece, for a file that is not long."""
    return "\n".join(said_by(data, name))


def found_in(data: bytes, secrets: Iterable[str], agreed: Iterable[str] = (), name: str = "") -> list[str]:
    """Those of the withheld words of which a stretch stands in the file, in its text, behind it or in its name.

    A secret of any length is looked for in pieces of some eight words, so that a page break inside it hides little.
    A piece that also stands in words ``agreed`` for use (another record's) proves nothing and is passed over.
    """
    return Check(secrets).of(said_by(data, name), agreed)[0]


def words_in(data: bytes, words: Iterable[str], agreed: Iterable[str] = (), name: str = "") -> list[str]:
    """Those of the words that stand in the file as whole words, in its text, behind it or in its name.

    Words that also stand in text ``agreed`` for use (a name that another record keeps) prove nothing.
    """
    return Check((), words).of(said_by(data, name), agreed)[1]


class Found(NamedTuple):
    """What of it is said, each list in the order it was given."""

    withheld: list[str]
    """Withheld words of which a stretch stands there."""
    gone: list[str]
    """Words that were to go."""
    short: list[str]
    """Withheld words too short to prove anything by standing there: the program may say “two terms” itself."""


class Check:
    """What must not be said: withheld words, of any length, and words that were to go.

    The latter in other letters of the same shape (NFKC) too, and as `removal.places` finds them: broken over two lines,
    hyphenated, in the plural, in another case. What is said is read once, a stretch at a time.
    """

    def __init__(self, secrets: Iterable[str], gone: Iterable[str] = ()) -> None:
        kept = dict.fromkeys(secrets)
        self._secrets = [secret for secret in kept if len(plain(secret)) >= SHORTEST]
        self._short = [secret for secret in kept if LEAST <= len(plain(secret)) < SHORTEST]
        self._gone = dict.fromkeys(gone)

    def of(self, said: Iterable[str], agreed: Iterable[str] = ()) -> Found:
        """What of it stands in what is said, but for what stands in the words ``agreed`` as well."""
        if not self._secrets and not self._gone and not self._short:
            return Found([], [], [])
        sought = Sought(piece for secret in self._secrets for piece in _pieces(secret))
        whole = Words([*self._gone, *self._short])
        seen: set[str] = set()
        words: set[str] = set()
        for stretch in stretches(said):
            if self._secrets:
                seen |= sought.standing(plain(stretch))
            words.update(list(_whole(whole, stretch, lambda word: word not in words)))
        if seen or words:  # words that are agreed elsewhere prove nothing
            known, pieces = Words(words), Sought(seen)
            for stretch in stretches(agreed):
                seen -= pieces.standing(plain(stretch))
                words.difference_update(list(_whole(known, stretch, words.__contains__)))
        found = [secret for secret in self._secrets if seen and seen.intersection(_pieces(secret))]
        return Found(
            found, [word for word in self._gone if word in words], [word for word in self._short if word in words]
        )


def _pieces(secret: str) -> list[str]:
    """A secret in pieces of some eight words, so that a page break inside it hides little."""
    words = plain(secret)
    pieces = [words[start : start + WINDOW] for start in range(0, len(words), WINDOW)]
    if len(pieces) > 1 and len(pieces[-1]) < WINDOW:
        pieces[-1] = words[-WINDOW:]
    return pieces


def how_often(said: Iterable[str], words: Sequence[str]) -> Counter[str]:
    """How often each of some words stands as whole words in the parts of what is said."""
    found: Counter[str] = Counter()
    for part in said:
        read = unicodedata.normalize("NFKC", part)
        for word in words:
            found[word] += len(places(unicodedata.normalize("NFKC", word), read))
    return found


def _whole(words: Words, stretch: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Those of the wanted words that stand in the stretch as whole words."""
    read = unicodedata.normalize("NFKC", stretch)
    some = (word for word in words.in_stretch(stretch) if wanted(word))
    return (word for word in some if places(unicodedata.normalize("NFKC", word), read))


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
