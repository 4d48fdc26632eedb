"""Which shown texts and choice lists look at which nodes, so that a change tells the page what to draw again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .dependencies import triggers
from .shape import Bind, Control, Names, Pieces
from .texts import Translations
from .xpath.errors import XPathError
from .xpath.tree import Expression


def watchers(
    controls: Mapping[Names, Control], binds: Mapping[Names, Bind], translations: Translations
) -> dict[Names, tuple[Names, ...]]:
    """Generic path looked at to the questions whose label, hint or choices look at it."""
    found: dict[Names, list[Names]] = {}
    for names, control in controls.items():
        looked: set[Names] = set()
        for expression in _shown(control, translations):
            try:
                looked |= triggers(expression, names)
            except XPathError:
                # It shows nothing, whatever is answered.
                continue
        for target in looked:
            found.setdefault(target, []).append(names)
    return {target: tuple(watching) for target, watching in found.items()}


def _shown(control: Control, translations: Translations) -> Iterator[Expression]:
    yield from _expressions(control.label)
    yield from _expressions(control.hint)
    for text_id in (control.label_id, control.hint_id, *(choice.text_id for choice in control.choices)):
        if text_id is not None:
            for texts in translations.texts.values():
                yield from _expressions(texts.get(text_id, ()))
    for choice in control.choices:
        yield from _expressions(choice.label)
    if control.itemset is not None:
        yield control.itemset.nodes
        if control.itemset.seed is not None:
            yield control.itemset.seed


def _expressions(pieces: Pieces) -> Iterator[Expression]:
    return (piece for piece in pieces if not isinstance(piece, str))
