"""The form engine: a keystroke against opening the form, and opening a form against JavaRosa."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import Any

from measure import Row, milliseconds, paired

from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form, load_xform
from desktop_app.paths import resource

QUESTIONS = 500


def _form() -> str:
    """An XForm of 500 questions in chains of ten: each is relevant when the one before it is answered, with a sum."""
    binds, nodes, inputs = [], [], []
    for number in range(QUESTIONS):
        name = f"q{number}"
        nodes.append(f"<{name}/>")
        relevant = f" relevant=\"/data/q{number - 1} != ''\"" if number % 10 else ""
        binds.append(f'<bind nodeset="/data/{name}" type="int"{relevant}/>')
        inputs.append(f'<input ref="/data/{name}"><label>{name}</label></input>')
    for chain in range(QUESTIONS // 10):
        terms = " + ".join(f"/data/q{chain * 10 + i}" for i in range(10))
        nodes.append(f"<sum{chain}/>")
        binds.append(f'<bind nodeset="/data/sum{chain}" type="int" calculate="{terms}" readonly="true()"/>')
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Bench'
        f'</h:title><model><instance><data id="bench" version="1">{"".join(nodes)}</data></instance>{"".join(binds)}'
        f"</model></h:head><h:body>{''.join(inputs)}</h:body></h:html>"
    )


def keystroke_row() -> Row:
    form = load_xform(_form().encode())
    session = FormSession(form)
    at = 0
    evaluations: list[int] = []

    def keystroke() -> float:
        nonlocal at
        times = []
        for _ in range(20):
            at = (at + 37) % QUESTIONS
            before = session.evaluations
            times.append(milliseconds(lambda n=at: session.set(f"/data/q{n}", str(n))))
            evaluations.append(session.evaluations - before)
        return statistics.median(times)

    def opening() -> float:
        return milliseconds(lambda: FormSession(form).nodes())

    return paired(
        f"keystroke in a form of {QUESTIONS} questions",
        keystroke,
        "opening the same form",
        opening,
        at_most=1 / 20,
        note=lambda: f"{statistics.median(evaluations):g} expressions evaluated, at most {max(evaluations)}",
    )


def _parse(engine: Any, path: Path) -> None:
    """JavaRosa's own way to open a form: parse, bind, initialise."""
    from java.io import File

    engine._references([path.parent, path.parent / f"{path.stem}-media"])
    java = engine.j
    form = java.test.FormParseInit(File(str(path))).getFormDef()
    form.initialize(True, java.core.model.instance.InstanceInitializationFactory())


def javarosa_row() -> Row | None:
    """The largest shipped form, and JavaRosa with a warm JVM; None without Java."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "conformance"))
    import javarosa_reference as reference

    if not reference.available():
        return None
    engine = reference.JavaRosa()
    path = resource("forms", "evidence.xml")

    def ours() -> float:
        return milliseconds(lambda: FormSession(load_form(path)).nodes())

    def theirs() -> float:
        return milliseconds(lambda: _parse(engine, path))

    return paired("open the evidence form", ours, "JavaRosa, JVM warm", theirs, at_most=1)
