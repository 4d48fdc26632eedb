"""Two versions of an answer, a line, a record: what each side says is shown whole, and nothing is settled by the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_app.errors import RecordError
from desktop_app.services import attachments, deciding, figures, recording, two_versions
from desktop_app.services.content import Content
from desktop_app.services.deciding import Decision
from desktop_app.services.profile import Profile
from desktop_app.services.steps import drained
from desktop_app.storage import counting, drafts, listing, revisions
from desktop_app.storage.projection import Filters

ROWS = [{"wait_weeks": "27"}, {"wait_weeks": "30"}]
BASE: dict[str, Any] = {
    "about": {"summary": "First requests are refused.", "area": "one_authority", "authorities": "383", "title": "Refusals",
              "topics": "access_and_consequences"},
    "access_and_consequences": {"waits": ROWS},
}  # fmt: skip


def apart(profile: Profile, *sides: Callable[[Content], Content], ops: tuple[str, ...] = ()) -> str:
    """A record that was changed on several sides at once, as when two laptops' files meet. Returns its id."""
    record = recording.add_record(profile, "evidence", BASE, state="ready").id
    state = revisions.state(profile.store, record)
    assert state is not None
    for number, side in enumerate(sides):
        content = side(Content.of_state(state))
        op = ops[number] if ops else "put"
        recording.make_revision(profile, record, state.form, content, parents=state.heads, op=op)
    recording.refresh(profile, record)
    return record


def said(profile: Profile, record: str) -> Content:
    return recording.open_record(profile, record).content


def line(content: Content, place: int) -> str:
    """The path of a line of waits."""
    return f"access_and_consequences/waits/{content.answers['access_and_consequences']['waits'][place]['_id']}"


def answer(leaf: str, value: str | None) -> Callable[[Content], Content]:
    return lambda content: content.with_answer(leaf, value)


def test_both_sides_of_an_answer_are_shown_with_who_and_when(branch: Profile) -> None:
    record = apart(branch, answer("about/title", "Three of nine"), answer("about/title", "Four of nine"))
    (pair,) = deciding.pairs(branch, record)
    assert (pair.leaf, pair.kind, pair.writable) == ("about/title", "answer", True)
    assert [side.said for side in pair.sides] == ["Three of nine", "Four of nine"]
    assert {side.who for side in pair.sides} == {"You, on this laptop"}
    assert pair.sides[0].when < pair.sides[1].when
    assert pair.both == "Three of nine; Four of nine"
    deciding.decide(branch, record, {"about/title": Decision(pair.sides[0].value)})
    assert said(branch, record).answers["about"]["title"] == "Three of nine"
    assert deciding.pairs(branch, record) == []


def test_an_undecided_answer_is_no_concern_and_no_comfort_in_any_count(branch: Profile) -> None:
    asked = "plan_and_targets/c1_staff_asked_views"
    record = apart(branch, answer(asked, "no"), answer(asked, "yes"))

    def counted(by: str) -> dict[str, Any]:
        rows = counting.stats(branch.store, by)
        return next(row for row in rows if by == "form" or row["key"].startswith("1.2a"))

    for by in ("question", "answer", "form"):
        row = counted(by)
        assert (row["concerns"], row["reassures"], row["two_versions"]) == (0, 0, 1), by
    assert listing.count(branch.store, Filters(concern=True)) == 0
    deciding.decide(branch, record, {asked: Decision("no")})
    row = counted("question")
    assert (row["concerns"], row["reassures"], row["two_versions"]) == (1, 0, 0)


def test_a_category_in_two_versions_is_in_no_bar_until_it_is_chosen(branch: Profile) -> None:
    asked, choice = "about/topics", "pressure_on_staff"
    record = apart(branch, answer(asked, choice), answer(asked, f"access_and_consequences {choice}"))
    recording.add_record(branch, "evidence", BASE, state="ready")

    def bars() -> dict[str, int]:
        return {name: count for name, _, count in drained(figures.gathered(branch)).categories if count}

    assert bars() == {"access_and_consequences": 1}
    deciding.decide(branch, record, {asked: Decision(choice)})
    assert bars() == {"access_and_consequences": 1, choice: 1}


