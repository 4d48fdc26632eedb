"""One record with every answer: what was said, what was only typed, what was put aside, both of two versions."""

from __future__ import annotations

from desktop_app.records.state import file_place, file_undecided
from desktop_app.reports import style
from desktop_app.reports.answers import print_section
from desktop_app.reports.audience import Prepared
from desktop_app.reports.blocks import Story
from desktop_app.reports.parts import likely_unlawful, nothing_yet
from desktop_app.reports.testimony import source_line
from desktop_app.reports.view import CONFIDENTIAL, MARK, Reading, authority_names

_LIKELY_UNLAWFUL = ("2.1", "2.1.")


def build(prepared: Prepared, story: Story) -> str:
    """Each record on its own page."""
    if not prepared.readings:
        story.title("Record")
        nothing_yet(prepared, story, "Nothing", "Choose a record and make this report from it.")
        return "Record"
    for number, reading in enumerate(prepared.readings):
        if number:
            story.new_page()
        _record(prepared, story, reading)
    return prepared.readings[0].item.title if len(prepared.readings) == 1 else "Records"


def _record(prepared: Prepared, story: Story, reading: Reading) -> None:
    item = reading.item
    story.title(item.title, source_line(reading) or item.form.title)
    notes = [
        ("Record", f"{item.reference} · {item.form.title}"),
        ("Standing", item.standing if not prepared.shareable else ""),
        ("Branch", item.branch),
        ("Authority", authority_names(item.authorities)),
        ("When", "" if reading.when in source_line(reading) else reading.when),
        ("Ready although something is open", "" if prepared.shareable else item.ready_reason),
        ("Looked at and let stand", "" if prepared.shareable else ", ".join(item.kept_words)),
        ("Kept in the branch", "Yes: it does not travel" if item.branch_only else ""),
    ]
    story.facts(notes)
    if any(not two.leaf for two in item.two_versions):
        story.note(
            f"{MARK} One side took this record back and another changed it. Nobody has chosen yet: it is printed."
        )
    if any(two.leaf and file_place(two.leaf) is None for two in item.two_versions):
        story.note(f"{MARK} marks an answer of which there are two versions. Both are printed; nobody has chosen yet.")
    for section in reading.sections:
        story.section(section.label)
        if section.name == CONFIDENTIAL:
            story.note("Confidential: this part is in no shareable report and in no count.")
        print_section(story, section, skip=("attachments", *_said_above(reading)))
        if any(
            a.ref.startswith(_LIKELY_UNLAWFUL) and a.verdict == "concern" and a.counted and not a.versions
            for a in section.answers()
        ):
            story.note(likely_unlawful(prepared))
    for note in reading.notes:
        story.para(note, "meta")
    _unplaced(story, reading)
    if item.blobs and not prepared.shareable:
        story.section("Attachments")
        shown = {
            "no": "shows nobody",
            "yes": "shows a person: stays on this laptop",
            "not_sure": "not sure whether it shows a person: stays on this laptop",
        }
        apart = [blob for blob in item.blobs if file_undecided(blob, item.two_versions)]
        if apart:
            story.note(f"{MARK} marks a file of which there are two versions. Nobody has chosen yet: all of them are kept.")
        story.bullets(
            [
                f"{blob.name} · {_size(blob.len)} · {shown.get(blob.shows_person, '')}" + (f" {MARK}" if blob in apart else "")
                for blob in item.blobs
            ]
        )


def _said_above(reading: Reading) -> list[str]:
    """Questions whose answers stand in the heading and the facts under it: the title, the authority."""
    said = []
    for name, words in (("title", reading.item.title), *((name, "") for name in ("authorities", "authority"))):
        answer = reading.get(name)
        if answer is not None and answer.counted and not answer.versions and (not words or answer.words == words):
            said.append(name)
    return said


def _unplaced(story: Story, reading: Reading) -> None:
    """What was typed into a question that this form does not show, so that nothing typed is lost."""
    seen = {a.leaf for a in reading.answers} | {a.detail.leaf for a in reading.answers if a.detail}
    rest = [(leaf, words) for leaf, words in reading.item.typed.items() if leaf not in seen]
    if rest and not reading.notes:
        story.section("Typed, not understood")
        for leaf, words in rest:
            story.para(leaf.rpartition("/")[2].replace("_", " "), "label", indent=style.SIDE)
            story.prose(words, "answer", indent=style.SIDE)


def _size(length: int) -> str:
    return f"{length / 1_000_000:.1f} MB" if length >= 1_000_000 else f"{max(1, length // 1000)} kB"
