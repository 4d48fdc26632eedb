"""What the plan promises beside what is reported: promises, targets, money, and the evidence of what is done."""

from __future__ import annotations

from desktop_app.reports import counts, style, text
from desktop_app.reports.answers import SOFT, answer_words, print_answer
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.coverage import served
from desktop_app.reports.parts import asked_of_branches, caveat, concern_table, dots, figure_of, nothing, nothing_yet
from desktop_app.reports.testimony import side, source_line
from desktop_app.reports.view import Answer, Reading, Rows, authority_names

KIND = "promise_against_practice"


def build(prepared: Prepared, story: Story) -> str:
    plans = prepared.of("plan")
    evidence = [r for r in prepared.of("evidence") if _serves(r)]
    meetings = [r for r in prepared.of("meeting", "senco_meeting") if _serves(r)]
    forum = prepared.of("forum_questions")
    story.title("Promise against practice", _lede(plans))
    if not plans:
        nothing_yet(prepared, story, "No plan", "Begin one with Ctrl+N, Plan: its promises, targets and instalments.")
    kept = [a.value for p in plans for a in p.answers if a.name == "promise_kept" and a.counted and not a.versions]
    concerned = [r for r in evidence if any(a.verdict == "concern" for a in _served_answers(r))]
    if plans or evidence:
        story.key_figures(
            [
                figure_of(len(kept), "promise judged", "promises judged"),
                KeyFigure(str(kept.count("kept")), "kept"),
                KeyFigure(str(kept.count("partly_kept") + kept.count("not_kept")), "kept in part or not kept"),
                figure_of(
                    len(concerned), "report with a concern about the plan", "reports with a concern about the plan"
                ),
            ]
        )
    for plan in plans:
        _plan(story, plan)
    if forum:
        _money(story, forum)
    if evidence:
        story.section("In practice: what is reported")
        wanted = served(KIND)
        concern_table(story, [t for t in counts.tallies(evidence) if ("evidence", t.question.name) in wanted])
        caveat(story, prepared, evidence)
        for reading in evidence:
            _practice(story, reading)
    elif plans:
        story.section("In practice: what is reported")
        nothing(
            story, "No report speaks of this plan" + (", or none may be shared." if prepared.shareable else " yet.")
        )
    if meetings:
        story.section("Do those who raised the issues see them in the plan?")
        for reading in meetings:
            story.heading(reading.item.title, side=side(reading), indent=style.SIDE)
            for answer in _served_answers(reading):
                print_answer(story, answer)
    asked_of_branches(prepared, story, KIND)
    return "Promise against practice"


def _lede(plans: list[Reading]) -> str:
    names = [dots((authority_names(p.item.authorities), p.item.title)) for p in plans[:3]]
    return "; ".join(names) or "What plans promise, and what is reported."


def _served_answers(reading: Reading) -> list[Answer]:
    wanted = served(KIND)
    return [a for a in reading.answers if (reading.form, a.name) in wanted and not a.aside]


def _serves(reading: Reading) -> bool:
    return bool(_served_answers(reading))


def _table(story: Story, rows: Rows | None, heading: str, columns: tuple[tuple[str, str, float], ...]) -> None:
    if rows is None:
        return
    story.heading(heading, room=110)
    story.space(3)
    body = [[_long(row, name) for name, _, _ in columns] for row in rows.rows]
    story.table([words for _, words, _ in columns], body, widths=[width for _, _, width in columns])


def _long(row: tuple[Answer, ...], name: str) -> str:
    """Long words stay plain text, so that the table can carry them over; short answers keep their marks."""
    found = next((a for a in row if a.name == name and not a.aside), None)
    if found is None:
        return ""
    return found.words if found.is_text and not found.versions else answer_words(found)


def _plan(story: Story, plan: Reading) -> None:
    story.section(f"The plan: {plan.item.title}")
    facts = [a for a in _served_answers(plan) if a.section == "facts"]
    story.facts([(a.label, a.words if a.is_text else answer_words(a)) for a in facts])
    wide = style.WIDTH
    _table(
        story,
        plan.rows("promises"),
        "Promises",
        (("promise_text", "Promise", wide - 160), ("promise_page", "Page", 60), ("promise_kept", "Kept?", 100)),
    )
    _table(
        story,
        plan.rows("targets"),
        "Targets",
        (
            ("target_about", "About", 78),
            ("target_effect", "It would", 64),
            ("target_baseline", "From", 72),
            ("target_value", "To", 72),
            ("target_due", "By", 80),
            ("target_stricter", "Stricter?", 58),
            ("target_realistic", "Realistic?", wide - 424),
        ),
    )
    _table(
        story,
        plan.rows("instalments"),
        "Instalments",
        (
            ("instalment_due_on", "Due on", 90),
            ("instalment_due", "Due", 70),
            ("instalment_paid", "Paid", 70),
            ("instalment_status", "Standing", 90),
            ("instalment_condition", "Depends on", wide - 320),
        ),
    )
    goals = plan.section("goals")
    if goals:
        story.heading(goals.label)
        for answer in goals.answers():
            print_answer(story, answer)


def _money(story: Story, forum: list[Reading]) -> None:
    story.section("The money: what the Schools Forum was told")
    rows = [
        [
            r.when or r.item.title,
            r.words("f1_agreed") or "Not answered",
            r.words("f1_received") or "Not answered",
            r.words("f1_withheld") or "Not answered",
            r.item.reference,
        ]
        for r in forum
    ]
    story.table(
        ("Asked", "Agreed", "Received", "Withheld", "Record"), rows, widths=(130, 95, 95, 95, style.WIDTH - 415)
    )


def _practice(story: Story, reading: Reading) -> None:
    story.need(130)
    story.rule(0.5, before=8, after=4)
    answers = [a for a in _served_answers(reading) if a.section != "about"]
    story.heading(
        reading.item.title, side=side(reading, [a.number for a in answers if a.number][:6]), indent=style.SIDE
    )
    story.para(source_line(reading), "meta", indent=style.SIDE)
    for answer in answers:
        if answer.is_text and not answer.versions:
            story.prose(answer.words, "body", indent=style.SIDE)
            continue
        story.para(text.join(" ", [text.coloured(answer.label, SOFT), answer_words(answer)]), indent=style.SIDE)
        if answer.detail is not None and not answer.detail.aside:
            story.prose(answer.detail.words, "body", indent=style.SIDE)
