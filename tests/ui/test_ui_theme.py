"""Contrast, in both palettes, of every pair of colours the style sheet puts together."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from ui.theme import DARK, LIGHT, Colours, Theme

TEXT_PAIRS = [
    ("text", "ground"), ("text", "side"), ("text", "card"), ("text", "field"), ("text", "hover"), ("text", "tint"),
    ("muted", "ground"), ("muted", "side"), ("muted", "card"), ("muted", "plain_tint"), ("muted", "hover"),
    ("muted", "tint"), ("accent", "ground"), ("accent", "side"), ("accent", "card"), ("accent", "tint"),
    ("accent", "hover"), ("on_accent", "accent"), ("on_accent", "accent_hover"), ("warn", "warn_tint"),
    ("warn", "side"), ("bad", "bad_tint"), ("bad", "ground"), ("bad", "card"), ("good", "good_tint"), ("good", "card"),
    ("ground", "text"),
]  # fmt: skip
SHAPE_PAIRS = [("field_line", "ground"), ("field_line", "card"), ("focus", "ground"), ("focus", "side"), ("accent", "ground")]


def luminance(colour: str) -> float:
    def part(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    c = QColor(colour)
    return 0.2126 * part(c.redF()) + 0.7152 * part(c.greenF()) + 0.0722 * part(c.blueF())


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_words_are_readable(colours: Colours, ink: str, ground: str) -> None:
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_borders_and_focus_are_seen(colours: Colours, shape: str, ground: str) -> None:
    assert contrast(getattr(colours, shape), getattr(colours, ground)) >= 3


def test_a_choice_of_look_and_size_takes_effect(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    assert not theme.is_dark
    assert qapp.font().pointSizeF() >= 11
    theme.choose("dark", 1.5)
    assert theme.is_dark
    assert qapp.palette().window().color().name() == DARK.ground
    assert qapp.font().pointSizeF() > 16
    theme.choose("light", 1.0)


def test_nothing_is_smaller_than_eleven_points() -> None:
    import re

    from ui.theme import BASE_POINT_SIZE, style_sheet

    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)pt", style_sheet(LIGHT, BASE_POINT_SIZE))]
    assert sizes
    assert min(sizes) >= 11
