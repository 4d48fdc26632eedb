"""Reports of thousands: what is in memory does not grow with them, nothing comes back after it was written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import samples

from desktop_app.reports import page, registry
from desktop_app.reports.audience import prepare
from desktop_app.reports.blocks import Story
from desktop_app.reports.items import Items
from desktop_app.reports.view import Reading

MEASURE = """
import sys
sys.path.insert(0, {tests!r})
import samples
from desktop_app.reports import items, packed, registry
from desktop_app.reports.items import Items
from desktop_app.services import sharing

items.IN_MEMORY = packed.IN_MEMORY = 128 * 1024  # all that is long waits sealed, as it does in a report of thousands

def highest():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

def told(number):
    name = "".join(chr(97 + number // 26 ** place % 26) for place in range(3))
    words = f"The mother of Jaxon Mil{{name}}er rang about request {{number}}, which came back refused."
    permission = ("quote", "use_without_quoting", "background_only", "quote")[number % 4]
    return samples.evidence(number, permission=permission, words=words)

def made(count):
    some = Items(map(told, range(1, count + 1)))
    given = samples.given({kind!r}, some, audience={audience!r}, options={{"authority": "886"}})
    registry.drawn(sharing.leave_out_the_rest(given)).file.close()
    return highest()

print(made(300), made(700))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the highest memory of a process is read from Linux")
@pytest.mark.parametrize(
    ("kind", "audience"),
    [("authority_dossier", "union"), ("points_to_raise", "union"), ("authority_dossier", "shareable")],
)
def test_more_records_take_hardly_more_memory(kind: str, audience: str) -> None:
    """A record more costs a kilobyte or two, not the hundred it takes as objects: some 300 are open at a time.

    A shareable one is looked through for names before and for withheld words after, without being held whole.
    """
    code = MEASURE.format(tests=str(Path(__file__).parent), kind=kind, audience=audience)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    small, large = map(int, done.stdout.split())
    assert (large - small) / 400 < 15, f"{small} kB for 300 records, {large} kB for 700"


@pytest.mark.parametrize("kind", [kind for kind in registry.REPORTS if not registry.REPORTS[kind].paper])
def test_no_element_comes_back_after_it_was_written(kind: str) -> None:
    report = registry.REPORTS[kind]
    items = tuple(item for item in (*samples.ordinary(), *samples.ugly()) if item.form.id in report.forms)
    furniture = page.Furniture("Trial", "For the union only", "Trial", "Trial", samples.MADE)
    layout = page.Layout(furniture)
    story = Story(layout.take)
    report.build(prepare(samples.given(kind, items, options={"authority": "886"})), story)
    layout.take(story.flow)
    assert layout._template.canv.tree.reopened == 0


def test_records_come_out_of_their_package_as_they_went_in() -> None:
    told = (samples.full_evidence(), *samples.ugly()[:6], samples.senco_meeting(3))
    packed = Items(told)
    assert len(packed) == len(told) and packed[1] == told[1] and tuple(packed) == told
    assert packed[2:4] == told[2:4] and packed[0].form is told[0].form


def test_folded_readings_say_the_same() -> None:
    told = (samples.full_evidence(), samples.ugly()[3], samples.senco_meeting(3), samples.plan())
    earlier = samples.evidence(3)
    kept = {"about": {"colour": {"label": "Which colour?", "value": "green", "words": "Green"}}}
    earlier.answers["earlier"] = kept  # type: ignore[index]
    for item, folded in zip((*told, earlier), prepare(samples.given("record", (*told, earlier))).readings, strict=True):
        whole = Reading(item)
        assert folded.sections == whole.sections and folded.answers == whole.answers
        assert folded.get("summary") == whole.get("summary")
    assert folded.answers[-1].label == "Which colour?"
