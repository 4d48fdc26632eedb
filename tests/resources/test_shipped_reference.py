"""Authorities, tiles, fonts, icons and help: what is shipped is whole and agrees with itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from desktop_app.paths import resource

Table = Callable[..., list[dict[str, str]]]

REGIONS = {
    "north_east": 12, "north_west": 24, "yorkshire_and_the_humber": 15, "east_midlands": 10, "west_midlands": 14,
    "east_of_england": 11, "london": 33, "south_east": 19, "south_west": 15,
}  # fmt: skip
HELP_PAGES = {
    "index", "home", "record", "jot", "senco-meeting", "plans", "forum", "meetings", "actions", "reports", "send",
    "receive", "settings", "keys-and-spare-key", "lost-laptop", "privacy", "data-protection", "forms-for-the-office",
    "coverage", "accessibility", "command-line", "lists", "overview", "pack-format",
}  # fmt: skip
TECHNICAL = {"data-protection", "forms-for-the-office", "command-line", "pack-format"}
# product.md, "Words in the window": the left column.
NOT_OUR_WORDS = re.compile(
    r"\b(packs?|profiles?|escrow|recovery code|quarantine\w*|revoke\w*|conflicts?|resolve\w*|withdraw\w*|revisions?"
    r"|shred\w*|salvage\w*|hash\w*|Argon\w*|BagIt|XForms?)\b",
    re.I,
)


def test_all_authorities_of_england_once_each(authorities: list[dict[str, str]]) -> None:
    assert len(authorities) == 153
    for column in ("code", "ons", "name", "short_name", "label"):
        assert max(Counter(row[column] for row in authorities).values()) == 1, column
    assert Counter(row["region"] for row in authorities) == REGIONS
    assert all(re.fullmatch(r"\d{3}", row["code"]) for row in authorities)
    assert all(re.fullmatch(r"E(06|08|09|10)\d{6}", row["ons"]) for row in authorities)


def test_each_programme_says_its_round_its_source_and_its_doubt(authorities: list[dict[str, str]]) -> None:
    rounds = Counter(row["round"] for row in authorities if row["programme"])
    assert rounds == {
        "SV 2020-21": 5, "SV 2021-22": 9, "SV 2022-23": 20, "SV 2023-24": 4,
        "DBV tranche 1": 19, "DBV tranche 2": 22, "DBV tranche 3": 11,
    }  # fmt: skip
    for row in authorities:
        assert row["source"] and row["as_at"], row["name"]
        assert row["confirmed"] in ("yes", "no"), row["name"]
        assert row["programme"] or row["confirmed"] == "no", row["name"]
    unsure = {row["short_name"] for row in authorities if row["programme"] and row["confirmed"] == "no"}
    assert {"Birmingham", "Buckinghamshire", "Lewisham", "Sunderland", "Thurrock", "Tower Hamlets"} <= unsure


@pytest.mark.parametrize(
    ("typed", "code"),
    [("hull", "810"), ("BCP", "839"), ("st helens", "342"), ("Cumbria", "942"), ("B&NES", "800"), ("E08000016", "370")],
)
def test_other_names_and_older_codes_find_their_authority(
    authorities: list[dict[str, str]], typed: str, code: str
) -> None:
    found = {
        row["code"]
        for row in authorities
        if typed.casefold() in f"{row['label']}; {row['short_name']}; {row['aliases']}".casefold()
    }
    assert code in found


def test_the_list_in_the_forms_is_the_list_of_authorities(authorities: list[dict[str, str]], table: Table) -> None:
    listed = table("forms", "local_authorities.csv")
    assert [row["name"] for row in listed] == [row["code"] for row in authorities]
    for ours, theirs in zip(authorities, listed, strict=True):
        for column in ("label", "short_name", "aliases", "region", "programme"):
            assert ours[column] == theirs[column]


def test_every_authority_has_a_tile_of_its_own(authorities: list[dict[str, str]], table: Table) -> None:
    tiles = table("reference", "authority_tiles.csv")
    assert {row["code"] for row in tiles} == {row["code"] for row in authorities}
    assert len({(row["column"], row["row"]) for row in tiles}) == len(tiles) == 153
    assert len({row["label"] for row in tiles}) == 153


def test_sources_are_acknowledged() -> None:
    text = " ".join(resource("reference", "README.md").read_text(encoding="utf-8").split())
    assert "licensed under the Open Government Licence v3.0" in text
    assert "Office for National Statistics" in text


@pytest.mark.parametrize(
    ("file", "letters", "licence"),
    [
        ("SourceSans3-Regular.ttf", "£€–—“”‘’…ŵŷïÿœ½→✓☐ÀÉ", "OFL-SourceSans3.txt"),
        ("SourceSans3-Bold.ttf", "£€–—“”‘’…ŵŷïÿœ½→✓☐ÀÉ", "OFL-SourceSans3.txt"),
        ("SourceSans3-Italic.ttf", "£€–—“”‘’…ŵŷïÿœ½ÀÉ", "OFL-SourceSans3.txt"),
        ("NotoNaskhArabic-Regular.ttf", "السلامپچگ", "OFL-NotoNaskhArabic.txt"),
        ("NotoSansGurmukhi-Regular.ttf", "ਪੰਜਾਬੀ", "OFL-NotoSansGurmukhi.txt"),
    ],
)
def test_each_font_is_static_truetype_with_the_letters_and_its_licence(file: str, letters: str, licence: str) -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(resource("fonts", file))
    assert "glyf" in font and "fvar" not in font
    assert font["OS/2"].fsType == 0
    assert not [letter for letter in letters if ord(letter) not in font.getBestCmap()]
    assert "sil open font license version 1.1" in resource("fonts", licence).read_text(encoding="utf-8").casefold()


def test_icons_are_single_coloured_lines_that_the_window_can_recolour() -> None:
    from lxml import etree

    icons = sorted(resource("icons").glob("*.svg"))
    assert {
        "home", "evidence", "senco", "meeting", "plan", "forum", "action", "report", "send", "receive",
        "settings", "help", "lock", "jot", "search", "attach", "warning", "check", "records", "overview", "app",
    } <= {icon.stem for icon in icons}  # fmt: skip
    for icon in icons:
        root = etree.fromstring(icon.read_bytes())
        # The program's own picture, and those a style sheet shows as they are.
        if icon.stem == "app" or icon.stem.endswith(("-light", "-dark")):
            continue
        assert root.get("viewBox") == "0 0 24 24", icon.name
        assert root.get("stroke") == "currentColor", icon.name
        used = {node.get(name) for node in root.iter() for name in ("stroke", "fill")} - {None}
        assert used <= {"currentColor", "none"}, icon.name


def help_pages() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in resource("help").glob("*.md")}


def test_every_help_page_is_there_and_every_link_leads_to_one() -> None:
    pages = help_pages()
    assert set(pages) >= HELP_PAGES
    for name, text in pages.items():
        assert text.startswith("# "), name
        for image, words, target in re.findall(r"(!?)\[([^\]]*)\]\(([^)]+)\)", text):
            if image:
                assert words, (name, target)  # a picture nobody sees is still told
                assert resource("help", target).is_file(), (name, target)
            else:
                assert target.removesuffix(".md") in pages, (name, target)


def test_every_help_page_is_reached_from_the_first() -> None:
    pages = help_pages()
    seen, waiting = {"index"}, ["index"]
    while waiting:
        for target in re.findall(r"\]\(([^)]+)\.md\)", pages[waiting.pop()]):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    assert seen >= HELP_PAGES


def test_help_speaks_the_words_of_the_window() -> None:
    for name, text in help_pages().items():
        if name not in TECHNICAL:
            plain = re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)
            assert not NOT_OUR_WORDS.findall(plain), name


def test_help_tells_every_key_of_the_window() -> None:
    from ui.shortcuts import KEYS

    text = resource("help", "accessibility.md").read_text(encoding="utf-8")
    assert not [key.keys for key in KEYS if key.keys not in text]


def test_help_tells_every_report() -> None:
    from desktop_app.reports.registry import REPORTS

    text = resource("help", "reports.md").read_text(encoding="utf-8")
    own_door = ("spare_key_sheet", "laptop_sheet")
    assert not [r.title for kind, r in REPORTS.items() if kind not in own_door and f"| {r.title} |" not in text]
