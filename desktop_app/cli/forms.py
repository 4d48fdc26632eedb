"""`forms` and `fill`: what there is to fill, whether a form is sound, and filling one without any records."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop_app.cli.answer import Answer, table
from desktop_app.cli.common import common_options, local_file, read_json, records, session
from desktop_app.errors import UsageProblem

if TYPE_CHECKING:
    from desktop_app.forms.compiler_words import Problem
    from desktop_app.forms.definition import FormDefinition, Question


@click.group()
@common_options
def forms() -> None:
    """List, show, check and add forms."""


def _entry(form: FormDefinition) -> dict[str, Any]:
    asked = [q for q in form.questions if q.kind not in ("group", "repeat", "note", "calculate")]
    return {
        "id": form.id,
        "title": form.title,
        "version": form.version,
        "package": form.package,
        "questions": len(asked),
    }


@forms.command("list")
@common_options
def list_forms() -> Answer:
    """The forms that new records are filled with: the shipped ones, or your records' when there are some."""
    from desktop_app.services.form_library import SHIPPED, shipped_form

    if session().paths.exists() and session().passphrase_file is not None:
        with records() as profile:
            found = [profile.forms.current(form_id) for form_id in profile.forms.ids()]
    else:
        found = [shipped_form(form_id) for form_id in SHIPPED]
    entries = [_entry(form) for form in found]
    rows = [[e["id"], e["version"], f"{e['questions']} questions", e["title"]] for e in entries]
    return Answer({"forms": entries}, table(rows))


def _form(name: str) -> FormDefinition:
    """A form by the id it has in the records, by shipped id, or by file."""
    from desktop_app.services.form_library import SHIPPED, form_from

    if name in SHIPPED:
        if session().paths.exists() and session().passphrase_file is not None:
            with records() as profile:
                return profile.forms.current(name)
        return form_from(name)
    if name == "-" or Path(name).exists():
        return form_from(str(local_file(name, "the form")))
    if session().paths.exists():
        with records() as profile:
            return profile.forms.current(name)
    return form_from(name)


def _question(question: Question) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "path": question.path,
        "kind": question.kind,
        "label": question.label,
        "hint": question.hint,
        "required": question.required,
        "ref": question.be.get("ref", ""),
    }
    if question.choices:
        entry["choices"] = [{"name": choice.name, "label": choice.label} for choice in question.choices]
    if question.list_file:
        entry["list_file"] = question.list_file
    return entry


@forms.command("show")
@click.argument("form_id", metavar="ID")
@common_options
def show(form_id: str) -> Answer:
    """Every question of a form, in order."""
    form = _form(form_id)
    questions = [_question(question) for question in form.questions]
    rows = [[q["path"], q["kind"], q["ref"], q["label"]] for q in questions]
    return Answer({**_entry(form), "questions": questions}, f"{form.title} ({form.version})\n\n{table(rows)}")


@forms.command("check")
@click.argument("file", metavar="FILE")
@common_options
def check(file: str) -> Answer:
    """Whether an XLSForm or XForm can be used here, and where it cannot. Exit status 1 when something was found.

    Advice (a choice without a label, a translation that is missing) is no problem.
    """
    from desktop_app.forms.compiler_advice import advice
    from desktop_app.forms.xlsform import problems

    path = local_file(file, "the form")
    found, advised = problems(path), advice(path)
    data = {"problems": _listed(found), **({"advice": _listed(advised)} if advised else {})}
    text = table([_row(problem) for problem in found], "Nothing is wrong with this form.")
    if advised:
        text += "\n\nAdvice:\n" + table([_row(problem) for problem in advised])
    return Answer(data, text, status=1 if found else 0)


def _listed(found: list[Problem]) -> list[dict[str, Any]]:
    return [{"where": dict(problem.where), "what": problem.what, "do": problem.do} for problem in found]


def _row(problem: Problem) -> list[str]:
    return [_place(problem.where), problem.what, problem.do]


def _place(where: Any) -> str:
    parts = [str(where.get("sheet") or "")]
    if where.get("row"):
        parts.append(f"row {where['row']}")
    if where.get("column"):
        parts.append(f"column {where['column']}")
    return ", ".join(part for part in parts if part)


@forms.command("add")
@click.argument("file", metavar="FILE")
@common_options
def add(file: str) -> Answer:
    """Use this form, or this version of it, for new records. From the office it goes to every branch with its reply.

    A form of an id in use needs a new version on its settings sheet.
    """
    from desktop_app.services.form_library import form_from
    from desktop_app.services.form_workshop import publish

    path = local_file(file, "the form")
    with records() as profile:
        form = form_from(str(path))
        publish(profile, form)
    return Answer({"forms": [_entry(form)]}, f"{form.title} ({form.id}, version {form.version}) is in use.")


@click.command()
@click.argument("form", metavar="FORM")
@click.argument("steps", metavar="STEPS")
@click.option("--now", metavar="ISO", help="The time that today() and now() give, as 2026-11-22T09:30:00+00:00.")
@click.option("--seed", type=int, metavar="N", help="For random(), uuid() and shuffled choices.")
@click.option("--out-xml", type=click.Path(path_type=Path), metavar="F", help="Write the submission to this file.")
@common_options
def fill(form: str, steps: str, now: str | None, seed: int | None, out_xml: Path | None) -> Answer:
    """Fill a form step by step, as JavaRosa does, and print what it becomes. No records are needed or touched.

    FORM is a file or a shipped id. STEPS is JSON: [{"set": PATH, "value": TEXT}, {"add": REPEAT}, {"remove": "R[2]"}].
    """
    from desktop_app.files import write_atomic
    from desktop_app.forms.fill import fill_session
    from desktop_app.services.form_library import form_from

    wanted = read_json(steps, "steps")
    if not isinstance(wanted, list) or not all(isinstance(step, dict) for step in wanted):
        raise UsageProblem("The steps are not a list of objects.", do='Write them as [{"set": PATH, "value": TEXT}].')
    definition = form_from(form if form != "-" else str(local_file(form, "the form")))
    filled, answer = fill_session(definition, wanted, now=_time(now), seed=seed)
    if out_xml is not None:
        write_atomic(out_xml, filled.submission_xml())
    return Answer(answer, _filled(answer))


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"--now {text} is not a time.", do="Write it as 2026-11-22T09:30:00+00:00.") from None
    return when if when.tzinfo else when.astimezone()


def _filled(answer: dict[str, Any]) -> str:
    lines = [f"{number}. {step['status']} {step['message']}".rstrip() for number, step in enumerate(answer["steps"], 1)]
    lines += [f"{node['path']} = {node['value']}" for node in answer["nodes"] if node["relevant"] and node["value"]]
    lines += [f"{problem['path']}: {problem['message'] or problem['kind']}" for problem in answer["problems"]]
    lines.append("Complete and in order." if answer["valid"] else "Not in order yet.")
    return "\n".join(lines)
