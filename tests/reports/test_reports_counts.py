"""Numbers with honesty: every direction by hand, testimonies and not children, one document one source."""

from __future__ import annotations

from dataclasses import replace

import pytest
import samples

from desktop_app.reports import charts, counts, readback, registry
from desktop_app.reports.concerns import STATEMENTS
from desktop_app.reports.view import Reading

# Written by hand from the papers: the answer that is the concern.
DIRECTIONS = {
    "1.1a": "no", "1.1b": "no", "1.1c": "no", "1.2a": "no", "1.2b": "no", "1.2c": "no", "1.2d": "no",
    "1.3a": "assessments", "1.3b": "specialist_support", "1.4a": "neither", "1.4b": "no", "1.5a": "some_of_each",
    "1.5b": "set_to_limit_spending", "1.6a": "sencos", "1.7a": "about_support", "1.7.2a": "yes", "1.7.2b": "cut_support",
    "2.1": "support", "2.1.1a": "yes", "2.1.1b": "yes", "2.1.2a": "clear_extra_hurdles", "2.1.2b": "give_more_evidence",
    "2.1.2c": "no", "2.1.3a": "yes", "2.1.4": "provision", "2.1.5a": "reduced", "2.1.5b": "limited", "WAIT7": "yes",
    "2.2a": "moved_school", "H3a": "support_late", "3.1a": "cannot_cope", "4.1a": "yes", "4.1b": "yes", "4.2a": "yes",
    "STAFF2": "left_unfilled", "5.1a": "no", "5.1b": "no", "H5a": "no", "H5b": "no", "ACT4a": "in_part",
    "ACT4b": "not_at_all", "FUND5": "refused", "6.1": "no", "6.2": "nobody", "6.3a": "yes", "6.3b": "yes", "6.4a": "yes",
    "6.4b": "yes",
}  # fmt: skip
REASSURING = {"1.1a": "yes", "1.4a": "builds_capacity", "1.5a": "set_realistically", "2.1.1a": "no", "2.1.5a": "neither",
              "4.1a": "no", "ACT4a": "in_full", "2.1.2c": "yes"}  # fmt: skip


OTHER_FORMS = {
    "senco_meeting": {"WAIT7": "yes", "ACT4f": "in_part not_at_all", "ACT4g": "in_part not_at_all", "ALL2a": "no"},
    "meeting": {"LNS2b": "no", "LNS2c": "no", "JNC1a": "no", "JNC1b": "no"},
    "plan": {
        "PLAN12": "nobody", "PLAN13": "no", "PROM3": "partly_kept not_kept", "TGT2": "cut ration rationalise",
        "TGT6": "yes", "TGT7": "no", "INST4": "part_paid withheld",
        "G1a": "no", "G1b": "no", "G2a": "no", "G2b": "no", "G2c": "neither", "G3": "no",
        "R1": "no", "R2": "no", "R3": "no", "R4": "no", "R5": "no", "R6": "no", "R7": "no", "R8": "no", "R9": "no",
        "R10": "no",
        "B1": "acknowledged_only neither", "B2": "acknowledged_only neither", "B3": "acknowledged_only neither",
        "B4": "acknowledged_only neither", "B5": "acknowledged_only neither",
        "B6": "no", "B7": "no", "B8": "no", "B9": "no", "B10": "no", "B11": "no", "B12": "yes",
        "A1": "yes", "A2": "yes", "A3": "yes", "J1": "cutting_services lowering_quality", "J2": "yes",
        "J3a": "no", "J3b": "no", "J3c": "no", "J4": "no", "D2": "not_seen",
    },
}  # fmt: skip
NEITHER = {"not_known": "dont_know", "partly": "partly"}


def verdict_of(ref: str, value: str, form: str = "evidence") -> str:
    from desktop_app.forms.direction import verdict

    question = samples.form(form).by_ref(ref)
    assert question is not None, ref
    return verdict(question, value)


