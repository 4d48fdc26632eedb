"""PDF/UA-1 by veraPDF's own rules: every report, ordinary, ugly and empty, for both audiences."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import samples
import verapdf

from desktop_app.reports import registry

UGLY = {"record": "shareable", "minutes": "union", "authority_dossier": "shareable", "action_list": "union",
        "points_to_raise": "union", "promise_against_practice": "union"}  # fmt: skip

pytestmark = pytest.mark.conformance


def _ready() -> None:
    why = verapdf.missing()
    if why and os.environ.get(verapdf.REQUIRE_VARIABLE):
        pytest.fail(why)
    if why:
        pytest.skip(why)


def test_every_report_is_accessible(tmp_path: Path) -> None:
    _ready()
    paths = []
    ordinary, ugly = samples.ordinary(), samples.ugly()
    for kind, report in registry.REPORTS.items():
        cases = [("ordinary", ordinary, "union"), ("none", (), "shareable")]
        if kind in UGLY:
            cases.append(("ugly", ugly, UGLY[kind]))
        for name, items, audience in cases:
            chosen = tuple(item for item in items if item.form.id in report.forms)
            options = {"authority": "886", "spare_key": "ABCD-EFGH-JKLM-NPQR", "name": samples.UGLY}
            given = samples.given(kind, chosen, audience=audience, options=options, practice=name == "none")
            path = tmp_path / f"{kind}-{name}-{audience}.pdf"
            path.write_bytes(registry.render_bytes(given)[0])
            paths.append(path)
    found = verapdf.failures(paths)
    assert len(found) == len(registry.REPORTS) * 2 + len(UGLY)
    assert {Path(path).name: rules for path, rules in found.items() if rules} == {}


def test_the_check_can_fail(tmp_path: Path) -> None:
    """Negative control: what ReportLab writes by itself breaks the rules that matter."""
    _ready()
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    path = tmp_path / "plain.pdf"
    SimpleDocTemplate(str(path)).build([Paragraph("Not tagged", getSampleStyleSheet()["Normal"])])
    (rules,) = verapdf.failures([path]).values()
    broken = {rule.split(" ")[0] for rule in rules}
    assert {"6.2-1", "7.1-3", "7.1-8", "7.1-10", "7.1-11"} <= broken
