"""Options may stand before or after the command; click wants them after, so they are moved there."""

from __future__ import annotations

from collections.abc import Sequence

# The options that take no value. Any other one takes the next word, unless it is written `--name=value`.
FLAGS = frozenset(
    {
        "--concern",
        "--confirm-words",
        "--files-too",
        "--full",
        "--help",
        "-h",
        "--json",
        "--office-may-unlock",
        "--no-window",
        "--preview",
        "--archive",
        "--show-traceback",
        "--version",
        "--yes",
        "--rescue-only",
    }
)


def _is_option(word: str) -> bool:
    """A lone `-` is standard input, not an option."""
    return word.startswith("-") and word != "-"


def _takes_next(word: str) -> bool:
    return word not in FLAGS and "=" not in word and not (word.startswith("-o") and len(word) > 2 and word[1] != "-")


def command_word(argv: Sequence[str]) -> str:
    """The first word that is neither an option nor an option's value; empty when there is none."""
    leading = _leading(argv)
    return argv[leading] if leading < len(argv) else ""


def _leading(argv: Sequence[str]) -> int:
    """How many words at the start are options and their values."""
    at = 0
    while at < len(argv) and _is_option(argv[at]) and argv[at] != "--":
        at += 2 if _takes_next(argv[at]) else 1
    return min(at, len(argv))


def reorder(argv: Sequence[str], groups: frozenset[str]) -> list[str]:
    """The same arguments with every option after the command, and after the subcommand of a group.

    ``groups`` are the first words that take a second one (`record add`). Words after `--` are left alone.
    """
    rest = list(argv)
    moved: list[str] = []
    words: list[str] = []

    def take_options() -> None:
        count = _leading(rest)
        moved.extend(rest[:count])
        del rest[:count]

    take_options()
    if rest and rest[0] != "--":
        words.append(rest.pop(0))
    if words and words[0] in groups:
        take_options()
        if rest and rest[0] != "--":
            words.append(rest.pop(0))
    return [*words, *moved, *rest]
