"""Who may see what (DP-02, DP-04, DP-08): a withheld word is in no shareable file; one that has it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
import samples

from desktop_app.errors import ReportError
from desktop_app.records.revision import Stamp
from desktop_app.records.state import Candidate, TwoVersions
from desktop_app.reports import readback, registry
from desktop_app.reports.audience import prepare
from desktop_app.reports.model import ReportItem
from desktop_app.reports.suppression import total_of_people

SECRET = "zanzibar quartz lamplighter"
AGGREGATES = [kind for kind, report in registry.REPORTS.items() if "evidence" in report.forms]


def told(permission: str = "quote", **more: object) -> ReportItem:
    item = samples.evidence(2, permission=permission, words=f"The {SECRET} came in the spring of the year.")
    return replace(item, **more)  # type: ignore[arg-type]


def shown(kind: str, *items: ReportItem, audience: str = "shareable") -> tuple[str, list[str]]:
    data, _, withheld = registry.render_bytes(
        samples.given(kind, items, audience=audience, options={"authority": "886"})
    )
    return readback.text_of(data) + readback.hidden_text_of(data), withheld


@pytest.mark.parametrize("kind", AGGREGATES)
@pytest.mark.parametrize("permission", ["not_agreed_yet", "background_only", ""])
def test_words_that_were_not_agreed_never_appear(kind: str, permission: str) -> None:
    read, withheld = shown(kind, told(permission))
    assert readback.plain(SECRET) not in readback.plain(read)
    assert len(withheld) == 1 and "zanzibar" not in withheld[0]


@pytest.mark.parametrize(
    "kind", ["record", "authority_dossier", "branch_summary", "national_briefing", "feedback_to_office"]
)
def test_agreed_words_do_appear(kind: str) -> None:
    read, withheld = shown(kind, told("quote"))
    assert readback.plain(SECRET) in readback.plain(read) and withheld == []
    read, _ = shown(kind, told("not_agreed_yet"), audience="union")
    assert readback.plain(SECRET) in readback.plain(read)


def test_words_not_for_quoting_are_left_out_but_what_they_say_counts() -> None:
    read, withheld = shown("authority_dossier", told("use_without_quoting"))
    assert readback.plain(SECRET) not in readback.plain(read)
    assert "Seen in 2 schools" not in read
    assert "First requests refused, report 2" in read
    assert "may be used but not quoted" in withheld[0]


@pytest.mark.parametrize("kind", AGGREGATES)
def test_talks_with_the_department_are_in_no_shareable_report(kind: str) -> None:
    item = told("quote")
    item.answers["talks_with_dfe"] = {"c6_in_talks": "yes", "c6_other": f"More {SECRET} here."}  # type: ignore[index]
    read, withheld = shown(kind, item)
    assert readback.plain(SECRET) not in readback.plain(read)
    assert any("confidential" in words for words in withheld)


@pytest.mark.parametrize("kind", AGGREGATES)
def test_a_record_that_says_it_is_about_the_talks_is_in_none_either(kind: str) -> None:
    item = samples.evidence(1, words=f"They say: {SECRET}.")
    item.answers["about"]["topics"] = "access_and_consequences talks_with_dfe"  # type: ignore[index]
    read, withheld = shown(kind, item)
    assert readback.plain(SECRET) not in readback.plain(read)
    assert any("confidential" in words for words in withheld)


@pytest.mark.parametrize("kind", ["authority_dossier", "branch_summary", "national_briefing", "points_to_raise"])
def test_talks_are_in_no_count_of_the_union_either(kind: str) -> None:
    item = samples.item(
        "evidence",
        {
            "about": {"title": "Heard at a meeting", "topics": "talks_with_dfe", "permission": "quote"},
            "talks_with_dfe": {"c6_pressed_to_cut_budget": "yes", "c6_other": SECRET},
        },
    )
    read, _ = shown(kind, item, audience="union")
    assert readback.plain(SECRET) not in readback.plain(read)


@pytest.mark.parametrize("change", [{"branch_only": True}, {"withdrawn": True}])
def test_records_kept_in_the_branch_or_taken_back_stay_out(change: dict[str, bool]) -> None:
    for kind in AGGREGATES:
        read, _ = shown(kind, told("quote", **change))
        assert readback.plain(SECRET) not in readback.plain(read)


def test_two_versions_of_a_permission_count_as_the_more_careful() -> None:
    stamp = Stamp("2026-11-20T10:00:00Z", 0, 1)
    pair = TwoVersions(
        "about/permission",
        (Candidate("not_agreed_yet", "r1:a", "d", "Leeds", stamp), Candidate("quote", "r1:b", "e", "Leeds", stamp)),
    )
    read, withheld = shown("record", told("quote", two_versions=(pair,)))
    assert readback.plain(SECRET) not in readback.plain(read) and len(withheld) == 1


def test_answers_put_aside_stay_out() -> None:
    item = told("quote")
    item.answers["access_and_consequences"]["c2_other"] = "Marmalade sonata in the attic"  # type: ignore[index]
    read, _ = shown("record", replace(item, aside=("access_and_consequences/c2_other",)))
    assert "Marmalade" not in read
    read, _ = shown("record", replace(item, aside=("access_and_consequences/c2_other",)), audience="union")
    assert "Marmalade" in read and "put aside" in read


def test_each_line_of_a_meeting_has_its_own_permission() -> None:
    meeting = samples.senco_meeting(0)
    rows = []
    for number, permission in enumerate(("quote", "use_without_quoting", "background_only", "not_agreed_yet", ""), 1):
        row = {
            "_id": f"r{number}",
            "_order": f"a{number}",
            "line_number": str(number),
            "line_text": f"Lantern{number} " * 4,
        }
        rows.append(row | ({"line_permission": permission} if permission else {}))
    rows.append(
        {
            "_id": "r6",
            "_order": "a6",
            "line_number": "6",
            "line_text": "Lantern6 " * 4,
            "line_permission": "quote",
            "line_category": "talks_with_dfe",
        }
    )
    meeting.answers["notes"]["lines"] = rows  # type: ignore[index]
    meeting.answers["specialist_services"]["barriers_to_support"] = "Lantern7 " * 4  # type: ignore[index]
    read, withheld = shown("minutes", meeting)
    assert [n for n in range(1, 8) if f"Lantern{n}" in read] == [1]
    assert "A point that may be used but not quoted." in read
    assert len([words for words in withheld if "line" in words]) >= 5
    read, _ = shown("minutes", meeting, audience="union")
    assert [n for n in range(1, 8) if f"Lantern{n}" in read] == [1, 2, 3, 4, 5, 6, 7]


def test_counts_of_people_below_five_are_not_shown_but_places_and_weeks_are() -> None:
    item = told("quote")
    item.answers["access_and_consequences"] |= {"c2_first_requests_made": "4", "c2_places_now": "3"}  # type: ignore[index]
    read, _ = shown("record", item)
    about = readback.plain(read)
    assert "howmanyfirstrequestsweremadefewerthan5" in about
    assert "howmanyplacesdoestheauthorityfundnow3" in about
    read, _ = shown("record", item, audience="union")
    assert "howmanyfirstrequestsweremade4" in readback.plain(read)


def test_published_figures_are_shown() -> None:
    item = told("quote")
    item.answers["about"]["source_kind"] = "council_paper"  # type: ignore[index]
    item.answers["access_and_consequences"]["c2_first_requests_made"] = "4"  # type: ignore[index]
    assert "howmanyfirstrequestsweremade4" in readback.plain(shown("record", item)[0])


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        (["11", "1"], ""),
        (["11", "9"], "20"),
        (["11", "2", "1"], "14"),
        (["11", "1", "1"], ""),
        (["11", "4", "4"], ""),
        (["11", "0"], "11"),
        (["0", "0"], "0"),
        (["2", "1"], "fewer than 5"),
        ([], "fewer than 5"),
    ],
)
def test_a_total_that_gives_a_hidden_part_away_is_left_out(parts: list[str], total: str) -> None:
    assert total_of_people(parts, shareable=True) == total
    assert total_of_people(parts, shareable=False) == str(sum(map(int, parts)))


def test_one_special_school_senco_is_nowhere_in_shareable_minutes() -> None:
    read, _ = shown("minutes", samples.senco_meeting(4))
    plain = readback.plain(read)
    assert "specialschoolfewerthan5" in plain and "sencoscame" not in plain


def test_a_file_with_a_withheld_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The read-back is independent of the report: one that leaks does not get out, not even by a bookmark or its title."""
    from desktop_app.reports import record

    for leak in ("prose", "section"):
        monkeypatch.setattr(record, "build", lambda prepared, story, leak=leak: _leak(story, leak))
        with pytest.raises(ReportError) as refused:
            shown("record", told("not_agreed_yet"))
        assert refused.value.code == "E-WITHHELD" and "zanzibar" not in str(refused.value)