def test_every_direction() -> None:
    assert {ref: verdict_of(ref, value) for ref, value in DIRECTIONS.items()} == dict.fromkeys(DIRECTIONS, "concern")
    assert {ref: verdict_of(ref, value) for ref, value in REASSURING.items()} == dict.fromkeys(REASSURING, "reassure")
    directed = {
        q.be["ref"] for q in samples.form("evidence").questions if q.be.get("concern", "none") not in ("", "none")
    }
    assert directed == set(DIRECTIONS)


@pytest.mark.parametrize("form", list(samples.FORMS))
def test_every_direction_of_the_other_forms(form: str) -> None:
    """Exactly the answers written above are concerns; don't know and partly are neither; the rest reassure."""
    table = OTHER_FORMS.get(form, {})
    directed = [q for q in samples.form(form).questions if q.be.get("concern", "none") not in ("", "none")]
    if form != "evidence":
        assert {q.be["ref"] for q in directed} == set(table)
    for question in directed if form != "evidence" else []:
        ref = question.be["ref"]
        for choice in question.choices:
            said = verdict_of(ref, choice.name, form)
            if choice.name in table[ref].split():
                assert said == "concern", (ref, choice.name)
            elif choice.name in NEITHER:
                assert said == NEITHER[choice.name], (ref, choice.name)
            else:
                assert said != "concern", (ref, choice.name)


def test_every_concern_is_said_as_a_statement() -> None:
    assert {ref for ref in DIRECTIONS if not ref.startswith("6.")} <= set(STATEMENTS)
    assert all(not words.endswith("?") for words in STATEMENTS.values())


def readings(*items: object) -> list[Reading]:
    return [Reading(item) for item in items]  # type: ignore[arg-type]


def test_a_testimony_in_two_categories_is_one_report_in_each() -> None:
    found = readings(*[samples.evidence(n) for n in range(1, 7)])
    bars = {bar.label: (bar.value, bar.part) for bar in counts.category_bars(found)}
    assert bars["Access and consequences"] == (4, 2)
    assert bars["Pressure on staff"] == (4, 4)
    assert bars["Plan and targets"] == (2, 2)
    assert "Talks" not in " ".join(bars)


def test_one_document_cited_twice_is_one_source() -> None:
    one, two = samples.evidence(1), samples.evidence(2)
    one.answers["about"]["source_reference"] = "Schools Forum, 26 June 2026, page 4."  # type: ignore[index]
    two.answers["about"]["source_reference"] = "schools forum 26 june 2026 (page 4)"  # type: ignore[index]
    assert counts.sources(readings(one, two, samples.evidence(3))) == 2


def test_answers_with_two_versions_put_aside_or_not_understood_are_not_counted() -> None:
    full = samples.full_evidence()
    tally = {t.ref: t for t in counts.tallies(readings(full))}
    assert tally["2.1.1a"].said
    aside = replace(full, aside=("access_and_consequences/c2_refuses_first_assessment",))
    assert "2.1.1a" not in {t.ref for t in counts.tallies(readings(aside))}
    raw = replace(full, typed={"access_and_consequences/c2_refuses_first_assessment": "sometimes"})
    assert "2.1.1a" not in {t.ref for t in counts.tallies(readings(raw))}
    pair = replace(full.two_versions[0], leaf="access_and_consequences/c2_refuses_first_assessment")
    disputed = {t.ref: t for t in counts.tallies(readings(replace(full, two_versions=(pair,))))}
    assert disputed["2.1.1a"].said == {} and disputed["2.1.1a"].two_versions == 1


def test_waits_are_by_service_and_in_weeks() -> None:
    found = counts.waits(readings(samples.evidence(1), samples.evidence(2)))
    assert {wait.label: sorted(wait.weeks) for wait in found} == {
        "Educational psychology": [17.0, 22.0],
        "EHC needs assessment": [11.0, 14.0],
    }
    assert charts.median([17.0, 22.0]) == 19.5 and charts.number(19.5) == "19.5" and charts.number(1200) == "1,200"