def test_nothing_is_settled_by_the_way(branch: Profile) -> None:
    def both(words: str) -> Callable[[Content], Content]:
        return lambda content: content.with_answer("about/title", words).with_answer("about/summary", f"{words}, at length")

    record = apart(branch, both("Mine"), both("Theirs"))
    with pytest.raises(RecordError) as caught:
        deciding.decide(branch, record, {"about/title": Decision("Mine")})
    assert "about/summary" in caught.value.what
    with pytest.raises(RecordError):
        recording.choose(branch, record, {"about/title": "Mine", "about/area": "region"})
    assert len(deciding.pairs(branch, record)) == 2
    (row,) = recording.list_records(branch, Filters()).rows
    assert row.two_versions == 2, "both are marked in the list until both are decided"
    recording.choose(branch, record, {"about/title": "Mine", "about/summary": "Theirs, at length"})
    about = said(branch, record).answers["about"]
    assert (about["title"], about["summary"]) == ("Mine", "Theirs, at length")


def test_several_choices_may_both_stand_and_a_number_may_be_typed_anew(branch: Profile) -> None:
    def change(topics: str, weeks: str) -> Callable[[Content], Content]:
        return lambda content: content.with_answer("about/topics", topics).with_answer(
            f"{line(content, 1)}/wait_weeks", weeks
        )

    record = apart(branch, change("access_and_consequences anything_else", "31"), change("mainstream", "33"))
    topics, weeks = deciding.pairs(branch, record)
    assert topics.both == "access_and_consequences anything_else mainstream"
    assert not topics.writable
    assert weeks.where.endswith("line 2")
    assert weeks.both is None and weeks.writable and not weeks.long
    deciding.decide(
        branch,
        record,
        {"about/topics": Decision(topics.both), weeks.leaf: Decision("about thirty-two", raw=True)},
    )
    content = said(branch, record)
    assert content.answers["about"]["topics"] == topics.both
    assert content.typed[weeks.leaf] == "about thirty-two", "what is no number is kept as it was typed"
    assert "wait_weeks" not in content.answers["access_and_consequences"]["waits"][1]


@pytest.mark.parametrize("stands", [two_versions.KEPT, two_versions.GONE])
@pytest.mark.parametrize("removed_last", [True, False])
def test_a_line_taken_out_here_and_changed_there_is_one_question(branch: Profile, stands: str, removed_last: bool) -> None:
    def changed(content: Content) -> Content:
        return content.with_answer(f"{line(content, 1)}/wait_weeks", "52")

    def removed(content: Content) -> Content:
        return content.without_row(line(content, 1).rpartition("/")[2])

    record = apart(branch, *((changed, removed) if removed_last else (removed, changed)))
    (pair,) = deciding.pairs(branch, record)
    assert pair.kind == "row"
    assert pair.where.endswith("line 2")
    shown = {side.value: side.said for side in pair.sides}
    assert shown[two_versions.GONE] == "This line is taken out."
    assert "52" in shown[two_versions.KEPT]
    deciding.decide(branch, record, {pair.leaf: Decision(stands)})
    rows = said(branch, record).answers["access_and_consequences"]["waits"]
    assert [row["wait_weeks"] for row in rows] == (["27", "52"] if stands == two_versions.KEPT else ["27"])
    assert deciding.pairs(branch, record) == []


@pytest.mark.parametrize("stands", [two_versions.PUT, two_versions.WITHDRAW])
def test_taken_back_here_and_changed_there_stays_in_sight_until_it_is_decided(branch: Profile, stands: str) -> None:
    record = apart(branch, answer("about/title", "Changed"), lambda content: content, ops=("put", "withdraw"))
    opened = recording.open_record(branch, record)
    assert opened.standing_code == "two_versions"
    assert opened.title
    pair = deciding.pairs(branch, record)[0]
    assert (pair.leaf, pair.kind, pair.question) == ("", "record", "Does this record stand?")
    rest = {other.leaf: Decision(other.sides[-1].value) for other in deciding.pairs(branch, record)[1:]}
    deciding.decide(branch, record, {"": Decision(stands), **rest})
    code = recording.open_record(branch, record).standing_code
    assert code == ("taken_back" if stands == two_versions.WITHDRAW else "ready")


def test_a_draft_that_was_begun_before_the_decision_is_kept_and_goes_on_from_it(branch: Profile) -> None:
    record = apart(branch, answer("about/title", "Three of nine"), answer("about/title", "Four of nine"))
    opened = recording.open_record(branch, record)
    recording.save_draft(branch, record, opened.content.with_answer("about/summary", "Typed and not yet marked as ready."))
    recording.choose(branch, record, {"about/title": "Three of nine"})
    assert drafts.load(branch.store, record) is not None
    about = said(branch, record).answers["about"]
    assert (about["title"], about["summary"]) == ("Three of nine", "Typed and not yet marked as ready.")
    recording.mark_ready(branch, record)
    state = revisions.state(branch.store, record)
    assert state is not None and state.two_versions == () and len(state.heads) == 1
    assert state.answers["about"]["summary"] == "Typed and not yet marked as ready."


