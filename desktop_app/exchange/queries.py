"""The office's questions as they travel: signed lines, so that each can be shown to be the office's own."""

from __future__ import annotations

from dataclasses import dataclass

import rfc8785

from desktop_app.records.revision import sign_bytes, verify_bytes

from . import strictjson
from .refusals import bad_content

_DOMAIN = b"branch-evidence/query/1\0"


@dataclass(frozen=True)
class Question:
    """A question on one record."""

    id: str
    record: str
    utc: str
    text: str


def sign_question(question: Question, signing_seed: bytes) -> bytes:
    """The line ``<sig base64> <canonical JSON>``, without a line end."""
    body = rfc8785.dumps({"v": 1, **vars(question)})
    return sign_bytes(_DOMAIN, body, signing_seed) + b" " + body


def read_question(line: bytes, office_key: bytes) -> Question:
    """Read and verify a line made by `sign_question`. Raises `PackError` E-CONTENT."""
    signature, _, body = line.partition(b" ")
    if not verify_bytes(_DOMAIN, body, signature, office_key):
        raise bad_content("a question in it was not signed by the office")
    try:
        found = strictjson.parse_object(body)
        texts = [found[name] for name in ("id", "record", "utc", "text")]
    except (strictjson.BadJson, KeyError) as problem:
        raise bad_content("a question in it cannot be read") from problem
    if found.get("v") != 1 or not all(isinstance(text, str) for text in texts):
        raise bad_content("a question in it cannot be read")
    return Question(*texts)
