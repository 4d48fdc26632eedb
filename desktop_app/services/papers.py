"""The shelf of papers: the union's briefings, put there by the national office, that travel to branches with replies.

The program ships no paper. The list is one setting, so that the sweep after a deletion finds every paper named there
(`storage.erasures.still_used`), and a backup or a rescue brings list and papers together. The office's list counts whole:
what it took off goes from the branches as well. A branch says in each file which papers it has, so that a reply brings
only those it lacks; a reply that was lost is made good by the next.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from desktop_app import files
from desktop_app.errors import NotFound, PackError, RecordError
from desktop_app.exchange.limits import BLOB_BYTES, MAIL_WARN_BYTES
from desktop_app.exchange.payload import Payload
from desktop_app.exchange.refusals import bad_content
from desktop_app.records.revision import BlobRef
from desktop_app.storage import blobs, erasures

from . import attachments, copies
from .profile import Profile

LARGEST = 20 * 1024 * 1024
MOST = 100
LONGEST_TITLE = 200
IN_A_REPLY = MAIL_WARN_BYTES
"""Bytes of papers in one reply, so that it can be e-mailed; a larger paper goes alone, the rest with the next reply."""
ORDINARY = frozenset(
    (".pdf", ".doc", ".docx", ".odt", ".rtf", ".txt", ".xls", ".xlsx", ".ods", ".csv", ".ppt", ".pptx", ".odp", ".png",
     ".jpg", ".jpeg")
)  # fmt: skip
"""Endings of the files that may be put there; no programs."""

_SHELF, _AT = "papers_shelf", "papers_at_branches"
_PART = 32  # characters of a SHA-256 kept of what branches have: the whole one would keep the paper from being deleted


@dataclass(frozen=True)
class Paper:
    """One paper on the shelf. ``len`` in bytes; ``put_utc`` when the office put it there; ``here``: it can be opened."""

    title: str
    name: str
    sha256: str
    len: int
    put_utc: str
    here: bool = True


def shelf(profile: Profile) -> list[Paper]:
    """The papers, the newest first."""
    return [
        Paper(each["title"], each["name"], each["sha256"], each["len"], each["put_utc"],
              blobs.has(profile.store, each["sha256"]))
        for each in _kept(profile)["list"]
    ]  # fmt: skip


def find(profile: Profile, beginning: str) -> Paper:
    """The one paper whose SHA-256 begins so. Raises `NotFound`."""
    found = [each for each in shelf(profile) if beginning and each.sha256.startswith(beginning.lower())]
    if len(found) != 1:
        raise NotFound(
            "There is no such paper on the shelf.", safe="Nothing was changed.", do="Look at the list of papers."
        )
    return found[0]


def heavy(length: int) -> str:
    """What to know before a paper of ``length`` bytes is put there: its reply is as large. Empty when it is small."""
    if length <= IN_A_REPLY:
        return ""
    return (
        f"It has {length / 1024 / 1024:.0f} MB, and so has the reply that brings it to a branch: many mail services refuse "
        "more than 10 to 20 MB. A smaller PDF, or only the pages that matter, arrives everywhere."
    )


def read(profile: Profile, paper: Paper) -> bytes:
    """The file itself, to print it. Raises `NotFound`."""
    _must_be_here(paper)
    return b"".join(blobs.read(profile.store, paper.sha256))


def put(profile: Profile, path: Path, title: str = "") -> Paper:
    """Put a file on the shelf under a title (else its name). The same file again only changes the title.

    Raises `RecordError` for a branch, and for a file that is too large, empty or of another kind; `NotFound`.
    """
    _office_only(profile)
    words = " ".join((title or path.stem).split())
    if len(words) > LONGEST_TITLE:
        raise RecordError(
            f"The title is longer than {LONGEST_TITLE} characters.",
            safe="Nothing was put there.",
            do="Make it shorter.",
        )
    data = _read(path)
    store = profile.store
    with store.atomic():
        kept = _kept(profile)["list"]
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        sha256, length = blobs.put(store, data, path.name, kind)
        same = next((each for each in kept if each["sha256"] == sha256), None)
        if same is None and len(kept) >= MOST:
            raise RecordError(
                f"There are {MOST} papers on the shelf.",
                safe="Nothing was put there.",
                do="Take one off that is out of date.",
            )
        if same is None:
            paper = {"title": words, "name": path.name, "sha256": sha256, "len": length, "put_utc": profile.utc_now()}
            _keep(profile, [paper, *kept], _next(profile))
        elif title and same["title"] != words:
            _keep(profile, [{**each, "title": words} if each is same else each for each in kept], _next(profile))
    return find(profile, sha256)


def take_off(profile: Profile, sha256: str) -> Paper:
    """Take a paper off the shelf; with the next reply it goes from the branches too. Raises `RecordError`, `NotFound`."""
    _office_only(profile)
    paper = find(profile, sha256)
    with profile.store.atomic():
        left = [each for each in _kept(profile)["list"] if each["sha256"] != paper.sha256]
        _keep(profile, left, _next(profile))
        _sweep(profile, [paper.sha256])
    return paper


def open_copy(profile: Profile, paper: Paper) -> Path:
    """A copy for another program, in the private folder that is wiped when the records close. Raises `NotFound`."""
    _must_be_here(paper)
    name = paper.name if Path(paper.name).suffix.lower() in ORDINARY else "paper"
    return attachments.open_copy(profile, BlobRef(paper.sha256, paper.len, name, "application/octet-stream", "no", ""))


def save_copy(profile: Profile, paper: Paper, out: Path) -> None:
    """Write a paper to ``out``, and remember that it lies there. Raises `NotFound`, `FileProblem`."""
    data = read(profile, paper)
    files.make_dirs(out.parent)
    files.write_atomic(out, data)
    copies.note(profile, out, title=paper.title, audience="")


def for_reply(profile: Profile, device: str) -> tuple[dict[str, Any] | None, dict[str, Callable[[], Iterator[bytes]]]]:
    """The list as it travels (None when the office never had a paper), and the papers this laptop has not said it has.

    At most `IN_A_REPLY` bytes, but one paper always; those that were sent least often come first.
    """
    kept = _kept(profile)
    if not kept["as_at"]:
        return None, {}
    at = _at(profile)
    has, sent = at.get(device, {}).get("has", []), dict(at.get(device, {}).get("sent", {}))
    lacking = [each for each in shelf(profile) if each.here and each.sha256[:_PART] not in has]
    going: dict[str, Callable[[], Iterator[bytes]]] = {}
    size = 0
    for paper in sorted(lacking, key=lambda each: sent.get(each.sha256[:_PART], 0)):
        if going and size + paper.len > IN_A_REPLY:
            continue
        going[paper.sha256] = partial(blobs.read, profile.store, paper.sha256)
        size += paper.len
        sent[paper.sha256[:_PART]] = sent.get(paper.sha256[:_PART], 0) + 1
    if going:
        at[device] = {"has": has, "sent": sent}
        profile.store.set_setting(_AT, json.dumps(at))
    return {"as_at": kept["as_at"], "list": kept["list"]}, going


def said_by_branch(profile: Profile) -> dict[str, Any] | None:
    """What a branch's file says of papers: which it has, by SHA-256; None when it has none."""
    here = [each.sha256 for each in shelf(profile) if each.here]
    return {"papers_here": here} if here else None


