"""Amounts as people write them in four languages, exactly: never rounded, always with qualifier and bounds."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_compact_decimal, format_decimal, get_currency_symbol

_LOCALES = {"da": "da_DK", "nb": "nb_NO", "sv": "sv_SE", "en": "en_GB"}
# The longest tail of digits that a compact amount may carry before it is written in full.
_FRACTION = 3


def amount(value: Decimal, currency: str, lang: str) -> str:
    """`value` whole units of `currency` (ISO 4217), for example 523200000 NOK: 523,2 mill. kr.

    Written with a scale word only where at most three decimals say it exactly; otherwise in full.
    """
    locale = _LOCALES[lang]
    scaled = _decimals(value.scaleb(-9 if abs(value) >= 1000000000 else -6))
    if abs(value) >= 1000000 and scaled <= _FRACTION:
        number = format_compact_decimal(
            value, format_type="long" if lang == "en" else "short", locale=locale, fraction_digits=scaled
        )
    else:
        number = format_decimal(value, locale=locale, decimal_quantization=False)
    # A symbol only for the reader's own currency: "kr" alone would hide whose kroner they are.
    symbol = get_currency_symbol(currency, locale)
    own = symbol if symbol.lower().startswith("kr") else currency
    written = f"{currency} {number}" if lang == "en" else f"{number} {own}"
    # No line ends inside an amount.
    return written.replace(" ", "\u00a0")


def interval(
    lower: Decimal | None, upper: Decimal | None, lower_open: bool, upper_open: bool, currency: str, lang: str
) -> str:
    """Bounds in mathematical notation: `[a; b)`, or one comparison where an end is unbounded."""
    low = amount(lower, currency, lang) if lower is not None else None
    high = amount(upper, currency, lang) if upper is not None else None
    if low is None and high is None:
        return "unbounded"
    if low is None:
        return f"{'<' if upper_open else '≤'} {high}"
    if high is None:
        return f"{'>' if lower_open else '≥'} {low}"
    return f"{'(' if lower_open else '['}{low}; {high}{')' if upper_open else ']'}"


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
