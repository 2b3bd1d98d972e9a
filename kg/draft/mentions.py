"""What the reader finds: one amount of money at one place in a text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Span = tuple[int, int]
# How the scale and currency came to the number: by words beside it, by a neighbour, by the head of a table,
# or by the sentence around it.
Ground = Literal["written", "shared", "table", "context"]

MOST_ANCHOR = 40


@dataclass(frozen=True, slots=True)
class Mention:
    """One amount.

    `start`, `end`: code points, end excluded, from number or currency sign to the last word of the amount,
    the qualifier left out. `anchor`: the same with the qualifier, at most 40 characters. `value` and `step` (one
    unit of the last digit written) are in whole units of `currency`, an ISO 4217 code. `qualifier` is a code of the
    project's list, or range-low, range-high. `confidence` is how often such a reading has been right.
    """

    start: int
    end: int
    text: str
    value: Fraction
    step: Fraction
    currency: str
    currency_stated: bool
    qualifier: str
    qualifier_text: str
    anchor: Span
    ground: Ground
    change: Literal["", "from", "to"] = ""
    confidence: float = 0.95

    def amount(self) -> str:
        """The value as plain digits, with a decimal point only where it is not whole."""
        return decimal_text(self.value)


def decimal_text(value: Fraction) -> str:
    """`value` in decimal digits, exact where it has an end and to six places where it has none."""
    if value.denominator == 1:
        return str(value.numerator)
    for places in range(1, 19):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            return ("-" if value < 0 else "") + digits[:-places] + "." + digits[-places:]
    return str(round(value, 6).numerator / round(value, 6).denominator)
