"""``branch-evidence fill``: a form filled by steps, without a profile, the answer as cli.md has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from desktop_app.errors import FormError, UsageProblem

from .definition import FormDefinition
from .session import FormSession


def run_fill(
    form: FormDefinition, steps: Sequence[dict[str, Any]], now: datetime | None = None, seed: int | None = None
) -> dict[str, Any]:
    """Runs the steps and says what came of each and of the whole.

    Raises FormError (the form cannot begin), UsageProblem.
    """
    session = FormSession(form, now=now, seed=seed)
    return {"steps": [run_step(session, step) for step in steps], **outcome(session)}


def fill_session(
    form: FormDefinition, steps: Sequence[dict[str, Any]], now: datetime | None = None, seed: int | None = None
) -> tuple[FormSession, dict[str, Any]]:
    """As ``run_fill``, with the session, for the submission that ``--out-xml`` writes."""
    session = FormSession(form, now=now, seed=seed)
    answer = {"steps": [run_step(session, step) for step in steps], **outcome(session)}
    return session, answer


def run_step(session: FormSession, step: dict[str, Any]) -> dict[str, str]:
    """One step: ``{"set": PATH, "value": TEXT}``, ``{"add": REPEAT}`` or ``{"remove": ROW}``.

    Raises UsageProblem for others.
    """
    if not isinstance(step, dict):
        raise UsageProblem("Every step must be an object.", do='Write {"set": PATH, "value": TEXT}.')
    if "set" in step:
        value = step.get("value", "")
        outcome = session.set(str(step["set"]), "" if value is None else str(value))
        return {"status": outcome.status, "message": outcome.message}
    try:
        if "add" in step:
            session.add(str(step["add"]))
            return {"status": "ok", "message": ""}
        if "remove" in step:
            removed = session.remove(str(step["remove"]))
            return {"status": removed.status, "message": removed.message}
    except FormError as error:
        return {"status": "error", "message": error.what}
    raise UsageProblem("A step says neither set, add nor remove.", do='Write {"set": PATH, "value": TEXT}.')


def outcome(session: FormSession) -> dict[str, Any]:
    """The state after the steps: nodes in document order, problems, answers, typed."""
    problems = session.problems(typed=False)
    state = {
        "nodes": [
            {
                "path": node.path,
                "relevant": node.relevant,
                "required": node.required,
                "readonly": node.readonly,
                "value": node.value,
            }
            for node in session.nodes()
        ],
        "problems": [{"path": problem.path, "kind": problem.kind, "message": problem.message} for problem in problems],
        "answers": session.answers(),
        "typed": session.typed(),
    }
    return {"nodes": state.pop("nodes"), "valid": session.valid(), **state}
