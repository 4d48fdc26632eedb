"""All that is recorded, by the numbers of the union's papers, for the national office: needs no program of ours."""

from __future__ import annotations

from desktop_app.reports import style, text
from desktop_app.reports.answers import LONG, SOFT, answer_words, print_rows
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.coverage import served
from desktop_app.reports.parts import caveat, dots, nothing_yet, number_of
from desktop_app.reports.testimony import print_words, side, source_line
from desktop_app.reports.view import CONFIDENTIAL, MARK, Answer, Reading, Rows, authority_names, paper_number
from desktop_app.reports.waits import waits_table

KIND = "feedback_to_office"


def build(prepared: Prepared, story: Story) -> str:
    readings = [r for r in prepared.of("evidence") if not r.item.branch_only]
    story.title("Feedback to the national office", dots((prepared.given.branch, prepared.given.chosen)))
    address = str(prepared.given.policy.get("feedback_address", ""))
    if readings:
        story.para(
            (f"To be sent to {address} from a union account. " if address else "To be sent from a union account. ")
            + f"It holds {number_of(len(readings), 'report', 'reports')}, set out by the numbers of the union’s call"
            " for evidence."
        )
    if not readings:
        nothing_yet(prepared, story, "No evidence", "Write down what you hear with Ctrl+N, or jot it down with Ctrl+J.")
    else:
        caveat(story, prepared, readings)
        _reports(story, readings)
        _by_question(story, readings)
    _meetings(story, prepared)
    return "Feedback to the national office"


def _reports(story: Story, readings: list[Reading]) -> None:
    story.section("The reports")
    for reading in readings:
        story.need(130)
        story.rule(0.5, before=8, after=4)
        story.heading(reading.item.title, side=side(reading), indent=style.SIDE)
        story.para(
            dots((authority_names(reading.item.authorities) or reading.words("area"), source_line(reading))),
            "meta",
            indent=style.SIDE,
        )
        print_words(story, reading, "summary")
        if reading.item.when_text and reading.dated:
            story.para(f"Dated {reading.dated}", "meta", indent=style.SIDE)
        story.para(reading.words("topics"), "meta", indent=style.SIDE)
        facts = dots((reading.words("programme"), reading.words("school_type"), reading.words("source_reference")))
        story.para(facts, "meta", indent=style.SIDE, links=True)
        for note in reading.notes:
            story.para(note, "meta", indent=style.SIDE)


def _by_question(story: Story, readings: list[Reading]) -> None:
    wanted = served(KIND)
    form = readings[0].item.form
    for part in form.root.children:
        if part.kind != "group" or part.name == "about":
            continue
        entries: dict[str, list[tuple[Reading, Answer | Rows]]] = {}
        for reading in readings:
            section = reading.section(part.name)
            for entry in section.entries if section else ():
                aside = isinstance(entry, Answer) and entry.aside
                if ("evidence", entry.question.name) in wanted and not aside:
                    entries.setdefault(entry.question.path, []).append((reading, entry))
        if not entries:
            continue
        story.section(part.label)
        if part.name == CONFIDENTIAL:
            story.note("Confidential. For the national office only: not to be passed on, and in no count.")
        for question in part.walk():
            if question.path in entries:
                _question(story, entries[question.path])


def _question(story: Story, found: list[tuple[Reading, Answer | Rows]]) -> None:
    question = found[0][1].question
    number = paper_number(question)
    story.heading(question.label, side=[number] if number else (), indent=style.SIDE, room=76)
    if question.name == "waits":
        waits_table(story, [reading for reading, _ in found])
        return
    alike: dict[str, list[Reading]] = {}
    for reading, entry in found:
        if isinstance(entry, Answer) and not entry.is_text and entry.detail is None and not entry.versions:
            alike.setdefault(answer_words(entry), []).append(reading)
    for words, readings in alike.items():
        # Answers that are alike and say no more stand in one line: the answer, and who gives it.
        references = ", ".join(_reference(reading) for reading in readings)
        story.para(text.join("  ", [words, text.coloured(references, SOFT)]), indent=style.SIDE)
    for reading, entry in found:
        if isinstance(entry, Rows):
            story.para(reading.item.reference, "meta", indent=style.SIDE)
            print_rows(story, entry, label=False)
        elif entry.is_text and not entry.versions:
            _after_reference(story, reading, entry.words)
        elif entry.versions:
            _after_reference(story, reading, str(answer_words(entry)) if _long(entry) else answer_words(entry))
        elif entry.detail is not None:
            _with_detail(story, reading, entry, entry.detail)
        if isinstance(entry, Answer) and entry.versions and entry.detail is not None and not entry.detail.aside:
            story.prose(entry.detail.words, "body", indent=style.SIDE)


def _long(answer: Answer) -> bool:
    return sum(map(len, answer.versions)) > LONG


def _after_reference(story: Story, reading: Reading, words: str) -> None:
    """Words behind their record's reference, in the same line where they are short."""
    if len(words) <= LONG and "\n" not in words:
        story.para(text.join("  ", [text.bold(reading.item.reference), words]), indent=style.SIDE, links=True)
        return
    story.need(40)
    story.para(text.bold(reading.item.reference), indent=style.SIDE)
    story.prose(words, indent=style.SIDE)


def _with_detail(story: Story, reading: Reading, answer: Answer, detail: Answer) -> None:
    """An answer and what was said of it, in one paragraph where that is short."""
    first = text.join("  ", [text.bold(_reference(reading)), answer_words(answer)])
    if detail.aside or detail.versions or len(detail.words) > LONG or "\n" in detail.words:
        story.para(first, indent=style.SIDE)
        if not detail.aside:
            story.prose(answer_words(detail) if detail.versions else detail.words, indent=style.SIDE)
    else:
        story.para(text.join(" · ", [first, detail.words]), indent=style.SIDE)


def _reference(reading: Reading) -> str:
    return reading.item.reference + (f" {MARK}" if reading.item.two_versions else "")


def _meetings(story: Story, prepared: Prepared) -> None:
    """What meetings brought up, and what came of actions."""
    meetings = [r for r in prepared.of("meeting") if not r.item.branch_only]
    if meetings:
        story.section("Meetings")
        for reading in meetings:
            story.heading(reading.item.title, side=side(reading), indent=style.SIDE)
            story.para(dots((reading.words("body"), reading.when)), "meta", indent=style.SIDE)
            print_words(story, reading, "notes")
    done = [r for r in prepared.of("action") if r.words("outcome") and not r.item.branch_only]
    if done:
        story.section("What came of actions")
        for reading in done:
            story.heading(reading.item.title, side=side(reading), indent=style.SIDE)
            story.para(dots((reading.words("ready_made"), reading.words("owner_role"))), "meta", indent=style.SIDE)
            print_words(story, reading, "outcome")


def as_text(prepared: Prepared) -> str:
    """The same as plain text for an e-mail: short, by the papers' numbers, without talks with the Department."""
    lines = [f"Feedback to the national office from {prepared.given.branch}", ""]
    for reading in prepared.of("evidence"):
        if reading.item.branch_only:
            continue
        lines += [
            f"{reading.item.reference}  {reading.item.title}",
            dots((authority_names(reading.item.authorities), source_line(reading))),
        ]
        lines += [reading.words("summary")] if reading.words("summary") else []
        for answer in reading.answers:
            if answer.section not in ("about", CONFIDENTIAL) and not answer.aside and answer.number:
                lines.append(f"{answer.number}  {answer.label} {answer.words}")
                if answer.detail is not None:
                    lines.append(f"      {answer.detail.words}")
        lines.append("")
    return "\n".join(lines)
