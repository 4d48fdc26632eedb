"""The rules of a form as its author wrote them: ``${area} = 'kent'``, not the paths they were compiled to."""

from __future__ import annotations

import re

from .definition import FormDefinition
from .xmlread import local, read_xml

RULES = ("relevant", "required", "readonly", "constraint", "calculate", "choice_filter")
_NAME = r"[A-Za-z_][\w.-]*"
_PATH = re.compile(rf"(?<![\w\])/.])(?:(?:current\(\)/)?(?:\.\./)+(?:{_NAME}/)*|/(?:{_NAME}/)+|(?:{_NAME}/)+)({_NAME})")
_STRING = re.compile(r"('[^']*'|\"[^\"]*\")")
_FILTER = re.compile(r"\[(.*)\]\s*$", re.DOTALL)


def rule_texts(form: FormDefinition) -> dict[str, dict[str, str]]:
    """For every node with rules: its path below the root to rule name and text. A rule that never applies is left out."""
    found: dict[str, dict[str, str]] = {}
    root = form.root.path
    for element in read_xml(form.xml).iter("{*}bind", "{*}select", "{*}select1", "{*}itemset"):
        if local(element) == "itemset":
            owner = element.getparent()
            ref = str(owner.get("ref") or owner.get("nodeset") or "") if owner is not None else ""
            condition = _FILTER.search(str(element.get("nodeset") or ""))
            if condition:
                found.setdefault(ref[len(root) :], {})["choice_filter"] = readable(condition[1])
            continue
        if local(element) != "bind":
            continue
        path = str(element.get("nodeset") or element.get("ref") or "")
        for rule in RULES[:-1]:
            text = " ".join(str(element.get(rule) or "").split())
            if text and text != ("true()" if rule == "relevant" else "false()"):
                found.setdefault(path[len(root) :], {})[rule] = readable(text)
    return found


def readable(expression: str) -> str:
    """An expression with its paths as ``${name}``, as in the spreadsheet; texts in quotes stay as they are."""
    pieces = _STRING.split(" ".join(expression.split()))
    return "".join(piece if place % 2 else _PATH.sub(r"${\1}", piece) for place, piece in enumerate(pieces)).strip()
