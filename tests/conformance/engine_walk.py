"""A walk through one form, at random, in JavaRosa and in our engine at once, compared after every step.

What ``fill`` shows (relevance, read-only, required, value, outcome of the step) and what a person sees beside it: labels and
hints in each language, choices, and in the end validity and the submission. Any folder of forms can be walked through::

    PYTHONPATH=. python tests/conformance/engine_walk.py FOLDER [steps] [seed]
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compare_engines import NODE_FACTS, Agreement
from lxml import etree

from desktop_app.errors import FormError
from desktop_app.forms.definition import FormDefinition, template_path
from desktop_app.forms.fill import outcome, run_step
from desktop_app.forms.session import FormSession
from desktop_app.forms.shape import Control
from desktop_app.forms.views import Node
from desktop_app.forms.xform import load_form
from desktop_app.forms.xpath.tree import Call, walk

Names = tuple[str, ...]

MOMENTARY_CALLS = {"now", "today", "random", "uuid", "once"}
UNHOSTED = re.compile(r"pulldata\(|setgeopoint")
VALUES: dict[str, tuple[str, ...]] = {
    "integer": ("0", "1", "2", "3", "17", "18", "100", "-1", "1.5", "abc", "2147483648", "007"),
    "decimal": ("0", "1", "2.5", "-7.25", "1e3", "abc", "99999999999"),
    "date": ("2024-02-29", "1999-12-31", "2026-11-22", "2024-13-01", "22/11/2026"),
    "time": ("10:30:00.000Z", "07:05", "noon"),
    "datetime": ("2024-02-29T10:30:00.000Z", "2020-01-01", "then"),
    "geopoint": ("51.5 -0.1 10 5", "1 2", "here"),
    "geotrace": ("1 2 0 0; 3 4 0 0; 5 6 0 0", "there"),
    "geoshape": ("1 2 0 0; 3 4 0 0; 5 6 0 0; 1 2 0 0", "round"),
    "trigger": ("OK",),
}
TEXTS = ("abc", "two words", "1", "0", "yes", "no", "it's", "  spaced  ", "2020-01-01", "Zoë")


class Walk:
    """One form open in both engines."""

    def __init__(self, javarosa: Any, form: Path, seed: str) -> None:
        self.found = Agreement()
        self.steps: list[dict[str, str]] = []
        self._rng = random.Random(seed)
        self._path = form
        self._theirs: Any = None
        self._ours: FormSession | None = None
        refused, we_refuse = "", ""
        try:
            self._theirs = javarosa.open(form)
        except javarosa.jpype.JException as error:
            refused = str(error).splitlines()[0]
        try:
            self._form: FormDefinition = load_form(form)
            self._ours = FormSession(self._form)
        except FormError as error:
            we_refuse = str(error)
        self.found.fact(f"accepted ({refused or we_refuse})", not refused, not we_refuse)

    def go(self, size: int) -> Agreement:
        """``size`` steps, fewer where the engines part or a rule fails (JavaRosa then stops half-way)."""
        if self._theirs is None or self._ours is None:
            return self.found
        self._momentary = momentary(self._form)
        self._compare("at first")
        for _ in range(size):
            step = self._next()
            if step is None or self.found.differences:
                break
            self.steps.append(step)
            theirs, mine = self._theirs.step(step), run_step(self._ours, step)
            where = f"after step {len(self.steps)} {step}"
            self.found.fact(f"{where} outcome", theirs, mine["status"])
            if theirs == "error" and not mine["message"].startswith(("There is no", "A row cannot")):
                return self.found
            self._compare(where)
        self._languages()
        self._end()
        return self.found

    def _compare(self, where: str) -> None:
        assert self._ours is not None
        theirs = self._theirs.nodes()
        mine = self._ours.nodes()
        self.found.fact(f"{where} nodes", [node["path"] for node in theirs], [node.path for node in mine])
        for their_node, node in zip(theirs, mine, strict=False):
            for fact in NODE_FACTS:
                their_fact, my_fact = their_node[fact], getattr(node, fact)
                if fact == "value" and _names(node.path) in self._momentary:
                    their_fact, my_fact = bool(their_fact), bool(my_fact)
                self.found.fact(f"{where} {node.path} {fact}", their_fact, my_fact)
        self._texts(where)

    def _texts(self, where: str) -> None:
        assert self._ours is not None
        if self._momentary and b"<output" in self._form.xml:
            return
        for path, shown in self._theirs.texts().items():
            try:
                node = self._ours.node(path)
            except KeyError:
                continue
            self.found.fact(f"{where} {path} texts", shown, (node.label, node.hint))

    def _languages(self) -> None:
        assert self._ours is not None
        # What a language lacks JavaRosa takes from the default language form by form (long, short), we text by text.
        for language in self._theirs.languages() if b'form="long"' not in self._form.xml else ():
            try:
                self._theirs.controller.setLanguage(language)
            except self._theirs.error:
                return
            self._ours.set_language(language)
            self._texts(f"in {language}")

    def _end(self) -> None:
        assert self._ours is not None
        # First the submission: JavaRosa drops answers that are not offered any more when it validates.
        self.found.fact(
            "submission",
            submitted(self._theirs.submission(), self._momentary),
            submitted(self._ours.submission_xml(), self._momentary),
        )
        self.found.fact("valid", self._theirs.valid(), outcome(self._ours)["valid"])
        for path, listed in self._theirs.choices():
            control = self._form.model.controls.get(_names(path))
            if control is None or control.tag not in ("select", "select1", "rank") or _copies(control):
                continue
            mine = [(choice.name, choice.label) for choice in self._ours.choices(path)]
            if control.itemset is not None and control.itemset.randomize:
                mine, listed = sorted(mine), sorted(listed)
            self.found.fact(f"{path} choices", listed, mine)
            # JavaRosa has dropped an answer that is not offered any more; the filters after it must see the same.
            node = self._ours.node(path)
            if control.itemset is not None and not set(node.value.split()) <= {name for name, _ in mine}:
                return

    def _next(self) -> dict[str, str] | None:
        assert self._ours is not None
        nodes = [node for node in self._ours.nodes() if node.question.kind not in ("calculate", "note", "group")]
        repeats = [question.path for question in self._form.questions if question.kind == "repeat"]
        if repeats and self._rng.random() < 0.2:
            return self._row(self._rng.choice(repeats), nodes)
        asked = [node for node in nodes if node.relevant and not node.readonly]
        if self._rng.random() < 0.1 or not asked:
            asked = nodes
        if not asked:
            return None
        node = self._rng.choice(asked)
        return {"set": node.path, "value": self._value(node)}

    def _row(self, repeat: str, nodes: list[Node]) -> dict[str, str]:
        rows = sorted({node.path[: end.end()] for node in nodes for end in re.finditer(r"\]", node.path)})
        mine = [row for row in rows if template_path(row) == repeat]
        if mine and self._rng.random() < 0.4:
            return {"remove": self._rng.choice(mine)}
        outer = [row for row in rows if template_path(row) == repeat.rpartition("/")[0]]
        return {"add": f"{self._rng.choice(outer)}/{repeat.rpartition('/')[2]}" if outer else repeat}

    def _value(self, node: Node) -> str:
        assert self._ours is not None
        kind = node.question.kind
        if self._rng.random() < 0.08:
            return ""
        if kind in ("select_one", "select_multiple", "rank"):
            try:
                names = [choice.name for choice in self._ours.choices(node.path)]
            except FormError:
                names = []
            several = self._rng.sample(names, min(len(names), self._rng.randint(1, 3)))
            return " ".join(several if kind != "select_one" else several[:1]) or "none"
        value = self._rng.choice(VALUES.get(kind, TEXTS))
        # A count of rows: JavaRosa makes them all.
        return "3" if b"jr:count" in self._form.xml and value.lstrip("-").isdigit() and int(value) > 6 else value


def _copies(control: Control) -> bool:
    return control.itemset is not None and control.itemset.copy_path is not None


def momentary(form: FormDefinition) -> set[Names]:
    """The nodes whose value is random or of the moment, or follows from one that is."""
    rules = form.model.rules
    found = {names for names, shape in form.model.shapes.items() if shape.bind is not None and shape.bind.preload}
    actions = [*form.model.model_actions, *(a for control in form.model.controls.values() for a in control.actions)]
    if any(_of_the_moment(action.value) for action in actions):
        found.update(action.target for action in actions)
    waiting = [number for number, rule in enumerate(rules) if _of_the_moment(rule.expression)]
    for names in found:
        waiting.extend(form.model.triggered.get(names, ()))
    seen = set(waiting)
    while waiting:
        for following in rules[waiting.pop()].cascades:
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    for number in seen:
        found.update(rules[number].targets)
    return found


def _of_the_moment(expression: Any) -> bool:
    return any(isinstance(part, Call) and part.name in MOMENTARY_CALLS for part in walk(expression))


def _names(path: str) -> Names:
    return tuple(template_path(path).split("/")[1:])


def submitted(xml: bytes, momentary_names: set[Names]) -> str:
    """C14N with what is random or of the moment replaced by a mark, and no white space between elements."""
    root = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    waiting: list[tuple[Any, Names]] = [(root, (etree.QName(root).localname,))]
    while waiting:
        element, names = waiting.pop()
        if names in momentary_names and element.text:
            element.text = "*"
        for key in element.attrib:
            if (*names, f"@{etree.QName(key).localname}") in momentary_names and element.get(key):
                element.set(key, "*")
        waiting.extend((child, (*names, etree.QName(child).localname)) for child in element)
    return etree.canonicalize(etree.tostring(root, encoding="unicode"))


def forms_in(folder: Path) -> Iterator[Path]:
    """The XForms under a folder that JavaRosa alone can run: without pulldata(), a place of its own, a record saved
    before."""
    for path in sorted(folder.rglob("*.xml")):
        data = path.read_bytes()
        if b"<instance" in data and b"last-saved" not in data and not UNHOSTED.search(data.decode("utf-8", "replace")):
            yield path


def main() -> None:
    import javarosa_reference

    folder, size, seed = (*sys.argv[1:4], "30", "1")[:3] if len(sys.argv) < 4 else tuple(sys.argv[1:4])
    javarosa = javarosa_reference.JavaRosa()
    forms = steps = checked = parted = 0
    for path in forms_in(Path(folder)):
        one = Walk(javarosa, path, f"{seed} {path.name}")
        found = one.go(int(size))
        forms, steps, checked = forms + 1, steps + len(one.steps), checked + found.checked
        if found.differences:
            parted += 1
            print(f"{path}: {found.differences[0]}")
    print(f"{forms} forms, {steps} steps, {checked:,} facts; {parted} forms on which the engines part")


if __name__ == "__main__":
    main()
