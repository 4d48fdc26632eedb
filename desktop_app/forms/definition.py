"""A form as the rest of the program sees it: questions in document order, their kinds, choices and custom attributes.

forms.md: identity is the SHA-256 of the form's canonical XML; the custom columns are bind attributes in
``urn:branch-evidence:1``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .shape import Control, Model

BE_NAMESPACE = "urn:branch-evidence:1"

Kind = Literal[
    "text", "integer", "decimal", "date", "time", "datetime", "select_one", "select_multiple", "rank", "note",
    "group", "repeat", "range", "trigger", "image", "audio", "video", "file",
    "geopoint", "geotrace", "geoshape", "barcode", "boolean", "calculate",
]  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One choice: ``name`` is stored, ``label`` is shown, ``extra`` holds the other columns of its list."""

    name: str
    label: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A node of the form. ``path`` is the template path (``/data/about/area``): no row numbers.

    ``required`` and ``readonly`` are what the form says without looking at answers; ``be`` the custom attributes
    without
    their prefix; ``choices`` the inline list (empty where it is worked out); ``list_file`` the CSV the choices come
    from.
    ``control`` is False for a node with no control in the form's body (a calculation, a preload).
    """

    path: str
    name: str
    kind: Kind
    label: str = ""
    hint: str = ""
    appearance: str = ""
    required: bool = False
    readonly: bool = False
    be: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    list_file: str | None = None
    children: tuple[Question, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    control: bool = True
    calculated: bool = False
    media: Mapping[str, str] = field(default_factory=dict)

    def walk(self) -> Iterator[Question]:
        """This question and everything inside it, in document order."""
        waiting = [self]
        while waiting:
            here = waiting.pop()
            yield here
            waiting.extend(reversed(here.children))


@dataclass(frozen=True, eq=False)
class FormDefinition:
    """A form ready to be filled. Two are the same form when ``package`` is the same.

    ``root`` is the whole form, ``questions`` everything under it flat, in document order. Safe to hand to another
    process.
    """

    id: str
    version: str
    title: str
    package: str
    xml: bytes
    lists: Mapping[str, bytes]
    root: Question
    questions: tuple[Question, ...]
    languages: tuple[str, ...]
    default_language: str
    instance_name_path: str | None
    model: Model = field(repr=False)

    @cached_property
    def _by_path(self) -> dict[str, Question]:
        return {question.path: question for question in (self.root, *self.questions)}

    @cached_property
    def _by_role(self) -> dict[str, tuple[Question, ...]]:
        found: dict[str, tuple[Question, ...]] = {}
        for question in self.questions:
            for role in dict.fromkeys(question.be.get("role", "").split()):
                found[role] = (*found.get(role, ()), question)
        return found

    def question(self, path: str) -> Question:
        """The question of a template path, or of an instance path (row numbers are ignored). Raises KeyError."""
        found = self._by_path.get(path)  # as a rule it is a template path already
        return found if found is not None else self._by_path[template_path(path)]

    def by_ref(self, ref: str) -> Question | None:
        """The question with this reference in ``be:ref``."""
        return next((question for question in self.questions if question.be.get("ref") == ref), None)

    def by_role(self, role: str) -> tuple[Question, ...]:
        """The questions with this role among those of ``be:role``."""
        return self._by_role.get(role, ())

    def group_control(self, names: tuple[str, ...]) -> Control | None:
        """The group or repeat control that gives a node its label."""
        return self.model.groups.get(names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FormDefinition) and self.package == other.package

    def __hash__(self) -> int:
        return hash(self.package)


def template_path(path: str) -> str:
    """``/data/waits[2]/weeks`` to ``/data/waits/weeks``."""
    return "/".join(step.partition("[")[0] for step in path.split("/")) if "[" in path else path
