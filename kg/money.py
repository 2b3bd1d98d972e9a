"""Amounts as people write them in four languages, exactly: never rounded, always with qualifier and bounds."""

from __future__ import annotations

import sys
from decimal import Decimal
from functools import lru_cache

# Babel's locales load its dates, and these pytz where it is installed, which opens its 600 files to name the local
# zone: half of what the first amount costs. No amount needs a zone, and Babel does without pytz.
if "pytz" not in sys.modules:
    sys.modules["pytz"] = None  # type: ignore[assignment]  # Python's way to say that a module is not there
    try:
        import babel.dates  # noqa: F401 - loaded now, while pytz is not to be seen
    finally:
        del sys.modules["pytz"]

from babel.numbers import format_compact_decimal, format_decimal, get_currency_symbol

_LOCALES = {"da": "da_DK", "nb": "nb_NO", "sv": "sv_SE", "en": "en_GB"}
# The longest tail of digits that a compact amount may carry before it is written in full.
_FRACTION = 3
# The same amounts stand in many rows, and writing one takes tens of microseconds.
_KEPT = 4096


def amount(value: Decimal, currency: str, lang: str) -> str:
    """`value` whole units of `currency` (ISO 4217), for example 523200000 NOK: 523,2 mill. kr.

    Written with a scale word only where at most three decimals say it exactly; otherwise in full.
    """
    # No line ends inside an amount.
    return _in_currency(_number(value, lang), currency, lang).replace(" ", "\u00a0")


@lru_cache(_KEPT)
def _number(value: Decimal, lang: str) -> str:
    locale = _LOCALES[lang]
    scaled = _decimals(value.scaleb(-9 if abs(value) >= 1000000000 else -6))
    if abs(value) >= 1000000 and scaled <= _FRACTION:
        return format_compact_decimal(
            value, format_type="long" if lang == "en" else "short", locale=locale, fraction_digits=scaled
        )
    return format_decimal(value, locale=locale, decimal_quantization=False)


@lru_cache(_KEPT)
def _symbol(currency: str, lang: str) -> str:
    return str(get_currency_symbol(currency, _LOCALES[lang]))


def _in_currency(number: str, currency: str, lang: str) -> str:
    # A symbol only for the reader's own currency: "kr" alone would hide whose kroner they are.
    symbol = _symbol(currency, lang)
    own = symbol if symbol.lower().startswith("kr") else currency
    return f"{currency} {number}" if lang == "en" else f"{number} {own}"


def interval(
    lower: Decimal | None, upper: Decimal | None, lower_open: bool, upper_open: bool, currency: str, lang: str
) -> str:
    """Bounds in mathematical notation: `[a; b)`, or one comparison where an end is unbounded."""
    if lower is None and upper is None:
        return "unbounded"
    if lower is None or upper is None:
        sign = ("<" if upper_open else "≤") if lower is None else (">" if lower_open else "≥")
        bound = upper if lower is None else lower
        assert bound is not None
        return f"{sign}\u00a0{amount(bound, currency, lang)}"
    ends = (
        f"{'(' if lower_open else '['}{_number(lower, lang)}; {_number(upper, lang)}{')' if upper_open else ']'}"
    )
    # A line may end between the two ends, not inside them.
    return _in_currency(ends, currency, lang).replace(" ", "\u00a0").replace(";\u00a0", "; ")


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
