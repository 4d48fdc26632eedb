"""Erase orders: "delete for good, everywhere", as a signed fact that travels (record.md "Erase orders").

An order names a record, a reason by code only, and the laptop that gave it with its public key, so that its line can be
verified on its own: ``<signature base64> <RFC 8785 bytes>``.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.errors import PackError, UsageProblem
from desktop_app.records.signing import BadSignature, device_id, public_key, sign_bytes, verify_bytes
from desktop_app.records.strict_json import clean, moment, one_of, parse_strict_json, text

CODES = {
    "asked": "Asked by the person",
    "mistake": "Entered by mistake",
    "not-needed": "No longer needed",
    "officer": "Order of the data protection officer",
}
ORDER_MARK = "e1:"
"""What the id of an order begins with, so that it can stand among ids of revisions in a receipt."""
_ID_DOMAIN = b"branch-evidence/erase/1\0"
_SIGNATURE_DOMAIN = b"branch-evidence/erase-signature/1\0"
_MAX_LINE = 4096


@dataclass(frozen=True)
class EraseOrder:
    """One order. ``branch`` is the branch that began the record, also when the office gives the order, so that the order
    finds its way to that branch's laptops when the record itself is gone; ``line`` is how it is stored and sent.

    An order covers only what that branch began: one for a record nobody has seen yet may be taken on the branch's word,
    because it can never touch a record that turns out to be another branch's.
    """

    id: str
    record: str
    code: str
    utc: str
    device: str
    branch: str
    signing_key: bytes
    line: bytes


def same_branch(one: str, other: str) -> bool:
    """Whether two names of branches are one, however they are spaced and capitalised."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def covers(branches: Iterable[str], branch: str) -> bool:
    """Whether an order of one of these branches covers what this branch began."""
    return any(same_branch(each, branch) for each in branches)


def make_order(record: str, code: str, utc: str, branch: str, signing_seed: bytes) -> EraseOrder:
    """Sign an order. Raises `UsageProblem` for a reason that is not one of `CODES`."""
    import rfc8785

    if code not in CODES:
        raise UsageProblem(f"“{code}” is not a reason for deleting.", do=f"Use one of: {', '.join(CODES)}.")
    public = public_key(signing_seed)
    members = {
        "v": 1,
        "record": str(uuid.UUID(record)),
        "code": code,
        "utc": utc,
        "device": device_id(public),
        "branch": branch,
        "signing_key": base64.b64encode(public).decode(),
    }
    body = rfc8785.dumps(clean(members))
    return parse_order(sign_bytes(_SIGNATURE_DOMAIN, body, signing_seed) + b" " + body)


def parse_order(line: bytes) -> EraseOrder:
    """Read and verify an order. Raises `PackError` (``E-ERASEORDER``, ``E-FORGED``)."""
    signature, space, body = line.partition(b" ")
    if not space or len(line) > _MAX_LINE:
        raise _broken()
    members = parse_strict_json(body)
    try:
        if members["v"] != 1:
            raise ValueError("another version")
        key = base64.b64decode(members["signing_key"], validate=True)
        order = EraseOrder(
            id=ORDER_MARK + hashlib.sha256(_ID_DOMAIN + body).hexdigest(),
            record=str(uuid.UUID(members["record"])),
            code=one_of(members["code"], tuple(CODES)),
            utc=moment(members["utc"]),
            device=text(members["device"]),
            branch=text(members["branch"]),
            signing_key=key,
            line=line,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken() from error
    try:
        if len(key) != 32 or device_id(key) != order.device:
            raise BadSignature
        verify_bytes(_SIGNATURE_DOMAIN, body, signature, key)
    except BadSignature as error:
        raise PackError(
            "An order to delete in this file was not given by the laptop it names.",
            safe="Nothing was deleted.",
            do="Telephone the sender.",
            code="E-FORGED",
        ) from error
    return order


def _broken() -> PackError:
    return PackError(
        "An order to delete in this file cannot be read.",
        safe="Nothing was deleted.",
        do="Ask the sender for the file again.",
        code="E-ERASEORDER",
    )