def test_raw_text_beside_a_value_is_a_version_of_its_own(branch: Profile) -> None:
    def by_hand(content: Content) -> Content:
        leaf = f"{line(content, 0)}/wait_weeks"
        return replace(content.with_answer(leaf, None), typed={leaf: "half a year"})

    record = apart(branch, lambda content: content.with_answer(f"{line(content, 0)}/wait_weeks", "26"), by_hand)
    (pair,) = deciding.pairs(branch, record)
    leaf = pair.leaf
    assert [side.said for side in pair.sides] == ["26", "half a year"]
    deciding.decide(branch, record, {leaf: Decision(pair.sides[0].value, pair.sides[0].typed)})
    content = said(branch, record)
    assert content.answers["access_and_consequences"]["waits"][0]["wait_weeks"] == "26"
    assert leaf not in content.typed, "the text of the other side does not stay beside the chosen value"


def test_what_is_not_decided_is_marked_on_paper_too(branch: Profile, tmp_path: Path) -> None:
    """An answer emptied on one side, a line taken out on one, and a record taken back on one."""
    from desktop_app.reports.readback import text_of
    from desktop_app.services import reporting

    emptied = apart(branch, answer("about/title", None), answer("about/title", "Kept on the other side"))
    line_gone = apart(
        branch,
        lambda content: content.with_answer(f"{line(content, 1)}/wait_weeks", "52"),
        lambda content: content.without_row(line(content, 1).rpartition("/")[2]),
    )
    back = apart(branch, answer("about/title", "Changed"), lambda content: content, ops=("put", "withdraw"))
    for record, words in ((emptied, "Kept on the other side"), (line_gone, "52 weeks"), (back, "took this record back")):
        out = tmp_path / f"{record}.pdf"
        reporting.make(branch, "record", [record], Filters(), "union", out)
        text = " ".join(text_of(out.read_bytes()).split())
        assert words in text
        assert "\N{BLACK DIAMOND}" in text or "◆" in text


# ---- files -----------------------------------------------------------------------------------------------------------


