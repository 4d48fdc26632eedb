"""Compile every XLSForm of resources/forms/ to the XForm committed beside it (`dev.py forms`)."""

from __future__ import annotations

import sys

from desktop_app import paths
from desktop_app.files import write_atomic
from desktop_app.forms.xlsform import compile_xlsform


def main() -> int:
    """Write `<id>.xml` beside each `<id>.md` whose compiled form differs; print what changed."""
    for source in sorted(paths.resource("forms").glob("*.md")):
        target = source.with_suffix(".xml")
        compiled = compile_xlsform(source).xml
        same = target.exists() and target.read_bytes() == compiled
        if not same:
            write_atomic(target, compiled, private=False)
        print(f"{source.name}: {'unchanged' if same else 'compiled'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
