"""Reports that are also the text of an e-mail or a letter, to be read without any program of ours."""

from __future__ import annotations

from importlib import import_module

from desktop_app.errors import ReportError, UsageProblem
from desktop_app.reports import readback
from desktop_app.reports.audience import prepare
from desktop_app.reports.model import ReportInput

WRITERS = {"feedback_to_office": "as_text", "points_to_raise": "as_letter"}
"""Kinds with such a text, and the function of the report's module that writes it."""


def render_letter(given: ReportInput) -> str:
    """The report as plain text, by the same rules about who may see what.

    Raises `UsageProblem` for a kind without one, `ReportError` when something withheld would be in it.
    """
    if given.kind not in WRITERS:
        raise UsageProblem(
            "This report has no text for an e-mail.",
            do="Make it a PDF. Feedback to the office and points to raise have a text.",
        )
    prepared = prepare(given)
    module = import_module(f"desktop_app.reports.{given.kind}")
    words = str(getattr(module, WRITERS[given.kind])(prepared))
    if given.practice:
        words = f"PRACTICE, made-up records.\n\n{words}"
    if prepared.shareable and any(readback.Check(prepared.secrets, prepared.gone).of([words], prepared.agreed_words())):
        raise ReportError(
            "Something that was not agreed for use would have been in this text.",
            safe="Nothing was written or copied.",
            do="Look for the same words in another record or line, and check what was agreed for each.",
            code="E-WITHHELD",
        )
    return words
