"""The tagged writer: one element for one thing, however pages break; furniture outside; description inside."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import samples

from desktop_app.errors import ReportError
from desktop_app.reports import page, readback, registry, style, text
from desktop_app.reports.blocks import KeyFigure, Story


def furniture(**more: Any) -> page.Furniture:
    settings: dict[str, Any] = {
        "report": "Trial",
        "audience": "For the union only",
        "title": "A trial & more",
        "footer": "Made 22 November 2026 on this computer",
        "made": samples.MADE,
    }
    return page.Furniture(**{**settings, **more})


def finished(story: Story, **more: Any) -> bytes:
    return page.finish(page.lay_out(story.flow, furniture(**more)))[0]


_OPEN: list[pikepdf.Pdf] = []
"""Structure elements live as long as their file is open."""


def elements(data: bytes) -> Iterator[tuple[pikepdf.Dictionary, int]]:
    """Every structure element in reading order, with its depth."""
    pdf = pikepdf.open(io.BytesIO(data))
    _OPEN.append(pdf)
    waiting = [(pdf.Root.StructTreeRoot.K, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend((kid, depth) for kid in reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node, depth
            waiting.append((node.get("/K", pikepdf.Array()), depth + 1))


def roles(data: bytes) -> list[str]:
    return [str(node.S)[1:] for node, _ in elements(data)]


def contents(node: pikepdf.Dictionary) -> list[pikepdf.Object]:
    return [kid for kid in node.K if not (isinstance(kid, pikepdf.Dictionary) and "/S" in kid)]


def test_a_paragraph_over_two_pages_is_one_element() -> None:
    story = Story()
    story.title("T")
    for _ in range(12):
        story.para("A sentence that fills a line and goes on to the next line of the page. " * 12)
    data = finished(story)
    paragraphs = [node for node, _ in elements(data) if node.S == "/P"]
    assert readback.page_count(data) > 1
    assert len(paragraphs) == 12
    assert max(len(contents(node)) for node in paragraphs) == 2


def test_a_table_over_pages_is_one_element_with_one_header() -> None:
    story = Story()
    story.title("T")
    story.table(("Name", "Number"), [[f"row {n}", str(n)] for n in range(400)], numbers=(1,), row_heads=True)
    data = finished(story)
    found = roles(data)
    assert found.count("Table") == 1
    assert found.count("TR") == 401
    heads = [node for node, _ in elements(data) if node.S == "/TH"]
    scopes = [str(node.A.Scope) for node in heads]
    assert scopes.count("/Column") == 2 and scopes.count("/Row") == 400
    read = readback.text_of(data)
    assert read.count("Number") == readback.page_count(data), "at the head of every page, and nowhere else"
    assert all(f"row {n} " in read for n in range(400))


def test_a_cell_of_any_length_goes_on_and_nothing_is_lost() -> None:
    story = Story()
    story.title("T")
    words = " ".join(f"word{n}" for n in range(2500))
    story.table(("Name", "Words"), [["one", words]])
    read = readback.plain(readback.text_of(finished(story)))
    assert all(f"word{n}" in read for n in range(2500))


def test_a_narrow_cell_and_one_of_many_lines_go_on_over_the_page() -> None:
    """What no page could hold in one row: long words in a narrow column, and many short lines."""
    story = Story()
    story.title("T")
    narrow = " ".join(f"narrow{n}" for n in range(150))
    lines = "\n".join(f"line{n}" for n in range(300))
    story.table(("Name", "Page", "Words"), [[lines, narrow, "end"]], widths=(200.0, 44.0, 80.0))
    read = readback.plain(readback.text_of(finished(story)))
    assert all(f"line{n}" in read for n in range(300)) and all(f"narrow{n}" in read for n in range(150))


RIGHT = "قالت المعلمة إن الأطفال ينتظرون أكثر من ثلاثين أسبوعا قبل أن يراهم أحد. "


@pytest.mark.parametrize("words", [RIGHT * 90, "سطر\n" * 400, "line\n" * 400, "Words. " * 1200, "a\n\nb\n\n" * 90])
def test_words_of_any_length_stand_wherever_they_are_put(words: str) -> None:
    """As a paragraph at any height of a page, as markup in a cell, in a list: no report is lost to what somebody typed."""
    for lines in range(0, 34, 3):
        story = Story()
        story.title("T")
        for _ in range(lines):
            story.para("A line.")
        story.para(words, "answer", indent=style.SIDE)
        story.facts([("Told", text.join("", [text.bold("Two: "), words]))])
        story.bullets([words])
        story.para("The end.")
        assert "The end." in readback.text_of(finished(story))


def test_only_the_end_of_a_row_is_ruled() -> None:
    """A cell that goes on in the next row is one cell to the eye: no line between its parts."""
    from desktop_app.reports.tables import Columns, Rows

    style.fonts()

    def ruled(words: str) -> list[int]:
        rows = Rows(Columns(("Name", "Words"), (100.0, 300.0)), [["one", words], ["two", "short"]])
        rows.wrap(400, 10_000)
        made = rows._take(len(rows._ready))
        return [command[2][1] for command in made._linecmds if command[0] == "LINEBELOW"]

    assert sorted(set(ruled("short"))) == [0, 1, 2]
    assert sorted(set(ruled("Words go on. " * 120))) == [0, 3, 4], "its words take three rows"


def test_links_stand_in_the_line_and_have_their_own_element() -> None:
    story = Story()
    story.title("T")
    story.prose("Before https://example.org/a?b=c&d=e, and https://example.com/. " * 40)
    data = finished(story)
    links = [node for node, _ in elements(data) if node.S == "/Link"]
    assert len(links) == 80
    pdf = pikepdf.open(io.BytesIO(data))
    targets = {str(a.A.URI) for p in pdf.pages for a in p.get("/Annots", [])}
    assert targets == {"https://example.org/a?b=c&d=e", "https://example.com/"}
    for node in links:
        kinds = ["/Obj" in kid for kid in contents(node) if isinstance(kid, pikepdf.Dictionary)]
        assert True in kinds
    assert "Before https://example.org/a?b=c&d=e, and" in readback.text_of(data).replace("\r\n", " ")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "mailto:a b@c", "http://[", "ftp://x.org"]
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert text.link("here", address).links == () or address == "http://["


def test_description_language_and_bookmarks() -> None:
    story = Story()
    story.title("Ysgol Gŵyl", "Lede")
    story.section("First part")
    story.heading("A heading")
    data = finished(story, title="Kent & more")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == "Kent & more"
        metadata = pdf.open_metadata()
        assert metadata["pdfuaid:part"] == "1" and metadata["dc:title"] == "Kent & more"
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root] == ["Ysgol Gŵyl"]
            assert [entry.title for entry in outline.root[0].children] == ["First part"]
        assert all(p.Tabs == "/S" for p in pdf.pages)
    assert roles(data)[:5] == ["Document", "H1", "P", "H2", "H3"]


def test_furniture_is_on_every_page_and_outside_the_structure() -> None:
    story = Story()
    story.title("T")
    story.prose("Words. " * 3000)
    data = finished(story, practice=True)
    pages = readback.page_count(data)
    read = readback.text_of(data)
    for number in range(1, pages + 1):
        assert f"Page {number} of {pages}" in read
    assert read.count("PRACTICE · For the union only") == pages
    assert set(roles(data)) == {"Document", "H1", "P"}


def test_the_same_report_is_the_same_bytes() -> None:
    def made() -> bytes:
        story = Story()
        story.title("T")
        story.key_figures([KeyFigure("31", "reports"), KeyFigure("fewer than 5", "capped")])
        story.bullets(["one", "two"])
        return finished(story)

    assert made() == made()


def test_a_list_has_labels_and_bodies() -> None:
    story = Story()
    story.title("T")
    story.numbered(["one", "two " * 900, "three"])
    found = roles(finished(story))
    assert found.count("L") == 1 and found.count("LI") == 3 == found.count("Lbl") == found.count("LBody")


def test_a_locked_file_opens_only_with_its_password() -> None:
    story = Story()
    story.title("Locked")
    data, _ = page.finish(page.lay_out(story.flow, furniture()), "ŵ four plain words")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(data))
    with pikepdf.open(io.BytesIO(data), password="ŵ four plain words") as pdf:
        assert pdf.encryption.R == 6
        assert pdf.allow.accessibility
    assert "Locked" in readback.text_of(data, "ŵ four plain words")


def test_long_reports_take_time_in_proportion() -> None:
    """Linear: ten times the words, not much more than ten times the drawing operations and bytes."""
    import time

    def took(count: int) -> float:
        story = Story()
        story.title("T")
        for number in range(count):
            story.heading(f"Item {number}", side=[f"LEE-{number:04d}"], indent=style.SIDE)
            story.prose("Words that go on for a while. " * 20, indent=style.SIDE)
            story.table(("A", "B"), [["a", "b"]])
        began = time.process_time()
        finished(story)
        return time.process_time() - began

    took(20)
    small = min(took(60) for _ in range(3))
    large = took(600)
    assert large < 10 * small * 2.2


def test_a_copy_for_the_archive_holds_what_it_prints_as_data_and_no_more() -> None:
    import json

    item = samples.evidence(2, words="Words that may be quoted in the archive.")
    closed = samples.evidence(3, permission="not_agreed_yet", words="The zanzibar quartz lamplighter came in spring.")
    options = {"authority": "886", "archive": True}
    given = samples.given("authority_dossier", (item, closed), audience="shareable", options=options)
    data, _, _ = registry.render_bytes(given)
    assert data == registry.render_bytes(given)[0], "the same bytes each time"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        (name,) = pdf.attachments
        attached = json.loads(pdf.attachments[name].get_file().read_bytes())
        assert str(pdf.attachments[name].obj["/AFRelationship"]) == "/Data"
    assert [record["reference"] for record in attached["records"]] == [item.reference]
    assert "Words that may be quoted" in json.dumps(attached) and "zanzibar" not in readback.hidden_text_of(data)


def test_a_copy_for_the_archive_has_no_password(tmp_path: Path) -> None:
    given = samples.given("record", (samples.evidence(2),), options={"archive": True})
    with pytest.raises(ReportError, match="PDF/A"):
        registry.render(given, tmp_path / "out.pdf", "a password")
    assert not list(tmp_path.iterdir())
