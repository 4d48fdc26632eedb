"""Reports of real, encrypted records: chosen by id or filter, locked, made in another process, looked at."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import samples

from desktop_app.errors import NotFound, ReportError, Undecided, UsageProblem
from desktop_app.paths import ProfilePaths
from desktop_app.reports import readback, registry
from desktop_app.services import profile as profiles
from desktop_app.services import recording, reporting, sharing
from desktop_app.storage.keys import KdfCost
from desktop_app.storage.projection import Filters


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Iterator[profiles.Created]:
    folder = tmp_path_factory.mktemp("reports") / "records"
    made = profiles.create(
        ProfilePaths(folder), role="branch", name="Leeds", passphrase="four plain words here", authorities=("383",),
        cost=KdfCost(1, 8 * 2**20),
    )  # fmt: skip
    for number in range(1, 6):
        answers = dict(samples.evidence(number, authority="886" if number % 2 else "878").answers)
        recording.add_record(made.profile, "evidence", answers, state="ready")
    recording.add_record(made.profile, "senco_meeting", dict(samples.senco_meeting(5).answers), state="ready")
    yield made
    made.profile.close()


def test_every_kind_is_made_of_real_records(created: profiles.Created, tmp_path: Path) -> None:
    meeting = recording.list_records(created.profile, Filters(form="senco_meeting")).rows[0].id
    record = recording.list_records(created.profile, Filters(form="evidence")).rows[0].id
    for kind in reporting.kinds():
        ids = [meeting if kind.kind == "minutes" else record] if kind.one else []
        made = reporting.make(created.profile, kind.kind, ids, None, "union", tmp_path / f"{kind.kind}.pdf")
        assert readback.page_count(made.path.read_bytes()) == made.pages >= 1


def test_filters_choose_the_records_and_are_said(created: profiles.Created) -> None:
    given = reporting.prepare(
        created.profile, "authority_dossier", filters=Filters(authority="886", since="2026-03-01")
    )
    assert {item.authorities for item in given.items} == {("886",)}
    assert given.options["authority"] == "886"
    assert given.chosen == "Evidence about Kent since 1 March 2026"
    assert "dossier Kent (union only)" in reporting.suggested_name(given)


def test_a_region_chosen_by_filter_is_the_regions_report(created: profiles.Created) -> None:
    given = reporting.prepare(created.profile, "regional_picture", filters=Filters(region="south_east"))
    assert given.options["region"] == "south_east" and "South East" in reporting.suggested_name(given)


def test_a_report_of_one_record_is_named_by_its_place(created: profiles.Created) -> None:
    (first, *_) = recording.list_records(created.profile, Filters(form="evidence", authority="886")).rows
    dossier = reporting.prepare(created.profile, "authority_dossier", [first.id])
    assert reporting.suggested_name(dossier).startswith("Authority dossier Kent (union only)")
    record = reporting.prepare(created.profile, "record", [first.id])
    assert record.items[0].reference in reporting.suggested_name(record)


def test_reading_the_records_is_a_record_a_step(created: profiles.Created) -> None:
    steps = reporting.prepared(created.profile, "branch_summary")
    total = len(reporting.prepare(created.profile, "branch_summary").items)
    assert list(steps) == [(number, total) for number in range(1, total + 1)]


def test_a_report_is_locked_with_aes_256(created: profiles.Created, tmp_path: Path) -> None:
    made = reporting.make(created.profile, "branch_summary", out=tmp_path / "locked.pdf", password="pâss phrase")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(made.path)
    with pikepdf.open(made.path, password="pâss phrase") as pdf:
        assert pdf.encryption.R == 6 and len(pdf.pages) == made.pages


def test_another_process_makes_the_same_file(created: profiles.Created, tmp_path: Path) -> None:
    given = reporting.prepare(created.profile, "branch_summary")
    here, _, _ = reporting.preview(given)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        made = pool.apply(registry.render, (given, tmp_path / "there.pdf"))
    assert made.path.read_bytes() == here


def test_a_page_can_be_looked_at(created: profiles.Created) -> None:
    data, pages, _ = reporting.preview(reporting.prepare(created.profile, "branch_summary"))
    picture = reporting.page_picture(data, pages - 1, 500)
    assert picture.width == 500 and len(set(picture.convert("L").resize((40, 56)).tobytes())) > 2


def test_the_spare_key_is_on_paper_as_text_and_as_a_code(created: profiles.Created, tmp_path: Path) -> None:
    made = reporting.recovery_sheet(created, tmp_path / "key.pdf")
    read = readback.plain(readback.text_of(made.path.read_bytes()))
    assert readback.plain(created.spare_key) in read and readback.plain(created.profile.words) in read


def test_what_cannot_be_made_is_said(created: profiles.Created) -> None:
    with pytest.raises(NotFound):
        reporting.prepare(created.profile, "no_such_report")
    with pytest.raises(UsageProblem):
        reporting.prepare(created.profile, "record")
    with pytest.raises(UsageProblem):
        reporting.prepare(created.profile, "branch_summary", audience="everyone")


def test_choosing_reports_does_not_load_the_pdf_library() -> None:
    import subprocess
    import sys

    code = "import sys, desktop_app.reports.registry as r; print(len(r.REPORTS), 'reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[1] == "False"


def test_likely_personal_data_is_listed_before_a_shareable_report(created: profiles.Created) -> None:
    answers = dict(samples.evidence(2, words="Telephone 0113 496 0123 after school.").answers)
    added = recording.add_record(created.profile, "evidence", answers, state="ready")
    try:
        given = reporting.prepare(created.profile, "record", [added.id])
        kinds = {found.finding.kind for found in sharing.personal_data(given)}
        assert "phone" in kinds
        held = given.items[0]
        held.answers["about"]["permission"] = "not_agreed_yet"  # type: ignore[index]
        assert sharing.personal_data(replace(given, items=(held,))) == [], "what is withheld anyway needs no check"
    finally:
        recording.take_back(created.profile, added.id)


def test_feedback_and_points_are_also_text(created: profiles.Created) -> None:
    feedback = reporting.as_text(reporting.prepare(created.profile, "feedback_to_office"))
    assert "2.1.1a  Does the authority turn down first requests" in feedback and "Seen in 1 schools." in feedback
    letter = reporting.as_text(reporting.prepare(created.profile, "points_to_raise"))
    assert "First requests for an assessment are turned down as a matter of course." in letter
    with pytest.raises(UsageProblem):
        reporting.as_text(reporting.prepare(created.profile, "branch_summary"))


def test_a_shareable_report_waits_until_everything_is_decided(created: profiles.Created, tmp_path: Path) -> None:
    answers = dict(samples.evidence(2, words="A boy called Kayden waits. Telephone 0113 496 0123.").answers)
    added = recording.add_record(created.profile, "evidence", answers, state="ready")
    out = tmp_path / "out.pdf"

    def make(**how: Any) -> None:
        reporting.make(created.profile, "record", [added.id], None, how.pop("audience", "shareable"), out, **how)

    try:
        half = sharing.decisions_from([{"text": "Kayden", "do": "replace", "words": "Pupil A"}])
        with pytest.raises(Undecided) as refused:
            make(decisions=half)
        assert not out.exists()
        assert [one["text"] for one in refused.value.found] == ["0113 496 0123"]
        assert "0113 496 0123" in refused.value.what and "--decisions" in refused.value.do
        make(audience="union")
        out.unlink()
        make(decisions=[*half, *sharing.decisions_from([{"text": "0113 496 0123", "do": "leave_out"}])])
        read = readback.text_of(out.read_bytes())
        assert "Kayden" not in read and "Pupil A" in read and "0113" not in read
        make(leave_out_the_rest=True)
        read = readback.text_of(out.read_bytes())
        assert "Kayden" not in read and read.count("[left out]") >= 2
        for wrong in (
            {},
            [{"text": "Kayden"}],
            [{"text": "Kayden", "do": "keep"}],
            [{"text": "a", "do": "x", "y": "z"}],
        ):
            with pytest.raises(UsageProblem):
                sharing.decisions_from(wrong)
    finally:
        recording.take_back(created.profile, added.id)


def test_the_name_of_the_file_says_nothing_either(created: profiles.Created, tmp_path: Path) -> None:
    answers = dict(samples.evidence(2, words="A boy called Kayden waits.").answers)
    added = recording.add_record(created.profile, "evidence", answers, state="ready")
    try:
        decisions = sharing.decisions_from([{"text": "Kayden", "do": "leave_out"}])
        for name in ("About Kayden.pdf", "kayden 7.pdf"):
            with pytest.raises(ReportError) as refused:
                reporting.make(
                    created.profile, "record", [added.id], None, "shareable", tmp_path / name, decisions=decisions
                )
            assert refused.value.code == "E-WITHHELD" and not (tmp_path / name).exists()
        reporting.make(
            created.profile, "record", [added.id], None, "shareable", tmp_path / "a.pdf", decisions=decisions
        )
    finally:
        recording.take_back(created.profile, added.id)