def note_said(profile: Profile, device: str, payload: Payload) -> None:
    """At the office: what a branch's file says it has. It can add nothing to the shelf."""
    try:
        library = payload.library() or {}
    except PackError:
        return  # its records are added by now; a list nobody can read says nothing
    on_shelf = {each["sha256"] for each in _kept(profile)["list"]}
    told = library.get("papers_here", [])
    named = {each for each in told if isinstance(each, str)} if isinstance(told, list) else set()
    at = _at(profile)
    has = sorted(each[:_PART] for each in on_shelf & named)
    if has != at.get(device, {}).get("has", []):
        at[device] = {"has": has, "sent": at.get(device, {}).get("sent", {})}
        profile.store.set_setting(_AT, json.dumps(at))


def take_shelf(profile: Profile, payload: Payload) -> tuple[bool, int]:
    """Take the list and the papers of the office's own reply in (inside the caller's transaction).

    Answers whether the list was newer than the one here, and how many papers came. Raises `PackError`.
    """
    told = (payload.library() or {}).get("papers")
    new = told is not None and _take_list(profile, told)
    came = payload.blobs()
    added = 0
    for paper in shelf(profile):
        if paper.here or paper.sha256 not in came:
            continue
        if came[paper.sha256] != paper.len:
            raise bad_content("a paper in it is not the one it says it is")
        kind = mimetypes.guess_type(paper.name)[0] or "application/octet-stream"
        blobs.put(profile.store, payload.blob(paper.sha256), paper.name, kind, expected=paper.sha256)
        added += 1
    return new, added


