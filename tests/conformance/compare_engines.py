"""Takes one form and its steps through JavaRosa and through our engine, and counts where they agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from javarosa_reference import LAST_SAVED

from desktop_app.errors import FormError
from desktop_app.forms.fill import outcome, run_fill, run_step
from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form

NODE_FACTS = ("relevant", "required", "readonly", "value")


@dataclass
class Agreement:
    """``checked`` facts (a step's status, a node's being there, its relevance, value …), and what differs in words."""

    checked: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def agreed(self) -> int:
        return self.checked - len(self.differences)

    def fact(self, name: str, theirs: Any, ours: Any) -> None:
        self.checked += 1
        if theirs != ours:
            self.differences.append(f"{name}: JavaRosa {theirs!r}, we {ours!r}")


def ours(form: Path, steps: list[dict[str, str]]) -> dict[str, Any]:
    try:
        session = FormSession(load_form(form), last_saved=last_saved(form))
        return {"steps": [run_step(session, step) for step in steps], **outcome(session)}
    except FormError as error:
        return {"refused": str(error)}


def last_saved(form: Path) -> bytes:
    """The record saved before, in ``<stem>-media/`` beside the form."""
    file = form.parent / f"{form.stem}-media" / LAST_SAVED
    return file.read_bytes() if file.is_file() else b""


def before_rule_errors(form: Path, steps: list[dict[str, str]]) -> list[dict[str, str]]:
    """The steps up to the first at which a rule cannot be worked out.

    JavaRosa then stops in the middle of rules whose order it leaves to chance, so what follows is nobody's.
    """
    try:
        done = run_fill(load_form(form), steps)["steps"]
    except FormError:
        return steps
    for number, step in enumerate(done):
        if step["status"] == "error" and not step["message"].startswith(("There is no", "A row cannot")):
            return steps[:number]
    return steps


def compare(theirs: dict[str, Any], mine: dict[str, Any], ignore: tuple[str, ...] = ()) -> Agreement:
    """``ignore``: ends of paths whose values are random or of the moment."""
    found = Agreement()
    found.fact("accepted", "refused" not in theirs, "refused" not in mine)
    if found.differences:
        found.differences[-1] += f" ({theirs.get('refused') or mine.get('refused')})"
    if "refused" in theirs or "refused" in mine:
        return found
    for number, (their_step, my_step) in enumerate(zip(theirs["steps"], mine["steps"], strict=True), 1):
        found.fact(f"step {number}", their_step, my_step["status"])
    their_nodes = {node["path"]: node for node in theirs["nodes"]}
    my_nodes = {node["path"]: node for node in mine["nodes"]}
    found.fact("nodes", list(their_nodes), list(my_nodes))
    for path in their_nodes.keys() & my_nodes.keys():
        for fact in NODE_FACTS:
            if fact == "value" and path.endswith(ignore):
                continue
            found.fact(f"{path} {fact}", their_nodes[path][fact], my_nodes[path][fact])
    found.fact("valid", theirs["valid"], mine["valid"])
    return found
