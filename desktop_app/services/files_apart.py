"""Two versions of what hangs on a record: where they differ, and a person's choice among files.

Where a question is answered by files, its answer (a name, as in ODK) and all that hangs there are one thing to decide;
elsewhere each place, a question and a name, is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from desktop_app.records.revision import BlobRef, Revision
from desktop_app.records.state import TwoVersions, file_place

from .content import Content

FILE_KINDS = ("file", "image", "audio", "video")


class FileChoice(NamedTuple):
    """What became of the files at one question: those that stay among those in dispute, and those that go."""

    question: str
    stay: tuple[BlobRef, ...]
    go: frozenset[str]


def with_files(content: Content, choices: list[FileChoice]) -> Content:
    """The content with these files decided."""
    for question, stay, go in choices:
        there = [blob for blob in content.blobs if blob.question != question or blob.sha256 not in go]
        known = {(blob.sha256, blob.question) for blob in there}
        there += [blob for blob in stay if (blob.sha256, blob.question) not in known]
        content = replace(content, blobs=tuple(there))
    return content


def question_of(leaf: str) -> str:
    """The question at which files hang, by the leaf of a file's place or of the question itself."""
    place = file_place(leaf)
    return place.question if place is not None else leaf


def groups_of(
    two_versions: Iterable[TwoVersions], asked_for_files: Collection[str], revisions: Iterable[Revision]
) -> list[tuple[str, list[TwoVersions]]]:
    """Two versions that are about files, those to be decided together in one group under its leaf.

    ``asked_for_files``: the leaves with two versions whose question is answered by files.
    """
    hung = {blob.question for revision in revisions for blob in revision.blobs}
    by_question = {two.leaf: [two] for two in two_versions if two.leaf in asked_for_files and two.leaf in hung}
    alone = []
    for two in two_versions:
        place = file_place(two.leaf)
        if place is not None and place.question in by_question:
            by_question[place.question].append(two)
        elif place is not None:
            alone.append((two.leaf, [two]))
    return [*by_question.items(), *alone]


def in_dispute(leaf: str, revisions: Mapping[str, Revision]) -> dict[str, list[BlobRef]]:
    """By revision, the files at this place that not all of them have, each version of its own to look at."""
    place = file_place(leaf)
    hung = {
        rev: [
            blob
            for blob in revision.blobs
            if (blob.question == leaf if place is None else (blob.question, blob.name) == place)
        ]
        for rev, revision in revisions.items()
    }
    shared = set.intersection(*({blob.sha256 for blob in there} for there in hung.values()))
    return {rev: [blob for blob in there if blob.sha256 not in shared] for rev, there in hung.items()}


def in_size(length: int) -> str:
    """How large a file is, as people say it."""
    return f"{length / 1_000_000:.1f} MB" if length >= 1_000_000 else f"{max(1, length // 1000)} kB"
