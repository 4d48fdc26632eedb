"""PDF/UA-1 by veraPDF's own rules: every report, ordinary, ugly and empty, for both audiences."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import samples
import verapdf

from desktop_app.reports import registry
from desktop_app.reports.model import ReportItem

UGLY = {"record": "shareable", "minutes": "union", "authority_dossier": "shareable", "action_list": "union",
        "points_to_raise": "union", "promise_against_practice": "union"}  # fmt: skip

pytestmark = pytest.mark.conformance


def _ready() -> None:
    why = verapdf.missing()
    if why and os.environ.get(verapdf.REQUIRE_VARIABLE):
        pytest.fail(why)
    if why:
        pytest.skip(why)


def first_of_each_form(items: tuple[ReportItem, ...]) -> tuple[ReportItem, ...]:
    return tuple({item.form.id: item for item in reversed(items)}.values())


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
            if kind == "record":  # it is about one record: the fullest, and the ugliest of each form
                chosen = (samples.full_evidence(),) if name == "ordinary" else first_of_each_form(chosen)
            options = {"authority": "886", "spare_key": "ABCD-EFGH-JKLM-NPQR", "name": samples.UGLY}
            given = samples.given(kind, chosen, audience=audience, options=options, practice=name == "none")
            path = tmp_path / f"{kind}-{name}-{audience}.pdf"
            path.write_bytes(registry.render_bytes(given)[0])
            paths.append(path)
    found = verapdf.failures(paths)
    assert len(found) == len(registry.REPORTS) * 2 + len(UGLY)
    assert {Path(path).name: rules for path, rules in found.items() if rules} == {}


def test_a_copy_for_the_archive_is_pdf_a(tmp_path: Path) -> None:
    """PDF/A-3a and PDF/UA-1 in one file, with ugly text and its data attached; the ordinary file is not PDF/A."""
    _ready()
    items = (samples.full_evidence(), samples.evidence(2, words=samples.UGLY))
    paths = []
    for name, archive in (("archive", True), ("ordinary", False)):
        paths.append(tmp_path / f"{name}.pdf")
        given = samples.given("record", items, options={"archive": archive})
        paths[-1].write_bytes(registry.render_bytes(given)[0])
    archived, ordinary = verapdf.failures(paths, "3a").values()
    assert archived == [] and ordinary != []
    assert list(verapdf.failures(paths[:1]).values()) == [[]]


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
