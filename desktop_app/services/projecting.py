"""From what a record says to the row that lists, search, filters and counts read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_app.errors import NotFound
from desktop_app.forms.definition import FormDefinition, Question
from desktop_app.forms.direction import counts_people, verdict
from desktop_app.forms.wording import in_words
from desktop_app.records.authorities import PROGRAMMES, by_code
from desktop_app.records.standing import Standing
from desktop_app.storage.projection import AnswerRow, Projection

from .content import Content, Leaf, leaves

CONFIDENTIAL_SECTION = "talks_with_dfe"
_TITLE_LENGTH = 90


def project(
    form: FormDefinition,
    record: str,
    content: Content,
    *,
    standing: Standing,
    standing_words: str,
    branch: str,
    changed_utc: str,
    two_versions: int = 0,
    draft: bool = False,
) -> Projection:
    """The list row of a record. Answers put aside stay out of it (design page "Record", ``aside``)."""
    aside = set(content.aside)
    said = [leaf for leaf in leaves(content.answers) if leaf.path not in aside]
    by_name = _first_by_name(said)
    authorities = tuple(
        dict.fromkeys(code for leaf in _with_role(form, said, "authority") for code in leaf.value.split())
    )
    regions, programmes = _places(authorities)
    regions.update(dict.fromkeys(by_name.get("region", "").split()))
    programmes.update(dict.fromkeys(by_name.get("programme", "").split()))
    rows = tuple(_rows(form, said))
    return Projection(
        record=record,
        form_id=form.id,
        title=title_of(form, content, said),
        authorities=authorities,
        regions=tuple(regions),
        programmes=tuple(programmes),
        when_from=_role(form, said, "when_from"),
        when_to=_role(form, said, "when_to"),
        when_text=_role(form, said, "when_text"),
        standing=standing.value,
        standing_words=standing_words,
        branch=branch,
        strength=by_name.get("strength", ""),
        permission=by_name.get("permission", ""),
        branch_only=content.branch_only,
        confidential=any(leaf.path.startswith(f"{CONFIDENTIAL_SECTION}/") for leaf in said),
        changed_utc=changed_utc,
        words=_words(form, content, said, authorities),
        answers=rows,
        two_versions=two_versions,
        draft=draft,
    )


def title_of(form: FormDefinition, content: Content, said: Iterable[Leaf] | None = None) -> str:
    """The record's title: its title answer, else the first words told, else the form's name."""
    known = list(said) if said is not None else list(leaves(content.answers))
    for role in ("title", "narrative"):
        text = " ".join(_role(form, known, role).split())
        if text:
            return text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1].rstrip() + "…"
    typed = " ".join(" ".join(content.typed.values()).split())
    return typed[:_TITLE_LENGTH] or content.derived.get("instance_name", "") or f"{form.title}, no title yet"


def role_value(form: FormDefinition, content: Content, role: str) -> str:
    """The first answer to a question with this ``be:role``, ``""`` when there is none."""
    return _role(form, list(leaves(content.answers)), role)


def _role(form: FormDefinition, said: list[Leaf], role: str) -> str:
    return next((leaf.value for leaf in _with_role(form, said, role)), "")


def _with_role(form: FormDefinition, said: list[Leaf], role: str) -> list[Leaf]:
    order = {question.path: n for n, question in enumerate(form.by_role(role))}
    return sorted((leaf for leaf in said if leaf.template in order), key=lambda leaf: order[leaf.template])


def _first_by_name(said: Iterable[Leaf]) -> dict[str, str]:
    found: dict[str, str] = {}
    for leaf in said:
        found.setdefault(leaf.template.rpartition("/")[2], leaf.value)
    return found


def _places(codes: Iterable[str]) -> tuple[dict[str, None], dict[str, None]]:
    regions: dict[str, None] = {}
    programmes: dict[str, None] = {}
    for code in codes:
        try:
            authority = by_code(code)
        except NotFound:
            continue
        regions[authority.region] = None
        if authority.programme:
            programmes[PROGRAMMES.get(authority.programme, authority.programme)] = None
    return regions, programmes


def _rows(form: FormDefinition, said: Iterable[Leaf]) -> Iterable[AnswerRow]:
    questions: Mapping[str, Question] = {question.path: question for question in form.questions}
    for leaf in said:
        question = questions.get(leaf.template)
        if question is None or question.kind in ("group", "repeat", "note"):
            continue
        yield AnswerRow(
            ref=question.be.get("ref", ""),
            leaf=leaf.path,
            label=question.label,
            value=leaf.value,
            value_label=in_words(form, question, leaf.value),
            verdict=verdict(question, leaf.value),
            people=counts_people(question),
        )


def _words(form: FormDefinition, content: Content, said: Iterable[Leaf], authorities: Iterable[str]) -> str:
    questions = {question.path: question for question in form.questions}
    parts: list[str] = []
    for leaf in said:
        question = questions.get(leaf.template)
        parts.append(in_words(form, question, leaf.value) if question else leaf.value)
    parts.extend(content.typed.values())
    parts.extend(blob.name for blob in content.blobs)
    for code in authorities:
        try:
            parts.append(by_code(code).name)
        except NotFound:
            parts.append(code)
    return "\n".join(parts)
