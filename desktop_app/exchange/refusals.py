"""Every way a file can be refused: one code and three sentences each (packs.md: "any failure: one typed error").

Nothing here quotes the file's content; a name from outside is never repeated.
"""

from __future__ import annotations

from desktop_app.errors import PackError

NOTHING_CHANGED = "Nothing was changed, and the file was kept as it came."
_SEND_AGAIN = "Ask the sender to send it again; sending twice does no harm."
_MAKE_AGAIN = "Ask the sender to make it again with this program."
_COPY_AGAIN = "Download or copy it again; if that does not help, ask the sender to send it again."


def _refusal(code: str, what: str, do: str) -> PackError:
    return PackError(what, safe=NOTHING_CHANGED, do=do, code=code)


def too_big(what: str) -> PackError:
    """Anything over a limit."""
    return _refusal("E-TOOBIG", what, "Ask the sender to make the file again with this program, in smaller parts.")


def not_age(start: bytes) -> PackError:
    """Not an age file; the first bytes tell what people usually have instead."""
    what, do = "This is not a file of this program.", "Look for the file whose name ends in .branchpack or .officepack."
    if start.startswith(b"PK\x03\x04"):
        what = "This is a ZIP file, not a file for the office. The mail program may have packed it."
        do = "Open the ZIP, and add the file that is inside."
    elif start.lstrip().startswith(b"-----BEGIN AGE ENCRYPTED FILE-----"):
        what, do = "This file was changed into text on its way.", "Ask the sender to attach it as a file."
    elif start.lstrip()[:5].lower() in (b"<html", b"<!doc"):
        what, do = "This is a web page, not the file itself.", "Download the attachment again."
    return _refusal("E-NOTAGE", what, do)


def not_for_us() -> PackError:
    """No key of ours opens it."""
    return _refusal(
        "E-NOTFORUS",
        "This file was made for another office or laptop, or with an older card of the office"
        " (or its first lines were damaged on the way).",
        "Ask the sender which office it was meant for. If it was for you, ask them to send it again.",
    )


def passed_on() -> PackError:
    """We can open it, but the sender did not make it for us."""
    return _refusal(
        "E-NOTFORUS",
        "This file was made for somebody else and passed on to you by a third person.",
        "Ask the branch to send you the file it made for you.",
    )


def damaged(how: str = "by e-mail, or while it was copied") -> PackError:
    """Bytes were changed. In a small file an end that is missing looks the same."""
    return _refusal("E-DAMAGED", f"This file was damaged or cut short on its way ({how}).", _SEND_AGAIN)


def cut_short(found: int = 0, expected: int | None = None) -> PackError:
    """The end is missing."""
    amount = f": {found:,} of {expected:,} bytes are here" if expected else ": the end of it is missing"
    return _refusal("E-TRUNCATED", f"This file is cut short{amount}.", _COPY_AGAIN)


def not_a_pack() -> PackError:
    """We can open it, and it is something else."""
    return _refusal(
        "E-NOTPACK", "This file can be opened, but it is not a file of this program.", "Ask the sender what it is."
    )


def forged(why: str) -> PackError:
    """A signature that does not hold, or a signed header that does not fit."""
    return _refusal(
        "E-FORGED",
        f"This file is not what its sender signed: {why}.",
        "Telephone the sender: somebody may have made it in their name.",
    )


def newer(what: str = "This file was made by a newer version of the program.") -> PackError:
    """Another major version, or a feature we must know and do not."""
    return _refusal("E-NEWER", what, "Update the program on this computer, then add the file again.")


def bad_header() -> PackError:
    """Signed, but its header makes no sense."""
    return _refusal("E-HEADER", "The first lines of this file cannot be understood.", _MAKE_AGAIN)


def bad_zip(why: str) -> PackError:
    """The ZIP is not of the strict dialect."""
    return _refusal("E-ZIP", f"The inside of this file is not as this program makes it: {why}.", _MAKE_AGAIN)


def bad_bag(why: str) -> PackError:
    """A part is missing, extra, or not what the list of parts says."""
    return _refusal("E-BAG", f"The inside of this file is not complete: {why}.", _MAKE_AGAIN)


def bad_content(why: str) -> PackError:
    """Whole and signed, but it says something that cannot be."""
    return _refusal("E-CONTENT", f"This file cannot be used: {why}.", _MAKE_AGAIN)


def bad_card(why: str) -> PackError:
    """Not an office's card that can be used."""
    return PackError(
        f"This is not an office's card that can be used. {why}",
        safe="Nothing was changed.",
        do="Ask the national office for its card again.",
        code="E-CARD",
    )
