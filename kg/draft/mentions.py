"""What the reader finds: one amount of money at one place in a text."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

Span = tuple[int, int]
# How the scale and currency came to the number: by words beside it, by a neighbour, by the head of a table,
# or by the sentence around it.
Ground = Literal["written", "shared", "table", "context"]

MOST_ANCHOR = 40


class Mention(NamedTuple):
    """One amount.

    `start`, `end`: code points, end excluded, from number or currency sign to the last word of the amount,
    the qualifier left out. `anchor`: the same with the qualifier, at most 40 characters. `value` and `step`
    (one unit of the last digit written) are in whole units of `currency`, an ISO 4217 code. `qualifier` is a
    code of the project's list, or range-low, range-high. `confidence`: how sure such a reading is.
    """

    start: int
    end: int
    text: str
    value: Decimal
    step: Decimal
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


def decimal_text(value: Decimal) -> str:
    """`value` in plain decimal digits, exact, with no zeros at the end of its decimals."""
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
