"""Labels, hints, messages and choices as a person reads them: the language, outputs worked out, choices filtered."""

from __future__ import annotations

from collections.abc import Callable

from .definition import Choice
from .node import Node
from .places import path_of, place_of
from .questions import extra_columns, item_text
from .references import names_of
from .runner import Runner
from .shape import Control, Itemset, Names, Pieces
from .texts import ITEXT_REF
from .values import still_offered
from .xpath.context import Context, as_text
from .xpath.errors import XPathError
from .xpath.evaluate import compiled
from .xpath.numbers import java_trim
from .xpath.shuffle import shuffled
from .xpath.special import seed_of


class ShownTexts:
    """The texts of one session in its language."""

    def __init__(self, runner: Runner, language: str) -> None:
        self._runner = runner
        self.language = language
        self._shuffles: dict[str, int] = {}
        self._depth = 0
        runner.environment.itext = self.itext
        runner.environment.choice_name = self.choice_name
        # Called with the node and its text when a choice that is no longer offered is dropped.
        self.dropped: Callable[[Node, str], None] = lambda node, text: None

    def text(self, pieces: Pieces, text_id: str | None, node: Node) -> str:
        """A text with its outputs worked out at ``node``; an output that cannot be worked out is left empty."""
        if text_id is not None:
            pieces = self._translated(text_id)
        shown = []
        for piece in pieces:
            if isinstance(piece, str):
                shown.append(piece)
                continue
            if self._depth > 10:
                continue
            self._depth += 1
            try:
                shown.append(as_text(compiled(piece)(Context(self._runner.environment, node))))
            except XPathError:
                shown.append("")
            finally:
                self._depth -= 1
        return "".join(shown)

    def _translated(self, text_id: str) -> Pieces:
        texts = self._runner.model.texts
        found = texts.get(self.language, {}).get(text_id)
        return found if found is not None else texts.get(self._runner.model.default_language, {}).get(text_id, ())

    def itext(self, text_id: str) -> str:
        """jr:itext() inside an expression: an output in the text stays a mark with its number (JavaRosa)."""
        pieces = self._runner.model.plain_texts.get(self.language, {}).get(text_id, ()) or self._translated(text_id)
        if not pieces and text_id not in self._runner.model.texts.get(self._runner.model.default_language, {}):
            return f"[itext:{text_id}]"
        outputs = self._runner.model.outputs
        return "".join(piece if isinstance(piece, str) else f"${{{outputs.index(piece)}}}" for piece in pieces)

    def message(self, written: str, node: Node) -> str:
        """A constraint or required message: text, or a reference to a translated text."""
        match = ITEXT_REF.fullmatch(written.strip())
        return self.text((), match[1] or match[2], node) if match else written

    def choices(self, control: Control, node: Node) -> list[Choice]:
        """The choices of a question now. Raises XPathError when its filter cannot be worked out."""
        if control.itemset is None:
            return [Choice(c.name, self.text(c.label, c.text_id, node)) for c in control.choices]
        return self._listed(control.itemset, node)

    def _listed(self, itemset: Itemset, node: Node) -> list[Choice]:
        environment = self._runner.environment
        self._runner.evaluations += 1
        context = Context(environment, node)
        # Choices are no rule: what filters of this pass found does not count for them (JavaRosa).
        pass_of_rules, environment.in_this_pass = environment.in_this_pass, None
        try:
            items = getattr(compiled(itemset.nodes)(context), "nodes", [])
        finally:
            environment.in_this_pass = pass_of_rules
        found = [self._choice(itemset, item, place) for place, item in enumerate(items)]
        if itemset.randomize:
            if itemset.seed is not None:
                return shuffled(found, seed_of(compiled(itemset.seed)(context)), environment.rng)
            place = path_of(node)
            seed = self._shuffles.setdefault(place, environment.rng.randrange(1, 2**31 - 1))
            return shuffled(found, seed, environment.rng)
        return found

    def _choice(self, itemset: Itemset, item: Node, place: int) -> Choice:
        name = f"dynamic:{place}"
        if itemset.instance is not None:
            label = item_text(item, itemset.label_path)
            if itemset.value_path is not None:
                name = item_text(item, itemset.value_path)
        else:
            context = Context(self._runner.environment, item)
            label = as_text(compiled(itemset.label_path)(context))
            if itemset.value_path is not None:
                name = as_text(compiled(itemset.value_path)(context))
        if itemset.label_is_itext:
            label = self.text((), label, item if itemset.instance is None else self._runner.environment.root)
        return Choice(java_trim(name), label, extra_columns(item))

    def choice_name(self, value: str, path: str, node: Node) -> str:
        """jr:choice-name(): the label of a choice of the question at ``path``."""
        from desktop_app.errors import FormError

        try:
            names = names_of(path, node.names(), "jr:choice-name()")
        except FormError as error:
            raise XPathError(str(error)) from None
        control = self._runner.model.controls.get(names)
        if control is None or control.tag not in ("select", "select1", "rank"):
            return ""
        question = self._question_node(names, node)
        if question is None:
            return ""
        choices = self.choices(control, question)
        if control.itemset is not None:
            self._keep_offered(control, question, {choice.name for choice in choices})
        return next((choice.label for choice in choices if choice.name == value), "")

    def _keep_offered(self, control: Control, node: Node, offered: set[str]) -> None:
        """JavaRosa drops an answer its list no longer offers whenever it works the list out."""
        before = node.value
        if before is None:
            return
        assert node.shape is not None
        node.value = still_offered(before, node.shape.type, offered)
        if node.value != before:
            self._runner.changed.add(node)
            self.dropped(node, before.text)

    def _question_node(self, names: Names, node: Node) -> Node | None:
        found = self._runner.expand(names, place_of(node))
        return found[0] if found else None
