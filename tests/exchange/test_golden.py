"""The test vectors of every version ever released, by our reader and by one written from the published page alone."""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import independent_reader
import pytest

from desktop_app.errors import WorldError
from desktop_app.exchange.cards import DeviceKeys, read_card
from desktop_app.exchange.container import open_pack
from desktop_app.exchange.receipts import read_receipt
from desktop_app.exchange.refusals import forged
from desktop_app.paths import resource
from desktop_app.records.revision import parse, verify

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
VERSIONS = sorted(path.name for path in GOLDEN.iterdir() if (path / "vectors.json").exists())


def vectors() -> list[Any]:
    return [
        pytest.param(version, vector, id=f"{version}-{vector['file']}")
        for version in VERSIONS
        for vector in json.loads((GOLDEN / version / "vectors.json").read_text())
    ]


def keys(version: str) -> dict[str, DeviceKeys]:
    found = json.loads((GOLDEN / version / "keys.json").read_text())
    return {name: DeviceKeys.from_json(json.dumps(each["secrets"])) for name, each in found.items()}


def our_class(path: Path, reader: DeviceKeys) -> str:
    """The class our reader finds, its content included."""
    try:
        with open_pack(path, [reader.age_identity]) as opened:
            registration = opened.payload.registration()
            if registration.device != opened.device:
                raise forged("it names another laptop")
            for line in opened.payload.revisions():
                verify(parse(line), registration.signing_key)
    except WorldError as refused:
        return refused.code
    return "ok"


def their_class(path: Path, reader: DeviceKeys) -> str:
    try:
        independent_reader.read(path.read_bytes(), [reader.age_identity])
    except independent_reader.Refused as refused:
        return str(refused.args[0])
    return "ok"


def test_there_are_golden_files_of_the_present_version() -> None:
    assert "1.0" in VERSIONS
    classes = {vector.values[1]["class"] for vector in vectors()}
    assert classes >= {
        "ok", "E-NOTAGE", "E-TRUNCATED", "E-DAMAGED", "E-NOTFORUS", "E-NOTPACK", "E-FORGED", "E-NEWER", "E-HEADER",
        "E-ZIP", "E-BAG", "E-TOOBIG", "E-REVISION",
    }  # fmt: skip


@pytest.mark.parametrize(("version", "vector"), vectors())
def test_our_reader(version: str, vector: dict[str, Any]) -> None:
    path = GOLDEN / version / vector["file"]
    data = path.read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (vector["bytes"], vector["sha256"])
    if path.suffix == ".officecard":
        assert read_card(data).words == vector["expect"]["words"]
        return
    assert our_class(path, keys(version)[vector["reader"]]) == vector["class"]


@pytest.mark.parametrize(("version", "vector"), [each for each in vectors() if "card" not in each.values[1]["file"]])
def test_the_independent_reader_finds_the_same(version: str, vector: dict[str, Any]) -> None:
    path = GOLDEN / version / vector["file"]
    allowed = {vector["class"]}
    if vector["class"] == "E-TRUNCATED":
        allowed.add("E-DAMAGED")  # the page lets a reader not tell the two apart
    assert their_class(path, keys(version)[vector["reader"]]) in allowed


@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_golden_files_say(version: str) -> None:
    found = {vector["file"]: vector for vector in (param.values[1] for param in vectors()) if "expect" in vector}
    (name,) = [name for name in found if name.startswith("Leeds-")]
    header, parts, revisions = independent_reader.read(
        (GOLDEN / version / name).read_bytes(), [keys(version)["office"].age_identity]
    )
    expect = found[name]["expect"]
    (revision,) = revisions.values()
    assert (revision["record"], revision["answers"]) == (expect["record"], expect["answers"])
    assert header["branch"] == "Leeds" and header["counts"]["blobs"] == 1
    (digest,) = expect["attachments"].values()
    assert parts[f"data/blobs/{digest}"].decode().strip() == expect["parts_hold"]
    (reply,) = [name for name in found if name.startswith("Office-")]
    with open_pack(GOLDEN / version / reply, [keys(version)["branch"].age_identity]) as opened:
        (line,) = opened.payload.receipts()
        receipt = read_receipt(line, keys(version)["office"].signing_public)
        assert (receipt.pack, list(receipt.held)) == (header["pack"], list(revisions))
        assert (opened.payload.policy() or {})["retention_months"] == found[reply]["expect"]["retention_months"]


def test_the_independent_reader_is_independent_and_short() -> None:
    source = Path(independent_reader.__file__)
    text = source.read_text()
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name) or ""
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    ours = {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names)
    assert ours == {"pyrage", "nacl"}
    assert len(text.splitlines()) <= 240


def test_the_independent_reader_as_a_program(tmp_path: Path) -> None:
    key = tmp_path / "key.txt"
    key.write_text(keys("1.0")["office"].age_identity + "\n")
    for name, status, words in (("Leeds-1-2026-11-22", 0, '"branch": "Leeds"'), ("damaged", 1, "E-DAMAGED")):
        done = subprocess.run(
            [sys.executable, independent_reader.__file__, key, GOLDEN / "1.0" / f"{name}.branchpack", tmp_path / name],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == status and words in done.stdout
    assert (tmp_path / "Leeds-1-2026-11-22" / "data" / "revisions.jsonl").exists()
    assert not (tmp_path / "damaged").exists()


def test_the_published_page_lists_every_class_and_every_file() -> None:
    page = resource("help", "pack-format.md").read_text(encoding="utf-8")
    for param in vectors():
        vector = param.values[1]
        assert vector["file"] in page, "a vector that the page does not name"
        assert vector["class"] == "ok" or f"`{vector['class']}`" in page
    for each in keys("1.0").values():
        assert each.age_identity in page
