"""Is the plan appropriate? Each of the papers' tests, what is recorded, and what nobody knows yet."""

from __future__ import annotations

from desktop_app.forms.definition import Question
from desktop_app.reports import charts, counts, style, text
from desktop_app.reports.answers import answer_words, print_answer, print_rows
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.parts import asked_of_branches, dots, figure_of, nothing_yet
from desktop_app.reports.view import MARK, Answer, Reading, Rows, authority_names

_TESTS = ("goals", "recommendations", "barriers", "savings_and_assurances", "judging", "diagnostic")
_SAY = {"concern": text.bold("Concern"), "reassure": "Reassures"}
"""The finding, where the answer does not say it by itself."""


def build(prepared: Prepared, story: Story) -> str:
    plans = prepared.of("plan")
    if not plans:
        story.title("Assessment of a plan")
        nothing_yet(prepared, story, "No plan", "Begin one with Ctrl+N, Plan, from the authority’s published papers.")
        return "Assessment of a plan"
    for number, reading in enumerate(plans):
        if number:
            story.new_page()
        _plan(prepared, story, reading)
    asked_of_branches(prepared, story, "plan_assessment")
    return plans[0].item.title


def _plan(prepared: Prepared, story: Story, reading: Reading) -> None:
    story.title(
        reading.item.title,
        dots((authority_names(reading.item.authorities), reading.words("plan_type"), reading.words("plan_status"))),
    )
    directed = [
        a for a in reading.answers if counts.directed(a) and a.section in _TESTS and a.counted and not a.versions
    ]
    asked = _asked(reading)
    said = {v: sum(a.verdict == v for a in directed) for v in ("concern", "partly", "reassure", "dont_know")}
    story.key_figures(
        [
            figure_of(said["concern"], "concern", "concerns"),
            KeyFigure(str(said["partly"]), "partly"),
            KeyFigure(str(said["reassure"]), "reassuring"),
            KeyFigure(str(asked - said["concern"] - said["partly"] - said["reassure"]), "not known or not answered"),
        ]
    )
    story.para(
        f"Of {asked} tests in the union’s paper. Each is about the plan as it is written, or as it is carried out.",
        "small",
    )
    bars = []
    for name in _TESTS:
        part = next((q for q in reading.item.form.root.children if q.name == name), None)
        inside = [a for a in directed if a.section == name]
        if part is not None and inside:
            bars.append(charts.Bar(part.label, len(inside), sum(a.verdict == "concern" for a in inside)))
    if bars:
        story.section("Where the concerns lie", room=160)
        story.chart(charts.bars(bars, what="Part of the test", unit="answers", part_name="concerns", label_width=190))
    _facts(story, reading)
    for part in reading.item.form.root.children:
        if part.name in _TESTS:
            _part(story, reading, part)
        elif part.kind == "group" and part.name != "facts":
            found = reading.section(part.name)
            if found:
                story.section(part.label)
                for entry in found.entries:
                    if isinstance(entry, Rows):
                        print_rows(story, entry)
                    else:
                        print_answer(story, entry)
    _practice(story, prepared, reading)


def _asked(reading: Reading) -> int:
    tests = [part for part in reading.item.form.root.children if part.name in _TESTS]
    return sum(str(q.be.get("concern", "none")) not in ("", "none") for part in tests for q in part.walk())


def _facts(story: Story, reading: Reading) -> None:
    section = reading.section("facts")
    if section is None:
        return
    story.section("The plan")
    skip = ("title", "authority", "plan_type", "plan_status")
    short = [a for a in section.answers() if a.name not in skip and not a.aside and not a.narrative]
    story.facts([(a.label, answer_words(a)) for a in short if a.question.kind not in ("file", "image")])
    for answer in section.answers():
        if answer.narrative:
            print_answer(story, answer, indent=0)


def _part(story: Story, reading: Reading, part: Question) -> None:
    section = reading.section(part.name)
    found: dict[str, Answer] = {a.question.path: a for a in section.answers()} if section else {}
    rows, stories = [], []
    for question in part.walk():
        if not question.control or question.kind in ("group", "repeat", "note") or question.name.endswith("_detail"):
            continue
        answer = found.get(question.path)
        if question.kind == "text" and answer is None:
            continue
        if answer is not None and answer.is_text:
            stories.append(answer)
            continue
        verdict = "" if answer is None or not counts.directed(answer) else _SAY.get(answer.verdict, "")
        if answer is not None and answer.versions:
            verdict = MARK
        detail = f"\n{answer.detail.words}" if answer and answer.detail and not answer.detail.aside else ""
        words = "Not answered" if answer is None else answer.words + detail
        if answer is not None and answer.versions:
            words = f"{MARK} Two versions: " + " or ".join(answer.versions)
        rows.append([question.label, words, verdict])
    if rows:
        story.section(part.label, room=130)
        story.table(("Test", "What is recorded", "Finding"), rows, widths=(style.WIDTH - 290, 226, 64))
    for answer in stories:
        print_answer(story, answer, indent=0)


def _practice(story: Story, prepared: Prepared, reading: Reading) -> None:
    meetings = [m for m in prepared.of("meeting") if set(m.item.authorities) & set(reading.item.authorities)]
    rows = []
    for meeting in meetings:
        taken = meeting.get("took_part_in_diagnostic")
        if taken is not None:
            rows.append([meeting.item.title, meeting.when, taken.words])
    if rows:
        story.section("The union in the diagnostic")
        story.table(("Meeting", "When", "Took part"), rows, widths=(style.WIDTH - 230, 140, 90))
