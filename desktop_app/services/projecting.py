"""From what a record says to the row that lists, search, filters and counts read."""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary

from desktop_app.errors import NotFound
from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.forms.direction import counts_people, verdict
from desktop_app.forms.earlier import EARLIER
from desktop_app.forms.wording import in_words
from desktop_app.records.authorities import PROGRAMMES, by_code
from desktop_app.records.standing import Standing
from desktop_app.storage.projection import AnswerRow, Projection

from .content import REASON, Content, Leaf, leaves

CONFIDENTIAL_SECTION = "talks_with_dfe"
_CONFIDENTIAL = (f"{CONFIDENTIAL_SECTION}/", f"{EARLIER}/{CONFIDENTIAL_SECTION}/")
_TITLE_LENGTH = 90
TWO_VERSIONS = "two_versions"
_SHORT = 60  # letters; longer answers are sentences, which do not come twice
_KEPT = 5_000  # answers in words of one form


def project(
    form: FormDefinition,
    record: str,
    content: Content,
    *,
    standing: Standing,
    standing_words: str,
    branch: str,
    changed_utc: str,
    undecided: Collection[str] = (),
    draft: bool = False,
) -> Projection:
    """The list row of a record. Answers put aside stay out of it (design page "Record", ``aside``).

    ``undecided``: the leaves of which there are two versions; "" is the record itself. They are marked in every count.
    """
    aside = set(content.aside)
    # What versions come to is in the order of names already (`records.leaves`).
    said = [leaf for leaf in leaves(content.answers, form, by_name=draft) if leaf.path not in aside]
    by_name = _first_by_name(said)
    first = _first_by_question(said)
    roles = _known(form).order
    authority = roles("authority")
    told = sorted((leaf for leaf in said if leaf.template in authority), key=lambda leaf: authority[leaf.template])
    authorities = tuple(dict.fromkeys(code for leaf in told for code in leaf.value.split()))
    regions, programmes = _places(authorities)
    regions.update(dict.fromkeys(by_name.get("region", "").split()))
    programmes.update(dict.fromkeys(by_name.get("programme", "").split()))
    rows, words = _rows(form, content, said, authorities, undecided)
    return Projection(
        record=record,
        form_id=form.id,
        title=_title(form, content, first),
        authorities=authorities,
        regions=tuple(regions),
        programmes=tuple(programmes),
        when_from=_of(first, roles("when_from")),
        when_to=_of(first, roles("when_to")),
        when_text=_of(first, roles("when_text")),
        standing=standing.value,
        standing_words=standing_words,
        branch=branch,
        strength=by_name.get("strength", ""),
        permission=by_name.get("permission", ""),
        branch_only=content.branch_only,
        confidential=CONFIDENTIAL_SECTION in by_name.get("topics", "").split()
        or any(leaf.path.startswith(_CONFIDENTIAL) for leaf in said),
        changed_utc=changed_utc,
        words=words,
        answers=rows,
        two_versions=len(undecided),
        draft=draft,
    )


def title_of(form: FormDefinition, content: Content) -> str:
    """The record's title: its title answer, else the first words told, else the form's name."""
    return _title(form, content, _first_by_question(leaves(content.answers, form)))


def role_value(form: FormDefinition, content: Content, role: str) -> str:
    """The first answer to a question with this ``be:role``, ``""`` when there is none."""
    return _of(_first_by_question(leaves(content.answers, form)), _known(form).order(role))


def _title(form: FormDefinition, content: Content, first: Mapping[str, str]) -> str:
    for role in ("title", "narrative"):
        text = " ".join(_of(first, _known(form).order(role)).split())
        if text:
            return _cut(text)
    typed = " ".join(" ".join(content.typed.values()).split())
    return typed[:_TITLE_LENGTH] or content.derived.get("instance_name", "") or f"{form.title}, no title yet"


