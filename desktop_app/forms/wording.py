"""An answer in words: choice labels for names, pounds for money, British dates. Used by lists, search and reports."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal, InvalidOperation
from weakref import WeakKeyDictionary

from .definition import FormDefinition, Question
from .plain import plain_number

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_labels_by_form: WeakKeyDictionary[FormDefinition, dict[str, dict[str, str]]] = WeakKeyDictionary()


def in_words(form: FormDefinition, question: Question, value: str) -> str:
    """``value`` (canonical) as a person would write it; an unknown choice stays as it is stored."""
    if not value:
        return ""
    if question.kind in ("select_one", "select_multiple", "rank"):
        labels = choice_labels(form, question)
        return ", ".join(labels.get(name, name) for name in value.split())
    if question.kind == "date":
        return british_date(value)
    if question.be.get("role") == "money":
        return pounds(value)
    if question.kind == "time":
        return value[:5]
    return plain_number(value) if question.kind == "decimal" else value


def choice_labels(form: FormDefinition, question: Question) -> dict[str, str]:
    """Choice name to label, from the form or from the list file it names."""
    if question.choices:
        return {choice.name: choice.label for choice in question.choices}
    if not question.list_file:
        return {}
    by_file = _labels_by_form.setdefault(form, {})
    if question.list_file not in by_file:
        text = form.lists.get(question.list_file, b"").decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text))
        by_file[question.list_file] = {
            row.get("name") or "": row.get("short_name") or row.get("label") or row.get("name") or "" for row in rows
        }
    return by_file[question.list_file]


def british_date(value: str) -> str:
    """``2026-11-22`` as ``22 November 2026``; anything else unchanged."""
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def pounds(value: str) -> str:
    """``1200000`` as ``£1,200,000``; pence only where there are some."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    whole = amount == amount.to_integral_value()
    text = f"{abs(amount):,.0f}" if whole else f"{abs(amount):,.2f}"
    return f"{'-' if amount < 0 else ''}£{text}"


def asked_about(form: FormDefinition, question: Question) -> str:
    """What "What else can you say about this?" is about: the words of the question before it; "" for other questions.

    forms.md: a question named ``<name>_detail`` asks for more about the question named ``<name>`` beside it.
    """
    if not question.name.endswith("_detail"):
        return ""
    try:
        return form.question(question.path.removesuffix("_detail")).label
    except KeyError:
        return ""


def label_in_full(form: FormDefinition, question: Question) -> str:
    """A question's words away from its place on the page, where "this" would point at nothing."""
    about = asked_about(form, question)
    return f"{about} {question.label}" if about else question.label
