"""The three kinds of error: the world's, ours, and cancelled.

`WorldError` is something outside the program that a person can act on; it carries the three sentences every message has
(what happened, what is safe, what to do). Any other exception is ours: a crash report, never with answers in it.
`Cancelled` is silent.
"""

from __future__ import annotations


class WorldError(Exception):
    """Something the person can mend, in three sentences.

    ``code`` is stable and starts with ``E-``; it is printed by ``--json`` and looked up in help.
    """

    code = "E-WORLD"

    def __init__(self, what: str, *, safe: str = "", do: str = "", code: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.safe = safe
        self.do = do
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.safe, self.do) if part)

    def as_json(self) -> dict[str, str]:
        """The shape ``--json`` prints: ``{code, what, safe, do}``."""
        return {"code": self.code, "what": self.what, "safe": self.safe, "do": self.do}

    def beside(self) -> dict[str, object]:
        """What ``--json`` prints beside the error, such as what is still to be decided; mostly nothing."""
        return {}


class Cancelled(Exception):
    """The person stopped a long task; nothing is half-done and nothing is said."""


class UsageProblem(WorldError):
    """A command or call that cannot be understood as given (exit status 2 on the command line)."""

    code = "E-USAGE"


class NotFound(WorldError):
    """A record, form, device or file that is not there."""

    code = "E-NOTFOUND"


class FileProblem(WorldError):
    """The disk, the drive or the permissions."""

    code = "E-FILE"


class FormError(WorldError):
    """A form that cannot be read, compiled or run."""

    code = "E-FORM"


class StoreError(WorldError):
    """The encrypted database cannot be opened, read or written."""

    code = "E-STORE"


class KeySlotError(WorldError):
    """A passphrase or spare key that does not open the records."""

    code = "E-KEY"


class PackError(WorldError):
    """A file from a branch or the office that cannot be accepted; nothing was changed."""

    code = "E-PACK"


class ReportError(WorldError):
    """A report that cannot be made, or must not be."""

    code = "E-REPORT"


class Undecided(ReportError):
    """A shareable report with likely personal data that nobody has decided about.

    ``found`` is one mapping a finding: record, reference, where, kind, text, and what could stand instead.
    """

    code = "E-UNDECIDED"

    def __init__(self, what: str, found: list[dict[str, object]], *, safe: str, do: str) -> None:
        super().__init__(what, safe=safe, do=do)
        self.found = found

    def beside(self) -> dict[str, object]:
        return {"undecided": self.found}


class RecordError(WorldError):
    """A change to a record that cannot be made."""

    code = "E-RECORD"