def _leak(story: object, way: str) -> str:
    story.title("A record")  # type: ignore[attr-defined]
    getattr(story, way)(f"The {SECRET} came in the spring of the year.")
    return "A record"


def test_the_read_back_finds_a_secret_over_a_page_break_and_in_what_is_not_shown() -> None:
    item = samples.evidence(2, words=samples.LONG * 60)
    data, _, _ = registry.render_bytes(samples.given("record", (item,)))
    assert readback.found_in(data, [samples.LONG * 3]) != []
    assert readback.found_in(data, ["nothing of the kind was ever typed into it"]) == []
    titled, _, _ = registry.render_bytes(samples.given("record", (replace(item, title="Peppercorn harvest meeting"),)))
    assert "Peppercorn harvest meeting" in readback.hidden_text_of(titled)


def test_the_withheld_list_repeats_no_words() -> None:
    for item in prepare(samples.given("authority_dossier", samples.ugly(), audience="shareable")).withheld:
        assert "heard nothing until" not in str(item)


@pytest.mark.parametrize("permission", ["quote", "use_without_quoting"])
def test_a_record_without_a_title_is_called_by_what_may_be_said_of_it(permission: str) -> None:
    """A record made from a meeting's line has no title of its own: its first words, or its subject."""
    item = samples.evidence(2, permission=permission, words="The cupboard is where the therapist works.")
    del item.answers["about"]["title"]  # type: ignore[attr-defined]
    item = replace(item, title="The cupboard is where the therapist works.")
    (reading,) = prepare(samples.given("record", (item,), audience="shareable")).readings
    title = reading.item.title
    if permission == "quote":
        assert title == "The cupboard is where the therapist works."
    else:
        assert "cupboard" not in title and title.startswith("Getting provision and support")


def test_the_reason_for_ready_and_the_names_let_stand_are_for_the_union() -> None:
    item = replace(samples.evidence(2), ready_reason="The date is not known.", kept_words=("Mount Pleasant",))
    for audience, wanted in (("union", True), ("shareable", False)):
        data, _, _ = registry.render_bytes(samples.given("record", (item,), audience=audience))
        read = readback.text_of(data)
        assert ("The date is not known." in read) is wanted and ("Mount Pleasant" in read) is wanted
