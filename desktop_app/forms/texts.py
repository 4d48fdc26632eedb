"""Texts with outputs, and the itext block: every translation of every text and its media."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.errors import FormError

from .shape import Pieces
from .xmlread import attribute, local
from .xpath.errors import XPathSyntaxError
from .xpath.parser import parse
from .xpath.tree import Expression

if TYPE_CHECKING:
    from lxml import etree

ITEXT_REF = re.compile(r"jr:itext\(\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)")
MAX_LANGUAGES = 200
_TEXT_FORMS = ("", "long", "short")


@dataclass
class Translations:
    """``texts[language][id]`` and ``media[language][id][form]``; the default language is "" when a form has none."""

    default: str = ""
    texts: dict[str, dict[str, Pieces]] = field(default_factory=dict)
    media: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    # Of texts with a long form, which people read: the plain form, which jr:itext() gives. ``plain[language][id]``.
    plain: dict[str, dict[str, Pieces]] = field(default_factory=dict)
    # The outputs of all texts in the order written; jr:itext() shows an output by its number (JavaRosa).
    outputs: list[Expression] = field(default_factory=list)

    def known(self, text_id: str) -> bool:
        return text_id in self.texts.get(self.default, {}) or text_id in self.media.get(self.default, {})


def pieces(element: etree._Element) -> Pieces:
    """The text of an element with its <output>s as expressions. One that cannot be read shows nothing.

    Raises FormError for an empty one.
    """
    if not len(element):
        text = (element.text or "").strip()
        return (text,) if text else ()
    found: list[object] = [element.text or ""]
    for child in element:
        if local(child) == "output":
            written = attribute(child, "value") if child.get("ref") is None else child.get("ref")
            if written is None:
                raise FormError("A text contains an <output> that names nothing.", do="Give it a value.")
            try:
                found.append(parse(str(written)))
            except XPathSyntaxError:
                # JavaRosa warns and shows nothing there.
                found.append("")
        else:
            found.extend(pieces(child))
        found.append(child.tail or "")
    return _tidy(found)


def _tidy(found: list[object]) -> Pieces:
    joined: list[object] = []
    for piece in found:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] = joined[-1] + piece
        else:
            joined.append(piece)
    if joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip()
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip()
    return tuple(piece for piece in joined if piece != "")  # type: ignore[misc]


def text_reference(element: etree._Element) -> str | None:
    """The id in ``ref="jr:itext('…')"``; None without a ref. Raises FormError for another ref."""
    ref = element.get("ref")
    if ref is None:
        return None
    match = ITEXT_REF.fullmatch(str(ref).strip())
    if match is None:
        raise FormError(f"A label refers to “{ref}”, which is not a text of the form.", do="Use jr:itext('…').")
    return match[1] or match[2] or ""


def read_translations(itext: etree._Element | None) -> Translations:
    """Raises FormError: no translations, a language twice, two defaults, a text without id or defined twice."""
    found = Translations()
    if itext is None:
        return found
    chosen = None
    if len(itext) > MAX_LANGUAGES:
        raise FormError(f"The form has more than {MAX_LANGUAGES} languages.", do="Split it.")
    for translation in itext:
        if local(translation) != "translation":
            continue
        language = attribute(translation, "lang") or ""
        if not language:
            raise FormError("A translation in the form does not say its language.", do="Name the language.")
        if language in found.texts:
            raise FormError(f"The language “{language}” is translated twice in the form.", do="Keep one of them.")
        if translation.get("default") is not None:
            if chosen is not None:
                raise FormError("The form has two default languages.", do="Keep one of them.")
            chosen = language
        found.texts[language], found.media[language], found.plain[language] = {}, {}, {}
        for text in translation:
            if local(text) == "text":
                found.outputs.extend(_read_text(text, found, language))
    if not found.texts:
        raise FormError("The form has an empty block of translations.", do="Add a translation or remove the block.")
    found.default = chosen or next(iter(found.texts))
    return found


def _read_text(text: etree._Element, into: Translations, language: str) -> list[Expression]:
    """Takes one <text> of a language in and returns its outputs."""
    texts, media = into.texts[language], into.media[language]
    text_id = text.get("id")
    if not text_id:
        raise FormError("A translated text in the form has no id.", do="Give it an id.")
    forms: dict[str, Pieces] = {}
    for value in text:
        if local(value) != "value":
            raise FormError(f"The translated text “{text_id}” holds something that is no value.", do="Remove it.")
        form = value.get("form") or ""
        if form in forms:
            raise FormError(f"The translated text “{text_id}” is defined twice.", do="Keep one of them.")
        forms[form] = pieces(value)
    if text_id in texts or text_id in media:
        raise FormError(f"The translated text “{text_id}” is defined twice.", do="Keep one of them.")
    shown = next((forms[form] for form in ("long", "", "short") if form in forms), None)
    if shown is not None:
        texts[text_id] = shown
        if "long" in forms and "" in forms:
            into.plain[language][text_id] = forms[""]
    others = {form: "".join(str(p) for p in found) for form, found in forms.items() if form not in _TEXT_FORMS}
    if others or shown is None:
        media[text_id] = others
    return [piece for found in forms.values() for piece in found if not isinstance(piece, str)]