def _take_list(profile: Profile, told: Any) -> bool:
    before = _kept(profile)
    if not isinstance(told, dict) or not isinstance(told.get("as_at"), str) or not isinstance(told.get("list"), list):
        raise bad_content("its list of papers cannot be read")
    papers = [_checked(each) for each in told["list"]]
    if told["as_at"] <= before["as_at"]:
        return False  # replies may come late
    _keep(profile, papers, told["as_at"])
    still = {each["sha256"] for each in papers}
    _sweep(profile, [each["sha256"] for each in before["list"] if each["sha256"] not in still])
    return True


def _checked(told: Any) -> dict[str, Any]:
    words = ("title", "name", "sha256", "put_utc")
    if not isinstance(told, dict) or not all(isinstance(told.get(word), str) for word in words):
        raise bad_content("its list of papers cannot be read")
    length, sha256 = told.get("len"), told["sha256"]
    named = len(sha256) == 64 and set(sha256) <= set("0123456789abcdef")
    if not named or type(length) is not int or not 0 < length <= BLOB_BYTES:
        raise bad_content("its list of papers cannot be read")
    title = " ".join(told["title"].split())[:LONGEST_TITLE]
    name = told["name"].replace("\\", "/").rsplit("/", 1)[-1]
    return {"title": title, "name": name, "sha256": sha256, "len": length, "put_utc": told["put_utc"]}


def _sweep(profile: Profile, gone: Iterable[str]) -> None:
    for sha256 in gone:
        if not erasures.still_used(profile.store, sha256):
            blobs.delete(profile.store, sha256)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound(f"There is no file “{path.name}”.", safe="Nothing was put there.", do="Choose it again.")
    if path.suffix.lower() not in ORDINARY:
        raise RecordError(
            f"“{path.name}” is not a kind of file that goes on the shelf.",
            safe="Nothing was put there.",
            do="Save it as a PDF, and put that there.",
        )
    size = path.stat().st_size
    if size > LARGEST:
        raise RecordError(
            f"“{path.name}” is larger than 20 MB.",
            safe="Nothing was put there, and the file is where it was.",
            do="Make a smaller PDF of it, or put only the pages there that matter.",
            code="E-TOOBIG",
        )
    if not size:
        raise RecordError(f"“{path.name}” is empty.", safe="Nothing was put there.", do="Choose another file.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise files.problem(error, path) from error


def _must_be_here(paper: Paper) -> None:
    if not paper.here:
        raise NotFound(
            f"“{paper.title}” is on the shelf, but not yet on this computer.",
            safe="Nothing is lost.",
            do="It comes with the office's next reply.",
        )


def _office_only(profile: Profile) -> None:
    if profile.me.role != "office":
        raise RecordError(
            "Only the national office puts papers on the shelf or takes them off.", safe="Nothing was changed."
        )


def _kept(profile: Profile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(profile.store.setting(_SHELF) or '{"as_at": "", "list": []}')
    return found


def _keep(profile: Profile, papers: list[dict[str, Any]], as_at: str) -> None:
    profile.store.set_setting(_SHELF, json.dumps({"as_at": as_at, "list": papers}))


def _next(profile: Profile) -> str:
    """The time of a change of the list: later than the one before it, also within a second or after a clock was set."""
    now, before = profile.utc_now(), _kept(profile)["as_at"]
    if now > before:
        return now
    after = datetime.fromisoformat(before.replace("Z", "+00:00")) + timedelta(seconds=1)
    return after.isoformat(timespec="seconds").replace("+00:00", "Z")


def _at(profile: Profile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(profile.store.setting(_AT) or "{}")
    return found


__all__ = [
    "IN_A_REPLY", "LARGEST", "MOST", "ORDINARY", "Paper", "find", "for_reply", "heavy", "note_said", "open_copy", "put",
    "read", "said_by_branch", "save_copy", "shelf", "take_off", "take_shelf",
]  # fmt: skip
