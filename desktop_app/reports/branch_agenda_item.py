"""An item for the next branch or committee meeting: school funding and SEND, with the papers to hand out."""

from __future__ import annotations

from desktop_app.reports import counts
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import KeyFigure, Story
from desktop_app.reports.concerns import statement
from desktop_app.reports.parts import asked_of_branches, caveat, figure_of, number_of
from desktop_app.reports.view import authority_names


def build(prepared: Prepared, story: Story) -> str:
    """The option ``papers`` lists the titles of the papers on the shelf that go with the item."""
    readings = prepared.of("evidence")
    areas = tuple(dict.fromkeys(code for r in readings for code in r.item.authorities))
    story.title("School funding and SEND", f"Item for the agenda of {prepared.given.branch or 'the branch'}.")
    story.section("What it is about")
    where = authority_names(areas) if 0 < len(areas) < 5 else "our authority"
    story.para(
        "The Department for Education’s Safety Valve and Delivering Better Value programmes, and the local SEND"
        f" reform plans that follow them, change what schools in {where} can give to children with special educational"
        " needs, and what is asked of the people who teach them."
    )
    if readings:
        story.key_figures(
            [
                figure_of(len(readings), "report the branch has collected", "reports the branch has collected"),
                KeyFigure(str(sum(map(counts.has_concern, readings))), "with a concern"),
                figure_of(counts.sources(readings), "source", "different sources"),
            ]
        )
        worst = sorted(counts.tallies(readings), key=lambda t: -t.count("concern"))[:5]
        worst = [tally for tally in worst if tally.count("concern")]
        if worst:
            story.para("Most often reported as a concern:", "strong")
            story.bullets(
                [f"{statement(t.question)} ({number_of(t.count('concern'), 'report', 'reports')})" for t in worst]
            )
        caveat(story, prepared, readings)
    story.section("To discuss")
    story.bullets(
        [
            "SEN provision in mainstream schools and in special schools: what has changed?",
            "The pressures on schools and on wider services.",
            "What stops children getting the right support, and what stops staff giving it?",
            "What does the authority’s plan say, and who was asked?",
        ]
    )
    story.section("To decide")
    story.bullets(
        [
            "Hold a meeting for SENCOs: who invites, and when?",
            "Which questions go to the Schools Forum and to the joint committee, and who puts them?",
            "Who e-mails the union what this discussion brings up?",
        ]
    )
    asked_of_branches(prepared, story, "branch_agenda_item")
    story.section("Papers to hand out", room=120)
    papers = [str(paper) for paper in prepared.given.options.get("papers", ())]
    if papers:
        story.bullets(papers)
    else:
        story.para(
            "The union’s briefings on these programmes, as the national office sends them: one for each member present."
            " Note in the minutes how many were handed out."
        )
    story.section("Notes", room=120)
    story.write_here(10)
    return "School funding and SEND"
