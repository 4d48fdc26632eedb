"""JSON: every record whole, with the schema of the document written beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_app.files import AtomicWriter

from .recording import OpenRecord

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Branch Evidence export",
    "type": "object",
    "required": ["format", "version", "exported", "branch", "records"],
    "properties": {
        "format": {"const": "branch-evidence-export"},
        "version": {"const": 1},
        "exported": {"type": "string", "format": "date-time"},
        "branch": {"type": "string"},
        "records": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "form", "title", "reference", "standing", "branch", "answers", "typed", "aside"],
                "properties": {
                    "id": {"type": "string"},
                    "form": {
                        "type": "object",
                        "required": ["id", "version", "package"],
                        "properties": {name: {"type": "string"} for name in ("id", "version", "package")},
                    },
                    "title": {"type": "string"},
                    "reference": {"type": "string"},
                    "standing": {"type": "string"},
                    "branch": {"type": "string"},
                    "branch_only": {"type": "boolean"},
                    "draft": {"type": "boolean"},
                    "answers": {
                        "type": "object",
                        "description": "Shaped like the form; every value is text; a repeat is a list of rows.",
                    },
                    "typed": {"type": "object", "additionalProperties": {"type": "string"}},
                    "aside": {"type": "array", "items": {"type": "string"}},
                    "derived": {"type": "object", "additionalProperties": {"type": "string"}},
                    "two_versions": {"type": "array"},
                    "attachments": {"type": "array"},
                    "links": {"type": "array"},
                },
            },
        },
    },
}


def as_json(record: OpenRecord) -> dict[str, Any]:
    """One record as the document holds it."""
    content = record.content
    return {
        "id": record.id,
        "form": {"id": record.form.id, "version": record.form.version, "package": record.form.package},
        "title": record.title,
        "reference": record.reference,
        "standing": record.standing,
        "branch": record.branch,
        "branch_only": content.branch_only,
        "draft": record.has_draft,
        "answers": content.answers,
        "typed": dict(content.typed),
        "aside": list(content.aside),
        "derived": dict(content.derived),
        "two_versions": [asdict(pair) for pair in record.two_versions],
        "attachments": [asdict(blob) for blob in content.blobs],
        "links": [asdict(link) for link in content.links],
    }


def write(records: Iterator[OpenRecord], out: Path, *, exported: str, branch: str) -> int:
    """Write the document and its schema. Returns how many records."""
    return max(steps(records, out, exported=exported, branch=branch), default=0)


def steps(records: Iterator[OpenRecord], out: Path, *, exported: str, branch: str) -> Iterator[int]:
    """Write the document a record at a time and `<out>.schema.json` with it, yielding how many records are written."""
    head = {"format": "branch-evidence-export", "version": 1, "exported": exported, "branch": branch}
    count = 0
    with AtomicWriter(out.with_name(f"{out.stem}.schema.json")) as schema, AtomicWriter(out) as file:
        schema.write(json.dumps(SCHEMA, indent=2).encode())
        file.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "records": [')
        for record in records:
            file.write(b"\n" if count == 0 else b",\n")
            file.write(json.dumps(as_json(record), ensure_ascii=False).encode("utf-8", "replace"))
            count += 1
            yield count
        file.write(b"\n]}\n")
