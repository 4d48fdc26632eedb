"""Points to raise with the authority: per concern the ground, what is recorded, the question, room to answer."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.reports import counts, questionsheet, style, text
from desktop_app.reports.answers import LONG, SOFT
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.concerns import statement
from desktop_app.reports.counts import Tally
from desktop_app.reports.coverage import served
from desktop_app.reports.parts import TELL, UNLAWFUL, asked_of_branches, caveat, dots, nothing_yet, number_of
from desktop_app.reports.testimony import source_line
from desktop_app.reports.view import Reading, authority_names

KIND = "points_to_raise"
MOST = 12
"""Records told of under one point; the others are named by their references."""


@dataclass(frozen=True)
class Ground:
    """Why it may be raised, and the question to put."""

    why: str
    ask: str


# By the beginning of the question's reference, longest first.
GROUNDS = {
    "1.1": Ground(
        "A plan has to allow for the pressure that supporting SEND puts on schools, settings and services.",
        "Where does the plan say what pressure it expects, and what is done about it?",
    ),
    "1.2": Ground(
        "Staff in schools and settings should be asked, and what they say should be seen in the plan.",
        "Whom did you ask, when, and what did it change?",
    ),
    "1.3": Ground(
        "Access has to follow need. A target to cut or ration it does not.",
        "What is the target, who set it, and how is a child’s need met when the target is reached?",
    ),
    "1.4": Ground(
        "Mainstream schools can only cater for more learners if they are given what that takes.",
        "What capacity and support does the plan give, by when, and is it paid for?",
    ),
    "1.5": Ground(
        "Budgets should be set by what the provision costs, not only by what may be spent.",
        "How was the budget worked out, and what happens when it is used up?",
    ),
    "1.6": Ground(
        "Budgets that are not realistic fall on staff, schools and services.",
        "What have you done to find out who is affected, and how?",
    ),
    "1.7.2": Ground(
        "Stricter targets must not take away provision or support that children need.",
        "Who asked for the stricter target, and what would it take away?",
    ),
    "1.7": Ground(
        "Decisions about a child’s provision belong to the law and to those who know the child.",
        "Which decisions have been changed after outside checks, and on what ground?",
    ),
    "2.1.1": Ground(
        "Each request has to be decided on its own facts; refusing first requests as a matter of course is not that.",
        "How many first requests were refused, and how many were accepted later on the same papers?",
    ),
    "2.1.2": Ground(
        "Nothing may be asked of schools, before a child is assessed or supported, that the law does not ask.",
        "On what ground is this asked, and will you stop asking for it?",
    ),
    "2.1.3": Ground(
        "Support is for each child’s need. A cap that stays the same however many need it, and however much, is not.",
        "What is the cap, and what happens to the child whose need begins when the hours are used up?",
    ),
    "2.1.4": Ground(
        "What was agreed is owed, and owed in time.",
        "How long after agreement does it begin, and who makes up what was lost?",
    ),
    "2.1.5": Ground(
        "Places should follow the need that is known.",
        "How many places are funded, how many are needed, and what is the plan for the difference?",
    ),
    "2.1": Ground(
        "Access to assessment, provision and support may not be limited by policy.",
        "Is there a policy, written or not, and will you end it?",
    ),
    "2.2": Ground(
        "Learners who go without support pay for it.",
        "What do you know of what happens to learners who wait, and what do you do for them meanwhile?",
    ),
    "3": Ground(
        "Missing and late provision is carried by staff.",
        "What have you done to find out what this does to workload and wellbeing, and what will you do?",
    ),
    "4": Ground(
        "Posts that are cut are support that is not given.",
        "Which posts have gone, what did they do, and who does it now?",
    ),
    "5": Ground(
        "Health and care services have duties of their own; schools cannot pay for them.",
        "What do health and social care pay, for what, and how will you get them to?",
    ),
    "ACT4": Ground(
        "What is agreed in an EHC plan has to be given, and paid for by whoever agreed to it.",
        "How much of what was agreed has been paid, by whom, and what is owed?",
    ),
    "H5": Ground(
        "Health and care services have duties of their own; schools cannot meet them.",
        "Which support is not given to children who require it, and who is to give it?",
    ),
    "H3": Ground(
        "Missing and late provision is carried by staff.", "What is missing or late, and when will it be there?"
    ),
    "PLAN": Ground(
        "Consultation should reach beyond the Schools Forum and heads, and come before a plan is agreed.",
        "Who was consulted, when, on what papers, and what changed?",
    ),
    "B": Ground(
        "A plan should name the barriers schools meet, and deal with them.",
        "Where does the plan deal with this, with what money, by when?",
    ),
    "A": Ground(
        "Cheaper provision needs assurances first: no service cut, no lower quality, no pressure moved elsewhere.",
        "Will you give this assurance in writing?",
    ),
    "J": Ground("The papers’ four questions judge whether a plan is appropriate.", "How does the plan answer this?"),
    "JNC": Ground(
        "The joint committee should be consulted on planning and on decisions.",
        "When will the committee be consulted, and on what?",
    ),
}
_OTHER = Ground("It is reported as a concern.", "What is your answer to this, and what will you do?")


def ground_of(ref: str) -> Ground:
    """The ground for a question's reference: the longest beginning that is listed."""
    for length in range(len(ref), 0, -1):
        if ref[:length] in GROUNDS:
            return GROUNDS[ref[:length]]
    return _OTHER


def likely_unlawful(ref: str) -> bool:
    """The limits on access that the papers call likely to be unlawful (2.1 and what is under it)."""
    return ref == "2.1" or ref.startswith("2.1.")


