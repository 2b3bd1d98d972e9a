"""Amounts in words: exact, in the reader's language, never without their currency."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.money import amount, interval


@pytest.mark.parametrize(
    ("lang", "value", "currency", "written"),
    [
        ("nb", "523200000", "NOK", "523,2 mill. kr"),
        ("da", "190000000", "DKK", "190 mio. kr."),
        ("da", "190000000", "NOK", "190 mio. NOK"),
        ("sv", "1500000000", "SEK", "1,5 md kr"),
        ("en", "6650000", "DKK", "DKK 6.65 million"),
        ("nb", "1234567", "NOK", "1 234 567 kr"),  # three decimals of a million would round it
    ],
)
def test_as_people_write_it(lang: str, value: str, currency: str, written: str) -> None:
    assert amount(Decimal(value), currency, lang).replace("\u00a0", " ") == written


@given(st.integers(-(10**15), 10**15), st.integers(0, 2), st.sampled_from(["da", "nb", "sv", "en"]))
def test_no_digit_is_lost(units: int, places: int, lang: str) -> None:
    value = Decimal(units).scaleb(-places)
    found = amount(value, "NOK", lang)
    digits = "".join(re.findall(r"\d", found)).strip("0")
    assert digits == "".join(re.findall(r"\d", format(value, "f"))).strip("0")


def test_open_and_unbounded_ends() -> None:
    def of(lower: int | None, upper: int | None, lower_open: bool = False, upper_open: bool = False) -> str:
        ends = [None if end is None else Decimal(end) for end in (lower, upper)]
        return interval(ends[0], ends[1], lower_open, upper_open, "NOK", "en").replace("\u00a0", " ")

    assert of(120, 130, upper_open=True) == "NOK [120; 130)"
    assert of(120, None, lower_open=True) == "> NOK 120"
    assert of(None, 130) == "≤ NOK 130"
    assert of(None, None) == "unbounded"