def _cut(text: str) -> str:
    """At most a title's length, ending in a whole word where there is one in its later half."""
    if len(text) <= _TITLE_LENGTH:
        return text
    kept = text[:_TITLE_LENGTH]
    end = kept.rfind(" ")
    return (kept[:end] if end > _TITLE_LENGTH // 2 else kept[:-1]).rstrip(" ,;:-–") + "…"


def _of(first: Mapping[str, str], order: Iterable[str]) -> str:
    """The first answer to these questions, in their order."""
    return next((first[template] for template in order if template in first), "")


def _first_by_question(said: Iterable[Leaf]) -> dict[str, str]:
    found: dict[str, str] = {}
    for leaf in said:
        found.setdefault(leaf.template, leaf.value)
    return found


def _first_by_name(said: Iterable[Leaf]) -> dict[str, str]:
    found: dict[str, str] = {}
    for leaf in said:
        found.setdefault(leaf.template.rpartition("/")[2], leaf.value)
    return found


def _places(codes: tuple[str, ...]) -> tuple[dict[str, None], dict[str, None]]:
    regions: dict[str, None] = {}
    programmes: dict[str, None] = {}
    for code in codes:
        _, region, programme = _place(code)
        if region:
            regions[region] = None
        if programme:
            programmes[PROGRAMMES.get(programme, programme)] = None
    return regions, programmes


@lru_cache(maxsize=1024)
def _place(code: str) -> tuple[str, str, str]:
    """An authority's name, region and programme; a code nobody knows is its own name."""
    try:
        authority = by_code(code)
    except NotFound:
        return code, "", ""
    return authority.name, authority.region, authority.programme


class _Known:
    """What of a form every record is asked again, kept from one record to the next: thousands come with one file."""

    def __init__(self, form: FormDefinition) -> None:
        self._form = weakref.ref(form)
        self.questions = {question.path: question for question in form.questions}
        self.facts = {
            question.path: (question.be.get("ref", ""), question.label, counts_people(question))
            for question in form.questions
            if question.kind not in ("group", "repeat", "note")
        }
        self._orders: dict[str, dict[str, int]] = {}
        self._said: dict[tuple[str, str], tuple[str, str]] = {}

    def order(self, role: str) -> dict[str, int]:
        """The questions of a role by path, with their place among them."""
        if role not in self._orders:
            form = self._form()
            asked = form.by_role(role) if form is not None else ()
            self._orders[role] = {question.path: place for place, question in enumerate(asked)}
        return self._orders[role]

    def said(self, form: FormDefinition, question: Question, value: str) -> tuple[str, str]:
        """An answer in words, and what it means; short answers come again and again."""
        if len(value) > _SHORT:
            return in_words(form, question, value), verdict(question, value)
        key = (question.path, value)
        found = self._said.get(key)
        if found is None:
            if len(self._said) >= _KEPT:
                self._said.clear()
            found = self._said[key] = (in_words(form, question, value), verdict(question, value))
        return found


_forms: WeakKeyDictionary[FormDefinition, _Known] = WeakKeyDictionary()


def _known(form: FormDefinition) -> _Known:
    found = _forms.get(form)
    if found is None:
        found = _forms[form] = _Known(form)
    return found


def _rows(
    form: FormDefinition,
    content: Content,
    said: Iterable[Leaf],
    authorities: Iterable[str],
    undecided: Collection[str],
) -> tuple[tuple[AnswerRow, ...], str]:
    """The answers as they are filtered and counted, and all words of the record as they are searched."""
    known = _known(form)
    rows: list[AnswerRow] = []
    parts: list[str] = []
    for leaf in said:
        question = known.questions.get(leaf.template)
        if question is None:
            parts.append(leaf.value)
            continue
        words, meaning = known.said(form, question, leaf.value)
        parts.append(words)
        if leaf.template in known.facts:
            ref, label, people = known.facts[leaf.template]
            if leaf.path in undecided:
                meaning = TWO_VERSIONS
            rows.append(AnswerRow(ref, leaf.path, label, leaf.value, words, meaning, people))
    parts.extend(content.typed.values())
    if content.derived.get(REASON):
        parts.append(content.derived[REASON])
    parts.extend(blob.name for blob in content.blobs)
    parts.extend(_place(code)[0] for code in authorities)
    return tuple(rows), "\n".join(parts)