def hung(profile: Profile, folder: Path, name: str, words: str, question: str = "") -> Callable[[Content], Content]:
    """A side that hangs a file of this name on the record, in the place of one of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(words)

    def side(content: Content) -> Content:
        content = replace(content, blobs=tuple(b for b in content.blobs if (b.name, b.question) != (name, question)))
        content, _ = attachments.take_in(profile, content, folder / name, shows_person="no", question=question)
        return content.with_answer(question, name) if question else content

    return side


def names(content: Content) -> list[str]:
    return sorted(f"{blob.name} {blob.len}" for blob in content.blobs)


QUESTION = "about/attachments"


@pytest.mark.parametrize(
    ("stays", "left"), [("mine", ["plan.txt 4"]), ("theirs", ["plan.txt 9"]), ("both", ["plan.txt 4", "plan.txt 9"])]
)
def test_a_file_replaced_on_both_sides_is_chosen_with_names_and_sizes(
    branch: Profile, tmp_path: Path, stays: str, left: list[str]
) -> None:
    record = apart(
        branch, hung(branch, tmp_path / "a", "plan.txt", "mine"), hung(branch, tmp_path / "b", "plan.txt", "of theirs")
    )
    (pair,) = deciding.pairs(branch, record)
    assert (pair.kind, pair.question, pair.writable) == ("file", "Attached files", False)
    assert [side.said for side in pair.sides] == ["plan.txt (1 kB)", "plan.txt (1 kB)"]
    assert [[file.here for file in side.files] for side in pair.sides] == [[True], [True]]
    (row,) = recording.list_records(branch, Filters()).rows
    assert row.two_versions == 1, "marked in lists"
    value = {"mine": pair.sides[0].value, "theirs": pair.sides[1].value, "both": pair.both}[stays]
    deciding.decide(branch, record, {pair.leaf: Decision(value)})
    assert names(said(branch, record)) == left
    assert deciding.pairs(branch, record) == [] == list(recording.open_record(branch, record).two_versions)


def test_files_added_to_one_question_on_both_sides_are_one_thing_with_its_answer(branch: Profile, tmp_path: Path) -> None:
    mine, theirs = (
        hung(branch, tmp_path, "mine.txt", "mine", QUESTION), hung(branch, tmp_path, "theirs.txt", "of theirs", QUESTION)
    )  # fmt: skip
    record = apart(branch, mine, theirs)
    (pair,) = deciding.pairs(branch, record)
    assert (pair.leaf, pair.kind) == (QUESTION, "file")
    assert pair.question == "Which documents or pictures support this?"
    assert names(said(branch, record)) == ["mine.txt 4", "theirs.txt 9"]
    deciding.decide(branch, record, {pair.leaf: Decision(pair.sides[0].value)})
    content = said(branch, record)
    assert names(content) == ["mine.txt 4"] and content.answers["about"]["attachments"] == "mine.txt"
    assert recording.open_record(branch, record).two_versions == ()
    other = apart(branch, mine, theirs)
    recording.choose(branch, other, {QUESTION: deciding.pairs(branch, other)[0].both})
    assert names(said(branch, other)) == ["mine.txt 4", "theirs.txt 9"]


def test_taken_out_here_and_marked_there_and_no_file_of_neither_can_be_chosen(branch: Profile, tmp_path: Path) -> None:
    def begun(content: Content) -> Content:
        return hung(branch, tmp_path, "plan.txt", "mine")(content)

    record = apart(branch, begun)
    state = revisions.state(branch.store, record)
    assert state is not None
    has = Content.of_state(state)
    careful = replace(has, blobs=tuple(replace(blob, shows_person="yes") for blob in has.blobs))
    for content in (replace(has, blobs=()), careful):
        recording.make_revision(branch, record, state.form, content, parents=state.heads)
    (pair,) = deciding.pairs(branch, record)
    assert [side.said for side in pair.sides] == [two_versions.NO_FILE, "plan.txt (1 kB)"]
    assert pair.both is None, "with it and both are the same"
    with pytest.raises(RecordError):
        deciding.decide(branch, record, {pair.leaf: Decision("0" * 64)})
    assert len(deciding.pairs(branch, record)) == 1
    deciding.decide(branch, record, {pair.leaf: Decision(pair.sides[0].value)})
    assert names(said(branch, record)) == []


def test_a_draft_begun_on_both_goes_on_with_the_files_that_were_chosen(branch: Profile, tmp_path: Path) -> None:
    record = apart(
        branch, hung(branch, tmp_path / "a", "plan.txt", "mine"), hung(branch, tmp_path / "b", "plan.txt", "of theirs")
    )
    typed = recording.open_record(branch, record).content.with_answer("about/title", "Typed meanwhile")
    recording.save_draft(branch, record, typed)
    (pair,) = deciding.pairs(branch, record)
    deciding.decide(branch, record, {pair.leaf: Decision(pair.sides[1].value)})
    opened = recording.open_record(branch, record)
    assert opened.has_draft and opened.content.answers["about"]["title"] == "Typed meanwhile"
    assert names(opened.content) == ["plan.txt 9"]
    assert not [name for name in opened.content.answers if ":" in name]
    recording.mark_ready(branch, record)
    assert names(said(branch, record)) == ["plan.txt 9"]
    assert recording.open_record(branch, record).two_versions == ()


def test_a_change_of_something_else_does_not_choose_among_files(branch: Profile, tmp_path: Path) -> None:
    record = apart(
        branch, hung(branch, tmp_path / "a", "plan.txt", "mine"), hung(branch, tmp_path / "b", "plan.txt", "of theirs")
    )
    recording.edit_record(branch, record, {"about": {"title": "Another title"}}, state="ready")
    assert len(deciding.pairs(branch, record)) == 1
    assert len(names(said(branch, record))) == 2


def test_files_with_two_versions_are_marked_on_paper_and_in_what_is_taken_out(branch: Profile, tmp_path: Path) -> None:
    from desktop_app.reports.readback import text_of
    from desktop_app.services import exporting, reporting

    record = apart(
        branch, hung(branch, tmp_path / "a", "plan.txt", "mine"), hung(branch, tmp_path / "b", "plan.txt", "of theirs")
    )
    out = tmp_path / "record.pdf"
    reporting.make(branch, "record", [record], Filters(), "union", out)
    text = " ".join(text_of(out.read_bytes()).split())
    assert "marks a file of which there are two versions" in text
    assert "marks an answer" not in text
    exporting.export(branch, "json", tmp_path / "out.json", audience="union")
    assert "file::plan.txt" in (tmp_path / "out.json").read_text("utf-8")
