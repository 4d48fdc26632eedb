"""The office's questions and the branches' answers as they travel: signed lines, each shown to be its sender's own."""

from __future__ import annotations

from dataclasses import dataclass

import rfc8785

from desktop_app.records.signing import BadSignature, sign_bytes, verify_bytes

from . import strictjson
from .refusals import bad_content

_DOMAIN = b"branch-evidence/query/1\0"
_ANSWER_DOMAIN = b"branch-evidence/answer/1\0"
ANSWER_MARK = "a1:"
"""Before a question's id: how an answer is named in receipts."""


@dataclass(frozen=True)
class Question:
    """A question on one record."""

    id: str
    record: str
    utc: str
    text: str


def sign_question(question: Question, signing_seed: bytes) -> bytes:
    """The line ``<sig base64> <canonical JSON>``, without a line end."""
    return _sign(_DOMAIN, question, signing_seed)


def read_question(line: bytes, office_key: bytes) -> Question:
    """Read and verify a line made by `sign_question`. Raises `PackError` E-CONTENT."""
    return Question(*_read(_DOMAIN, line, office_key, "a question in it"))


@dataclass(frozen=True)
class Answer:
    """A branch's answer to a question (``id`` is the question's); empty text: the record itself is the answer."""

    id: str
    record: str
    utc: str
    text: str


def sign_answer(answer: Answer, signing_seed: bytes) -> bytes:
    """The line of an answer, in a branch's file, as `sign_question` makes one for the office."""
    return _sign(_ANSWER_DOMAIN, answer, signing_seed)


def read_answer(line: bytes, device_key: bytes) -> Answer:
    """Read and verify a line made by `sign_answer`. Raises `PackError` E-CONTENT."""
    return Answer(*_read(_ANSWER_DOMAIN, line, device_key, "an answer in it"))


def _sign(domain: bytes, said: Question | Answer, signing_seed: bytes) -> bytes:
    body = rfc8785.dumps({"v": 1, **vars(said)})
    return sign_bytes(domain, body, signing_seed) + b" " + body


def _read(domain: bytes, line: bytes, key: bytes, what: str) -> tuple[str, str, str, str]:
    signature, _, body = line.partition(b" ")
    try:
        verify_bytes(domain, body, signature, key)
    except BadSignature as problem:
        raise bad_content(f"{what} was not signed by the one who sent it") from problem
    try:
        found = strictjson.parse_object(body)
        texts = [found[name] for name in ("id", "record", "utc", "text")]
    except (strictjson.BadJson, KeyError) as problem:
        raise bad_content(f"{what} cannot be read") from problem
    if found.get("v") != 1 or not all(isinstance(text, str) for text in texts):
        raise bad_content(f"{what} cannot be read")
    return texts[0], texts[1], texts[2], texts[3]
