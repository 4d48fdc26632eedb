"""Two pages for ministers and officials: the case, what is reported, a few accounts, what the union asks.

As much is said as two pages hold: the brief is laid out for trial, each time with less, and says how much more there is.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.reports import charts, counts, style
from desktop_app.reports.audience import AGREED, PUBLISHED, Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.concerns import statement
from desktop_app.reports.coverage import served
from desktop_app.reports.model import CAVEAT
from desktop_app.reports.page import Furniture, Layout
from desktop_app.reports.parts import behind, day, dots, figure_of, nothing, number_of
from desktop_app.reports.view import Answer, Reading, authority_names

KIND = "ministers_brief"
PAGES = 2
LINE = 110
"""Letters of a line about where a report is from."""


@dataclass(frozen=True)
class _Amount:
    """How much is said: reports told and their letters, open questions and their letters, rows of what follows."""

    accounts: int
    words: int
    sayings: int
    saying: int
    follows: int


_AMOUNTS = (
    _Amount(5, 420, 99, 150, 8),
    _Amount(5, 300, 12, 150, 6),
    _Amount(4, 240, 9, 130, 6),
    _Amount(4, 240, 7, 120, 5),
    _Amount(3, 240, 6, 120, 5),
    _Amount(3, 240, 5, 110, 4),
    _Amount(3, 180, 4, 100, 4),
    _Amount(3, 160, 3, 90, 3),
    _Amount(2, 160, 3, 90, 3),
    _Amount(1, 120, 1, 80, 3),
)


def build(prepared: Prepared, story: Story) -> str:
    """Only testimonies that may be used, known at first hand or from a document, whoever the file is for."""
    told = _Told(_behind(prepared))
    chosen = next((amount for amount in _AMOUNTS[:-1] if _fits(prepared, told, amount)), _AMOUNTS[-1])
    _write(prepared, story, told, chosen)
    return "Brief for ministers"


def used(prepared: Prepared) -> int:
    """How many records the brief rests on."""
    return len(_behind(prepared))


def _behind(prepared: Prepared) -> list[Reading]:
    return [
        r
        for r in prepared.of("evidence")
        if r.value("permission") in AGREED and r.value("strength") in ("first_hand", "document")
    ]


class _Told:
    """What the records say, gathered once for all trials."""

    def __init__(self, readings: list[Reading]) -> None:
        self.readings = readings
        self.by_weight = sorted(readings, key=_weight)
        self.authorities = {code for r in readings for code in r.item.authorities}
        self.concerned = sum(map(counts.has_concern, readings))
        self.sources = counts.sources(readings)
        self.bars = [b for b in counts.category_bars(readings) if b.value]
        tallies = sorted(counts.tallies(readings), key=lambda t: -t.count("concern"))
        self.worst = [
            [statement(t.question), str(t.count("concern")), str(_places(t))] for t in tallies if t.count("concern")
        ][:6]
        self.weeks = [week for wait in counts.waits(readings) for week in wait.weeks]
        self.follows = _what_follows(readings)
        self.sayings = _in_their_words(self.by_weight)


def _fits(prepared: Prepared, told: _Told, amount: _Amount) -> bool:
    trial = Story()
    _write(prepared, trial, told, amount)
    layout = Layout(Furniture("", "", "", "", prepared.given.made))
    layout.take(trial.flow)
    return layout.pages <= PAGES


def _write(prepared: Prepared, story: Story, told: _Told, amount: _Amount) -> None:
    readings = told.readings
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
            figure_of(len(readings), "report, first-hand or from a document", "reports, first-hand or from documents"),
            KeyFigure(str(told.concerned), "with a concern"),
            figure_of(len(told.authorities), "authority", "authorities"),
            figure_of(told.sources, "source", "different sources"),
        ]
    )
    if not readings:
        nothing(
            story,
            "No report may be used for this brief yet: it needs first-hand reports or documents that were agreed for"
            " use.",
        )
        return
    story.section("What is reported")
    story.chart(charts.bars(told.bars, what="Category", part_name="with a concern"), table=False)
    story.table(("Concern", "Reports", "Authorities"), told.worst, widths=(style.WIDTH - 140, 64, 76), numbers=(1, 2))
    story.para(f"{CAVEAT} {behind(readings)}", "small")
    if told.weeks:
        story.para(
            f"The middle of {number_of(len(told.weeks), 'wait', 'waits')} reported is"
            f" {charts.number(charts.median(told.weeks))} weeks. The law gives 6 weeks to decide on a request and 20 weeks"
            " to a final plan."
        )
    if told.follows:
        story.section("What it means for learners and staff", room=110)
        rows = told.follows[: amount.follows]
        story.table(("Reported", "Reports"), rows, widths=(style.WIDTH - 140, 64), numbers=(1,))
    story.section("Some of the reports")
    for reading in told.by_weight[: amount.accounts]:
        _account(story, reading, amount.words)
    _say(story, told.sayings, amount)
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


def _what_follows(readings: list[Reading]) -> list[list[str]]:
    """What is chosen most under the questions on learners and staff; concerns only. Rows of (what, reports)."""
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
    ordered = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [[label, str(n)] for label, n in ordered]


@dataclass
class _Saying:
    """An open question, the best account under it that may be quoted, and how many answer it."""

    place: int
    label: str
    words: str
    where: str
    answers: int = 1


def _in_their_words(by_weight: list[Reading]) -> list[_Saying]:
    """Each open question that this brief serves and somebody may be quoted on; those that most answer come first."""
    wanted = served(KIND)
    best: dict[str, _Saying] = {}
    for reading in by_weight:
        if reading.value("permission") != "quote":
            continue
        order = {question.path: number for number, question in enumerate(reading.item.form.questions)}
        for answer in reading.answers:
            told = ("evidence", answer.name) in wanted and answer.is_text and answer.name != "summary"
            if not told or answer.aside or answer.versions or not answer.words:
                continue
            path = answer.question.path
            if path in best:
                best[path].answers += 1
                continue
            where = dots((_cut(authority_names(reading.item.authorities), LINE // 2), reading.item.reference))
            best[path] = _Saying(order.get(path, len(order)), answer.label, answer.words, where)
    return sorted(best.values(), key=lambda saying: (-saying.answers, saying.place))


def _say(story: Story, sayings: list[_Saying], amount: _Amount) -> None:
    chosen = sorted(sayings[: amount.sayings], key=lambda saying: saying.place)
    if not chosen:
        return
    story.section("In the words of schools", room=120)
    story.table(
        ("Asked", "One answer of those that may be quoted", "From"),
        [[saying.label, _cut(saying.words, amount.saying), saying.where] for saying in chosen],
        widths=(150, style.WIDTH - 250, 100),
        row_heads=True,
    )
    more = len(sayings) - len(chosen)
    if more:
        others = number_of(more, "more question has", "more questions have")
        story.para(f"{others} answers that may be quoted: see the national briefing.", "small")


def _cut(words: str, limit: int) -> str:
    """The beginning of somebody's words, marked where it stops."""
    words = " ".join(words.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"


def _places(tally: counts.Tally) -> int:
    return len({code for reading in tally.concerned for code in reading.item.authorities})


def _weight(reading: Reading) -> tuple[bool, bool, str]:
    return reading.value("permission") != "quote", reading.value("strength") != "first_hand", reading.item.reference


def _account(story: Story, reading: Reading, limit: int) -> None:
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
                _cut(authority_names(reading.item.authorities), LINE // 2),
                reading.words("source_kind"),
                _cut(reading.when, LINE // 2),
                reading.item.reference,
            )
        ),
        "meta",
        indent=style.SIDE / 3,
    )
    if words:
        shown = _cut(words, limit)
        # A published source is told in the officer's words: it is no quotation.
        published = reading.value("source_kind") in PUBLISHED
        shown, name = (shown, "body") if published else (f"“{shown}”", "quote")
        story.prose(shown, name, indent=style.SIDE / 3)
    elif told:
        story.prose(f"“{_cut(told[0].words, limit)}”", "quote", indent=style.SIDE / 3)
    else:
        concerns = [statement(a.question) for a in reading.answers if a.verdict == "concern" and a.counted][:3]
        story.para(
            "Reported as a concern: " + "; ".join(concerns) if concerns else _cut(reading.item.title, LINE),
            indent=style.SIDE / 3,
        )
