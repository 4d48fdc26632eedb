"""What a page shows beside the answers: what is missing, what was not understood, what may name a person."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.session import FormSession
from desktop_app.forms.wording import label_in_full
from desktop_app.records.privacy import Finding, findings

from .content import Content, leaves

_GAP_ROLES = ("title", "authority", "when_from", "source")
_GAP_NAMES = ("strength", "permission")
_NARRATIVE_KINDS = ("text",)


@dataclass(frozen=True)
class Gap:
    """Something not said yet that readers will miss; never an error."""

    path: str
    label: str


@dataclass(frozen=True)
class Doubt:
    """Something typed that its question could not take, kept as typed."""

    path: str
    label: str
    raw: str
    message: str


@dataclass(frozen=True)
class PrivacyFinding:
    """Likely personal data in one answer."""

    path: str
    label: str
    finding: Finding


def gaps(session: FormSession) -> list[Gap]:
    """Questions readers will look for that have no answer yet, in the form's order."""
    looked_for = {
        question.path
        for question in session.form.questions
        if question.be.get("role") in _GAP_ROLES or question.name in _GAP_NAMES
    }
    return [
        Gap(node.path, label_in_full(session.form, node.question))
        for node in session.unanswered(looked_for)
        if node.required or "[" not in node.path
    ]


def doubts(session: FormSession) -> list[Doubt]:
    """Answers kept as typed because their question could not take them."""
    return [
        Doubt(node.path, label_in_full(session.form, node.question), node.typed, node.message)
        for node in session.nodes()
        if node.relevant and node.typed is not None
    ]


def privacy_findings(content: Content, form: FormDefinition) -> list[PrivacyFinding]:
    """Likely personal data in the text answers, the raw entries and the attachments' names."""
    questions = {question.path: question for question in form.questions}
    found: list[PrivacyFinding] = []
    for leaf in leaves(content.answers, form):
        question = questions.get(leaf.template)
        if question is None or question.kind in _NARRATIVE_KINDS:
            label = label_in_full(form, question) if question else leaf.path
            found += [PrivacyFinding(leaf.path, label, f) for f in findings(leaf.value, where=leaf.path)]
    for path, raw in content.typed.items():
        found += [PrivacyFinding(path, path, f) for f in findings(raw, where=path)]
    for blob in content.blobs:
        found += [PrivacyFinding(blob.question, blob.name, f) for f in findings(blob.name, where=blob.question)]
    return found
