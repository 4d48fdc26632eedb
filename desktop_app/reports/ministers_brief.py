"""Two pages for ministers and officials: the case, what is reported, a few accounts, what the union asks."""

from __future__ import annotations

from desktop_app.reports import charts, counts, style
from desktop_app.reports.audience import AGREED, PUBLISHED, Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.concerns import statement
from desktop_app.reports.coverage import served
from desktop_app.reports.model import CAVEAT
from desktop_app.reports.parts import day, dots, nothing, number_of
from desktop_app.reports.view import Answer, Reading, authority_names

KIND = "ministers_brief"
ACCOUNTS = 5
WORDS = 420
SAYING = 150


def build(prepared: Prepared, story: Story) -> str:
    """Only testimonies that may be used, known at first hand or from a document, whoever the file is for."""
    readings = [
        r
        for r in prepared.of("evidence")
        if r.value("permission") in AGREED and r.value("strength") in ("first_hand", "document")
    ]
    authorities = {code for r in readings for code in r.item.authorities}
    story.title(
        "Children with SEND: what schools report", f"Brief for ministers and officials, {day(prepared.given.made)}."
    )
    story.para(
        "The government’s Safety Valve and Delivering Better Value programmes, and the local SEND reform plans"
        " that follow them, were to put spending on special educational needs on a sound footing. This is what schools"
        " and staff report of them."
    )
    story.key_figures(
        [
            KeyFigure(str(len(readings)), "reports, first-hand or from documents"),
            KeyFigure(str(sum(map(counts.has_concern, readings))), "with a concern"),
            KeyFigure(str(len(authorities)), "authority" if len(authorities) == 1 else "authorities"),
            KeyFigure(str(counts.sources(readings)), "different sources"),
        ]
    )
    if not readings:
        nothing(
            story,
            "No report may be used for this brief yet: it needs first-hand reports or documents that were agreed for"
            " use.",
        )
        return "Brief for ministers"
    story.section("What is reported")
    story.chart(
        charts.bars(
            [b for b in counts.category_bars(readings) if b.value], what="Category", part_name="with a concern"
        ),
        table=False,
    )
    worst = [t for t in sorted(counts.tallies(readings), key=lambda t: -t.count("concern")) if t.count("concern")][:6]
    if worst:
        rows = [[statement(t.question), str(t.count("concern")), str(_places(t))] for t in worst]
        story.table(("Concern", "Reports", "Authorities"), rows, widths=(style.WIDTH - 140, 64, 76), numbers=(1, 2))
    story.para(CAVEAT, "small")
    weeks = [week for wait in counts.waits(readings) for week in wait.weeks]
    if weeks:
        story.para(
            f"The middle of {number_of(len(weeks), 'wait', 'waits')} reported is {charts.number(charts.median(weeks))}"
            " weeks. The law gives 6 weeks to decide on a request and 20 weeks to a final plan."
        )
    _what_follows(story, readings)
    story.section("Some of the reports")
    for reading in sorted(readings, key=_weight)[:ACCOUNTS]:
        _account(story, reading)
    _in_their_words(story, readings)
    story.section("What the union asks", room=120)
    story.bullets(
        [
            "Access to assessment and support that follows need, not a target or a cap.",
            "Plans that are made with those who teach, and that are paid for.",
            "Health and care services that give and pay for what is agreed.",
        ]
    )
    story.para(
        (
            f"Records behind this brief: {', '.join(r.item.reference for r in readings)}."
            if len(readings) <= 60
            else f"The {len(readings)} records behind this brief are listed in the national briefing."
        ),
        "small",
    )
    return "Brief for ministers"


def _what_follows(story: Story, readings: list[Reading]) -> None:
    """What is chosen most under the questions on learners and staff; concerns only."""
    found: dict[str, int] = {}
    for reading in readings:
        for name in ("c2_consequences", "c3_cause", "c3_coping"):
            answer = reading.get(name)
            if answer is None or not answer.counted or answer.versions:
                continue
            concern = str(answer.question.be.get("concern", "")).removeprefix("choice:").split("|")
            for choice in answer.question.choices:
                if choice.name in answer.value.split() and choice.name in concern:
                    found[choice.label] = found.get(choice.label, 0) + 1
    if found:
        story.section("What it means for learners and staff", room=110)
        ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
        story.table(
            ("Reported", "Reports"),
            [[label, str(n)] for label, n in ordered],
            widths=(style.WIDTH - 140, 64),
            numbers=(1,),
        )


def _in_their_words(story: Story, readings: list[Reading]) -> None:
    """Under each open question that this brief serves, the best account that may be quoted, in a line or two."""
    wanted = served(KIND)
    best: dict[str, tuple[Reading, Answer]] = {}
    for reading in sorted(readings, key=_weight):
        if reading.value("permission") != "quote":
            continue
        for answer in reading.answers:
            told = ("evidence", answer.name) in wanted and answer.is_text and answer.name != "summary"
            if told and not answer.aside and not answer.versions and answer.words:
                best.setdefault(answer.question.path, (reading, answer))
    order = [q.path for q in readings[0].item.form.questions if q.path in best]
    rows = []
    for path in order:
        reading, answer = best[path]
        where = dots((authority_names(reading.item.authorities), reading.item.reference))
        rows.append([answer.label, _cut(answer.words, SAYING), where])
    if rows:
        story.section("In the words of schools", room=120)
        story.table(
            ("Asked", "One answer of those that may be quoted", "From"),
            rows,
            widths=(150, style.WIDTH - 250, 100),
            row_heads=True,
        )


def _cut(words: str, limit: int) -> str:
    """The beginning of somebody's words, marked where it stops."""
    words = " ".join(words.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"


def _places(tally: counts.Tally) -> int:
    return len({code for reading in tally.concerned for code in reading.item.authorities})


def _weight(reading: Reading) -> tuple[bool, bool, str]:
    return reading.value("permission") != "quote", reading.value("strength") != "first_hand", reading.item.reference


def _account(story: Story, reading: Reading) -> None:
    wanted = served(KIND)
    story.need(66)
    words = reading.words("summary") if reading.value("permission") == "quote" else ""
    told: list[Answer] = [
        a
        for a in reading.answers
        if ("evidence", a.name) in wanted and a.narrative and not a.aside and a.name != "summary"
    ]
    if reading.value("permission") != "quote":
        told = []
    story.para(
        dots(
            (
                authority_names(reading.item.authorities),
                reading.words("source_kind"),
                reading.when,
                reading.item.reference,
            )
        ),
        "meta",
        indent=style.SIDE / 3,
    )
    if words:
        shown = _cut(words, WORDS)
        # A published source is told in the officer's words: it is no quotation.
        published = reading.value("source_kind") in PUBLISHED
        shown, name = (shown, "body") if published else (f"“{shown}”", "quote")
        story.prose(shown, name, indent=style.SIDE / 3)
    elif told:
        story.prose(f"“{_cut(told[0].words, WORDS)}”", "quote", indent=style.SIDE / 3)
    else:
        concerns = [statement(a.question) for a in reading.answers if a.verdict == "concern" and a.counted][:3]
        story.para(
            "Reported as a concern: " + "; ".join(concerns) if concerns else reading.item.title, indent=style.SIDE / 3
        )