def test_empty_months_are_shown_and_long_spans_become_years() -> None:
    def dated(day: str) -> object:
        return replace(samples.evidence(1), when_from=day)

    assert counts.by_month(readings(dated("2026-01-14"), dated("2026-03-02"))) == [
        ("Jan 2026", 1), ("Feb 2026", 0), ("Mar 2026", 1)]  # fmt: skip
    assert counts.by_month(readings(dated("2019-01-14"), dated("2026-03-02")))[0] == ("2019", 1)
    assert counts.by_month(readings(dated(""))) == []


def test_a_suppressed_bar_has_a_fixed_length_and_says_so() -> None:
    chart = charts.bars([charts.Bar("A", 14), charts.Bar("B", None)], what="Category")
    assert "B fewer than 5" in chart.alt and ("B", "fewer than 5") in chart.rows
    assert b"<svg" in charts.to_svg(chart)


def test_two_versions_are_both_printed_and_marked() -> None:
    data, _, _ = registry.render_bytes(samples.given("record", (samples.full_evidence(),)))
    read = readback.text_of(data)
    assert "◆ Two versions: “23” or “32”" in read.replace("\r\n", " ")
    assert "March 2024" in read and "a dozen or so" in read and "as typed; not counted" in read


def test_the_dates_and_branches_behind_the_figures_are_said() -> None:
    from desktop_app.reports.parts import behind

    one = replace(samples.evidence(1), when_from="2026-01-14", when_to="", branch="Leeds")
    two = replace(samples.evidence(2), when_from="2026-03-02", when_to="2026-04-01", branch="Kent")
    assert behind(readings(one, two)) == "They speak of 14 January to 1 April 2026 and come from Kent and Leeds."
    assert behind(readings(replace(one, branch=""))) == "They speak of 14 January 2026."
    long = replace(one, when_from="2025-09-01", when_to="2026-04-01", branch="")
    assert behind(readings(long)) == "They speak of 1 September 2025 to 1 April 2026."
    many = [replace(one, branch=f"Branch {n}", when_from="") for n in range(9)]
    assert behind(readings(*many)) == "They come from 9 branches." and behind([]) == ""


def test_the_caveat_stands_beside_the_counts() -> None:
    for kind in ("authority_dossier", "branch_summary", "national_briefing", "regional_picture", "points_to_raise"):
        data, _, _ = registry.render_bytes(samples.given(kind, samples.ordinary(), options={"authority": "886"}))
        assert "reports received, not children affected" in readback.text_of(data).replace("\r\n", " ")


@pytest.mark.parametrize("kind", list(registry.REPORTS))
def test_every_report_says_what_it_is_for_whom_and_when(kind: str) -> None:
    report = registry.REPORTS[kind]
    for audience, words in (("union", "For the union only"), ("shareable", "Shareable")):
        items = tuple(item for item in samples.ordinary() if item.form.id in report.forms)
        options = {"authority": "886", "spare_key": "ABCD-EFGH"}
        data, pages, _ = registry.render_bytes(samples.given(kind, items, audience=audience, options=options))
        read = readback.text_of(data)
        assert read.count(f"Branch Evidence · {report.title}") == pages
        assert read.count("Made 22 November 2026 on this computer") == pages
        assert (report.paper or words) in read and f"Page {pages} of {pages}" in read
        assert not report.paper or words not in read, "a paper without records is for nobody in particular"


def test_the_file_name_says_for_whom() -> None:
    given = samples.given("authority_dossier", audience="shareable")
    assert registry.file_name(given, "Ysgol Gŵyl / Kent") == "Ysgol Gwyl Kent (shareable) 2026-11-22.pdf"
    assert registry.file_name(samples.given("blank_form"), "Evidence") == "Evidence 2026-11-22.pdf"
