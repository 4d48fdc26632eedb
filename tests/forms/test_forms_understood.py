"""What people type, understood."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.forms.answers import month_of, partial_date, said_money, understood


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("£1.2m", "1200000", "£1,200,000"),
        ("£1,200,000", "1200000", "£1,200,000"),
        ("1.2 million", "1200000", "£1,200,000"),
        ("£12k", "12000", "£12,000"),
        ("3.4bn", "3400000000", "£3,400,000,000"),
        ("£45.50", "45.5", "£45.50"),
        ("-£20", "-20", "-£20"),
        ("about £5m", None, ""),
        ("£1.2.3", None, ""),
        ("5 apples", None, ""),
        ("1,2,3", None, ""),
    ],
)
def test_money(text: str, value: str | None, said: str) -> None:
    result = understood("decimal", text, money=True)
    assert (result.value, result.said) == (value, said)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("27 3 2025", "2025-03-27"),
        ("27 March 2025", "2025-03-27"),
        ("27/03/25", "2025-03-27"),
        ("27th of mar 2025", "2025-03-27"),
        ("March 27, 2025", "2025-03-27"),
        ("2025-03-27", "2025-03-27"),
        ("1 sept 1999", "1999-09-01"),
        ("today", "2026-11-22"),
        ("yesterday", "2026-11-21"),
        ("March 2024", None),
        ("2024", None),
        ("31 2 2025", None),
        ("some time ago", None),
        ("3/27/2025", None),
    ],
)
def test_dates(text: str, value: str | None) -> None:
    assert understood("date", text, today=date(2026, 11, 22)).value == value


def test_part_of_a_date_is_said_back_but_is_no_value() -> None:
    assert understood("date", "march 2024").said == "March 2024"
    assert partial_date("jan") == "January"
    assert month_of("jan") == 1
    assert month_of("13") is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "1,200", "1200"),
        ("integer", "3.5", None),
        ("integer", "2k", "2000"),
        ("integer", "£5", None),
        ("decimal", "3.50", "3.5"),
        ("time", "2.30pm", "14:30:00.000"),
        ("time", "9:05", "09:05:00.000"),
        ("time", "25:00", None),
        ("datetime", "27 3 2025 14:30", "2025-03-27T14:30:00.000"),
        ("text", "  as typed ", "  as typed "),
        ("date", "   ", ""),
    ],
)
def test_other_kinds(kind: str, text: str, value: str | None) -> None:
    assert understood(kind, text).value == value


@given(st.sampled_from(["integer", "decimal", "date", "time", "datetime", "range"]), st.text(max_size=40))
def test_any_text_is_understood_or_not(kind: str, text: str) -> None:
    result = understood(kind, text, money=kind == "decimal")
    assert result.value is None or isinstance(result.value, str)


@given(st.integers(-(10**12), 10**12))
def test_money_said_is_money_understood(pounds: int) -> None:
    assert understood("decimal", said_money(str(pounds)), money=True).value == str(pounds)


@pytest.mark.parametrize("text", ["²", "² 3 2025", "٣ 3 2025", "2025-²-01"])
def test_digits_of_other_scripts_never_crash(text: str) -> None:
    for kind in ("integer", "date", "time"):
        result = understood(kind, text)
        assert result.value is None or result.value
