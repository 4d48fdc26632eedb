"""A report of 200 records, tagged, against the same report with nothing of the tagging done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from ground import answers, new_profile
from measure import Row, milliseconds, paired

from desktop_app.services import recording, reporting
from desktop_app.storage.projection import Filters

ITEMS = 200


def pdf_row(folder: Path) -> Row:
    profile = new_profile(folder / "pdf")
    for number in range(ITEMS):
        given = answers(number)
        given["about"]["authorities"] = "886"
        recording.add_record(profile, "evidence", given, (), "ready")
    asked = reporting.prepare(profile, "authority_dossier", (), Filters(authority="886"), "union")
    _lay_out(asked, tagged=True)
    row = paired(
        f"{ITEMS} records as a tagged PDF",
        lambda: milliseconds(lambda: _lay_out(asked, tagged=True)),
        "the same pages, untagged platypus",
        lambda: milliseconds(lambda: _lay_out(asked, tagged=False)),
        at_most=1.15,
        rounds=5,
    )
    profile.close()
    return row


GROWTH = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
import samples
from desktop_app.reports import registry
from desktop_app.reports.items import Items
from desktop_app.services import sharing

def told(number):
    name = "".join(chr(97 + number // 26 ** place % 26) for place in range(3))
    words = f"The mother of Jaxon Mil{name}er rang about request {number}, which came back refused."
    permission = ("quote", "use_without_quoting", "background_only", "quote")[number % 4]
    return samples.evidence(number, permission=permission, words=words)

def made(count, audience):
    items = Items(map(told if audience == "shareable" else samples.evidence, range(1, count + 1)))
    given = samples.given("authority_dossier", items, audience=audience, options={"authority": "886"})
    with registry.drawn(sharing.leave_out_the_rest(given)):
        pass

made(20, sys.argv[3])
began = time.process_time()
made(int(sys.argv[2]), sys.argv[3])
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def growth_row(many: int, audience: str = "union") -> Row:
    """The dossier of a tenth and of all: processor time for each record, and the highest memory of the process.

    A shareable one has a child's name in each of its records, which is found, left out and sought in the finished file.
    """
    small, large = (_grown(count, audience) for count in (many // 10, many))
    each = [seconds * 1000 / count for (seconds, _), count in ((small, many // 10), (large, many))]
    ratio = each[1] / each[0]
    note = f"highest memory {small[1]} MB for {many // 10:,}, {large[1]} MB for {many:,}"
    return Row(f"a record in a {audience} dossier of {many:,}", f"the same, of {many // 10:,}", each[1], each[0], ratio, "1.3 x",
               ratio <= 1.3, note)  # fmt: skip


def _grown(count: int, audience: str) -> tuple[float, int]:
    tests = Path(__file__).resolve().parents[1] / "reports"
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, str(tests), str(count), audience], capture_output=True, text=True, check=True
    )
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory) // 1024  # kB on Linux


def _lay_out(asked: Any, *, tagged: bool) -> None:
    from desktop_app.reports import page, registry
    from desktop_app.reports.audience import prepare
    from desktop_app.reports.blocks import Story

    layout = page.Layout(page.Furniture("Trial", "For the union only", "Trial", "Trial", asked.made))
    if not tagged:
        layout._template.canv.__class__ = _untagged()
    story = Story(layout.take)
    registry.report(asked.kind).build(prepare(asked), story)
    layout.take(story.flow)
    layout.close("Trial")


def _untagged() -> Any:
    """Our canvas with every step that only tagging needs left out."""
    from reportlab.pdfgen.canvas import Canvas

    from desktop_app.reports import page

    def nothing(*_: Any, **__: Any) -> str:
        return ""

    steps = dict.fromkeys(("begin", "end", "artifact", "place", "open_mark", "linkURL"), nothing)
    return type("Untagged", (page._Canvas,), {**steps, "_setAnnotations": Canvas._setAnnotations})
