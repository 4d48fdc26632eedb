"""Names and initials of people in running text; part of the personal-data check.

A name is told by a title ("Mrs Khan"), by the lists, by being a capital word that no dictionary knows, and above all by
how the sentence speaks of it: "told Hope", "Grace was excluded", "Kayden's mum", "Dear Shabnam", "and Rose". A first name
that is also a word or a place (May, Will, Chelsea) needs such a sign. In small letters only what is hardly anything else
counts: "mrs khan", "kayleigh", "dawn says".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop_app.records.privacy_lists import is_proper, is_word, known_names
from desktop_app.records.privacy_text import Stretches, Words, words_of
from desktop_app.records.privacy_words import (
    ABBREVIATIONS,
    BETWEEN,
    DONE_TO,
    JOINING,
    MAYBE_AFTER,
    MONTHS,
    NOT_SMALL,
    NOT_TITLED,
    ORDINARY,
    ORGANISATION,
    OWNED,
    PARTICLES,
    PERSON_AFTER,
    PERSON_BEFORE,
    PLACE_BEFORE,
    SELDOM_A_PERSON,
    SPOKEN_TO,
    SPOKEN_WITH,
    SURE_TITLES,
    TITLES,
)

_GREETING = re.compile(
    r"(?:(?:^|[\n.!?:]\s*)(?:Dear|Hi|Hello|Hiya|Hey|Morning|Afternoon)"
    r"|\b(?:[Rr]egards|[Ww]ishes|[Ss]incerely|[Ff]aithfully|[Tt]hanks|[Cc]heers|[Ll]ove|[Tt]ruly),?"
    r"|\b(?:[Pp]resent|[Aa]pologies|[Aa]ttendees|From|To|Cc|CC|cc|Re|RE|Note|Chair|Clerk|Parent|Pupil|Child|Name):)\s*\Z"
)
_ABOUT = re.compile(r"\s*(?:\((?:Year|Yr|Y|aged?|age|Reception|Nursery)\b|,? (?:aged?|age) \d)", re.IGNORECASE)
_FAMILY = re.compile(
    r" and (?:her|his|their) (?:mum|mother|dad|father|twin|brother|sister|parents?|family|son|daughter)\b"
)
_SHAPE = re.compile(r"(?:O|D|N)['’][A-ZÀ-Þ]\w+|(?:Mc|Mac|Fitz)[A-ZÀ-Þ]\w+|La['’][A-ZÀ-Þ]\w+")


def names(text: str, taken: Stretches) -> Iterator[tuple[str, int, int]]:
    """Names of people outside the stretches ``taken``."""
    words = words_of(text, taken)
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(words.tokens):
        reach = _name_at(words, index)
        if reach is None:
            index += 1
            continue
        spans.append(reach)
        index = reach[1] + 1
    for first, last in [*spans, *_beside(words, spans)]:
        yield "name", words.tokens[first].start, words.tokens[last].end


def _name_at(words: Words, index: int) -> tuple[int, int] | None:
    """The token range of a name that begins here (or that this title introduces), or `None`."""
    token = words.tokens[index]
    if not words.free[index]:
        return None
    if token.lower in TITLES and (token.capital or token.lower in SURE_TITLES):
        return _titled(words, index)
    if not token.capital:
        return _in_small_letters(words, index)
    if token.lower in TITLES:
        return None
    lists = known_names()
    last = _reach(words, index)
    if len(token.word) == 1:
        return (index, last) if last > index and _after_an_initial(words, index, last) else None
    following = words.at(index + 1)
    if following is not None and following.capital and following.lower in ORGANISATION and words.gap(index) == " ":
        surname = following.lower in lists.surnames and words.next_lower(index + 1) in PERSON_AFTER
        return (index, index + 1) if surname and lists.firsts.get(token.lower) is False else None
    parts = token.lower.split("-")
    known = lists.firsts.get(token.lower)
    if known is None and len(parts) > 1 and parts[0] in lists.firsts and not MONTHS.issuperset(parts):
        # Ivy-Mae, Anna-Maria: two first names are a name, one and a word may be.
        known = not (all(part in lists.firsts for part in parts) or lists.firsts[parts[0]] is False)
    sign = _sign(words, index, last)
    if known is not None and last == index and len(token.word) < 6 and token.word.isupper() and sign < 2:
        return None  # an abbreviation
    if known is False or _SHAPE.fullmatch(token.word):
        return (index, last)
    if known is True:
        return (index, last) if _is_meant(words, index, last, sign) else None
    if token.lower in ORDINARY:
        return None
    if (
        last > index
        and lists.surnames.get(words.tokens[last].lower) is False
        and words.tokens[index + 1].lower not in ORDINARY
    ):
        return (index, last)
    return (index, last) if _stranger(words, index, last, sign) else None


def _is_meant(words: Words, index: int, last: int, sign: int) -> bool:
    """Whether a name that is also a word or a place is meant as a name here."""
    token, lists = words.tokens[index], known_names()
    begins = words.starts(index)
    if sign >= 2:
        return True
    if last > index:
        nearest = words.tokens[index + 1].lower
        if words.tokens[last].lower in lists.surnames or (nearest not in ORDINARY and not begins):
            return True
        return not is_word(nearest) and not is_proper(nearest)
    place = not is_word(token.lower)
    if begins:
        return sign == 1 and token.lower not in SELDOM_A_PERSON and not place
    beside = (words.at(index - 1), words.at(index + 1))
    titles = any(
        one is not None
        and one.capital
        and words.gap(at) == " "
        and not words.starts(index - 1 if one is beside[0] else at)
        for one, at in zip(beside, (index - 1, index), strict=True)
    )
    return (
        not place
        and not titles
        and not token.word.isupper()
        and token.lower not in SELDOM_A_PERSON | ORDINARY
        and words.before_lower(index) not in PLACE_BEFORE
    )


def _stranger(words: Words, index: int, last: int, sign: int) -> bool:
    """Whether a capital word in no list of names is one: by a sure sign, or because no dictionary knows it."""
    token = words.tokens[index]
    if sign >= 3:
        return True
    unknown = (
        len(token.word) > 2 and _plain_case(token.word) and not is_word(token.lower) and not is_proper(token.lower)
    )
    if last > index:
        second = words.tokens[index + 1]
        both = not is_word(second.lower) and second.lower not in ORDINARY and _plain_case(second.word)
        if both and (unknown or sign >= 1) and (unknown or not is_word(token.lower)):
            strange = unknown and not is_proper(second.lower)
            return strange or sign >= 1
    placed = words.before_lower(index) in PLACE_BEFORE
    return unknown and sign >= 1 and not placed


def _plain_case(word: str) -> bool:
    """One capital at the head (of each part): brands such as PowerPoint and abbreviations are written otherwise."""
    return all(part[:1].isupper() and part[1:].islower() for part in re.split(r"['’-]", word) if len(part) > 1)


def _sign(words: Words, index: int, last: int) -> int:
    """How surely the words around speak of a person: 0 not at all, 1 perhaps, 2 surely, 3 whatever the word is."""
    text, token, final = words.text, words.tokens[index], words.tokens[last]
    before, following = words.at(index - 1), words.at(last + 1)
    if before is not None and words.gap(index - 1) in (" ", "\u00a0") and before.lower in ("called", "named"):
        return 3
    if before is not None and words.gap(index - 1) == " " and before.lower in ("is", "was"):
        asked = words.before_lower(index - 1)
        if asked in ("name",) or (asked in PERSON_BEFORE and asked not in ("child", "pupil", "student")):
            return 3
    if _GREETING.search(text[max(0, token.start - 24) : token.start]):
        return 3
    after = text[final.end : following.start] if following is not None else ""
    if following is not None and re.fullmatch(r"['’]s? ", after) and following.lower in OWNED:
        return 3
    if _ABOUT.match(text, final.end) or _FAMILY.match(text, final.end):
        return 2
    near = words.before_lower(index)
    if not near and words.bracketed(index, last) in PERSON_BEFORE:
        return 1
    if near in PERSON_BEFORE or (near in SPOKEN_TO and words.gap(index - 1) == " "):
        return 2
    if near in JOINING and words.before_lower(index - 1) in SPOKEN_WITH:
        return 2
    if following is None or after not in (" ", "\u00a0"):
        return 0
    doing, next_word = following.lower, words.next_lower(last + 1)
    if following.capital and not following.word.isupper():
        return 0
    if _of_her_own(words, last + 1):
        return 2
    if doing in ("has", "was", "is", "gets", "got", "had"):
        inside = doing in ("has", "was") and not words.starts(index) and token.lower not in SELDOM_A_PERSON
        return 2 if inside or _done_to(words, last + 1) else 1
    if doing in ("who", "whose"):
        return 2 if not words.starts(index) or is_word(token.lower) is False else 1
    if doing in PERSON_AFTER:
        return 2
    if doing in MAYBE_AFTER or (doing in ("and", "from", "with") and next_word in ("her", "his", "their", "the")):
        return 1
    return 1 if doing.endswith("ed") and is_word(doing) else 0


def _of_her_own(words: Words, index: int) -> bool:
    """``lost her place``, ``has never seen his plan``: a verb, and soon what only one person owns; a thing has "its"."""
    if words.tokens[index].lower not in PERSON_AFTER | MAYBE_AFTER:
        return False
    for _ in range(3):
        following = words.next_lower(index)
        if following in ("her", "his"):
            return bool(words.next_lower(index + 1))
        index += 1
        if not following:
            return False
    return False


def _done_to(words: Words, index: int) -> bool:
    """``was not sent home``, ``has been``: whether what follows this verb is done to people."""
    following = words.next_lower(index)
    while following in BETWEEN:
        if following == "been":
            return True
        index += 1
        following = words.next_lower(index)
    return following in DONE_TO


def _titled(words: Words, index: int) -> tuple[int, int] | None:
    last = index
    while last + 1 < len(words.tokens) and last - index < 4:
        following, gap = words.tokens[last + 1], words.gap(last)
        if gap not in (" ", ". ", ".", "\u00a0", " and ", " & ") or (
            gap != " " and last > index and len(words.tokens[last].word) > 1
        ):
            break
        if last == index and following.lower in NOT_TITLED:
            break
        if not _goes_on(words, index, last):
            break
        last += 1
    while last > index and words.tokens[last].lower in ("and", "mrs", "mr", "ms"):
        last -= 1
    return (index, last) if last > index else None


def _goes_on(words: Words, index: int, last: int) -> bool:
    """Whether the word after ``last`` belongs to the name that the title at ``index`` introduces."""
    following, small = words.tokens[last + 1], not words.tokens[index].capital
    nearest = last == index
    if following.lower in ("and", "mrs", "mr", "ms") and last - index < 2 and (nearest or not small):
        return words.next_lower(last + 1) != ""  # Mr and Mrs …
    if not words.free[last + 1]:
        return False
    if small:
        return nearest and following.lower not in ORDINARY
    if following.capital:
        return nearest or following.lower not in ORDINARY
    return following.lower in PARTICLES and not nearest


def _in_small_letters(words: Words, index: int) -> tuple[int, int] | None:
    token, lists = words.tokens[index], known_names()
    known = lists.firsts.get(token.lower)
    before = words.before_lower(index)
    if known is None and not (before in ("called", "named") and not is_word(token.lower)):
        return None
    if token.lower in ORDINARY or token.lower in ABBREVIATIONS or token.lower in NOT_SMALL:
        return (index, index) if known is False and before in ("called", "named") else None
    doing = words.next_lower(index)
    says = doing in PERSON_AFTER and doing not in ("has", "was", "who", "whose", "walked", "loves", "feels", "felt")
    plain = len(token.word) > 2 and not is_word(token.lower) and not is_proper(token.lower)
    named = before in ("called", "named") or (before in SPOKEN_TO and known is False)
    listed = known is False and not is_word(token.lower) and len(token.word) > 2
    if not (named or listed or (known is not None and (plain or says)) or (known and says)):
        return None
    last = index
    following = words.at(index + 1)
    if following is not None and words.gap(index) == " " and following.lower not in ORDINARY and words.free[index + 1]:
        in_lists = following.lower in lists.firsts or following.lower in lists.surnames
        last += (in_lists and not is_word(following.lower)) or lists.surnames.get(following.lower) is False
    return (index, last)


def _after_an_initial(words: Words, index: int, last: int) -> bool:
    """``L. Brzezinska``: one letter with a full stop, then a capital word that is no plain English."""
    if words.text[words.tokens[index].end : words.tokens[index].end + 1] != ".":
        return False
    final = words.tokens[last]
    return final.lower not in ORDINARY and (not is_word(final.lower) or final.lower in known_names().surnames)


def _reach(words: Words, index: int) -> int:
    """How far a name that begins here goes: capital words after it, one space apart, that are no ordinary words."""
    last, surnames = index, known_names().surnames
    while last + 1 < len(words.tokens) and last - index < 3:
        following, gap = words.tokens[last + 1], words.gap(last)
        if gap not in (" ", "\u00a0", ". ") or (gap == ". " and len(words.tokens[last].word) > 1):
            break
        beyond = words.at(last + 2)
        if following.lower in PARTICLES and beyond is not None and beyond.capital and words.free[last + 2]:
            last += 1
            continue
        if not following.capital or not words.free[last + 1] or following.lower in ORGANISATION:
            break
        if following.lower in ORDINARY and following.lower not in surnames:
            break
        last += 1
    return last


def _beside(words: Words, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Capital words that "and", "&" or a slash joins to a name: "Rose and Daisy"."""
    used = {index for first, last in spans for index in range(first, last + 1)}
    lists = known_names()
    for first, last in spans:
        if words.tokens[first].lower in TITLES:
            continue
        for index, step in ((first, -1), (last, 1)):
            at = _joined(words, index, step)
            token = words.at(at) if at is not None else None
            if at is None or token is None or at in used or not token.capital or not words.free[at]:
                continue
            if token.lower in ORDINARY or token.lower in TITLES or token.lower in ABBREVIATIONS or token.word.isupper():
                continue
            strange = not is_word(token.lower) and not is_proper(token.lower) and _plain_case(token.word)
            if lists.firsts.get(token.lower) is not None or strange:
                reach = _reach(words, at) if step > 0 else at
                used.update(range(at, reach + 1))
                yield at, reach


def _joined(words: Words, index: int, step: int) -> int | None:
    """The word that stands on the other side of "and", "&" or "/"."""
    other = words.at(index + step)
    if other is None:
        return None
    gap = words.gap(min(index, index + step))
    if gap.strip() in ("/", "&") or (gap == ", " and step < 0 and words.next_lower(index) == "and"):
        return index + step
    beyond = index + 2 * step
    apart = words.at(beyond)
    if other.lower != "and" or apart is None or gap != " ":
        return None
    return beyond if words.gap(min(index + step, beyond)) == " " else None