def points(prepared: Prepared) -> list[Tally]:
    """The questions with a concern that this report serves, in the order of the papers."""
    wanted = served(KIND)
    readings = prepared.of("evidence", "plan", "meeting")
    found: list[Tally] = []
    for form in ("evidence", "plan", "meeting"):
        listed = [r for r in readings if r.form == form]
        found += [t for t in counts.tallies(listed) if t.count("concern") and (form, t.question.name) in wanted]
    return found


def build(prepared: Prepared, story: Story) -> str:
    found = points(prepared)
    readings = prepared.of("evidence", "plan", "meeting")
    areas = tuple(dict.fromkeys(code for r in readings for code in r.item.authorities))
    where = authority_names(areas) if len(areas) <= 3 else f"{len(areas)} authorities"
    about = (
        f"{number_of(len(found), 'point', 'points')}, each with its ground, what is recorded, and the question to put."
    )
    story.title("Points to raise with the authority", ". ".join(filter(None, (where, about if found else ""))))
    if not found:
        nothing_yet(
            prepared, story, "No concern", "Evidence, a plan or a meeting that shows one will give a point here."
        )
        return "Points to raise"
    caveat(story, prepared, readings)
    part = ""
    for number, tally in enumerate(found, 1):
        label = _section(tally)
        if label != part:
            story.section(label, room=200)
            part = label
        _point(prepared, story, number, tally)
    _in_their_words(story, prepared.of("evidence"))
    if not prepared.shareable:  # the authority need not read what the union does next
        story.section("Afterwards", room=130)
        story.bullets(
            [
                "Write down the answers as Forum questions, or in the notes of the meeting.",
                "Tell the national office about every practice that is likely to be unlawful.",
                "Put what was promised into the plan record, to compare promise and practice.",
            ]
        )
    asked_of_branches(prepared, story, KIND)
    return "Points to raise"


def _in_their_words(story: Story, readings: list[Reading]) -> None:
    """What was told under the open questions that this paper serves."""
    if not readings:
        return
    form = readings[0].item.form
    told = [q for q in questionsheet.questions_of(form, served(KIND)) if "narrative" in str(q.be.get("role", ""))]
    questionsheet.filled_sheet(story, readings, told, heading="In their words", most=MOST)


def _section(tally: Tally) -> str:
    form = tally.concerned[0].item.form
    for part in form.root.children:
        if part.name == tally.section:
            return f"{form.title}: {part.label}" if form.id != "evidence" else part.label
    return form.title


def _point(prepared: Prepared, story: Story, number: int, tally: Tally) -> None:
    ground = ground_of(tally.ref)
    recorded = [words for reading in tally.concerned[:MOST] for words in _recorded(prepared, reading, tally)]
    story.need(min(190.0 + 20 * sum(1 + len(words) // 88 for words in recorded), 330.0))  # whole where it can be
    story.rule(0.5, before=10, after=5)
    refs = [tally.ref] if tally.ref[:1].isdigit() else []
    story.heading(statement(tally.question), side=[f"Point {number}", *refs], indent=style.SIDE, room=130)
    story.para(ground.why, indent=style.SIDE)
    if likely_unlawful(tally.ref):
        story.para(text.italic(UNLAWFUL + ("" if prepared.shareable else TELL)), indent=style.SIDE)
    said = number_of(tally.count("concern"), "report says so", "reports say so")
    others = [
        number_of(tally.count(verdict), one, many)
        for verdict, one, many in (
            ("partly", "says partly", "say partly"),
            ("reassure", "says the opposite", "say the opposite"),
            ("dont_know", "does not know", "do not know"),
        )
        if tally.count(verdict)
    ]
    story.para(f"Recorded: {said}{'; ' + ', '.join(others) if others else ''}.", "strong", indent=style.SIDE)
    for words in recorded:
        story.prose(words, indent=style.SIDE)
    if len(tally.concerned) > MOST:
        rest = ", ".join(r.item.reference for r in tally.concerned[MOST:])
        story.prose(f"Also: {rest}.", "meta", indent=style.SIDE)
    story.need(140)  # the question and the room for its answer stay together
    story.para(text.join("", [text.bold("To ask: "), ground.ask]), indent=style.SIDE)
    story.para("Answer", "label", indent=style.SIDE)
    story.write_here(3, indent=style.SIDE)


def _recorded(prepared: Prepared, reading: Reading, tally: Tally) -> list[str]:
    """What one record says: its reference, its answer and where it is from, and, where it is long, its words apart."""
    answer = next(
        (a for a in reading.answers if a.question.path == tally.question.path and a.verdict == "concern"), None
    )
    if answer is None:
        return []
    detail = answer.detail.words if answer.detail is not None and not answer.detail.aside else ""
    source = text.coloured(f"· {source_line(reading, permission=not prepared.shareable)}", SOFT)
    short = detail if len(detail) <= LONG and "\n" not in detail else ""
    first = text.join("  ", [text.bold(reading.item.reference), dots((answer.words, short)), source])
    return [first] if short or not detail else [first, detail]


def as_letter(prepared: Prepared) -> str:
    """The points as the text of a letter."""
    found = points(prepared)
    lines = ["Dear colleague,", "", "We should be grateful for answers in writing to these points.", ""]
    for number, tally in enumerate(found, 1):
        ground = ground_of(tally.ref)
        lines += [
            f"{number}. {statement(tally.question)}.",
            f"   {ground.why}",
            f"   {number_of(tally.count('concern'), 'report', 'reports')} to us give ground for this question.",
            f"   {ground.ask}",
            "",
        ]
    return "\n".join([*lines, "Yours sincerely,", prepared.given.branch])
